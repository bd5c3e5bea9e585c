# ruff: noqa: ANN401 any JSON is put into a document, to see what becomes of it
"""The linter: what is missing and what is doubtful, over every format it reads."""

import base64
import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.formats import FORMATS, OPEN_BADGES_3
from credentials.keys import SigningKey
from credentials.linting import PROFILES, LintReport, State, Unreadable, lint, lint_document
from credentials.proofs.sd_jwt import SD_JWT, Disclosable, SdJwt, disclosed
from schemas.annex1 import ELEMENTS
from schemas.events import StatusEntry
from schemas.faults import Malformed
from schemas.values import JsonObject
from tests.builders import a_draft, an_award

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SEALED = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_badge() -> JsonObject:
    return OPEN_BADGES_3.compose(
        an_award(), issued=SEALED, status=StatusEntry(list="https://issuer.example/status/1", index=5)
    )


def a_european_credential() -> JsonObject:
    def concept(uri: str, label: str) -> JsonObject:
        return {"id": uri, "type": "Concept", "prefLabel": {"en": label}}

    snb = "http://data.europa.eu/snb/"
    country = concept("http://publications.europa.eu/resource/authority/country/IRL", "Ireland")
    organisation = {"legalName": {"en": "University of Example"}, "location": {"address": {"countryCode": country}}}
    return {
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "displayParameter": {
            "primaryLanguage": concept("http://publications.europa.eu/resource/authority/language/ENG", "English")
        },
        "issuer": organisation,
        "issued": "2026-11-23T12:00:00Z",
        "credentialSubject": {
            "fullName": {"en": "Ana Andromeda"},
            "hasClaim": [
                {
                    "title": {"en": "Data ethics", "de": "Datenethik"},
                    "awardedBy": {"awardingBody": organisation},
                    "provenBy": [
                        {
                            "title": {"en": "Examination"},
                            "grade": {"noteLiteral": {"en": "85"}},
                            "specifiedBy": {
                                "dcType": concept(snb + "assessment/6e6cb2cc78", "written examination"),
                                "gradingScheme": {"title": {"en": "Percentage"}},
                            },
                        }
                    ],
                    "specifiedBy": {
                        "title": {"en": "Data ethics"},
                        "learningOutcome": {"title": {"en": "Weigh benefits and harms"}},
                        "volumeOfLearning": "PT125H",
                        "creditPoint": {
                            "framework": concept(
                                snb + "education-credit/6fcec5c5af", "European Credit Transfer System"
                            ),
                            "point": "5",
                        },
                        "eqfLevel": concept(snb + "eqf/6", "Level 6"),
                        "educationLevel": concept("urn:x:cycle", "First cycle"),
                        "mode": concept(snb + "learning-assessment/e92d221e4d", "Blended"),
                        "accreditation": {
                            "title": {"en": "Review"},
                            "dcType": concept(snb + "accreditation/bb4618238e", "Institutional Quality Assurance"),
                        },
                        "thematicArea": concept(snb + "isced-f/0312", "Political sciences and civics"),
                    },
                }
            ],
        },
    }


LEARNING_CREDENTIAL: JsonObject = {
    "vct": "urn:eu.europa.ec.eudi:learning:credential:1",
    "issuing_authority": "University of Example",
    "issuing_country": "IE",
    "date_of_issuance": "2026-06-30",
    "family_name": "Andromeda",
    "given_name": "Ana",
    "learner_identification": "urn:schac:personalUniqueCode:int:esi:uex.example:7c9e6679",
    "achievement_title": "Data ethics for public services",
    "learning_outcomes": ["Weigh benefits and harms"],
    "expected_study_time": "5 ECTS (125 hours)",
    "level_of_learning_experience": "Level6",
    "types_of_quality_assurance": ["Program Quality Assurance"],
}
MICRO_CREDENTIAL: JsonObject = {
    "vct": "VerifiableMicroCredential",
    "identifier": "urn:uuid:1",
    "title": "Data ethics",
    "givenName": "Ana",
    "familyName": "Andromeda",
    "issuerCountry": "IE",
    "awardingBody": "University of Example",
    "issuanceDate": "2026-06-30",
    "learningOutcomes": ["Weigh benefits and harms"],
    "notionalWorkload": {"value": 5, "unit": "ECTS"},
    "typeOfAssessment": "written-examination",
    "formOfParticipation": "blended",
    "qualityAssurance": "institutional-accreditation",
    "level": "EQF-6",
}
COMPLETE: dict[str, Callable[[], JsonObject]] = {
    "offering": lambda: copy.deepcopy(a_draft()),
    "badge": a_badge,
    "european": a_european_credential,
    "wallet": lambda: copy.deepcopy(MICRO_CREDENTIAL),
}
EVERY_KIND = {**COMPLETE, "learning": lambda: copy.deepcopy(LEARNING_CREDENTIAL)}


