from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from credentials.canonical import (
    NotJson,
    NotJsonLd,
    RelativeIri,
    Unbounded,
    UndefinedTerm,
    UnknownContext,
    Unprotected,
    jcs,
    rdfc,
)
from credentials.canonical.bounds import MAX_DEPTH, MAX_VALUES
from credentials.contexts import CREDENTIALS_V2, OPEN_BADGES, shipped
from schemas.faults import Malformed

Document = dict[str, Any]

INLINE = {"@vocab": "https://example.org/words#", "homepage": {"@id": "https://example.org/home", "@type": "@id"}}


def a_credential(**changes: Any) -> Document:  # noqa: ANN401 any JSON
    return {
        "@context": [CREDENTIALS_V2],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential"],
        "issuer": "https://issuer.example/",
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abc", "type": "JsonSchema"},
        **changes,
    }


def with_context(context: Any, **changes: Any) -> Document:  # noqa: ANN401 any JSON
    return a_credential(**{"@context": [CREDENTIALS_V2, context], **changes})


def as_pyld(document: Document) -> bytes:
    contexts = dict(shipped())
    return str(
        jsonld.normalize(
            document,
            {
                "algorithm": "URDNA2015",
                "format": "application/n-quads",
                "rdfDirection": "i18n-datatype",
                "documentLoader": lambda url, _: {
                    "contextUrl": None,
                    "documentUrl": url,
                    "document": copy.deepcopy(contexts[url]),
                },
            },
        )
    ).encode()


def test_a_sound_credential_canonicalises_and_is_left_as_it_was() -> None:
    document = with_context(INLINE, more={"homepage": "https://example.org/", "list": {"@list": [1, 2.5, True]}})
    before = copy.deepcopy(document)
    assert rdfc(document) == as_pyld(document)
    assert document == before


def test_a_credential_means_the_same_whatever_the_order_of_its_members() -> None:
    document = a_credential()
    assert rdfc(dict(reversed(document.items()))) == rdfc(document)


leaves = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8),
    st.integers(min_value=-(10**22), max_value=10**22),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)
words = st.sampled_from(["alpha", "beta", "gamma", "delta"])
nodes = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(words, below, max_size=3),
        st.lists(leaves, min_size=1, max_size=3).map(lambda members: {"@list": members}),
        st.text(alphabet="abc ", max_size=5).map(lambda text: {"@value": text, "@language": "en-GB"}),
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(st.dictionaries(words, nodes, min_size=1, max_size=4))
def test_any_document_canonicalises_as_pyld_does(statements: Document) -> None:
    document = {"@context": INLINE, "id": "urn:x", **statements}
    document["@context"] = {**INLINE, "id": "@id"}
    try:
        ours = rdfc(document)
    except NotJsonLd:
        assert not as_pyld(document).strip()
    else:
        assert ours == as_pyld(document)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (a_credential(foo="bar"), "$.foo"),
        (a_credential(credentialSubject={"id": "did:example:a", "favouriteColour": "red"}), "credentialSubject.fav"),
        (a_credential(credentialSubject=[{"id": "did:example:a"}, {"x": {"y": 1}}]), "$.credentialSubject[1].x"),
        (a_credential(type=["VerifiableCredential", "Foo"]), "'Foo' at $.type"),
        (a_credential(credentialSubject={"type": "Unheard"}), "'Unheard' at $.credentialSubject.type"),
        (a_credential(validUntil=None), "$.validUntil"),
        (a_credential(credentialSubject=[{"id": "did:example:a"}, None]), "$.credentialSubject"),
        (with_context({"issued": None}, issued="2026-01-01"), "$.issued"),
        (a_credential(**{"@foo": 1}), "$.@foo"),
    ],
)
def test_what_expansion_would_drop_is_refused_and_its_place_named(document: Document, path: str) -> None:
    with pytest.raises(UndefinedTerm) as refusal:
        rdfc(document)
    assert path in str(refusal.value)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (a_credential(id="relative/id"), "'relative/id' at $.id"),
        (a_credential(id=""), "$"),
        (a_credential(issuer="issuer"), "$.issuer"),
        (a_credential(issuer="//evil.example/x"), "$"),
        (a_credential(issuer={"id": "../x"}), "$"),
        (a_credential(id="urn:with space"), "$.id"),
        (a_credential(id='urn:x> <urn:p> "o" .\n<urn:y'), "$.id"),
        (a_credential(id="urn:{x}"), "$.id"),
        (with_context({"p": "_:property"}, p="x"), "_:property"),
        (with_context(INLINE, word={"@value": "x", "@language": "not a tag"}), "language tag"),
    ],
)
def test_what_is_no_absolute_iri_is_refused(document: Document, path: str) -> None:
    with pytest.raises(RelativeIri) as refusal:
        rdfc(document)
    assert path in str(refusal.value)


