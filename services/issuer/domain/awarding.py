"""Was a micro-credential earned, and which: an `Award`, or the rule that said no.

Judged as of the moment of completion, never of arrival: an offering that has closed or been retired since takes
nothing away from who completed it before.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import ClassVar
from uuid import UUID

from credentials.formats.same import Same
from schemas import annex1
from schemas.events import AssessmentCompleted, Completion, RefusalReason
from schemas.faults import Refused
from schemas.microcredential import Award, Offering, Organisation, PersonalData, Reaward
from schemas.vocabularies import Concept


@dataclass(frozen=True, slots=True)
class Held:
    """A credential that the learner was awarded for the same offering before."""

    award: UUID
    completed: datetime
    stands: bool
    """False once it was revoked. One that is suspended stands."""
    superseded_by: UUID | None = None


class NotAwarded(Refused):
    """A rule said no. The message is written for the platform that vouched for the completion."""

    reason: ClassVar[RefusalReason]
    reopenable: ClassVar[bool] = False
    """True when the refusal ends with its cause."""

    @property
    def members(self) -> Mapping[str, str]:
        """What a program wants to know besides the message."""
        return {"reason": self.reason.value}


class AssessmentFailed(NotAwarded):
    """The learner did not pass."""

    reason = RefusalReason.ASSESSMENT_FAILED


class OfferingUnknown(NotAwarded):
    """No such offering has been published yet. A race before it is an error: worth waiting for."""

    reason = RefusalReason.OFFERING_UNKNOWN
    reopenable = True


class OrganisationUnknown(OfferingUnknown):
    """The offering's organisation has no key here yet, so that nothing can be sealed in its name."""


class PlatformNotAllowed(NotAwarded):
    """The offering belongs to another organisation, or is not among those the platform may use."""

    reason = RefusalReason.PLATFORM_NOT_ALLOWED
    reopenable = True


class OfferingNotOpen(NotAwarded):
    """The assessment was completed before the offering opened or after it closed."""

    reason = RefusalReason.OFFERING_NOT_OPEN


class OfferingRetired(NotAwarded):
    """The assessment was completed after the offering was retired."""

    reason = RefusalReason.OFFERING_RETIRED


class ElementMissing(NotAwarded):
    """The offering lacks an element that Annex I of Council Recommendation 2022/C 243/02 makes mandatory."""

    reason = RefusalReason.ELEMENT_MISSING


class LearnerErased(NotAwarded):
    """The learner was erased before the decision: nobody is left to award to."""

    reason = RefusalReason.LEARNER_ERASED


class AlreadyAwarded(NotAwarded):
    """The learner has a credential for this offering. Ends when that one is revoked, and somebody asks again."""

    reason = RefusalReason.ALREADY_AWARDED
    reopenable = True


def in_force(versions: Sequence[Offering], at: datetime) -> Offering | None:
    """The version that was published at this moment.

    Who completes before the first publication (the race that makes a completion wait) is judged by the first
    version. None when there is no version at all.
    """
    by_age = sorted(versions, key=lambda offering: (offering.published, offering.version))
    published = [offering for offering in by_age if offering.published <= at]
    return published[-1] if published else (by_age[0] if by_age else None)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day and time so many calendar months later, or the month's last day where it is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def allow(completion: Completion, offering: Offering) -> None:
    """Raise `PlatformNotAllowed` where this platform may not award this offering."""
    platform = completion.platform
    if offering.organisation != platform.organisation:
        raise PlatformNotAllowed(
            f"{offering.id} is offered by {offering.organisation}; platform {platform.id} belongs to"
            f" {platform.organisation}"
        )
    if platform.offerings is not None and offering.id not in platform.offerings:
        raise PlatformNotAllowed(f"platform {platform.id} may not award {offering.id}: it is not on its list")


