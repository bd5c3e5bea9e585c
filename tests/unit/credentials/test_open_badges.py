from __future__ import annotations

import copy
import json
import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.contexts import shipped
from credentials.formats import FORMATS, OPEN_BADGES_3, UnsuitableProof, Unwritable
from credentials.formats.elm import TERMS, duration, understood
from credentials.formats.guards import check_writable
from credentials.formats.open_badges import identity_hash
from credentials.keys import ED25519, SigningKey
from credentials.proofs import EDDSA_RDFC_2022, DataIntegrity, bound_to_issuer, verify_proofs
from schemas import annex1
from schemas.events import StatusEntry
from schemas.faults import Malformed
from schemas.microcredential import Award
from tests.builders import NOW, a_grade, a_learner, an_award, an_offering

Document = dict[str, Any]

STATUS = StatusEntry(list="https://laurel.example.org/organisations/uex/status-lists/1", index=77)
KEY = SigningKey.generate()
SALT = bytes(range(16))


def compose(award: Award | None = None, **how: Any) -> Document:  # noqa: ANN401 passed on
    return OPEN_BADGES_3.compose(award or an_award(), **{"issued": NOW, "status": STATUS, "salt": SALT, **how})


def elements(document: Document) -> dict[str, tuple[str, ...]]:
    return {found.element.id: found.values for found in OPEN_BADGES_3.read(document).elements}


def test_every_standard_element_of_an_award_is_found_in_its_badge() -> None:
    assert elements(compose()) == {
        "learner": ("Ana Andromeda", "emailAddress (hashed)"),
        "title": ("Data ethics for public services",),
        "country": ("Ireland", "IE061"),
        "awarding-body": ("University of Example",),
        "date-of-issuing": ("2026-11-23T10:00:00Z",),
        "learning-outcomes": (
            "Weigh the benefits and harms of a use of data, for those it concerns",
            "Explain the principles of the General Data Protection Regulation",
        ),
        "workload": ("5 ECTS", "PT125H"),
        "level": ("EQF Level 6", "First cycle"),
        "assessment": ("written examination",),
        "participation": ("Blended",),
        "quality-assurance": ("Institutional review, Institutional Quality Assurance, Quality Agency of Example",),
        "prerequisites": ("None",),
        "supervision": ("Supervised with ID Verification",),
        "grade": ("85",),
        "integration": ("stackable", "Master in Public Administration"),
        "further-information": ("https://uex.example.org/data-ethics/faq", "https://uex.example.org/data-ethics"),
    }
    assert tuple(elements(compose())) == tuple(element.id for element in annex1.ELEMENTS)


def test_a_reading_says_whose_badge_it_is_from_whom_and_until_when() -> None:
    reading = OPEN_BADGES_3.read(compose(issued=NOW + timedelta(hours=1)))
    assert reading.issuer == "did:web:localhost%3A8000:organisations:uex"
    assert (reading.issuer_name, reading.subject_name) == ("University of Example", "Ana Andromeda")
    assert (reading.awarded, reading.valid_from) == (NOW, NOW + timedelta(hours=1))
    assert reading.valid_until == NOW.replace(year=2031)
    (status,) = reading.status
    assert (status.type, status.purpose, status.list, status.index) == (
        "BitstringStatusListEntry", "revocation", STATUS.list, 77,
    )  # fmt: skip


def test_credits_are_json_numbers() -> None:
    for points, number in (("5", 5), ("2.5", 2.5), ("0.25", 0.25)):
        offering = an_offering(workload={"credits": {"points": points, "system": "ECTS"}})
        subject = compose(an_award(offering=offering))["credentialSubject"]
        assert subject["creditsEarned"] == subject["achievement"]["creditsAvailable"] == number
        assert type(subject["creditsEarned"]) is type(number)


@pytest.mark.parametrize(("hours", "text"), [(125, "PT125H"), (12.25, "PT12H15M"), (0.5, "PT30M")])
def test_hours_are_an_xsd_duration(hours: float, text: str) -> None:
    assert duration(hours) == text


def test_the_hash_of_an_identifier_is_the_published_one() -> None:
    # Open Badges 3.0, IdentityHash: the salt is appended.
    assert identity_hash("a@example.com", "Kosher").startswith("sha256$b5809d8a")


def test_an_email_is_hashed_with_fresh_salt_and_never_shown() -> None:
    first, second = (compose(salt=None) for _ in range(2))
    assert "ana@example.org" not in json.dumps(first)
    (email, other) = (document["credentialSubject"]["identifier"][0] for document in (first, second))
    assert email["identityHash"] != other["identityHash"]
    assert len(bytes.fromhex(email["salt"])) == 16
    assert email["identityHash"] == identity_hash("ana@example.org", email["salt"])


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(Unwritable):
        compose(salt=bytes(15))


def test_a_learner_with_a_did_is_the_subject_and_one_without_has_no_id() -> None:
    did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    bound = compose(an_award(learner=a_learner(did=did)))
    assert bound["credentialSubject"]["id"] == OPEN_BADGES_3.read(bound).subject == did
    assert "id" not in compose()["credentialSubject"]


