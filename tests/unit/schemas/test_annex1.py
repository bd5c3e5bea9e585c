from typing import Any

import pytest

from schemas import annex1
from schemas.annex1 import Element, missing
from tests.builders import a_learner, an_offering, an_organisation


def test_a_complete_offering_lacks_nothing() -> None:
    assert missing(an_offering(), an_organisation(), a_learner()) == ()


@pytest.mark.parametrize(
    ("without", "element"),
    [
        ({"title": {"de": "Datenethik"}}, annex1.TITLE),
        ({"learning_outcomes": ()}, annex1.LEARNING_OUTCOMES),
        ({"workload": None}, annex1.WORKLOAD),
        ({"level": None}, annex1.LEVEL),
        ({"assessments": ()}, annex1.ASSESSMENT),
        ({"participation": ()}, annex1.PARTICIPATION),
        ({"quality_assurance": ()}, annex1.QUALITY_ASSURANCE),
    ],
)
def test_each_mandatory_element_an_offering_lacks_is_named(without: dict[str, Any], element: Element) -> None:
    assert missing(an_offering(**without)) == (element,)


def test_all_that_lacks_is_named_at_once_in_the_order_of_the_recommendation() -> None:
    bare = an_offering(quality_assurance=(), workload=None, assessments=())

    assert missing(bare) == (annex1.WORKLOAD, annex1.ASSESSMENT, annex1.QUALITY_ASSURANCE)


def test_optional_elements_are_never_missing() -> None:
    optional = an_offering(
        prerequisites=None,
        integration=None,
        further_information=(),
        assessments=[{"type": "quiz"}],
    )

    assert missing(optional) == ()


def test_annex_one_has_eleven_mandatory_and_five_optional_elements() -> None:
    assert [element.mandatory for element in annex1.ELEMENTS] == [True] * 11 + [False] * 5
    assert len({element.id for element in annex1.ELEMENTS}) == 16