OLD_NAME = "https://www.w3.org/2018/credentials#validUntil"
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"


def without(name: str, **changes: Any) -> Document:  # noqa: ANN401 any JSON
    document = a_credential(**changes)
    del document[name]
    return document


@pytest.mark.parametrize(
    "document",
    [
        without(
            "validUntil",
            **{
                "@context": [CREDENTIALS_V2, {"until": {"@id": OLD_NAME, "@type": DATE}}],
                "until": "2027-01-01T00:00:00Z",
            },
        ),
        without("validUntil", **{OLD_NAME: {"@value": "2027-01-01T00:00:00Z", "@type": DATE}}),
        without(
            "validUntil",
            **{
                "@context": [CREDENTIALS_V2, {"cred": "https://www.w3.org/2018/credentials#"}],
                "cred:validUntil": {"@value": "2027-01-01T00:00:00Z", "@type": DATE},
            },
        ),
        without("id", **{"@id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"}),
        without("type", **{"@type": ["VerifiableCredential"]}),
        a_credential(
            type=[
                "VerifiableCredential",
                "https://www.w3.org/ns/credentials/status#BitstringStatusListCredential",
            ]
        ),
        with_context({"more": "@included"}, more={"id": "urn:uuid:1", "type": "JsonSchema"}),
        a_credential(**{"@included": [{"id": "urn:uuid:1", "type": "JsonSchema"}]}),
        a_credential(**{"@graph": [{"id": "urn:uuid:1", "type": "JsonSchema"}]}),
        a_credential(**{"@reverse": {"issuer": {"id": "urn:uuid:1", "type": "JsonSchema"}}}),
        a_credential(credentialSubject={"id": "did:example:abc", "@index": "x", "type": "JsonSchema"}),
        with_context(
            {"by": {"@id": "https://example.org/by", "@container": "@index"}},
            by={"one": {"id": "urn:uuid:1", "type": "JsonSchema"}},
        ),
    ],
)
def test_what_could_be_rewritten_without_breaking_a_signature_is_refused(document: Document) -> None:
    with pytest.raises(Unprotected):
        rdfc(document)


def test_text_direction_is_part_of_what_is_signed() -> None:
    rtl, ltr = (
        rdfc(a_credential(name={"@value": "x", "@language": "ar", "@direction": direction}))
        for direction in ("rtl", "ltr")
    )
    assert rtl != ltr


def test_control_characters_are_escaped_as_the_specification_says() -> None:
    canonical = rdfc(a_credential(name='\x00\x07\b\t\n\x0b\f\r\x0e\x1f\x7f"\\'))
    assert rb'"\u0000\u0007\b\t\n\u000B\f\r\u000E\u001F\u007F\"\\"' in canonical


@pytest.mark.parametrize("context", ["https://evil.example/context", "relative", "http://localhost:1/"])
def test_an_unknown_context_is_refused_and_not_fetched(context: str) -> None:
    with pytest.raises(UnknownContext):
        rdfc(with_context(context))
    with pytest.raises(UnknownContext):
        rdfc(with_context({"@import": context}))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"@context": CREDENTIALS_V2},
        {"@context": 5, "id": "urn:x"},
        a_credential(id=5),
        a_credential(type=5),
        a_credential(type=[5]),
        with_context({"name": "https://example.org/other"}),
        with_context({"@version": 2.0}),
        with_context({"x": {"@id": 5}}),
        with_context({"a": "b:c", "b": "a:c"}, a=1),
        a_credential(name={"@value": {"an": "object"}}),
        a_credential(name={"@value": "x", "@type": "no iri"}),
        a_credential(credentialSubject={"@list": 5, "id": "urn:x"}),
    ],
)
def test_what_is_no_json_ld_is_malformed_and_nothing_worse(document: Document) -> None:
    with pytest.raises(Malformed):
        rdfc(document)


