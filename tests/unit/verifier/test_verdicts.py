from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Decision
from verifier.domain.report import Outcome, found, outcome, verdict
from verifier.domain.verdicts import DEFAULT, NOT_ASKED, PROTOCOL, VERDICTS, CheckId, Code, Policy

GRAVITY = [Decision.ACCEPT, Decision.REVIEW, Decision.INDETERMINATE, Decision.REJECT]

DECIDED = {
    Decision.REJECT: {
        Code.DOCUMENT_MALFORMED,
        Code.FORMAT_INVALID,
        Code.TERM_UNDEFINED,
        Code.RESOURCE_CHANGED,
        Code.SIGNATURE_INVALID,
        Code.SIGNATURE_MISSING,
        Code.CERTIFICATE_OUT_OF_DATE,
        Code.KEY_NOT_LISTED,
        Code.KEY_COMPROMISED,
        Code.ISSUER_MISMATCH,
        Code.REVOKED,
        Code.SUSPENDED,
        Code.NOT_YET_VALID,
        Code.CHALLENGE_MISMATCH,
        Code.DOMAIN_MISMATCH,
        Code.HOLDER_MISMATCH,
        Code.HOLDER_UNPROVEN,
    },
    Decision.INDETERMINATE: {
        Code.NOT_REACHED,
        Code.DOCUMENT_UNREACHABLE,
        Code.FORM_UNSUPPORTED,
        Code.CONTEXT_UNKNOWN,
        Code.TOO_COMPLEX,
        Code.ISSUANCE_LOG_UNAVAILABLE,
        Code.RESOURCE_UNAVAILABLE,
        Code.SIGNATURE_UNSUPPORTED,
        Code.KEY_UNAVAILABLE,
        Code.TRUST_UNAVAILABLE,
        Code.STATUS_UNAVAILABLE,
        Code.STATUS_UNSUPPORTED,
        Code.STATUS_LIST_FORGED,
        Code.STATUS_LIST_FOREIGN,
        Code.STATUS_LIST_OUTDATED,
        Code.STATUS_LIST_MALFORMED,
        Code.STATUS_LIST_TOO_SHORT,
        Code.STATUS_PURPOSE_MISMATCH,
        Code.STATUS_INDEX_OUT_OF_RANGE,
    },
    Decision.REVIEW: {
        Code.FORMAT_GENERIC,
        Code.CERTIFICATE_EXPIRED_SINCE,
        Code.EXPIRED,
        Code.ISSUER_UNKNOWN,
        Code.ISSUER_TRUSTED_LATER,
        Code.AUTHORITY_UNKNOWN,
    },
    Decision.ACCEPT: {
        Code.DOCUMENT_READ,
        Code.FORMAT_VALID,
        Code.SIGNATURE_VALID,
        Code.ISSUER_MATCHES,
        Code.ISSUER_TRUSTED,
        Code.TRUST_NOT_ASKED,
        Code.STATUS_GOOD,
        Code.STATUS_NONE,
        Code.VALID_NOW,
        Code.HOLDER_NOT_ASKED,
        Code.HOLDER_BOUND,
    },
}


def test_every_code_has_one_row_and_the_rows_stand_here_once_more() -> None:
    assert set(VERDICTS) == set(Code)
    assert {code: row.decision for code, row in VERDICTS.items()} == {
        code: decision for decision, codes in DECIDED.items() for code in codes
    }


@pytest.mark.parametrize("code", [code for code, row in VERDICTS.items() if row.decision is not Decision.ACCEPT])
def test_whatever_is_not_accepted_can_be_explained_in_the_sentence(code: Code) -> None:
    assert VERDICTS[code].because
    assert not VERDICTS[code].because.endswith(".")


@given(st.lists(st.sampled_from(Code), min_size=1))
def test_the_gravest_finding_decides(codes: list[Code]) -> None:
    assert DEFAULT.decide(codes) is max((VERDICTS[code].decision for code in codes), key=GRAVITY.index)


@pytest.mark.parametrize(
    ("graver", "lighter"), [(a, b) for a, b in product(GRAVITY, repeat=2) if GRAVITY.index(a) > GRAVITY.index(b)]
)
def test_reject_over_indeterminate_over_review_over_accept(graver: Decision, lighter: Decision) -> None:
    grave, light = min(DECIDED[graver]), min(DECIDED[lighter])
    assert DEFAULT.decide([grave, light]) is DEFAULT.decide([light, grave]) is graver


def test_nothing_found_is_not_accepted() -> None:
    assert DEFAULT.decide([]) is Decision.INDETERMINATE


@given(st.lists(st.sampled_from(Code), min_size=1))
def test_could_not_check_is_never_checked_and_fine(codes: list[Code]) -> None:
    for policy in (DEFAULT, PROTOCOL):
        unchecked = {code for code in codes if outcome(code, policy) is Outcome.NOT_CHECKED} - NOT_ASKED
        if unchecked:
            assert policy.decide(codes) in (Decision.INDETERMINATE, Decision.REJECT)


def test_a_policy_moves_rows_and_leaves_the_others() -> None:
    strict = Policy("strict", {Code.ISSUER_UNKNOWN: Decision.REJECT})
    assert strict.decide([Code.ISSUER_UNKNOWN]) is Decision.REJECT
    assert outcome(Code.ISSUER_UNKNOWN, strict) is Outcome.FAIL
    assert strict.decide([Code.EXPIRED]) is DEFAULT.decide([Code.EXPIRED])


def test_the_protocol_does_not_ask_for_trust_and_takes_dates_strictly() -> None:
    assert not PROTOCOL.asks_trust
    assert PROTOCOL.decide([Code.SIGNATURE_VALID, Code.EXPIRED]) is Decision.REJECT
    assert PROTOCOL.decide([Code.SIGNATURE_VALID, Code.FORMAT_GENERIC, Code.TRUST_NOT_ASKED]) is Decision.ACCEPT


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([Code.SIGNATURE_VALID], "Genuine and currently valid"),
        ([Code.EXPIRED], "Genuine, but needs your judgement: it has expired"),
        (
            [Code.ISSUER_UNKNOWN, Code.EXPIRED],
            "Genuine, but needs your judgement: its issuer is not on this verifier's list; it has expired",
        ),
        ([Code.REVOKED, Code.EXPIRED], "Do not rely on this: its issuer has revoked it"),
        (
            [Code.KEY_UNAVAILABLE, Code.NOT_REACHED],
            "Could not be fully checked: the issuer's key could not be had",
        ),
        ([Code.NOT_REACHED], "Could not be fully checked"),
    ],
)
def test_the_sentence_opens_with_the_verdict_and_says_what_decided_it(codes: list[Code], said: str) -> None:
    assert verdict(tuple(codes), DEFAULT)[1] == said


def test_the_checks_are_eight_in_this_order() -> None:
    assert [check.value for check in CheckId] == [
        "read", "format", "signature", "issuer-identity", "issuer-trust", "status", "validity", "holder",
    ]  # fmt: skip


def test_what_belongs_to_no_single_check_is_found_by_none() -> None:
    with pytest.raises(ValueError, match="no single check"):
        found(Code.NOT_REACHED, "…")
