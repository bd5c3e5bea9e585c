"""Setting a completion aside that had waited, as if it had just come from Kafka."""

from __future__ import annotations

from chassis.broker import ParkingPlace, Received, Unhandled
from chassis.broker.reasons import reason_for
from schemas.events import AssessmentCompleted, encode

NOWHERE = -1
"""It comes from the store: it has no place in the log."""


class SetAside:
    """Parks a completion with the reason it could not be decided for."""

    def __init__(self, parking: ParkingPlace, group: str) -> None:
        self._parking = parking
        self._group = group

    async def __call__(self, completed: AssessmentCompleted, error: Exception) -> None:
        """Parked when it returns, and told as this service's answer. Raises `Unavailable`, `ParkingFull`."""
        reason, detail = reason_for(error)
        received = Received(
            topic=completed.topic,
            partition=NOWHERE,
            offset=NOWHERE,
            key=completed.key.encode(),
            value=encode(completed),
        )
        await self._parking.park([Unhandled(received, self._group, reason, detail, owes_outcome=True)])
