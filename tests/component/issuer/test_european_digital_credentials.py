"""An issuer that seals European Digital Credentials with an e-seal."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.access import Scope
from credentials.formats import EUROPEAN_DIGITAL_CREDENTIAL
from credentials.proofs.jades import SealedDocument
from issuer.settings import IssuerSettings
from tests.component.issuer.conftest import House, a_house
from tests.seals import HOLDER, IDENTIFIER, PASSWORD, a_pkcs12, a_seal


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    (tmp_path / "seal.p12").write_bytes(a_pkcs12())
    settings = {
        "format": "european-digital-credential",
        "proofs": ("jades",),
        "certificate": tmp_path / "seal.p12",
        "certificate_password": PASSWORD,
    }
    async with a_house(tmp_path, IssuerSettings.model_validate(settings)) as house:
        yield house


async def test_the_learner_gets_it_inside_its_seal(house: House) -> None:
    issued = await house.issue()
    answer = await house.client.get(house.path(issued["claim"]) + "/credential")
    assert answer.headers["content-type"] == "application/jose+json"
    opened = SealedDocument.open(json.loads(answer.content))
    [result] = opened.verify({}, now=house.clock.now + timedelta(minutes=1))
    assert (result.verified, result.created) == (True, house.clock.now.replace(microsecond=0))
    assert opened.document["id"] == f"urn:uuid:{issued['award']}"
    reading = EUROPEAN_DIGITAL_CREDENTIAL.read(opened.document)
    assert (reading.issuer, reading.issuer_name) == (IDENTIFIER, HOLDER)
    assert len(reading.elements) == 16


async def test_the_platform_gets_the_same_bytes(house: House) -> None:
    issued = await house.issue()
    claimed = await house.client.get(house.path(issued["claim"]) + "/credential")
    path = f"/api/v1/credentials/{issued['award']}"
    answer = await house.client.get(path, headers=await house.platform())
    assert answer.content == claimed.content
    assert answer.headers["content-type"] == "application/jose+json"


async def test_the_claim_page_shows_it(house: House) -> None:
    issued = await house.issue()
    page = await house.client.get(house.path(issued["claim"]), headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "Data ethics for public services" in page.text


async def test_the_organisations_status_lists_are_its_own_all_the_same(house: House) -> None:
    issued = await house.issue()
    revoke = f"/api/v1/credentials/{issued['award']}/revocation"
    provider = await house.bearer(Scope.PROVIDER)
    answer = await house.client.post(revoke, json={"reason": "Wrong person."}, headers=provider)
    assert answer.status_code == 200, answer.text
    served = await house.client.get(house.path(answer.json()["status"]["list"]))
    assert served.headers["content-type"] == "application/vc"
    assert served.json()["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"


async def test_a_certificate_that_ends_meanwhile_parks_nothing_and_seals_nothing(house: House) -> None:
    house.clock.now = a_seal().certificate.not_valid_after_utc + timedelta(days=1)
    answer = await house.client.post(
        "/api/v1/issuances",
        json={"offering": "data-ethics", "learner": {"full_name": "Ana"}, "completed": "2026-11-23T10:00:00Z"},
        headers=await house.bearer(Scope.PROVIDER),
    )
    assert answer.status_code == 503
    assert "valid from" in answer.json()["detail"]
