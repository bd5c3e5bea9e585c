"""Digital Bazaar's verifier (npm), an implementation that shares nothing with ours, accepts what is issued here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credentials.dids import did_document
from credentials.formats import OPEN_BADGES_3, OPEN_BADGES_3_VC_1_1, Format
from credentials.formats.open_badges import suspend
from credentials.keys import ED25519, P256, SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, SUITES, DataIntegrity
from credentials.status import StatusList, compose_status_list
from schemas.events import StatusEntry
from schemas.values import JsonObject
from tests.builders import NOW, an_award
from tests.servers.node import digital_bazaar

KEY = SigningKey.generate()
P256_KEY = SigningKey.generate(P256)
KEYS = {ED25519: (KEY, "key-1"), P256: (P256_KEY, "key-2")}
DID = an_award().organisation.did
METHOD = f"{DID}#key-1"
LIST = "https://laurel.example.org/organisations/uex/status-lists/1"


def verdicts(node: str, *credentials: JsonObject) -> list[JsonObject]:
    documents = {DID: did_document(DID, [(fragment, key.public) for key, fragment in KEYS.values()])}
    return digital_bazaar(node, credentials, documents, at=NOW + timedelta(seconds=1))


def a_badge(format_: Format = OPEN_BADGES_3) -> JsonObject:
    return format_.compose(an_award(), issued=NOW, status=StatusEntry(list=LIST, index=77))


def a_status_list() -> JsonObject:
    return compose_status_list(
        url=LIST, issuer=DID, purpose="revocation", encoded=StatusList.with_set([77]).encode(), issued=NOW
    )


def secured(suite: DataIntegrity, document: JsonObject) -> JsonObject:
    key, fragment = KEYS[suite.key]
    return suite.secure(document, key, f"{DID}#{fragment}", NOW)


@pytest.mark.parametrize("suite", SUITES.values(), ids=list(SUITES))
def test_it_verifies_badges_and_status_lists(node: str, suite: DataIntegrity) -> None:
    documents = (a_badge(), suspend(a_badge(), StatusEntry(list=f"{LIST}/suspension", index=77)), a_status_list())
    sealed = [secured(suite, document) for document in documents]
    assert verdicts(node, *sealed) == [{"verified": True, "error": None}] * 3


@pytest.mark.parametrize("suite", SUITES.values(), ids=list(SUITES))
def test_it_verifies_badges_on_the_older_data_model(node: str, suite: DataIntegrity) -> None:
    badge = a_badge(OPEN_BADGES_3_VC_1_1)
    suspendable = suspend(badge, StatusEntry(list=f"{LIST}/suspension", index=77))
    sealed = [secured(suite, document) for document in (badge, suspendable)]
    assert verdicts(node, *sealed) == [{"verified": True, "error": None}] * 2
    (changed,) = verdicts(node, {**sealed[0], "expirationDate": "2099-01-01T00:00:00Z"})
    assert changed["verified"] is False


def test_it_verifies_a_badge_sealed_by_every_suite(node: str) -> None:
    badge = a_badge()
    for suite in SUITES.values():
        badge = secured(suite, badge)
    assert verdicts(node, badge) == [{"verified": True, "error": None}]


def test_it_verifies_a_badge_sealed_twice(node: str) -> None:
    badge = EDDSA_JCS_2022.secure(EDDSA_RDFC_2022.secure(a_badge(), KEY, METHOD, NOW), KEY, METHOD, NOW)
    assert verdicts(node, badge) == [{"verified": True, "error": None}]


@pytest.mark.parametrize("suite", SUITES.values(), ids=list(SUITES))
def test_it_turns_down_what_was_changed(node: str, suite: DataIntegrity) -> None:
    (verdict,) = verdicts(node, {**secured(suite, a_badge()), "name": "Knots"})
    assert verdict["verified"] is False
