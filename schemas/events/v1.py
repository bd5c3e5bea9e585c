"""Version 1 of every event. Released: never rewritten; what changes goes into a later module."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from schemas.events.envelope import Event
from schemas.microcredential import Offering, Organisation
from schemas.values import Frozen, Instant, SealedData, ShortText, Slug, Text, Url
from schemas.vocabularies import SupervisionVerification


class Platform(Frozen):
    """The learning platform that vouches for a completion, and what it may award."""

    id: Slug
    organisation: Slug
    offerings: tuple[Slug, ...] | None = None
    """The offerings it may use; None is all of its organisation's."""


class TriggerKind(StrEnum):
    """What in the learning platform led to the completion."""

    COURSE = "course"
    ACTIVITY = "activity"
    COMPETENCY = "competency"


class Trigger(Frozen):
    """Which course, activity or competency was completed, by the platform's own id."""

    kind: TriggerKind
    id: ShortText


class Override(StrEnum):
    """What a teacher set by hand, where the platform would have reckoned."""

    GRADE = "grade"
    COMPLETION = "completion"


class Completion(Frozen):
    """An assessment was completed: passed or not."""

    id: UUID
    platform: Platform
    episode: ShortText
    """The platform's own name for this one completion; the same episode is the same completion."""
    offering: Slug
    trigger: Trigger
    passed: bool
    attempt: Annotated[int, Field(ge=1)] | None = None
    previous: UUID | None = None
    """The completion by which this learner reached the same before, where the platform says so."""
    overrides: Annotated[tuple[Override, ...], Field(min_length=1)] | None = None
    """None is that nothing was set by hand, or that the platform does not say."""
    supervision: SupervisionVerification | None = None
    """How this one was supervised, and whether it was known who took it; None is as the offering says."""
    learner: UUID
    """Opaque: the same learner of the same platform, always."""
    personal: SealedData
    """A sealed `PersonalData`."""
    received: Instant


class AssessmentCompleted(Event):
    """A learner completed an assessment; `time` is when."""

    minor: ClassVar[int] = 1
    type: Literal["laurel.assessment.completed.v1"] = "laurel.assessment.completed.v1"
    data: Completion

    @property
    def key(self) -> str:
        """One learner's completions stay in order."""
        return str(self.data.learner)


class ParkedCompletion(Frozen):
    """A completion that could not be decided, and why."""

    completion: UUID
    platform: Slug | None = None
    reason: ShortText
    detail: Text


class CompletionParked(Event):
    """A completion was set aside for an operator; nobody publishes it again until they decide."""

    type: Literal["laurel.completion.parked.v1"] = "laurel.completion.parked.v1"
    data: ParkedCompletion


class Change(StrEnum):
    """What changed in the platform after it vouched for a completion. What that means is the issuer's policy."""

    GRADE_CHANGED = "grade-changed"
    """The grade is another one; `passed` says whether it still passes."""
    COMPLETION_WITHDRAWN = "completion-withdrawn"
    """The course was reset, its criteria were unlocked, or the activity counts as not completed any more."""
    COMPLETION_RESTORED = "completion-restored"
    """What was withdrawn counts as completed again."""
    LEARNER_UNENROLLED = "learner-unenrolled"
    LEARNER_DELETED = "learner-deleted"
    LEARNER_CORRECTED = "learner-corrected"
    """A name, the e-mail address or an identifier is another one."""


class Correction(Frozen):
    """The platform says something else than it said in a completion."""

    id: UUID
    completion: UUID
    platform: Slug
    organisation: Slug
    episode: ShortText
    """The platform's own name for the completion."""
    offering: Slug
    change: Change
    passed: bool | None = None
    learner: UUID
    personal: SealedData | None = None
    """A sealed `CorrectedData`."""
    received: Instant


class CompletionCorrected(Event):
    """Something changed about a completion that was told before, and decided; `time` is when the platform noticed."""

    type: Literal["laurel.completion.corrected.v1"] = "laurel.completion.corrected.v1"
    data: Correction

    @property
    def key(self) -> str:
        """One learner's corrections stay in order."""
        return str(self.data.learner)


class Effect(StrEnum):
    """What a correction leads to, by the issuer's policy."""

    NOTHING = "nothing"
    REVIEW = "review"
    """Somebody should look at it."""
    SUSPENSION = "suspension"
    """The credential does not hold until somebody has looked at it."""
    REISSUE = "reissue"
    """A credential with the corrected name is to take the place of this one, once somebody has looked at it."""


class DecidedCorrection(Frozen):
    """What the issuer made of a correction."""

    correction: UUID
    completion: UUID
    award: UUID
    platform: Slug
    organisation: Slug
    offering: Slug
    change: Change
    effect: Effect
    detail: Text


