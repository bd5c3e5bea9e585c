# ruff: noqa: ANN401 a builder hands its changes on
"""Verdicts on European Digital Credentials under an e-seal: every lie told, and caught."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from chassis.documents import SqliteDocuments
from credentials.certificates import ESeal, UnfitCertificate
from credentials.formats import EUROPEAN_DIGITAL_CREDENTIAL
from credentials.jose import b64
from credentials.proofs import jades
from credentials.proofs.jades import JADES
from schemas.events import CredentialState, Decision
from schemas.values import JsonObject
from tests.builders import NOW, a_status_entry, an_award, credential_status_changed
from tests.component.verifier.world import ISSUED, LATER, LIST, UEX, World, a_badge, a_status_list
from tests.seals import (
    HOLDER,
    IDENTIFIER,
    a_certificate,
    a_key,
    a_name,
    a_seal,
    a_seal_of,
    an_authority,
    unchecked_seal,
)
from verifier.adapters.anchors import ListedAnchors
from verifier.adapters.offline import engine
from verifier.adapters.store import States
from verifier.domain.report import Outcome, Report
from verifier.domain.status import KnownState
from verifier.domain.verdicts import CheckId, Code
from verifier.handlers import VerifyForProtocol

ANCHOR = an_authority().certificate


def an_edc(**changes: Any) -> JsonObject:
    """Unsealed; `None` takes a member out."""
    made = EUROPEAN_DIGITAL_CREDENTIAL.compose(an_award(), issued=ISSUED, status=a_status_entry())
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def sealed(document: JsonObject | None = None, seal: ESeal | None = None, at: datetime = ISSUED) -> JsonObject:
    return JADES.sealing_with(seal or a_seal()).secure(document or an_edc(), None, None, at)


def resealed(payload: JsonObject, seal: ESeal | None = None) -> JsonObject:
    """Another payload under a good signature: what the sealer never lets out."""
    return under(orjson.dumps(payload).decode(), seal or a_seal())


def under(payload: str, seal: ESeal) -> JsonObject:
    header = {**jades._constant_header(seal), "sigT": "2026-11-23T10:00:03Z"}
    protected = b64(orjson.dumps(header))
    signature = b64(jades._sign(seal, f"{protected}.{payload}".encode()))
    return {"payload": payload, "signatures": [{"protected": protected, "signature": signature}]}


async def verdict(submission: Any, at: datetime = LATER, world: World | None = None) -> Report:
    return await (world or World(anchors=(ANCHOR,))).verify(submission, at)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
async def test_a_sealed_credential_from_a_known_authority_is_accepted(kind: str) -> None:
    report = await verdict(json.dumps(sealed(seal=a_seal(kind))))
    assert (report.decision, report.codes) == (Decision.ACCEPT, ())
    assert report.check(CheckId.STATUS).code is Code.STATUS_NONE
    assert report.check(CheckId.FORMAT).evidence["format"] == "European Digital Credential"
    assert report.check(CheckId.SIGNATURE).evidence["cryptosuite"] == "jades"
    assert report.check(CheckId.ISSUER_TRUST).evidence["authority"] == "Authority of Example"
    assert report.credential is not None
    assert (report.credential.issuer.id, report.credential.issuer.name) == (IDENTIFIER, HOLDER)
    assert len(report.credential.elements) == 16


async def test_nobody_is_asked_for_anything() -> None:
    world = World(anchors=(ANCHOR,))
    await verdict(sealed(), world=world)
    assert world.asked == []


async def test_from_an_authority_that_is_not_known_it_is_for_a_person_to_judge() -> None:
    report = await verdict(sealed(), world=World())
    assert (report.decision, report.codes) == (Decision.REVIEW, (Code.AUTHORITY_UNKNOWN,))


async def test_a_list_of_authorities_that_cannot_be_had_is_no_verdict() -> None:
    report = await verdict(sealed(), world=World(trust_away=True))
    assert (report.decision, report.codes) == (Decision.INDETERMINATE, (Code.TRUST_UNAVAILABLE,))


async def test_a_changed_word_is_rejected() -> None:
    made = sealed()
    made["payload"] = made["payload"].replace("Ana Andromeda", "Bea Andromeda")
    assert (await verdict(made)).codes == (Code.SIGNATURE_INVALID,)


async def test_a_seal_that_is_not_the_named_issuers_is_rejected() -> None:
    mallory = a_seal_of("VATXX-666", "University of Example")
    payload = orjson.loads(sealed()["payload"])
    report = await verdict(resealed(payload, mallory))
    assert (report.decision, report.codes) == (Decision.REJECT, (Code.ISSUER_MISMATCH,))
    assert report.check(CheckId.ISSUER_TRUST).outcome is Outcome.NOT_CHECKED


async def test_who_calls_itself_otherwise_is_shown_by_its_certificates_name() -> None:
    payload = orjson.loads(sealed()["payload"])
    payload["issuer"]["legalName"] = {"en": "University of Oxbridge"}
    report = await verdict(resealed(payload))
    assert report.decision is Decision.ACCEPT
    assert "calls itself University of Oxbridge" in report.check(CheckId.ISSUER_IDENTITY).message
    assert report.credential is not None
    assert report.credential.issuer.name == HOLDER


@pytest.mark.parametrize("identifier", [None, [], "VATIE-1234567X", {"notation": 1}])
async def test_an_issuer_that_cannot_be_read_is_nobody(identifier: object) -> None:
    payload = orjson.loads(sealed()["payload"])
    payload["issuer"]["eIDASIdentifier"] = identifier
    report = await verdict(resealed(payload))
    assert report.decision is Decision.REJECT
    assert set(report.codes) <= {Code.ISSUER_MISMATCH, Code.FORMAT_INVALID}


async def test_a_certificate_that_names_nobody_seals_for_nobody() -> None:
    key = a_key()
    certificate = a_certificate(a_name("Seal", identifier=None), key, an_authority())
    report = await verdict(sealed(seal=unchecked_seal(key, certificate)))
    assert report.codes == (Code.ISSUER_MISMATCH,)


def seal_until(end: datetime, start: datetime = NOW - timedelta(days=30)) -> ESeal:
    key = a_key()
    return unchecked_seal(key, a_certificate(a_name("Seal"), key, an_authority(), start=start, end=end))


async def test_a_certificate_that_was_out_of_date_when_it_sealed_is_rejected() -> None:
    expired = seal_until(ISSUED - timedelta(days=1))
    report = await verdict(under(sealed()["payload"], expired))
    assert (report.decision, report.codes) == (Decision.REJECT, (Code.CERTIFICATE_OUT_OF_DATE,))


async def test_a_certificate_that_has_ended_since_is_for_a_person_to_judge() -> None:
    report = await verdict(sealed(seal=seal_until(LATER - timedelta(days=1))))
    assert (report.decision, report.codes) == (Decision.REVIEW, (Code.CERTIFICATE_EXPIRED_SINCE,))
    assert report.check(CheckId.ISSUER_TRUST).code is Code.ISSUER_TRUSTED


async def test_what_this_house_revoked_is_revoked_though_it_names_no_status() -> None:
    world = World(anchors=(ANCHOR,))
    world.announced[an_award().id.urn] = KnownState(CredentialState.REVOKED, "Wrong person.", LATER)
    report = await verdict(sealed(), world=world)
    assert (report.decision, report.codes) == (Decision.REJECT, (Code.REVOKED,))
    assert "Wrong person" in report.check(CheckId.STATUS).message


async def test_a_status_that_cannot_be_looked_up_is_not_passed_over() -> None:
    status = {"id": "https://x.example/1", "type": "CredentialStatus"}
    assert (await verdict(sealed(an_edc(credentialStatus=status)))).codes == (Code.STATUS_UNSUPPORTED,)


async def test_dates_count_by_all_their_names() -> None:
    assert (await verdict(sealed(), ISSUED - timedelta(minutes=1))).codes == (Code.NOT_YET_VALID,)
    assert (await verdict(sealed(), ISSUED - timedelta(days=1))).codes == (Code.SIGNATURE_INVALID,)
    over = an_edc(validUntil="2026-12-01T00:00:00Z", expirationDate=None)
    assert (await verdict(sealed(over))).codes == (Code.EXPIRED,)


async def test_unsealed_it_is_nobodys_word() -> None:
    assert (await verdict(an_edc())).codes == (Code.SIGNATURE_MISSING,)


async def test_a_context_that_gives_words_another_meaning_is_rejected() -> None:
    document = an_edc()
    document["@context"] = [*document["@context"], {"title": "https://evil.example/"}]
    assert (await verdict(sealed(document))).codes == (Code.FORMAT_INVALID,)


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e["signatures"].append(e["signatures"][0]),
        lambda e: e.update(payload="[]"),
        lambda e: e.update(payload='{"a": 1, "a": 2}'),
        lambda e: e.update(payload='{"id": "urn:x"}'),
        lambda e: e.update(extra=1),
        lambda e: e["signatures"][0].update(protected="!"),
    ],
)
async def test_what_could_be_read_differently_is_not_read(change: Any) -> None:
    made = sealed()
    change(made)
    assert (await verdict(made)).codes == (Code.DOCUMENT_MALFORMED,)


async def test_the_protocol_asks_for_no_trust() -> None:
    report = await World().verify(sealed(), using=VerifyForProtocol)
    assert report.decision is Decision.ACCEPT


async def test_the_commissions_sample_is_genuine_and_its_certificate_has_ended(reference_data: Path) -> None:
    path = reference_data / "examples" / "edc-official" / "Sample-MC-Annex1-signed.jsonld"
    report = await verdict(path.read_bytes())
    assert report.decision is Decision.REVIEW
    assert report.codes == (Code.CERTIFICATE_EXPIRED_SINCE, Code.AUTHORITY_UNKNOWN)
    assert report.credential is not None
    assert report.credential.issuer.name == "ORGANIZACION TEST"
    flipped = bytearray(path.read_bytes())
    flipped[flipped.index(b"Digital micro-credential creation")] ^= 1
    assert (await verdict(bytes(flipped))).codes == (Code.SIGNATURE_INVALID,)


async def test_another_issuers_did_in_it_says_nothing() -> None:
    """The DID that an issuer writes into its credential is no certificate's to attest."""
    payload = orjson.loads(sealed()["payload"])
    payload["issuer"]["id"] = UEX.did
    report = await verdict(resealed(payload), world=World())
    assert report.codes == (Code.AUTHORITY_UNKNOWN,)


