"""What a correction leads to: a table of values. Whoever runs the house may put others in their place.

What the platform says of the achievement itself is looked at by somebody, and a credential whose assessment is no
longer passed does not hold until then. What only concerns the course or the account (it was reset, the learner left)
takes nothing away from what was achieved. A further completion is no correction: see `domain.awarding.followed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from schemas.events import Change, CredentialState, Effect, RefusalReason
from schemas.faults import Refused


class NothingToReissue(Refused):
    """The correction has no corrected learner, or there is no credential any more that could be replaced."""


class Case(StrEnum):
    """What was corrected, as far as policies tell cases apart."""

    FAILS_NOW = "fails-now"
    """The assessment a credential was issued for is no longer passed."""
    PASSES_STILL = "passes-still"
    """The grade is another one, and passes as before."""
    PASSES_AFTER_ALL = "passes-after-all"
    """It was refused as not passed."""
    COMPLETION_WITHDRAWN = "completion-withdrawn"
    COMPLETION_RESTORED = "completion-restored"
    LEARNER_UNENROLLED = "learner-unenrolled"
    LEARNER_DELETED = "learner-deleted"
    LEARNER_CORRECTED = "learner-corrected"


Policy = Mapping[Case, Effect]

POLICY: Policy = MappingProxyType(
    {
        Case.FAILS_NOW: Effect.SUSPENSION,
        Case.PASSES_STILL: Effect.REVIEW,
        Case.PASSES_AFTER_ALL: Effect.REVIEW,
        Case.COMPLETION_WITHDRAWN: Effect.NOTHING,
        Case.COMPLETION_RESTORED: Effect.NOTHING,
        Case.LEARNER_UNENROLLED: Effect.NOTHING,
        Case.LEARNER_DELETED: Effect.NOTHING,
        Case.LEARNER_CORRECTED: Effect.REISSUE,
    }
)

_SAYS = {
    Case.FAILS_NOW: "the assessment is no longer passed",
    Case.PASSES_STILL: "the grade is another one, and passes as before",
    Case.PASSES_AFTER_ALL: "the assessment was refused as not passed, and is passed now",
    Case.COMPLETION_WITHDRAWN: "the completion was withdrawn",
    Case.COMPLETION_RESTORED: "the completion was restored",
    Case.LEARNER_UNENROLLED: "the learner is no longer enrolled",
    Case.LEARNER_DELETED: "the learner's account was deleted",
    Case.LEARNER_CORRECTED: "the learner's name, address or identifier is another one",
}
_ENDS_A_DOUBT = frozenset({Case.PASSES_STILL, Case.COMPLETION_RESTORED})
_OPEN = frozenset({Effect.REVIEW, Effect.SUSPENSION, Effect.REISSUE})


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of the completion that is corrected."""

    credential: CredentialState | None
    """None where there is none."""
    refused: RefusalReason | None = None
    open: bool = False
    """Without a credential: there may still be one, as the completion was told."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a correction leads to, and why, in words for operators."""

    effect: Effect
    detail: str

    @property
    def open(self) -> bool:
        """True when somebody should look at it."""
        return self.effect in _OPEN

    def instead(self, effect: Effect, because: str) -> Decision:
        """Another effect, where the policy's own cannot be had."""
        return Decision(effect, f"{self.detail}; {because}")


def policy(changes: Policy) -> Policy:
    """The table with these values in place of its own.

    Raises `ValueError` for a re-issue of what has no corrected name, or a suspension of what was never issued.
    """
    for case, effect in changes.items():
        if effect is Effect.REISSUE and case is not Case.LEARNER_CORRECTED:
            raise ValueError(f"{case} cannot lead to {effect}: there is nothing to issue anew")
        if effect is Effect.SUSPENSION and case is Case.PASSES_AFTER_ALL:
            raise ValueError(f"{case} cannot lead to {effect}: there is no credential")
    return MappingProxyType({**POLICY, **changes})


def decide(change: Change, standing: Standing, policy: Policy, *, passed: bool | None) -> Decision:
    """What this change leads to, of a completion of which this became.

    Without a credential, or with one that is revoked, there is nothing to take back; one that may still be issued is
    looked at where it would be wrong. What may end the doubt for which a credential was suspended is looked at too,
    whatever the policy says.
    """
    case = _case(change, standing, passed=passed)
    if case is None and standing.open and (change is Change.LEARNER_CORRECTED or passed is False):
        return Decision(Effect.REVIEW, "there is no credential, and there may still be one, of what was told first")
    if case is None:
        return Decision(Effect.NOTHING, "there is no credential that this could change")
    if standing.credential is CredentialState.REVOKED:
        return Decision(Effect.NOTHING, f"{_SAYS[case]}; the credential is revoked already")
    if standing.credential is CredentialState.SUSPENDED and case in _ENDS_A_DOUBT:
        return Decision(Effect.REVIEW, f"{_SAYS[case]}; the credential is suspended: is that still right?")
    return Decision(policy[case], _SAYS[case])


def _case(change: Change, standing: Standing, *, passed: bool | None) -> Case | None:
    if standing.credential is None:
        after_all = change is Change.GRADE_CHANGED and passed and standing.refused is RefusalReason.ASSESSMENT_FAILED
        return Case.PASSES_AFTER_ALL if after_all else None
    if change is Change.GRADE_CHANGED:
        return Case.PASSES_STILL if passed else Case.FAILS_NOW
    return Case(change.value)
