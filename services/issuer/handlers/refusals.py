"""What was refused, and deciding on it anew when somebody says that the cause is gone."""

from __future__ import annotations

from uuid import UUID

from chassis.documents.port import Page
from issuer.handlers.issuing import IssueCredentials
from issuer.ports import Outcome, Outcomes, OutcomeState
from schemas.events import RefusalReason
from schemas.faults import Conflict, NotFound


class ReviewRefusals:
    """List refusals, and re-open one."""

    def __init__(self, outcomes: Outcomes, issue: IssueCredentials) -> None:
        self._outcomes = outcomes
        self._issue = issue

    async def page(  # noqa: PLR0913 each may narrow it down
        self,
        organisation: str | None,
        *,
        platform: str | None,
        offering: str | None,
        reason: RefusalReason | None,
        open: bool,  # noqa: A002 the field's own name
        after: str | None,
        limit: int,
    ) -> Page[Outcome]:
        """In the order they were decided; `open`: those that can be re-opened, else those that are final."""
        named = {"organisation": organisation, "platform": platform, "offering": offering, "refusal.reason": reason}
        where = {name: str(value) for name, value in named.items() if value is not None}
        return await self._outcomes.find(
            {**where, "state": OutcomeState.REFUSED.value, "open": open}, order_by="decided", after=after, limit=limit
        )

    async def one(self, award: UUID) -> Outcome:
        """The refusal of this award. Raises `NotFound`."""
        outcome = await self._outcomes.get(str(award))
        if outcome is None or outcome.refusal is None:
            raise NotFound(f"no award {award} was refused")
        return outcome

    async def reopen(self, refused: Outcome) -> Outcome:
        """Decide on it anew, as things stand now; what comes of it is told.

        Raises `Conflict` for a refusal that is final: nothing is kept of it that could be decided on.
        """
        if refused.question is None:
            reason = refused.refusal.reason if refused.refusal else "refused"
            raise Conflict(f"award {refused.id} was refused for good: {reason}")
        await self._issue([refused.question])
        return await self._outcomes.get(refused.id) or refused
