"""Messages that nobody can handle, made of one that was handled: each is to be parked, and nothing else with it.

A new kind is a row of `POISONS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid5

from schemas.events import AssessmentCompleted, encode

OVERSIZED = 950_000
"""Bytes: more than we ever say at once (`chassis.outbox.LARGEST`), and still what a topic takes."""
_NAMES = UUID("6b1f0c1e-3f0a-4e0e-9f0e-2c1d5a7b8e90")


@dataclass(frozen=True, slots=True)
class Poison:
    """A kind of it."""

    name: str
    reason: str
    """For which it is to be parked."""
    brew: Callable[[AssessmentCompleted], bytes]
    """Of a completion of nobody's, whose learner is somebody's."""


def _said_otherwise(completed: AssessmentCompleted, **members: object) -> bytes:
    return json.dumps({**json.loads(encode(completed)), **members}).encode()


def _undecryptable(completed: AssessmentCompleted) -> bytes:
    personal = completed.data.personal
    changed = personal.model_copy(update={"ciphertext": personal.ciphertext[::-1]})
    return encode(completed.model_copy(update={"data": completed.data.model_copy(update={"personal": changed})}))


POISONS = (
    Poison("no JSON", "not-json", lambda completed: encode(completed)[:-1]),
    Poison("no text", "not-json", lambda completed: b"\xff\xfe" + encode(completed)),
    Poison("nothing", "not-json", lambda _: b""),
    Poison("no object", "not-an-event", lambda completed: json.dumps([str(completed.id)]).encode()),
    Poison("another type", "unknown-type", lambda completed: _said_otherwise(completed, type="laurel.poison.v1")),
    Poison(
        "a later version", "unknown-type", lambda completed: _said_otherwise(completed, type=f"{completed.type[:-1]}9")
    ),
    Poison("no completion", "invalid", lambda completed: _said_otherwise(completed, data={"id": str(completed.id)})),
    Poison("oversized", "invalid", lambda completed: _said_otherwise(completed, data={"episode": "x" * OVERSIZED})),
    Poison("undecryptable", "malformed", _undecryptable),
)


def of_nobody(genuine: AssessmentCompleted, name: str) -> AssessmentCompleted:
    """A completion that no platform ever told of, with the personal data of this one."""
    id_ = uuid5(_NAMES, f"{genuine.id} {name}")
    data = genuine.data.model_copy(update={"id": id_, "episode": f"poison:{id_}"})
    return genuine.model_copy(update={"id": id_, "subject": str(id_), "data": data})