def test_identifiers_of_a_learner_are_hashed_under_their_scheme() -> None:
    learner = a_learner(identifiers=[{"value": "urn:x:esi:1", "scheme": "ext:europeanStudentIdentifier"}])
    identities = compose(an_award(learner=learner))["credentialSubject"]["identifier"]
    assert [(one["identityType"], one["hashed"]) for one in identities] == [
        ("emailAddress", True), ("ext:europeanStudentIdentifier", True), ("name", False),
    ]  # fmt: skip


def test_titles_are_in_the_primary_language_and_in_every_language() -> None:
    achievement = compose(an_award(offering=an_offering(primary_language="de")))["credentialSubject"]["achievement"]
    assert achievement["name"] == "Datenethik für öffentliche Dienste"
    assert achievement["title"].keys() == {"en", "de"}
    assert achievement["inLanguage"] == "de"


def test_a_grade_over_several_assessments_has_a_scale_of_its_own() -> None:
    two = [{"type": "quiz"}, {"type": "project-work", "title": {"en": "Project"}}]
    subject = compose(an_award(offering=an_offering(assessments=two), grade=a_grade()))["credentialSubject"]
    descriptions = {one["name"]: one["id"] for one in subject["achievement"]["resultDescription"]}
    assert list(descriptions) == ["Quiz", "Project", "Overall result"]
    assert subject["result"][0]["resultDescription"] == descriptions["Overall result"]


def test_an_award_without_a_grade_claims_none() -> None:
    assert "result" not in compose(an_award(grade=None))["credentialSubject"]


def test_inline_terms_never_share_a_name_with_a_shipped_context() -> None:
    taken: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            taken.update(value)
            for below in value.values():
                collect(below)

    for url in compose()["@context"][:-1]:
        collect(shipped()[url])
    assert not taken & (TERMS.keys() | {"elm"})


def test_only_the_terms_a_badge_uses_are_defined_in_it() -> None:
    bare = compose(an_award(offering=an_offering(assessments=[], quality_assurance=[], workload=None, level=None)))
    assert not {"provenBy", "accreditation", "eqfLevel", "creditPoint", "Accreditation"} & bare["@context"][-1].keys()


def test_terms_that_a_document_defines_otherwise_are_not_read() -> None:
    document = compose()
    inline = document["@context"][-1]
    swapped = {**inline, "eqfLevel": {"@id": "elm:NQFLevel", "@type": "@id"}}
    forged = {**document, "@context": [*document["@context"][:-1], swapped]}
    assert "eqfLevel" in understood(document)
    assert "eqfLevel" not in understood(forged)
    assert understood({**document, "@context": [*document["@context"], {}]}) == frozenset()


def test_a_badge_of_somebody_else_is_read_by_open_badges_own_words() -> None:
    document = compose()
    document["@context"] = document["@context"][:-1]
    del document["awardedDate"]
    found = elements(document)
    assert found["level"] == ("EQF level 6", "First cycle")
    assert found["workload"] == ("5 credits",)
    assert found["quality-assurance"] == ("Institutional Quality Assurance",)
    assert found["learning-outcomes"][0].startswith("**Learning outcomes**")
    assert "participation" not in found


@pytest.mark.parametrize("text", ["\x00", "a\x07", "\x7f", "\x85", "\ufffe", "\ud800", "\x0b"])
def test_control_characters_and_half_characters_are_not_certified(text: str) -> None:
    with pytest.raises(Unwritable, match="credentialSubject"):
        compose(an_award(grade=a_grade().model_copy(update={"value": f"85{text}"})))


@pytest.mark.parametrize("value", [0.1, 2.3, 2**53, 1e300, None, {"x": [None]}])
def test_numbers_that_libraries_write_differently_are_not_certified(value: object) -> None:
    with pytest.raises(Unwritable):
        check_writable({"value": value})


def test_text_with_line_breaks_and_numbers_in_quarters_is_certified() -> None:
    check_writable({"text": "one\n\ttwo ŵ 🎓", "numbers": [1, 2.75, -3, True]})


def without(document: Document, *path: str) -> Document:
    changed = copy.deepcopy(document)
    inside = changed
    for key in path[:-1]:
        inside = inside[key]
    del inside[path[-1]]
    return changed


def changed(value: object, *path: str) -> Document:
    document = copy.deepcopy(compose())
    inside: Any = document
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return document


