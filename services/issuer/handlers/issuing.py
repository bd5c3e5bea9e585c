"""From completions to outcomes: a credential, a refusal, or some patience."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError

from chassis.documents.port import Range, Where
from chassis.failpoints import failpoint
from chassis.outbox import pending_event
from chassis.retry import AWAY
from chassis.vault import Erased
from credentials.issuance_log import award_digest, digest_of
from issuer.domain.awarding import NotAwarded, OfferingUnknown, followed
from issuer.domain.correcting import NothingToReissue
from issuer.domain.sealing import Seal, SignersByKind, serialised
from issuer.handlers import facts
from issuer.handlers.announcing import say_again
from issuer.handlers.keeping import Content, Contents
from issuer.handlers.knowing import Knowledge, Known, Pair, pair_of
from issuer.ports import (
    Announcing,
    AwardIds,
    Clock,
    IssuanceLog,
    Keyring,
    LogEntry,
    LogPlace,
    Offerings,
    Organisations,
    Outcome,
    Outcomes,
    OutcomeState,
    Refusal,
    SealedCredential,
    SettingAside,
    StatusSlot,
    StatusSlots,
    Superseding,
    Vault,
)
from schemas.events import AssessmentCompleted, RefusalReason, StatusEntry
from schemas.faults import Malformed, Unavailable
from schemas.microcredential import Award, PersonalData, Reaward
from schemas.values import instant_text

_log = structlog.get_logger(__name__)

PAGE = 200
ATTEMPTS = 6
"""So often a batch is decided anew because somebody else was faster, before it is left to a later delivery."""


@dataclass(frozen=True, slots=True)
class Question:
    """A completion to be decided, and what is already known of it."""

    id: str
    """The award's."""
    completed: AssessmentCompleted
    stored: Outcome | None = None
    given: Award | None = None
    """Already decided: it corrects the award that it supersedes."""

    @property
    def pair(self) -> Pair:
        """Who completed what."""
        return pair_of(self.completed)


