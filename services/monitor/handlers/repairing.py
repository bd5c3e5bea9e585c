"""What operators do about parked messages. Each service does it in its own parking; here is where they are reached."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.parking.views import AuditEntry, Discard, DiscardReport, ParkedDetail, Replay, ReplayReport
from monitor.domain.account import Parked
from monitor.domain.parked import Cause, cause_of, waiting
from monitor.ports import Ledgers, ParkingPlaces


@dataclass(frozen=True)
class ListParked:
    """What waits for an operator."""

    ledgers: Ledgers

    async def __call__(self, cause: Cause | None = None) -> tuple[Parked, ...]:
        """Newest first; of one cause, if it is named. Raises `Unavailable`."""
        found = waiting(await self.ledgers.parked())
        return found if cause is None else tuple(message for message in found if cause_of(message) == cause)


@dataclass(frozen=True)
class RepairParked:
    """Show, replay and discard, in the operator's own name: their token goes along."""

    places: ParkingPlaces

    async def show(self, token: str, service: str, message: str) -> ParkedDetail:
        """One message in full. Raises `NotFound`, `Unavailable`."""
        return await self.places.show(token, service, message)

    async def replay(self, token: str, wanted: Replay) -> ReplayReport:
        """What became of them, or would; of a real one perhaps only the first: ask again for the others."""
        return await self.places.replay(token, wanted)

    async def discard(self, token: str, wanted: Discard) -> DiscardReport:
        """Those that were given up."""
        return await self.places.discard(token, wanted)

    async def audit(self, token: str) -> tuple[AuditEntry, ...]:
        """Who did what, in every service; newest first."""
        return tuple(sorted(await self.places.audit(token), key=lambda entry: entry.at, reverse=True))
