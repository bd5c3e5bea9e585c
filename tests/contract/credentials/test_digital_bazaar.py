"""Digital Bazaar's verifier (npm), an implementation that shares nothing with ours, accepts what is issued here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credentials.dids import did_document
from credentials.formats import OPEN_BADGES_3
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, DataIntegrity
from credentials.status import StatusList, compose_status_list
from schemas.events import StatusEntry
from schemas.values import JsonObject
from tests.builders import NOW, an_award
from tests.servers.node import digital_bazaar

KEY = SigningKey.generate()
DID = an_award().organisation.did
METHOD = f"{DID}#key-1"
LIST = "https://laurel.example.org/organisations/uex/status-lists/1"


def verdicts(node: str, *credentials: JsonObject) -> list[JsonObject]:
    documents = {DID: did_document(DID, [("key-1", KEY.public)])}
    return digital_bazaar(node, credentials, documents, at=NOW + timedelta(seconds=1))


def a_badge() -> JsonObject:
    return OPEN_BADGES_3.compose(an_award(), issued=NOW, status=StatusEntry(list=LIST, index=77))


def a_status_list() -> JsonObject:
    return compose_status_list(
        url=LIST, issuer=DID, purpose="revocation", encoded=StatusList.with_set([77]).encode(), issued=NOW
    )


@pytest.mark.parametrize("suite", [EDDSA_RDFC_2022, EDDSA_JCS_2022], ids=lambda suite: suite.name)
def test_it_verifies_badges_and_status_lists(node: str, suite: DataIntegrity) -> None:
    sealed = [suite.secure(document, KEY, METHOD, NOW) for document in (a_badge(), a_status_list())]
    assert verdicts(node, *sealed) == [{"verified": True, "error": None}] * 2


def test_it_verifies_a_badge_sealed_twice(node: str) -> None:
    badge = EDDSA_JCS_2022.secure(EDDSA_RDFC_2022.secure(a_badge(), KEY, METHOD, NOW), KEY, METHOD, NOW)
    assert verdicts(node, badge) == [{"verified": True, "error": None}]


def test_it_turns_down_what_was_changed(node: str) -> None:
    badge = EDDSA_RDFC_2022.secure(a_badge(), KEY, METHOD, NOW)
    (verdict,) = verdicts(node, {**badge, "name": "Knots"})
    assert verdict["verified"] is False
