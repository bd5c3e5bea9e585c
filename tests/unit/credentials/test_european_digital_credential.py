"""European Digital Credentials: what an award says stands in one, and is read out of it again."""

from __future__ import annotations

import base64
import copy
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials.formats import Unwritable
from credentials.formats.emblem import emblem
from credentials.formats.european_digital_credential import (
    AP_1_1_0,
    EUROPEAN_DIGITAL_CREDENTIAL,
    ApplicationProfile,
    NotAnEuropeanDigitalCredential,
    european_digital_credential,
)
from schemas import annex1
from schemas.faults import Malformed
from schemas.microcredential import Award
from tests.builders import (
    NOW,
    a_grade,
    a_learner,
    a_status_entry,
    an_award,
    an_id,
    an_offering,
    an_organisation,
)

ISSUED = NOW + timedelta(seconds=3)
Json = dict[str, Any]


def composed(award: Award | None = None, **changes: Any) -> Json:  # noqa: ANN401 to the award
    award = award or an_award(**changes)
    return EUROPEAN_DIGITAL_CREDENTIAL.compose(award, issued=ISSUED, status=a_status_entry())


def nodes(value: object) -> Iterator[Json]:
    if isinstance(value, list):
        for below in value:
            yield from nodes(below)
    elif isinstance(value, dict):
        if "id" in value:
            yield value
        for below in value.values():
            yield from nodes(below)


def test_every_standard_element_is_read_out_of_it_again() -> None:
    reading = EUROPEAN_DIGITAL_CREDENTIAL.read(composed())
    found = {one.element: one.values for one in reading.elements}
    assert tuple(found) == annex1.ELEMENTS
    assert found[annex1.LEARNER] == ("Ana Andromeda",)
    assert found[annex1.TITLE] == ("Data ethics for public services",)
    assert found[annex1.COUNTRY] == ("Ireland", "IE061")
    assert found[annex1.AWARDING_BODY] == ("University of Example",)
    assert found[annex1.DATE_OF_ISSUING] == ("2026-11-23T10:00:03Z",)
    assert len(found[annex1.LEARNING_OUTCOMES]) == 2
    assert found[annex1.WORKLOAD] == ("5 European Credit Transfer System", "PT125H")
    assert found[annex1.LEVEL] == ("EQF Level 6", "First cycle")
    assert found[annex1.ASSESSMENT] == ("written examination",)
    assert found[annex1.PARTICIPATION] == ("Blended",)
    assert found[annex1.QUALITY_ASSURANCE] == (
        "Institutional review, Institutional Quality Assurance, Quality Agency of Example",
    )
    assert found[annex1.PREREQUISITES] == ("None",)
    assert found[annex1.SUPERVISION] == ("Supervised with ID Verification",)
    assert found[annex1.GRADE] == ("85",)
    assert found[annex1.INTEGRATION] == ("stackable", "Master in Public Administration")
    assert "https://uex.example.org/data-ethics/faq" in found[annex1.FURTHER_INFORMATION]


def test_who_when_and_until_when_are_read() -> None:
    reading = EUROPEAN_DIGITAL_CREDENTIAL.read(composed())
    assert reading.id == an_award().id.urn
    assert reading.issuer_name == "University of Example"
    assert reading.subject_name == "Ana Andromeda"
    assert (reading.valid_from, reading.awarded) == (ISSUED, NOW)
    assert reading.valid_until == datetime(2031, 11, 23, 10, tzinfo=UTC)
    bound = composed(learner=a_learner(did="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"))
    assert EUROPEAN_DIGITAL_CREDENTIAL.read(bound).subject == bound["credentialSubject"]["id"]


def test_an_id_always_means_the_same_node() -> None:
    award = an_award(offering=an_offering(assessments=[*an_offering().assessments, {"type": "portfolio"}]))
    said: dict[str, Json] = {}
    for node in nodes(composed(award)):
        assert said.setdefault(node["id"], node) == node


def test_no_two_credentials_share_a_node_that_may_differ() -> None:
    ours, theirs = composed(), composed(id=an_id("another award"), learner=a_learner(full_name="Bo"))
    kinds = ("urn:epass:", "urn:uuid:")
    mine, other = ({n["id"] for n in nodes(one) if n["id"].startswith(kinds)} for one in (ours, theirs))
    assert mine.isdisjoint(other)


