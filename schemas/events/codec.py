"""Bytes to the newest event, and back. What cannot be read becomes a value that says why, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Union

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from schemas.events import v1
from schemas.events.envelope import Event, type_of
from schemas.events.upcast import newest

RELEASED: tuple[type[Event], ...] = (
    v1.AssessmentCompleted,
    v1.CompletionParked,
    v1.CompletionCorrected,
    v1.CorrectionDecided,
    v1.OfferingPublished,
    v1.OrganisationRegistered,
    v1.CredentialIssued,
    v1.IssuanceRefused,
    v1.CredentialStatusChanged,
    v1.CredentialVerified,
)
"""Every version of every event that was ever published, the older first."""

CURRENT: tuple[type[Event], ...] = tuple({event.topic: event for event in RELEASED}.values())
"""Every kind of event, in its newest version."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Bytes that are no event of ours: what they were, and why they could not be read."""

    raw: bytes
    reason: str
    """A short code: `not-json`, `not-an-event`, `unknown-type`, `invalid`."""
    detail: str


class Codec:
    """Reads the events it was given, and no others. A field it does not know is a later minor's, and is passed over."""

    def __init__(self, released: tuple[type[Event], ...]) -> None:
        self._types = {type_of(event) for event in released}
        any_of_them: Any = Annotated[Union[released], Field(discriminator="type")]  # noqa: UP007 of however many
        self._adapter: TypeAdapter[Event] = TypeAdapter(any_of_them)

    def decode(self, raw: bytes) -> Event | Unreadable:
        """The newest version of the fact in these bytes, or why there is none."""
        try:
            return newest(self._adapter.validate_json(raw, extra="ignore"))
        except ValidationError as error:
            return self._unreadable(raw, error)

    def _unreadable(self, raw: bytes, invalid: ValidationError) -> Unreadable:
        try:
            envelope = from_json(raw)
        except ValueError as error:
            return Unreadable(raw, "not-json", str(error))
        if not isinstance(envelope, dict) or not isinstance(envelope.get("type"), str):
            return Unreadable(raw, "not-an-event", "a JSON object with a `type` was expected")
        if envelope["type"] not in self._types:
            return Unreadable(raw, "unknown-type", f"no event of type {envelope['type'][:200]!r} is known here")
        where = "; ".join(
            f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}"  # the first place is the type, of which there are many
            for e in invalid.errors(include_input=False)
        )
        return Unreadable(raw, "invalid", where)


_codec = Codec(RELEASED)
decode = _codec.decode


def encode(event: Event) -> bytes:
    """The event as it travels: CloudEvents structured JSON, UTF-8."""
    return event.model_dump_json(exclude_none=True).encode()
