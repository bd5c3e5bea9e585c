"""One award in every form: genuine to the verifier, and suspended, reinstated and revoked in all of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from laurel.demo.moodle import completion_body
from laurel.demo.scenario import PUPILS
from tests.component.house.house import PATIENCE, House, running
from tests.seals import PASSWORD, Authority, a_certificate, a_key, a_name, a_pkcs12

Form = tuple[str, str]
Credential = dict[str, Any] | str
ACTIVE = ("status-good", "status-none")
"""What the verifier says of what holds: of a form that can name a status, and of one that cannot."""


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """It has a certificate, whose authority its verifier relies on, and its credentials can be suspended."""
    now, year = datetime.now(UTC), timedelta(days=365)
    key = a_key("ec", 1)
    name = a_name("Authority of Today", "Authority of Today", None)
    authority = Authority(a_certificate(name, key, ca=True, start=now - year, end=now + year), key)
    own = a_certificate(a_name("Seal of Today"), a_key(), authority, start=now - year, end=now + year)
    (tmp_path / "seal.p12").write_bytes(a_pkcs12(authority=authority, certificate=own))
    (tmp_path / "anchors.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    for name_, value in {
        "ISSUER_CERTIFICATE": str(tmp_path / "seal.p12"),
        "ISSUER_CERTIFICATE_PASSWORD": PASSWORD,
        "ISSUER_SUSPENSION": "true",
        "VERIFIER_ANCHORS": str(tmp_path / "anchors.pem"),
    }.items():
        monkeypatch.setenv(f"LAUREL_{name_}", value)
    async with running(tmp_path) as house:
        yield house


async def every_form(house: House, claim: str) -> dict[Form, Credential]:
    """The credential as issued, and everything else it can be had as."""
    had: dict[Form, Credential] = {}
    for format_ in (await house.ask("GET", "/api/v1/formats"))["items"]:
        for proof in format_["offered"]:
            answer = await house.http.get(f"{claim}/credential", params={"format": format_["name"], "proof": proof})
            assert answer.is_success, answer.text
            had[format_["name"], proof] = answer.json() if answer.text.startswith("{") else answer.text
    return had


async def verdict(house: House, credential: Credential) -> tuple[str, str]:
    answer = await house.http.post("/api/v1/verifications", json={"credential": credential})
    report = answer.json()
    return report["decision"], next(check for check in report["checks"] if check["id"] == "status")["code"]


async def all_become(house: House, forms: dict[Form, Credential], decision: str, *codes: str) -> None:
    """Sooner than any cache ages."""
    expected = {(decision, code) for code in codes}
    told: dict[Form, tuple[str, str]] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            while len(told) < len(forms) or not expected.issuperset(told.values()):
                told = {form: await verdict(house, credential) for form, credential in forms.items()}
    except TimeoutError:
        pytest.fail(f"not every form became {decision}: {told}")


async def test_whatever_becomes_of_an_award_becomes_of_every_form_of_it(house: House) -> None:
    platform = await house.found_university()
    body = completion_body(PUPILS[0], "course_completions:1", datetime.now(UTC) - timedelta(minutes=1))
    issued = await house.outcome_of(platform, body)
    forms = await every_form(house, issued["claim"])
    assert {"open-badges-3", "european-digital-credential", "verifiable-micro-credential"} <= {one for one, _ in forms}
    await all_become(house, forms, "accept", *ACTIVE)

    path = f"/api/v1/credentials/{issued['award']}"
    await house.ask("POST", f"{path}/suspension", {"reason": "an appeal is under way"})
    await all_become(house, forms, "reject", "suspended")
    await house.ask("POST", f"{path}/reinstatement", {"reason": "the appeal was upheld"})
    await all_become(house, forms, "accept", *ACTIVE)
    await house.ask("POST", f"{path}/revocation", {"reason": "graded by mistake"})
    await all_become(house, forms, "reject", "revoked")
    assert await every_form(house, issued["claim"]) == forms
