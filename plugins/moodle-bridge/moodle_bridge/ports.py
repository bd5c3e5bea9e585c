"""What the bridge keeps, and what it needs from the world.

The stores themselves are `chassis.documents` collections of the documents below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol
from uuid import UUID

from pydantic import Field

from chassis.documents import Collection, Document, Index, Schema
from moodle_bridge.domain.outcomes import Fate, Holding, State
from moodle_bridge.domain.xapi import MappedActivity
from schemas.events import AssessmentCompleted, CompletionCorrected, Effect, Platform
from schemas.values import Frozen, Instant, SealedData, Slug, Text, Url

Clock = Callable[[], datetime]

Nudge = Callable[[], None]
"""Tells the outbox that there is something to publish. Neither blocks nor fails."""


class AcceptedCompletion(Document):
    """A completion the bridge answered 2xx for. Its id is the completion's; personal data in it is sealed."""

    platform: Slug
    organisation: Slug
    digest: str
    """Of the body, under a key of this installation: recognises it, and gives nothing away."""
    received: Instant
    event: AssessmentCompleted
    """Kept, to be told again until there is an outcome."""
    fate: Fate = Fate()
    reopened: bool = False
    """It was told anew after its refusal, which is not answered yet."""
    award: UUID | None = None
    """The award's id, whether there will be one or not; None of what was accepted before this was kept."""
    holding: Holding = Holding()
    """Of the credential, if there is one."""
    push_due: Instant | None = None
    """When the platform is told what became of it; None is told, or asks itself."""
    pushes: int = 0
    """How often telling it failed."""
    repeats: int = 0
    """How often it was told again."""
    due: Instant
    """When it is told again, unless there is an outcome by then."""


class CorrectionState(StrEnum):
    """How far a correction has come."""

    WAITING = "waiting"
    """Until its completion has an outcome: there is nothing yet to be corrected."""
    TOLD = "told"
    DECIDED = "decided"


class HeardHolding(Document):
    """Whether a credential holds of which nobody here knows yet whose it is. Its id is the award's.

    Kept until it is known, or for a while: most are of credentials that never come through the bridge.
    """

    holding: Holding
    heard: Instant
    """When it was first heard of."""


class AcceptedCorrection(Document):
    """A correction the bridge answered 2xx for. Personal data in it is sealed."""

    completion: UUID
    platform: Slug
    organisation: Slug
    digest: str
    received: Instant
    event: CompletionCorrected
    state: CorrectionState
    effect: Effect | None = None
    """What the issuer made of it, once it is decided."""


class SharedSecret(Frozen):
    """A secret the platform signs with, wrapped by the master key."""

    wrapped: bytes
    created: Instant
    expires: Instant | None = None
    """Until when it is good: set when another takes its place."""


class RegisteredPlatform(Document):
    """A learning platform that may deliver. Its id is the platform's."""

    organisation: Slug
    offerings: tuple[Slug, ...] | None = None
    secrets: Annotated[tuple[SharedSecret, ...], Field(min_length=1)]
    """The last one is the newest."""
    enabled: bool = True
    registered: Instant
    activities: tuple[MappedActivity, ...] = ()
    """What its xAPI statements may be about."""
    webhook: Url | None = None
    """Where it is told of outcomes; None asks for them itself."""

    @property
    def platform(self) -> Platform:
        """As it stands in what the bridge tells."""
        return Platform(id=self.id, organisation=self.organisation, offerings=self.offerings)


class Contact(Document):
    """When a platform was last heard of, genuinely. Its id is the platform's."""

    at: Instant
    ahead: float | None
    """How many seconds its clock was ahead of ours then; None where it did not tell its time."""


class Untold(Document):
    """A platform that takes no outcomes, at the moment. Its id is the platform's; gone once it takes one."""

    webhook: Url
    """Where it was to be told."""
    since: Instant
    reason: Text
    """Of the last attempt."""


class KnownStatement(Document):
    """An xAPI statement that was taken for a completion. Its id is made of the platform and the statement's."""

    digest: str
    """Of what makes it this statement, under a key of this installation."""


class Occurrence(StrEnum):
    """What may happen to a delivery besides being accepted."""

    DUPLICATE = "duplicate"
    TURNED_AWAY = "turned-away"


class Tally(Document):
    """So many deliveries met the same end within the same second."""

    occurrence: Occurrence
    reason: str
    platform: Slug | None
    at: Instant
    count: int


