"""A report: eight checks, one decision, one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from schemas.events import Decision
from schemas.values import Frozen, Instant
from verifier.domain.verdicts import NOT_ASKED, VERDICTS, CheckId, Code, Policy

Evidence = Mapping[str, str | int | float | bool | tuple[str, ...] | None]


class Outcome(StrEnum):
    """How a check came out."""

    PASS = "pass"  # noqa: S105 - an outcome, not a secret
    WARN = "warn"
    FAIL = "fail"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, before anybody weighs it."""

    check: CheckId
    code: Code
    message: str
    evidence: Evidence = field(default_factory=dict)


def found(code: Code, message: str, **evidence: str | float | bool | tuple[str, ...] | None) -> Finding:
    """A finding of the check that the table says finds it."""
    check = VERDICTS[code].check
    if check is None:
        raise ValueError(f"{code} belongs to no single check")
    return Finding(check, code, message, evidence)


class Told(Frozen):
    """A value that is told to others: camelCase names in JSON."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True
    )


class Check(Told):
    """One check, weighed."""

    id: CheckId
    outcome: Outcome
    code: Code
    message: str
    evidence: dict[str, str | int | float | bool | tuple[str, ...] | None] = Field(default_factory=dict)
    ms: Annotated[float, Field(ge=0)] = 0.0
    """How long it took, in milliseconds."""


class Named(Told):
    """Somebody a credential names."""

    id: str | None = None
    name: str | None = None


class Element(Told):
    """One of the EU standard elements as the credential states it."""

    id: str
    title: str
    """In Annex I's words."""
    values: tuple[str, ...]


class Summary(Told):
    """What the credential says about itself. Only as good as its signature."""

    id: str | None = None
    title: str | None = None
    format: str | None = None
    issuer: Named = Named()
    subject: Named = Named()
    issued: Instant | None = None
    awarded: Instant | None = None
    valid_until: Instant | None = None
    elements: tuple[Element, ...] = ()


class Report(Told):
    """The answer to "is this real, and does it still hold?"."""

    decision: Decision
    sentence: str
    checks: tuple[Check, ...]
    checked_at: Instant
    policy: str
    credential: Summary | None = None

    def check(self, id: CheckId) -> Check:  # noqa: A002 - the field's own name
        """The check of this name."""
        return next(check for check in self.checks if check.id is id)

    @property
    def codes(self) -> tuple[Code, ...]:
        """What did not pass, without what was merely not asked or not reached."""
        return tuple(
            check.code
            for check in self.checks
            if check.outcome is not Outcome.PASS and check.code not in NOT_ASKED and check.code is not Code.NOT_REACHED
        )


_OUTCOMES = {
    Decision.ACCEPT: Outcome.PASS,
    Decision.REVIEW: Outcome.WARN,
    Decision.INDETERMINATE: Outcome.NOT_CHECKED,
    Decision.REJECT: Outcome.FAIL,
}
_OPENINGS = {
    Decision.ACCEPT: "Genuine and currently valid",
    Decision.REVIEW: "Genuine, but needs your judgement",
    Decision.INDETERMINATE: "Could not be fully checked",
    Decision.REJECT: "Do not rely on this",
}


def outcome(code: Code, policy: Policy) -> Outcome:
    """How a check with this finding is shown under a policy."""
    return Outcome.NOT_CHECKED if code in NOT_ASKED else _OUTCOMES[policy.weigh(code)]


def sentence(codes: Sequence[Code], policy: Policy) -> str:
    """The verdict in one sentence: the opening, and what decided it."""
    decision = policy.decide(codes)
    decisive = [code for code in dict.fromkeys(codes) if policy.weigh(code) is decision]
    causes = [VERDICTS[code].because for code in decisive if code is not Code.NOT_REACHED]
    causes = [cause for cause in causes if cause]
    return ": ".join([_OPENINGS[decision], "; ".join(causes)]) if causes else _OPENINGS[decision]
