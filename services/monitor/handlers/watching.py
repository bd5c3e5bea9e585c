"""What the monitor does: see, show, draw the account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.account import Account, draw
from monitor.domain.flow import Flow, Sighting, Stage, percentile, sightings
from monitor.domain.reviews import Review
from monitor.ports import Counts, Ledgers, Sightings
from schemas.events import Event

CLOCKS_APART = timedelta(minutes=10)
"""How far the bridge's clock and the issuer's may differ without a decision being missed."""

NEWEST_CREDENTIALS = 200
MOST_REVIEWS = 100
SHARE = 0.95


@dataclass(frozen=True)
class SeeEvents:
    """Keep what passed by; count what is seen for the first time."""

    sightings: Sightings
    counts: Counts

    async def __call__(self, events: Sequence[Event]) -> tuple[Sighting, ...]:
        """Those that are new."""
        new = await self.sightings.add([seen for event in events for seen in sightings(event)])
        for seen in new:
            self.counts.count(seen)
        return new


@dataclass(frozen=True)
class ShowFlow:
    """Counts and newest facts."""

    sightings: Sightings

    async def __call__(self, limit: int, stage: Stage | None = None) -> Flow:
        """The flow now."""
        issued = await self.sightings.latest(NEWEST_CREDENTIALS, Stage.ISSUED)
        waits = tuple(one.seconds for one in issued if one.seconds is not None)
        return Flow(
            stages=await self.sightings.tally(),
            events=await self.sightings.latest(limit, stage),
            seconds_to_credential=percentile(waits, SHARE),
        )


@dataclass(frozen=True)
class DrawAccount:
    """Join the ledgers."""

    ledgers: Ledgers
    clock: Callable[[], datetime]

    async def __call__(self, since: datetime | None) -> Account:
        """The account. Raises `Unavailable` when a ledger cannot be read: half an account is none."""
        # The bridge first: whatever it had accepted by then is decided, parked or in flight in what is read after.
        intake = await self.ledgers.intake(since)
        parked = await self.ledgers.parked()
        decided = await self.ledgers.decided(None if since is None else since - CLOCKS_APART)
        return draw(since, intake, decided, parked, self.clock())


@dataclass(frozen=True)
class ListReviews:
    """Which corrections wait for somebody to look at them."""

    ledgers: Ledgers

    async def __call__(self) -> tuple[Review, ...]:
        """The oldest, and only so many. Raises `Unavailable`."""
        return await self.ledgers.reviews(MOST_REVIEWS)
