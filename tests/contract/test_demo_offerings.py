"""The offerings the demonstration publishes are drafts a provider could send."""

from importlib.resources import files

import pytest

from schemas import annex1
from schemas.microcredential import OfferingContent

DRAFTS = {
    entry.name: OfferingContent.model_validate_json(entry.read_bytes())
    for entry in files("laurel.demo").joinpath("offerings").iterdir()
}


@pytest.mark.parametrize(("name", "draft"), DRAFTS.items())
def test_a_demo_offering_lacks_no_mandatory_element_and_has_english_and_german(
    name: str, draft: OfferingContent
) -> None:
    assert annex1.missing(draft) == ()
    assert name == f"{draft.id}.json"
    assert {"en", "de"} <= set(draft.title)


def test_the_demo_offerings_differ_in_level_language_and_assessment() -> None:
    levels = {draft.level.eqf for draft in DRAFTS.values() if draft.level}
    assessments = {assessment.type for draft in DRAFTS.values() for assessment in draft.assessments}

    assert len(levels) == len(DRAFTS) == 3
    assert {draft.primary_language for draft in DRAFTS.values()} == {"en", "de"}
    assert len(assessments) == 5
