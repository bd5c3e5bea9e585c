"""One or ten thousand: lists of credentials over HTTP, a row of the answer for each."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from credentials.dids import did_key
from credentials.formats import FORMATS
from credentials.jose import Jws, sign_bytes
from credentials.json_text import write_json
from credentials.proofs import SD_JWT, VC_JWT_EDDSA
from schemas.values import JsonObject
from tests.builders import a_status_entry, an_award, an_organisation
from tests.component.verifier.test_the_verifier_over_http import House, house
from tests.component.verifier.world import INDEX, ISSUED, Issuer, a_badge
from verifier.domain.report import Report
from verifier.entrypoints import bulk
from verifier.handlers import VerifyCredential

__all__ = ["house"]
NDJSON = {"content-type": "application/x-ndjson"}


async def rows(house: House, content: str | bytes, **headers: str) -> list[dict[str, Any]]:
    answer = await house.client.post("/api/v1/verifications", content=content, headers=NDJSON | headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_each_line_has_its_own_decision_at_its_own_place(house: House) -> None:
    badge = house.badge()
    forged = json.loads(json.dumps(badge))
    forged["credentialSubject"]["achievement"]["name"] = "Something else"
    token = house.issuer.sign(a_badge(house.issuer, credentialStatus=None), VC_JWT_EDDSA)
    lines = [json.dumps(badge), "", "no JSON", token, json.dumps({"credential": forged}), json.dumps(token), "7"]
    answered = await rows(house, "\r\n".join(lines))
    assert [(row["row"], row["decision"]) for row in answered] == [
        (1, "review"), (3, "reject"), (4, "review"), (5, "reject"), (6, "review"), (7, "reject"),
    ]  # fmt: skip
    assert answered[0]["credential"]["title"] == badge["credentialSubject"]["achievement"]["name"]
    assert [check["id"] for check in answered[0]["checks"]][:3] == ["read", "format", "signature"]


async def test_a_json_array_is_answered_in_lines_too(house: House) -> None:
    house.serve_list(INDEX)
    content = [house.badge(), house.badge(credentialStatus=None), {"credential": house.badge()}, None]
    answer = await house.client.post("/api/v1/verifications", json=content)
    answered = [json.loads(line) for line in answer.text.splitlines()]
    assert [row["decision"] for row in answered] == ["reject", "review", "reject", "reject"]
    assert [row["row"] for row in answered] == [1, 2, 3, 4]


async def test_a_spreadsheet_gets_a_table_without_formulas(house: House) -> None:
    badge = a_badge(house.issuer, credentialStatus=None)
    badge["credentialSubject"]["achievement"]["name"] = '=HYPERLINK("https://evil.example")'
    content = json.dumps(house.issuer.sign(badge))
    answer = await house.client.post(
        "/api/v1/verifications", content=f"{content}\nnothing", headers=NDJSON | {"accept": "text/csv"}
    )
    assert answer.headers["content-type"].startswith("text/csv")
    first, second = csv.DictReader(io.StringIO(answer.text))
    assert (first["row"], first["decision"], first["codes"]) == ("1", "review", "issuer-unknown")
    assert first["title"] == '\'=HYPERLINK("https://evil.example")'
    assert (second["row"], second["decision"], second["title"]) == ("2", "reject", "")


async def test_nothing_is_fetched_by_address(house: House) -> None:
    answered = await rows(house, json.dumps({"url": f"{house.web.origin}/ana.json"}))
    assert answered[0]["decision"] == "reject"
    assert house.web.asked == []


@pytest.mark.parametrize("content", ["", "\n \n"])
async def test_no_credential_at_all_is_said(house: House, content: str) -> None:
    answer = await house.client.post("/api/v1/verifications", content=content, headers=NDJSON)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:laurel:problem:nothing-to-verify")
    assert (await house.client.post("/api/v1/verifications", json=[])).status_code == 400


async def test_more_rows_than_are_taken_are_refused_before_any_is_verified(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_ROWS", 3)
    for sent in ({"content": "{}\n" * 4, "headers": NDJSON}, {"json": [{}] * 4}):
        answer = await house.client.post("/api/v1/verifications", **sent)  # type: ignore[arg-type] # of either kind
        assert answer.status_code == 400
        assert "3 are verified at most" in answer.json()["detail"]
    assert len(await rows(house, "{}\n" * 3)) == 3


async def test_more_bytes_than_are_taken_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_BYTES", 2_000_000)
    large = b'{"a": "' + b"x" * 1_500_000 + b'"}\n'
    assert (await rows(house, large))[0]["decision"] == "reject"  # larger than a credential; the list may be
    for sent in ({"content": large * 2, "headers": NDJSON}, {"content": large, "headers": {}}):
        answer = await house.client.post("/api/v1/verifications", **sent)  # type: ignore[arg-type] # as above
        assert (answer.status_code, answer.json()["title"]) == (413, "Content Too Large")


async def test_while_others_lists_are_verified_a_further_one_is_asked_to_come_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_LISTS", 1)
    held = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"{}\n"
        await held.wait()

    first = asyncio.create_task(house.client.post("/api/v1/verifications", content=slowly(), headers=NDJSON))
    await asyncio.sleep(0.05)
    busy = await house.client.post("/api/v1/verifications", content="{}", headers=NDJSON)
    assert (busy.status_code, "retry-after" in busy.headers) == (503, True)
    held.set()
    assert (await first).status_code == 200
    assert len(await rows(house, "{}")) == 1


async def test_many_more_than_are_held_at_once_are_all_answered_in_order(house: House) -> None:
    content = json.dumps(house.badge()) + "\n"
    answered = await rows(house, content * 300)
    assert [row["row"] for row in answered] == list(range(1, 301))
    assert {row["decision"] for row in answered} == {"review"}


LONG = 10**25


def with_a_long_number(house: House) -> JsonObject:
    return house.issuer.sign(a_badge(house.issuer, credentialStatus=None)) | {"long": LONG}


def out_of_all_range(house: House) -> str:
    """A token of a stranger's whose place in a list has more digits than a machine's number."""
    stranger = Issuer(did_key(house.issuer.key.public), house.issuer.key)
    award = an_award(organisation=an_organisation(did=stranger.did))
    document = FORMATS["verifiable-micro-credential"].compose(award, issued=ISSUED, status=a_status_entry())
    signed = Jws.parse(
        SD_JWT.secure(document, stranger.key, f"{stranger.did}#{stranger.did[8:]}", ISSUED).split("~")[0]
    )
    claims = signed.claims() | {"status": {"status_list": {"uri": house.list, "idx": LONG}}}
    return sign_bytes(signed.header, write_json(claims), stranger.key) + "~"


async def test_numbers_of_any_length_cut_nothing_off(house: House) -> None:
    lines = [json.dumps(each) for each in (out_of_all_range(house), with_a_long_number(house), house.badge())]
    assert [row["decision"] for row in await rows(house, "\n".join(lines))] == ["reject", "reject", "review"]


async def test_numbers_of_any_length_are_answered_one_by_one(house: House) -> None:
    for credential in (out_of_all_range(house), with_a_long_number(house)):
        assert (await house.ask({"credential": credential}))["decision"] == "reject"
        page = await house.client.post("/verify", data={"credential": json.dumps(credential)})
        assert page.status_code == 200


async def test_the_vc_api_returns_a_long_number_as_it_came(house: House) -> None:
    document = with_a_long_number(house)
    for kind in ("Credential", "Presentation"):
        answer = await house.client.post(
            f"/{kind.lower()}s/verify",
            json={f"verifiable{kind}": document, "options": {f"return{kind}": True}},
        )
        assert (answer.status_code, answer.json()[kind.lower()]) == (400, document)


@pytest.mark.parametrize("accept", ["application/x-ndjson", "text/csv"])
async def test_an_accident_with_one_row_leaves_the_others_their_answers(
    house: House, accept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = VerifyCredential.__call__

    async def clumsily(self: VerifyCredential, submission: Any, **how: Any) -> Report:  # noqa: ANN401 as it takes it
        if submission == {"break": "me"}:
            raise RuntimeError
        return await verify(self, submission, **how)

    monkeypatch.setattr(VerifyCredential, "__call__", clumsily)
    answer = await house.client.post(
        "/api/v1/verifications", json=[{}, {"break": "me"}, house.badge()], headers={"accept": accept}
    )
    lines = answer.text.splitlines()[-3:]
    assert "reject" in lines[0]
    assert "something went wrong here" in lines[1]
    assert "review" in lines[2]


async def test_a_row_that_cannot_be_written_leaves_the_others_their_answers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clumsily(value: JsonObject) -> bytes:
        if value["row"] == 2 and "decision" in value:
            raise TypeError
        return write_json(value)

    monkeypatch.setattr(bulk, "write_json", clumsily)
    first, second, third = await rows(house, "{}\n" * 3)
    assert (first["decision"], third["decision"]) == ("reject", "reject")
    assert "something went wrong here" in second["detail"]
