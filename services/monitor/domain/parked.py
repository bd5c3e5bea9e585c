"""What the services set aside, as operators see it: messages of equal cause together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from monitor.domain.account import Parked
from schemas.values import Frozen, Instant


class Cause(Frozen):
    """What parked messages have in common when one thing is wrong."""

    service: str
    reason: str
    topic: str
    platform: str | None = None
    offering: str | None = None

    @property
    def _order(self) -> tuple[str, str, str, str, str]:
        return self.service, self.reason, self.topic, self.platform or "", self.offering or ""


class Group(Frozen):
    """Messages of one cause."""

    cause: Cause
    count: int
    attempts: int
    """Of all of them together."""
    first_seen: Instant
    last_seen: Instant


def cause_of(message: Parked) -> Cause:
    """What it has in common with others."""
    return Cause(**{name: getattr(message, name) for name in Cause.model_fields})


def waiting(messages: Iterable[Parked]) -> tuple[Parked, ...]:
    """Those that wait for an operator, newest first."""
    return tuple(sorted((m for m in messages if m.discarded is None), key=lambda m: m.last_seen, reverse=True))


def grouped(messages: Iterable[Parked]) -> tuple[Group, ...]:
    """By cause, the one seen last first."""
    ordered = sorted(((cause_of(message), message) for message in messages), key=lambda pair: pair[0]._order)  # noqa: SLF001 its own module
    groups = []
    for cause, pairs in groupby(ordered, key=lambda pair: pair[0]):
        some = [message for _, message in pairs]
        groups.append(
            Group(
                cause=cause,
                count=len(some),
                attempts=sum(message.attempts for message in some),
                first_seen=min(message.first_seen for message in some),
                last_seen=max(message.last_seen for message in some),
            )
        )
    return tuple(sorted(groups, key=lambda group: group.last_seen, reverse=True))
