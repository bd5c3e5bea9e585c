import pytest
from pydantic import TypeAdapter, ValidationError

from schemas import vocabularies
from schemas.vocabularies import (
    ASSESSMENT_TYPES,
    COUNTRIES,
    CREDIT_SYSTEMS,
    FIELDS_OF_EDUCATION,
    QF_EHEA_CYCLES,
    AssessmentType,
    Concept,
    Country,
    EqfLevel,
    Vocabulary,
)

EVERY_LIST = [value for value in vars(vocabularies).values() if isinstance(value, Vocabulary)]


@pytest.mark.parametrize(
    "name",
    ["6e6cb2cc78", "written-examination", "Written-Examination", "http://data.europa.eu/snb/assessment/6e6cb2cc78"],
)
def test_a_concept_is_read_by_code_slug_or_uri_and_written_as_uri(name: str) -> None:
    assessment_type = TypeAdapter(AssessmentType)

    concept = assessment_type.validate_python(name)

    assert isinstance(concept, Concept)
    assert concept.label == "written examination"
    assert assessment_type.dump_json(concept) == b'"http://data.europa.eu/snb/assessment/6e6cb2cc78"'
    assert assessment_type.validate_json(assessment_type.dump_json(concept)) == concept


@pytest.mark.parametrize("name", ["IRL", "IE", "ie", "ireland"])
def test_a_country_is_read_by_its_two_letters_or_its_three(name: str) -> None:
    ireland = COUNTRIES[name]

    assert (ireland.code, ireland.notation, ireland.label) == ("IRL", "IE", "Ireland")


def test_greece_the_united_kingdom_and_kosovo_have_the_codes_of_both_standards() -> None:
    assert [(COUNTRIES[c].code, COUNTRIES[c].notation) for c in ("GR", "GB", "XK")] == [
        ("GRC", "GR"),
        ("GBR", "GB"),
        ("1A0", "XK"),
    ]


def test_credits_are_known_by_their_short_name() -> None:
    assert CREDIT_SYSTEMS["ects"].uri == "http://data.europa.eu/snb/education-credit/6fcec5c5af"


def test_cycles_have_names_of_our_own_and_claim_no_foreign_host() -> None:
    assert QF_EHEA_CYCLES["first-cycle"].uri == "urn:laurel:qf-ehea:first-cycle"


def test_where_a_label_is_shared_the_code_is_the_slug() -> None:
    assert [FIELDS_OF_EDUCATION[code].slug for code in ("99", "999", "9999")] == ["99", "999", "9999"]


@pytest.mark.parametrize("name", ["", "knitting", "6", 6, None, COUNTRIES["IE"]])
def test_what_is_not_in_the_list_is_refused_and_the_list_is_named(name: object) -> None:
    with pytest.raises(ValidationError, match="is not in the list of assessment types"):
        TypeAdapter(AssessmentType).validate_python(name)


def test_a_list_in_which_a_name_means_two_things_is_refused() -> None:
    with pytest.raises(ValueError, match="'a'"):
        Vocabulary("letters", scheme="urn:letters", base="urn:letters:", labels={"a": "First", "b": "A"})


def test_the_json_schema_of_a_field_lists_the_uris() -> None:
    assert TypeAdapter(EqfLevel).json_schema()["enum"] == [f"http://data.europa.eu/snb/eqf/{n}" for n in range(1, 9)]
    assert len(TypeAdapter(Country).json_schema()["enum"]) == len(COUNTRIES)


@pytest.mark.parametrize("vocabulary", EVERY_LIST, ids=lambda vocabulary: vocabulary.name)
def test_every_concept_of_every_list_is_found_by_all_its_names(vocabulary: Vocabulary) -> None:
    for concept in vocabulary:
        for name in (concept.uri, concept.code, concept.notation, concept.slug):
            assert vocabulary[name] is concept


def test_concepts_can_be_kept_in_sets() -> None:
    assert len({ASSESSMENT_TYPES["quiz"], ASSESSMENT_TYPES["b1b68f6735"], ASSESSMENT_TYPES["portfolio"]}) == 2
