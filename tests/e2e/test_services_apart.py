"""One process per service, as in production: they share Kafka and their stores, and nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from laurel.house import APPS
from tests.e2e.campus import bodies, deliver, found_university
from tests.e2e.houses import House, answer, free_port, running, wait_for

COMPLETIONS = 10
REFUSED = 1
KEPT = {"LAUREL_VERIFIER_STATUS_TTL": "3600", "LAUREL_VERIFIER_DID_TTL": "3600"}
"""What was fetched is kept for an hour: a revocation that is seen sooner was heard of."""


def apart(var: Path, **environment: str) -> dict[str, House]:
    """A house per service, each with an origin of its own that the others know."""
    houses = {name: House(var, (name,), port=port) for name, port in zip(APPS, _free_ports(len(APPS)), strict=True)}
    origins = {f"LAUREL_{name.upper()}_URL": house.url for name, house in houses.items()}
    for house in houses.values():
        house.environment = environment | origins
    return houses


def _free_ports(count: int) -> set[int]:
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return ports


@pytest.fixture(params=["sqlite", "mongo"])
def stores(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where documents are kept: files in one folder, or MongoDB."""
    return {"LAUREL_MONGO": request.getfixturevalue("empty_mongo")} if request.param == "mongo" else {}


def test_five_processes_do_the_main_job_together(stores: dict[str, str], empty_kafka: str, tmp_path: Path) -> None:
    houses = apart(tmp_path, LAUREL_KAFKA=empty_kafka, **stores, **KEPT)
    bridge, issuer, verifier, catalogue, monitor = (
        houses[name] for name in ("bridge", "issuer", "verifier", "catalogue", "monitor")
    )
    with running(*houses.values()), monitor.client("operator") as operator, verifier.client() as employer:
        secret = found_university(issuer=issuer, catalogue=catalogue, bridge=bridge)
        accepted = asyncio.run(deliver(bridge.url, secret, bodies(COMPLETIONS)))
        assert len(accepted) == COMPLETIONS

        with bridge.client() as platform:

            def outcome(episode: str) -> dict[str, Any]:
                return answer(platform.get(f"/moodle/completions/{accepted[episode]}"))

            wait_for(lambda: all(outcome(each)["state"] != "in-flight" for each in accepted), "every outcome")
            assert outcome("episode-0")["state"] == "refused"
            issued = outcome("episode-1")
        assert issued["claim"].startswith(f"{issuer.url}/claims/")
        with issuer.client() as learner:
            del learner.headers["authorization"]
            credential = answer(learner.get(f"{issued['claim']}/credential"))

        def decision() -> str:
            said: str = answer(employer.post("/api/v1/verifications", json={"credential": credential}))["decision"]
            return said

        wait_for(lambda: bool(answer(employer.get("/api/v1/trust"))["items"]), "the verifier to hear of the university")
        assert decision() == "accept"
        with issuer.client() as provider:
            reason = {"reason": "Graded by mistake."}
            answer(provider.post(f"/api/v1/credentials/{issued['award']}/revocation", json=reason))
        wait_for(lambda: decision() == "reject", "the verifier to hear of the revocation")

        account = answer(operator.get("/api/v1/account"))
        assert (account["accepted"], account["issued"], account["refused"], account["parked"]) == (
            COMPLETIONS,
            COMPLETIONS - REFUSED,
            REFUSED,
            0,
        )
        assert account["in_flight"] == account["unaccounted"] == account["issued_twice"] == []
        assert [house.stop() for house in houses.values()] == [0] * len(houses)
    files = [file.name for file in tmp_path.glob("*.sqlite")]
    assert bool(files) != bool(stores), "documents are where the settings say, and nowhere else"
