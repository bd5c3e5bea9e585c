"""What became of a completion shows in Moodle: to the learner, the teacher and the administrator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.campus import OFFERING, PLATFORM, found_university
from tests.e2e.houses import House, answer, running, wait_for
from tests.integration.moodle.courses import PASSWORD, Course
from tests.integration.moodle.learner import Learner
from tests.integration.moodle.real import Bridge, Site

AWARD = "6f1f9b9e-0d53-4bd8-a9f3-5f3c6a2f4a10"


def test_a_learner_finds_a_verified_credential_from_the_course_page(site: Site, course: Course, tmp_path: Path) -> None:
    """The whole way back: the course page leads to the claim, and what is claimed verifies."""
    house = House(tmp_path)
    with running(house):
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        with house.client() as client, site.set_up_for(house.url, PLATFORM, secret, ""):
            course.opt_in(offering=OFFERING)
            user, name = course.enrol()
            learner = course.passed_by(name)
            for _ in range(20):
                site.call("sweep", anew=True)
                [row] = course.rows()
                if row["outcome"] == "issued":
                    break
            page = learner.see(f"/course/view.php?id={course.id}")
            assert "You have earned a micro-credential" in page
            claim = learner.leads_to(f"/local/laurel/open.php?id={row['id']}")
            report = answer(
                client.post("/api/v1/verifications", json={"credential": answer(client.get(f"{claim}/credential"))})
            )
    assert report["decision"] == "accept"
    assert site.call("messages", user=user) == [f'Your micro-credential for "Course {course.idnumber}"']


def test_what_the_bridge_tells_by_itself_shows_without_being_asked_for(
    site: Site, course: Course, tmp_path: Path
) -> None:
    house = House(tmp_path, environment={"LAUREL_BRIDGE_PUSH_ORIGINS": site.url})
    with running(house):
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        with house.client() as admin, site.set_up_for(house.url, PLATFORM, secret, "", pushes=True):
            told_at = {"webhook": f"{site.url}/local/laurel/outcomes.php"}
            answer(admin.put(f"/api/v1/platforms/{PLATFORM}", json=told_at))
            course.opt_in(offering=OFFERING)
            user, name = course.enrol()
            learner = course.passed_by(name)
            site.call("sweep")
            wait_for(lambda: course.rows()[0]["outcome"] == "issued", "the credential", pause=0.5)
            award = course.rows()[0]["award"]
            answer(admin.post(f"/api/v1/credentials/{award}/revocation", json={"reason": "A mistake."}))
            wait_for(lambda: course.rows()[0]["outcome"] == "revoked", "the revocation", pause=0.5)
    assert "taken back" in learner.see(f"/course/view.php?id={course.id}")
    site.call("tell_learners")
    assert [subject.endswith("was taken back") for subject in site.call("messages", user=user)][-1]


def test_a_corrected_name_comes_back_on_a_credential_in_place_of_the_one_before(
    site: Site, course: Course, tmp_path: Path
) -> None:
    house = House(tmp_path)

    def completion() -> dict[str, Any]:
        site.call("sweep", anew=True)
        return next(row for row in course.rows() if row["kind"] == "completion")

    def waiting() -> list[dict[str, Any]]:
        site.call("sweep")
        items: list[dict[str, Any]] = answer(admin.get("/api/v1/corrections"))["items"]
        return items

    with running(house):
        secret = found_university(issuer=house, catalogue=house, bridge=house)
        with house.client() as admin, site.set_up_for(house.url, PLATFORM, secret, ""):
            course.opt_in(offering=OFFERING)
            user, _ = course.enrol()
            site.call("complete", course=course.id, user=user)
            wait_for(lambda: completion()["outcome"] == "issued", "the credential")
            first = completion()["award"]
            site.call("update_user", user=user, firstname="Ana María")
            wait_for(lambda: bool(waiting()), "the correction")
            answer(admin.post(f"/api/v1/corrections/{waiting()[0]['correction']}/reissue"))
            wait_for(lambda: completion()["award"] != first, "the corrected credential")
            told = answer(admin.get(f"/moodle/completions/{completion()['completion']}"))
            credential = answer(admin.get(f"{told['claim']}/credential"))
    assert "Ana María Andromeda" in json.dumps(credential, ensure_ascii=False)
    assert len(site.call("messages", user=user)) == 2, "the learner hears of the corrected one too"


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ({"state": "in-flight"}, "being prepared"),
        ({"state": "issued", "award": AWARD}, "You have earned a micro-credential"),
        (
            {"state": "refused", "reason": "assessment-failed", "detail": "x", "reopenable": False},
            "The assessment was not passed",
        ),
        (
            {"state": "refused", "reason": "something-new", "detail": "The moon was full.", "reopenable": True},
            "The moon",
        ),
        ({"state": "parked", "reason": "x", "detail": "y", "reopenable": True}, "delayed"),
    ],
)
def test_the_learner_is_told_what_became_of_it(
    site: Site, course: Course, bridge: Bridge, outcome: dict[str, object], said: str
) -> None:
    bridge.outcome = outcome
    user, name = course.enrol()
    learner = course.passed_by(name)
    site.call("sweep")
    site.call("sweep", anew=True)
    for page in (f"/course/view.php?id={course.id}", "/local/laurel/my.php"):
        assert said in learner.see(page), page
    decided = outcome["state"] in {"issued", "refused"}
    assert len(site.call("messages", user=user)) == int(decided), "a message when it is decided, and only one"


def test_what_a_learner_is_shown_is_theirs_alone(site: Site, course: Course, bridge: Bridge) -> None:
    bridge.outcome = {"state": "issued", "award": AWARD, "claim": "https://laurel.example/claims/t"}
    _, name = course.enrol()
    learner = course.passed_by(name)
    site.call("sweep")
    [row] = course.rows()
    assert learner.leads_to(f"/local/laurel/open.php?id={row['id']}") == "https://laurel.example/claims/t"
    _, other = course.enrol()
    stranger = Learner(site.url, other, PASSWORD)
    assert "no micro-credentials yet" in stranger.see("/local/laurel/my.php")
    assert "laurel.example" not in stranger.see_or_error(f"/local/laurel/open.php?id={row['id']}")
    for page in ("report.php", "course.php"):
        assert "permission" in stranger.see_or_error(f"/local/laurel/{page}?id={course.id}").lower()
