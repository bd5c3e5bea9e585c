# ruff: noqa: ANN401 a document's members are any JSON
"""Every lie a credential, a status list or an issuer can tell, and the verdict on it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.dids import did_document, did_key, did_key_method
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, DataIntegrity
from schemas.events import CredentialState, Decision
from schemas.values import JsonObject
from tests.component.verifier.world import (
    INDEX,
    ISSUED,
    LATER,
    LIST,
    MALLORY,
    UEX,
    Issuer,
    World,
    a_badge,
    a_status_list,
)
from verifier.domain.report import Outcome, Report
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer
from verifier.domain.verdicts import CheckId, Code
from verifier.handlers import VerifyCredential, VerifyForProtocol


def decided(report: Report, decision: Decision, *codes: Code) -> None:
    assert (report.decision, report.codes) == (decision, codes), [
        (check.code, check.message) for check in report.checks
    ]


@pytest.mark.parametrize("suite", [EDDSA_RDFC_2022, EDDSA_JCS_2022], ids=lambda suite: suite.name)
async def test_a_genuine_credential_is_genuine_and_currently_valid(suite: DataIntegrity) -> None:
    report = await World().verify(UEX.sign(a_badge(), suite))
    decided(report, Decision.ACCEPT)
    assert report.sentence == "Genuine and currently valid"
    assert [check.id for check in report.checks] == list(CheckId)
    assert report.check(CheckId.HOLDER).outcome is Outcome.NOT_CHECKED
    assert all(check.outcome is Outcome.PASS for check in report.checks if check.id is not CheckId.HOLDER)


async def test_the_report_says_who_issued_what_to_whom_and_when() -> None:
    summary = (await World().verify(json.dumps(UEX.sign(a_badge())))).credential
    assert summary is not None
    assert summary.title == "Data ethics for public services"
    assert summary.issuer.name == "University of Example"
    assert summary.subject.name == "Ana Andromeda"
    assert summary.issued == ISSUED.replace(microsecond=0)
    assert {"learning-outcomes", "workload", "level", "assessment"} <= {element.id for element in summary.elements}


async def test_what_was_asked_is_counted_once() -> None:
    world = World()
    report = await world.verify(UEX.sign(a_badge()))
    assert world.counted.reports == [report]


# The signature


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every text, number and truth value of a document stands."""
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [leaf for place, inner in enumerate(value) for leaf in leaves(inner, (*path, place))]
    return [path]


SEALED = {suite.name: UEX.sign(a_badge(), suite) for suite in (EDDSA_RDFC_2022, EDDSA_JCS_2022)}


