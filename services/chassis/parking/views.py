"""What operators see of parked messages, and say about them. Never a message's content, but for what names nobody."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue

from schemas.values import Frozen, Instant, ShortText

PORTION = 50
"""How many messages one request may name."""


class Discarded(Frozen):
    """Somebody decided that a message will never be handled."""

    at: Instant
    by: str
    """The label of the token that was shown."""
    reason: str


class ParkedItem(Frozen):
    """A parked message, as it is listed."""

    id: str
    service: str
    group: str
    topic: str
    partition: int
    offset: int
    reason: str
    detail: str
    completion: UUID | None
    platform: str | None
    offering: str | None
    first_seen: Instant
    last_seen: Instant
    attempts: int
    discarded: Discarded | None


class ParkedItems(Frozen):
    """One page of them; `next` goes into `after`, and is null on the last page."""

    items: tuple[ParkedItem, ...]
    next: str | None


class Deed(StrEnum):
    """What is written down of an operator's work."""

    REPLAY = "replay"
    """Somebody had it given to its handler again."""
    HANDLED = "handled"
    """It was handled then, and is parked no more."""
    FAILED_AGAIN = "failed-again"
    DISCARD = "discard"
    """Somebody gave it up."""


class AuditEntry(Frozen):
    """Who did what, when, to which message; never changed or removed."""

    at: Instant
    service: str
    who: str
    """The label of the token that was shown."""
    token: str
    """Its id."""
    deed: Deed
    message: str
    topic: str
    reason: str
    """Why it was parked."""
    note: str | None
    """Why it was discarded, or failed again."""


class AuditEntries(Frozen):
    """One page of them, oldest first."""

    items: tuple[AuditEntry, ...]
    next: str | None


class ParkedDetail(ParkedItem):
    """One parked message in full."""

    key: str
    headers: dict[str, str]
    payload: JsonValue
    """The message with everything masked that might be about a person; null when it is no JSON."""
    bytes: int
    history: tuple[AuditEntry, ...]


Messages = Annotated[tuple[str, ...], Field(min_length=1, max_length=PORTION)]


class Replay(Frozen):
    """Give these messages to their handler again; of a dry run, say only what would happen."""

    service: str
    messages: Messages
    dry_run: bool = True


class Replayed(Frozen):
    """What became of one message, or would."""

    id: str
    handled: bool
    said: str


class ReplayReport(Frozen):
    """What became of each, or would."""

    dry_run: bool
    items: tuple[Replayed, ...]


class Discard(Frozen):
    """Give these messages up, for good."""

    service: str
    messages: Messages
    reason: ShortText


class DiscardReport(Frozen):
    """Those that were given up; the others were before, or are not here any more."""

    discarded: tuple[str, ...]
