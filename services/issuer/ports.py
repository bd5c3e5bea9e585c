"""What the issuer keeps, and what it needs from the world.

The stores themselves are `chassis.documents` collections of the documents below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol, Self
from uuid import UUID

from pydantic import Field, model_validator

from chassis.documents.port import Collection, Document, Index, PendingEvent, Schema
from chassis.vault import Erased
from credentials.issuance_log import Step
from credentials.keys import KeyKind, PublicKey
from issuer.domain.keeping import Basis
from issuer.domain.sealing import Signer, among_suspensions
from schemas.events import (
    AssessmentCompleted,
    CompletionCorrected,
    CredentialState,
    Effect,
    RefusalReason,
    StatusEntry,
)
from schemas.faults import Unavailable
from schemas.microcredential import Offering, Organisation
from schemas.values import Frozen, Instant, SealedData, ShortText, Slug, Text


class OutcomeState(StrEnum):
    """What has become of a completion."""

    WAITING = "waiting"
    """For its offering to appear, until a deadline: still in flight."""
    REFUSED = "refused"
    ISSUED = "issued"


class Refusal(Frozen):
    """Why no credential was issued."""

    reason: RefusalReason
    detail: Text
    reopenable: bool


class StatusSlot(Frozen):
    """One credential's place in a status list: given to nobody else, ever."""

    list: str
    """The id of the list's record: `organisation/number`."""
    index: Annotated[int, Field(ge=0)]

    @property
    def key(self) -> str:
        """The place as one text, unique among all outcomes."""
        return f"{self.list}/{self.index}"

    @property
    def organisation(self) -> str:
        """Whose list it is."""
        return self.list.partition("/")[0]

    @property
    def number(self) -> int:
        """Which of the organisation's lists."""
        return int(self.list.partition("/")[2])


class LogPlace(Frozen):
    """Where a sealed credential stands in its organisation's issuance log."""

    digest: ShortText
    page: Annotated[int, Field(ge=1)]


class SealedCredential(Frozen):
    """A credential as it rests here: its content under the learner's key, its status in the open."""

    offering_version: int
    format: Slug
    proofs: tuple[ShortText, ...]
    sealed: Instant
    valid_until: Instant | None = None
    basis: ShortText
    """The id of the `KeptBasis` that its award was decided on."""
    award: SealedData
    """What is the learner's own in the sealed `Award`: with the basis, what any further format is composed from."""
    document: SealedData
    """The credential itself, deflated: JSON or a token."""
    list: str
    """The id of the status list's record: `organisation/number`."""
    status: StatusEntry
    suspension: StatusEntry | None = None
    """Where a suspension is told; None for one that cannot be suspended."""
    logged: LogPlace | None = None
    """None for what was sealed before there was a log."""
    state: CredentialState = CredentialState.ACTIVE
    told_in: str | None = None
    """The id of its status list while that has to say of it that it does not hold: what the list is read by."""
    reason: Text | None = None
    """Why the state was changed."""
    changed: Instant | None = None
    superseded_by: UUID | None = None
    """The award that took its place."""

    @property
    def places(self) -> tuple[StatusEntry, ...]:
        """Where its state is told, to whichever of its forms."""
        return (self.status,) if self.suspension is None else (self.status, among_suspensions(self.status))


class Outcome(Document):
    """What has become of one completion. Its id is the award's, so that there is never a second one."""

    completion: UUID
    platform: Slug
    organisation: Slug
    """The platform's."""
    offering: Slug
    learner: UUID
    slot: str
    """The credential's place in a status list; without a credential, the outcome's own id. Unique."""
    turn: Annotated[str, Field(default_factory=lambda known: known["id"])]
    """Where the learner has one credential for the offering at a time: how many they were awarded before. Of two that
    are decided at once one is written, and the other decided anew. Elsewhere the outcome's own id."""
    received: Instant
    completed: Instant
    state: OutcomeState
    open: bool = False
    """True while it may be decided (anew): it waits, or its refusal is re-openable."""
    decided: Instant | None = None
    deadline: Instant | None = None
    """Until when it waits."""
    question: AssessmentCompleted | None = None
    """What is to be decided; kept while it is open."""
    refusal: Refusal | None = None
    credential: SealedCredential | None = None
    replaces: UUID | None = None
    """The award for the same completion that this one corrects."""


class KnownCorrection(Document):
    """A correction of a completion, and what the policy made of it. Its id is the correction's."""

    organisation: Slug
    award: UUID
    """Of the completion that is corrected, whether it was ever issued or not."""
    event: CompletionCorrected
    effect: Effect
    detail: Text
    decided: Instant
    open: bool
    """It waits for somebody to look at it."""
    answer: Text | None = None
    """What came of it, in the words of who looked."""
    answered: Instant | None = None


