"""A house that is asked to stop ends well, in the middle of whatever it does, and takes up where it left."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.e2e.campus import bodies, deliver, found_university
from tests.e2e.houses import House, answer, wait_for

COMPLETIONS = 300


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
async def test_stopped_while_completions_pour_in_it_ends_well_and_accounts_for_each_it_accepted(
    sent: signal.Signals, tmp_path: Path
) -> None:
    house = House(tmp_path)
    try:
        house.start()
        house.wait_until_ready()
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        everything = bodies(COMPLETIONS)
        pouring = asyncio.create_task(deliver(house.url, secret, everything))
        with house.client() as admin:

            def some_are_issued() -> bool:
                return bool(answer(admin.get("/api/v1/account/outcomes"))["items"])

            await asyncio.to_thread(wait_for, some_are_issued, "the first credential")
        assert house.process is not None
        house.process.send_signal(sent)
        accepted = await pouring
        assert await asyncio.to_thread(house.process.wait, 60) == 0
        said = house.log.read_text()
        assert "stopped" in said
        assert not [line for line in said.splitlines() if "failed" in line or "Traceback" in line]

        house.start()
        house.wait_until_ready()
        accepted |= await deliver(house.url, secret, everything)
        assert len(set(accepted.values())) == COMPLETIONS
        with house.client() as admin:

            def all_are_decided() -> bool:
                account = answer(admin.get("/api/v1/account"))
                return account["accepted"] == COMPLETIONS == account["issued"] + account["refused"]

            await asyncio.to_thread(wait_for, all_are_decided, "the account to add up")
    finally:
        house.kill()