def test_it_has_a_picture_that_is_one() -> None:
    detail = composed()["displayParameter"]["individualDisplay"][0]["displayDetail"][0]
    png = base64.b64decode(detail["image"]["content"], validate=True)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png.endswith(b"IEND" + zlib.crc32(b"IEND").to_bytes(4))
    assert emblem() == detail["image"]["content"]


def test_it_says_nothing_of_a_status_unless_the_profile_can() -> None:
    assert "credentialStatus" not in composed()
    tomorrow = ApplicationProfile(
        "1.9.0", AP_1_1_0.context, AP_1_1_0.schema, status=lambda entry: {"id": f"{entry.list}#{entry.index}"}
    )
    document = european_digital_credential(tomorrow).compose(an_award(), issued=ISSUED, status=a_status_entry())
    assert document["credentialStatus"]["id"].endswith("#94567")


def test_an_e_mail_address_is_nobodys_business() -> None:
    assert "ana@example.org" not in str(composed())


def test_a_learners_identifier_is_named_with_its_register() -> None:
    learner = a_learner(identifiers=[{"value": "7", "scheme": "https://r.example/"}, {"value": "8", "scheme": "ext:x"}])
    first, second = composed(learner=learner)["credentialSubject"]["identifier"]
    assert (first["notation"], first["schemeId"]) == ("7", "https://r.example/")
    assert (second["notation"], second["schemeName"]) == ("8", "x")


def test_each_assessment_has_the_grade_there_is() -> None:
    def grades(**changes: Any) -> list[Json]:  # noqa: ANN401 to the award
        claim = composed(**changes)["credentialSubject"]["hasClaim"][0]
        return [one["grade"]["noteLiteral"] for one in claim.get("provenBy", [])]

    two = an_offering(assessments=[*an_offering().assessments, {"type": "portfolio"}])
    none = an_offering(assessments=[])
    assert grades() == [{"en": "85"}]
    assert grades(grade=None) == [{"en": "Passed"}]
    scale = "on the scale Percentage, 0 to 100, pass mark 50"
    assert grades(offering=two) == [{"en": f"85 (overall result {scale})"}] * 2
    assert grades(offering=two, grade=a_grade(scheme=None)) == [{"en": "85 (overall result)"}] * 2
    assert grades(offering=none) == [{"en": "85"}]
    assert grades(offering=none, grade=None) == []


def test_a_national_level_of_another_register_stands_beside_the_cycle() -> None:
    def levels(iri: str) -> tuple[list[Json], list[Json]]:
        offering = an_offering(level={"nqf": iri, "cycle": "first-cycle"})
        said = composed(offering=offering)["credentialSubject"]["hasClaim"][0]["specifiedBy"]
        return said.get("nqfLevel", []), said["educationLevel"]

    national, education = levels("http://data.europa.eu/snb/qdr/c_218a7e54")
    assert (len(national), len(education)) == (1, 1)
    national, education = levels("https://nfq.example/levels/8")
    assert (len(national), len(education)) == (0, 2)


def test_the_language_is_one_of_the_eus_list() -> None:
    offering = an_offering(primary_language="pt-br", title={"pt-BR": "Ética"})
    display = composed(offering=offering)["displayParameter"]
    assert display["primaryLanguage"]["id"].endswith("/language/POR")
    assert display["title"] == {"pt-br": "Ética"}
    rare = composed(offering=an_offering(primary_language="ast", title={"ast": "Ética"}))["displayParameter"]
    assert [one["id"].rpartition("/")[2] for one in rare["language"]] == ["AST"]
    with pytest.raises(Unwritable, match="xx"):
        composed(offering=an_offering(primary_language="xx", title={"xx": "?"}))


@pytest.mark.parametrize("text", ["\x00", "a\x1bb", "\ufffe"])
def test_what_cannot_be_certified_is_refused(text: str) -> None:
    with pytest.raises(Unwritable):
        composed(grade=a_grade(value=f"8{text}5"))


