"""Courses on a real site, one for each test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.integration.moodle.learner import Learner
from tests.integration.moodle.real import Site

PASSWORD = "Learner-1234"


@dataclass(frozen=True)
class Course:
    """A course with a quiz."""

    site: Site
    id: int
    module: int
    idnumber: str

    def enrol(self) -> tuple[int, str]:
        """A new learner in this course: id and user name."""
        name = f"learner-{uuid4().hex[:12]}"
        user = self.site.call(
            "learner", course=self.id, username=name, password=PASSWORD, firstname="Ana", lastname="Andromeda"
        )
        return int(user), name

    def passed_by(self, name: str) -> Learner:
        """The learner who passed the quiz, logged in anew: some sites end the session with an attempt."""
        Learner(self.site.url, name, PASSWORD).take_quiz(self.module, answer=1)
        return Learner(self.site.url, name, PASSWORD)

    def opt_in(self, **settings: object) -> None:
        """What the course's settings page keeps."""
        self.site.call("opt_in", course=self.id, settings={"offering": "data-ethics"} | settings)

    def rows(self) -> list[dict[str, Any]]:
        """What the outbox has of it."""
        rows: list[dict[str, Any]] = self.site.call("rows", course=self.id)
        return rows
