"""Every rule of awarding, at its very edge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain import awarding
from issuer.domain.awarding import NotAwarded, award, in_force, months_after
from schemas.events import RefusalReason
from schemas.microcredential import Award, OfferingState
from schemas.vocabularies import SUPERVISION_VERIFICATION
from tests.builders import (
    NOW,
    a_completion,
    a_learner,
    a_platform,
    a_retired_offering,
    an_id,
    an_offering,
    an_organisation,
    assessment_completed,
    personal_data,
)

INSTANT = timedelta(milliseconds=1)


def judge(**changes: Any) -> Award:  # noqa: ANN401 passed on to what validates it
    """Decide on the usual completion, with changes."""
    known: dict[str, Any] = {
        "award_id": an_id("award 17"),
        "completed": assessment_completed(),
        "personal": personal_data(),
        "versions": (an_offering(),),
        "organisation": an_organisation(),
    }
    return award(**{**known, **changes})


def refusal(**changes: Any) -> NotAwarded:  # noqa: ANN401 passed on to what validates it
    with pytest.raises(NotAwarded) as caught:
        judge(**changes)
    return caught.value


def test_a_passed_assessment_earns_what_the_offering_says() -> None:
    earned = judge()
    assert earned.id == an_id("award 17")
    assert earned.completion == an_id("completion 17")
    assert (earned.offering, earned.organisation) == (an_offering(), an_organisation())
    assert (earned.learner, earned.grade) == (personal_data().learner, personal_data().grade)
    assert earned.completed == NOW
    assert earned.valid_until == datetime(2031, 11, 23, 10, 0, tzinfo=UTC)


def test_how_the_assessment_was_supervised_is_certified_as_it_was_this_time() -> None:
    (promised,) = an_offering().assessments
    assert promised.supervision == SUPERVISION_VERIFICATION["supid"]
    for notation in ("nosupnoid", "supid"):
        was = SUPERVISION_VERIFICATION[notation]
        earned = judge(completed=assessment_completed(a_completion(supervision=was)))
        assert earned.offering.assessments == (promised.model_copy(update={"supervision": was}),)
        assert earned.offering.model_copy(update={"assessments": (promised,)}) == an_offering()


def test_a_failed_assessment_is_refused_for_good_whatever_the_offering() -> None:
    no = refusal(completed=assessment_completed(a_completion(passed=False)), versions=())
    assert (no.reason, no.reopenable) == (RefusalReason.ASSESSMENT_FAILED, False)


def test_an_unknown_offering_is_worth_waiting_for() -> None:
    no = refusal(versions=())
    assert isinstance(no, awarding.OfferingUnknown)
    assert (no.reason, no.reopenable) == (RefusalReason.OFFERING_UNKNOWN, True)
    assert "data-ethics" in str(no)


def test_an_organisation_without_a_key_here_is_worth_waiting_for() -> None:
    no = refusal(organisation=None)
    assert isinstance(no, awarding.OfferingUnknown)
    assert no.reopenable
    assert "uex" in str(no)


def test_another_organisations_offering_is_refused() -> None:
    no = refusal(completed=assessment_completed(a_completion(platform=a_platform(organisation="other"))))
    assert (no.reason, no.reopenable) == (RefusalReason.PLATFORM_NOT_ALLOWED, True)


def test_another_organisations_offering_is_refused_even_where_the_platforms_own_has_no_key() -> None:
    completed = assessment_completed(a_completion(platform=a_platform(organisation="other")))
    assert refusal(completed=completed, organisation=None).reason is RefusalReason.PLATFORM_NOT_ALLOWED


def test_a_platform_with_a_list_may_use_what_is_on_it_and_nothing_else() -> None:
    on_it = assessment_completed(a_completion(platform=a_platform(offerings=("knots", "data-ethics"))))
    not_on_it = assessment_completed(a_completion(platform=a_platform(offerings=("knots",))))
    assert judge(completed=on_it).offering.id == "data-ethics"
    assert refusal(completed=not_on_it).reason is RefusalReason.PLATFORM_NOT_ALLOWED
    empty = assessment_completed(a_completion(platform=a_platform(offerings=())))
    assert refusal(completed=empty).reason is RefusalReason.PLATFORM_NOT_ALLOWED


@pytest.mark.parametrize(
    ("opens", "closes", "earned"),
    [
        (NOW, None, True),
        (NOW + INSTANT, None, False),
        (NOW - INSTANT, None, True),
        (None, NOW, True),
        (None, NOW - INSTANT, False),
        (None, NOW + INSTANT, True),
        (NOW, NOW, True),
    ],
)
def test_an_offering_is_open_from_the_instant_it_opens_up_to_and_including_the_instant_it_closes(
    opens: datetime | None, closes: datetime | None, *, earned: bool
) -> None:
    versions = (an_offering(opens=opens, closes=closes),)
    if earned:
        assert judge(versions=versions)
    else:
        assert refusal(versions=versions).reason is RefusalReason.OFFERING_NOT_OPEN


@pytest.mark.parametrize(("retired", "earned"), [(NOW + INSTANT, True), (NOW, False), (NOW - INSTANT, False)])
def test_a_retired_offering_is_refused_to_who_completes_at_or_after_that_instant(
    retired: datetime, *, earned: bool
) -> None:
    versions = (a_retired_offering(retired=retired),)
    if earned:
        assert judge(versions=versions)
    else:
        no = refusal(versions=versions)
        assert (no.reason, no.reopenable) == (RefusalReason.OFFERING_RETIRED, False)


def test_what_an_offering_lacks_is_named() -> None:
    no = refusal(versions=(an_offering(workload=None, quality_assurance=()),))
    assert (no.reason, no.reopenable) == (RefusalReason.ELEMENT_MISSING, False)
    assert "Notional workload" in str(no)
    assert "Type of quality assurance" in str(no)


def test_an_erased_learner_is_refused_for_good() -> None:
    no = refusal(personal=None)
    assert (no.reason, no.reopenable) == (RefusalReason.LEARNER_ERASED, False)


def test_no_refusal_names_the_learner() -> None:
    learner = a_learner()
    cases: list[dict[str, Any]] = [
        {"versions": ()},
        {"organisation": None},
        {"personal": None},
        {"versions": (an_offering(workload=None),)},
        {"completed": assessment_completed(a_completion(passed=False))},
    ]
    for case in cases:
        said = str(refusal(**case))
        assert learner.full_name not in said
        assert str(learner.email) not in said


def test_the_version_published_at_the_time_of_completion_counts() -> None:
    first = an_offering(version=1, published=NOW - timedelta(days=90), title={"en": "First"})
    second = an_offering(version=2, published=NOW, title={"en": "Second"})
    third = an_offering(version=3, published=NOW + INSTANT, title={"en": "Third"})
    assert judge(versions=(third, first, second)).offering == second
    assert in_force((third, first, second), NOW - INSTANT) == first
    assert in_force((third, first, second), NOW + INSTANT) == third


def test_who_completes_before_the_first_publication_is_judged_by_the_first_version() -> None:
    first = an_offering(version=1, published=NOW + timedelta(minutes=20))
    second = an_offering(version=2, published=NOW + timedelta(minutes=40))
    assert judge(versions=(second, first)).offering == first


def test_a_retirement_told_as_a_later_version_takes_nothing_from_who_completed_before() -> None:
    first = an_offering(version=1)
    later = an_offering(version=2, published=NOW + INSTANT, state=OfferingState.RETIRED, retired=NOW + INSTANT)
    assert judge(versions=(first, later)).offering == first


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2024, 2, 29), 48, (2028, 2, 29)),
        ((2026, 12, 31), 2, (2027, 2, 28)),
        ((2026, 11, 30), 1, (2026, 12, 30)),
        ((2026, 12, 1), 1, (2027, 1, 1)),
    ],
)
def test_validity_counts_calendar_months_and_stops_at_the_months_end(
    start: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    assert months_after(datetime(*start, 23, 59, tzinfo=UTC), months) == datetime(*end, 23, 59, tzinfo=UTC)


def test_an_offering_without_a_validity_is_for_good() -> None:
    assert judge(versions=(an_offering(validity_months=None),)).valid_until is None


@given(
    moment=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 zone beside it
    months=st.integers(1, 1200),
)
def test_validity_always_ends_in_the_right_month_and_never_on_a_later_day(moment: datetime, months: int) -> None:
    end = months_after(moment, months)
    assert (end.year * 12 + end.month) - (moment.year * 12 + moment.month) == months
    assert end.day <= moment.day
    assert end.timetz() == moment.timetz()
