"""Corrections of completions that were delivered: taking them in, telling them on, hearing what was made of them.

A correction is told once its completion has an outcome, so that whoever decides has decided it; after it returned
2xx it is kept until it was decided too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.documents import OneOf, PendingEvent, Where, every
from chassis.outbox import pending_event
from chassis.vault import Erased
from moodle_bridge.domain.corrections import (
    AnotherLearner,
    CompletionUnknown,
    MoodleCorrection,
    completion_corrected,
    corrected_data,
    correction_id,
    read_correction,
)
from moodle_bridge.domain.deliveries import CorrectionDiffers, recognise
from moodle_bridge.domain.outcomes import DECIDED
from moodle_bridge.ports import (
    AcceptedCompletion,
    AcceptedCorrection,
    Clock,
    Completions,
    Corrections,
    CorrectionState,
    Digest,
    Naming,
    Nudge,
    PersonalData,
    RegisteredPlatform,
)
from schemas.events import CorrectionDecided
from schemas.faults import Conflict, Unavailable
from schemas.values import SealedData

PORTION = 500


@dataclass(frozen=True, slots=True)
class CorrectionReceipt:
    """The correction a delivery is about, by the sender's own id, and how far it has come."""

    correction: UUID
    duplicate: bool
    state: CorrectionState
    effect: str | None
    """What the issuer made of it, once it has."""


class TellCorrections:
    """Tell the corrections that waited until their completions were decided."""

    def __init__(self, completions: Completions, corrections: Corrections, nudge: Nudge) -> None:
        self._completions = completions
        self._corrections = corrections
        self._nudge = nudge

    async def __call__(self, completions: Collection[UUID]) -> None:
        """Those of these completions that have an outcome. Done again it changes nothing. Raises `Unavailable`."""
        where: Where = {
            "completion": OneOf(tuple(sorted(map(str, completions)))),
            "state": CorrectionState.WAITING.value,
        }
        while page := (await self._corrections.find(where, limit=PORTION)).items if completions else ():
            about = await self._completions.get_many({str(waiting.completion) for waiting in page})
            ready = [one for one in page if about[str(one.completion)].fate.state in DECIDED]
            told = [
                one.model_copy(update={"state": CorrectionState.TOLD, "pending": (pending_event(one.event),)})
                for one in ready
            ]
            await self._corrections.replace_many(told)
            self._nudge()
            if len(ready) < len(page) or len(page) < PORTION:
                return


class AcceptCorrection:
    """Store a correction; recognise one that is stored."""

    def __init__(  # noqa: PLR0913 everything it stands on, each by its name
        self,
        completions: Completions,
        corrections: Corrections,
        *,
        naming: Naming,
        personal: PersonalData,
        digest: Digest,
        clock: Clock,
        tell: TellCorrections,
    ) -> None:
        self._completions = completions
        self._corrections = corrections
        self._naming = naming
        self._personal = personal
        self._digest = digest
        self._clock = clock
        self._tell = tell

    async def __call__(self, platform: RegisteredPlatform, body: bytes) -> CorrectionReceipt:
        """Accept a genuine correction.

        Raises `Malformed` for what cannot be read, `CompletionUnknown` and `AnotherLearner`, `CorrectionDiffers` when
        it was accepted with another body, `Unavailable` when nothing could be stored: then it was not accepted.
        """
        said, digest = read_correction(body, self._clock()), self._digest(body)
        completion = self._naming.completion(platform.id, said.episode)
        id_ = str(correction_id(completion, said.id))
        known = await self._corrections.get(id_)
        duplicate = known is not None
        if known is None:
            about = await self._completions.get(str(completion))
            if about is None:
                raise CompletionUnknown("no completion of this episode was accepted: deliver that first")
            beaten = await self._corrections.insert_many([await self._document(platform, said, about, digest)])
            duplicate = bool(beaten)
        # Whoever recorded the outcome meanwhile may have looked for corrections before this one was there.
        await self._tell([completion])
        stored = await self._corrections.get(id_)
        if stored is None:
            raise Conflict("this correction came and went while it was being accepted: deliver it again")
        recognise(stored.digest, digest, CorrectionDiffers)
        return CorrectionReceipt(said.id, duplicate, stored.state, stored.effect)

    async def _document(
        self, platform: RegisteredPlatform, said: MoodleCorrection, about: AcceptedCompletion, digest: str
    ) -> AcceptedCorrection:
        learner = about.event.data.learner
        if said.learner is not None and self._naming.learner(platform.id, said.learner.id) != learner:
            raise AnotherLearner("learner.id: is not the learner of the completion that is corrected")
        now = self._clock()
        event = completion_corrected(said, about.event, await self._sealed(learner, said), now)
        return AcceptedCorrection(
            id=str(event.id),
            completion=event.data.completion,
            platform=platform.id,
            organisation=platform.organisation,
            digest=digest,
            received=now,
            event=event,
            state=CorrectionState.WAITING,
        )

    async def _sealed(self, learner: UUID, said: MoodleCorrection) -> SealedData | None:
        personal = corrected_data(said)
        if personal is None:
            return None
        try:
            (sealed,) = await self._personal.seal_many([(learner, personal.model_dump_json().encode())])
        except Erased:
            return None  # a correction brings nobody back
        return sealed


class RecordDecisions:
    """Remember what the issuer made of corrections."""

    def __init__(self, corrections: Corrections) -> None:
        self._corrections = corrections

    async def __call__(self, decided: Sequence[CorrectionDecided]) -> None:
        """A constant number of round trips. Raises `Unavailable`; then nothing is lost by hearing the same again."""
        effects = {str(event.data.correction): event.data.effect for event in decided}
        known = await self._corrections.get_many(effects)
        raced = await self._corrections.replace_many(
            [
                one.model_copy(update={"state": CorrectionState.DECIDED, "effect": effects[one.id]})
                for one in known.values()
                if one.state is not CorrectionState.DECIDED
            ]
        )
        if raced:
            raise Unavailable("these corrections are being changed elsewhere: hear it again later")


async def every_undecided(corrections: Corrections) -> AsyncIterator[PendingEvent]:
    """What the log must know again after it forgot everything: each correction that was told and not decided."""
    async for stored in every(corrections, {"state": CorrectionState.TOLD.value}):
        yield pending_event(stored.event)
