"""A report: eight checks, one decision, one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from schemas.events import Decision
from schemas.values import Instant, JsonObject, instant_text
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


_AS_TOLD: Final = ConfigDict(alias_generator=to_camel, validate_by_name=True, extra="forbid")
"""How the schema of what is told to machines is described: with names as `told` writes them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check, weighed."""

    __pydantic_config__: ClassVar = _AS_TOLD

    id: CheckId
    outcome: Outcome
    code: Code
    message: str
    evidence: Evidence = field(default_factory=dict)
    ms: Annotated[float, Field(ge=0)] = 0.0
    """How long it took, in milliseconds."""

    def told(self) -> JsonObject:
        """As it is told to machines."""
        return {
            "id": self.id,
            "outcome": self.outcome,
            "code": self.code,
            "message": self.message,
            "evidence": self.evidence,
            "ms": self.ms,
        }


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a credential names."""

    __pydantic_config__: ClassVar = _AS_TOLD

    id: str | None = None
    name: str | None = None

    def told(self) -> JsonObject:
        """As it is told to machines."""
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class Element:
    """One of the EU standard elements as the credential states it."""

    __pydantic_config__: ClassVar = _AS_TOLD

    id: str
    title: str
    """In Annex I's words."""
    values: tuple[str, ...]

    def told(self) -> JsonObject:
        """As it is told to machines."""
        return {"id": self.id, "title": self.title, "values": self.values}


@dataclass(frozen=True, slots=True)
class Summary:
    """What the credential says about itself. Only as good as its signature."""

    __pydantic_config__: ClassVar = _AS_TOLD

    id: str | None = None
    title: str | None = None
    format: str | None = None
    issuer: Named = Named()
    subject: Named = Named()
    issued: Instant | None = None
    awarded: Instant | None = None
    valid_until: Instant | None = None
    elements: tuple[Element, ...] = ()

    def told(self) -> JsonObject:
        """As it is told to machines."""
        return {
            "id": self.id,
            "title": self.title,
            "format": self.format,
            "issuer": self.issuer.told(),
            "subject": self.subject.told(),
            "issued": _moment(self.issued),
            "awarded": _moment(self.awarded),
            "validUntil": _moment(self.valid_until),
            "elements": [element.told() for element in self.elements],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to "is this real, and does it still hold?"."""

    __pydantic_config__: ClassVar = _AS_TOLD

    decision: Decision
    sentence: str
    checks: tuple[Check, ...]
    checked_at: Instant
    policy: str
    credential: Summary | None = None

    def told(self) -> JsonObject:
        """As it is told to machines: names in camelCase, moments to the millisecond."""
        return {
            "decision": self.decision,
            "sentence": self.sentence,
            "checks": [check.told() for check in self.checks],
            "checkedAt": instant_text(self.checked_at),
            "policy": self.policy,
            "credential": self.credential.told() if self.credential else None,
        }

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


def weighed(finding: Finding, policy: Policy, milliseconds: float = 0.0) -> Check:
    """The finding as it weighs under a policy, and how long it took."""
    return Check(
        finding.check,
        outcome(finding.code, policy),
        finding.code,
        finding.message,
        finding.evidence,
        round(milliseconds, 3),
    )


@lru_cache(maxsize=500)
def verdict(codes: tuple[Code, ...], policy: Policy) -> tuple[Decision, str]:
    """The decision, and in one sentence: the opening, and what decided it."""
    decision = policy.decide(codes)
    decisive = [code for code in dict.fromkeys(codes) if policy.weigh(code) is decision]
    causes = [VERDICTS[code].because for code in decisive if code is not Code.NOT_REACHED]
    causes = [cause for cause in causes if cause]
    return decision, ": ".join([_OPENINGS[decision], "; ".join(causes)]) if causes else _OPENINGS[decision]


def _moment(moment: datetime | None) -> str | None:
    return instant_text(moment) if moment else None
