"""What would be decided on a completion, without deciding it."""

from __future__ import annotations

from issuer.domain.awarding import NotAwarded, OfferingUnknown
from issuer.handlers.issuing import IssueCredentials
from issuer.ports import Outcomes
from schemas.events import AssessmentCompleted


class ForeseeIssuance:
    """Tell an operator what a completion would come to."""

    def __init__(self, outcomes: Outcomes, issue: IssueCredentials) -> None:
        self._outcomes = outcomes
        self._issue = issue

    async def __call__(self, completed: AssessmentCompleted) -> str:
        """A sentence; nothing is written. Raises what `IssueCredentials` would for a completion it cannot read."""
        stored = await self._outcomes.get(str(self._issue.identify(completed)))
        if stored is not None and not stored.open:
            return f"it is {stored.state} already: that would be announced again, and nothing issued twice"
        try:
            award = await self._issue.judge(completed)
        except OfferingUnknown as no:
            return f"it would wait for its offering, or be refused once that has taken too long: {no}"
        except NotAwarded as no:
            return f"it would be refused: {no}"
        return f"a credential for {award.offering.id} version {award.offering.version} would be issued"
