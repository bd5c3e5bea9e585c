"""The envelope every event travels in: CloudEvents 1.0 attribute names, structured mode, past tense, frozen."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID, uuid5

from schemas.values import Frozen, Instant


class Event(Frozen):
    """A fact that happened. Source: CloudEvents 1.0.2, section 3.1."""

    topic: ClassVar[str]
    """The Kafka topic all versions of this fact are published to."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    """The same fact told again has the same id."""
    source: str
    """Who says so: `/issuer`, `/moodle-bridge`."""
    type: str
    subject: str
    """What it is about; opaque, never a person's name or address."""
    time: Instant
    """When it happened, in the world; not when it was written down."""
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str = ""
    data: Any

    @property
    def key(self) -> str:
        """The Kafka key: facts with the same key stay in order. Never personal data."""
        return self.subject


def fact_id(subject: UUID, *parts: str) -> UUID:
    """The id of a fact about a subject: telling it again yields the same id, so every projection is idempotent."""
    return uuid5(subject, "|".join(parts))
