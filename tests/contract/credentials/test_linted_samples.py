"""The linter over the Commission's own sample of a micro-credential, and over complete samples of every format."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from credentials.linting import State, lint, lint_document

NOW = datetime(2026, 11, 23, tzinfo=UTC)
_CLAIM = "$.credentialSubject.hasClaim"


@pytest.mark.parametrize("name", ["unsigned", "signed"])
def test_what_is_wrong_in_the_official_sample_is_found(name: str, reference_data: Path) -> None:
    content = (reference_data / "examples" / "edc-official" / f"Sample-MC-Annex1-{name}.jsonld").read_bytes()

    report = lint(content, at=NOW)

    assert report.verdict is State.MISSING
    assert [(one.rule, one.severity, one.path) for one in report.findings] == [
        ("missing-quality-assurance", "missing", f"{_CLAIM}.specifiedBy.accreditation"),
        ("workload-on-the-calendar", "doubtful", f"{_CLAIM}.influencedBy.specifiedBy.volumeOfLearning"),
        ("not-in-code-list", "doubtful", f"{_CLAIM}.provenBy.specifiedBy.dcType"),
    ]
    assert "60 months" in report.findings[1].message
    assert "PT60H" in report.findings[1].message


def test_a_complete_european_digital_credential_is_clean(reference_data: Path) -> None:
    content = (reference_data / "european-model" / "samples" / "sample-edc.json").read_bytes()

    report = lint(content, at=NOW)

    assert report.findings == ()
    assert all(element.state is State.PRESENT for element in report.elements)


def test_a_badge_that_says_much_in_terms_of_its_own_states_less(reference_data: Path) -> None:
    content = (reference_data / "european-model" / "samples" / "sample-ob3.json").read_bytes()

    assert {one.rule for one in lint(content, at=NOW).findings} == {
        "missing-assessment",
        "missing-participation",
        "credits-without-system",
    }


def test_the_reference_type_of_the_wallet_has_no_place_for_two_elements(reference_data: Path) -> None:
    sample = json.loads((reference_data / "european-model" / "samples" / "sample-claims.json").read_bytes())

    report = lint_document(sample["claims"], at=NOW)

    assert [one.rule for one in report.findings] == [
        "missing-assessment",
        "missing-participation",
        "grade-without-scale",
    ]