@pytest.mark.parametrize(
    "document",
    [
        without(compose(), "validFrom"),
        without(compose(), "credentialSubject", "achievement"),
        without(compose(), "credentialSubject", "achievement", "name"),
        without(compose(), "issuer", "id"),
        changed(["VerifiableCredential"], "type"),
        changed(["OpenBadgeCredential"], "type"),
        changed({"@value": "2031-01-01T00:00:00Z"}, "validUntil"),
        changed("tomorrow", "validUntil"),
        changed("2031-01-01T00:00:00", "validUntil"),
        changed([], "credentialSubject"),
        changed({"@value": "Knots"}, "credentialSubject", "achievement", "name"),
        changed("5", "credentialSubject", "achievement", "creditsAvailable"),
        changed({"@value": 5}, "credentialSubject", "achievement", "creditsAvailable"),
        changed("true", "credentialSubject", "achievement", "isPartialQualification"),
        changed(["x"], "credentialSubject", "achievement", "accreditation"),
        changed({"EN": "None"}, "credentialSubject", "achievement", "entryRequirement", "noteLiteral"),
        changed({"EN": "University of Example"}, "issuer", "legalName"),
        changed(["x"], "credentialStatus"),
        changed(77, "credentialStatus", "statusListIndex"),
        changed("077", "credentialStatus", "statusListIndex"),
        changed("1", "credentialStatus", "statusSize"),
        changed([], "credentialStatus", "type"),
    ],
)
def test_what_is_not_of_the_type_open_badges_gives_it_is_not_read(document: Document) -> None:
    with pytest.raises(Malformed):
        OPEN_BADGES_3.read(document)


def test_a_format_takes_only_the_proofs_that_secure_it() -> None:
    for proof in OPEN_BADGES_3.proofs:
        OPEN_BADGES_3.check_proofs([proof])
    OPEN_BADGES_3.check_proofs([proof for proof in OPEN_BADGES_3.proofs if not proof.enveloping])
    stranger = DataIntegrity("eddsa-xyz", key=ED25519, canonicalize=lambda _: b"")
    for proofs in ((), (stranger,), (EDDSA_RDFC_2022, stranger)):
        with pytest.raises(UnsuitableProof):
            OPEN_BADGES_3.check_proofs(proofs)


def test_formats_are_found_by_name() -> None:
    assert FORMATS["open-badges-3"] is OPEN_BADGES_3


SEALED = EDDSA_RDFC_2022.secure(compose(), KEY, f"{an_award().organisation.did}#key-1", NOW)
TEXT = json.dumps(SEALED, ensure_ascii=False)
KEYS = {f"{an_award().organisation.did}#key-1": KEY.public}


def accepted(text: str) -> bool:
    """Whether a verifier would read this text and find a proof of its issuer that holds."""
    try:
        document = json.loads(text)
        OPEN_BADGES_3.read(document)
        return bool(bound_to_issuer(document, verify_proofs(document, KEYS, now=NOW)))
    except (ValueError, AttributeError, Malformed):
        return False


def test_the_sealed_badge_itself_is_accepted() -> None:
    assert accepted(TEXT)


@pytest.mark.parametrize(("before", "after"), [('"criteria"', '"Criteria"'), ('{"en"', '{"eN"'), ('"id"', '"@id"')])
def test_another_spelling_that_means_the_same_is_refused(before: str, after: str) -> None:
    """RDF knows no difference, so the signature holds. The first two turned up when every character was changed."""
    assert before in TEXT
    assert not accepted(TEXT.replace(before, after, 1))


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(position=st.integers(0, len(TEXT) - 1), character=st.characters(codec="utf-8"))
def test_any_one_character_changed_is_refused(position: int, character: str) -> None:
    text = TEXT[:position] + character + TEXT[position + 1 :]
    try:
        same = json.loads(text) == SEALED
    except ValueError:
        return
    assert same or not accepted(text)


@settings(max_examples=300)
@given(seed=st.integers())
def test_likely_changes_of_one_character_are_refused(seed: int) -> None:
    """Letter case, digits, and characters of JSON and JSON-LD, where they matter; also one more, or one less."""
    chance = random.Random(seed)
    position = chance.randrange(len(TEXT))
    character = chance.choice([TEXT[position].swapcase(), *'0159@:#/-_.,"{}[] aeZ'])
    text = TEXT[:position] + chance.choice([character, character + TEXT[position], ""]) + TEXT[position + 1 :]
    try:
        same = json.loads(text) == SEALED
    except ValueError:
        return
    assert same or not accepted(text)


JUNK = [None, True, 0, -1, 2.5, 10**30, "", "x", "urn:x", "@id", [], {}, [[]], [None], {"@value": 1}, {"@id": "urn:x"}]


@settings(max_examples=300)
@given(seed=st.integers())
def test_junk_anywhere_in_a_badge_is_malformed_and_nothing_worse(seed: int) -> None:
    chance = random.Random(seed)
    document = copy.deepcopy(SEALED)
    inside: Any = document
    while True:
        key = chance.choice(list(inside) if isinstance(inside, dict) else range(len(inside)))
        below = inside[key]
        if not below or not isinstance(below, dict | list) or chance.random() < 0.25:
            inside[key] = chance.choice(JUNK)
            break
        inside = below
    with suppress(Malformed):
        OPEN_BADGES_3.read(document)
    with suppress(Malformed):
        verify_proofs(document, KEYS, now=NOW)
