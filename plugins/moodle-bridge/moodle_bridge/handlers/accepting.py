"""Taking completions in. After it returns, they are accounted for, whatever dies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from chassis.failpoints import failpoint
from chassis.outbox import pending_event
from chassis.together import Together
from moodle_bridge.domain import translate
from moodle_bridge.domain.deliveries import EpisodeDiffers, recognise
from moodle_bridge.domain.told import Told, assessment_completed
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
from schemas.faults import Unavailable

TOGETHER = 200
"""Deliveries stored at a time."""
MOST_WAITING = 1000
"""Deliveries that may wait to be stored: a sender waits seconds for its answer, not minutes."""


class TooBusy(Unavailable):
    """More is delivered than can be stored. What is turned away was not accepted: its sender comes again."""


class CameAndWent(Unavailable):
    """A completion was there while this delivery of it was being accepted, and is there no more."""

    def __init__(self) -> None:
        super().__init__("this completion came and went while it was being accepted: deliver it again")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A completion as it was told, and the digest that recognises these words."""

    told: Told
    digest: str
    context: Context = field(default_factory=copy_context, compare=False)
    """In which it came: its event goes on with that trace, whatever else is stored together with it."""


@dataclass(frozen=True, slots=True)
class AcceptedDelivery:
    """The completion a delivery is about, and whether it was known."""

    completion: UUID
    duplicate: bool