def state(report: LintReport, element: str) -> State:
    return next(one.state for one in report.elements if one.id == element)


def rules(document: JsonObject, profile: str = "EU-Annex-I") -> set[str]:
    return {found.rule for found in lint_document(document, at=NOW, profile=PROFILES[profile]).findings}


def put(document: JsonObject, path: str, value: Any) -> JsonObject:
    """The document with something else in one place; None takes it away."""
    here: Any = document
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        here = here[step]
    if value is None:
        del here[last]
    else:
        here[last] = value
    return document


@pytest.mark.parametrize("kind", COMPLETE)
def test_a_complete_document_of_any_kind_is_clean(kind: str) -> None:
    report = lint_document(COMPLETE[kind](), at=NOW)

    assert report.findings == ()
    assert report.verdict is State.PRESENT
    assert [one.id for one in report.elements] == [element.id for element in ELEMENTS]


@pytest.mark.parametrize("name", FORMATS)
def test_of_what_is_composed_nothing_is_missing_but_what_the_format_loses(name: str) -> None:
    document = disclosed(
        FORMATS[name].compose(an_award(), issued=SEALED, status=StatusEntry(list="https://x.example/status/1", index=5))
    )

    report = lint_document(document, at=NOW)

    assert [one.id for one in report.elements if one.state in {State.MISSING, State.ABSENT}] == [
        element.id for element in FORMATS[name].loses
    ]
    assert {one.rule for one in report.findings if one.severity == "doubtful"} <= {"grade-without-scale"}


def test_what_a_format_has_no_place_for_is_missing_and_says_so() -> None:
    report = lint_document(LEARNING_CREDENTIAL, at=NOW)

    assert {(one.rule, one.severity) for one in report.findings} == {
        ("missing-assessment", "missing"),
        ("missing-participation", "missing"),
    }
    assert all("has no place for it" in one.message for one in report.findings)


def test_an_offering_is_not_asked_for_its_learner() -> None:
    report = lint_document(a_draft(), at=NOW)

    assert {one.id for one in report.elements if one.state is State.NOT_ASKED} == {
        "learner",
        "country",
        "date-of-issuing",
        "grade",
    }


