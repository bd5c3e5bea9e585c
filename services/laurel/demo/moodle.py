"""A learning platform as the bridge sees it: the body and the signature that the Moodle plugin sends."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx2
import orjson


@dataclass(frozen=True)
class Pupil:
    """A learner of the demonstration, and how they did."""

    id: str
    given_name: str
    family_name: str
    language: str
    offering: str
    grade: str
    passed: bool

    @property
    def name(self) -> str:
        """As the platform prints it."""
        return f"{self.given_name} {self.family_name}"


def completion_body(pupil: Pupil, episode: str, completed: datetime) -> bytes:
    """The body of one completion, frozen at its first attempt."""
    course = {"id": "4", "shortname": pupil.offering, "fullname": pupil.offering, "idnumber": pupil.offering}
    learner = {
        "id": pupil.id,
        "fullname": pupil.name,
        "firstname": pupil.given_name,
        "lastname": pupil.family_name,
        "email": f"{pupil.given_name}.{pupil.family_name}@learners.example".lower(),
        "idnumber": "",
        "language": pupil.language,
    }
    grade = {
        "value": pupil.grade,
        "minimum": "0.00",
        "maximum": "100.00",
        "pass_mark": "50.00",
        "display": pupil.grade,
    }
    return orjson.dumps(
        {
            "version": 1,
            "site": "https://moodle.university.example",
            "episode": episode,
            "trigger": {"kind": "course", "id": course["id"]},
            "offering": pupil.offering,
            "course": course,
            "learner": learner,
            "grade": grade,
            "passed": pupil.passed,
            "completed": completed.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "attempt": 1,
            "evidence": [],
        }
    )


def correction_body(episode: str, change: str, noticed: datetime, **said: Any) -> bytes:  # noqa: ANN401 JSON values
    """The body of one correction, under an id of its own: `passed`, `grade` or `learner` where they are corrected."""
    return orjson.dumps(
        {
            "version": 1,
            "site": "https://moodle.university.example",
            "id": str(uuid4()),
            "episode": episode,
            "change": change,
            "noticed": noticed.isoformat(timespec="seconds").replace("+00:00", "Z"),
            **said,
        }
    )


@dataclass(frozen=True)
class LearningPlatform:
    """One platform with its secret, in conversation with the bridge."""

    http: httpx2.AsyncClient
    id: str
    secret: str

    def _signed(self, body: bytes, now: datetime) -> dict[str, str]:
        """Standard Webhooks 1.0, signature scheme `v1`."""
        delivery, timestamp = str(uuid4()), str(int(now.timestamp()))
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signature = hmac.digest(key, f"{delivery}.{timestamp}.".encode() + body, hashlib.sha256)
        return {
            "webhook-id": delivery,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
            "laurel-platform": self.id,
        }

    async def deliver(self, body: bytes, now: datetime) -> httpx2.Response:
        """POST one completion, signed anew."""
        return await self._post("/moodle/completions", body, now)

    async def correct(self, body: bytes, now: datetime) -> httpx2.Response:
        """POST one correction of a completion, signed anew."""
        return await self._post("/moodle/corrections", body, now)

    async def attempt(self, body: bytes, now: datetime) -> dict[str, Any]:
        """What would become of a completion."""
        response = await self._post("/moodle/trials", body, now)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer

    async def _post(self, path: str, body: bytes, now: datetime) -> httpx2.Response:
        headers = self._signed(body, now) | {"content-type": "application/json"}
        return await self.http.post(path, content=body, headers=headers)

    async def outcome(self, completion: str, now: datetime) -> dict[str, Any]:
        """What became of a completion."""
        response = await self.http.get(f"/moodle/completions/{completion}", headers=self._signed(b"", now))
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer
