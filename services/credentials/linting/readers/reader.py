"""What every reader is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from credentials.linting.places import Row, survey
from credentials.linting.view import Aspect, Statement, Value
from schemas.values import JsonObject

EVERYTHING = frozenset(Aspect)


@dataclass(frozen=True, slots=True)
class Reader:
    """A format's way into the common view, as a value."""

    kind: str
    """The format, as a reader knows it."""
    recognises: Callable[[JsonObject], bool]
    rows: tuple[Row, ...]
    primary_language: Callable[[JsonObject], str | None] = lambda _: None
    asked: frozenset[Aspect] = EVERYTHING
    meant: Callable[[JsonObject], JsonObject] = lambda document: document
    """The document without what only looks like a statement."""
    strict: Callable[[JsonObject], tuple[Value, ...]] = lambda _: ()
    """What else is odd about it, by the strict rules of whoever works with this format here."""

    def __call__(self, document: JsonObject, hidden: int = 0) -> Statement:
        """What the document states. Whatever stands in it, there is an answer."""
        values, odd = survey(self.meant(document), self.rows)
        return Statement(
            kind=self.kind,
            values=values,
            places=self._places(),
            asked=self.asked,
            primary_language=self.primary_language(document),
            odd=odd + tuple(value for value in self.strict(document) if value.path not in {one.path for one in odd}),
            hidden=hidden,
        )

    def _places(self) -> Mapping[Aspect, str]:
        """The first row of each aspect."""
        return {row.aspect: ".".join(["$", *row.names]) for row in reversed(self.rows)}


def types(document: JsonObject) -> frozenset[str]:
    """The types of a credential."""
    said = document.get("type", document.get("@type"))
    return frozenset(one for one in (said if isinstance(said, list) else [said]) if isinstance(one, str))