COMPLETIONS = Schema(
    "completions",
    AcceptedCompletion,
    indexes=(
        Index(("fate.state", "due")),
        Index(("received",)),
        Index(("organisation", "received")),
        Index(("reopened",)),
        Index(("award",)),
        Index(("push_due",)),
    ),
)
CORRECTIONS = Schema("corrections", AcceptedCorrection, indexes=(Index(("completion", "state")), Index(("state",))))
HEARD_HOLDINGS = Schema("heard_holdings", HeardHolding, indexes=(Index(("heard",)),))
PLATFORMS = Schema("platforms", RegisteredPlatform, indexes=(Index(("organisation",)),))
CONTACTS = Schema("contacts", Contact)
UNTOLD = Schema("untold", Untold)
STATEMENTS = Schema("statements", KnownStatement)
TALLIES = Schema("tallies", Tally, indexes=(Index(("occurrence", "at")),))

Completions = Collection[AcceptedCompletion]
Corrections = Collection[AcceptedCorrection]
HeardHoldings = Collection[HeardHolding]
Platforms = Collection[RegisteredPlatform]
ContactStore = Collection[Contact]
UntoldPlatforms = Collection[Untold]
Statements = Collection[KnownStatement]
TallyStore = Collection[Tally]


class Naming(Protocol):
    """Makes ids: the same for the same thing, for ever, and not to be guessed."""

    def completion(self, platform: str, episode: str) -> UUID:
        """Of what a platform calls by this episode."""
        ...

    def learner(self, platform: str, learner_id: str) -> UUID:
        """Of a platform's learner."""
        ...

    def award(self, platform: str, episode: str) -> UUID:
        """Of what is awarded for it."""
        ...


class PersonalData(Protocol):
    """Where personal data is sealed, under a key per learner."""

    async def seal_many(self, items: Sequence[tuple[UUID, bytes]], *, returning: bool = False) -> Sequence[SealedData]:
        """Sealed, in order. `returning`: also for learners who were erased, under new keys.

        Raises `Erased` where a learner was erased and is not returning, and `Unavailable`.
        """
        ...


class Standing(StrEnum):
    """Where a line of a file stands."""

    ACCEPTED = "accepted"
    """Now."""
    NOT_ACCEPTED = "not-accepted"
    UNREADABLE = "unreadable"
    WOULD_BE_ISSUED = "would-be-issued"
    WOULD_BE_REFUSED = "would-be-refused"
    # It was accepted before, and this became of it.
    IN_FLIGHT = State.IN_FLIGHT.value
    PARKED = State.PARKED.value
    REFUSED = State.REFUSED.value
    ISSUED = State.ISSUED.value


class Prospect(Frozen):
    """A completion that may be told: its facts, without the person."""

    completion: UUID
    platform: Platform
    episode: str
    offering: Slug
    learner: UUID
    passed: bool
    completed: Instant


class Foretold(Frozen, extra="ignore"):
    """What would become of it, or has."""

    prognosis: Standing
    reason: str | None = None
    detail: str | None = None


class Judging(Protocol):
    """Who decides, asked beforehand."""

    async def __call__(self, prospects: Sequence[Prospect]) -> Sequence[Foretold]:
        """What would become of each, in order. Raises `Unavailable`."""
        ...


class Digest(Protocol):
    """Recognises a body without giving it away."""

    def __call__(self, body: bytes) -> str:
        """The same for the same bytes, and not to be made without this installation's secret."""
        ...


class Secrets(Protocol):
    """Makes the platforms' secrets, and keeps them wrapped."""

    def make(self, platform: str) -> tuple[bytes, bytes]:
        """A new secret: plain, and wrapped for this platform."""
        ...

    def unwrap(self, platform: str, wrapped: bytes) -> bytes:
        """The plain secret. Raises `Unavailable` when it cannot be: with the wrong master key, or for another's."""
        ...


class Contacts(Protocol):
    """When platforms were last heard of. Noting neither blocks nor fails."""

    def note(self, platform: str, at: datetime, ahead: float | None) -> None:
        """It was heard of, with its clock so many seconds ahead of ours where it told its time."""
        ...

    async def of(self, platforms: Sequence[str]) -> Mapping[str, Contact]:
        """By platform, of those that were ever heard of. Raises `Unavailable`."""
        ...


class Notify(Protocol):
    """The way to a platform's own address."""

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Taken when it returns. Raises `Unavailable`: refused, redirected, out of reach, or not to be reached."""
        ...


class CountPushes(Protocol):
    """Counts outcomes told to platforms at their own addresses. Neither blocks nor fails."""

    def __call__(self, platform: str, outcomes: int, *, taken: bool) -> None:
        """So many more, taken or not."""
        ...


class Claims(Protocol):
    """Makes claim links."""

    def mint(self, award: UUID, expires: datetime) -> str:
        """A token that leads to the award until then."""
        ...


class Tallies(Protocol):
    """Counts deliveries that were not accepted, or were accepted before. Counting neither blocks nor fails."""

    def count(self, occurrence: Occurrence, reason: str, platform: str | None) -> None:
        """One more. Only platforms that exist are named."""
        ...

    async def total(self, occurrence: Occurrence, since: datetime | None) -> int:
        """How many there were since then, to the second; None is ever. Raises `Unavailable`."""
        ...
