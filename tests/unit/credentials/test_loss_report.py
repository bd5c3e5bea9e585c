"""What each format cannot say of an award is known before anybody asks for it."""

from __future__ import annotations

import pytest

from credentials.formats import FORMATS, Format
from credentials.proofs.sd_jwt import disclosed
from schemas.annex1 import ELEMENTS
from tests.builders import NOW, a_status_entry, an_award


@pytest.mark.parametrize("format_", list(FORMATS.values()), ids=list(FORMATS))
def test_a_complete_award_loses_exactly_what_the_format_says_it_loses(format_: Format) -> None:
    document = disclosed(format_.compose(an_award(), issued=NOW, status=a_status_entry()))
    found = [each.element for each in format_.read(document).elements]
    assert tuple(element for element in ELEMENTS if element not in found) == format_.loses


def test_the_losses_are_those_of_the_mapping() -> None:
    lost = {name: [element.id for element in format_.loses] for name, format_ in FORMATS.items()}
    assert lost["open-badges-3"] == lost["european-digital-credential"] == lost["verifiable-micro-credential"] == []
    assert lost["eudi-learning-credential"] == ["assessment", "participation", "supervision"]
