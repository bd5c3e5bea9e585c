"""A learner's stack as a Comprehensive Learner Record 2.0."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials.dids import did_key
from credentials.formats import OPEN_BADGES_3
from credentials.formats.comprehensive_learner_record import NotRecorded, RecordedBadge, compose_record
from credentials.formats.open_badges import achievement_id
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, verify_proofs
from schemas.events import StatusEntry
from schemas.values import JsonObject
from tests.builders import NOW, a_learner, an_award, an_id, an_offering, an_organisation

KEY = SigningKey.generate()
DID = did_key(KEY.public)
METHOD = f"{DID}#{KEY.public.multikey}"
ORGANISATION = an_organisation(did=DID)
RECORD = an_id("record")
SEALED = NOW + timedelta(seconds=5)


def a_badge(name: str, *, learner: Any = None, **offering: Any) -> RecordedBadge:  # noqa: ANN401 builder's changes
    award = an_award(
        id=an_id(name),
        organisation=ORGANISATION,
        learner=learner or a_learner(),
        offering=an_offering(id=name, **offering),
    )
    document = OPEN_BADGES_3.compose(
        award, issued=SEALED, status=StatusEntry(list="https://issuer.example/status/1", index=len(name))
    )
    return RecordedBadge(award, EDDSA_RDFC_2022.secure(document, KEY, METHOD, SEALED))


def seal(*badges: RecordedBadge) -> JsonObject:
    return EDDSA_RDFC_2022.secure(
        compose_record(RECORD, ORGANISATION, badges, issued=SEALED), key=KEY, verification_method=METHOD, created=SEALED
    )


def verified(document: JsonObject) -> list[bool]:
    return [
        result.verified
        for result in verify_proofs(document, {METHOD: KEY.public}, now=datetime(2026, 11, 24, tzinfo=UTC))
    ]


def test_each_badge_stays_as_it_was_sealed_and_the_record_has_its_own_proof() -> None:
    badges = [a_badge("data-ethics"), a_badge("statistics")]

    record = seal(*badges)

    assert record["type"] == ["VerifiableCredential", "ClrCredential"]
    assert record["credentialSubject"]["verifiableCredential"] == [badge.document for badge in badges]
    assert verified(record) == [True]
    assert [verified(badge) for badge in record["credentialSubject"]["verifiableCredential"]] == [[True], [True]]


@pytest.mark.parametrize(
    "change",
    [
        lambda subject: subject["verifiableCredential"].pop(),
        lambda subject: subject["verifiableCredential"][0]["proof"][0].update(proofValue="z5"),
        lambda subject: subject["verifiableCredential"][1].update(name="Another name"),
        lambda subject: subject["association"].pop(),
        lambda subject: subject["association"][0].update(targetId="https://elsewhere.example"),
    ],
)
def test_whatever_is_changed_in_a_record_breaks_its_proof(change: Any) -> None:  # noqa: ANN401 any change
    targets = [{"title": {"en": "Master"}, "url": "https://uex.example.org/master"}]
    record = seal(a_badge("data-ethics", stackable_towards=targets), a_badge("statistics"))

    change(record["credentialSubject"])

    assert verified(record) == [False]


def test_stacking_is_said_between_badges_and_towards_what_is_not_earned_yet() -> None:
    certificate = "https://uex.example.org/certificate"
    larger = a_badge("certificate", homepage=certificate, stackable_towards=[])
    targets = [
        {"title": {"en": "Certificate"}, "url": certificate},
        {"title": {"en": "Master in Public Administration"}, "url": "https://uex.example.org/master"},
        {"title": {"en": "Nowhere to be found"}},
    ]
    smaller = a_badge("data-ethics", stackable_towards=targets)

    subject = seal(smaller, larger)["credentialSubject"]

    ids = [achievement_id(ORGANISATION, badge.award.offering).urn for badge in (smaller, larger)]
    assert [(one["associationType"], one["sourceId"], one["targetId"]) for one in subject["association"]] == [
        ("isPartOf", ids[0], ids[1]),
        ("isPartOf", ids[0], "https://uex.example.org/master"),
    ]
    assert [one["id"] for one in subject["achievement"]] == [*ids, "https://uex.example.org/master"]
    assert subject["achievement"][-1]["name"] == "Master in Public Administration"


def test_its_subject_is_named_where_every_badge_is_bound_to_the_same_holder() -> None:
    holder = a_learner(did=did_key(SigningKey.generate().public))

    bound = seal(a_badge("data-ethics", learner=holder), a_badge("statistics", learner=holder))
    half = seal(a_badge("data-ethics", learner=holder), a_badge("statistics"))

    assert bound["credentialSubject"]["id"] == holder.did
    assert "id" not in half["credentialSubject"]
    assert verified(bound) == verified(half) == [True]


def test_the_same_offering_earned_again_is_one_achievement_in_two_badges() -> None:
    first = a_badge("data-ethics")
    again = RecordedBadge(
        first.award.model_copy(update={"id": an_id("again")}), first.document | {"id": an_id("again").urn}
    )

    subject = seal(first, again)["credentialSubject"]

    assert (len(subject["verifiableCredential"]), len(subject["achievement"])) == (2, 1)


def test_a_badge_with_two_proofs_goes_in_with_both() -> None:
    badge = a_badge("data-ethics")
    twice = RecordedBadge(badge.award, EDDSA_JCS_2022.secure(badge.document, KEY, METHOD, SEALED))

    record = seal(twice)

    assert verified(record) == [True]
    assert verified(record["credentialSubject"]["verifiableCredential"][0]) == [True, True]


def test_thirty_badges_are_sealed() -> None:
    record = seal(*(a_badge(f"offering-{number}") for number in range(30)))

    assert verified(record) == [True]


def test_what_is_no_badge_or_there_twice_is_refused() -> None:
    badge = a_badge("data-ethics")
    other = RecordedBadge(badge.award, {"type": ["VerifiableCredential", "EuropeanDigitalCredential"]})

    for badges in ([], [badge, badge], [other]):
        with pytest.raises(NotRecorded):
            compose_record(RECORD, ORGANISATION, badges, issued=SEALED)
