"""The outline of a document: all of it but the texts and integers that another document of its shape may have instead.

Two documents with one outline differ in those leaves alone, so that what JSON-LD made of one tells what it makes of the
other. Members of some names belong to the outline whole: what `@context` and `type` say decides what the rest means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from credentials.canonical.bounds import MAX_DEPTH
from schemas.values import JsonObject

KEYWORDS = frozenset({
    "@context", "@direction", "@graph", "@included", "@index", "@json", "@language", "@nest", "@none", "@reverse",
    "@type",
})  # fmt: skip
"""Keywords whose values are more than an IRI or a literal."""

MAX_PARTS = 4_000
"""Members and values of an outline."""
INTEGERS = range(-(10**21) + 1, 10**21)
"""Those that JSON-LD writes digit by digit."""


class NoOutline(Exception):  # noqa: N818 named as the faults are; it never leaves this package
    """The document is larger, deeper or stranger than those that outlines are made of."""


class _Mark:
    """What stands where, in an outline; equal to itself only."""

    __slots__ = ()


_OBJECT, _ARRAY, _END, _TEXT, _INTEGER = _Mark(), _Mark(), _Mark(), _Mark(), _Mark()

Part = str | bytes | _Mark
Leaf = str | int


@dataclass(frozen=True, slots=True)
class Outline:
    """A document taken apart."""

    key: tuple[Part, ...]
    """Equal for documents of one shape, and for no others."""
    texts: tuple[str, ...]
    """The leaves that may vary, in their order; integers as their digits."""

    @property
    def size(self) -> int:
        """Characters of the outline itself, and some more: never less than the document has outside its leaves."""
        return sum(len(part) for part in self.key if not isinstance(part, _Mark))


def outline(document: JsonObject, fixed: frozenset[str]) -> Outline:
    """The outline of a document; members named in `fixed` belong to it whole.

    Raises:
        NoOutline: there is none; the document may be sound all the same.
    """
    key: list[Part] = []
    texts: list[str] = []
    if type(document) is not dict:
        raise NoOutline
    try:
        _take_apart(document, fixed, key, texts, MAX_DEPTH)
    except (TypeError, RecursionError) as error:  # what orjson says of values that JSON does not have
        raise NoOutline from error
    return Outline(tuple(key), tuple(texts))


def _take_apart(value: dict[str, Any], fixed: frozenset[str], key: list[Part], texts: list[str], depth: int) -> None:
    """One object: each name, and after it nothing (a text), a mark, or the JSON of what does not vary."""
    if not depth or len(key) > MAX_PARTS:
        raise NoOutline
    for name, below in value.items():
        key.append(name)
        kind = type(below)
        if name in fixed:
            key.append(orjson.dumps(below))
        elif kind is str:
            texts.append(below)
        elif kind is dict:
            key.append(_OBJECT)
            _take_apart(below, fixed, key, texts, depth - 1)
            key.append(_END)
        else:
            _take_other(below, fixed, key, texts, depth)


def _take_other(value: object, fixed: frozenset[str], key: list[Part], texts: list[str], depth: int) -> None:
    kind = type(value)
    if kind is str:
        key.append(_TEXT)
        texts.append(value)  # type: ignore[arg-type] # by its exact type
    elif kind is dict:
        key.append(_OBJECT)
        _take_apart(value, fixed, key, texts, depth - 1)  # type: ignore[arg-type] # as above
        key.append(_END)
    elif kind is list:
        if not depth or len(key) > MAX_PARTS:
            raise NoOutline
        key.append(_ARRAY)
        for below in value:  # type: ignore[attr-defined] # as above
            _take_other(below, fixed, key, texts, depth - 1)
        key.append(_END)
    elif kind is int and value in INTEGERS:
        key.append(_INTEGER)
        texts.append(str(value))
    else:
        key.append(orjson.dumps(value))


def with_leaves(value: Any, fixed: frozenset[str], leaf: Callable[[Leaf], Leaf]) -> Any:  # noqa: ANN401 any JSON
    """The document with other leaves, asked for one by one in the order of `Outline.texts`."""
    if isinstance(value, dict):
        return {
            name: below if name in fixed else with_leaves(below, fixed, leaf)  # as `outline` does
            for name, below in value.items()
        }
    if isinstance(value, list):
        return [with_leaves(below, fixed, leaf) for below in value]
    if type(value) is str or (type(value) is int and value in INTEGERS):
        return leaf(value)
    return value
