"""What waits for somebody to look at it."""

from __future__ import annotations

from uuid import UUID

from schemas.values import Frozen, Instant


class Review(Frozen):
    """A correction of a completion, and what the issuer's policy made of it until somebody has looked."""

    correction: UUID
    completion: UUID
    award: UUID
    platform: str
    offering: str
    change: str
    effect: str
    detail: str
    decided: Instant
