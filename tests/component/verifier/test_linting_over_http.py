"""The linter over HTTP: the body is the file, the answer what the command prints."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from credentials.linting import LintReport, lint
from tests.builders import a_draft
from tests.component.verifier.test_the_verifier_over_http import running
from tests.component.verifier.world import LATER


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with running(tmp_path) as (client, _):
        yield client


async def test_anybody_may_have_an_offering_linted_and_gets_what_the_command_says(client: httpx2.AsyncClient) -> None:
    body = json.dumps(a_draft(quality_assurance=[]))

    answer = await client.post("/api/v1/lint", content=body)

    assert answer.status_code == 200, answer.text
    assert LintReport.model_validate_json(answer.content) == lint(body, at=LATER)
    assert [found["rule"] for found in answer.json()["findings"]] == ["missing-quality-assurance"]


async def test_a_framework_is_chosen_by_its_name(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/api/v1/lint?profile=EMC-CMF", content=json.dumps(a_draft(workload={"hours": 10})))

    assert {"missing-credits", "out-of-range-hours"} <= {found["rule"] for found in answer.json()["findings"]}


@pytest.mark.parametrize(
    ("query", "body", "said"),
    [
        ("", b"", "not JSON"),
        ("", b"{", "line 1, column 2"),
        ("", b"[]", "no object"),
        ("", b"{}", "none of the kinds"),
        ("", b"\xff", "UTF-8"),
        ("", b"[" * 5000, "deep"),
        ("", b"a.b.c~", "base64url"),
        ("?profile=none", b"{}", "no profile 'none'"),
    ],
)
async def test_what_cannot_be_read_is_malformed_and_says_why(
    client: httpx2.AsyncClient, query: str, body: bytes, said: str
) -> None:
    answer = await client.post(f"/api/v1/lint{query}", content=body)

    assert answer.status_code == 400, answer.text
    assert said in answer.json()["detail"]