class SealedForm(Document):
    """An award in a further format: as it was sealed when it was first asked for.

    Its id is `award/format/proof`, and a digest of its holder's DID behind that where it is bound to one.
    """

    award: UUID
    organisation: Slug
    format: Slug
    proof: ShortText
    sealed: Instant
    document: SealedData
    logged: LogPlace


class KeptBasis(Document):
    """What awards have in common, kept once. Its id is its digest."""

    basis: Basis


class PublishedOffering(Document):
    """One version of an offering, as the catalogue last told it. Its id is `offering@version`."""

    offering: Offering


class Compromise(Frozen):
    """A key that others may have."""

    since: Instant
    reason: Text
    reported: Instant


class TokenPlace(Frozen):
    """Where a key is that is in a PKCS#11 token."""

    token: ShortText
    """The token's label."""
    id: bytes
    """The key's `CKA_ID`."""


class OrganisationKey(Frozen):
    """A signing key of an organisation."""

    fragment: ShortText
    """Its name in the DID document."""
    multikey: ShortText
    """The public part."""
    wrapped: bytes | None = None
    """The private part, wrapped by the master key; None where a token has it."""
    place: TokenPlace | None = None
    """The token that has it; None where it is here."""
    created: Instant
    compromised: Compromise | None = None

    @model_validator(mode="after")
    def _has_a_private_part_somewhere(self) -> Self:
        if (self.wrapped is None) == (self.place is None):
            raise ValueError("the private part of a key is either here or in a token")
        return self

    @property
    def kind(self) -> KeyKind:
        """What kind of key it is."""
        return PublicKey.from_multikey(self.multikey).kind


class RegisteredOrganisation(Document):
    """An organisation that awards here. Every key it ever signed with stays; it signs with the last of a kind."""

    organisation: Organisation
    keys: Annotated[tuple[OrganisationKey, ...], Field(min_length=1)]

    def newest(self, kind: KeyKind) -> OrganisationKey | None:
        """The key that signs; None where there never was one of this kind."""
        return next((key for key in reversed(self.keys) if key.kind is kind), None)


class Lease(Frozen):
    """Positions of a status list that one issuer process hands out: from `start` up to, not including, `end`."""

    holder: str
    start: int
    end: int
    until: Instant
    """From when on another process may take over what was not used."""


class StatusListRecord(Document):
    """How far a status list has been handed out. Its id is `organisation/number`."""

    organisation: Slug
    number: Annotated[int, Field(ge=1)]
    next: int = 0
    """The first position that was never leased."""
    leases: tuple[Lease, ...] = ()
    leased: bool = False
    """Whether there are any: what it is found by, among all that are full."""

    def leasing(self, leases: tuple[Lease, ...], **changes: int) -> Self:
        """The list with these leases in place of what it had."""
        return self.model_copy(update={"leases": leases, "leased": bool(leases), **changes})


class LogEntry(Frozen):
    """One sealed credential, by hashes alone."""

    credential: ShortText
    award: ShortText


class LogPage(Document):
    """A page of an organisation's issuance log; never changed. Its id is `organisation/number`.

    What its link is made of stands in `credentials.issuance_log`.
    """

    organisation: Slug
    number: Annotated[int, Field(ge=1)]
    at: Instant
    entries: tuple[LogEntry, ...]
    content: ShortText
    previous: ShortText
    shortcut: ShortText

    @property
    def step(self) -> Step:
        """It without its entries."""
        return Step(self.number, self.at, self.content, self.previous, self.shortcut)


class ProtocolStatusList(Document):
    """The status lists of what one key issued by VC-API, for one purpose. Its id is `tenant/key/purpose`."""

    next: int = 0
    """How many places have been given."""
    ended: tuple[int, ...] = ()
    """The places whose bit is set, counted through all lists."""


OUTCOMES = Schema(
    "outcomes",
    Outcome,
    indexes=(
        Index(("completion",)),
        Index(("question.data.offering",), sparse=True),
        Index(("question.data.platform.organisation",), sparse=True),
        Index(("deadline",), sparse=True),
        Index(("decided",)),
        Index(("slot",), unique=True),
        Index(("learner", "offering", "turn"), unique=True),
        Index(("credential.told_in",), sparse=True),
        Index(("credential.changed",), sparse=True),
        Index(("replaces",), sparse=True),
        Index(("credential.logged.digest",)),
    ),
)
CORRECTIONS = Schema(
    "corrections",
    KnownCorrection,
    indexes=(Index(("open", "decided")), Index(("open", "organisation", "decided"))),
)
BASES = Schema("bases", KeptBasis)
FORMS = Schema("forms", SealedForm, indexes=(Index(("award",)), Index(("organisation", "logged.digest"))))
OFFERINGS = Schema("offerings", PublishedOffering, indexes=(Index(("offering.id",)),))
ORGANISATIONS = Schema("organisations", RegisteredOrganisation)
STATUS_LISTS = Schema(
    "status_lists",
    StatusListRecord,
    indexes=(Index(("organisation", "number"), unique=True), Index(("organisation", "leased"))),
)

