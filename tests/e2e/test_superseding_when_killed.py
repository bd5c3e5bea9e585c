"""A house that is killed between the revocation and the credential that takes its place finishes when it is back."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from laurel.demo.moodle import Pupil, completion_body
from tests.e2e.campus import OFFERING, deliver, every_item, found_university
from tests.e2e.houses import House, answer, wait_for

ANA = Pupil("7", "Ana", "Andromeda", "en", OFFERING, "80.00", passed=True)


def episode(name: str) -> dict[str, bytes]:
    """Ana passes now: an offering is judged as it was published by then."""
    return {name: completion_body(ANA, name, datetime.now(UTC))}


def outcomes(house: House) -> dict[str, Any]:
    """What the issuer decided, by completion, once nothing is in flight."""
    with house.client() as admin:
        wait_for(lambda: not answer(admin.get("/api/v1/account"))["in_flight"], "the last completion in flight")
        assert answer(admin.get("/api/v1/account"))["unaccounted"] == []
        return {entry["completion"]: entry for entry in every_item(admin, "/api/v1/account/outcomes")}


def let_a_further_completion_supersede(house: House) -> None:
    draft = json.loads(files("laurel.demo").joinpath("offerings", f"{OFFERING}.json").read_bytes())
    with house.client() as admin:
        answer(admin.put(f"/api/v1/offerings/{OFFERING}/draft", json={**draft, "reaward": "supersede"}))
        answer(admin.post(f"/api/v1/offerings/{OFFERING}/publication"))


def standing(house: House, completion: str) -> dict[str, Any]:
    with house.client() as admin:
        said: dict[str, Any] = answer(admin.get(f"/moodle/completions/{completion}"))["credential"]
        return said


def test_the_old_credential_is_revoked_once_and_the_new_one_follows(tmp_path: Path) -> None:
    house = House(tmp_path, environment={"LAUREL_BRIDGE_REPUBLISH_AFTER": "PT1S", "LAUREL_BRIDGE_SWEEP": "PT1S"})
    try:
        house.start()
        house.wait_until_ready()
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        let_a_further_completion_supersede(house)
        (first,) = asyncio.run(deliver(house.url, secret, episode("first"))).values()
        assert outcomes(house)[first]["state"] == "issued"
        assert house.stop() == 0

        house.start(LAUREL_FAILPOINT="issuer.after-supersede")
        house.wait_until_ready()
        (second,) = asyncio.run(deliver(house.url, secret, episode("second"))).values()
        wait_for(lambda: house.died, "the failpoint to end the house")

        house.start()
        house.wait_until_ready()
        decided = outcomes(house)
        assert [decided[each]["state"] for each in (first, second)] == ["issued", "issued"]
        wait_for(lambda: standing(house, first)["state"] == "revoked", "the revocation to be told")
        assert standing(house, first)["reason"] == f"superseded by {decided[second]['award']}"
        assert standing(house, second)["state"] == "active"
    finally:
        house.kill()
