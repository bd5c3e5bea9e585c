from __future__ import annotations

from datetime import timedelta
from functools import reduce
from itertools import permutations, product

import pytest

from moodle_bridge.domain.deliveries import EpisodeDiffers, recognise
from moodle_bridge.domain.outcomes import Fate, State, fate, pause, settled
from schemas.events import RefusalReason
from schemas.faults import Conflict
from tests.builders import NOW, an_id, assessment_completed, completion_parked, credential_issued, issuance_refused

ISSUED = fate(credential_issued())
REFUSED = fate(issuance_refused())
REFUSED_FOR_GOOD = REFUSED.model_copy(update={"reopenable": False, "reason": "late", "at": NOW + timedelta(days=1)})
PARKED = fate(completion_parked())
PARKED_AGAIN = PARKED.model_copy(update={"reason": "other", "at": NOW + timedelta(days=2)})
CORRECTED = ISSUED.model_copy(update={"award": an_id("corrected"), "at": NOW + timedelta(days=3)})
ALL = (Fate(), PARKED, PARKED_AGAIN, REFUSED, REFUSED_FOR_GOOD, ISSUED, CORRECTED)


def test_an_event_says_what_became_of_its_completion() -> None:
    assert (ISSUED.state, ISSUED.award) == (State.ISSUED, credential_issued().data.award)
    assert (REFUSED.state, REFUSED.reason, REFUSED.reopenable) == (
        State.REFUSED,
        RefusalReason.OFFERING_UNKNOWN.value,
        True,
    )
    assert (PARKED.state, PARKED.reason) == (State.PARKED, "invalid")
    with pytest.raises(TypeError, match="says nothing of an outcome"):
        fate(assessment_completed())


def test_in_whatever_order_and_however_often_it_is_told_the_same_holds() -> None:
    for told in product(ALL, repeat=3):
        results = {reduce(settled, order, Fate()) for order in permutations(told)}
        assert len(results) == 1, told
        assert reduce(settled, (*told, *told), Fate()) == results.pop()


def test_a_credential_outweighs_a_refusal_that_was_reopened() -> None:
    assert settled(REFUSED_FOR_GOOD, ISSUED) == ISSUED
    assert settled(ISSUED, REFUSED_FOR_GOOD) == ISSUED


def test_a_decision_outweighs_that_nobody_could_decide() -> None:
    assert settled(PARKED_AGAIN, REFUSED) == REFUSED
    assert settled(REFUSED, PARKED_AGAIN) == REFUSED
    assert settled(PARKED, ISSUED) == ISSUED


def test_of_two_refusals_the_later_holds() -> None:
    assert settled(REFUSED, REFUSED_FOR_GOOD) == REFUSED_FOR_GOOD
    assert settled(REFUSED_FOR_GOOD, REFUSED) == REFUSED_FOR_GOOD


def test_of_two_credentials_the_later_corrects_the_other() -> None:
    assert settled(ISSUED, CORRECTED) == CORRECTED
    assert settled(CORRECTED, ISSUED) == CORRECTED


def test_pauses_grow_up_to_a_limit() -> None:
    minute, limit = timedelta(minutes=1), timedelta(hours=1)
    assert [pause(n, minute, limit) for n in range(4)] == [minute, 2 * minute, 4 * minute, 8 * minute]
    assert pause(6, minute, limit) == pause(10**9, minute, limit) == limit


def test_the_same_body_is_recognised_and_another_refused() -> None:
    assert recognise(None, "a") is False
    assert recognise("a", "a") is True
    with pytest.raises(EpisodeDiffers, match="another body") as raised:
        recognise("a", "b")
    assert isinstance(raised.value, Conflict)
