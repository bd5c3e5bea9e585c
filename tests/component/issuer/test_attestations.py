"""An issuer that seals SD-JWT VCs: issued, claimed, verified as a stranger would, revoked in the list for tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.access import Scope
from credentials.dids import did_jwk, verification_key
from credentials.formats import ATTESTATIONS, FORMATS
from credentials.formats.sd_jwt_vc import Statement
from credentials.jose import Jws
from credentials.keys import P256, SigningKey
from credentials.proofs import ProofOutcome
from credentials.proofs.key_binding import holder_key
from credentials.proofs.sd_jwt_vc import SdJwtVc
from credentials.status import ReadStatusList, TokenStatus, TokenStatusReference
from issuer.settings import IssuerSettings
from tests.builders import a_learner
from tests.component.issuer.conftest import House, a_house


@pytest.mark.parametrize("proof", ["sd-jwt", "sd-jwt-es256"])
@pytest.mark.parametrize("format_", ["verifiable-micro-credential", "eudi-learning-credential"])
async def test_an_attestation_is_issued_claimed_and_genuine_until_it_is_revoked(
    tmp_path: Path, format_: str, proof: str
) -> None:
    async with a_house(tmp_path, IssuerSettings(format=format_, proofs=(proof,))) as house:
        holder = SigningKey.generate(P256)
        learner = a_learner(did=did_jwk(holder.public)).model_dump(mode="json", exclude_none=True)
        issued = await house.issue(learner=learner)
        claimed = await house.client.get(house.path(issued["claim"]))
        assert claimed.headers["content-type"] == "application/dc+sd-jwt"

        opened = SdJwtVc.open(claimed.text)
        assert opened.methods
        document = (await house.client.get("/organisations/uex/did.json")).json()
        keys = {method: verification_key(document, method) for method in opened.methods}
        (result,) = opened.verify(keys, now=house.clock.now)
        assert result.outcome is ProofOutcome.VERIFIED
        assert result.controller == opened.issuer == document["id"]
        assert holder_key(opened.document) == holder.public
        known = ATTESTATIONS[opened.document["vct"]]
        known.type.check(Statement.of(opened.revealed, house.clock.now))
        assert known.format is FORMATS[format_]

        assert await status(house, opened) == TokenStatus.VALID
        revoked = await house.client.post(
            f"/api/v1/credentials/{issued['award']}/revocation",
            json={"reason": "Issued to the wrong person."},
            headers=await house.bearer(Scope.PROVIDER),
        )
        assert revoked.status_code == 200
        assert await status(house, opened) == TokenStatus.INVALID


async def status(house: House, opened: SdJwtVc) -> int:
    """What the list says that the credential names, as its address serves it to who reads tokens."""
    reference = TokenStatusReference.of(opened.document)
    assert reference is not None
    accepting = {"accept": "application/statuslist+jwt"}
    answer = await house.client.get(house.path(reference.url), headers=accepting)
    token = Jws.parse(answer.text)
    document = (await house.client.get("/organisations/uex/did.json")).json()
    assert token.verify(verification_key(document, token.header["kid"]))
    listed = ReadStatusList.of(token)
    assert listed.url == reference.url
    return listed.list.get(reference.index)
