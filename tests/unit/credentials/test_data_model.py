from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.data_model import BrokenRule, issuer_id, keep_presentation_rules, keep_rules
from schemas.values import JsonObject

IRI = "did:example:a"
CREDENTIAL: JsonObject = {
    "@context": [CREDENTIALS_V2],
    "type": ["VerifiableCredential"],
    "issuer": IRI,
    "credentialSubject": {"id": IRI},
}
PRESENTATION: JsonObject = {"@context": [CREDENTIALS_V2], "type": "VerifiablePresentation"}
WORDS = {"@value": "Bachelor", "@language": "en", "@direction": "ltr"}
PLACE = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "5",
    "statusListCredential": "https://example.org/list",
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"name": "Bachelor", "description": WORDS},
        {"name": [WORDS, {"@value": "Bachelor"}], "issuer": {"id": IRI, "name": [WORDS, "x"], "description": "y"}},
        {"credentialStatus": [PLACE, {"type": "urn:x:status", "id": "urn:x:1"}]},
        {"credentialSchema": {"type": "JsonSchema", "id": "https://example.org/schema"}},
        {"evidence": [{"type": "urn:x:evidence"}], "termsOfUse": {"type": "urn:x:terms"}},
        {"@context": CREDENTIALS_V1, "issuanceDate": "2026-01-01T00:00:00Z"},
        {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-01-01T01:00:00+01:00"},
    ],
)
def test_what_the_data_model_allows_is_allowed(more: JsonObject) -> None:
    keep_rules(CREDENTIAL | more)


@pytest.mark.parametrize(
    "more",
    [
        {"name": 5},
        {"name": WORDS | {"url": "x"}},
        {"name": {"@language": "en"}},
        {"name": {"@value": "x", "@language": 5}},
        {"issuer": {"id": IRI, "description": WORDS | {"url": "x"}}},
        {"issuer": {"id": None}},
        {"issuer": None},
        {"issuer": [IRI]},
        {"type": ["urn:x:thing"]},
        {"type": ["VerifiableCredential", 5]},
        {"credentialSchema": {"type": "JsonSchema"}},
        {"credentialSchema": {"type": "JsonSchema", "id": "https ://no-address"}},
        {"credentialStatus": {"id": IRI}},
        {"credentialStatus": {"type": "urn:x:status", "id": [IRI, IRI]}},
        {"evidence": "x"},
        {"refreshService": {"id": IRI}},
        {"@context": [CREDENTIALS_V1]},
        {"@context": [5, CREDENTIALS_V2]},
        {"@context": {"x": "y"}},
        {"validUntil": 5},
    ],
)
def test_what_it_does_not_allow_is_a_broken_rule(more: JsonObject) -> None:
    with pytest.raises(BrokenRule):
        keep_rules(CREDENTIAL | more)


@pytest.mark.parametrize(
    "change",
    [
        {"statusListIndex": True},
        {"statusListIndex": "-1"},
        {"statusListIndex": "1.5"},
        {"statusListIndex": None},
        {"statusListCredential": "list"},
        {"statusPurpose": 5},
        {"statusSize": 0},
        {"statusSize": True},
        {"statusSize": "1"},
    ],
)
def test_a_place_in_a_list_is_whole_or_refused(change: JsonObject) -> None:
    keep_rules(CREDENTIAL | {"credentialStatus": PLACE})
    with pytest.raises(BrokenRule, match="which place in which list"):
        keep_rules(CREDENTIAL | {"credentialStatus": PLACE | change})


@pytest.mark.parametrize("more", [{}, {"holder": IRI}, {"holder": {"id": IRI}}, {"verifiableCredential": {}}])
def test_what_a_presentation_may_be(more: JsonObject) -> None:
    keep_presentation_rules(PRESENTATION | more)


@pytest.mark.parametrize(
    "more",
    [
        {"holder": {"name": "Acme"}},
        {"holder": "Acme"},
        {"holder": None},
        {"type": "VerifiableCredential"},
        {"verifiableCredential": ["x"]},
        {"id": 5},
        {"proof": {}},
        {"@context": []},
    ],
)
def test_what_a_presentation_may_not_be(more: JsonObject) -> None:
    with pytest.raises(BrokenRule):
        keep_presentation_rules(PRESENTATION | more)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CREDENTIAL, "id"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*CREDENTIAL, "proof", "name", "credentialStatus", "holder"]), JSON))
def test_junk_breaks_a_rule_and_nothing_else(more: dict[str, Any]) -> None:
    for keep, document in ((keep_rules, CREDENTIAL), (keep_presentation_rules, PRESENTATION)):
        for junk in (more, document | more):
            try:
                keep(junk)
            except BrokenRule:
                continue
    assert isinstance(issuer_id(more), str)
