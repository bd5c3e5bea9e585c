"""A learner passes in a real Moodle, and the bridge is told: once, signed, whatever happens on the way."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.e2e.campus import OFFERING, PLATFORM, found_university
from tests.e2e.houses import PATIENCE, House, answer, running
from tests.integration.moodle.courses import PASSWORD, Course
from tests.integration.moodle.learner import Learner
from tests.integration.moodle.real import Bridge, Site


def test_a_learner_passes_a_quiz_and_the_bridge_is_told_once_and_signed(
    site: Site, course: Course, bridge: Bridge
) -> None:
    user, name = course.enrol()
    course.passed_by(name)

    site.call("sweep")
    site.call("sweep")

    [delivery] = bridge.got
    assert delivery.vouched
    assert delivery.headers["laurel-platform"] == "test-site"
    said = delivery.said
    assert said["offering"] == course.idnumber
    assert said["learner"]["id"] == str(user)
    assert said["learner"]["fullname"] == "Ana Andromeda"
    assert said["grade"]["value"] == "100.00"
    assert said["passed"] is True
    [row] = course.rows()
    assert row["state"] == "delivered"
    assert row["completion"]


def test_a_learner_passes_a_quiz_and_holds_a_credential_that_verifies(
    site: Site, course: Course, tmp_path: Path
) -> None:
    """The whole way: Moodle, the plugin, the bridge, the issuer, the claim, the verifier."""
    house = House(tmp_path)
    with running(house):
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        with house.client() as admin, site.set_up_for(house.url, PLATFORM, secret, f"{course.idnumber} = {OFFERING}"):
            _, name = course.enrol()
            course.passed_by(name)
            site.call("sweep")
            [row] = course.rows()
            assert row["state"] == "delivered", row["facts"]
            outcome = eventually_issued(admin, row["completion"])
            credential = answer(admin.get(f"{outcome['claim']}/credential"))
            report = answer(admin.post("/api/v1/verifications", json={"credential": credential}))
    assert report["decision"] == "accept"
    assert credential["credentialSubject"]["achievement"]["humanCode"] == OFFERING


def eventually_issued(admin: httpx2.Client, completion: str) -> dict[str, Any]:
    """What became of a completion, once that is decided."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        outcome = answer(admin.get(f"/moodle/completions/{completion}"))
        if outcome["state"] != "in-flight":
            break
        sleep(0.1)
    assert outcome["state"] == "issued", outcome
    return outcome


def test_a_learner_who_fails_the_quiz_has_not_completed_the_course(site: Site, course: Course, bridge: Bridge) -> None:
    _, name = course.enrol()
    learner = Learner(site.url, name, PASSWORD)
    learner.take_quiz(course.module, answer=0)
    site.call("sweep")
    assert bridge.got == []
    assert course.rows() == []


def test_while_the_bridge_is_away_completions_wait_and_then_arrive_with_their_first_content(
    site: Site, course: Course, bridge: Bridge
) -> None:
    learners = [course.enrol()[0] for _ in range(3)]
    for user in learners:
        site.call("complete", course=course.id, user=user)
    bridge.answers = [(503, {"title": "Unavailable", "detail": "the database is away"})]
    site.call("sweep")
    assert bridge.requests == ["/moodle/batches"], "one request is enough to know that the bridge is away"
    tried = {row["episode"]: row for row in course.rows()}
    assert {row["failure"] for row in tried.values()} == {"busy"}

    site.call("rename", user=learners[0], firstname="Another")
    site.call("retry")
    site.call("sweep")

    assert [row["state"] for row in course.rows()] == ["delivered"] * 3
    arrived = bridge.got[3:]
    assert len(arrived) == 3, "what waited for the bridge goes as soon as it answers"
    assert all(one.vouched for one in arrived)
    assert {one.said["episode"]: one.body.decode() for one in arrived} == {
        episode: row["payload"] for episode, row in tried.items()
    }


def test_what_the_bridge_refuses_for_good_waits_for_a_person(site: Site, course: Course, bridge: Bridge) -> None:
    user, _ = course.enrol()
    site.call("complete", course=course.id, user=user)
    bridge.verdicts = [(409, {"title": "Conflict", "detail": "another body is known"})]
    site.call("sweep")
    site.call("sweep")
    [row] = course.rows()
    assert (row["state"], row["failure"], len(bridge.got)) == ("attention", "conflict", 1)
    assert "another body is known" in row["facts"]

    site.call("retry")
    site.call("sweep")
    [row] = course.rows()
    assert (row["state"], row["failure"]) == ("delivered", None)
    assert bridge.got[0].body == bridge.got[1].body


def test_a_body_the_bridge_could_not_read_is_prepared_anew_when_somebody_tries_again(
    site: Site, course: Course, bridge: Bridge
) -> None:
    user, _ = course.enrol()
    site.call("complete", course=course.id, user=user)
    bridge.verdicts = [(422, {"title": "Refused", "detail": "learner.firstname"})]
    site.call("sweep")
    site.call("rename", user=user, firstname="Corrected")
    site.call("retry")
    site.call("sweep")
    assert bridge.got[1].said["learner"]["firstname"] == "Corrected"


def test_a_completion_that_is_rolled_back_sends_nothing(site: Site, course: Course, bridge: Bridge) -> None:
    user, _ = course.enrol()
    assert site.call("complete_and_roll_back", course=course.id, user=user)
    site.call("sweep")
    assert course.rows() == []
    assert bridge.got == []


@pytest.mark.usefixtures("bridge")
def test_an_error_in_the_observer_never_reaches_the_learner(site: Site, course: Course) -> None:
    user, _ = course.enrol()
    site.call("complete_without_outbox", course=course.id, user=user)
    assert site.call("is_complete", course=course.id, user=user)
    assert course.rows() == []


@pytest.mark.usefixtures("bridge")
def test_moodle_s_privacy_registry_finds_and_deletes_what_is_kept(site: Site, course: Course) -> None:
    user, _ = course.enrol()
    site.call("complete", course=course.id, user=user)
    assert site.call("privacy", user=user, delete=False) == {"compliant": True, "own": True, "users": [user]}
    site.call("privacy", user=user, delete=True)
    assert course.rows() == []
    assert site.call("privacy", user=user, delete=False) == {"compliant": True, "own": False, "users": []}
