"""The types of SD-JWT VC as they are published: beside the reference's, and beside what is issued."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from credentials.dids import did_key
from credentials.formats import ATTESTATIONS
from credentials.formats.learning_credential import LEARNING_CREDENTIAL_TYPE
from credentials.formats.micro_credential import MICRO_CREDENTIAL_TYPE
from credentials.keys import P256, SigningKey
from credentials.proofs import SD_JWT_ES256
from credentials.proofs.sd_jwt import Path as ClaimPath
from credentials.proofs.sd_jwt_vc import SdJwtVc
from schemas.microcredential import Award
from tests.builders import NOW, a_learner, a_status_entry, an_award, an_offering, an_organisation

KEY = SigningKey.generate(P256)
PUBLISHED = {
    "urn:eu.europa.ec.eudi:learning:credential:1": "sha256-N5O8Xcjsp9oSdXatgDgExqfxVEM4mfcZ0IKUBS56q68=",
    "VerifiableMicroCredential": "sha256-t1f61qOZJbpEHGmsp4Y2Vg3WKrt+wasbQSuVuG1yXTg=",
}
"""What credentials that were sealed name. Before another digest stands here, the document of before has to be kept, so
that who holds such a credential still finds what it names."""

AWARDS: dict[str, Award] = {
    "complete": an_award(),
    "bound to its holder": an_award(learner=a_learner(did=did_key(KEY.public))),
    "with little": an_award(
        offering=an_offering(
            description=None, prerequisites=None, integration=None, stackable_towards=[], fields=[],
            further_information=[], homepage=None,
        ),
        grade=None, evidence=(), valid_until=None, organisation=an_organisation(homepage=None, region=None),
    ),
}  # fmt: skip
Rows = dict[tuple[str | None, ...], tuple[bool, str]]


def rows(metadata: dict[str, Any]) -> Rows:
    return {tuple(row["path"]): (row["mandatory"], row["sd"]) for row in metadata["claims"]}


def test_the_type_has_the_claims_of_the_reference_and_hides_the_same(reference_data: Path) -> None:
    file = reference_data / "european-model/samples/eudi-ref-learning_credential.type-metadata.json"
    reference = json.loads(file.read_text())
    assert LEARNING_CREDENTIAL_TYPE.vct == reference["vct"]
    ours, theirs = rows(LEARNING_CREDENTIAL_TYPE.metadata()), rows(reference)
    bound = {path for path in theirs if path[0] == "cnf"}
    assert {path: ours[path] for path in ours.keys() - bound} == {path: theirs[path] for path in theirs.keys() - bound}
    # Mandatory there; here a credential may be bound to nobody.
    assert {ours[path] for path in bound} == {(False, "never")}


def test_a_sample_of_the_reference_type_is_read(reference_data: Path) -> None:
    sample = json.loads((reference_data / "european-model/samples/sample-claims.json").read_text())
    reading = LEARNING_CREDENTIAL_TYPE.read(sample["claims"])
    assert reading.title == "Data ethics for public services"
    assert reading.subject_name == "Ana Andromeda"
    own = {claim.name: claim.disclosable for claim in LEARNING_CREDENTIAL_TYPE.claims}
    assert all(not own[name] for name in sample["always_disclosed"])
    assert all(own[name.removesuffix("[]")] for name in sample["selectively_disclosable"])


def selected(payload: Any, path: ClaimPath | tuple[Any, ...]) -> list[tuple[ClaimPath, Any]]:  # noqa: ANN401 any JSON
    """What a claim path selects (draft, 6.5.1), with the place of each."""
    found: list[tuple[ClaimPath, Any]] = [((), payload)]
    for step in path:
        deeper: list[tuple[ClaimPath, Any]] = []
        for place, value in found:
            if step is None and isinstance(value, list):
                deeper += [((*place, number), element) for number, element in enumerate(value)]
            elif isinstance(step, str) and isinstance(value, dict) and step in value:
                deeper.append(((*place, step), value[step]))
        found = deeper
    return found


@pytest.mark.parametrize("kind", AWARDS)
@pytest.mark.parametrize("vct", ATTESTATIONS)
def test_what_is_issued_is_as_the_published_metadata_says(vct: str, kind: str) -> None:
    known = ATTESTATIONS[vct]
    document = known.format.compose(AWARDS[kind], issued=NOW, status=a_status_entry())
    sealed = SD_JWT_ES256.secure(document, KEY, f"{AWARDS[kind].organisation.did}#key-1", NOW)
    opened = SdJwtVc.open(sealed)
    metadata = json.loads(known.type.published)
    assert metadata["vct"] == opened.document["vct"] == vct
    digest = base64.b64encode(hashlib.sha256(known.type.published).digest()).decode()
    assert opened.document["vct#integrity"] == f"sha256-{digest}"

    hidden = set(opened.revealed.paths.values())
    described = set()
    for path, (mandatory, disclosable) in rows(metadata).items():
        found = selected(opened.document, path)
        assert found or not mandatory, path
        assert {place in hidden for place, _ in found} <= {disclosable == "always"}, path
        described |= {place for place, _ in found}
    assert hidden <= described


def test_a_type_that_was_published_stays_as_it_is() -> None:
    assert {vct: known.type.integrity for vct, known in ATTESTATIONS.items()} == PUBLISHED


def test_both_types_describe_themselves_to_people() -> None:
    for known in (LEARNING_CREDENTIAL_TYPE, MICRO_CREDENTIAL_TYPE):
        metadata = json.loads(known.published)
        (display,) = metadata["display"]
        assert display["locale"] == "en"
        assert all(row["display"][0]["label"] for row in metadata["claims"])
