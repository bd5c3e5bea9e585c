"""The main job with every service's documents in MongoDB, the house killed on the way."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.e2e.campus import bodies, deliver, every_item, found_university
from tests.e2e.houses import PATIENCE, House, answer

COMPLETIONS = 20


def test_every_completion_becomes_one_outcome_though_the_house_is_killed(empty_mongo: str, tmp_path: Path) -> None:
    house = House(
        tmp_path,
        environment={
            "LAUREL_MONGO": empty_mongo,
            "LAUREL_BRIDGE_REPUBLISH_AFTER": "PT1S",
            "LAUREL_BRIDGE_SWEEP": "PT1S",
        },
    )
    to_come = bodies(COMPLETIONS)
    try:
        house.start()
        house.wait_until_ready()
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        accepted = asyncio.run(deliver(house.url, secret, to_come))
        house.kill()

        house.start()
        house.wait_until_ready()
        again = asyncio.run(deliver(house.url, secret, to_come))
        assert again == {episode: again[episode] for episode in to_come}
        assert accepted.items() <= again.items(), "the same episodes are the same completions"

        with house.client() as admin:
            deadline = time.monotonic() + PATIENCE
            while (account := answer(admin.get("/api/v1/account")))["in_flight"]:
                assert time.monotonic() < deadline, account
                time.sleep(0.1)
            assert (account["accepted"], account["issued"], account["refused"], account["parked"]) == (
                COMPLETIONS,
                COMPLETIONS - COMPLETIONS // 10,
                COMPLETIONS // 10,
                0,
            )
            assert account["unaccounted"] == account["issued_twice"] == []
            assert len(every_item(admin, "/api/v1/account/outcomes")) == COMPLETIONS

            outcome = answer(admin.get(f"/moodle/completions/{again['episode-1']}"))
            credential = answer(admin.get(f"{outcome['claim']}/credential"))
            verdict = answer(admin.post("/api/v1/verifications", json={"credential": credential}))
            assert verdict["decision"] == "accept"
        assert [file.name for file in tmp_path.iterdir() if ".sqlite" in file.name] == []
        assert house.stop() == 0
    finally:
        house.kill()