def require_open(offering: Offering, at: datetime) -> None:
    """Raise `OfferingRetired` or `OfferingNotOpen` where the offering could not be earned at this moment.

    It can be earned from the instant it opens up to and including the instant it closes, and until it is retired.
    """
    if offering.retired is not None and at >= offering.retired:
        raise OfferingRetired(f"{offering.id} was retired on {offering.retired:%Y-%m-%d %H:%M} UTC")
    if offering.opens is not None and at < offering.opens:
        raise OfferingNotOpen(f"{offering.id} opened on {offering.opens:%Y-%m-%d %H:%M} UTC, after the completion")
    if offering.closes is not None and at > offering.closes:
        raise OfferingNotOpen(f"{offering.id} closed on {offering.closes:%Y-%m-%d %H:%M} UTC, before the completion")


def followed(award_id: UUID, completed: datetime, offering: Offering, held: Sequence[Held]) -> tuple[Held, ...]:
    """Which of the learner's earlier credentials this award takes the place of, the oldest first.

    Asked again it is the same answer: what this very award superseded already counts as if it stood. Raises
    `AlreadyAwarded` where the offering is awarded once, or a later completion was awarded before this one arrived.
    """
    if offering.reawarded is Reaward.RENEWABLE:
        return ()
    standing = sorted(
        (one for one in held if one.stands or one.superseded_by == award_id), key=lambda one: (one.completed, one.award)
    )
    if not standing:
        return ()
    latest = standing[-1]
    if offering.reawarded is Reaward.ONCE:
        raise AlreadyAwarded(
            f"{offering.id} is awarded once, and this learner has credential {latest.award} for it, of"
            f" {latest.completed:%Y-%m-%d}"
        )
    if latest.completed > completed:
        raise AlreadyAwarded(
            f"credential {latest.award} for {offering.id} is of a later completion, of {latest.completed:%Y-%m-%d},"
            " and takes the place of this one"
        )
    return tuple(standing)


@lru_cache(maxsize=256)  # each keeps an offering in memory
def as_taken(offering: Same[Offering], supervision: Concept) -> Offering:
    """The offering as it was for a learner whose assessment was supervised like this.

    What the offering promises is not certified of an assessment that was taken otherwise.
    """
    assessments = (one.model_copy(update={"supervision": supervision}) for one in offering.value.assessments)
    return offering.value.model_copy(update={"assessments": tuple(assessments)})


def award(  # noqa: PLR0913 each thing that an award is decided on is a parameter of its own
    award_id: UUID,
    completed: AssessmentCompleted,
    personal: PersonalData | None,
    versions: Sequence[Offering],
    organisation: Organisation | None,
    *,
    held: Sequence[Held] = (),
) -> Award:
    """Decide on an award. Its id comes with the question, so redelivery cannot award twice.

    Args:
        award_id: The identity of this completion's award.
        completed: Who completed what, and when.
        personal: What the completion says about the learner; None when the learner has been erased.
        versions: Every version known of the offering.
        organisation: The platform's organisation, where it has a key here.
        held: What the learner was awarded for this offering before.

    Raises:
        NotAwarded: The subclass names the rule; `OfferingUnknown` is worth waiting for.
    """
    completion = completed.data
    if not completion.passed:
        raise AssessmentFailed("the assessment was completed, and not passed")
    offering = in_force(versions, completed.time)
    if offering is None:
        raise OfferingUnknown(f"no offering {completion.offering} has been published")
    allow(completion, offering)
    if organisation is None:
        raise OrganisationUnknown(f"the organisation {offering.organisation} of {offering.id} is not registered here")
    require_open(offering, completed.time)
    if personal is None:
        raise LearnerErased("the learner's personal data was erased before the decision")
    if missing := annex1.missing(offering, organisation, personal.learner):
        lacking = ", ".join(element.title for element in missing)
        raise ElementMissing(f"{offering.id} version {offering.version} lacks: {lacking}")
    earlier = followed(award_id, completed.time, offering, held)
    months = offering.validity_months
    return Award(
        id=award_id,
        completion=completion.id,
        organisation=organisation,
        offering=as_taken(Same(offering), completion.supervision) if completion.supervision else offering,
        learner=personal.learner,
        grade=personal.grade,
        evidence=personal.evidence,
        completed=completed.time,
        valid_until=None if months is None else months_after(completed.time, months),
        supersedes=earlier[-1].award if earlier else None,
    )