class CorrectionDecided(Event):
    """The issuer's policy was applied to a correction."""

    type: Literal["laurel.correction.decided.v1"] = "laurel.correction.decided.v1"
    data: DecidedCorrection


class OfferingPublished(Event):
    """An offering's full state: published, changed, or retired."""

    minor: ClassVar[int] = 1
    type: Literal["laurel.offering.published.v1"] = "laurel.offering.published.v1"
    data: Offering


class OrganisationRegistered(Event):
    """An organisation awards micro-credentials here: its DID, its names, since when."""

    type: Literal["laurel.organisation.registered.v1"] = "laurel.organisation.registered.v1"
    data: Organisation


class StatusEntry(Frozen):
    """Where a credential's status can be looked up. Source: Bitstring Status List 1.0, section 2.1."""

    list: Url
    index: Annotated[int, Field(ge=0)]


class IssuedCredential(Frozen):
    """A credential exists, sealed; nothing in here names the person."""

    award: UUID
    completion: UUID
    platform: Slug
    organisation: Slug
    offering: Slug
    offering_version: int
    learner: UUID
    format: Slug
    proofs: tuple[ShortText, ...]
    status: StatusEntry
    valid_until: Instant | None = None
    replaces: UUID | None = None
    """The award for the same completion that this one corrects, and that is revoked. Since 1.1."""
    received: Instant
    """When the bridge accepted the completion."""


class CredentialIssued(Event):
    """A micro-credential was awarded and sealed; `time` is when it was sealed."""

    minor: ClassVar[int] = 1
    type: Literal["laurel.credential.issued.v1"] = "laurel.credential.issued.v1"
    data: IssuedCredential


class RefusalReason(StrEnum):
    """Why no credential was issued."""

    ASSESSMENT_FAILED = "assessment-failed"
    OFFERING_UNKNOWN = "offering-unknown"
    OFFERING_RETIRED = "offering-retired"
    OFFERING_NOT_OPEN = "offering-not-open"
    PLATFORM_NOT_ALLOWED = "platform-not-allowed"
    ELEMENT_MISSING = "element-missing"
    LEARNER_ERASED = "learner-erased"
    ALREADY_AWARDED = "already-awarded"


class RefusedIssuance(Frozen):
    """A rule said no, and which."""

    award: UUID
    completion: UUID
    platform: Slug
    offering: Slug
    reason: RefusalReason
    detail: Text
    reopenable: bool
    """True when the refusal ends with its cause: the offering appears, the platform is allowed."""
    received: Instant


class IssuanceRefused(Event):
    """No credential was issued for a completion, and this is why."""

    minor: ClassVar[int] = 1
    type: Literal["laurel.issuance.refused.v1"] = "laurel.issuance.refused.v1"
    data: RefusedIssuance


class CredentialState(StrEnum):
    """Whether a credential holds."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class ChangedStatus(Frozen):
    """A credential's state after the change."""

    award: UUID
    organisation: Slug
    state: CredentialState
    reason: Text
    status: StatusEntry
    also: tuple[StatusEntry, ...] = ()
    """Where the same is told besides: to other forms of the credential, or of another of its states. Since 1.1."""

    @property
    def places(self) -> tuple[StatusEntry, ...]:
        """Everywhere it is told."""
        return (self.status, *self.also)


class CredentialStatusChanged(Event):
    """A credential was revoked, suspended or reinstated; the status list says so already."""

    minor: ClassVar[int] = 1
    type: Literal["laurel.credential.status-changed.v1"] = "laurel.credential.status-changed.v1"
    data: ChangedStatus


class Decision(StrEnum):
    """The verdict on a credential, by rising precedence from the end."""

    REJECT = "reject"
    INDETERMINATE = "indeterminate"
    REVIEW = "review"
    ACCEPT = "accept"


class Verification(Frozen):
    """A verification happened. Counts only: neither the credential nor the person."""

    decision: Decision
    codes: tuple[ShortText, ...] = ()
    """Codes of the checks that did not pass."""
    format: ShortText | None = None
    organisation: Slug | None = None
    """The issuer, where it is one of ours."""
    milliseconds: Annotated[float, Field(ge=0)]
    """What it took; on average, where several are told together."""
    times: Annotated[int, Field(ge=1)] = 1
    """How many ended alike within a moment, and are told together."""


class CredentialVerified(Event):
    """Somebody asked whether a credential is genuine and still holds."""

    minor: ClassVar[int] = 1

    type: Literal["laurel.credential.verified.v1"] = "laurel.credential.verified.v1"
    data: Verification