def test_an_organisation_with_nothing_but_a_name_and_a_country_will_do() -> None:
    document = composed(organisation=an_organisation(homepage=None, region=None, identifiers=()))
    assert document["issuer"].keys() == {"id", "type", "legalName", "location", "eIDASIdentifier"}


JUNK: dict[str, Callable[[Json], object]] = {
    "another type": lambda d: d.update(type=["VerifiableCredential"]),
    "no credential": lambda d: d.update(type="EuropeanDigitalCredential"),
    "a context of its own": lambda d: d["@context"].append({"title": "https://evil.example/"}),
    "the contexts in another order": lambda d: d["@context"].reverse(),
    "no issuer": lambda d: d.pop("issuer"),
    "two issuers": lambda d: d.update(issuer=[d["issuer"]] * 2),
    "an issuer that is a text": lambda d: d.update(issuer="did:web:x"),
    "no claim": lambda d: d["credentialSubject"].pop("hasClaim"),
    "a claim that is a text": lambda d: d["credentialSubject"].update(hasClaim="x"),
    "no date": lambda d: [d.pop(name) for name in ("validFrom", "issuanceDate")],
    "a date without a zone": lambda d: d.update(validFrom="2026-11-23T10:00:00"),
    "a date that is a number": lambda d: d.update(expirationDate=2031),
    "a title that is a text": lambda d: d["displayParameter"].update(title="Data ethics"),
    "a title of numbers": lambda d: d["displayParameter"].update(title={"en": 1}),
    "no title at all": lambda d: (
        d["displayParameter"].pop("title"),
        d["credentialSubject"]["hasClaim"][0].pop("title"),
    ),
    "a point that is a number": lambda d: d["credentialSubject"]["hasClaim"][0]["specifiedBy"]["creditPoint"][0].update(
        point=5
    ),
    "a partial qualification that is a text": lambda d: d["credentialSubject"]["hasClaim"][0]["specifiedBy"].update(
        isPartialQualification="true"
    ),
    "a level that is an address": lambda d: d["credentialSubject"]["hasClaim"][0]["specifiedBy"].update(
        eqfLevel="http://data.europa.eu/snb/eqf/6"
    ),
}


@pytest.mark.parametrize("junk", JUNK)
def test_what_is_not_of_its_type_is_refused(junk: str) -> None:
    document = copy.deepcopy(composed())
    JUNK[junk](document)
    with pytest.raises(Malformed):
        EUROPEAN_DIGITAL_CREDENTIAL.read(document)


def test_where_dates_differ_the_narrower_counts() -> None:
    document = composed() | {"expirationDate": "2027-01-01T00:00:00Z", "issuanceDate": "2026-12-01T00:00:00Z"}
    reading = EUROPEAN_DIGITAL_CREDENTIAL.read(document)
    assert reading.valid_from == datetime(2026, 12, 1, tzinfo=UTC)
    assert reading.valid_until == datetime(2027, 1, 1, tzinfo=UTC)


def test_it_is_not_taken_for_something_else() -> None:
    with pytest.raises(NotAnEuropeanDigitalCredential):
        EUROPEAN_DIGITAL_CREDENTIAL.read({})


OUT_OF_20 = a_grade(value="17", scheme={"title": {"en": "Points"}, "minimum": "0", "maximum": "20", "pass_mark": "10"})


def proven(**changes: Any) -> list[Json]:  # noqa: ANN401 to the award
    made: list[Json] = composed(**changes)["credentialSubject"]["hasClaim"][0]["provenBy"]
    return made


def test_a_grade_is_read_on_its_own_scale_where_one_assessment_gave_it() -> None:
    [assessment] = proven(grade=OUT_OF_20)
    scheme = assessment["specifiedBy"]["gradingScheme"]
    assert (scheme["title"], scheme["description"]) == ({"en": "Points"}, {"en": "0 to 20, pass mark 10"})


def test_a_grade_of_no_assessment_has_its_scale_with_it() -> None:
    [assessment] = proven(offering=an_offering(assessments=[]), grade=OUT_OF_20)
    assert assessment["specifiedBy"]["gradingScheme"]["description"] == {"en": "0 to 20, pass mark 10"}
