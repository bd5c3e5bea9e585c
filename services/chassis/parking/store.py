"""Messages that could not be handled, set aside with their reason, in the service's own database.

A message is parked under a name made from its content: told again, it is the same parked message, seen once more.
When somebody waits for an answer to the completion in it, that it was parked is the answer: the event rests in the
parked message's own document, so the two are one atomic write.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid5

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from chassis.broker.delivery import ParkingFull, Unhandled
from chassis.broker.publisher import Publisher
from chassis.documents.port import Collection, Document, Documents, Index, Schema
from chassis.outbox import Outbox, pending_event
from chassis.parking.views import AuditEntry, Discarded
from chassis.retry import Backoff
from chassis.running import ended
from schemas.events import DISCARDED, AssessmentCompleted, CompletionParked, ParkedCompletion, fact_id
from schemas.values import Instant, Slug

T = TypeVar("T")
_NAMES = UUID("1c0c9f9e-7d5b-5b0e-9d0a-5e3c6f0b8a11")
_DETAIL = 2_000
LIMIT = 1000


class ParkedMessage(Document):
    """A message that was set aside."""

    service: str
    group: str
    topic: str
    partition: int
    offset: int
    """Where it stood when it was parked first."""
    key: str
    raw: bytes
    """The message's value, as it came; personal data in it is sealed."""
    headers: dict[str, str]
    reason: str
    """A short code; equal codes have equal causes."""
    detail: str
    completion: UUID | None = None
    platform: Slug | None = None
    offering: Slug | None = None
    owed: bool = False
    """True when somebody waits for this service's answer to the completion in it."""
    first_seen: Instant
    last_seen: Instant
    attempts: int = 1
    discarded: Discarded | None = None
    """Given up by an operator: it counts in the account, and is not waited for any more. Its content is gone."""


class WrittenDown(Document):
    """A line of the audit."""

    entry: AuditEntry


PARKED = Schema(name="parked", model=ParkedMessage, indexes=(Index(("last_seen",)), Index(("reason",))))
AUDIT = Schema("parking_audit", WrittenDown, indexes=(Index(("entry.at",)), Index(("entry.message", "entry.at"))))


