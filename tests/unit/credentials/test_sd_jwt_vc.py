# ruff: noqa: ANN401 a claim holds any JSON
"""SD-JWT VCs of both types: their claims, their rules on issue and on verify, and what their holder can hide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.dids import did_jwk, did_key
from credentials.formats import OPEN_BADGES_3, Format, UnsuitableProof, Unwritable
from credentials.formats.learning_credential import INSTANCE_VALIDITY, LEARNING_CREDENTIAL, LEARNING_CREDENTIAL_TYPE
from credentials.formats.micro_credential import MICRO_CREDENTIAL, MICRO_CREDENTIAL_TYPE
from credentials.formats.sd_jwt_vc import BrokenRule, CredentialType, Statement
from credentials.jose import from_jwk
from credentials.keys import P256, SigningKey
from credentials.proofs import EDDSA_JCS_2022, Proof
from credentials.proofs.sd_jwt import SD_JWT, SD_JWT_ES256, Disclosable, SdJwt, SdJwtProof, disclosed
from schemas.microcredential import Award
from tests.builders import DATA_ETHICS, NOW, a_grade, a_learner, a_status_entry, an_award, an_offering

KEY = SigningKey.generate()
METHOD = f"{an_award().organisation.did}#key-1"
ISSUED = NOW + timedelta(seconds=3)
TYPES = {LEARNING_CREDENTIAL.name: LEARNING_CREDENTIAL_TYPE, MICRO_CREDENTIAL.name: MICRO_CREDENTIAL_TYPE}
BOTH = pytest.mark.parametrize("format_", [LEARNING_CREDENTIAL, MICRO_CREDENTIAL], ids=lambda f: f.name)


def composed(format_: Format, award: Award | None = None, **changes: Any) -> dict[str, Any]:
    """An unsecured document, in which claims are changed; `None` takes one out."""
    document = format_.compose(award or an_award(), issued=ISSUED, status=a_status_entry())
    marked = {
        name: Disclosable(value) if isinstance(document.get(name), Disclosable) else value
        for name, value in changes.items()
    }
    return {name: value for name, value in {**document, **marked}.items() if disclosed(value) is not None}


def sealed(format_: Format, award: Award | None = None, **changes: Any) -> SdJwt:
    return SdJwt.parse(SD_JWT.secure(composed(format_, award, **changes), KEY, METHOD, ISSUED))


def broken(format_: Format, token: SdJwt, **how: Any) -> set[str]:
    statement = Statement.of(token.reveal(), how.get("now", NOW + timedelta(days=30)))
    return {violation.rule for violation in TYPES[format_.name].violations(statement)}


@BOTH
@pytest.mark.parametrize("proof", [SD_JWT, SD_JWT_ES256], ids=lambda p: p.name)
def test_an_award_becomes_a_credential_that_keeps_every_rule(format_: Format, proof: SdJwtProof) -> None:
    key = SigningKey.generate(proof.key)
    token = SdJwt.parse(proof.secure(composed(format_), key, METHOD, ISSUED))
    assert token.jws.verify(key.public)
    assert token.jws.header["typ"] == "dc+sd-jwt"
    assert broken(format_, token) == set()
    reading = format_.read(token.reveal().claims)
    assert reading.title == "Data ethics for public services"
    assert reading.issuer == an_award().organisation.did
    assert reading.issuer_name == "University of Example"
    assert reading.subject_name == "Ana Andromeda"
    assert reading.id == an_award().id.urn
    assert reading.valid_from == ISSUED
    assert reading.valid_until == an_award().valid_until
    assert [(status.list, status.index) for status in reading.status] == [
        (a_status_entry().list, a_status_entry().index)
    ]


def test_the_learning_credential_says_what_the_reference_says() -> None:
    claims = disclosed(composed(LEARNING_CREDENTIAL))
    of_the_token = {"iat", "exp", "jti", "iss", "status", "vct#integrity"}
    assert {name: value for name, value in claims.items() if name not in of_the_token} == {
        "vct": "urn:eu.europa.ec.eudi:learning:credential:1",
        "issuing_authority": "University of Example",
        "issuing_country": "IE",
        "date_of_issuance": "2026-11-23",
        "date_of_expiry": "2031-11-23",
        "family_name": "Andromeda",
        "given_name": "Ana",
        "achievement_title": "Data ethics for public services",
        "achievement_description": "\n".join(
            [DATA_ETHICS["description"]["en"], DATA_ETHICS["homepage"], *DATA_ETHICS["further_information"]]
        ),
        "learning_outcomes": [outcome["title"]["en"] for outcome in DATA_ETHICS["learning_outcomes"]],
        "assessment_grade": "85",
        "language_of_classes": ["en"],
        "learner_identification": "ana@example.org",
        "expected_study_time": "5 ECTS (125 hours)",
        "level_of_learning_experience": "Level6",
        "types_of_quality_assurance": ["Institutional Quality Assurance"],
        "prerequisites_to_enroll": ["None"],
        "integration_stackability_options": "Yes",
    }


def test_the_micro_credential_says_what_the_rulebook_asks() -> None:
    claims = disclosed(composed(MICRO_CREDENTIAL))
    assert claims["vct"] == "VerifiableMicroCredential"
    assert claims["attestation_legal_category"] == "non-qualified-EAA"
    assert claims["notionalWorkload"] == {"value": 5, "unit": "ECTS"}
    assert claims["typeOfAssessment"] == "written-examination"
    assert claims["formOfParticipation"] == "blended"
    assert claims["qualityAssurance"] == claims["accreditation"]["type"] == "institutional-accreditation"
    assert (claims["level"], claims["educationLevelDescriptor"]) == ("EQF-6", "First cycle")
    assert (claims["grade"], claims["gradingScheme"]) == ("85", "Percentage, 0 to 100, passed from 50")
    assert (claims["stackable"], claims["partOfQualification"]) == (True, "Master in Public Administration")
    assert claims["escoReference"] == DATA_ETHICS["learning_outcomes"][0]["esco_skills"]
    assert claims["idVerificationMethod"] == "in-person-supervision"
    assert "ana@example.org" not in str(claims)


def test_several_types_of_assessment_are_all_said() -> None:
    offering = an_offering(
        assessments=[{"type": "portfolio"}, {"type": "project-work"}, {"type": "quiz", "mode": "online"}],
        participation=["presential", "online"],
    )
    claims = disclosed(composed(MICRO_CREDENTIAL, an_award(offering=offering)))
    assert claims["typeOfAssessment"] == ["portfolio-assessment", "project-assessment", "quiz"]
    assert claims["formOfParticipation"] == ["on-site", "online"]
    assert "idVerificationMethod" not in claims


@pytest.mark.parametrize(
    ("mode", "supervision", "said"),
    [
        ("online", "supervised-with-id-verification", "proctored-online-exam"),
        ("presential", "supervised-with-id-verification", "in-person-supervision"),
        ("online", "unsupervised-with-id-verification", "identity-verified-remote-exam"),
        ("online", "unsupervised-without-id-verification", "unsupervised-without-id-verification"),
    ],
)
def test_supervision_goes_by_the_rulebooks_names_where_one_fits(mode: str, supervision: str, said: str) -> None:
    assessment = {"type": "oral-examination", "mode": mode, "supervision": supervision}
    claims = disclosed(composed(MICRO_CREDENTIAL, an_award(offering=an_offering(assessments=[assessment]))))
    assert claims["idVerificationMethod"] == said


@pytest.mark.parametrize(
    ("workload", "time", "counted"),
    [
        ({"hours": "12.5"}, "12.5 hours", {"value": 12.5, "unit": "hours"}),
        ({"credits": {"points": "2.5", "system": "ECTS"}}, "2.5 ECTS", {"value": 2.5, "unit": "ECTS"}),
        (
            {"hours": "10", "credits": {"points": "1", "system": "ECVET"}},
            "1 ECVET (10 hours)",
            {"value": 10, "unit": "hours"},
        ),
    ],
)
def test_workload_is_said_in_each_types_way(workload: Any, time: str, counted: Any) -> None:
    award = an_award(offering=an_offering(workload=workload))
    assert disclosed(composed(LEARNING_CREDENTIAL, award))["expected_study_time"] == time
    assert disclosed(composed(MICRO_CREDENTIAL, award))["notionalWorkload"] == counted


@pytest.mark.parametrize(("cycle", "level"), [("short-cycle", "5"), ("second-cycle", "7"), ("third-cycle", "8")])
def test_a_cycle_says_its_level(cycle: str, level: str) -> None:
    award = an_award(offering=an_offering(level={"cycle": cycle}))
    assert disclosed(composed(LEARNING_CREDENTIAL, award))["level_of_learning_experience"] == f"Level{level}"
    assert disclosed(composed(MICRO_CREDENTIAL, award))["level"] == f"EQF-{level}"


def test_an_award_for_good_ends_as_a_token_and_not_as_an_achievement() -> None:
    award = an_award(valid_until=None)
    claims = disclosed(composed(LEARNING_CREDENTIAL, award))
    assert claims["exp"] == int((ISSUED + INSTANCE_VALIDITY).timestamp())
    assert "date_of_expiry" not in claims
    assert "exp" not in disclosed(composed(MICRO_CREDENTIAL, award))


def test_a_learner_is_known_by_a_number_an_address_or_a_did() -> None:
    number = {"value": "urn:schac:personalUniqueCode:int:esi:uex.example:7c9", "scheme": "schacPersonalUniqueCode"}
    did = did_key(KEY.public)
    for learner, known in (
        (a_learner(identifiers=[number], did=did), number["value"]),
        (a_learner(did=did), "ana@example.org"),
        (a_learner(email=None, did=did), did),
    ):
        claims = disclosed(composed(LEARNING_CREDENTIAL, an_award(learner=learner)))
        assert claims["learner_identification"] == known
    with pytest.raises(BrokenRule, match="learner_identification"):
        composed(LEARNING_CREDENTIAL, an_award(learner=a_learner(email=None)))


def test_one_name_alone_is_the_family_name_there_and_too_little_here() -> None:
    award = an_award(learner=a_learner(given_name=None, family_name=None, full_name="Plato"))
    assert disclosed(composed(LEARNING_CREDENTIAL, award))["family_name"] == "Plato"
    with pytest.raises(BrokenRule, match="MC-IR-01"):
        composed(MICRO_CREDENTIAL, award)


# The holder


@BOTH
@pytest.mark.parametrize("did_of", [did_key, did_jwk], ids=["did:key", "did:jwk"])
@pytest.mark.parametrize("kind", [KEY.kind, P256], ids=lambda kind: kind.name)
def test_it_is_bound_to_the_learners_key(format_: Format, did_of: Callable[..., str], kind: Any) -> None:
    learner = SigningKey.generate(kind)
    document = composed(format_, an_award(learner=a_learner(did=did_of(learner.public))))
    assert from_jwk(document["cnf"]["jwk"]) == learner.public


@BOTH
@pytest.mark.parametrize(
    "did", [None, "did:web:ana.example", "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"]
)
def test_it_is_bound_to_nobody_where_no_key_is_known(format_: Format, did: str | None) -> None:
    assert "cnf" not in composed(format_, an_award(learner=a_learner(did=did)))


# What can be hidden


def never(type_: CredentialType) -> set[str]:
    return {claim.name for claim in type_.table() if not claim.disclosable}


@BOTH
def test_what_always_shows_is_what_the_table_says(format_: Format) -> None:
    token = sealed(format_, an_award(learner=a_learner(did=did_key(KEY.public)))).showing(lambda _: False)
    shown = token.reveal().claims
    assert shown.keys() <= never(TYPES[format_.name])
    assert broken(format_, token) == set()
    assert format_.read(shown).issuer == an_award().organisation.did


def test_the_micro_credential_shows_nothing_of_the_learner_or_the_achievement_by_itself() -> None:
    shown = sealed(MICRO_CREDENTIAL).showing(lambda _: False).reveal().claims
    assert shown.keys() == {"iss", "vct", "vct#integrity", "iat", "exp", "status", "attestation_legal_category"}


TOKENS = {format_.name: sealed(format_) for format_ in (LEARNING_CREDENTIAL, MICRO_CREDENTIAL)}


@given(st.sampled_from([LEARNING_CREDENTIAL, MICRO_CREDENTIAL]), st.data())
def test_any_subset_can_be_shown_and_keeps_every_rule(format_: Format, data: st.DataObject) -> None:
    token = TOKENS[format_.name]
    names = sorted(str(path[0]) for path in token.reveal().paths.values())
    kept = data.draw(st.sets(st.sampled_from(names)))
    some = token.showing(lambda path: path[0] in kept)
    assert broken(format_, some) == set()
    assert {path[0] for path in some.reveal().paths.values()} == kept
    format_.read(some.reveal().claims)


# The rules: on verify, of a credential somebody else sealed; and on issue

YESTERDAY, FAR = "2026-11-22", "2027-06-01"
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "no title": ("MC-IR-01", {"title": None}),
    "no assessment": ("MC-IR-01", {"typeOfAssessment": None}),
    "no legal category": ("MC-IR-01", {"attestation_legal_category": None}),
    "no workload and no level": ("MC-IR-01", {"notionalWorkload": None, "level": None}),
    "born tomorrow": ("MC-IR-02", {"dateOfBirth": Disclosable(FAR)}),
    "issued in the future": ("MC-IR-03", {"issuanceDate": FAR}),
    "a grade for attendance": ("MC-IR-04", {"typeOfAssessment": "level-of-attendance"}),
    "a grade on no scale": ("MC-IR-04", {"gradingScheme": None}),
    "a skill that is none": ("MC-IR-05", {"escoReference": ["https://example.org/skill/1"]}),
    "a skill of nothing": ("MC-IR-05", {"escoReference": ["http://data.europa.eu/esco/"]}),
    "no time": ("MC-IR-06", {"notionalWorkload": {"value": 0, "unit": "ECTS"}}),
    "negative time": ("MC-IR-06", {"notionalWorkload": {"value": -5, "unit": "hours"}}),
    "time that is text": ("MC-IR-06", {"notionalWorkload": {"value": "5", "unit": "ECTS"}}),
    "time that is true": ("MC-IR-06", {"notionalWorkload": {"value": True, "unit": "ECTS"}}),
    "time without a unit": ("MC-IR-06", {"notionalWorkload": {"value": 5}}),
    "time in months": ("MC-IR-06", {"notionalWorkload": {"value": 60, "unit": "months"}}),
    "stackable towards nothing": ("MC-IR-07", {"partOfQualification": None}),
    "another accreditation": ("MC-IR-08", {"qualityAssurance": "programme-accreditation"}),
    "an accreditation of no type": ("MC-IR-08", {"accreditation": {"title": "Review"}}),
}


@pytest.mark.parametrize(("rule", "changes"), RULES.values(), ids=RULES)
def test_an_integrity_rule_is_kept_on_verify(rule: str, changes: dict[str, Any]) -> None:
    assert broken(MICRO_CREDENTIAL, sealed(MICRO_CREDENTIAL, **changes)) == {rule}


@pytest.mark.parametrize(("rule", "changes"), RULES.values(), ids=RULES)
def test_an_integrity_rule_is_kept_on_issue(rule: str, changes: dict[str, Any]) -> None:
    said = {**disclosed(composed(MICRO_CREDENTIAL)), **{name: disclosed(value) for name, value in changes.items()}}
    for registered in ("iss", "vct", "iat", "status"):
        said.pop(registered)
    with pytest.raises(BrokenRule) as refused:
        MICRO_CREDENTIAL_TYPE.compose(an_award(), said, issued=ISSUED, status=a_status_entry())
    assert {violation.rule for violation in refused.value.broken} == {rule}


def test_it_is_not_issued_before_the_assessment_was_completed() -> None:
    with pytest.raises(BrokenRule, match="MC-IR-03"):
        MICRO_CREDENTIAL.compose(an_award(), issued=NOW - timedelta(days=1), status=a_status_entry())


def test_a_claim_its_holder_cannot_hide_breaks_the_last_rule() -> None:
    document = composed(MICRO_CREDENTIAL)
    document["familyName"] = disclosed(document["familyName"])
    token = SdJwt.parse(SD_JWT.secure(document, KEY, METHOD, ISSUED))
    assert broken(MICRO_CREDENTIAL, token) == {"MC-IR-09"}


def test_dates_are_judged_where_the_day_begins_first() -> None:
    token = sealed(MICRO_CREDENTIAL, issuanceDate="2026-11-24")
    assert broken(MICRO_CREDENTIAL, token, now=NOW) == set()
    assert broken(MICRO_CREDENTIAL, token, now=NOW - timedelta(hours=1)) == {"MC-IR-03"}


def test_a_rule_supposes_nothing_of_what_is_not_shown() -> None:
    token = sealed(MICRO_CREDENTIAL)
    for shown in ({"grade"}, {"stackable"}, {"accreditation"}, {"qualityAssurance"}, {"grade", "typeOfAssessment"}):
        assert broken(MICRO_CREDENTIAL, token.showing(lambda path, shown=shown: path[0] in shown)) == set()


def test_an_award_that_cannot_be_graded_is_said_without_the_grade() -> None:
    attended = an_award(offering=an_offering(assessments=[{"type": "level-of-attendance"}]))
    scaleless = an_award(offering=an_offering(assessments=[{"type": "quiz"}]), grade=a_grade(scheme=None))
    for award in (attended, scaleless, an_award(grade=None)):
        assert not {"grade", "gradingScheme"} & composed(MICRO_CREDENTIAL, award).keys()


def test_an_award_stackable_towards_nothing_known_does_not_say_so() -> None:
    vague = an_award(offering=an_offering(stackable_towards=[]))
    assert "stackable" not in composed(MICRO_CREDENTIAL, vague)
    alone = an_award(offering=an_offering(integration="standalone", stackable_towards=[]))
    assert disclosed(composed(MICRO_CREDENTIAL, alone))["stackable"] is False
    assert disclosed(composed(LEARNING_CREDENTIAL, alone))["integration_stackability_options"] == "No"


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("mandatory", {"family_name": None}),
        ("mandatory", {"achievement_title": None}),
        ("mandatory", {"exp": None}),
        ("mandatory", {"types_of_quality_assurance": None, "expected_study_time": None}),
        ("issuance", {"date_of_issuance": FAR}),
        ("expiry", {"date_of_expiry": YESTERDAY}),
    ],
)
def test_the_learning_credential_has_rules_too(rule: str, changes: dict[str, Any]) -> None:
    assert broken(LEARNING_CREDENTIAL, sealed(LEARNING_CREDENTIAL, **changes)) == {rule}


@pytest.mark.parametrize(
    ("format_", "changes"),
    [
        (LEARNING_CREDENTIAL, {"issuing_country": "IRL"}),
        (LEARNING_CREDENTIAL, {"date_of_issuance": "23/11/2026"}),
        (LEARNING_CREDENTIAL, {"date_of_issuance": "2026-02-30"}),
        (LEARNING_CREDENTIAL, {"level_of_learning_experience": "Level9"}),
        (LEARNING_CREDENTIAL, {"learning_outcomes": "Weigh"}),
        (LEARNING_CREDENTIAL, {"learning_outcomes": []}),
        (LEARNING_CREDENTIAL, {"learning_outcomes": [1]}),
        (LEARNING_CREDENTIAL, {"integration_stackability_options": True}),
        (LEARNING_CREDENTIAL, {"family_name": {"en": "Andromeda"}}),
        (LEARNING_CREDENTIAL, {"family_name": " "}),
        (LEARNING_CREDENTIAL, {"exp": "2031"}),
        (LEARNING_CREDENTIAL, {"iat": True}),
        (LEARNING_CREDENTIAL, {"nbf": 1e300}),
        (LEARNING_CREDENTIAL, {"iss": "University of Example"}),
        (LEARNING_CREDENTIAL, {"cnf": "key"}),
        (LEARNING_CREDENTIAL, {"status": []}),
        (MICRO_CREDENTIAL, {"level": "EQF-0"}),
        (MICRO_CREDENTIAL, {"stackable": "true"}),
        (MICRO_CREDENTIAL, {"accreditation": [{}, 5]}),
        (MICRO_CREDENTIAL, {"notionalWorkload": "5 ECTS"}),
        (MICRO_CREDENTIAL, {"qualityAssurance": [1]}),
        (MICRO_CREDENTIAL, {"escoReference": "http://data.europa.eu/esco/skill/1"}),
    ],
)
def test_a_claim_of_another_shape_is_not_read(format_: Format, changes: dict[str, Any]) -> None:
    token = sealed(format_, **changes)
    assert broken(format_, token) == {"shape"}
    with pytest.raises(BrokenRule, match=next(iter(changes))):
        format_.read(token.reveal().claims)


@BOTH
@pytest.mark.parametrize("name", ["iss", "vct", "exp", "cnf", "status", "iat"])
def test_what_a_verifier_needs_cannot_be_hidden(format_: Format, name: str) -> None:
    document = composed(format_, an_award(learner=a_learner(did=did_key(KEY.public))))
    document[name] = Disclosable(document[name])
    token = SdJwt.parse(SD_JWT.secure(document, KEY, METHOD, ISSUED))
    assert "sd-jwt-vc" in broken(format_, token)


@BOTH
def test_a_holder_known_by_something_else_than_a_key_is_refused(format_: Format) -> None:
    assert broken(format_, sealed(format_, cnf={"kid": "did:example:ana"})) == {"cnf"}


@BOTH
def test_a_credential_of_another_type_is_not_read(format_: Format) -> None:
    with pytest.raises(BrokenRule):
        format_.read({**disclosed(composed(format_)), "vct": "https://example.org/identity"})


@BOTH
def test_what_libraries_write_differently_is_not_issued(format_: Format) -> None:
    with pytest.raises(Unwritable):
        composed(format_, an_award(learner=a_learner(family_name="Andro\x07meda")))


# Formats and proofs


@BOTH
def test_only_sd_jwt_secures_it_and_nothing_beside_it(format_: Format) -> None:
    format_.check_proofs([SD_JWT])
    format_.check_proofs([SD_JWT_ES256])
    wrong: list[tuple[Format, list[Proof]]] = [
        (format_, [EDDSA_JCS_2022]),
        (format_, [SD_JWT, SD_JWT_ES256]),
        (format_, []),
        (OPEN_BADGES_3, [SD_JWT]),
    ]
    for chosen, proofs in wrong:
        with pytest.raises(UnsuitableProof):
            chosen.check_proofs(proofs)


@BOTH
def test_its_type_is_told_for_wallets(format_: Format) -> None:
    metadata = TYPES[format_.name].metadata()
    assert metadata["vct"] == disclosed(composed(format_))["vct"]
    rows = {tuple(row["path"]): row for row in metadata["claims"]}
    document = composed(format_, an_award(learner=a_learner(did=did_key(KEY.public))))
    for name, value in document.items():
        row = rows.get((name,))
        if row is not None:
            assert (row["sd"] == "always") == isinstance(value, Disclosable), name
        if isinstance(value, Disclosable):
            assert row is not None
            assert row["display"][0]["label"]
