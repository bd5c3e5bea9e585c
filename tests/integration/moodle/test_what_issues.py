"""Which completions are told, and when: the course's trigger, the learner's word, what came before."""

from __future__ import annotations

from tests.integration.moodle.courses import Course
from tests.integration.moodle.real import Bridge, Site


def test_an_activity_is_told_with_its_attempt_and_where_to_look(site: Site, course: Course, bridge: Bridge) -> None:
    course.opt_in(triggerkind="activity", triggerid=course.module)
    _, name = course.enrol()
    course.passed_by(name)
    site.call("sweep")
    [delivery] = bridge.got
    said = delivery.said
    assert said["trigger"] == {"kind": "activity", "id": str(course.module)}
    assert said["episode"].startswith("course_modules_completion:")
    assert (said["attempt"], said["passed"], said["offering"]) == (1, True, "data-ethics")
    assert said["grade"]["pass_mark"] == "60.00"
    assert said["evidence"][0].startswith(f"{site.url}/mod/quiz/review.php?attempt=")


def test_a_competency_is_told_when_it_is_proven(site: Site, course: Course, bridge: Bridge) -> None:
    competency = site.call("competency", course=course.id)
    course.opt_in(triggerkind="competency", triggerid=competency)
    _, name = course.enrol()
    course.passed_by(name)
    site.call("sweep")
    [delivery] = bridge.got
    said = delivery.said
    assert said["trigger"] == {"kind": "competency", "id": str(competency)}
    assert said["grade"]["display"] in said["grade"]["scale"]


def test_nothing_leaves_before_the_learner_asks_where_the_course_leaves_it_to_them(
    site: Site, course: Course, bridge: Bridge
) -> None:
    course.opt_in(consent="claim")
    user, name = course.enrol()
    learner = course.passed_by(name)
    site.call("sweep")
    assert bridge.got == []
    assert len(site.call("messages", user=user)) == 1

    assert "Get my micro-credential" in learner.see(f"/course/view.php?id={course.id}")
    page = learner.see("/local/laurel/my.php")
    assert "being prepared" in learner.send(page, "/local/laurel/my.php")
    site.call("sweep")
    [delivery] = bridge.got
    assert delivery.said["claimed"] is not None


def test_who_completed_before_the_course_was_opted_in_is_left_alone_until_somebody_says_so(
    site: Site, course: Course, bridge: Bridge
) -> None:
    site.call("set_courses", value="")
    early, late = course.enrol()[0], course.enrol()[0]
    site.call("complete", course=course.id, user=early, time=-3600)
    course.opt_in()
    site.call("complete", course=course.id, user=late)
    for _ in range(2):
        site.call("reconcile")
        site.call("sweep")
    assert [one.said["learner"]["id"] for one in bridge.got] == [str(late)]

    assert "1 earlier completions are not told" in site.cli("backfill", f"--course={course.id}", "--dry-run")
    for _ in range(2):
        site.cli("backfill", f"--course={course.id}")
        site.call("sweep")
    assert [one.said["learner"]["id"] for one in bridge.got] == [str(late), str(early)]


def test_what_no_event_told_is_found(site: Site, course: Course, bridge: Bridge) -> None:
    user, _ = course.enrol()
    site.call("complete_without_outbox", course=course.id, user=user)
    site.call("sweep")
    assert bridge.got == []
    site.call("reconcile")
    site.call("sweep")
    assert len(bridge.got) == 1


def test_two_hundred_learners_at_once_arrive_once_each_though_the_bridge_is_down_for_a_while(
    site: Site, course: Course, bridge: Bridge
) -> None:
    users = site.call("learners", course=course.id, count=200)
    bridge.answers = [(503, {"detail": "away"})] * 3
    site.call("complete_all", course=course.id, users=users)
    for _ in range(3):
        site.call("sweep")
    site.call("retry")
    site.call("sweep")
    site.call("sweep")
    arrived = [one.said["episode"] for one in bridge.got[-200:]]
    rows = course.rows()
    assert {row["state"] for row in rows} == {"delivered"}
    assert sorted(arrived) == sorted(row["episode"] for row in rows), "each once"
    assert {str(row["userid"]) for row in rows} == {str(user) for user in users}
    assert all(one.vouched for one in bridge.got)
    assert len(bridge.requests) < 20, "by the hundred"


def test_a_second_completion_names_the_first(site: Site, course: Course, bridge: Bridge) -> None:
    user, _ = course.enrol()
    site.call("complete", course=course.id, user=user)
    site.call("sweep")
    site.call("unlock", course=course.id)
    site.call("complete", course=course.id, user=user)
    site.call("sweep")
    first, second = (one.said for one in bridge.got)
    assert first["previous"] is None
    assert second["previous"] == first["episode"] != second["episode"]


def test_a_learner_deleted_before_the_first_attempt_is_told_as_they_were_and_then_that_they_are_gone(
    site: Site, course: Course, bridge: Bridge
) -> None:
    user, _ = course.enrol()
    site.call("complete", course=course.id, user=user)
    site.call("delete_user", user=user)
    site.call("sweep")
    [delivery] = bridge.got
    assert delivery.said["learner"]["fullname"] == "Ana Andromeda"
    site.call("sweep")
    assert [one["change"] for one in bridge.corrections] == ["learner-deleted"]


def test_what_was_withdrawn_cannot_be_asked_for_any_more(site: Site, course: Course, bridge: Bridge) -> None:
    course.opt_in(consent="claim")
    _, name = course.enrol()
    learner = course.passed_by(name)
    page = learner.see("/local/laurel/my.php")
    site.call("unlock", course=course.id)
    assert "does not count as completed any more" in learner.send(page, "/local/laurel/my.php")
    site.call("sweep")
    assert bridge.got == []
    assert course.rows() == []