_S = "credentialSubject.hasClaim.0.specifiedBy"
_O = f"{_S}.learningOutcome"
_LACKING = "credentialSubject.hasClaim.specifiedBy.accreditation"
_A = "credentialSubject.achievement"
SNB = "http://data.europa.eu/snb/"
WRONG: list[tuple[str, str, Any, str, str]] = [
    # a workload on the calendar, and one that contradicts the credits
    ("european", f"{_S}.volumeOfLearning", "P60M", "workload-on-the-calendar", f"$.{_S}.volumeOfLearning"),
    ("european", f"{_S}.volumeOfLearning", "PT60H", "workload-contradictory", f"$.{_S}.volumeOfLearning"),
    ("european", f"{_S}.volumeOfLearning", "sixty hours", "unreadable-value", f"$.{_S}.volumeOfLearning"),
    ("european", f"{_S}.creditPoint.point", "-5", "unreadable-value", f"$.{_S}.creditPoint"),
    ("european", f"{_S}.creditPoint.framework", None, "credits-without-system", f"$.{_S}.creditPoint.point"),
    ("badge", f"{_A}.volumeOfLearning", "PT10H", "workload-contradictory", f"$.{_A}.volumeOfLearning"),
    ("badge", f"{_A}.volumeOfLearning", "P1M", "workload-on-the-calendar", f"$.{_A}.volumeOfLearning"),
    ("offering", "workload.hours", 12, "workload-contradictory", "$.workload.hours"),
    ("wallet", "notionalWorkload", {"value": 0, "unit": "hours"}, "workload-not-positive", "$.notionalWorkload.value"),
    ("wallet", "notionalWorkload", {"value": 5, "unit": "days"}, "unreadable-value", "$.notionalWorkload"),
    ("learning", "expected_study_time", "5 ECTS (12 hours)", "workload-contradictory", "$.expected_study_time"),
    ("learning", "expected_study_time", "P60M", "workload-on-the-calendar", "$.expected_study_time"),
    ("learning", "expected_study_time", "a while", "unreadable-value", "$.expected_study_time"),
    # code lists
    ("european", f"{_S}.thematicArea.prefLabel.en", "Medicine", "label-differs", f"$.{_S}.thematicArea"),
    ("european", f"{_S}.mode.id", "http://x.example/blended", "not-in-code-list", f"$.{_S}.mode"),
    ("badge", f"{_A}.alignment.2.targetName", "Medicine", "label-differs", f"$.{_A}.alignment[2]"),
    ("badge", f"{_A}.mode", ["http://x.example/mode"], "not-in-code-list", f"$.{_A}.mode[0]"),
    ("offering", "level.eqf", "9", "not-in-code-list", "$.level.eqf"),
    ("offering", "participation", ["telepathy"], "not-in-code-list", "$.participation[0]"),
    ("wallet", "formOfParticipation", "telepathy", "not-in-code-list", "$.formOfParticipation"),
    ("wallet", "level", "EQF-9", "not-in-code-list", "$.level"),
    ("learning", "issuing_country", "XX", "not-in-code-list", "$.issuing_country"),
    # levels
    ("european", f"{_S}.eqfLevel.id", SNB + "eqf/7", "level-contradictory", f"$.{_S}.educationLevel"),
    ("offering", "level.eqf", "7", "level-contradictory", "$.level.cycle"),
    # grades and their scale
    (
        "european",
        "credentialSubject.hasClaim.0.provenBy.0.specifiedBy.gradingScheme",
        None,
        "grade-without-scale",
        "$.credentialSubject.hasClaim[0].provenBy[0].grade.noteLiteral",
    ),
    ("wallet", "grade", "85", "grade-without-scale", "$.grade"),
    ("learning", "assessment_grade", "85", "grade-without-scale", "$.assessment_grade"),
    # languages, dates, stacking, skills
    ("european", f"{_O}.title", {"de": "Abwägen"}, "not-in-primary-language", f"$.{_O}.title"),
    ("offering", "title", {"de": "Datenethik"}, "not-in-primary-language", "$.title"),
    ("offering", "prerequisites", {"de": "Keine"}, "not-in-primary-language", "$.prerequisites"),
    ("wallet", "issuanceDate", "2999-01-01", "date", "$.issuanceDate"),
    ("wallet", "issuanceDate", "soon", "date", "$.issuanceDate"),
    ("badge", "validFrom", "2026-06-30T00:00:00", "date", "$.validFrom"),
    ("wallet", "stackable", True, "stackable-towards-nothing", "$.stackable"),
    ("wallet", "escoReference", ["http://x.example/skill"], "skill-not-in-esco", "$.escoReference[0]"),
    # nothing there, or something else there
    ("european", f"{_S}.accreditation", None, "missing-quality-assurance", f"$.{_LACKING}"),
    ("european", f"{_S}.accreditation.dcType", None, "type-not-said", f"$.{_S}.accreditation"),
    ("offering", "assessments", [], "missing-assessment", "$.assessments.type"),
    ("wallet", "learningOutcomes", 7, "unreadable-value", "$.learningOutcomes"),
    ("wallet", "learningOutcomes", ["  "], "missing-learning-outcomes", "$.learningOutcomes"),
    ("offering", "titel", {"en": "Data ethics"}, "unreadable-value", "$.titel"),
    ("badge", "issuer.name", 7, "unreadable-value", "$.issuer.name"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "place", "value", "rule", "path"), WRONG, ids=[f"{w[0]}-{w[1]}-{w[3]}" for w in WRONG]
)
def test_what_is_wrong_is_found_where_it_stands(kind: str, place: str, value: Any, rule: str, path: str) -> None:
    report = lint_document(put(EVERY_KIND[kind](), place, value), at=NOW)
    paths = [found.path for found in report.findings if found.rule == rule]

    assert paths, report.findings
    assert path.replace("hasClaim.0", "hasClaim[0]") in paths
    assert report.verdict in {State.MISSING, State.DOUBTFUL}


