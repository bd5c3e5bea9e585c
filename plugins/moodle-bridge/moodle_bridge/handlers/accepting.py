"""Taking a completion in. After it returns, the completion is accounted for, whatever dies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.failpoints import failpoint
from chassis.outbox import pending_event
from moodle_bridge.domain import translate
from moodle_bridge.domain.deliveries import recognise
from moodle_bridge.ports import (
    AcceptedCompletion,
    Clock,
    Completions,
    Digest,
    Naming,
    Nudge,
    PersonalData,
    RegisteredPlatform,
)
from schemas.faults import Conflict


@dataclass(frozen=True, slots=True)
class AcceptedDelivery:
    """The completion a delivery is about, and whether it was known."""

    completion: UUID
    duplicate: bool


class AcceptCompletion:
    """Store a completion with the event that tells it, in one atomic write; recognise one that is stored."""

    def __init__(  # noqa: PLR0913 everything it stands on, each by its name
        self,
        completions: Completions,
        *,
        naming: Naming,
        personal: PersonalData,
        digest: Digest,
        clock: Clock,
        nudge: Nudge,
        republish_after: timedelta,
    ) -> None:
        self._completions = completions
        self._naming = naming
        self._personal = personal
        self._digest = digest
        self._clock = clock
        self._nudge = nudge
        self._republish_after = republish_after

    async def __call__(self, platform: RegisteredPlatform, body: bytes) -> AcceptedDelivery:
        """Accept a genuine delivery.

        Raises `Malformed` for what cannot be read, `EpisodeDiffers` when the episode was accepted with another body,
        `Unavailable` when nothing could be stored: then it was not accepted.
        """
        now = self._clock()
        said = translate.read(body, now)
        completion = self._naming.completion(platform.id, said.episode)
        digest = self._digest(body)
        if recognise(await self._known(completion), digest):
            return AcceptedDelivery(completion, duplicate=True)

        learner = self._naming.learner(platform.id, said.learner.id)
        # A learner who was erased and takes another course has come back.
        personal = await self._personal.seal(
            learner, translate.personal_data(said).model_dump_json().encode(), returning=True
        )
        event = translate.assessment_completed(
            said,
            completion=completion,
            platform=platform.platform,
            learner=learner,
            personal=personal,
            received=now,
        )
        accepted = AcceptedCompletion(
            id=str(completion),
            platform=platform.id,
            organisation=platform.organisation,
            digest=digest,
            received=now,
            event=event,
            due=now + self._republish_after,
            pending=(pending_event(event),),
        )
        failpoint("bridge.before-write")
        beaten = await self._completions.insert_many([accepted])
        failpoint("bridge.after-write")
        self._nudge()
        if not beaten:
            return AcceptedDelivery(completion, duplicate=False)
        # The same episode was delivered twice at once, and the other was first.
        if not recognise(await self._known(completion), digest):
            raise Conflict("this completion came and went while it was being accepted: deliver it again")
        return AcceptedDelivery(completion, duplicate=True)

    async def _known(self, completion: UUID) -> str | None:
        stored = await self._completions.get(str(completion))
        return stored.digest if stored else None
