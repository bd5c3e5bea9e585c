"""The account: what became of every accepted completion, by its id. Nothing is ever a remainder."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from schemas.events import DIRECT
from schemas.values import Frozen, Instant


class Ending(StrEnum):
    """What a ledger says became of a completion."""

    IN_FLIGHT = "in-flight"
    ISSUED = "issued"
    REFUSED = "refused"
    PARKED = "parked"


class Accepted(Frozen):
    """A line in the bridge's ledger: it answered 2xx for this completion."""

    completion: UUID
    platform: str
    received: Instant
    state: Ending
    """What the bridge has heard of it."""
    overdue: bool = False
    """It has heard nothing for so long that it stopped asking."""


class Intake(Frozen):
    """The bridge's ledger."""

    accepted: tuple[Accepted, ...]
    duplicates: int
    """Deliveries recognised as ones it had already accepted."""
    turned_away: int
    """Deliveries it did not accept."""


class Decided(Frozen):
    """A line in the issuer's ledger."""

    completion: UUID
    award: UUID | None = None
    platform: str
    state: Ending
    reason: str | None = None
    decided: Instant
    replaces: UUID | None = None
    """The award for the same completion that this one corrects."""


class Parked(Frozen):
    """A message that a service set aside."""

    id: str
    service: str
    group: str
    """Which of its subscriptions could not handle it."""
    topic: str
    reason: str
    detail: str
    first_seen: Instant
    last_seen: Instant
    attempts: int
    completion: UUID | None = None
    platform: str | None = None
    offering: str | None = None
    discarded: str | None = None
    """Why an operator gave it up; None while it waits for one."""


class Unanswered(Frozen):
    """An accepted completion that has no outcome."""

    completion: UUID
    platform: str
    received: Instant
    seconds: int
    """How long it has been so."""


DECIDER = "issuer"
"""The service whose parking is an outcome: a completion that the monitor could not show is not thereby undecided."""


class Account(Frozen):
    """`accepted = issued + refused + parked + in flight`, drawn by joining ledgers that know nothing of each other."""

    since: Instant | None
    """Only completions accepted since then; None is all."""
    accepted: int
    direct: int
    """So many of the accepted at a provider's word, which no bridge has seen."""
    issued: int
    refused: int
    parked: int
    in_flight: tuple[UUID, ...]
    """No outcome yet, and the bridge knows it: it will say them again."""
    unaccounted: tuple[UUID, ...]
    """No outcome for longer than the bridge asks, or one it heard of and nobody has. There should never be any."""
    unanswered: tuple[Unanswered, ...]
    """All of these that are in flight or unaccounted for, the oldest first."""
    issued_twice: tuple[UUID, ...]
    """More than one award for one completion, of which none corrects the other. There should never be any."""
    duplicates: int
    turned_away: int

    @property
    def balanced(self) -> bool:
        """True when every accepted completion is accounted for, once."""
        return not self.unaccounted and not self.issued_twice


def draw(
    since: Instant | None, intake: Intake, decided: Iterable[Decided], parked: Iterable[Parked], now: Instant
) -> Account:
    """Join the ledgers by completion. A decision outweighs a parked copy of the same completion."""
    direct: dict[UUID, Accepted] = {}
    awards: dict[UUID, set[UUID | None]] = {}
    refused: set[UUID] = set()
    replaced: set[UUID | None] = set()
    for line in decided:
        replaced |= {line.replaces} - {None}
        if line.platform == DIRECT and (since is None or line.decided >= since):
            direct[line.completion] = Accepted(
                completion=line.completion, platform=DIRECT, received=line.decided, state=line.state
            )
        if line.state is Ending.ISSUED:
            awards.setdefault(line.completion, set()).add(line.award)
        elif line.state is Ending.REFUSED:
            refused.add(line.completion)
    set_aside = {message.completion for message in parked if message.service == DECIDER}

    counts = dict.fromkeys((Ending.ISSUED, Ending.REFUSED, Ending.PARKED), 0)
    in_flight: list[UUID] = []
    unaccounted: list[UUID] = []
    accepted = {entry.completion: entry for entry in intake.accepted} | direct
    for completion, entry in accepted.items():
        if completion in awards:
            counts[Ending.ISSUED] += 1
        elif completion in refused:
            counts[Ending.REFUSED] += 1
        elif completion in set_aside:
            counts[Ending.PARKED] += 1
        elif entry.state is Ending.IN_FLIGHT and not entry.overdue:
            in_flight.append(completion)
        else:
            unaccounted.append(completion)
    return Account(
        since=since,
        accepted=len(accepted),
        direct=len(direct),
        issued=counts[Ending.ISSUED],
        refused=counts[Ending.REFUSED],
        parked=counts[Ending.PARKED],
        in_flight=tuple(in_flight),
        unaccounted=tuple(unaccounted),
        unanswered=tuple(
            Unanswered(
                completion=entry.completion,
                platform=entry.platform,
                received=entry.received,
                seconds=max(0, int((now - entry.received).total_seconds())),
            )
            for entry in sorted((accepted[each] for each in (*in_flight, *unaccounted)), key=lambda one: one.received)
        ),
        issued_twice=tuple(completion for completion in accepted if len(awards.get(completion, set()) - replaced) > 1),
        duplicates=intake.duplicates,
        turned_away=intake.turned_away,
    )