ISSUANCE_LOG = Schema("issuance_log", LogPage, indexes=(Index(("organisation", "number"), unique=True),))
PROTOCOL_LISTS = Schema("protocol_lists", ProtocolStatusList)

Outcomes = Collection[Outcome]
Corrections = Collection[KnownCorrection]
Bases = Collection[KeptBasis]
Forms = Collection[SealedForm]
Offerings = Collection[PublishedOffering]
Organisations = Collection[RegisteredOrganisation]
StatusListRecords = Collection[StatusListRecord]
LogPages = Collection[LogPage]
ProtocolLists = Collection[ProtocolStatusList]


class Vault(Protocol):
    """Where personal data is sealed and opened, under a key per learner. A constant number of round trips each."""

    async def seal_many(self, items: Sequence[tuple[UUID, bytes]]) -> Sequence[SealedData]:
        """Sealed, in order. Raises `Erased` when a learner has been erased."""
        ...

    async def open_many(self, sealed: Sequence[SealedData]) -> Sequence[bytes | Erased]:
        """What was sealed, in order, or that its learner has been erased."""
        ...


class KeyMissing(Unavailable):
    """The organisation has no key of the kind asked for here; every process makes those it needs when it starts."""


class Keyring(Protocol):
    """Organisations' signing keys; where their private parts are, is its own affair."""

    async def make(self, organisation: str, fragment: str, kind: KeyKind, at: datetime) -> OrganisationKey:
        """A new key. Raises `Unavailable`."""
        ...

    def holds(self, key: OrganisationKey) -> bool:
        """Whether it is this keyring that has the private part."""
        ...

    def signing(self, registered: RegisteredOrganisation, kind: KeyKind) -> Signer:
        """What it signs with: its newest key of this kind. Blocks nobody; the key's `sign` may.

        Raises `KeyMissing` when there is none or another keyring holds it, `Unavailable` when it cannot be had now.
        """
        ...

    async def ping(self) -> None:
        """Raises `Unavailable` when it could not sign now."""
        ...

    async def close(self) -> None:
        """Let go of what it holds open."""
        ...


class StatusSlots(Protocol):
    """Places in status lists."""

    async def take(self, organisation: str, count: int) -> Sequence[StatusSlot]:
        """So many places that nobody else was given."""
        ...

    def give_back(self, slots: Sequence[StatusSlot]) -> None:
        """These were not used, as far as is known: a place that was, after all, is noticed by its unique key."""
        ...

    def mistrust(self, organisation: str) -> None:
        """A place of this organisation turned out to be taken: find out what is free before giving out more."""
        ...


class Superseding(Protocol):
    """Revokes what others take the place of."""

    async def __call__(self, successors: Mapping[UUID, UUID]) -> frozenset[UUID]:
        """By earlier awards, the award that takes the place of each. Done again it changes nothing.

        Returned are those that were revoked for anything else.
        """
        ...


class IssuanceLog(Protocol):
    """What organisations sealed, in pages that are chained to one another."""

    async def append(self, organisation: Organisation, entries: Sequence[LogEntry]) -> Sequence[int]:
        """Written when it returns: the page of each. Raises `Unavailable`."""
        ...

    async def newest(self, organisation: str) -> LogPage | None:
        """The last page; None of an empty log."""
        ...

    async def pages(self, organisation: str, numbers: Sequence[int]) -> Sequence[LogPage]:
        """These pages, in this order. Raises `NotFound`."""
        ...


class Announcing(Protocol):
    """The way to the log for what is decided."""

    async def publish(self, pending: Sequence[PendingEvent]) -> None:
        """Confirmed when it returns; raises `Unavailable`."""
        ...


class SettingAside(Protocol):
    """Where a completion goes that nobody but an operator can help."""

    async def __call__(self, completed: AssessmentCompleted, error: Exception) -> None:
        """Parked when it returns, with the reason."""
        ...


class Clock(Protocol):
    """What time it is."""

    def __call__(self) -> datetime:
        """Now, with its zone."""
        ...


class AwardIds(Protocol):
    """The identity of awards: nobody can guess one, the same episode always has the same."""

    def __call__(self, platform: str, episode: str, purpose: str = "award") -> UUID:
        """The id of the award for this episode of this platform; of another of its awards for another purpose."""
        ...