@dataclass(frozen=True, slots=True)
class Earned:
    """An award that is decided and not yet sealed."""

    question: Question
    award: Award
    signers: SignersByKind
    slot: StatusSlot
    status: StatusEntry
    turn: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be written about a batch."""

    outcomes: Sequence[Outcome]
    unchanged: Sequence[Outcome]
    """Stored refusals that stay as they are."""
    successors: Mapping[UUID, UUID]
    """By earlier awards, the award that takes the place of each."""


class IssueCredentials:
    """Decide on completions, a batch at a time.

    Every completion ends as one outcome document, written once: the sealed credential or the refusal, its place in the
    status list, and the event that tells of it, together. A batch takes a constant number of round trips.
    """

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        *,
        outcomes: Outcomes,
        offerings: Offerings,
        organisations: Organisations,
        vault: Vault,
        contents: Contents,
        keyring: Keyring,
        slots: StatusSlots,
        log: IssuanceLog,
        seal: Seal,
        award_id: AwardIds,
        announcing: Announcing,
        nudge: Callable[[], None],
        set_aside: SettingAside,
        supersede: Superseding,
        clock: Clock,
        status_url: str,
        patience: timedelta,
    ) -> None:
        """Wire it.

        `status_url` is a status list's public address, with `{organisation}` and `{number}` to be filled in; a
        completion waits with `patience` for its offering to appear.
        """
        self._outcomes = outcomes
        self._know = Knowledge(offerings, organisations, outcomes)
        self._vault = vault
        self._contents = contents
        self._keyring = keyring
        self._slots = slots
        self._log = log
        self._seal = seal
        self._award_id = award_id
        self._announcing = announcing
        self._nudge = nudge
        self._set_aside = set_aside
        self._supersede = supersede
        self._clock = clock
        self._status_url = status_url
        self._patience = patience

    async def __call__(self, completed: Sequence[AssessmentCompleted]) -> None:
        """Decide on these. What was decided before is announced again: whoever asks again may have missed it.

        Raises `Malformed` for a completion whose personal data or credential cannot be read or certified (nothing of
        the batch is written then), `Unavailable` when a store or the log is.
        """
        asked = {str(self.identify(event)): event for event in completed}
        stored = await self._outcomes.get_many(asked)
        settled = [outcome for outcome in stored.values() if not outcome.open]
        closed = {outcome.id for outcome in settled}
        questions = [Question(id_, event, stored.get(id_)) for id_, event in asked.items() if id_ not in closed]
        unchanged = await self._settle(questions)
        await say_again([*settled, *unchanged], self._announcing)

    def identify(self, completed: AssessmentCompleted) -> UUID:
        """The award's id: made of platform and episode and nothing else."""
        return self._award_id(completed.data.platform.id, completed.data.episode)

    async def reopen(self, where: Where) -> None:
        """Decide anew on open outcomes: their offering or organisation appeared, or their time is over.

        One that cannot be decided at all is set aside, and keeps no other from being decided.
        """
        after: str | None = None
        while True:
            page = await self._outcomes.find({**where, "open": True}, after=after, limit=PAGE)
            questions = [Question(o.id, o.question, o) for o in page.items if o.question is not None]
            try:
                await self._settle(questions)
            except AWAY:
                raise
            except Exception:  # noqa: BLE001 whose fault it is shows one by one
                await self._settle_one_by_one(questions)
            if (after := page.next) is None:
                return

    async def reopen_unknown(self, where: Where) -> None:
        """Decide anew where an offering, or the organisation behind it, was what lacked.

        No other refusal ends by itself: what was already awarded is not awarded again because that was revoked.
        """
        await self.reopen({**where, "state": OutcomeState.WAITING.value})
        await self.reopen({**where, "refusal.reason": RefusalReason.OFFERING_UNKNOWN.value})

    async def reopen_overdue(self) -> None:
        """Refuse, or after all issue, what has waited until its deadline."""
        now = instant_text(self._clock())
        await self.reopen({"state": OutcomeState.WAITING.value, "deadline": Range(le=now)})

    async def correct(self, completed: AssessmentCompleted, award: Award) -> None:
        """Revoke the award that this one supersedes, and issue this one for the same completion.

        Whatever the offering says of further completions: it is none. Done again it changes nothing, and completes
        what was begun. Raises `NothingToReissue` where the other one is revoked for anything else, or a further
        completion's credential took its place; `Erased`, `Malformed` and `Unavailable`.
        """
        question = Question(str(award.id), completed, given=award)
        if not await self._outcomes.get_many([question.id]):
            await self._settle([question])

    async def judge(self, completed: AssessmentCompleted) -> Award:
        """The award for this completion as things stand. Nothing is written. Raises `NotAwarded`."""
        question = Question(str(self.identify(completed)), completed)
        known = await self._know([completed])
        (personal,) = await self._open([question])
        return known.judge(UUID(question.id), completed, personal)

    async def _settle(self, questions: Sequence[Question]) -> Sequence[Outcome]:
        """Decide and write until nothing is left to decide; refusals that stay as they are stored are returned."""
        return [outcome for wave in _waves(questions) for outcome in await self._settle_wave(wave)]

    async def _settle_wave(self, questions: Sequence[Question]) -> Sequence[Outcome]:
        unchanged: list[Outcome] = []
        for _ in range(ATTEMPTS):
            if not questions:
                return unchanged
            decided = await self._decide(questions)
            unchanged += decided.unchanged
            questions = await self._write({q.id: q for q in questions}, decided)
        raise Unavailable(f"{len(questions)} completions are being decided elsewhere at the same time")

    async def _settle_one_by_one(self, questions: Sequence[Question]) -> None:
        for question in questions:
            try:
                await self._settle([question])
            except AWAY:
                raise
            except Exception as error:  # noqa: BLE001 a mistake with one must not stop the others
                stored = question.stored
                _log.error("completion-stays-open", award=question.id, exc_info=error)
                if stored is not None and stored.deadline is not None:
                    await self._set_aside(question.completed, error)
                    await self._outcomes.replace_many([stored.model_copy(update={"deadline": None})])

    async def _decide(self, questions: Sequence[Question]) -> Decided:
        known = await self._know([question.completed for question in questions])
        opened = await self._open(questions)
        now = self._clock()
        outcomes: list[Outcome] = []
        unchanged: list[Outcome] = []
        awards: list[tuple[Question, Award]] = []
        successors: dict[UUID, UUID] = {}
        for question, personal in zip(questions, opened, strict=True):
            try:
                made = question.given or known.judge(UUID(question.id), question.completed, personal)
                awards.append((question, made))
                successors |= dict.fromkeys(_superseded(question, made, known), made.id)
            except NotAwarded as no:
                outcome = self._no(question, no, now)
                if outcome is not question.stored:
                    outcomes.append(outcome)
                elif outcome.state is OutcomeState.REFUSED:
                    unchanged.append(outcome)
        outcomes += await self._issue(awards, known, now)
        return Decided(outcomes, unchanged, successors)

    async def _open(self, questions: Sequence[Question]) -> Sequence[PersonalData | None]:
        opened = await self._vault.open_many([question.completed.data.personal for question in questions])
        return [_personal(data) for data in opened]

    def _no(self, question: Question, no: NotAwarded, now: datetime) -> Outcome:
        """The outcome of a completion that is not awarded: it waits, or it is refused. The stored one if it stays."""
        stored = question.stored
        if isinstance(no, OfferingUnknown) and (stored is None or stored.state is OutcomeState.WAITING):
            deadline = stored.deadline if stored and stored.deadline else now + self._patience
            if now < deadline:
                return stored or _outcome(question, state=OutcomeState.WAITING, deadline=deadline)
        refusal = Refusal(reason=no.reason, detail=str(no), reopenable=no.reopenable)
        if stored is not None and stored.refusal == refusal and stored.question == question.completed:
            return stored
        return _announcing(_outcome(question, state=OutcomeState.REFUSED, decided=now, refusal=refusal))

    async def _issue(self, awards: Sequence[tuple[Question, Award]], known: Known, now: datetime) -> Sequence[Outcome]:
        if not awards:
            return ()
        taken: list[StatusSlot] = []
        try:
            earned: list[Earned] = []
            for organisation, count in Counter(made.organisation.id for _, made in awards).items():
                taken += await self._slots.take(organisation, count)
            by_organisation = defaultdict(list)
            for slot in taken:
                by_organisation[slot.organisation].append(slot)
            signing = {
                name: {kind: self._keyring.signing(known.organisations[name], kind) for kind in self._seal.kinds}
                for name in by_organisation
            }
            for question, made in awards:
                slot = by_organisation[made.organisation.id].pop()
                signers = signing[made.organisation.id]
                earned.append(Earned(question, made, signers, slot, self._entry(slot), _turn(question, made, known)))
            documents = await asyncio.to_thread(self._seal_all, earned, now)
            kept = await self._contents.keep(
                [
                    (each.question.completed.data.learner, Content(each.award, document))
                    for each, (document, _) in zip(earned, documents, strict=True)
                ]
            )
            logged = await self._log_all([(each, digest) for each, (_, digest) in zip(earned, documents, strict=True)])
        except BaseException:
            self._slots.give_back(taken)
            raise
        return [
            _announcing(
                _outcome(
                    each.question,
                    state=OutcomeState.ISSUED,
                    decided=now,
                    slot=each.slot.key,
                    turn=each.turn,
                    credential=SealedCredential(
                        offering_version=each.award.offering.version,
                        format=self._seal.format.name,
                        proofs=self._seal.proof_names,
                        sealed=now,
                        valid_until=each.award.valid_until,
                        basis=at_rest.basis,
                        award=at_rest.award,
                        document=at_rest.document,
                        list=each.slot.list,
                        status=each.status,
                        suspension=self._seal.suspension(each.status),
                        logged=place,
                    ),
                )
            )
            for each, at_rest, place in zip(earned, kept, logged, strict=True)
        ]

    def _seal_all(self, earned: Sequence[Earned], now: datetime) -> list[tuple[bytes, str]]:
        sealed = [self._seal(each.award, each.status, each.signers, now) for each in earned]
        return [(serialised(each), digest_of(each)) for each in sealed]

    async def _log_all(self, sealed: Sequence[tuple[Earned, str]]) -> Sequence[LogPlace]:
        """Into the log before anywhere else: whatever is ever published was written down there first."""
        places: dict[str, LogPlace] = {}
        by_organisation: defaultdict[str, list[tuple[Earned, str]]] = defaultdict(list)
        for each, digest in sealed:
            by_organisation[each.award.organisation.id].append((each, digest))
        for some in by_organisation.values():
            entries = [LogEntry(credential=digest, award=award_digest(each.award.id)) for each, digest in some]
            pages = await self._log.append(some[0][0].award.organisation, entries)
            for (_, digest), page in zip(some, pages, strict=True):
                places[digest] = LogPlace(digest=digest, page=page)
        return [places[digest] for _, digest in sealed]

    def _entry(self, slot: StatusSlot) -> StatusEntry:
        url = self._status_url.format(organisation=slot.organisation, number=slot.number)
        return StatusEntry(list=url, index=slot.index)

    async def _write(self, asked: Mapping[str, Question], decided: Decided) -> Sequence[Question]:
        """Write these outcomes; what must be decided once more, because it or its place was taken meanwhile.

        What is superseded is revoked first: killed in between, the same decision is taken again (decision 0006).
        """
        outcomes = decided.outcomes
        if not outcomes:
            return ()
        new = [outcome for outcome in outcomes if asked[outcome.id].stored is None]
        changed = [outcome for outcome in outcomes if asked[outcome.id].stored is not None]
        failpoint("issuer.before-write", len(outcomes))
        try:
            if decided.successors:
                gone = await self._supersede(decided.successors)
                _require_standing(asked.values(), gone)
                failpoint("issuer.after-supersede", len(decided.successors))
            lost = await self._outcomes.insert_many(new) if new else frozenset()
            lost |= await self._outcomes.replace_many(changed) if changed else frozenset()
        except (Unavailable, NothingToReissue):
            self._slots.give_back(_slots_of(outcomes))
            raise
        failpoint("issuer.after-write", len(outcomes))
        self._nudge()
        # A waiting record may have been written just after its offering's arrival looked for such records.
        again = [
            Question(outcome.id, asked[outcome.id].completed, outcome)
            for outcome in new
            if outcome.state is OutcomeState.WAITING and outcome.id not in lost
        ]
        if lost:
            again += await self._contested([outcome for outcome in outcomes if outcome.id in lost], asked)
        return again

    async def _contested(self, lost: Sequence[Outcome], asked: Mapping[str, Question]) -> list[Question]:
        """What to ask once more of outcomes that could not be written: another was faster, or has the same place."""
        stored = await self._outcomes.get_many([outcome.id for outcome in lost])
        again: list[Question] = []
        for outcome in lost:
            winner, before = stored.get(outcome.id), asked[outcome.id].stored
            if winner is not None and (before is None or winner.version != before.version):
                self._slots.give_back(_slots_of([outcome]))
            elif outcome.credential is not None:
                self._slots.mistrust(outcome.organisation)
            if winner is None or winner.open:
                again.append(replace(asked[outcome.id], stored=winner))
        return again


