"""What changes in Moodle after a completion was told is told beside it, once."""

from __future__ import annotations

import pytest

from moodle_bridge.domain.corrections import Change
from tests.integration.moodle.courses import Course
from tests.integration.moodle.real import Bridge, Site


@pytest.fixture
def told(site: Site, course: Course, bridge: Bridge) -> int:
    """A learner who passed the quiz and was told about."""
    user, name = course.enrol()
    course.passed_by(name)
    site.call("sweep")
    assert len(bridge.got) == 1
    return user


HAPPENS = {
    "the grade is lowered": (("lower_grade",), Change.GRADE_CHANGED),
    "the name is corrected": (("update_user",), Change.LEARNER_CORRECTED),
    "the learner is unenrolled": (("unenrol",), Change.LEARNER_UNENROLLED),
    "the learner is deleted": (("delete_user",), Change.LEARNER_DELETED),
    "criteria are unlocked": (("unlock", "reconcile"), Change.COMPLETION_WITHDRAWN),
    "the course is reset": (("reset",), Change.COMPLETION_WITHDRAWN),
}


@pytest.mark.parametrize("what", HAPPENS)
def test_each_change_is_told_once_as_what_it_is(
    site: Site, course: Course, bridge: Bridge, told: int, what: str
) -> None:
    calls, change = HAPPENS[what]
    for one in calls:
        site.call(one, course=course.id, user=told, firstname="Ana María")
    for _ in range(2):
        site.call("sweep")
        site.call("reconcile")
    site.call("sweep")
    assert [one["change"] for one in bridge.corrections] == [change.value]
    [completion] = [row for row in course.rows() if row["kind"] == "completion"]
    assert bridge.corrections[0]["episode"] == completion["episode"]
    [correction] = [row for row in course.rows() if row["kind"] == "correction"]
    assert (correction["state"], correction["outcome"]) == ("delivered", "review")


@pytest.mark.usefixtures("told")
def test_nothing_is_told_where_nothing_changed(site: Site, bridge: Bridge) -> None:
    site.call("reconcile")
    site.call("sweep")
    assert bridge.corrections == []


def test_a_grade_lowered_and_put_back_before_the_sweep_is_no_correction(
    site: Site, course: Course, bridge: Bridge, told: int
) -> None:
    site.call("lower_grade", course=course.id, user=told)
    site.call("lower_grade", course=course.id, user=told, grade=100)
    site.call("sweep")
    assert bridge.corrections == []


def test_a_correction_waits_until_what_it_corrects_has_arrived(site: Site, course: Course, bridge: Bridge) -> None:
    user, _ = course.enrol()
    site.call("complete", course=course.id, user=user)
    bridge.verdicts = [(500, {"detail": "broken"})]
    site.call("sweep")
    site.call("update_user", user=user, firstname="Ana María")
    site.call("sweep")
    assert bridge.corrections == []
    site.call("retry")
    site.call("sweep")
    assert [one["change"] for one in bridge.corrections] == ["learner-corrected"]
    assert bridge.corrections[0]["learner"]["firstname"] == "Ana María"
