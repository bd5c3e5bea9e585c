"""Trying a delivery: everything that would keep it from becoming a credential shows, and nothing is kept."""

from __future__ import annotations

from uuid import UUID

from moodle_bridge.domain import translate
from moodle_bridge.ports import Clock, Judging, Naming, Prospect, RegisteredPlatform, Standing
from schemas.faults import Unavailable
from schemas.values import Frozen, Instant, Slug


class Trial(Frozen):
    """What would become of a delivery."""

    platform: Slug
    organisation: Slug
    offering: Slug
    completion: UUID
    """As it would be called."""
    may_award: bool
    """Whether the platform may use this offering."""
    prognosis: Standing | None
    """What the issuer would decide, or has of this very episode; None when it could not be asked."""
    reason: str | None
    detail: str | None
    server_time: Instant


class TryDelivery:
    """Read a genuine delivery and ask what would be decided, for an administrator who sets a platform up."""

    def __init__(self, naming: Naming, judge: Judging, clock: Clock) -> None:
        self._naming = naming
        self._judge = judge
        self._clock = clock

    async def __call__(self, platform: RegisteredPlatform, body: bytes) -> Trial:
        """What would become of it. Raises `Malformed` as accepting it would."""
        now = self._clock()
        told = translate.told(translate.read(body, now))
        prospect = Prospect(
            completion=self._naming.completion(platform.id, told.episode),
            platform=platform.platform,
            episode=told.episode,
            offering=told.offering,
            learner=self._naming.learner(platform.id, told.learner),
            passed=told.passed,
            completed=told.completed,
        )
        prognosis, reason, detail = await self._foretold(prospect)
        return Trial(
            platform=platform.id,
            organisation=platform.organisation,
            offering=told.offering,
            completion=prospect.completion,
            may_award=platform.offerings is None or told.offering in platform.offerings,
            prognosis=prognosis,
            reason=reason,
            detail=detail,
            server_time=now,
        )

    async def _foretold(self, prospect: Prospect) -> tuple[Standing | None, str | None, str | None]:
        try:
            (judgement,) = await self._judge([prospect])
        except Unavailable as away:
            return None, None, f"{away}: a delivery would be accepted and wait for it"
        return judgement.prognosis, judgement.reason, judgement.detail
