from __future__ import annotations

import gzip
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.multibase import NotMultibase, base64url, from_base64url
from credentials.status import (
    LENGTH,
    LONGEST,
    NotAStatusList,
    StatusIndexOutOfRange,
    StatusList,
    compose_status_list,
    spread,
)
from tests.builders import NOW

KEY = bytes(range(32))


@settings(max_examples=25)
@given(st.sets(st.integers(min_value=0, max_value=LENGTH - 1), max_size=50))
def test_an_encoded_list_decodes_to_exactly_what_was_set(indexes: set[int]) -> None:
    decoded = StatusList.decode(StatusList.with_set(indexes).encode())
    assert {index for index in range(LENGTH) if decoded.get(index)} == indexes


def test_index_zero_is_the_first_bit() -> None:
    packed = from_base64url(StatusList.with_set([0, 15]).encode())
    assert gzip.decompress(packed)[:3] == bytes([0b1000_0000, 0b0000_0001, 0])


def test_the_list_of_the_specification_decodes_to_nothing_set() -> None:
    # Bitstring Status List 1.0, example 3: 16 KB of zeros.
    published = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    decoded = StatusList.decode(published)
    assert decoded.length == LENGTH
    assert not any(decoded.get(index) for index in range(LENGTH))


def test_an_entry_can_be_cleared_again() -> None:
    entries = StatusList.with_set([7])
    entries.set(7, value=False)
    assert not entries.get(7)


def test_the_same_entries_always_give_the_same_text() -> None:
    assert StatusList.with_set([1, 2]).encode() == StatusList.with_set([2, 1]).encode()


@pytest.mark.parametrize("index", [-1, LENGTH])
def test_an_index_outside_the_list_is_refused(index: int) -> None:
    with pytest.raises(StatusIndexOutOfRange):
        StatusList().get(index)
    with pytest.raises(StatusIndexOutOfRange):
        StatusList().set(index)


def packed(bits: bytes) -> str:
    return base64url(gzip.compress(bits))


@pytest.mark.parametrize(
    "text",
    [
        packed(bytes(LENGTH // 8 - 1)),
        packed(bytes(LONGEST // 8 + 1)),
        packed(bytes(100_000_000)),
        base64url(b"no gzip"),
        base64url(gzip.compress(bytes(LENGTH // 8))[:-9]),
        base64url(gzip.compress(bytes(LENGTH // 8)) + b"more"),
    ],
    ids=["too short", "too long", "bomb", "not packed", "cut off", "followed by more"],
)
def test_a_list_that_protects_nobody_or_means_harm_is_refused(text: str) -> None:
    with pytest.raises(NotAStatusList):
        StatusList.decode(text)


def test_a_list_in_another_encoding_is_refused() -> None:
    with pytest.raises(NotMultibase):
        StatusList.decode(StatusList().encode()[1:])


def test_the_credential_of_a_list_says_what_the_list_is_for() -> None:
    document = compose_status_list(
        url="https://laurel.example.org/lists/1",
        issuer="did:web:laurel.example.org",
        purpose="revocation",
        encoded=StatusList().encode(),
        issued=NOW,
        valid_until=NOW,
    )
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["credentialSubject"]["id"] == "https://laurel.example.org/lists/1#list"
    assert document["credentialSubject"]["statusPurpose"] == "revocation"
    assert document["validUntil"] == "2026-11-23T10:00:00Z"


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=80), st.integers(min_value=1, max_value=700))
def test_spreading_uses_every_index_exactly_once(key: bytes, length: int) -> None:
    assert sorted(spread(key, position, length) for position in range(length)) == list(range(length))


def test_the_first_ten_thousand_of_a_whole_list_are_unique_and_do_not_stand_together() -> None:
    indexes = [spread(KEY, position) for position in range(10_000)]
    assert len(set(indexes)) == 10_000
    assert all(0 <= index < LENGTH for index in indexes)
    neighbours = sum(abs(a - b) == 1 for a, b in pairwise(indexes))
    assert neighbours < 10


def test_another_key_spreads_otherwise_and_the_same_key_alike() -> None:
    ours = [spread(KEY, position) for position in range(100)]
    assert ours == [spread(KEY, position) for position in range(100)]
    assert ours != [spread(bytes(32), position) for position in range(100)]


@pytest.mark.parametrize("position", [-1, LENGTH])
def test_a_full_list_gives_no_more_indexes(position: int) -> None:
    with pytest.raises(StatusIndexOutOfRange):
        spread(KEY, position)
