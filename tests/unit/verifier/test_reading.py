from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.json_text import DEEPEST, MOST_BYTES, TooLarge, parse_json
from schemas.faults import Malformed
from verifier.domain.reading import read
from verifier.domain.report import Finding
from verifier.domain.verdicts import Code

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def code(submission: str | bytes | dict[str, Any]) -> Code:
    outcome = read(submission)
    assert isinstance(outcome, Finding)
    return outcome.code


@given(JSON)
def test_json_is_read_as_it_was_written(value: object) -> None:
    assert parse_json(json.dumps(value)) == value


@given(JSON)
def test_json_is_read_alike_however_it_is_spaced(value: object) -> None:
    compact, wide = json.dumps(value, separators=(",", ":")), json.dumps(value, indent=2, ensure_ascii=False)
    assert parse_json(compact) == parse_json(wide) == value


@pytest.mark.parametrize("colon", [":", "\\u003a", "\\u003A"])
def test_no_colon_anywhere_hides_a_name_that_is_said_twice(colon: str) -> None:
    with pytest.raises(Malformed, match="twice"):
        parse_json(f'{{"a": "{colon}", "b": {{"c": 1, "c": "{colon}"}}, "d": "{colon}{colon}"}}')


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, 10**30])
def test_a_large_integer_keeps_its_digits(number: int) -> None:
    read_again = parse_json(f'{{"number": {number}}}')["number"]
    assert (type(read_again), read_again) == (int, number)


@given(st.binary() | st.text())
def test_whatever_is_handed_in_is_read_or_explained(raw: bytes | str) -> None:
    outcome = read(raw)
    assert isinstance(outcome, dict) or outcome.message


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "line 1, column 1"),
        ("{", "line 1, column 2"),
        ('{"a": 1,\n}', "line 2"),
        ("{'a': 1}", "not JSON"),
        (b"\xff\xfe", "UTF-8"),
        ('{"a": 1, "a": 2}', "'a' twice"),
        ('{"x": {"issuer": "b", "issuer": "b"}}', "twice"),
        ("NaN", "NaN is not a JSON number"),
        ('{"a": -Infinity}', "not a JSON number"),
        ('{"a": 1e999}', "too large"),
        ('{"a": ' + "1" * 5000 + "}", "too long"),
        ('{"a": "\\ud800"}', "surrogate"),
        ('{"\\udfff": 1}', "surrogate"),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "deep"),
        ("[" * 400_000, "deep"),
        ('{"a":' * 100_000, "deep"),
    ],
)
def test_what_has_no_single_meaning_is_refused_and_the_reason_said(raw: str | bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        parse_json(raw)
    assert code(raw) is Code.DOCUMENT_MALFORMED


def test_more_than_a_megabyte_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(TooLarge):
        parse_json("[" + " " * MOST_BYTES + "]")


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert parse_json(b"\xef\xbb\xbf{}") == parse_json("\ufeff{}") == {}


@pytest.mark.parametrize("value", [[], "text", 1, None, True, {}, {"type": "VerifiableCredential"}, {"@context": []}])
def test_json_that_is_no_credential_is_named_so(value: object) -> None:
    assert code(json.dumps(value)) is Code.DOCUMENT_MALFORMED


@pytest.mark.parametrize(
    "submission",
    [
        "eyJhbGciOiJFZERTQSJ9.eyJ2YyI6e319.c2ln",
        {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "EnvelopedVerifiableCredential"},
        {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]},
    ],
)
def test_a_form_that_cannot_be_checked_here_is_not_called_false(submission: str | dict[str, Any]) -> None:
    assert code(submission) is Code.FORM_UNSUPPORTED


def test_an_sd_jwt_that_is_no_credential_is_malformed() -> None:
    assert code("  eyJhbGciOiJFZERTQSJ9.eyJ2YyI6e319.c2ln~WyJzYWx0IiwibiIsInYiXQ~\n") is Code.DOCUMENT_MALFORMED


def test_a_document_that_is_handed_over_in_memory_is_held_to_the_same_rules() -> None:
    deep: dict[str, Any] = {}
    for _ in range(2000):
        deep = {"a": deep}
    assert code(deep) is Code.DOCUMENT_MALFORMED
    assert code({"type": "\ud800"}) is Code.DOCUMENT_MALFORMED
