"""The learning credential's type, as we publish it, beside the one of the European reference issuers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from credentials.formats.learning_credential import LEARNING_CREDENTIAL_TYPE


def rows(metadata: dict[str, Any]) -> dict[tuple[str | None, ...], tuple[bool, str]]:
    return {tuple(row["path"]): (row["mandatory"], row["sd"]) for row in metadata["claims"]}


def test_the_type_has_the_claims_of_the_reference_and_hides_the_same(reference_data: Path) -> None:
    file = reference_data / "european-model/samples/eudi-ref-learning_credential.type-metadata.json"
    reference = json.loads(file.read_text())
    assert LEARNING_CREDENTIAL_TYPE.vct == reference["vct"]
    assert rows(LEARNING_CREDENTIAL_TYPE.metadata()) == rows(reference)


def test_a_sample_of_the_reference_type_is_read(reference_data: Path) -> None:
    sample = json.loads((reference_data / "european-model/samples/sample-claims.json").read_text())
    reading = LEARNING_CREDENTIAL_TYPE.read(sample["claims"])
    assert reading.title == "Data ethics for public services"
    assert reading.subject_name == "Ana Andromeda"
    own = {claim.name: claim.disclosable for claim in LEARNING_CREDENTIAL_TYPE.claims}
    assert all(not own[name] for name in sample["always_disclosed"])
    assert all(own[name.removesuffix("[]")] for name in sample["selectively_disclosable"])
