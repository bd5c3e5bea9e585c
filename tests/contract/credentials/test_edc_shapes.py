"""What is composed passes the official SHACL shapes of the EDC application profile 1.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyshacl import validate
from rdflib import Graph

from credentials.contexts import CREDENTIALS_V1, loader
from credentials.formats.european_digital_credential import EUROPEAN_DIGITAL_CREDENTIAL, NotAnEuropeanDigitalCredential
from credentials.formats.european_digital_credential_reading import CONTEXT
from credentials.jose import read_object
from credentials.proofs.jades import JADES, Envelope
from schemas.microcredential import Award
from tests.builders import NOW, a_learner, a_status_entry, an_award, an_offering, an_organisation
from tests.seals import a_seal_of

ISSUED = NOW + timedelta(seconds=3)
SEAL = a_seal_of("VATIE-7654321X", "The Trust of the University of Example")

AWARDS: dict[str, Award] = {
    "complete": an_award(
        learner=a_learner(
            did="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
            identifiers=[{"value": "urn:schac:personalUniqueCode:int:esi:uex.example:1", "scheme": "ext:esi"}],
        ),
        offering=an_offering(
            level={"eqf": "6", "nqf": "http://data.europa.eu/snb/qdr/c_218a7e54", "cycle": "first-cycle"},
            assessments=[*an_offering().assessments, {"type": "portfolio"}],
            learning_outcomes=[*an_offering().learning_outcomes] * 2,
            stackable_towards=[{"title": {"en": "Master"}, "url": "https://uex.example.org/master"}],
        ),
    ),
    "with the least": an_award(
        offering=an_offering(
            description=None, learning_outcomes=[], workload=None, assessments=[], participation=[],
            level={"nqf": "https://levels.example.org/nfq/8"},
            quality_assurance=[], prerequisites=None, integration=None, stackable_towards=[], fields=[],
            further_information=[], homepage=None,
        ),
        grade=None, evidence=(), valid_until=None, learner=a_learner(email=None),
        organisation=an_organisation(homepage=None, region=None, identifiers=()),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def shapes(reference_data: Path) -> Graph:
    graph = Graph()
    for name in ("EDC-generic-full.ttl", "EDC-generic-no-cv.ttl"):
        graph.parse(reference_data / "shapes" / "edc" / name)
    return graph


@pytest.fixture(scope="module")
def contexts(reference_data: Path) -> dict[str, Any]:
    """The application profile's context is in no package that could be shipped; a seal needs none."""
    edc = json.loads((reference_data / "contexts" / "edc-ap.jsonld").read_bytes())
    return {CREDENTIALS_V1: loader(CREDENTIALS_V1), CONTEXT: edc}


def as_rdf(document: dict[str, Any], contexts: dict[str, Any]) -> Graph:
    def load(url: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": contexts[url], "contentType": "application/ld+json"}

    graph = Graph()
    quads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": load})
    graph.parse(data=quads, format="nt")
    return graph


def sealed(award: Award) -> dict[str, Any]:
    """As the holder has it: with what the seal put in."""
    document = EUROPEAN_DIGITAL_CREDENTIAL.compose(award, issued=ISSUED, status=a_status_entry())
    return Envelope.open(JADES.sealing_with(SEAL).secure(document, None, None, ISSUED)).document()


@pytest.mark.parametrize("kind", AWARDS)
def test_what_is_sealed_conforms_to_the_official_shapes(kind: str, shapes: Graph, contexts: dict[str, Any]) -> None:
    conforms, _, report = validate(as_rdf(sealed(AWARDS[kind]), contexts), shacl_graph=shapes)
    assert conforms, report


def broken(document: dict[str, Any], how: str) -> dict[str, Any]:
    qualification = document["credentialSubject"]["hasClaim"][0]["specifiedBy"]
    match how:
        case "a status":
            return document | {"credentialStatus": {"id": "urn:x", "type": "BitstringStatusListEntry"}}
        case "a plain text":
            qualification["title"] = "Data ethics"
        case "two nodes of one id":
            document["credentialSubject"]["hasClaim"][0]["awardedBy"]["awardingBody"]["id"] = document["issuer"]["id"]
        case "no language":
            del document["displayParameter"]["primaryLanguage"]
        case _:
            del qualification["accreditation"][0]["accreditingAgent"]["location"]
    return document


@pytest.mark.parametrize("how", ["a status", "a plain text", "two nodes of one id", "no language", "no country"])
def test_the_shapes_do_find_what_is_wrong(how: str, shapes: Graph, contexts: dict[str, Any]) -> None:
    conforms, _, _ = validate(as_rdf(broken(sealed(AWARDS["complete"]), how), contexts), shacl_graph=shapes)
    assert not conforms


def keys(value: object) -> Iterator[str]:
    """Every member's name; the tags of a language map are none."""
    for below in value if isinstance(value, list) else []:
        yield from keys(below)
    if isinstance(value, dict) and not value.keys() <= {"en", "de", "ga"}:
        yield from value
        for below in value.values():
            yield from keys(below)


def test_no_member_is_lost_on_the_way_to_rdf(contexts: dict[str, Any]) -> None:
    known = {"@context", "id", "type", *contexts[CONTEXT]["@context"], *contexts[CREDENTIALS_V1]["@context"]}
    known |= set(contexts[CREDENTIALS_V1]["@context"]["VerifiableCredential"]["@context"])
    assert set(keys(sealed(AWARDS["complete"]))) <= known


def test_the_official_samples_are_read(reference_data: Path) -> None:
    folder = reference_data / "examples" / "edc-official"
    document = Envelope.open(read_object((folder / "Sample-MC-Annex1-signed.jsonld").read_bytes())).document()
    reading = EUROPEAN_DIGITAL_CREDENTIAL.read(document)
    assert reading.issuer == "VATES-A00000000"
    assert reading.issuer_name == "ORGANIZACION TEST"
    found = {one.element.id: one.values for one in reading.elements}
    assert found["workload"] == ("2 European Credit Transfer System", "PT60H")
    assert found["level"] == ("EQF Level 6", "RQF Level 6")
    assert found["supervision"] == ("Unsupervised without ID Verification",)
    assert found["grade"] == ("Pass",)
    assert "quality-assurance" not in found  # the sample has none, and still conforms
    unsigned = json.loads((folder / "Sample-MC-Annex1-unsigned.jsonld").read_bytes())
    for sample in ("sample-edc.json", "sample-edc-stacked.json"):
        made = json.loads((reference_data / "european-model" / "samples" / sample).read_bytes())
        assert len(EUROPEAN_DIGITAL_CREDENTIAL.read(made).elements) == 16
    with pytest.raises(NotAnEuropeanDigitalCredential):
        EUROPEAN_DIGITAL_CREDENTIAL.read(unsigned | {"@context": [CREDENTIALS_V1]})