@given(st.sampled_from(sorted(SEALED)), st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
async def test_one_changed_byte_anywhere_is_never_accepted(suite: str, data: st.DataObject) -> None:
    forged = copy.deepcopy(SEALED[suite])
    *path, last = data.draw(st.sampled_from(leaves(forged)))
    holder = forged
    for step in path:
        holder = holder[step]
    original = holder[last]
    if isinstance(original, str):
        place = data.draw(st.integers(0, max(0, len(original) - 1)))
        letter = data.draw(st.sampled_from("aZ0 -").filter(lambda letter: letter != original[place : place + 1]))
        holder[last] = original[:place] + letter + original[place + 1 :]
    elif isinstance(original, bool):
        holder[last] = not original
    else:
        holder[last] = original + 1
    report = await World().verify(forged)
    assert report.decision in (Decision.REJECT, Decision.INDETERMINATE), (path, last, holder[last])


@pytest.mark.parametrize("suite", [EDDSA_RDFC_2022, EDDSA_JCS_2022], ids=lambda suite: suite.name)
@pytest.mark.parametrize(
    "change",
    [
        lambda badge: badge["credentialSubject"]["achievement"].update(name="Doctor of Philosophy"),
        lambda badge: badge.pop("validUntil"),
        lambda badge: badge.pop("credentialStatus"),
        lambda badge: badge["credentialStatus"].update(statusListIndex="1"),
        lambda badge: badge.update(validUntil="2099-01-01T00:00:00Z"),
        lambda badge: badge.update(description="added"),
        lambda badge: badge["proof"][0].update(created="2026-11-23T10:00:04Z"),
        lambda badge: badge["proof"][0].update(proofValue="z" + "1" * 64),
        lambda badge: badge["proof"][0].update(proofValue=17),
        lambda badge: badge["proof"][0].update(proofPurpose="authentication"),
    ],
)
async def test_what_was_changed_after_signing_is_rejected_and_the_rest_is_not_judged(
    suite: DataIntegrity, change: Callable[[JsonObject], None]
) -> None:
    forged = UEX.sign(a_badge(), suite)
    change(forged)
    report = await World().verify(forged)
    decided(report, Decision.REJECT, Code.SIGNATURE_INVALID)
    for check in list(CheckId)[3:]:
        assert report.check(check).code is Code.NOT_REACHED
        assert report.check(check).outcome is Outcome.NOT_CHECKED


async def test_an_unsigned_credential_is_rejected() -> None:
    decided(await World().verify(a_badge()), Decision.REJECT, Code.SIGNATURE_MISSING)
    decided(await World().verify({**a_badge(), "proof": []}), Decision.REJECT, Code.SIGNATURE_MISSING)


async def test_an_undefined_term_is_rejected_whichever_suite_signed_it() -> None:
    badge = a_badge()
    for suite in (EDDSA_RDFC_2022, EDDSA_JCS_2022):
        signed = UEX.sign(badge, suite)
        signed["credentialSubject"]["rank"] = "first"
        decided(await World().verify(signed), Decision.REJECT, Code.TERM_UNDEFINED)
    badge["credentialSubject"]["rank"] = "first"
    decided(await World().verify(UEX.sign(badge, EDDSA_JCS_2022)), Decision.REJECT, Code.TERM_UNDEFINED)


async def test_a_vocabulary_that_is_not_known_here_is_not_guessed_at() -> None:
    badge = a_badge()
    badge["@context"] = [*badge["@context"], "https://vocabulary.example/v1"]
    report = await World().verify(UEX.sign(badge, EDDSA_JCS_2022))
    decided(report, Decision.INDETERMINATE, Code.CONTEXT_UNKNOWN)


async def test_a_signature_of_an_unknown_kind_is_not_called_false() -> None:
    signed = UEX.sign(a_badge())
    signed["proof"][0]["cryptosuite"] = "bbs-2023"
    decided(await World().verify(signed), Decision.INDETERMINATE, Code.SIGNATURE_UNSUPPORTED)


async def test_a_document_with_many_signers_is_left_alone_and_nobody_is_asked_for_their_keys() -> None:
    signed = UEX.sign(a_badge(), EDDSA_JCS_2022)
    proof = signed["proof"][0]
    signed["proof"] = [{**proof, "verificationMethod": f"did:web:victim{n}.example#k"} for n in range(50)]
    world = World()
    decided(await world.verify(signed), Decision.INDETERMINATE, Code.TOO_COMPLEX)
    assert world.asked == []


async def test_a_document_with_many_statuses_is_left_alone_and_none_is_looked_up() -> None:
    badge = a_badge()
    entry = badge["credentialStatus"]
    badge["credentialStatus"] = [
        {**entry, "id": f"https://victim.example/{n}#1", "statusListCredential": f"https://victim.example/{n}"}
        for n in range(20)
    ]
    world = World()
    decided(await world.verify(UEX.sign(badge)), Decision.INDETERMINATE, Code.STATUS_UNSUPPORTED)
    assert set(world.asked) == {UEX.did}


# The issuer


async def test_a_key_that_cannot_be_had_leaves_the_question_open() -> None:
    report = await World(dids={}).verify(UEX.sign(a_badge()))
    decided(report, Decision.INDETERMINATE, Code.KEY_UNAVAILABLE)
    assert report.sentence == "Could not be fully checked: the issuer's key could not be had"


async def test_a_key_the_issuer_does_not_list_is_rejected() -> None:
    other = did_document(UEX.did, [("key-2", UEX.key.public)])
    decided(await World(dids={UEX.did: other}).verify(UEX.sign(a_badge())), Decision.REJECT, Code.KEY_NOT_LISTED)


async def test_a_key_for_other_purposes_is_rejected() -> None:
    document = {**UEX.document, "assertionMethod": []}
    decided(await World(dids={UEX.did: document}).verify(UEX.sign(a_badge())), Decision.REJECT, Code.KEY_NOT_LISTED)


async def test_a_key_newer_than_the_kept_document_is_looked_for_again() -> None:
    world = World(dids={UEX.did: did_document(UEX.did, [])}, rotated={UEX.did: UEX.document})
    decided(await world.verify(UEX.sign(a_badge())), Decision.ACCEPT)


async def test_a_rotated_key_still_verifies_what_it_signed() -> None:
    newer = SigningKey.generate().public
    document = did_document(UEX.did, [("key-1", UEX.key.public), ("key-2", newer)])
    decided(await World(dids={UEX.did: document}).verify(UEX.sign(a_badge())), Decision.ACCEPT)


async def test_somebody_elses_key_under_the_issuers_name_is_rejected() -> None:
    signed = MALLORY.sign(a_badge(UEX), verification_method=UEX.method)
    decided(await World().verify(signed), Decision.REJECT, Code.SIGNATURE_INVALID)


async def test_signed_by_another_did_than_the_issuer_it_names_is_rejected() -> None:
    world = World()
    world.dids[MALLORY.did] = MALLORY.document
    report = await world.verify(MALLORY.sign(a_badge(UEX)))
    decided(report, Decision.REJECT, Code.ISSUER_MISMATCH)
    assert report.check(CheckId.SIGNATURE).outcome is Outcome.PASS
    assert report.check(CheckId.ISSUER_TRUST).code is Code.NOT_REACHED


async def test_a_did_document_of_somebody_else_is_no_evidence() -> None:
    stolen = {**MALLORY.document}
    report = await World(dids={UEX.did: stolen}).verify(UEX.sign(a_badge()))
    decided(report, Decision.REJECT, Code.KEY_NOT_LISTED)


async def test_a_proof_of_another_beside_the_issuers_does_no_harm() -> None:
    both = MALLORY.sign(UEX.sign(a_badge()))
    decided(await World().verify(both), Decision.ACCEPT)
    world = World()
    world.dids[MALLORY.did] = MALLORY.document
    decided(await world.verify(both), Decision.ACCEPT)


async def test_a_false_proof_beside_a_good_one_is_rejected() -> None:
    both = MALLORY.sign(UEX.sign(a_badge()))
    both["proof"][1]["proofValue"] = both["proof"][0]["proofValue"]
    world = World()
    world.dids[MALLORY.did] = MALLORY.document
    decided(await world.verify(both), Decision.REJECT, Code.SIGNATURE_INVALID)


async def test_the_proof_of_another_does_not_stand_in_for_the_issuers_that_cannot_be_checked() -> None:
    both = MALLORY.sign(UEX.sign(a_badge()))
    report = await World(dids={MALLORY.did: MALLORY.document}).verify(both)
    decided(report, Decision.INDETERMINATE, Code.KEY_UNAVAILABLE)


async def test_an_unknown_issuer_is_for_a_person_to_judge() -> None:
    report = await World(trusted={}).verify(UEX.sign(a_badge()))
    decided(report, Decision.REVIEW, Code.ISSUER_UNKNOWN)
    assert report.check(CheckId.ISSUER_TRUST).outcome is Outcome.WARN
    assert report.sentence.startswith("Genuine, but needs your judgement: ")


async def test_a_did_key_needs_nobody_to_be_asked() -> None:
    key = SigningKey.generate()
    issuer = Issuer(did_key(key.public), key)
    signed = issuer.sign(a_badge(issuer, credentialStatus=None), verification_method=did_key_method(issuer.did))
    decided(await World().verify(signed), Decision.REVIEW, Code.ISSUER_UNKNOWN)


async def test_what_was_issued_before_its_issuer_was_listed_is_for_a_person_to_judge() -> None:
    listed = TrustedIssuer(did=UEX.did, name="University of Example", since=ISSUED + timedelta(days=1))
    report = await World(trusted={UEX.did: listed}).verify(UEX.sign(a_badge()))
    decided(report, Decision.REVIEW, Code.ISSUER_TRUSTED_LATER)


async def test_what_was_issued_in_the_second_its_issuer_was_listed_is_trusted() -> None:
    listed = TrustedIssuer(did=UEX.did, name="University of Example", since=ISSUED + timedelta(milliseconds=900))
    decided(await World(trusted={UEX.did: listed}).verify(UEX.sign(a_badge())), Decision.ACCEPT)


async def test_without_its_trust_list_the_verifier_does_not_guess() -> None:
    report = await World(trust_away=True).verify(UEX.sign(a_badge()))
    decided(report, Decision.INDETERMINATE, Code.TRUST_UNAVAILABLE)


# The status


def with_list(status_list: JsonObject) -> World:
    return World(lists={LIST: status_list})


async def test_revoked_is_rejected_with_the_age_of_the_list() -> None:
    report = await with_list(UEX.sign(a_status_list(INDEX))).verify(UEX.sign(a_badge()))
    decided(report, Decision.REJECT, Code.REVOKED)
    assert report.check(CheckId.STATUS).evidence["listAgeSeconds"] == 7200
    assert "The list is 2 hours old" in report.check(CheckId.STATUS).message


async def test_revoked_by_this_house_is_rejected_with_its_reason() -> None:
    world = with_list(UEX.sign(a_status_list(INDEX)))
    world.states[LIST, INDEX] = KnownState(CredentialState.REVOKED, "Issued to the wrong person.", LATER)
    check = (await world.verify(UEX.sign(a_badge()))).check(CheckId.STATUS)
    assert check.evidence["reason"] == "Issued to the wrong person."
    assert "Issued to the wrong person" in check.message


@pytest.mark.parametrize("lists", [{}, {LIST: UEX.sign(a_status_list())}, {LIST: MALLORY.sign(a_status_list())}])
async def test_what_this_house_revoked_is_revoked_whatever_the_list_says(lists: dict[str, JsonObject]) -> None:
    world = World(lists=lists)
    world.states[LIST, INDEX] = KnownState(CredentialState.REVOKED, "Issued to the wrong person.", LATER)
    decided(await world.verify(UEX.sign(a_badge())), Decision.REJECT, Code.REVOKED)


async def test_what_was_reinstated_holds_again() -> None:
    world = World()
    world.states[LIST, INDEX] = KnownState(CredentialState.ACTIVE, "Cleared.", LATER)
    decided(await world.verify(UEX.sign(a_badge())), Decision.ACCEPT)


async def test_suspended_is_rejected() -> None:
    suspended = UEX.sign(a_status_list(INDEX, purpose="suspension"))
    report = await with_list(suspended).verify(UEX.sign(a_badge(purpose="suspension")))
    decided(report, Decision.REJECT, Code.SUSPENDED)


async def test_the_neighbours_revocation_is_not_ones_own() -> None:
    decided(await with_list(UEX.sign(a_status_list(INDEX - 1, INDEX + 1))).verify(UEX.sign(a_badge())), Decision.ACCEPT)


async def test_an_unreachable_list_is_not_taken_for_good_news() -> None:
    report = await World(lists={}).verify(UEX.sign(a_badge()))
    decided(report, Decision.INDETERMINATE, Code.STATUS_UNAVAILABLE)
    assert report.check(CheckId.STATUS).outcome is Outcome.NOT_CHECKED
    assert report.check(CheckId.VALIDITY).outcome is Outcome.PASS


def tampered() -> JsonObject:
    forged = UEX.sign(a_status_list(INDEX))
    forged["credentialSubject"]["encodedList"] = a_status_list()["credentialSubject"]["encodedList"]
    return forged


@pytest.mark.parametrize(
    ("status_list", "code"),
    [
        (tampered(), Code.STATUS_LIST_FORGED),
        (a_status_list(), Code.STATUS_LIST_FORGED),
        (MALLORY.sign(a_status_list(), verification_method=UEX.method), Code.STATUS_LIST_FORGED),
        (MALLORY.sign(a_status_list()), Code.STATUS_LIST_FOREIGN),
        (MALLORY.sign(a_status_list(issuer=MALLORY)), Code.STATUS_LIST_FOREIGN),
        (UEX.sign(a_status_list(valid_until=LATER - timedelta(seconds=1))), Code.STATUS_LIST_OUTDATED),
        (UEX.sign(a_status_list(issued=LATER + timedelta(hours=1))), Code.STATUS_LIST_OUTDATED),
        (UEX.sign(a_status_list(purpose="suspension")), Code.STATUS_PURPOSE_MISMATCH),
        (UEX.sign(a_status_list(url="https://uex.example.org/status-lists/2")), Code.STATUS_LIST_MALFORMED),
        (UEX.sign(a_status_list(encoded="uH4sIAAAAAAAAA")), Code.STATUS_LIST_MALFORMED),
        (UEX.sign(a_status_list(encoded="not multibase")), Code.STATUS_LIST_MALFORMED),
        (UEX.sign(a_badge(credentialStatus=None)), Code.STATUS_LIST_MALFORMED),
        ({"error": "gone"}, Code.STATUS_LIST_MALFORMED),
        ({**UEX.sign(a_status_list()), "extra": "term"}, Code.STATUS_LIST_FORGED),
    ],
)
async def test_a_list_that_cannot_be_relied_on_says_nothing(status_list: JsonObject, code: Code) -> None:
    world = with_list(status_list)
    world.dids[MALLORY.did] = MALLORY.document
    decided(await world.verify(UEX.sign(a_badge())), Decision.INDETERMINATE, code)


async def test_a_place_that_does_not_exist_leaves_the_question_open() -> None:
    badge = a_badge()
    badge["credentialStatus"]["statusListIndex"] = "131072"
    report = await World().verify(UEX.sign(badge))
    decided(report, Decision.INDETERMINATE, Code.STATUS_INDEX_OUT_OF_RANGE)


@pytest.mark.parametrize("index", ["-1", "1e3", "abc", "9" * 30])
async def test_a_place_that_is_no_number_leaves_the_question_open(index: str) -> None:
    badge = a_badge()
    badge["credentialStatus"]["statusListIndex"] = index
    report = await World().verify(UEX.sign(badge, EDDSA_JCS_2022))
    assert report.decision is not Decision.ACCEPT


async def test_a_status_of_an_unknown_kind_leaves_the_question_open() -> None:
    badge = a_badge()
    badge["credentialStatus"] = {"id": "https://uex.example.org/revoked/1", "type": "1EdTechCredentialRefresh"}
    report = await World().verify(UEX.sign(badge))
    assert report.decision in (Decision.INDETERMINATE, Decision.REJECT)
    assert report.codes in ((Code.STATUS_UNSUPPORTED,), (Code.TERM_UNDEFINED,))


async def test_the_gravest_of_several_statuses_counts() -> None:
    badge = a_badge()
    other = "https://uex.example.org/status-lists/s"
    badge["credentialStatus"] = [
        badge["credentialStatus"],
        {**badge["credentialStatus"], "id": f"{other}#7", "statusPurpose": "suspension",
         "statusListIndex": "7", "statusListCredential": other},
    ]  # fmt: skip
    signed = UEX.sign(badge)
    decided(await World().verify(signed), Decision.INDETERMINATE, Code.STATUS_UNAVAILABLE)
    world = World()
    world.lists[other] = UEX.sign(a_status_list(7, url=other, purpose="suspension"))
    decided(await world.verify(signed), Decision.REJECT, Code.SUSPENDED)


# Dates


async def test_expired_is_for_a_person_to_judge() -> None:
    badge = a_badge(validUntil="2026-12-01T00:00:00Z")
    decided(await World().verify(UEX.sign(badge)), Decision.REVIEW, Code.EXPIRED)


async def test_not_yet_valid_is_rejected_unless_clocks_merely_differ() -> None:
    signed = UEX.sign(a_badge(), created=ISSUED - timedelta(days=1))
    status_list = UEX.sign(a_status_list(issued=ISSUED - timedelta(days=2)), created=ISSUED - timedelta(days=2))
    early = World(lists={LIST: status_list})
    decided(await early.verify(signed, at=ISSUED - timedelta(hours=1)), Decision.REJECT, Code.NOT_YET_VALID)
    decided(await early.verify(signed, at=ISSUED - timedelta(seconds=10)), Decision.ACCEPT)


@pytest.mark.parametrize(
    "changes",
    [
        {"validFrom": "yesterday"},
        {"validFrom": "2026-11-23"},
        {"validFrom": "2026-11-23T10:00:00"},
        {"validUntil": "2026-13-01T00:00:00Z"},
        {"validUntil": 5},
        {"validFrom": "2026-11-23T10:00:00Z", "validUntil": "2026-11-22T10:00:00Z"},
        {"issuer": None},
        {"issuer": "University of Example"},
        {"credentialSubject": None},
        {"credentialSubject": []},
        {"credentialStatus": {"statusPurpose": "revocation"}},
        {"id": "not an address"},
        {"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]},
        {"@context": [17]},
    ],
)  # fmt: skip
async def test_what_breaks_the_data_model_is_rejected(changes: dict[str, Any]) -> None:
    broken = {**UEX.sign(a_badge()), **changes}
    report = await World().verify({name: value for name, value in broken.items() if value is not None})
    decided(report, Decision.REJECT, Code.FORMAT_INVALID)


async def test_a_badge_without_an_achievement_is_no_badge() -> None:
    badge = a_badge()
    del badge["credentialSubject"]["achievement"]
    decided(await World().verify(UEX.sign(badge)), Decision.REJECT, Code.FORMAT_INVALID)


# Other credentials, other questions


def a_plain_credential(**changes: Any) -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": UEX.did,
        "credentialSubject": {"id": "did:example:ana"},
        **changes,
    }


async def test_a_plain_credential_is_for_a_person_to_judge_and_verifies_for_the_protocol() -> None:
    signed = UEX.sign(a_plain_credential())
    decided(await World().verify(signed), Decision.REVIEW, Code.FORMAT_GENERIC)
    decided(await World().verify(signed, using=VerifyForProtocol), Decision.ACCEPT)


async def test_a_credential_of_the_first_data_model_verifies_for_the_protocol() -> None:
    signed = UEX.sign(
        {
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiableCredential"],
            "issuer": UEX.did,
            "issuanceDate": "2026-11-23T10:00:00Z",
            "credentialSubject": {"id": "did:example:ana"},
        }
    )
    decided(await World().verify(signed, using=VerifyForProtocol), Decision.ACCEPT)


async def test_the_protocol_asks_for_signature_status_and_dates_without_trust() -> None:
    stranger = World(trusted={})
    decided(await stranger.verify(UEX.sign(a_badge()), using=VerifyForProtocol), Decision.ACCEPT)
    expired = UEX.sign(a_badge(validUntil="2026-12-01T00:00:00Z"))
    decided(await stranger.verify(expired, using=VerifyForProtocol), Decision.REJECT, Code.EXPIRED)


async def test_what_an_address_serves_is_verified_like_what_is_handed_in() -> None:
    world = World(pages={"https://uex.example.org/ana.json": json.dumps(UEX.sign(a_badge())).encode()})
    verify = VerifyCredential(world.sources())
    decided(await verify.fetched("https://uex.example.org/ana.json", at=LATER), Decision.ACCEPT)
    gone = await verify.fetched("https://uex.example.org/gone.json", at=LATER)
    decided(gone, Decision.INDETERMINATE, Code.DOCUMENT_UNREACHABLE)
    assert gone.credential is None


async def test_what_is_no_credential_still_gets_a_report() -> None:
    for nonsense in (b"", b"\x89PNG", "hello", "[]", "{}", {"a": 1}):
        decided(await World().verify(nonsense), Decision.REJECT, Code.DOCUMENT_MALFORMED)


@pytest.mark.parametrize("end", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
@pytest.mark.parametrize("zone", ["Z", "+14:00", "-14:00"])
@pytest.mark.parametrize("name", ["validFrom", "validUntil", "awardedDate"])
async def test_moments_at_the_ends_of_time_get_a_verdict_and_never_an_accident(name: str, end: str, zone: str) -> None:
    signed = UEX.sign(a_badge() | {name: end + zone}, EDDSA_JCS_2022)
    assert (await World().verify(signed)).told()["decision"] in set(Decision)
