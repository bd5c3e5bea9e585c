"""The metadata of a type, as who was shown a credential finds it."""

from __future__ import annotations

import base64
import hashlib

import pytest

from credentials.formats import ATTESTATIONS
from credentials.proofs.sd_jwt_vc import SdJwtVc
from tests.component.issuer.conftest import House


@pytest.mark.parametrize("vct", ATTESTATIONS)
async def test_the_metadata_is_where_the_formats_say_and_what_the_credential_names(house: House, vct: str) -> None:
    formats = (await house.client.get("/api/v1/formats")).json()["items"]
    (known,) = (one for one in formats if one["vct"] == vct)
    served = await house.client.get(house.path(known["type_metadata"]))
    assert (served.status_code, served.headers["content-type"]) == (200, "application/json")
    assert served.headers["access-control-allow-origin"] == "*"
    assert "max-age" in served.headers["cache-control"]
    assert served.json()["vct"] == vct

    issued = await house.issue()
    answer = await house.client.get(f"{house.path(issued['claim'])}/credential", params={"format": known["name"]})
    named = SdJwtVc.open(answer.text).document["vct#integrity"]
    assert named == "sha256-" + base64.b64encode(hashlib.sha256(served.content).digest()).decode()

    again = await house.client.get(
        house.path(known["type_metadata"]), headers={"if-none-match": served.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_a_type_that_is_not_issued_here_is_not_found_and_told_what_is(house: House) -> None:
    answer = await house.client.get("/type-metadata/urn:example:diploma:1")
    assert answer.status_code == 404
    assert "VerifiableMicroCredential" in answer.json()["detail"]


async def test_formats_that_are_no_attestations_have_no_type(house: House) -> None:
    formats = (await house.client.get("/api/v1/formats")).json()["items"]
    assert {one["name"] for one in formats if one["vct"] is None} == {
        "open-badges-3",
        "open-badges-3-vc-1-1",
        "european-digital-credential",
    }
