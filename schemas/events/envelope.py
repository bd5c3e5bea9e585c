"""The envelope every event travels in: CloudEvents 1.0 attribute names, structured mode, past tense, frozen."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID, uuid5

from pydantic import ConfigDict, computed_field

from schemas.values import Frozen, Instant


class Event(Frozen):
    """A fact that happened. Source: CloudEvents 1.0.2, section 3.1, which lets others add attributes of their own."""

    model_config = ConfigDict(extra="ignore")

    topic: ClassVar[str]
    """The Kafka topic all versions of this fact are published to: the type without its version."""
    minor: ClassVar[int] = 0
    """Rises when an optional field or a code is added; every other change is a new version (decision 0001)."""

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
    data: Any

    @computed_field  # type: ignore[prop-decorator] # mypy knows no decorated property
    @property
    def dataschema(self) -> str:
        """Which released schema this event was written by; readers go by `type`."""
        return schema_urn(type(self))

    @property
    def key(self) -> str:
        """The Kafka key: facts with the same key stay in order. Never personal data."""
        return self.subject

    def envelope(self) -> dict[str, Any]:
        """What the same fact keeps in its next version: everything but the data and the name of their shape."""
        return {name: getattr(self, name) for name in ("id", "source", "subject", "time")}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 as Pydantic passes them
        """Name the topic after the type."""
        super().__pydantic_init_subclass__(**kwargs)
        cls.topic = type_of(cls).rpartition(".v")[0]


def type_of(event: type[Event]) -> str:
    """The CloudEvents `type` of an event class."""
    return str(event.model_fields["type"].default)


def schema_name(event: type[Event]) -> str:
    """The name of an event's current schema: its type, and the minor once there is one."""
    return f"{type_of(event)}.{event.minor}" if event.minor else type_of(event)


def schema_urn(event: type[Event]) -> str:
    """The identity of an event's current schema, as `dataschema` and the schema's own `$id` write it."""
    return f"urn:laurel:schema:{schema_name(event)}"


def fact_id(subject: UUID, *parts: str) -> UUID:
    """The id of a fact about a subject: telling it again yields the same id, so every projection is idempotent."""
    return uuid5(subject, "|".join(parts))
