"""What is composed passes the Open Badges 3.0 JSON schema of 1EdTech."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from credentials.formats import OPEN_BADGES_3
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022
from schemas.events import StatusEntry
from schemas.microcredential import Award
from tests.builders import NOW, a_learner, an_award, an_offering, an_organisation

STATUS = StatusEntry(list="https://laurel.example.org/organisations/uex/status-lists/1", index=77)
KEY = SigningKey.generate()


@pytest.fixture(scope="module")
def schema(reference_data: Path) -> Draft201909Validator:
    path = reference_data / "schemas" / "ob_v3p0_achievementcredential_schema.json"
    return Draft201909Validator(json.loads(path.read_bytes()))


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


def sealed(award: Award) -> dict[str, Any]:
    document = OPEN_BADGES_3.compose(award, issued=NOW + timedelta(seconds=3), status=STATUS)
    for suite in (EDDSA_RDFC_2022, EDDSA_JCS_2022):
        document = suite.secure(document, KEY, f"{award.organisation.did}#key-1", NOW)
    return document


@pytest.mark.parametrize("kind", AWARDS)
def test_a_sealed_badge_passes_the_schema(schema: Draft201909Validator, kind: str) -> None:
    schema.validate(sealed(AWARDS[kind]))
