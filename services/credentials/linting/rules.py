"""What is held against the common view: rules as values. None of them knows a format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import product
from types import MappingProxyType
from typing import Final, Protocol

from credentials.linting.view import ASPECTS_OF, ELEMENT_OF, STATED_BY, Aspect, Statement, Value
from schemas.annex1 import DATE_OF_ISSUING, ELEMENTS, LEVEL, WORKLOAD, Element
from schemas.durations import read_duration
from schemas.vocabularies import CREDIT_SYSTEMS, EQF_LEVELS, QF_EHEA_CYCLES, Concept

HOURS_PER_ECTS: Final = (25, 30)
"""ECTS Users' Guide 2015, section 2: one credit is 25 to 30 hours of work."""
ECTS: Final = CREDIT_SYSTEMS["ECTS"]

ANNEX_I: Final = "Council Recommendation 2022/C 243/02, Annex I"
ECTS_GUIDE: Final = "ECTS Users' Guide 2015"
ELM: Final = "European Learning Model 3"
XSD: Final = "XML Schema 1.1 part 2, section 3.3.6"
EQF_RECOMMENDATION: Final = "Council Recommendation 2017/C 189/03 (EQF), Annexes II and IV"
RULEBOOK: Final = "EU wallet rulebook for micro-credentials 0.1"


class Severity(StrEnum):
    """How grave a finding is."""

    MISSING = "missing"
    """Something that has to be stated is not."""
    DOUBTFUL = "doubtful"
    """It is stated, and cannot be so, or means something else, or cannot be told."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule has found, at one place."""

    severity: Severity
    path: str
    message: str
    """A sentence."""
    aspect: Aspect | None = None


class Rule(Protocol):
    """Something to hold a statement to."""

    @property
    def name(self) -> str:
        """By which machines know its findings."""
        ...

    @property
    def source(self) -> str:
        """Where it is written."""
        ...

    @property
    def aspect(self) -> Aspect:
        """What it is about."""
        ...

    def find(self, statement: Statement, at: datetime) -> Iterator[Found]:
        """What is wrong with it, as of a moment."""
        ...


@dataclass(frozen=True, slots=True)
class Required:
    """One of these aspects is stated."""

    what: str
    """As a sentence names it."""
    aspects: tuple[Aspect, ...]
    source: str = ANNEX_I

    @property
    def name(self) -> str:
        """`missing-` and the aspect."""
        return f"missing-{self.aspect}"

    @property
    def aspect(self) -> Aspect:
        """The first of them."""
        return self.aspects[0]

    def find(self, statement: Statement, at: datetime) -> Iterator[Found]:  # noqa: ARG002 as every rule is asked
        """Nothing of it is stated; where claims are held back, it may be among them."""
        aspects = [aspect for aspect in self.aspects if aspect in statement.asked]
        if not aspects or any(statement.stated(*aspects)):
            return
        path = next((statement.places[aspect] for aspect in aspects if aspect in statement.places), None)
        if path is None:
            message = f"Nothing states {self.what}, and {statement.kind} has no place for it."
            yield Found(Severity.MISSING, "$", message, self.aspect)
        elif statement.hidden:
            message = f"Nothing shown states {self.what}; it may be among the claims that were not disclosed."
            yield Found(Severity.DOUBTFUL, path, message, self.aspect)
        else:
            yield Found(Severity.MISSING, path, f"Nothing states {self.what}.", self.aspect)


@dataclass(frozen=True, slots=True)
class Each:
    """Every value of these aspects is as it should be."""

    name: str
    aspects: tuple[Aspect, ...]
    wrong: Callable[[Value], str | None]
    """What is wrong with a value, as a sentence."""
    source: str = ELM

    @property
    def aspect(self) -> Aspect:
        """The first of them."""
        return self.aspects[0]

    def find(self, statement: Statement, at: datetime) -> Iterator[Found]:  # noqa: ARG002 as every rule is asked
        """Each value that is not."""
        for aspect in self.aspects:
            for value in statement.stated(aspect):
                if message := self.wrong(value):
                    yield Found(Severity.DOUBTFUL, value.path, message, aspect)


@dataclass(frozen=True, slots=True)
class Whole:
    """What is stated in several places goes together."""

    name: str
    aspect: Aspect
    wrong: Callable[[Statement, datetime], Iterator[Found]]
    source: str = ANNEX_I

    def find(self, statement: Statement, at: datetime) -> Iterator[Found]:
        """Where it does not."""
        return self.wrong(statement, at)


