"""Accepted means accounted for: whatever process is killed at whatever instant."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest

from tests.e2e.campus import bodies, deliver, every_item, found_university
from tests.e2e.houses import PATIENCE, House, answer

COMPLETIONS = 500
SEEDS = range(10)
FAILPOINTS = (
    "bridge.before-write",
    "bridge.after-write",
    "bridge.after-publish",
    "issuer.before-write",
    "issuer.after-write",
    "issuer.after-publish",
)


@pytest.fixture(params=["embedded", "kafka"])
def event_log(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where events go: the broker that dies with its house, or one that outlives it."""
    if request.param == "embedded":
        return {}
    return {"LAUREL_KAFKA": request.getfixturevalue("kafka_bootstrap")}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_accepted_completion_ends_as_one_outcome_however_often_the_house_is_killed(
    seed: int, event_log: dict[str, str], tmp_path: Path, fresh_topics: str
) -> None:
    chance = random.Random(seed)
    storm = [f"{point}:{chance.randint(1, 3)}" for point in chance.sample(FAILPOINTS, 3)]
    house = House(
        tmp_path,
        environment={**event_log, "LAUREL_TOPIC_PREFIX": fresh_topics, "LAUREL_BRIDGE_REPUBLISH_AFTER": "1"},
    )
    try:
        house.start()
        house.wait_until_ready()
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        assert house.stop() == 0

        waiting = bodies(COMPLETIONS)
        accepted: dict[str, str] = {}
        for failpoint in storm:
            house.start(LAUREL_FAILPOINT=failpoint)
            house.wait_until_ready()
            accepted |= asyncio.run(deliver(house.url, secret, waiting))
            waiting = {episode: body for episode, body in waiting.items() if episode not in accepted}
            _wait_for(lambda: house.died, f"{failpoint} to end the house")

        house.start()
        house.wait_until_ready()
        accepted |= asyncio.run(deliver(house.url, secret, waiting))
        assert len(accepted) == COMPLETIONS
        _check_the_account(house, set(accepted.values()))
    finally:
        house.kill()


def _wait_for(condition: object, what: str) -> None:
    assert callable(condition)
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s for {what}"
        time.sleep(0.05)


def _check_the_account(house: House, accepted: set[str]) -> None:
    with house.client() as admin:
        _wait_for(lambda: not answer(admin.get("/api/v1/account"))["in_flight"], "the last completion in flight")
        account = answer(admin.get("/api/v1/account"))
        assert account["unaccounted"] == []
        assert account["accepted"] == account["issued"] + account["refused"] == COMPLETIONS
        assert account["refused"] == COMPLETIONS // 10

        outcomes = every_item(admin, "/api/v1/account/outcomes")
        assert {outcome["completion"] for outcome in outcomes} == accepted
        assert len(outcomes) == COMPLETIONS
        places = [(outcome["status"]["list"], outcome["status"]["index"]) for outcome in outcomes if outcome["status"]]
        assert len(set(places)) == len(places) == account["issued"]