def _waves(questions: Sequence[Question]) -> Sequence[Sequence[Question]]:
    """One learner's completions for one offering one after the other, the earliest first; everything else at once."""
    waves: list[list[Question]] = []
    before: Counter[Pair] = Counter()
    for question in sorted(questions, key=lambda question: question.completed.time):
        if before[question.pair] == len(waves):
            waves.append([])
        waves[before[question.pair]].append(question)
        before[question.pair] += 1
    return waves


def _superseded(question: Question, made: Award, known: Known) -> Sequence[UUID]:
    """The earlier awards whose place this one takes. Raises `NothingToReissue`."""
    if made.supersedes is None:
        return ()
    if question.given is None:
        earlier = followed(made.id, made.completed, made.offering, known.held[question.pair])
        return [one.award for one in earlier]
    if made.offering.reawarded is not Reaward.RENEWABLE:
        others = [one for one in known.held[question.pair] if one.stands and one.award != made.supersedes]
        if others:
            raise NothingToReissue(f"credential {others[-1].award}, of another completion, has taken its place")
    return (made.supersedes,)


def _require_standing(asked: Iterable[Question], gone: frozenset[UUID]) -> None:
    """Raise `NothingToReissue` where a correction is of what is revoked for anything else."""
    for question in asked:
        if question.given is not None and question.given.supersedes in gone:
            raise NothingToReissue(f"credential {question.given.supersedes} is revoked")


