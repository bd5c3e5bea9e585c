"""A key is stolen from a house that goes on: what was issued before holds, what the thief makes does not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from typer.testing import CliRunner

from credentials.keys import ED25519
from credentials.proofs import EDDSA_RDFC_2022
from issuer.adapters.keyring import MasterKeyring
from issuer.domain.sealing import Signer
from issuer.ports import ORGANISATIONS
from laurel.cli import main
from laurel.demo.moodle import completion_body
from laurel.demo.scenario import ORGANISATION, PUPILS
from schemas.values import JsonObject, instant_text
from tests.component.house.house import ADMIN, House

OURS = ORGANISATION["id"]


async def stolen_from(house: House) -> Signer:
    """The key, as somebody has it who was in the house for a moment."""
    documents = house.chassis.documents("issuer")
    await documents.open()
    registered = await documents.collection(ORGANISATIONS).get(OURS)
    await documents.close()
    assert registered is not None
    return MasterKeyring(house.chassis.master).signing(registered, ED25519)


async def verdict(house: House, credential: JsonObject) -> tuple[str, str]:
    report: dict[str, Any] = await house.ask("POST", "/api/v1/verifications", {"credential": credential})
    (signature,) = [check for check in report["checks"] if check["id"] == "signature"]
    return report["decision"], signature["code"]


async def test_what_was_issued_before_holds_and_what_the_thief_backdates_does_not(house: House) -> None:
    platform = await house.found_university()
    finished = datetime.now(UTC) - timedelta(minutes=1)
    issued = await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:1", finished))
    genuine: JsonObject = await house.ask("GET", f"/api/v1/credentials/{issued['award']}")
    stolen = await stolen_from(house)
    since = datetime.now(UTC)

    marked = await house.ask(
        "POST",
        f"/api/v1/organisations/{OURS}/keys/{stolen.method.rpartition('#')[2]}/compromise",
        {"since": instant_text(since), "reason": "A laptop was stolen."},
    )
    assert marked["replaced_by"] != stolen.method

    assert await verdict(house, genuine) == ("accept", "signature-valid")

    unsigned = {**genuine, "name": "A doctorate"}
    del unsigned["proof"]
    forged = EDDSA_RDFC_2022.secure(
        unsigned, stolen.key, verification_method=stolen.method, created=finished - timedelta(days=30)
    )
    assert await verdict(house, forged) == ("reject", "key-compromised")
    protocol = await house.http.post("/credentials/verify", json={"verifiableCredential": forged, "options": {}})
    assert protocol.status_code == 400
    assert [problem["type"] for problem in protocol.json()["problemDetails"]] == [
        "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
    ]

    after = await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:2", finished))
    later: JsonObject = await house.ask("GET", f"/api/v1/credentials/{after['award']}")
    assert later["proof"][0]["verificationMethod"] == marked["replaced_by"]
    assert await verdict(house, later) == ("accept", "signature-valid")


async def test_the_log_is_open_to_all_and_names_nobody(house: House) -> None:
    platform = await house.found_university()
    finished = datetime.now(UTC) - timedelta(minutes=1)
    issued = await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:1", finished))
    head = await house.http.get(f"/organisations/{OURS}/issuance-log")
    page = await house.http.get(f"/organisations/{OURS}/issuance-log/1")
    assert head.status_code == page.status_code == 200
    assert page.json()["number"] == 1
    assert len(page.json()["entries"]) == 1
    for said in (head.text, page.text):
        assert issued["award"] not in said
        assert PUPILS[0].family_name not in said
    assert (await house.http.get(f"/organisations/{OURS}/issuance-log/2")).status_code == 404
    assert (await house.http.get(f"/organisations/{OURS}/issuance-log/proofs/short")).status_code == 400
    assert (await house.http.get("/organisations/nobody/issuance-log")).status_code == 404


async def test_keys_are_reported_by_administrators_with_a_moment_that_has_passed(house: House) -> None:
    await house.found_university()
    report = {"since": instant_text(datetime.now(UTC) + timedelta(hours=1)), "reason": "A leak."}
    path = f"/api/v1/organisations/{OURS}/keys"
    assert (await house.http.post(f"{path}/key-1/compromise", json=report)).status_code == 401
    answer = await house.http.post(f"{path}/key-1/compromise", json=report, headers=ADMIN)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:laurel:problem:malformed"
    report["since"] = instant_text(datetime.now(UTC))
    assert (await house.http.post(f"{path}/key-9/compromise", json=report, headers=ADMIN)).status_code == 404
    assert (await house.http.post(f"{path}/key-1/compromise", json=report, headers=ADMIN)).status_code == 200
    assert (await house.http.post(f"{path}/key-1/compromise", json=report, headers=ADMIN)).status_code == 409
    states = {
        key["verification_method"].rpartition("#")[2]: key["state"] for key in (await house.ask("GET", path))["items"]
    }
    assert states == {"key-1": "compromised", "key-2": "signing"}


async def test_the_command_lists_rotates_and_reports_keys(house: House) -> None:
    await house.found_university()
    environment = {"LAUREL_URL": str(house.http.base_url), "LAUREL_TOKEN": "admin", "COLUMNS": "200"}

    async def laurel(*arguments: str) -> tuple[int, str]:
        done = await asyncio.to_thread(CliRunner().invoke, main, ["keys", *arguments], env=environment)
        return done.exit_code, done.output

    code, said = await laurel("rotate", OURS)
    assert (code, "#key-2" in said) == (0, True)
    now = instant_text(datetime.now(UTC))
    code, said = await laurel("compromised", f"{OURS}#key-1", "--since", now, "--reason", "A leak.")
    assert (code, said.startswith(f"Marked since {now}"), "Signs with" in said) == (0, True, False)
    code, said = await laurel(
        "compromised", f"did:web:x:organisations:{OURS}#key-2", "--since", now, "--reason", "A leak."
    )
    assert (code, "#key-3" in said) == (0, True)
    code, said = await laurel("list", OURS)
    assert code == 0
    assert [word for word in said.split() if word in {"signing", "kept", "compromised"}][-3:] == [
        "compromised",
        "compromised",
        "signing",
    ]
    assert "0 days" in said
    for wrong in (
        ("compromised", "key-1", "--since", now, "--reason", "A leak."),
        ("compromised", f"{OURS}#key-3", "--since", "yesterday", "--reason", "A leak."),
        ("compromised", f"{OURS}#key-3", "--since", "2026-01-01T10:00:00", "--reason", "A leak."),
        ("compromised", f"{OURS}#key-9", "--since", now, "--reason", "A leak."),
        ("list", "nobody"),
    ):
        assert (await laurel(*wrong))[0] != 0, wrong
