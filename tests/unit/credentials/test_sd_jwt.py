# ruff: noqa: ANN401 a disclosure holds any JSON
"""SD-JWT (RFC 9901): what is hidden stays hidden, and every way to smuggle something in is refused."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.canonical import Unbounded
from credentials.jose import Jws, NotAToken, b64, sign
from credentials.keys import ED25519, KeyKind, SigningKey
from credentials.proofs import WrongKind
from credentials.proofs.sd_jwt import (
    SD_JWT,
    Disclosable,
    NotAnSdJwt,
    SdJwt,
    digest,
    disclosed,
)
from schemas.faults import Malformed
from tests.builders import NOW

KEY = SigningKey.generate()
METHOD = "did:web:uex.example.org#key-1"


def issued(document: dict[str, Any], **how: Any) -> SdJwt:
    return SdJwt.parse(SD_JWT.secure(document, KEY, METHOD, NOW, **how))


def disclosure(*said: Any) -> str:
    return b64(orjson.dumps(list(said)))


def crafted(claims: dict[str, Any], *disclosures: str) -> SdJwt:
    """What a careless or hostile issuer could sign."""
    return SdJwt.parse("~".join([sign({"typ": "dc+sd-jwt"}, claims, KEY), *disclosures, ""]))


PERSON = {
    "vct": "urn:example:person",
    "family_name": Disclosable("Möbius"),
    "address": Disclosable({"street": Disclosable("Main St"), "country": "IE"}),
    "nationalities": [Disclosable("IE"), "DE", Disclosable("FR")],
}


def test_what_is_shown_in_full_is_what_was_issued() -> None:
    token = issued(PERSON)
    assert token.reveal().claims == {"iat": int(NOW.timestamp()), **disclosed(PERSON)}
    assert token.jws.verify(KEY.public)
    assert token.jws.header == {"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": METHOD}


def test_what_is_not_shown_is_nowhere_in_it() -> None:
    token = issued(PERSON).showing(lambda _: False)
    assert token.reveal().claims == {"iat": int(NOW.timestamp()), "vct": "urn:example:person", "nationalities": ["DE"]}
    said = base64.urlsafe_b64decode(token.token.split(".")[1] + "==").decode()
    for secret in ("family_name", "Möbius", "M\\u00f6bius", "address", "street", "Main St", '"IE"', '"FR"'):
        assert secret not in said


def test_a_holder_shows_a_claim_with_what_it_stands_inside_of() -> None:
    token = issued(PERSON).showing(lambda path: path in {("address", "street"), ("nationalities", 2)})
    assert token.reveal().claims == {
        "iat": int(NOW.timestamp()),
        "vct": "urn:example:person",
        "address": {"street": "Main St", "country": "IE"},
        "nationalities": ["DE", "FR"],
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda below: st.lists(below | below.map(Disclosable), max_size=4)
    | st.dictionaries(st.text(max_size=8).filter(lambda n: n not in {"_sd", "_sd_alg", "..."}),
                      below | below.map(Disclosable), max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from("abcdef"), JSON | JSON.map(Disclosable), max_size=6), st.data())
def test_any_subset_of_any_document_can_be_shown(document: dict[str, Any], data: st.DataObject) -> None:
    token = issued({"iat": 1, **document}, decoys=data.draw(st.integers(0, 2)))
    whole = token.reveal()
    assert whole.claims == disclosed({"iat": 1, **document})
    kept = data.draw(st.sets(st.sampled_from(sorted(whole.paths.values(), key=repr)))) if whole.paths else set()
    some = token.showing(lambda path: path in kept)
    assert set(kept) <= set(some.reveal().paths.values())
    assert SdJwt.parse(some.text) == some
    assert SdJwt.from_json(json.loads(json.dumps(some.to_json()))) == some


def test_salts_can_be_given_and_are_fresh_otherwise() -> None:
    def counted() -> Iterator[str]:
        return (f"salt-{n}" for n in itertools.count())

    first, second = issued(PERSON, salts=counted()), issued(PERSON, salts=counted())
    assert first.text == second.text
    assert {json.loads(base64.urlsafe_b64decode(text + "=="))[0] for text in first.disclosures} == {
        f"salt-{n}" for n in range(5)
    }
    assert not set(issued(PERSON).disclosures) & set(issued(PERSON).disclosures)
    salt = json.loads(base64.urlsafe_b64decode(issued(PERSON).disclosures[0] + "=="))[0]
    assert len(base64.urlsafe_b64decode(salt + "==")) == 16


def test_the_digests_stand_in_an_order_that_tells_nothing_and_among_decoys() -> None:
    token = issued({name: Disclosable(1) for name in "abcdefgh"}, decoys=3)
    digests = token.jws.claims()["_sd"]
    assert digests == sorted(digests)
    assert len(digests) == 11
    assert len(token.disclosures) == 8


def test_the_digests_are_those_of_the_specification() -> None:
    # RFC 9901, section 4.2.3, and 4.2.1: the text counts, not what it says.
    assert (
        digest("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0")
        == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    )
    assert digest("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0") == "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"


def test_disclosures_may_be_written_in_any_json() -> None:
    text = b64(b'[ "_26bc4LT-ac6q2KI6cBW5es" ,\n"family_name", "M\\u00f6bius"]')
    assert crafted({"_sd": [digest(text)]}, text).reveal().claims == {"family_name": "Möbius"}


@pytest.mark.parametrize("name", ["sha-256", "sha-384", "sha-512"])
def test_other_hashes_of_the_family_are_read(name: str) -> None:
    text = disclosure("salt", "a", 1)
    assert crafted({"_sd_alg": name, "_sd": [digest(text, name)]}, text).reveal().claims == {"a": 1}


# What an issuer cannot write


@pytest.mark.parametrize("name", ["_sd", "_sd_alg", "..."])
@pytest.mark.parametrize(
    "wrap", [lambda d: d, lambda d: {"a": d}, lambda d: {"a": [d]}, lambda d: {"a": Disclosable(d)}]
)
def test_a_claim_with_a_name_of_sd_jwts_own_is_not_issued(name: str, wrap: Any) -> None:
    for value in (1, Disclosable(1)):
        with pytest.raises(NotAnSdJwt):
            issued(wrap({name: value}))


def test_what_is_disclosable_twice_over_is_not_issued() -> None:
    with pytest.raises(NotAnSdJwt):
        issued({"a": Disclosable(Disclosable(1))})


def test_a_key_of_another_kind_is_a_mistake_of_ours() -> None:
    other = KeyKind(**{name: getattr(ED25519, name) for name in KeyKind.__slots__ if name != "name"}, name="Other")
    with pytest.raises(WrongKind):
        SD_JWT.secure({}, SigningKey(other, b"x" * 32), METHOD, NOW)


# What a verifier refuses: RFC 9901, section 7.1

A = disclosure("salt-a", "a", 1)
B = disclosure("salt-b", "b", 2)
ELEMENT = disclosure("salt-e", "IE")
INNER = disclosure("salt-i", "street", "Main St")
OUTER = disclosure("salt-o", "address", {"_sd": [digest(INNER)]})

REFUSED = {
    "a disclosure that nothing refers to": crafted({"_sd": [digest(A)]}, A, B),
    "a disclosure without any digest": crafted({}, A),
    "a disclosure twice": crafted({"_sd": [digest(A)]}, A, A),
    "a disclosure inside one that is not shown": crafted({"_sd": [digest(OUTER)]}, INNER),
    "a digest twice in one place": crafted({"_sd": [digest(A), digest(A)]}, A),
    "a digest twice in two places": crafted({"_sd": [digest(A)], "x": {"_sd": [digest(A)]}}, A),
    "a digest twice, though nothing is shown": crafted({"_sd": [digest(A)], "x": {"_sd": [digest(A)]}}),
    "a digest twice, of a claim and of an element": crafted({"_sd": [digest(A)], "x": [{"...": digest(A)}]}),
    "a digest again inside what is shown": crafted(
        {"_sd": [digest(A), digest(t := disclosure("s", "x", {"_sd": [digest(A)]}))]}, A, t
    ),
    "a name that is there already": crafted({"a": 0, "_sd": [digest(A)]}, A),
    "a name that another disclosure has": crafted(
        {"_sd": [digest(A), digest(t := disclosure("other", "a", 2))]}, A, t
    ),
    "a claim named _sd": crafted({"_sd": [digest(t := disclosure("s", "_sd", ["x"]))]}, t),
    "a claim named ...": crafted({"_sd": [digest(t := disclosure("s", "...", "x"))]}, t),
    "a claim named _sd_alg": crafted({"_sd": [digest(t := disclosure("s", "_sd_alg", "md5"))]}, t),
    "a name that is no text": crafted({"_sd": [digest(t := disclosure("s", 1, "x"))]}, t),
    "a salt that is no text": crafted({"_sd": [digest(t := disclosure(1, "a", "x"))]}, t),
    "a claim's disclosure with two parts": crafted({"_sd": [digest(ELEMENT)]}, ELEMENT),
    "a claim's disclosure with four parts": crafted({"_sd": [digest(t := disclosure("s", "a", 1, 2))]}, t),
    "an element's disclosure with three parts": crafted({"x": [{"...": digest(A)}]}, A),
    "a disclosure that is an object": crafted({"_sd": [digest(t := b64(b'{"0":"s","1":"a","2":1}'))]}, t),
    "a disclosure that is no JSON": crafted({"_sd": [digest(t := b64(b"[1,"))]}, t),
    "a disclosure that is no base64url": crafted({"_sd": [digest("+/==")]}, "+/=="),
    "a disclosure that says a name twice": crafted({"_sd": [digest(t := b64(b'["s","a",{"b":1,"b":2}]'))]}, t),
    "a digest with something beside it": crafted({"x": [{"...": digest(ELEMENT), "y": 1}]}, ELEMENT),
    "a digest of an element that is no text": crafted({"x": [{"...": 5}]}),
    "... where no element is": crafted({"x": {"...": digest(ELEMENT)}}),
    "... at the top": crafted({"...": digest(ELEMENT)}),
    "digests that are no array": crafted({"_sd": digest(A)}),
    "a digest that is no text": crafted({"_sd": [None]}),
    "_sd_alg that is not at the top": crafted({"x": {"_sd_alg": "sha-256"}}),
    "a hash that is not known": crafted({"_sd_alg": "md5", "_sd": []}),
    "a hash that is no text": crafted({"_sd_alg": ["sha-256"], "_sd": []}),
    "_sd inside a disclosure that is no array": crafted({"_sd": [digest(t := disclosure("s", "x", {"_sd": "y"}))]}, t),
    "... inside a disclosure": crafted({"_sd": [digest(t := disclosure("s", "x", {"...": "y"}))]}, t),
}  # fmt: skip


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED)
def test_it_refuses(token: SdJwt) -> None:
    with pytest.raises(NotAnSdJwt):
        token.reveal()


def test_the_same_claims_can_be_hidden_in_different_places() -> None:
    other = disclosure("another salt", "a", 1)
    assert crafted({"_sd": [digest(A)], "x": {"_sd": [digest(other)]}}, A, other).reveal().claims == {
        "x": {"a": 1},
        "a": 1,
    }


def test_disclosures_nested_in_each_other_have_a_bound() -> None:
    disclosures = [disclosure("s", "a", 1)]
    for n in range(200):
        disclosures.append(disclosure(f"s{n}", "a", {"_sd": [digest(disclosures[-1])]}))
    with pytest.raises(Unbounded):
        crafted({"_sd": [digest(disclosures[-1])]}, *disclosures).reveal()


def test_too_much_is_not_even_looked_at() -> None:
    with pytest.raises(Unbounded):
        SdJwt.parse(sign({}, {}, KEY) + "~" + "A~" * 1_001)
    with pytest.raises(Unbounded):
        SdJwt.parse("A" * 1_000_001 + "~")


@pytest.mark.parametrize("text", ["", "~", "a~b", "a.b~", "e30.e30.AA", "e30.e30.AA.AA~", "....~"])
def test_what_is_no_sd_jwt_is_malformed(text: str) -> None:
    with pytest.raises((NotAnSdJwt, NotAToken)):
        SdJwt.parse(text)


@pytest.mark.parametrize(
    "change",
    [
        {"payload": None},
        {"protected": 5},
        {"signature": "~"},
        {"header": []},
        {"header": {"disclosures": "abc"}},
        {"header": {"disclosures": [5]}},
        {"header": {"disclosures": [f"{A}~{B}"]}},
        {"header": {"disclosures": [], "kb_jwt": {}}},
        {"signatures": []},
        {"signatures": {}},
        {"signatures": ["x"]},
        {"signatures": [None]},
    ],
)
def test_what_is_no_json_serialisation_is_malformed(change: dict[str, Any]) -> None:
    whole = issued(PERSON).to_json()
    with pytest.raises(Malformed):
        SdJwt.from_json({**whole, **change})


@given(st.data())
def test_one_changed_character_never_adds_or_changes_a_claim(data: st.DataObject) -> None:
    token = issued(PERSON, salts=(f"salt {n}" for n in itertools.count()))
    place = data.draw(st.integers(0, len(token.text) - 1))
    letter = data.draw(st.sampled_from("aZ0-~.").filter(lambda letter: letter != token.text[place]))
    try:
        forged = SdJwt.parse(token.text[:place] + letter + token.text[place + 1 :])
        forged.reveal()
    except Malformed:
        return
    # Without its last ~ the last disclosure is read as a holder's token, which does not hold: shown is less.
    assert not forged.jws.verify(KEY.public) or set(forged.disclosures) <= set(token.disclosures)


def test_the_signature_is_over_the_digests() -> None:
    token = issued(PERSON)
    assert Jws.parse(token.token).verify(KEY.public)
    assert not Jws.parse(token.token).verify(SigningKey.generate().public)
