"""What happens between Kafka and a handler: everything is handled or parked before its offset may be committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from opentelemetry.trace import Tracer

from chassis.broker.reasons import reason_for
from chassis.broker.tracing import handling, trace_of
from chassis.retry import AWAY, Backoff, Stopped, pause, until_available
from schemas.events import Event, Unreadable, decode
from schemas.faults import Refused, Unavailable

Handle = Callable[[list[Event]], Awaitable[None]]
Foresee = Callable[[Event], Awaitable[str]]
"""What a handler would do, in a sentence; it does nothing. Raises what the handler would raise."""
_log = structlog.get_logger(__name__)


class ParkingFull(Refused):
    """So many messages are parked that the next one is more likely to be our mistake than theirs."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came: bytes, wherever it came from."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()

    @property
    def readable_headers(self) -> dict[str, str]:
        """The headers; what is not UTF-8 in them is shown as such, not lost."""
        return {name: (value or b"").decode(errors="backslashreplace") for name, value in self.headers}


@dataclass(frozen=True, slots=True)
class Unhandled:
    """A message to set aside, and why."""

    received: Received
    group: str
    reason: str
    detail: str
    owes_outcome: bool
    """True when somebody waits for this group's answer to the completion in it."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would come of a message, as far as that can be seen without handling it."""

    handled: bool
    said: str


class ParkingPlace(Protocol):
    """Where messages are set aside."""

    async def start(self) -> None:
        """Begin to tell what is set aside."""
        ...

    async def stop(self) -> None:
        """End."""
        ...

    async def park(self, messages: Sequence[Unhandled]) -> None:
        """They rest there when this returns. Raises `Unavailable`, and `ParkingFull` when it is the limit."""
        ...


@dataclass(frozen=True, slots=True)
class _Readable:
    event: Event
    received: Received


class Delivery:
    """Brings one topic's messages to one handler, for one consumer group."""

    def __init__(  # noqa: PLR0913 what it is made of, named by its one caller
        self,
        *,
        event: type[Event],
        group: str,
        handle: Handle,
        foresee: Foresee | None,
        parking: ParkingPlace,
        backoff: Backoff,
        stopping: asyncio.Event,
        tracer: Tracer,
        owes_outcome: bool,
    ) -> None:
        self._event = event
        self._group = group
        self._handle = handle
        self._foresee = foresee
        self._parking = parking
        self._backoff = backoff
        self._stopping = stopping
        self._tracer = tracer
        self._owes_outcome = owes_outcome
        self.stuck: str | None = None
        """Why nothing goes on, in words for an operator; None while all is well."""

    async def deliver(self, messages: Sequence[Received]) -> None:
        """Each of these is handled, or parked with its reason, when this returns; in their order.

        A neighbour that is away is waited for. A full parking is too: an operator empties it, or a better version of
        this program handles what this one could not. Raises `Stopped` when the wait is ended by a stop; then none of
        them may count as handled.
        """
        for wait in self._backoff.waits():
            try:
                await self._deliver(messages)
            except ParkingFull as error:
                self.stuck = f"{self._group} has stopped: {error}"
                _log.error("consumer-stopped", group=self._group, topic=self._event.topic, reason=str(error))
            else:
                self.stuck = None
                return
            await pause(max(wait, self._backoff.cap / 4), self._stopping)

    async def redeliver(self, message: Received) -> Unhandled | None:
        """Try this one message once more: None when it was handled, else why not. Raises `Unavailable`."""
        read = self._read(message)
        if isinstance(read, Unhandled):
            return read
        try:
            await self._attempt([read])
        except AWAY as error:
            raise Unavailable(reason_for(error)[1]) from error
        except Exception as error:  # noqa: BLE001 whatever it raises is the answer
            return self._unhandled(message, *reason_for(error))
        return None

    async def foresee(self, message: Received) -> Forecast:
        """What trying it once more would come to. Raises `Unavailable`."""
        read = self._read(message)
        if isinstance(read, Unhandled):
            return Forecast(handled=False, said=f"it still cannot be read: {read.detail}")
        if self._foresee is None:
            return Forecast(handled=True, said=f"it can be read, and {self._group} would be given it")
        try:
            return Forecast(handled=True, said=await self._foresee(read.event))
        except AWAY as error:
            raise Unavailable(reason_for(error)[1]) from error
        except Exception as error:  # noqa: BLE001 whatever it raises is the answer
            return Forecast(handled=False, said=f"it would fail again: {reason_for(error)[1]}")

    async def _deliver(self, messages: Sequence[Received]) -> None:
        read = [self._read(message) for message in messages]
        readable = [each for each in read if isinstance(each, _Readable)]
        unreadable = [each for each in read if isinstance(each, Unhandled)]
        if unreadable:
            await self._set_aside(unreadable)
        if readable:
            await self._handle_or_park(readable)

    def _read(self, message: Received) -> _Readable | Unhandled:
        event = decode(message.value or b"")
        if isinstance(event, Unreadable):
            return self._unhandled(message, event.reason, event.detail)
        if not isinstance(event, self._event):
            return self._unhandled(message, "unexpected-type", f"{event.type} is not what this topic is for")
        return _Readable(event, message)

    async def _handle_or_park(self, batch: list[_Readable]) -> None:
        """Those that fail are found by halving, so one bad message costs a few calls, not the batch."""
        try:
            await self._handled(batch)
        except Stopped:
            raise
        except Exception as error:  # noqa: BLE001 a handler's mistake must not stop the others' messages
            reason, detail = reason_for(error)
            if len(batch) == 1:
                _log.error("message-parked", group=self._group, topic=self._event.topic, reason=reason, detail=detail)
                await self._set_aside([self._unhandled(batch[0].received, reason, detail)])
                return
            _log.warning("batch-failed", group=self._group, size=len(batch), reason=reason, detail=detail)
        else:
            return
        middle = len(batch) // 2
        await self._handle_or_park(batch[:middle])
        await self._handle_or_park(batch[middle:])

    async def _handled(self, batch: list[_Readable]) -> None:
        await self._until_available(lambda: self._attempt(batch))

    async def _attempt(self, batch: list[_Readable]) -> None:
        traced = [(each.event, trace_of(each.received.readable_headers)) for each in batch]
        with handling(self._tracer, self._event.topic, self._group, traced):
            await self._handle([each.event for each in batch])

    async def _set_aside(self, messages: Sequence[Unhandled]) -> None:
        await self._until_available(lambda: self._parking.park(messages))

    async def _until_available(self, attempt: Callable[[], Awaitable[None]]) -> None:
        def on_wait(error: Exception, seconds: float) -> None:
            reason, detail = reason_for(error)
            self.stuck = f"{self._group} waits: {detail}"
            _log.warning("neighbour-away", group=self._group, reason=reason, detail=detail, again_in_seconds=seconds)

        await until_available(attempt, stopping=self._stopping, backoff=self._backoff, on_wait=on_wait)
        self.stuck = None

    def _unhandled(self, message: Received, reason: str, detail: str) -> Unhandled:
        return Unhandled(message, self._group, reason, detail, self._owes_outcome)
