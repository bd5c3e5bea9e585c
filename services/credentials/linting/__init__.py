"""The linter: which EU standard elements an offering or a credential states, lacks, or states doubtfully.

It reads what is written and verifies nothing: neither the European Learning Model's shapes nor a badge's JSON Schema
hold a credential to Annex I, so "schema-valid" is not "an EU micro-credential". One reader per format brings a document
into a common view (`view.py`); the rules (`rules.py`) are written over that view alone.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from credentials.linting.envelopes import Opened, Unreadable, opened
from credentials.linting.profiles import EU_ANNEX_I, PROFILES, Profile
from credentials.linting.readers import READERS
from credentials.linting.rules import ANNEX_I, Severity, element_of
from credentials.linting.view import ASPECTS_OF, STATED_BY, Statement
from schemas.annex1 import ELEMENTS, Element
from schemas.values import Frozen, JsonObject

MOST_SHOWN = 20
"""Values of one element that a report shows."""


class State(StrEnum):
    """How an element of Annex I stands."""

    PRESENT = "present"
    MISSING = "missing"
    DOUBTFUL = "doubtful"
    ABSENT = "absent"
    """Optional, and not stated."""
    NOT_ASKED = "not-asked"
    """Not for this kind of document to say: an offering names no learner."""


class Finding(Frozen):
    """One thing that is wrong, and where."""

    rule: str
    severity: Severity
    element: str
    """The element of Annex I it is about, else what else it is about."""
    path: str
    """JSONPath, inside the envelope if there is one; of what is missing, where it would stand."""
    message: str
    source: str
    """Where the rule is written."""


class ElementReport(Frozen):
    """How one element stands."""

    id: str
    title: str
    mandatory: bool
    state: State
    values: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


class LintReport(Frozen):
    """The whole answer."""

    kind: str
    """The format it is in."""
    profile: str
    verdict: State
    """`missing` where something is, else `doubtful` where something is, else `present`."""
    elements: tuple[ElementReport, ...]
    findings: tuple[Finding, ...]


def lint(content: bytes | str, *, at: datetime, profile: Profile = EU_ANNEX_I) -> LintReport:
    """The report on a file, judged as of a moment.

    Raises:
        Unreadable: it is nothing that a reader here knows.
        Malformed: it cannot be read at all, or in two ways.
    """
    return lint_opened(opened(content), at=at, profile=profile)


def lint_document(document: JsonObject, *, at: datetime, profile: Profile = EU_ANNEX_I) -> LintReport:
    """As `lint`, of a document that is open."""
    return lint_opened(Opened(document), at=at, profile=profile)


def lint_opened(content: Opened, *, at: datetime, profile: Profile) -> LintReport:
    """As `lint`, of what was in an envelope."""
    reader = next((one for one in READERS if one.recognises(content.document)), None)
    if reader is None:
        known = ", ".join(one.kind for one in READERS)
        raise Unreadable(f"this is none of the kinds that are known here: {known}")
    statement = reader(content.document, content.hidden)
    found = [
        Finding(
            rule=rule.name,
            severity=one.severity,
            element=element_of(one.aspect),
            path=one.path,
            message=one.message,
            source=rule.source,
        )
        for rule in profile.rules
        for one in rule.find(statement, at)
    ]
    findings = tuple(dict.fromkeys(sorted(found, key=_order)))
    severities = {finding.severity for finding in findings}
    verdict = next((State(one) for one in Severity if one in severities), State.PRESENT)
    return LintReport(
        kind=reader.kind,
        profile=profile.name,
        verdict=verdict,
        elements=tuple(_element(element, statement, findings) for element in ELEMENTS),
        findings=findings,
    )


_RANKS = {element.id: rank for rank, element in enumerate(ELEMENTS)}


def _order(finding: Finding) -> tuple[int, int]:
    return list(Severity).index(finding.severity), _RANKS.get(finding.element, len(_RANKS))


def _element(element: Element, statement: Statement, findings: tuple[Finding, ...]) -> ElementReport:
    values = tuple(value for aspect in ASPECTS_OF[element] for value in statement.stated(aspect))
    severities = {finding.severity for finding in findings if finding.element == element.id}
    if not set(STATED_BY[element]) & statement.asked:
        state = State.NOT_ASKED
    elif severities:
        state = State.MISSING if Severity.MISSING in severities else State.DOUBTFUL
    else:
        state = State.PRESENT if values else State.ABSENT
    shown = tuple(dict.fromkeys(value.shown for value in values))[:MOST_SHOWN]
    return ElementReport(
        id=element.id,
        title=element.title,
        mandatory=element.mandatory,
        state=state,
        values=shown,
        paths=tuple(dict.fromkeys(value.path for value in values))[:MOST_SHOWN],
    )


__all__ = [
    "ANNEX_I",
    "EU_ANNEX_I",
    "PROFILES",
    "ElementReport",
    "Finding",
    "LintReport",
    "Profile",
    "Severity",
    "State",
    "Unreadable",
    "lint",
    "lint_document",
]