async def test_a_status_list_under_a_certificate_does_not_speak_for_a_did() -> None:
    listed = {**a_status_list(), "issuer": {"id": UEX.did, "eIDASIdentifier": {"notation": IDENTIFIER}}}
    world = World(anchors=(ANCHOR,), lists={LIST: resealed(listed)})
    assert (await verdict(UEX.sign(a_badge()), world=world)).codes == (Code.STATUS_LIST_FOREIGN,)


async def test_what_is_announced_is_found_by_the_credentials_id() -> None:
    documents = SqliteDocuments(":memory:")
    await documents.open()
    states = States(documents)
    await states.record([credential_status_changed()])
    found = await states.of(an_award().id.urn)
    assert found is not None
    assert (found.state, found.reason) == (CredentialState.REVOKED, "Issued to the wrong person.")
    assert await states.of("urn:credential:another") is None
    await documents.close()


async def test_offline_the_authorities_are_those_that_were_named(tmp_path: Path) -> None:
    content = orjson.dumps(sealed())
    assert (await engine(tmp_path, anchors=(ANCHOR,))(content, at=LATER)).decision is Decision.ACCEPT
    assert (await engine(tmp_path)(content, at=LATER)).codes == (Code.AUTHORITY_UNKNOWN,)


async def test_the_authorities_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "authorities.pem"
    path.write_bytes(ANCHOR.public_bytes(Encoding.PEM))
    assert await ListedAnchors.read(path).anchors() == (ANCHOR,)
    assert await ListedAnchors.read(None).anchors() == ()
    path.write_text("none")
    with pytest.raises(UnfitCertificate):
        ListedAnchors.read(path)
