"""What is composed passes the Open Badges 3.0 JSON schema of 1EdTech."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.formats import OPEN_BADGES_3, OPEN_BADGES_3_VC_1_1, Format
from credentials.formats.open_badges_vc_1_1 import NAMES
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022
from schemas.events import StatusEntry
from schemas.microcredential import Award
from tests.builders import NOW, a_learner, an_award, an_offering, an_organisation

STATUS = StatusEntry(list="https://laurel.example.org/organisations/uex/status-lists/1", index=77)
KEY = SigningKey.generate()


@pytest.fixture(scope="module")
def schema(reference_data: Path) -> Draft201909Validator:
    return Draft201909Validator(_schema(reference_data))


@pytest.fixture(scope="module")
def older_schema(reference_data: Path) -> Draft201909Validator:
    """The same for VC Data Model 1.1, made of it by the differences that Open Badges 3.0, B.9.2 lists."""
    schema = _schema(reference_data)
    schema["required"] = [NAMES.get(name, name) for name in schema["required"]]
    schema["properties"] = {NAMES.get(name, name): said for name, said in schema["properties"].items()}
    context = schema["properties"]["@context"]
    assert context["items"][0] == {"enum": [CREDENTIALS_V2]}
    context["items"][0] = {"enum": [CREDENTIALS_V1]}
    return Draft201909Validator(schema)


def _schema(reference_data: Path) -> dict[str, Any]:
    path = reference_data / "schemas" / "ob_v3p0_achievementcredential_schema.json"
    schema: dict[str, Any] = json.loads(path.read_bytes())
    return schema


AWARDS: dict[str, Award] = {
    "complete": an_award(),
    "with the least": an_award(
        offering=an_offering(
            description=None, learning_outcomes=[], workload=None, level=None, assessments=[], participation=[],
            quality_assurance=[], prerequisites=None, integration=None, stackable_towards=[], fields=[],
            further_information=[], homepage=None,
        ),
        grade=None, evidence=(), valid_until=None, learner=a_learner(email=None),
        organisation=an_organisation(homepage=None, region=None, identifiers=()),
    ),
    "holder-bound": an_award(learner=a_learner(did="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")),
    "in a regional language": an_award(
        offering=an_offering(primary_language="pt-br", title={"pt-br": "Ética de dados"})
    ),
}  # fmt: skip


def sealed(award: Award, format_: Format = OPEN_BADGES_3) -> dict[str, Any]:
    document = format_.compose(award, issued=NOW + timedelta(seconds=3), status=STATUS)
    for suite in (EDDSA_RDFC_2022, EDDSA_JCS_2022):
        document = suite.secure(document, KEY, f"{award.organisation.did}#key-1", NOW)
    return document


@pytest.mark.parametrize("kind", AWARDS)
def test_a_sealed_badge_passes_the_schema(schema: Draft201909Validator, kind: str) -> None:
    schema.validate(sealed(AWARDS[kind]))


@pytest.mark.parametrize("kind", AWARDS)
def test_a_badge_on_the_older_data_model_passes_the_schema_for_it_and_no_other(
    schema: Draft201909Validator, older_schema: Draft201909Validator, kind: str
) -> None:
    badge = sealed(AWARDS[kind], OPEN_BADGES_3_VC_1_1)
    older_schema.validate(badge)
    assert not schema.is_valid(badge)
    assert not older_schema.is_valid(sealed(AWARDS[kind]))
