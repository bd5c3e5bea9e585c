"""Open Badges on the older data model: what differs from the newer, and nothing else."""

from __future__ import annotations

from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.data_model import dates, keep_rules
from credentials.formats import OPEN_BADGES_3, OPEN_BADGES_3_VC_1_1
from credentials.linting import lint_document
from schemas.values import JsonObject
from tests.builders import NOW, a_status_entry, an_award

SALT = bytes(16)
PLACE = a_status_entry()


def test_it_keeps_the_rules_of_the_data_model_and_states_its_period_by_that_models_names() -> None:
    badge = OPEN_BADGES_3_VC_1_1.compose(an_award(), issued=NOW, status=PLACE)
    keep_rules(badge)
    assert badge["@context"][0] == CREDENTIALS_V1
    assert CREDENTIALS_V2 not in badge["@context"]
    assert not badge.keys() & {"validFrom", "validUntil"}
    assert dates(badge) == dates(OPEN_BADGES_3.compose(an_award(), issued=NOW, status=PLACE))


def test_it_says_what_the_newer_one_says() -> None:
    newer, older = (
        format_.read(format_.compose(an_award(), issued=NOW, status=PLACE, salt=SALT))
        for format_ in (OPEN_BADGES_3, OPEN_BADGES_3_VC_1_1)
    )
    assert older == newer
    assert len(older.elements) == 16


def test_composing_it_leaves_the_badges_of_its_offering_as_they_are() -> None:
    award = an_award()

    def newer() -> JsonObject:
        return OPEN_BADGES_3.compose(award, issued=NOW, status=PLACE, salt=SALT)

    before = newer()
    OPEN_BADGES_3_VC_1_1.compose(award, issued=NOW, status=PLACE)
    assert newer() == before


def test_the_linter_finds_in_it_what_it_finds_in_the_newer() -> None:
    newer, older = (
        lint_document(format_.compose(an_award(), issued=NOW, status=PLACE, salt=SALT), at=NOW)
        for format_ in (OPEN_BADGES_3, OPEN_BADGES_3_VC_1_1)
    )
    assert [(one.id, one.state, one.values) for one in older.elements] == [
        (one.id, one.state, one.values) for one in newer.elements
    ]
    assert older.findings == newer.findings
