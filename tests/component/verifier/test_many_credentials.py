"""One or ten thousand: lists of credentials over HTTP, a row of the answer for each."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from credentials.proofs import VC_JWT_EDDSA
from tests.component.verifier.test_the_verifier_over_http import House, house
from tests.component.verifier.world import INDEX, a_badge
from verifier.entrypoints import bulk

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
