"""A house whose organisations' keys are in a PKCS#11 token: everything that is signed is signed there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from credentials.keys import ED25519, P256
from issuer.ports import ORGANISATIONS, RegisteredOrganisation
from laurel.demo.moodle import completion_body
from laurel.demo.scenario import ORGANISATION, PUPILS
from schemas.values import JsonObject, instant_text
from tests.component.house.house import PATIENCE, House, running
from tests.servers.softhsm import SoftToken

OURS = ORGANISATION["id"]
KEYS = f"/api/v1/organisations/{OURS}/keys"
REASON = {"reason": "Issued to the wrong person."}


@pytest.fixture
async def house(tmp_path: Path, token: SoftToken, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    for name, value in token.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LAUREL_ISSUER_PROOFS", "eddsa-rdfc-2022,ecdsa-rdfc-2019")
    async with running(tmp_path / "var") as house:
        yield house


def a_completion(number: int) -> bytes:
    return completion_body(PUPILS[0], f"course_completions:{number}", datetime.now(UTC) - timedelta(minutes=1))


async def stored(house: House) -> RegisteredOrganisation:
    documents = house.chassis.documents("issuer")
    await documents.open()
    registered = await documents.collection(ORGANISATIONS).get(OURS)
    await documents.close()
    assert registered is not None
    return registered


async def verdict(house: House, credential: JsonObject) -> tuple[str, set[str]]:
    """The decision, and the codes of what is not well."""
    report = await house.ask("POST", "/api/v1/verifications", {"credential": credential})
    return report["decision"], {check["code"] for check in report["checks"] if check["outcome"] == "fail"}


async def test_it_issues_rotates_revokes_and_attests_with_keys_that_are_nowhere_else(
    house: House, token: SoftToken
) -> None:
    platform = await house.found_university()
    first = await house.outcome_of(platform, a_completion(1))
    badge = await house.ask("GET", f"/api/v1/credentials/{first['award']}")
    assert [proof["cryptosuite"] for proof in badge["proof"]] == ["eddsa-rdfc-2022", "ecdsa-rdfc-2019"]
    assert await verdict(house, badge) == ("accept", set())

    rotated = await house.ask("POST", KEYS)
    assert rotated["verification_method"].endswith("#key-3")
    second = await house.outcome_of(platform, a_completion(2))
    newer = await house.ask("GET", f"/api/v1/credentials/{second['award']}")
    assert newer["proof"][0]["verificationMethod"] == rotated["verification_method"]
    assert newer["proof"][1]["verificationMethod"].endswith("#key-2")
    for each in (badge, newer):
        assert await verdict(house, each) == ("accept", set())
    document = (await house.http.get(f"/organisations/{OURS}/did.json")).json()
    assert len(document["verificationMethod"]) == 3

    await house.ask("POST", f"/api/v1/credentials/{first['award']}/revocation", REASON)
    async with asyncio.timeout(PATIENCE):
        while await verdict(house, badge) != ("reject", {"revoked"}):  # as soon as the event is there
            pass

    since = {"since": instant_text(datetime.now(UTC)), "reason": "The token was opened."}
    marked = await house.ask("POST", f"{KEYS}/key-3/compromise", since)
    assert marked["replaced_by"].endswith("#key-4")
    assert await verdict(house, newer) == ("accept", set()), "the log, signed by a new key of the token, shows it older"

    keys = (await stored(house)).keys
    assert [(key.fragment, key.kind) for key in keys] == [
        ("key-1", ED25519),
        ("key-2", P256),
        ("key-3", ED25519),
        ("key-4", ED25519),
    ]
    assert all(key.wrapped is None and key.place and key.place.token == token.label for key in keys)
    assert {key["token"] for key in (await house.ask("GET", KEYS))["items"]} == {token.label}


async def test_while_the_token_is_away_completions_wait_and_the_house_says_why(house: House, token: SoftToken) -> None:
    platform, body = await house.found_university(), a_completion(1)
    with token.away():
        answer = await platform.deliver(body, datetime.now(UTC))
        assert answer.status_code == 202
        health = await house.http.get("/readyz")
        assert health.status_code == 503
        assert token.label in health.json()["checks"]["issuer.keys"]
        rotation = await house.http.post(KEYS, headers={"authorization": "Bearer admin"})
        assert (rotation.status_code, rotation.json()["type"]) == (503, "urn:laurel:problem:token-away")
        statement = await house.http.get(f"/organisations/{OURS}/issuance-log")
        assert statement.status_code == 503
        await asyncio.sleep(0.5)
        waiting = await platform.outcome(answer.json()["completion"], datetime.now(UTC))
        assert waiting["state"] == "in-flight"
    outcome = await house.outcome_of(platform, body)
    assert outcome["state"] == "issued"
    assert (await house.http.get("/readyz")).status_code == 200


async def test_a_house_that_is_given_a_token_signs_with_it_and_what_it_signed_before_holds(
    tmp_path: Path, token: SoftToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path / "var") as house:
        platform = await house.found_university()
        port = house.chassis.settings.port
        first = await house.outcome_of(platform, a_completion(1))
        before = await house.ask("GET", f"/api/v1/credentials/{first['award']}")
    for name, value in token.environment.items():
        monkeypatch.setenv(name, value)
    async with running(tmp_path / "var", port=port) as house:
        second = await house.outcome_of(replace(platform, http=house.http), a_completion(2))
        after = await house.ask("GET", f"/api/v1/credentials/{second['award']}")
        assert after["proof"][0]["verificationMethod"].endswith("#key-2")
        for each in (before, after):
            assert await verdict(house, each) == ("accept", set())
        assert [key["token"] for key in (await house.ask("GET", KEYS))["items"]] == [None, token.label]