@dataclass(frozen=True, slots=True)
class Within:
    """A number lies in a range, in steps where there are any."""

    aspect: Aspect
    low: float
    high: float
    source: str
    step: float = 0
    unit: str = "hours"

    @property
    def name(self) -> str:
        """`out-of-range-` and the aspect."""
        return f"out-of-range-{self.aspect}"

    def find(self, statement: Statement, at: datetime) -> Iterator[Found]:  # noqa: ARG002 as every rule is asked
        """Each that does not."""
        for value in statement.stated(self.aspect):
            if value.number is None or (self.unit == ECTS.notation and value.concept not in (ECTS, None)):
                continue
            if not self.low <= value.number <= self.high or (self.step and value.number % self.step):
                steps = f" in steps of {self.step:g}" if self.step else ""
                message = f"{value.number:g} {self.unit}: {self.low:g} to {self.high:g}{steps} are asked for."
                yield Found(Severity.DOUBTFUL, value.path, message, self.aspect)


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one value is one of these entries of a code list."""

    aspect: Aspect
    allowed: tuple[Concept, ...]
    source: str

    @property
    def name(self) -> str:
        """`not-allowed-` and the aspect."""
        return f"not-allowed-{self.aspect}"

    def find(self, statement: Statement, at: datetime) -> Iterator[Found]:  # noqa: ARG002 as every rule is asked
        """None is, though something is stated."""
        values = tuple(statement.stated(self.aspect))
        if values and not any(value.concept in self.allowed for value in values):
            wanted = " or ".join(concept.label for concept in self.allowed)
            message = f"{values[0].shown} is stated; {wanted} is asked for."
            yield Found(Severity.DOUBTFUL, values[0].path, message, self.aspect)


@dataclass(frozen=True, slots=True)
class Including:
    """These texts are all among the values."""

    aspect: Aspect
    texts: frozenset[str]
    source: str

    @property
    def name(self) -> str:
        """`incomplete-` and the aspect."""
        return f"incomplete-{self.aspect}"

    def find(self, statement: Statement, at: datetime) -> Iterator[Found]:  # noqa: ARG002 as every rule is asked
        """Some are not."""
        lacking = self.texts - {value.text for value in statement.stated(self.aspect)}
        if lacking and self.aspect in statement.asked:
            path = statement.places.get(self.aspect, "$")
            yield Found(Severity.MISSING, path, f"The {self.aspect} lack {', '.join(sorted(lacking))}.", self.aspect)


@dataclass(frozen=True, slots=True)
class Levels:
    """The EQF level is one of the usual ones, or, with credits in a range, one of the others."""

    usual: tuple[str, ...]
    with_credits: tuple[str, ...]
    credits: tuple[float, float]
    source: str
    name: str = "not-allowed-eqf-level"
    aspect: Aspect = Aspect.EQF

    def find(self, statement: Statement, at: datetime) -> Iterator[Found]:  # noqa: ARG002 as every rule is asked
        """It is not."""
        low, high = self.credits
        credited = any(low <= value.number <= high for value in statement.stated(Aspect.CREDITS) if value.number)
        allowed = self.usual + (self.with_credits if credited else ())
        for value in statement.stated(Aspect.EQF):
            level = value.concept
            if level is not None and level.code not in allowed:
                message = (
                    f"EQF level {level.code}: {' or '.join(self.usual)} is asked for, "
                    f"or {' or '.join(self.with_credits)} with {low:g} to {high:g} ECTS."
                )
                yield Found(Severity.DOUBTFUL, value.path, message, Aspect.EQF)


# Single values


def _calendar(value: Value) -> str | None:
    span = read_duration(value.name) if value.name else None
    if span is None or not span.is_calendar:
        return None
    meant = f" PT{span.months}H is {span.months} hours, which may be what was meant." if span.months else ""
    return f"A workload of {value.name} is {span}: a time on the calendar, not hours of work.{meant}"


def _not_positive(value: Value) -> str | None:
    return f"{value.text} is no workload." if value.number is not None and value.number <= 0 else None


def _unknown(value: Value) -> str | None:
    if value.list is None or value.name is None or value.concept is not None:
        return None
    called = (value.label or value.text).casefold()
    same = next((entry for entry in value.list if entry.label.casefold() == called), None)
    hint = f" {entry_of(same)} is there." if same else ""
    return f"{value.name[:120]} is not in the list of {value.list.name}.{hint}"


def entry_of(concept: Concept) -> str:
    """An entry of a code list as a sentence names it."""
    return f"{concept.uri} ({concept.label})"


def _mislabelled(value: Value) -> str | None:
    concept = value.concept
    if concept is None or value.label is None or _words(value.label) == _words(concept.label):
        return None
    listed = value.list.name if value.list else "its list"
    return f"{concept.code} is called {value.label[:120]!r} here; in the list of {listed} it is {concept.label!r}."


def _words(label: str) -> list[str]:
    return re.findall(r"\w+", label.casefold())


def _untyped(value: Value) -> str | None:
    if value.name is not None or value.list is None:
        return None
    return f"It does not say which of the {value.list.name} it is: {value.shown}."


def _no_system(value: Value) -> str | None:
    return f"{value.text} are stated, and no credit system they count in." if value.name is None else None


def _no_esco(value: Value) -> str | None:
    uri = value.name or value.text
    return None if uri.startswith("http://data.europa.eu/esco/") else f"{uri[:120]} is no address in ESCO."


# Several values


def _contradictory_workload(statement: Statement, _at: datetime) -> Iterator[Found]:
    low, high = HOURS_PER_ECTS
    credits_ = [value for value in statement.stated(Aspect.CREDITS) if value.number and value.concept == ECTS]
    for hours, points in product([one for one in statement.stated(Aspect.HOURS) if one.number], credits_[:1]):
        count, ects = hours.number or 0, points.number or 0
        if not low * ects <= count <= high * ects:
            message = (
                f"{count:g} hours do not go with {ects:g} ECTS: "
                f"one credit is {low} to {high} hours, so {low * ects:g} to {high * ects:g}."
            )
            yield Found(Severity.DOUBTFUL, hours.path, message, Aspect.HOURS)


_CYCLES: Mapping[Concept, Concept] = MappingProxyType(
    {
        QF_EHEA_CYCLES[cycle]: EQF_LEVELS[level]
        for cycle, level in (("short-cycle", "5"), ("first-cycle", "6"), ("second-cycle", "7"), ("third-cycle", "8"))
    }
)
"""The EQF level that each cycle is compatible with."""


def _contradictory_level(statement: Statement, _at: datetime) -> Iterator[Found]:
    levels = {value.concept: value for value in statement.stated(Aspect.EQF) if value.concept}
    if len(levels) > 1:
        said = " and ".join(sorted(level.code for level in levels))
        yield Found(
            Severity.DOUBTFUL, list(levels.values())[-1].path, f"It is of EQF levels {said} at once.", Aspect.EQF
        )
    for cycle in statement.stated(Aspect.CYCLE):
        wanted = _CYCLES.get(cycle.concept) if cycle.concept else None
        if wanted and levels and wanted not in levels:
            said = " and ".join(level.code for level in levels)
            message = f"{cycle.shown} of the QF-EHEA is EQF level {wanted.code}, and EQF level {said} is stated."
            yield Found(Severity.DOUBTFUL, cycle.path, message, Aspect.CYCLE)


def _unscaled(statement: Statement, _at: datetime) -> Iterator[Found]:
    for value in statement.stated(Aspect.UNSCALED_GRADE):
        message = f"The grade {value.shown!r} stands without the scale that it is read on."
        yield Found(Severity.DOUBTFUL, value.path, message, Aspect.GRADE)


def _stackable_where(statement: Statement, _at: datetime) -> Iterator[Found]:
    if Aspect.PART_OF not in statement.places or any(statement.stated(Aspect.PART_OF)) or statement.hidden:
        return
    for value in statement.stated(Aspect.STACKABLE):
        if value.name == "true":
            message = "It is stackable, and nothing says towards what."
            yield Found(Severity.DOUBTFUL, value.path, message, Aspect.STACKABLE)


_NAMES = frozenset({Aspect.LEARNER_NAME, Aspect.GIVEN_NAME, Aspect.FAMILY_NAME, Aspect.AWARDING_BODY, Aspect.GRADE})
"""Written in the language they are in."""


def _not_in_primary_language(statement: Statement, _at: datetime) -> Iterator[Found]:
    primary = statement.primary_language
    if primary is None:
        return
    for aspect, values in statement.values.items():
        for value in values:
            if value.languages is None or aspect in _NAMES or _has(value.languages, primary):
                continue
            there = ", ".join(sorted(value.languages)[:5])
            message = f"The {aspect} is in {there} and not in {primary}, the primary language."
            severity = Severity.MISSING if aspect is Aspect.TITLE else Severity.DOUBTFUL
            yield Found(severity, value.path, message, aspect)


def _has(languages: Mapping[str, str], wanted: str) -> bool:
    main = wanted.casefold().partition("-")[0]
    return any(tag.casefold().partition("-")[0] == main for tag in languages)


def _date(text: str) -> datetime | date | None:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def _dated(statement: Statement, at: datetime) -> Iterator[Found]:
    for value in statement.stated(Aspect.ISSUED):
        said = _date(value.text)
        if said is None:
            message = f"{value.shown!r} is no date."
        elif isinstance(said, datetime) and said.tzinfo is None:
            message = f"{value.shown} has no time zone."
        elif said > (at if isinstance(said, datetime) else at.date()):
            message = f"{value.shown} is in the future."
        else:
            continue
        yield Found(Severity.DOUBTFUL, value.path, message, Aspect.ISSUED)


def _odd(statement: Statement, _at: datetime) -> Iterator[Found]:
    aspects = {place: aspect for aspect, place in statement.places.items()}
    for value in statement.odd:
        bare = re.sub(r"\[[0-9]+\]", "", value.path)
        aspect = Aspect(value.name) if value.name else next((aspects[p] for p in aspects if bare.startswith(p)), None)
        message = value.text[:1].upper() + value.text[1:300].rstrip(".") + "."
        yield Found(Severity.DOUBTFUL, value.path, message, aspect)


_WITHOUT_NAMES: Final = {
    DATE_OF_ISSUING: "the date of issuing",
    LEVEL: "a level: EQF, national framework or QF-EHEA cycle",
    WORKLOAD: "a workload, in hours or credits",
}


def _what(element: Element) -> str:
    return _WITHOUT_NAMES.get(element, f"the {element.title[0].lower()}{element.title[1:]}")


_CODED: Final = (
    Aspect.COUNTRY, Aspect.CREDITS, Aspect.EQF, Aspect.CYCLE, Aspect.ASSESSMENT, Aspect.PARTICIPATION, Aspect.QUALITY,
    Aspect.SUPERVISION, Aspect.FIELD,
)  # fmt: skip

ANNEX_I_RULES: Final[tuple[Rule, ...]] = (
    *(Required(_what(element), STATED_BY[element]) for element in ELEMENTS if element.mandatory),
    Whole("not-in-primary-language", Aspect.TITLE, _not_in_primary_language),
    Whole("date", Aspect.ISSUED, _dated, RULEBOOK + ", MC-IR-03"),
    Each("workload-on-the-calendar", (Aspect.HOURS,), _calendar, XSD),
    Each("workload-not-positive", (Aspect.HOURS, Aspect.CREDITS), _not_positive, RULEBOOK + ", MC-IR-06"),
    Each("credits-without-system", (Aspect.CREDITS,), _no_system, ANNEX_I),
    Whole("workload-contradictory", Aspect.HOURS, _contradictory_workload, ECTS_GUIDE),
    Whole("level-contradictory", Aspect.EQF, _contradictory_level, EQF_RECOMMENDATION),
    Each("type-not-said", (Aspect.ASSESSMENT, Aspect.QUALITY), _untyped, ANNEX_I),
    Each("not-in-code-list", _CODED, _unknown),
    Each("label-differs", _CODED, _mislabelled),
    Each("skill-not-in-esco", (Aspect.SKILLS,), _no_esco, RULEBOOK + ", MC-IR-05"),
    Whole("grade-without-scale", Aspect.GRADE, _unscaled, RULEBOOK + ", MC-IR-04"),
    Whole("stackable-towards-nothing", Aspect.STACKABLE, _stackable_where, RULEBOOK + ", MC-IR-07"),
    Whole("unreadable-value", Aspect.TYPES, _odd),
)
"""The EU standard elements, and what is commonly wrong with them."""


def element_of(aspect: Aspect | None) -> str:
    """The element of Annex I an aspect belongs to, else the aspect itself."""
    element = ELEMENT_OF.get(aspect) if aspect else None
    return element.id if element else str(aspect or "document")


__all__ = [
    "ANNEX_I",
    "ANNEX_I_RULES",
    "ASPECTS_OF",
    "Each",
    "Found",
    "Including",
    "Levels",
    "OneOf",
    "Required",
    "Rule",
    "Severity",
    "Whole",
    "Within",
    "element_of",
]
