"""Trying a delivery: everything that would keep it from being accepted shows, and nothing is kept."""

from __future__ import annotations

from moodle_bridge.domain import translate
from moodle_bridge.ports import Clock, RegisteredPlatform
from schemas.values import Frozen, Instant, Slug


class Trial(Frozen):
    """What the bridge makes of a delivery it would accept."""

    platform: Slug
    organisation: Slug
    offering: Slug
    may_award: bool
    """Whether the platform may use this offering; that it exists is the issuer's to know."""
    server_time: Instant


class TryDelivery:
    """Read a genuine delivery, for an administrator who sets a platform up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, platform: RegisteredPlatform, body: bytes) -> Trial:
        """What it says. Raises `Malformed` as accepting it would."""
        now = self._clock()
        said = translate.read(body, now)
        return Trial(
            platform=platform.id,
            organisation=platform.organisation,
            offering=said.offering,
            may_award=platform.offerings is None or said.offering in platform.offerings,
            server_time=now,
        )
