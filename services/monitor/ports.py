"""What the monitor needs from the world."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chassis.parking.views import AuditEntry, Discard, DiscardReport, ParkedDetail, Replay, ReplayReport
from monitor.domain.account import Decided, Intake, Parked
from monitor.domain.flow import Sighting, Stage, Tally
from monitor.domain.reviews import Review


class Sightings(Protocol):
    """What passed by."""

    async def add(self, sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
        """Keep them; those that are new."""
        ...

    async def tally(self) -> tuple[Tally, ...]:
        """Every stage with its count and its last moment."""
        ...

    async def latest(self, limit: int, stage: Stage | None = None) -> tuple[Sighting, ...]:
        """The newest first, of one stage or of all."""
        ...


class Ledgers(Protocol):
    """What the services themselves keep of completions. Each raises `Unavailable` when its keeper does not answer."""

    async def intake(self, since: datetime | None) -> Intake:
        """What the bridge accepted since then."""
        ...

    async def decided(self, since: datetime | None) -> tuple[Decided, ...]:
        """What the issuer decided since then."""
        ...

    async def parked(self) -> tuple[Parked, ...]:
        """What any service set aside."""
        ...

    async def reviews(self, limit: int) -> tuple[Review, ...]:
        """Which corrections wait for somebody to look at them: the oldest, so many."""
        ...


class ParkingPlaces(Protocol):
    """Where each service sets messages aside. Everything is done in the name of whose token goes along.

    Each raises `Unavailable` when the service does not answer, and the fault that it answers with.
    """

    async def show(self, token: str, service: str, message: str) -> ParkedDetail:
        """One message in full."""
        ...

    async def replay(self, token: str, wanted: Replay) -> ReplayReport:
        """Give messages to their handler again, or say what that would do."""
        ...

    async def discard(self, token: str, wanted: Discard) -> DiscardReport:
        """Give messages up, for good."""
        ...

    async def audit(self, token: str) -> tuple[AuditEntry, ...]:
        """Who did what, in every service."""
        ...


class Counts(Protocol):
    """Where what was seen for the first time is counted."""

    def count(self, sighting: Sighting) -> None:
        """Count it."""
        ...