def test_a_title_without_the_primary_language_is_missing() -> None:
    report = lint_document(a_draft(title={"de": "Datenethik"}), at=NOW)

    assert report.verdict is State.MISSING
    assert state(report, "title") is State.MISSING


def test_sixty_months_are_told_from_sixty_hours() -> None:
    report = lint_document(put(a_european_credential(), f"{_S}.volumeOfLearning", "P60M"), at=NOW)

    (found,) = report.findings
    assert found.message == (
        "A workload of P60M is 60 months: a time on the calendar, not hours of work. "
        "PT60H is 60 hours, which may be what was meant."
    )


def test_an_entry_that_is_in_the_list_under_its_own_address_is_pointed_to() -> None:
    document = put(a_european_credential(), f"{_S}.mode.id", "urn:epass:concept:1")

    (found,) = lint_document(document, at=NOW).findings

    assert "http://data.europa.eu/snb/learning-assessment/e92d221e4d (Blended) is there" in found.message


def test_a_term_that_a_badge_gives_no_meaning_states_nothing() -> None:
    badge = a_badge()
    inline = badge["@context"].index(next(one for one in badge["@context"] if isinstance(one, dict)))
    del badge["@context"][inline]

    assert {"missing-participation", "missing-assessment"} <= rules(badge)


def test_credits_in_open_badges_own_words_name_no_system() -> None:
    badge = put(a_badge(), f"{_A}.creditPoint", None)

    assert "credits-without-system" in rules(badge)


# Envelopes


def _b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _compact(document: JsonObject) -> str:
    return ".".join([_b64(b'{"alg":"EdDSA"}'), _b64(json.dumps(document).encode()), _b64(b"x" * 64)])


def test_a_signed_credential_is_read_in_each_of_its_envelopes() -> None:
    document = a_european_credential()
    text = json.dumps(document)
    expected = lint_document(document, at=NOW)
    token = _compact(document)

    for envelope in (
        text,
        "\ufeff " + text,
        token,
        json.dumps({"payload": text, "signatures": [{"protected": "e30", "signature": "e30"}]}),
        json.dumps({"payload": _b64(text.encode()), "protected": "e30", "signature": "e30"}),
        _compact({"iss": "x", "vc": document}),
        json.dumps({"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{token}"}),
    ):
        assert lint(envelope.encode(), at=NOW) == expected


def test_what_an_sd_jwt_does_not_disclose_is_doubtful_and_not_missing() -> None:
    hidden = {
        name: Disclosable(value) if name in {"level", "title"} else value for name, value in MICRO_CREDENTIAL.items()
    }
    sealed = SD_JWT.secure(hidden, SigningKey.generate(), "did:example:1#1", SEALED)
    shown = SdJwt.parse(str(sealed)).showing(lambda path: path == ("title",)).text

    assert lint(str(sealed), at=NOW).verdict is State.PRESENT
    report = lint(shown, at=NOW)
    assert [(one.rule, one.severity) for one in report.findings] == [("missing-eqf-level", "doubtful")]
    assert "not disclosed" in report.findings[0].message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"nothing",
        b"[]",
        b"7",
        b"{}",
        b'{"type": "VerifiableCredential"}',
        b'{"a": 1, "a": 2}',
        b'{"vct": "something else"}',
        b'{"payload": "", "signatures": []}',
        b'{"payload": "%%%", "signatures": []}',
        b'{"payload": "{", "signatures": []}',
        b'{"payload": "\\ud800", "signature": ""}',
        b"a.b.c",
        b"e30..e30",
        b"e30.e30.e30~~",
        b'{"type": "EnvelopedVerifiableCredential", "id": "data:text/plain,x"}',
        b"[" * 100_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b'{"type": "OpenBadgeCredential", "x": ' + b"9" * 5000 + b"}",
        b" " * 4_000_001,
    ],
)
def test_what_cannot_be_read_is_a_fault_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Malformed) as fault:
        lint(content, at=NOW)
    assert len(str(fault.value)) > 5


