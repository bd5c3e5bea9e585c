"""Saying again what was already said: to whoever asks again, and to a log that has lost its memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from chassis.documents.port import PendingEvent, Where
from chassis.outbox import pending_event
from issuer.handlers import facts
from issuer.ports import Announcing, Organisations, Outcome, Outcomes
from schemas.events import CredentialState

PAGE = 500


def pending(outcomes: Iterable[Outcome]) -> tuple[PendingEvent, ...]:
    """Everything these outcomes have to tell."""
    return tuple(
        pending_event(event) for outcome in outcomes for event in (*facts.decision(outcome), *facts.status(outcome))
    )


async def say_again(outcomes: Sequence[Outcome], announcing: Announcing) -> None:
    """Announce stored outcomes anew. Confirmed when it returns; raises `Unavailable`."""
    if outcomes:
        await announcing.publish(pending(outcomes))


async def every_organisation(organisations: Organisations) -> AsyncIterator[PendingEvent]:
    """What was ever said about organisations, as it stands now."""
    after = None
    while True:
        page = await organisations.find({}, after=after, limit=PAGE)
        for registered in page.items:
            yield pending_event(facts.registration(registered))
        if (after := page.next) is None:
            return


async def every_status(outcomes: Outcomes) -> AsyncIterator[PendingEvent]:
    """Every credential that does not simply hold, and why."""
    for state in CredentialState:
        if state is CredentialState.ACTIVE:
            continue
        where: Where = {"credential.state": state.value}
        after = None
        while True:
            page = await outcomes.find(where, after=after, limit=PAGE)
            for outcome in page.items:
                for event in facts.status(outcome):
                    yield pending_event(event)
            if (after := page.next) is None:
                break
