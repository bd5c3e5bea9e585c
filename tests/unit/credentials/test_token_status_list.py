from __future__ import annotations

import json
import zlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.jose import Jws, b64, from_b64, sign
from credentials.keys import SigningKey
from credentials.status import (
    NotAReference,
    NotAStatusList,
    ReadStatusList,
    StatusIndexOutOfRange,
    TokenStatus,
    TokenStatusList,
    TokenStatusReference,
    seal_token_status_list,
)
from tests.builders import NOW

KEY = SigningKey.generate()
URL = "https://uex.example.org/status-lists/1"


@pytest.mark.parametrize(
    ("bits", "text", "statuses"),
    [
        (1, "eNrbuRgAAhcBXQ", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),
        (2, "eNo76fITAAPfAgc", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),
    ],
)
def test_the_examples_of_the_specification_are_read_and_written(bits: int, text: str, statuses: list[int]) -> None:
    read = TokenStatusList.decode({"bits": bits, "lst": text})
    assert [read.get(index) for index in range(read.length)] == statuses
    written = TokenStatusList.of(dict(enumerate(statuses)), length=len(statuses), bits=bits)
    encoded = written.encode()
    assert encoded["bits"] == bits
    assert from_b64(encoded["lst"])[2:] == from_b64(text)[2:], "but for zlib's header, which says how hard it tried"


@given(st.sampled_from([1, 2, 4, 8]), st.data())
def test_what_is_set_is_what_is_read_and_nothing_else(bits: int, data: st.DataObject) -> None:
    statuses = data.draw(st.dictionaries(st.integers(0, 2047), st.integers(0, (1 << bits) - 1), max_size=30))
    read = TokenStatusList.decode(TokenStatusList.of(statuses, length=2048, bits=bits).encode())
    assert read.length == 2048
    assert [read.get(index) for index in range(2048)] == [statuses.get(index, 0) for index in range(2048)]


@given(st.sampled_from([1, 2, 4, 8]), st.data())
def test_the_places_of_one_status_come_out_as_a_bitstring(bits: int, data: st.DataObject) -> None:
    statuses = data.draw(st.dictionaries(st.integers(0, 2047), st.integers(0, (1 << bits) - 1), max_size=30))
    asked = data.draw(st.integers(0, (1 << bits) - 1))
    places = TokenStatusList.of(statuses, length=2048, bits=bits).where(asked)
    assert places.length == 2048
    assert [places.get(index) for index in range(2048)] == [statuses.get(index, 0) == asked for index in range(2048)]


def test_an_entry_can_be_written_over() -> None:
    statuses = TokenStatusList(8, bits=2)
    statuses.set(3, TokenStatus.SUSPENDED)
    statuses.set(3, TokenStatus.INVALID)
    assert statuses.get(3) == TokenStatus.INVALID
    assert [statuses.get(index) for index in (2, 4)] == [0, 0]


def test_there_is_no_entry_outside_the_list_and_no_status_that_does_not_fit() -> None:
    statuses = TokenStatusList(16)
    for index in (-1, 16):
        with pytest.raises(StatusIndexOutOfRange):
            statuses.get(index)
        with pytest.raises(StatusIndexOutOfRange):
            statuses.set(index, 1)
    for status in (-1, 2):
        with pytest.raises(ValueError, match="bits"):
            statuses.set(0, status)
    for length, bits in ((16, 3), (0, 1), (3, 1), (8, 0)):
        with pytest.raises(ValueError, match="bits"):
            TokenStatusList(length, bits=bits)


@pytest.mark.parametrize(
    "member",
    [
        None,
        [],
        {},
        {"bits": 1},
        {"bits": 3, "lst": "eNrbuRgAAhcBXQ"},
        {"bits": True, "lst": "eNrbuRgAAhcBXQ"},
        {"bits": "1", "lst": "eNrbuRgAAhcBXQ"},
        {"bits": 1, "lst": 5},
        {"bits": 1, "lst": ""},
        {"bits": 1, "lst": "AAAA"},
        {"bits": 1, "lst": "eNrbuRgAAhcBXQ=="},
        {"bits": 1, "lst": "eNrbuRgAAhcB"},
        {"bits": 1, "lst": b64(zlib.compress(b"abc") + b"more")},
        {"bits": 1, "lst": b64(zlib.compress(b""))},
        {"bits": 1, "lst": b64(zlib.compress(bytes(2_000_000)))},
        {"bits": 1, "lst": b64(zlib.compress(bytes(200_000_000), 9))},
    ],
)
def test_what_is_no_list_is_not_unpacked_far(member: Any) -> None:  # noqa: ANN401 anything a stranger may write
    with pytest.raises(NotAStatusList):
        TokenStatusList.decode(member)


def test_a_list_travels_as_a_token() -> None:
    text = seal_token_status_list(
        URL, TokenStatusList.of([5]), KEY, "did:web:uex#k", issued=NOW,
        expires=NOW + timedelta(days=1), ttl=timedelta(hours=12),
    )  # fmt: skip
    token = Jws.parse(text)
    assert token.verify(KEY.public)
    assert token.header == {"alg": "EdDSA", "typ": "statuslist+jwt", "kid": "did:web:uex#k"}
    assert token.claims()["ttl"] == 43_200
    read = ReadStatusList.of(token)
    assert (read.url, read.issued, read.expires) == (URL, NOW, NOW + timedelta(days=1))
    assert [index for index in range(read.list.length) if read.list.get(index)] == [5]
    assert len(text) < 600


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "JWT"}, {}),
        ({}, {"sub": None}),
        ({}, {"iat": None}),
        ({}, {"iat": "now"}),
        ({}, {"iat": True}),
        ({}, {"exp": 1e300}),
        ({}, {"status_list": "eNrbuRgAAhcBXQ"}),
    ],
)
def test_a_token_that_is_no_list_is_not_read(header: dict[str, Any], claims: dict[str, Any]) -> None:
    said = {"sub": URL, "iat": 1, "status_list": TokenStatusList(8).encode(), **claims}
    token = Jws.parse(sign({"typ": "statuslist+jwt", **header}, json.loads(json.dumps(said)), KEY))
    with pytest.raises(NotAStatusList):
        ReadStatusList.of(token)


def test_a_reference_says_where_to_look() -> None:
    reference = TokenStatusReference(URL, 94_567)
    assert TokenStatusReference.of({"status": reference.member()}) == reference
    assert TokenStatusReference.of({}) is None
    assert TokenStatusReference.of({"status": {"another_kind": {}}}) is None


@pytest.mark.parametrize(
    "status",
    [
        [],
        "https://uex.example.org",
        {"status_list": None},
        {"status_list": {"idx": 1}},
        {"status_list": {"uri": URL}},
        {"status_list": {"uri": URL, "idx": "1"}},
        {"status_list": {"uri": URL, "idx": -1}},
        {"status_list": {"uri": URL, "idx": True}},
        {"status_list": {"uri": URL, "idx": 2**53}},
        {"status_list": {"uri": URL, "idx": 10**25}},
        {"status_list": {"uri": 5, "idx": 1}},
    ],
)
def test_a_reference_that_says_nothing_is_malformed(status: Any) -> None:  # noqa: ANN401 as above
    with pytest.raises(NotAReference):
        TokenStatusReference.of({"status": status})