def _turn(question: Question, made: Award, known: Known) -> str:
    if made.offering.reawarded is Reaward.RENEWABLE:
        return question.id
    return str(len(known.held[question.pair]))


def _slots_of(outcomes: Iterable[Outcome]) -> list[StatusSlot]:
    return [
        StatusSlot(list=outcome.credential.list, index=outcome.credential.status.index)
        for outcome in outcomes
        if outcome.credential is not None
    ]


def _personal(opened: bytes | Erased) -> PersonalData | None:
    if isinstance(opened, Erased):
        return None
    try:
        return PersonalData.model_validate_json(opened)
    except ValidationError as error:
        # The message of a validation error may quote what it found: only the places are told.
        where = ", ".join(".".join(map(str, found["loc"])) for found in error.errors())
        raise Malformed(f"the personal data of the completion cannot be read at: {where}") from None


def _outcome(question: Question, *, state: OutcomeState, **decided: Any) -> Outcome:  # noqa: ANN401 the model validates
    """An outcome in place of the stored one, or the first."""
    completion, stored = question.completed.data, question.stored
    is_open = state is OutcomeState.WAITING or bool(decided.get("refusal") and decided["refusal"].reopenable)
    return Outcome(
        id=question.id,
        version=stored.version if stored else 0,
        pending=stored.pending if stored else (),
        completion=completion.id,
        platform=completion.platform.id,
        organisation=completion.platform.organisation,
        offering=completion.offering,
        learner=completion.learner,
        received=completion.received,
        completed=question.completed.time,
        state=state,
        open=is_open,
        question=question.completed if is_open else None,
        replaces=question.given.supersedes if question.given else None,
        **{"slot": question.id, **decided},
    )


def _announcing(outcome: Outcome) -> Outcome:
    """With the event that tells of it, for the relay to publish."""
    told = tuple(pending_event(event) for event in facts.decision(outcome))
    return outcome.model_copy(update={"pending": (*outcome.pending, *told)})
