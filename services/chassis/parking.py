"""Messages that could not be handled, set aside with their reason, in the service's own database.

A message is parked under a name made from its content: told again, it is the same parked message, seen once more.
When somebody waits for an answer to the completion in it, that it was parked is the answer: the event rests in the
parked message's own document, so the two are one atomic write.
"""

# No `from __future__ import annotations`: a route's annotation names a dependency that is local to `parked_routes`.

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Query
from pydantic import ValidationError
from pydantic_core import from_json

from chassis.access import AccessTokens, Principal, Scope
from chassis.broker.delivery import ParkingFull, Unhandled
from chassis.broker.publisher import Publisher
from chassis.documents.port import Collection, Document, Documents, Index, PendingEvent, Schema
from chassis.outbox import Outbox, pending_event
from chassis.retry import Backoff
from schemas.events import AssessmentCompleted, CompletionParked, ParkedCompletion, fact_id
from schemas.faults import Malformed
from schemas.values import Frozen, Instant, Slug

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
    first_seen: Instant
    last_seen: Instant
    attempts: int = 1


PARKED = Schema(name="parked", model=ParkedMessage, indexes=(Index(("last_seen",)), Index(("reason",))))


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
        if relay is not None:
            relay.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await relay

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
        room = self._limit - await self.collection.count({}) if new else 0
        await self.collection.insert_many(new[: max(room, 0)])
        self._outbox.nudge()
        if len(new) > room:
            raise ParkingFull(
                f"{self._limit} messages are parked, which is the limit; the last reason was {new[-1].reason}"
            )
        # Whom the guard turns away was seen by somebody else at the same moment.
        await self.collection.replace_many([_seen_again(known[id_], wanted[id_]) for id_ in known])

    def _document(self, message: Unhandled, now: datetime) -> ParkedMessage:
        received = message.received
        raw = received.value or b""
        completion, platform = _completion_in(received.topic, raw)
        content = hashlib.sha256((received.key or b"") + b"|" + raw).hexdigest()
        document = ParkedMessage(
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
            completion=completion,
            platform=platform,
            first_seen=now,
            last_seen=now,
        )
        if completion is None or not message.owes_outcome:
            return document
        return document.model_copy(update={"pending": (self._parked(document, completion, now),)})

    def _parked(self, document: ParkedMessage, completion: UUID, now: datetime) -> PendingEvent:
        return pending_event(
            CompletionParked(
                id=fact_id(completion, "parked", document.id),
                source=f"/{self.service}",
                subject=str(completion),
                time=now,
                data=ParkedCompletion(
                    completion=completion, platform=document.platform, reason=document.reason, detail=document.detail
                ),
            )
        )


def _seen_again(known: ParkedMessage, now: ParkedMessage) -> ParkedMessage:
    return known.model_copy(
        update={
            "attempts": known.attempts + 1,
            "last_seen": now.last_seen,
            "reason": now.reason,
            "detail": now.detail,
            "pending": now.pending or known.pending,
        }
    )


class _Platform(Frozen, extra="ignore"):
    id: Slug


class _Completion(Frozen, extra="ignore"):
    id: UUID
    platform: _Platform | None = None


def _completion_in(topic: str, raw: bytes) -> tuple[UUID | None, str | None]:
    """The completion a message is about and its platform, as far as they can be read at all."""
    if topic != AssessmentCompleted.topic:
        return None, None
    try:
        data = from_json(raw)["data"]
    except (ValueError, TypeError, KeyError, IndexError):
        return None, None
    try:
        completion = _Completion.model_validate(data, strict=False)
    except ValidationError:
        try:
            return _Completion.model_validate({"id": data["id"]}).id, None
        except (ValidationError, TypeError, KeyError):
            return None, None
    return completion.id, completion.platform.id if completion.platform else None


class ParkedItem(Frozen):
    """A parked message as operators see it: never its content."""

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
    first_seen: Instant
    last_seen: Instant
    attempts: int


class ParkedItems(Frozen):
    """One page of them; `next` goes into `after`, and is null on the last page."""

    items: tuple[ParkedItem, ...]
    next: str | None


def parked_routes(parkings: Iterable[Parking], access: AccessTokens) -> APIRouter:
    """`GET /api/v1/account/parked`: what the services of this process have set aside, for operators of everything.

    Services come in the order of their names, all of one before the next; `service` asks for one alone.
    """
    by_name: Mapping[str, Parking] = {parking.service: parking for parking in parkings}
    router = APIRouter(tags=["account"])
    operator = Depends(access.require(Scope.OPERATOR))

    @router.get("/api/v1/account/parked")
    async def parked(
        asks: Annotated[Principal, operator],
        service: Annotated[str | None, Query()] = None,
        after: Annotated[str | None, Query(max_length=1000)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> ParkedItems:
        """Messages that could not be handled, and why."""
        asks.must_own()  # what cannot be read belongs to nobody in particular
        names = sorted(by_name) if service is None else [service]
        if unknown := set(names) - set(by_name):
            raise Malformed(f"no service {', '.join(unknown)} is in this process; there are: {', '.join(by_name)}")
        name, _, cursor = (after or "").partition("~")
        if after and name not in names:
            raise Malformed("`after` is no cursor of ours: start again without it")
        left = [each for each in names if each >= name]
        if not left:
            return ParkedItems(items=(), next=None)
        page = await by_name[left[0]].collection.find({}, after=cursor or None, limit=limit)
        following = f"{left[0]}~{page.next}" if page.next else f"{left[1]}~" if len(left) > 1 else None
        return ParkedItems(items=tuple(_item(document) for document in page.items), next=following)

    return router


def _item(document: ParkedMessage) -> ParkedItem:
    return ParkedItem(**{name: getattr(document, name) for name in ParkedItem.model_fields})
