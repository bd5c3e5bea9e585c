"""Accepted means accounted for: whatever process is killed at whatever instant."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.e2e.campus import bodies, deliver, every_item, found_university
from tests.e2e.houses import House, answer, wait_for

COMPLETIONS = 500
SEEDS = range(10)
FAILPOINTS = {
    "bridge.before-write": 90,
    "bridge.after-write": 90,
    "bridge.after-publish": 1,
    "issuer.before-write": 90,
    "issuer.after-write": 90,
    "issuer.after-publish": 1,
}
"""Where a house dies, and at the latest at which passage: a wave of completions passes each point that often."""
KILLS = 3


@pytest.mark.parametrize("seed", SEEDS)
def test_every_accepted_completion_ends_as_one_outcome_however_often_the_house_is_killed(
    seed: int, event_log: dict[str, str], tmp_path: Path
) -> None:
    chance = random.Random(seed)
    storm = [f"{point}:{chance.randint(1, FAILPOINTS[point])}" for point in chance.sample(sorted(FAILPOINTS), KILLS)]
    house = House(
        tmp_path, environment={**event_log, "LAUREL_BRIDGE_REPUBLISH_AFTER": "PT1S", "LAUREL_BRIDGE_SWEEP": "PT1S"}
    )
    try:
        house.start()
        house.wait_until_ready()
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        assert house.stop() == 0

        to_come = list(bodies(COMPLETIONS).items())
        wave = -(-COMPLETIONS // (KILLS + 1))
        waiting: dict[str, bytes] = {}
        accepted: dict[str, str] = {}
        for failpoint in [*storm, None]:
            waiting |= dict(to_come[:wave])
            del to_come[:wave]
            house.start(**({"LAUREL_FAILPOINT": failpoint} if failpoint else {}))
            house.wait_until_ready(may_die=failpoint is not None)
            accepted |= asyncio.run(deliver(house.url, secret, waiting))
            waiting = {episode: body for episode, body in waiting.items() if episode not in accepted}
            if failpoint:
                wait_for(lambda: house.died, f"{failpoint} to end the house")
        assert len(set(accepted.values())) == COMPLETIONS
        check_the_account(house, set(accepted.values()))
    finally:
        house.kill()


def check_the_account(house: House, accepted: set[str]) -> None:
    """Each completion has one outcome, each credential a place of its own, and nothing is left over."""
    with house.client() as admin:
        wait_for(lambda: not answer(admin.get("/api/v1/account"))["in_flight"], "the last completion in flight")
        account = answer(admin.get("/api/v1/account"))
        assert account["unaccounted"] == []
        assert account["accepted"] == len(accepted)
        assert account["refused"] == COMPLETIONS // 10
        assert account["issued"] == COMPLETIONS - COMPLETIONS // 10

        outcomes = every_item(admin, "/api/v1/account/outcomes")
        assert {outcome["completion"] for outcome in outcomes} == accepted
        assert len(outcomes) == len({outcome["award"] for outcome in outcomes}) == COMPLETIONS
        places = [(place["list"], place["index"]) for outcome in outcomes if (place := outcome.get("status"))]
        assert len(set(places)) == len(places) == account["issued"]