class AcceptCompletions:
    """Store completions, each with the event that tells it in one atomic write; recognise those that are stored.

    A constant number of round trips.
    """

    def __init__(  # noqa: PLR0913 everything it stands on, each by its name
        self,
        completions: Completions,
        *,
        naming: Naming,
        personal: PersonalData,
        clock: Clock,
        nudge: Nudge,
        republish_after: timedelta,
    ) -> None:
        self._completions = completions
        self._naming = naming
        self._personal = personal
        self._clock = clock
        self._nudge = nudge
        self._republish_after = republish_after

    async def __call__(
        self, platform: RegisteredPlatform, deliveries: Sequence[Delivery], *, returning: bool
    ) -> Sequence[AcceptedDelivery | EpisodeDiffers]:
        """As `each`; raises `CameAndWent` where that became of one: the same again does no harm."""
        outcomes: list[AcceptedDelivery | EpisodeDiffers] = []
        for outcome in await self.each(platform, deliveries, returning=returning):
            if isinstance(outcome, CameAndWent):
                raise outcome
            outcomes.append(outcome)
        return outcomes

    async def each(
        self, platform: RegisteredPlatform, deliveries: Sequence[Delivery], *, returning: bool
    ) -> Sequence[AcceptedDelivery | EpisodeDiffers | CameAndWent]:
        """What became of each, in order; a fault is a value, so that the others are accepted.

        `returning` brings learners back who were erased; without it, `Erased` is raised for them. Raises `Unavailable`
        when nothing may have been stored: then none was accepted, as far as is known.
        """
        ids = [self._naming.completion(platform.id, delivery.told.episode) for delivery in deliveries]
        known = await self._digests(ids)
        new: dict[UUID, Delivery] = {}
        for id_, delivery in zip(ids, deliveries, strict=True):
            if id_ not in known:
                new.setdefault(id_, delivery)
        stored = await self._store(platform, new, returning=returning)
        mine = {id_ for id_ in new if str(id_) not in stored}
        # The same episode was delivered twice at once, and the other was first.
        known |= await self._digests([id_ for id_ in new if id_ not in mine])
        known |= {id_: new[id_].digest for id_ in mine}
        outcomes: list[AcceptedDelivery | EpisodeDiffers | CameAndWent] = []
        for id_, delivery in zip(ids, deliveries, strict=True):
            try:
                if recognise(known.get(id_), delivery.digest):
                    duplicate = new.get(id_) is not delivery or id_ not in mine
                    outcomes.append(AcceptedDelivery(id_, duplicate=duplicate))
                else:
                    outcomes.append(CameAndWent())
            except EpisodeDiffers as differs:
                outcomes.append(differs)
        return outcomes

    async def _digests(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        stored = await self._completions.get_many(map(str, ids))
        return {UUID(id_): completion.digest for id_, completion in stored.items()}

    async def _store(
        self, platform: RegisteredPlatform, new: dict[UUID, Delivery], *, returning: bool
    ) -> frozenset[str]:
        """The ids of those that somebody else stored first."""
        if not new:
            return frozenset()
        now = self._clock()
        learners = [self._naming.learner(platform.id, delivery.told.learner) for delivery in new.values()]
        sealed = await self._personal.seal_many(
            [
                (learner, delivery.told.personal.model_dump_json().encode())
                for learner, delivery in zip(learners, new.values(), strict=True)
            ],
            returning=returning,
        )
        accepted: list[AcceptedCompletion] = []
        for (id_, delivery), learner, personal in zip(new.items(), learners, sealed, strict=True):
            previous = delivery.told.previous
            event = assessment_completed(
                delivery.told,
                completion=id_,
                previous=self._naming.completion(platform.id, previous) if previous else None,
                platform=platform.platform,
                learner=learner,
                personal=personal,
                received=now,
            )
            accepted.append(
                AcceptedCompletion(
                    id=str(id_),
                    platform=platform.id,
                    organisation=platform.organisation,
                    digest=delivery.digest,
                    received=now,
                    event=event,
                    award=self._naming.award(platform.id, delivery.told.episode),
                    due=now + self._republish_after,
                    pending=(delivery.context.run(pending_event, event),),
                )
            )
        failpoint("bridge.before-write", len(accepted))
        beaten = await self._completions.insert_many(accepted)
        failpoint("bridge.after-write", len(accepted))
        self._nudge()
        return beaten


class AcceptCompletion:
    """Take in what a platform delivers: what comes while others are being stored is stored together next."""

    def __init__(self, accept: AcceptCompletions, *, digest: Digest, clock: Clock) -> None:
        self._accept = accept
        self._digest = digest
        self._clock = clock
        self._together = Together(self._accept_together, most=TOGETHER)

    async def __call__(self, platform: RegisteredPlatform, body: bytes) -> AcceptedDelivery:
        """Accept a genuine delivery.

        Raises `Malformed` for what cannot be read, `EpisodeDiffers` when the episode was accepted with another body,
        `Unavailable` when nothing could be stored, or too many wait already: then it was not accepted.
        """
        delivery = Delivery(translate.told(translate.read(body, self._clock())), self._digest(body))
        if self._together.waiting >= MOST_WAITING:
            raise TooBusy(
                "so many deliveries wait to be stored that this one would wait in vain: deliver it again later"
            )
        return await self._together((platform, delivery))

    async def _accept_together(
        self, delivered: Sequence[tuple[RegisteredPlatform, Delivery]]
    ) -> list[AcceptedDelivery | Exception]:
        outcomes: dict[int, AcceptedDelivery | Exception] = {}
        of: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for place, (platform, _) in enumerate(delivered):
            of[platform.id, platform.version].append(place)
        for places in of.values():
            platform = delivered[places[0]][0]
            deliveries = [delivered[place][1] for place in places]
            outcomes |= zip(places, await self._accept_or_refuse(platform, deliveries), strict=True)
        return [outcomes[place] for place in range(len(delivered))]

    async def _accept_or_refuse(
        self, platform: RegisteredPlatform, deliveries: Sequence[Delivery]
    ) -> Sequence[AcceptedDelivery | Exception]:
        """Of several that fail together, each by itself: one that cannot be stored keeps out no other."""
        try:
            # A learner who was erased and takes another course has come back.
            return await self._accept.each(platform, deliveries, returning=True)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 it is for whoever delivered this one
            if len(deliveries) == 1:
                return [error]
        return [outcome for one in deliveries for outcome in await self._accept_or_refuse(platform, [one])]