def nested(depth: int) -> Document:
    document: Document = {"@context": INLINE, "word": "x"}
    for _ in range(depth):
        document = {"word": document}
    return {**document, "@context": INLINE}


def chain(length: int) -> Document:
    """A ring of nodes that differ in nothing but their neighbours."""
    return {
        "@context": {"@vocab": "https://example.org/", "next": {"@type": "@id"}},
        "all": [{"@id": f"_:n{i}", "next": f"_:n{(i + 1) % length}"} for i in range(length)],
    }


def clique(size: int) -> Document:
    return {
        "@context": {"@vocab": "https://example.org/", "next": {"@type": "@id"}},
        "all": [{"@id": f"_:n{i}", "next": [f"_:n{j}" for j in range(size) if i != j]} for i in range(size)],
    }


@pytest.mark.parametrize(
    "document",
    [
        nested(MAX_DEPTH),
        a_credential(credentialSubject=[{"id": f"urn:{i}"} for i in range(MAX_VALUES)]),
        a_credential(name="x" * 5_000_000),
        a_credential(name=10**500),
        with_context({f"t{i}": f"https://example.org/{i}" for i in range(2_000)}),
        with_context(
            {"T": {"@id": "https://example.org/T", "@context": {f"t{i}": f"urn:x:{i}" for i in range(900)}}},
            credentialSubject=[{"id": f"urn:{i}", "type": "T"} for i in range(4_000)],
        ),
        chain(500),
        clique(9),
        clique(40),
    ],
    ids=["depth", "values", "text", "digits", "context", "scoped contexts", "ring", "clique", "big clique"],
)
def test_more_work_than_any_honest_credential_asks_for_is_refused(document: Document) -> None:
    with pytest.raises(Unbounded):
        rdfc(document)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"\udfff": 1}, {1: 2}, b"x"])
def test_what_json_cannot_carry_is_refused(value: object) -> None:
    for canonicalize in (rdfc, jcs):
        with pytest.raises(NotJson):
            canonicalize(a_credential(name=value))


def test_an_integer_that_a_double_cannot_hold_has_no_canonical_json() -> None:
    with pytest.raises(NotJson):
        jcs({"n": 2**53})


@given(
    st.dictionaries(
        st.text(alphabet=st.characters(codec="utf-8"), max_size=5),
        st.recursive(
            leaves.filter(lambda leaf: isinstance(leaf, str) or abs(leaf) < 2**53),
            lambda below: st.lists(below, max_size=3),
        ),
        max_size=4,
    )
)
def test_canonical_json_reads_back_as_the_document(document: Document) -> None:
    text = jcs(document)
    assert json.loads(text) == document
    assert jcs(json.loads(text)) == text


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-400, 400).map(lambda quarters: quarters / 4)
    | st.text(alphabet=st.characters(codec="utf-8")),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(st.text(alphabet=st.characters(codec="utf-8"), max_size=6), below, max_size=5)
    ),
    max_leaves=20,
)


@settings(max_examples=500)
@given(st.dictionaries(st.text(alphabet=st.characters(codec="utf-8"), max_size=6), json_values, max_size=5))
def test_canonical_json_is_that_of_an_independent_implementation(document: Document) -> None:
    assert jcs(document) == rfc8785.dumps(document)


def test_every_control_and_every_separator_is_written_as_rfc_8785_has_it() -> None:
    document = {"text": "".join(map(chr, range(0x2030)))}
    assert jcs(document) == rfc8785.dumps(document)


def test_the_contexts_of_a_strangers_document_are_forgotten_with_it() -> None:
    ours = with_context({"word": "https://example.org/one"}, word="x")
    theirs = with_context({"word": "https://example.org/two"}, word="x")
    assert rdfc(ours) != rdfc(theirs)
    assert rdfc(ours) == rdfc(copy.deepcopy(ours))


def test_a_badge_type_brings_its_own_terms_only_where_it_stands() -> None:
    badge = with_context(OPEN_BADGES, achievementType="Badge")
    with pytest.raises(UndefinedTerm):
        rdfc(badge)
