"""A credential with the learner's corrected name in place of the one there is, once somebody has compared the two."""

from __future__ import annotations

from pydantic import ValidationError

from chassis.vault import Erased
from issuer.domain.correcting import NothingToReissue
from issuer.handlers import facts
from issuer.handlers.correcting import ReviewCorrections
from issuer.handlers.issuing import IssueCredentials
from issuer.handlers.telling import OpenedCredential, ReadCredential
from issuer.ports import AwardIds, KnownCorrection, Outcome, Outcomes, Vault
from schemas.events import (
    AssessmentCompleted,
    Change,
    CredentialState,
    Platform,
)
from schemas.faults import Conflict, Malformed
from schemas.microcredential import CorrectedData, Learner
from schemas.values import Frozen, SealedData


class Comparison(Frozen):
    """Whom a credential names, and whom the platform says it should name. Personal data."""

    was: Learner
    now: Learner


class ReissueCorrected:
    """Accept corrections of learners' names and identifiers."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        *,
        outcomes: Outcomes,
        read: ReadCredential,
        vault: Vault,
        issue: IssueCredentials,
        review: ReviewCorrections,
        award_id: AwardIds,
    ) -> None:
        self._outcomes = outcomes
        self._read = read
        self._vault = vault
        self._issue = issue
        self._review = review
        self._award_id = award_id

    async def compare(self, known: KnownCorrection) -> Comparison:
        """The two. Raises `NothingToReissue`, `NotFound` and its kind `Erased`."""
        opened, learner = await self._read_both(known)
        return Comparison(was=opened.award.learner, now=learner)

    async def __call__(self, known: KnownCorrection) -> Outcome:
        """The outcome with the new credential; the one before is revoked as superseded, the correction answered.

        Done again it changes nothing, and completes what was begun. Raises as `compare` does, `NothingToReissue` also
        where somebody else revokes or corrects the credential meanwhile, and `Conflict` where it is suspended, or
        something else was answered before.
        """
        said = known.event.data
        id_ = self._award_id(said.platform, said.episode, purpose=f"correction {said.id}")
        opened, learner = await self._read_both(known)
        credential = opened.credential
        if credential.state is CredentialState.SUSPENDED:
            raise Conflict(f"credential {known.award} is suspended: decide that first (reinstate, or revoke it)")
        if credential.state is CredentialState.REVOKED and credential.superseded_by != id_:
            raise NothingToReissue(f"credential {known.award} is revoked")
        answer = f"Reissued as {id_}."
        if known.answer not in {None, answer}:
            raise Conflict(f"correction {known.id} was answered before, with something else")
        award = opened.award.model_copy(update={"id": id_, "learner": learner, "supersedes": known.award})
        await self._issue.correct(_completed(opened.outcome, known), award)
        await self._review.answer(known, answer)
        stored = await self._outcomes.get(str(id_))
        if stored is None:
            raise Conflict("the correction was being accepted elsewhere at the same time: say it again")
        return stored

    async def _read_both(self, known: KnownCorrection) -> tuple[OpenedCredential, Learner]:
        personal = known.event.data.personal
        if known.event.data.change is not Change.LEARNER_CORRECTED or personal is None:
            raise NothingToReissue("this correction is not of a name or an identifier")
        opened = await self._read(known.award)
        return opened, await self._corrected(personal, opened.award.learner)

    async def _corrected(self, personal: SealedData, was: Learner) -> Learner:
        (plain,) = await self._vault.open_many([personal])
        if isinstance(plain, Erased):
            raise plain
        try:
            learner = CorrectedData.model_validate_json(plain).learner
        except ValidationError:
            raise Malformed("what the platform says of the learner cannot be read") from None
        if learner is None:
            raise NothingToReissue("this correction is not of a name or an identifier")
        # The learner's own DID is not the platform's to correct.
        return learner.model_copy(update={"did": was.did})


def _completed(outcome: Outcome, known: KnownCorrection) -> AssessmentCompleted:
    """The completion, as far as it is known here still: enough to write the outcome by."""
    assert known.event.data.personal is not None  # noqa: S101 for the type checker: it was opened before
    return facts.completed(
        outcome.completion,
        at=outcome.completed,
        platform=Platform(id=outcome.platform, organisation=outcome.organisation),
        episode=known.event.data.episode,
        offering=outcome.offering,
        learner=outcome.learner,
        passed=True,
        personal=known.event.data.personal,
        received=outcome.received,
    )