class Parking:
    """Where one service sets messages aside, and tells about them."""

    def __init__(  # noqa: PLR0913 what it is made of, named by its one caller
        self,
        service: str,
        documents: Documents,
        publisher: Publisher,
        *,
        clock: Callable[[], datetime],
        limit: int = LIMIT,
        backoff: Backoff | None = None,
    ) -> None:
        self.service = service
        self.collection: Collection[ParkedMessage] = documents.collection(PARKED)
        self.audit: Collection[WrittenDown] = documents.collection(AUDIT)
        self._clock = clock
        self._limit = limit
        self._outbox = Outbox(service, (self.collection,), publisher, backoff=backoff)
        self._relay: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to tell what is parked."""
        self._relay = asyncio.create_task(self._outbox.run(), name=f"{self.service}.parking")

    async def stop(self) -> None:
        """End; what is not told yet stays pending."""
        relay, self._relay = self._relay, None
        await ended(relay)

    async def check(self) -> None:
        """Raises `Unavailable` while what is parked cannot be told."""
        await self._outbox.check()

    async def park(self, messages: Sequence[Unhandled]) -> None:
        """Set these aside; one that is here already counts as seen once more, and is told again.

        Raises `ParkingFull` once the limit is reached, with as many parked as there was room for.
        """
        now = self._clock()
        wanted: dict[str, ParkedMessage] = {}
        for document in (self._document(message, now) for message in messages):
            wanted.setdefault(document.id, document)
        known = await self.collection.get_many(wanted)
        new = [document for id_, document in wanted.items() if id_ not in known]
        room = self._limit - await self.collection.count({"discarded": None}) if new else 0
        await self.collection.insert_many(new[: max(room, 0)])
        self._outbox.nudge()
        if len(new) > room:
            raise ParkingFull(
                f"{self._limit} messages are parked, which is the limit; the last reason was {new[-1].reason}"
            )
        # Whom the guard turns away was seen by somebody else at the same moment.
        await self.collection.replace_many([self._seen_again(known[id_], wanted[id_]) for id_ in known])

    async def failed_again(self, parked: ParkedMessage, message: Unhandled) -> None:
        """It was tried once more, in vain: the same row, seen once more."""
        now = self._document(message, self._clock())
        # Whom the guard turns away was seen by somebody else at the same moment.
        await self.collection.replace_many([self._seen_again(parked, now)])
        self._outbox.nudge()

    async def discard(self, parked: ParkedMessage, discarded: Discarded) -> bool:
        """Keep that it was, and why it never will be handled; whoever waits is told. False when somebody was faster."""
        given_up = parked.model_copy(update={"discarded": discarded, "raw": b"", "headers": {}})
        lost = await self.collection.replace_many([self._telling(given_up)])
        self._outbox.nudge()
        return not lost

    def _document(self, message: Unhandled, now: datetime) -> ParkedMessage:
        received = message.received
        raw = received.value or b""
        about = _about(received.topic, raw)
        content = hashlib.sha256((received.key or b"") + b"|" + raw).hexdigest()
        return self._telling(
            ParkedMessage(
                id=str(uuid5(_NAMES, f"{message.group}|{received.topic}|{content}")),
                service=self.service,
                group=message.group,
                topic=received.topic,
                partition=received.partition,
                offset=received.offset,
                key=(received.key or b"").decode(errors="backslashreplace"),
                raw=raw,
                headers=received.readable_headers,
                reason=message.reason,
                detail=message.detail[:_DETAIL] or message.reason,
                completion=about.completion,
                platform=about.platform,
                offering=about.offering,
                owed=message.owes_outcome,
                first_seen=now,
                last_seen=now,
            )
        )

    def _seen_again(self, known: ParkedMessage, now: ParkedMessage) -> ParkedMessage:
        seen = {"attempts": known.attempts + 1, "last_seen": now.last_seen}
        if known.discarded is None:
            seen |= {"reason": now.reason, "detail": now.detail, "owed": now.owed}
        return self._telling(known.model_copy(update=seen))

    def _telling(self, parked: ParkedMessage) -> ParkedMessage:
        """With the event that tells whoever waits for an answer, if anybody does."""
        if parked.completion is None or not parked.owed:
            return parked
        given_up = parked.discarded
        event = CompletionParked(
            id=fact_id(parked.completion, "parked", parked.id, *((DISCARDED,) if given_up else ())),
            source=f"/{self.service}",
            subject=str(parked.completion),
            time=given_up.at if given_up else parked.last_seen,
            data=ParkedCompletion(
                completion=parked.completion,
                platform=parked.platform,
                reason=DISCARDED if given_up else parked.reason,
                detail=given_up.reason if given_up else parked.detail,
            ),
        )
        return parked.model_copy(update={"pending": (pending_event(event),)})


@dataclass(frozen=True, slots=True)
class _About:
    """What a message is about, as far as it can be read at all."""

    completion: UUID | None = None
    platform: str | None = None
    offering: str | None = None


_uuid: TypeAdapter[UUID] = TypeAdapter(UUID)
_slug: TypeAdapter[str] = TypeAdapter(Slug)


def _about(topic: str, raw: bytes) -> _About:
    try:
        data = from_json(raw)["data"]
    except (ValueError, TypeError, KeyError, IndexError):
        return _About()
    if not isinstance(data, dict):
        return _About()
    platform = data.get("platform")
    return _About(
        completion=_read(_uuid, data.get("id")) if topic == AssessmentCompleted.topic else None,
        platform=_read(_slug, platform.get("id") if isinstance(platform, dict) else platform),
        offering=_read(_slug, data.get("offering")),
    )


def _read(kind: TypeAdapter[T], value: object) -> T | None:
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None
