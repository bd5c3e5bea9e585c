"""Saying again what was already said: to whoever asks again, and to a log that has lost its memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from chassis.documents.port import PendingEvent, Range, Where, every
from chassis.outbox import pending_event
from issuer.handlers import facts
from issuer.ports import Announcing, Organisations, Outcome, Outcomes


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
    async for registered in every(organisations, {}):
        yield pending_event(facts.registration(registered))


async def every_replacement(outcomes: Outcomes) -> AsyncIterator[PendingEvent]:
    """Every credential that corrects another: whoever asks about a completion hears of the first alone."""
    correcting: Where = {"replaces": Range(ge="")}
    async for outcome in every(outcomes, correcting, order_by="replaces"):
        for event in facts.decision(outcome):
            yield pending_event(event)


async def every_status(outcomes: Outcomes) -> AsyncIterator[PendingEvent]:
    """The state of every credential that did not simply hold from the beginning, and why."""
    changed: Where = {"credential.changed": Range(ge="")}
    async for outcome in every(outcomes, changed, order_by="credential.changed"):
        for event in facts.status(outcome):
            yield pending_event(event)