def test_a_document_of_no_known_kind_says_which_are() -> None:
    with pytest.raises(Unreadable, match=r"Open Badges 3\.0, European Digital Credential"):
        lint_document({"hello": "world"}, at=NOW)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just("P60M"),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["id", "en", "type", "title"]), below),
    max_leaves=6,
)


@given(st.data(), st.sampled_from(sorted(EVERY_KIND)))
@settings(max_examples=300)
def test_junk_in_any_place_is_reported_and_never_an_error(data: st.DataObject, kind: str) -> None:
    document = EVERY_KIND[kind]()
    for _ in range(data.draw(st.integers(1, 3))):
        here: Any = document
        while True:
            step = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
            if isinstance(here[step], dict | list) and here[step] and data.draw(st.booleans()):
                here = here[step]
                continue
            here[step] = data.draw(JUNK)
            break

    for profile in PROFILES.values():
        try:
            report = lint_document(document, at=NOW, profile=profile)
        except Unreadable:  # its types were what was changed
            return
        assert LintReport.model_validate_json(report.model_dump_json()) == report


# Profiles


def test_every_profile_asks_at_least_what_annex_i_asks() -> None:
    for profile in PROFILES.values():
        assert "missing-quality-assurance" in rules(a_draft(quality_assurance=[]), profile.name)


@pytest.mark.parametrize(
    ("profile", "changes", "rule"),
    [
        ("EMC-CMF", {"workload": {"hours": 200, "credits": {"points": 8, "system": "ECTS"}}}, "out-of-range-hours"),
        ("EMC-CMF", {"workload": {"hours": 75, "credits": {"points": 3, "system": "ECTS"}}}, "out-of-range-credits"),
        ("EMC-CMF", {"workload": {"hours": 125}}, "missing-credits"),
        ("EMC-CMF", {"level": {"eqf": "3"}}, "not-allowed-eqf-level"),
        ("EMC-CMF", {"level": {"eqf": "5"}, "workload": {"hours": 125}}, "not-allowed-eqf-level"),
        ("EMC-CMF", {"stackable_towards": []}, "missing-part-of"),
        ("EMC-CMF", {"assessments": [{"type": "quiz", "supervision": "nosupnoid"}]}, "not-allowed-supervision"),
        ("DC4EU-EUHEMC", {"workload": {"credits": {"points": 2.5, "system": "ECTS"}}}, "out-of-range-credits"),
        ("DC4EU-EUHEMC", {"workload": {"credits": {"points": 5, "system": "ECVET"}}}, "not-allowed-credits"),
        ("SURF-edubadges-MC", {"workload": {"credits": {"points": 2.5, "system": "ECTS"}}}, "out-of-range-credits"),
        ("SURF-edubadges-MC", {"description": None}, "missing-description"),
    ],
)
def test_a_profile_asks_for_more(profile: str, changes: dict[str, Any], rule: str) -> None:
    offering = a_draft(**changes)

    assert rule in rules(offering, profile)
    assert rule not in rules(a_draft(), profile)
    assert rule not in rules(offering)


def test_a_framework_lets_lower_levels_count_with_enough_credits() -> None:
    assert "not-allowed-eqf-level" not in rules(a_draft(level={"eqf": "5"}), "EMC-CMF")


def test_a_pilots_own_types_are_asked_of_credentials_and_not_of_offerings() -> None:
    assert "incomplete-types" in rules(a_badge(), "DC4EU-EUHEMC")
    assert "incomplete-types" not in rules(a_draft(), "DC4EU-EUHEMC")
