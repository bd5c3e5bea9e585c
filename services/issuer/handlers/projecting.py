"""What the catalogue tells, kept for deciding: every version of every offering."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.documents.port import OneOf
from issuer.handlers.issuing import IssueCredentials
from issuer.ports import Offerings, PublishedOffering
from schemas.events import OfferingPublished
from schemas.microcredential import OfferingState


class KeepOfferings:
    """Keep what was published, and decide on the completions that waited for it."""

    def __init__(self, offerings: Offerings, issue: IssueCredentials) -> None:
        self._offerings = offerings
        self._issue = issue

    async def __call__(self, published: Sequence[OfferingPublished]) -> None:
        """Told again, or late, it does no harm: a retired version stays retired."""
        newest = {event.data.key: event.data for event in published if event.data.state is OfferingState.PUBLISHED}
        newest |= {event.data.key: event.data for event in published if event.data.state is OfferingState.RETIRED}
        stored = await self._offerings.get_many(newest)
        retired = {key for key, kept in stored.items() if kept.offering.state is OfferingState.RETIRED}
        await self._offerings.put_many(
            [
                PublishedOffering(id=key, offering=offering)
                for key, offering in newest.items()
                if offering.state is OfferingState.RETIRED or key not in retired
            ]
        )
        names = tuple(sorted({offering.id for offering in newest.values()}))
        if names:
            await self._issue.reopen_unknown({"question.data.offering": OneOf(names)})
