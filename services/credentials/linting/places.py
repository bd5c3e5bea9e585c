"""Ways through a JSON document that remember where they are, and what may be taken from a place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from credentials.linting.view import SHOWN, Aspect, Value
from schemas.durations import read_duration
from schemas.values import JsonObject
from schemas.vocabularies import CREDIT_SYSTEMS, QF_EHEA_CYCLES, Vocabulary

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,4})?\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z")


class Odd(Exception):  # noqa: N818 not an error of ours: what stands there is of the wrong kind
    """What stands at a place is not what belongs there; the message completes "it is …"."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value, and where it stands."""

    value: Any
    path: str = "$"
    root: JsonObject = field(default_factory=dict, repr=False)
    """The whole document."""

    def down(self, *names: str) -> Iterator[Place]:
        """Every place reached by these names; arrays are walked through on the way, and at the end."""
        if isinstance(self.value, list):
            for index, below in enumerate(self.value):
                yield from Place(below, f"{self.path}[{index}]", self.root).down(*names)
        elif not names:
            if self.value is not None:
                yield self
        elif isinstance(self.value, dict) and names[0] in self.value:
            yield from Place(self.value[names[0]], self.path + step(names[0]), self.root).down(*names[1:])

    def first(self, *names: str) -> Place | None:
        """The first of them."""
        return next(self.down(*names), None)


def step(name: str) -> str:
    """One step of a JSONPath."""
    return f".{name}" if _PLAIN.match(name) else f"[{json.dumps(name)}]"


How = Callable[[Place], Value | None]
"""Takes a value from a place; None where there is nothing of interest. Raises `Odd`."""


def _what(value: object) -> str:
    names = {dict: "an object", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "something else")


def text(place: Place) -> Value | None:
    """A text, or one in several languages."""
    value = place.value
    if isinstance(value, str):
        return Value(place.path, value) if value.strip() else None
    if isinstance(value, dict):
        if value and all(_LANGUAGE.match(tag) and isinstance(said, str) for tag, said in value.items()):
            if not any(said.strip() for said in value.values()):
                return None
            shown = next(
                (said for tag, said in value.items() if tag.lower().startswith("en")), next(iter(value.values()))
            )
            return Value(place.path, shown, languages=value)
        raise Odd("an object, where a text or texts by language belong")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Value(place.path, str(value))
    raise Odd(f"{_what(value)}, where a text belongs")


def plain(place: Place) -> Value | None:
    """A text in one language."""
    if not isinstance(place.value, str):
        raise Odd(f"{_what(place.value)}, where a text belongs")
    return Value(place.path, place.value) if place.value.strip() else None


def present(place: Place) -> Value | None:
    """Anything at all."""
    value = place.value
    named = value.get("id") if isinstance(value, dict) else value
    return Value(place.path, str(named)[:SHOWN] if isinstance(named, str | int | float) else "stated")


def flag(place: Place) -> Value | None:
    """True or false."""
    if not isinstance(place.value, bool):
        raise Odd(f"{_what(place.value)}, where true or false belongs")
    return Value(place.path, "stackable" if place.value else "standalone", name=str(place.value).lower())


def english(labels: object) -> str | None:
    """The English text of a language map."""
    said = labels.get("en") if isinstance(labels, dict) else None
    return said if isinstance(said, str) else None


def named(place: Place) -> tuple[str, str | None]:
    """The URI a concept has, and its English label: of a node, or of a bare URI."""
    if isinstance(place.value, str):
        return place.value, None
    if isinstance(place.value, dict) and isinstance(place.value.get("id"), str):
        return place.value["id"], english(place.value.get("prefLabel"))
    raise Odd(f"{_what(place.value)} without an id, where an entry of a code list belongs")


def concept(vocabulary: Vocabulary) -> How:
    """An entry of a code list, by its URI."""

    def take(place: Place) -> Value:
        uri, label = named(place)
        return Value(place.path, label or uri, list=vocabulary, name=uri, label=label)

    return take


def any_concept(place: Place) -> Value | None:
    """An entry of some list that is not kept here."""
    uri, label = named(place)
    return Value(place.path, label or uri, name=uri)


def coded(vocabulary: Vocabulary) -> How:
    """An entry of a code list, by any of the names it goes by."""

    def take(place: Place) -> Value:
        if not isinstance(place.value, str | int) or isinstance(place.value, bool):
            raise Odd(f"{_what(place.value)}, where a code belongs")
        return Value(place.path, str(place.value), list=vocabulary, name=str(place.value))

    return take


def duration(place: Place) -> Value | None:
    """A span of time as XSD writes it."""
    if not isinstance(place.value, str):
        raise Odd(f"{_what(place.value)}, where a duration belongs")
    span = read_duration(place.value)
    if span is None:
        raise Odd(f"{place.value[:40]!r}, which is no duration (125 hours are PT125H)")
    hours = span.in_hours
    return Value(place.path, str(span), name=place.value, number=float(hours) if hours is not None else None)


def number(value: object) -> float:
    """A number, also one written as text. Raises `Odd`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        return float(value.strip().replace(",", "."))
    raise Odd(
        f"{value[:40]!r}, which is no number" if isinstance(value, str) else f"{_what(value)}, where a number belongs"
    )


def credit(path: str, points: float, system: str | None) -> Value:
    """Credit points of a system: by its URI, or another of its names."""
    value = Value(path, "", list=CREDIT_SYSTEMS, name=system, number=points)
    unit = value.concept.notation if value.concept else "credits"
    return replace(value, text=f"{points:g} {unit}")


def cycle(path: str, name: str, label: str | None = None) -> Value:
    """A cycle of the QF-EHEA. Nobody keeps a list of them: one is known by our own URI, or by what it is called."""
    called = (label or name).casefold().replace(" ", "-").removeprefix("qf-ehea-")
    known = next((one for one in QF_EHEA_CYCLES if one.uri == name or one.code == called), None)
    return Value(path, label or name, list=QF_EHEA_CYCLES if known else None, name=known.uri if known else name)


def hours(place: Place) -> Value | None:
    """A number of hours."""
    count = number(place.value)
    return Value(place.path, f"{count:g} hours", number=count)


@dataclass(frozen=True, slots=True)
class Row:
    """Where a format states an aspect, and how it is taken from there."""

    aspect: Aspect
    path: str
    """Names with dots between them, from the root; arrays need no mention."""
    how: How = text

    @property
    def names(self) -> tuple[str, ...]:
        """The steps of the path."""
        return tuple(self.path.split(".")) if self.path else ()


def survey(document: JsonObject, rows: Iterable[Row]) -> tuple[dict[Aspect, tuple[Value, ...]], tuple[Value, ...]]:
    """Everything the rows find, and what stands where something else belongs."""
    values: dict[Aspect, list[Value]] = {}
    odd: list[Value] = []
    for row in rows:
        for place in Place(document, root=document).down(*row.names):
            try:
                value = row.how(place)
            except Odd as why:
                odd.append(Value(place.path, f"it is {why}", name=row.aspect))
                continue
            if value is not None:
                values.setdefault(row.aspect, []).append(value)
    return {aspect: _once(found) for aspect, found in values.items()}, tuple(dict.fromkeys(odd))


def _once(values: Sequence[Value]) -> tuple[Value, ...]:
    return tuple({(value.path, value.text, value.name): value for value in values}.values())
