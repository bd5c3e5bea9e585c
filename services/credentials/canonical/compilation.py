"""Compiling a template: the whole of JSON-LD once, on a copy whose leaves nobody can guess.

Where a leaf comes out tells what JSON-LD does with any leaf there: it is an IRI, or a literal of one datatype or
language. That holds for what `KEYWORDS` and the contexts accepted here leave: no leaf chooses a context, a type, a
language or a direction; no term stands for a keyword, is coerced to `@vocab` or `@json`, or brings terms of its own but
those of the shipped contexts. See decisions/0003-compiled-templates.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from credentials.canonical.dataset import XSD, is_blank
from credentials.canonical.expansion import inner_contexts
from credentials.canonical.outline import KEYWORDS, Leaf, Outline, with_leaves
from credentials.canonical.rdfc import dataset
from credentials.canonical.rdfc10 import canonical_nquads
from credentials.canonical.template import Blank, EqualHashes, Place, Slot, Template, Term
from credentials.contexts import shipped
from schemas.faults import Malformed
from schemas.values import JsonObject

MAX_QUADS = 1_000
"""Quads of a template: ten times those of a badge that says everything."""

_DEFINITION = {"@id", "@type", "@container"}
_CONTAINERS = ("@language", "@list", "@set")
_INTEGER_DIGITS = 20


class Uncompilable(Exception):  # noqa: N818 named as the faults are; it never leaves this package
    """Nothing can be said of other documents of this outline."""


class WrongTemplate(Exception):  # noqa: N818 as above
    """A template says something else than the whole algorithm: a mistake of ours."""


@cache
def _shipped_names() -> frozenset[str]:
    """Every term that a shipped context defines, by the part that a compact IRI would begin with."""
    contexts = (context for document in shipped().values() for context in inner_contexts(document))
    return frozenset(name.partition(":")[0] for context in contexts for name in context)


@cache
def decisive() -> frozenset[str]:
    """Names of members that are never left to vary: keywords, their other names, and terms coerced to a vocabulary."""
    names = set(KEYWORDS)
    for document in shipped().values():
        for context in inner_contexts(document):
            for term, definition in context.items():
                meaning = definition if isinstance(definition, dict) else {"@id": definition}
                if meaning.get("@id") in KEYWORDS or meaning.get("@type") == "@vocab":
                    names.add(term)
    return frozenset(names)


def compile_template(document: JsonObject, made: Outline, fixed: frozenset[str]) -> Template:
    """The template of a document's outline.

    The document has a canonical form already: what is refused has no template.

    Raises:
        Uncompilable: other documents of this outline may have to be treated otherwise.
        WrongTemplate: the template is wrong about the sentinels.
    """
    if any(isinstance(part, bytes) and b"null" in part for part in made.key):
        raise Uncompilable("null, as which not-a-number is written too")
    reserved = _shipped_names().union(*map(_plain_terms, _contexts(document)))
    sentinels = _Sentinels()
    try:
        quads = dataset(with_leaves(document, fixed, sentinels.next), shipped())
    except Malformed as error:
        raise Uncompilable from error
    if len(quads) > MAX_QUADS:
        raise Uncompilable("too many quads")
    reading = _Reading(sentinels)
    term_quads = [
        (reading.term(q.subject), _constant(reading.term(q.predicate)), reading.term(q.object), reading.term(q.graph))
        for q in sorted(quads)
    ]
    template = Template(reading.slots(), len(reading.blanks), term_quads, reserved)
    with suppress(EqualHashes):
        if template.fill(list(sentinels.numbers)) != canonical_nquads(quads).encode():
            raise WrongTemplate
    return template


def _contexts(document: object) -> Iterator[object]:
    """Every context of a document, wherever it stands."""
    if isinstance(document, dict):
        for name, below in document.items():
            if name == "@context":
                yield from below if isinstance(below, list) else [below]
            else:
                yield from _contexts(below)
    elif isinstance(document, list):
        for below in document:
            yield from _contexts(below)


def _plain_terms(context: object) -> Iterator[str]:
    """The terms of a context that does nothing but name IRIs; of a shipped one, what `_shipped_names` does not have."""
    if isinstance(context, str):
        return
    if not isinstance(context, dict):
        raise Uncompilable("a context that is neither shipped nor an object")
    for term, definition in context.items():
        meaning: dict[str, Any] = definition if isinstance(definition, dict) else {"@id": definition}
        iri, kind, container = meaning.get("@id"), meaning.get("@type", "@id"), meaning.get("@container", "@set")
        if (
            term.startswith("@")
            or not _DEFINITION.issuperset(meaning)
            or not (isinstance(iri, str) and ":" in iri)
            or not (isinstance(kind, str) and (kind == "@id" or ":" in kind))
            or container not in _CONTAINERS
        ):
            raise Uncompilable("a context that does more than to name IRIs")
        yield term.partition(":")[0]


class _Sentinels:
    """Leaves that nobody can guess, and that are IRIs as well as texts."""

    def __init__(self) -> None:
        self._nonce = f"slot-{secrets.token_hex(16)}"
        self._integers: list[str] = []
        self.numbers: dict[str, int] = {}

    def next(self, leaf: Leaf) -> Leaf:
        number = len(self.numbers)
        if isinstance(leaf, str):
            self.numbers[f"{self._nonce}:{number}"] = number
            return f"{self._nonce}:{number}"
        integer: int = 10**_INTEGER_DIGITS + secrets.randbelow(9 * 10**_INTEGER_DIGITS)
        self._integers.append(str(integer))
        self.numbers[str(integer)] = number
        return integer

    def inside(self, text: str) -> bool:
        """Whether one of them is somewhere in a text."""
        return self._nonce in text or any(integer in text for integer in self._integers)


class _Reading:
    """Terms of the sentinels' dataset as terms of a template."""

    def __init__(self, sentinels: _Sentinels) -> None:
        self._sentinels = sentinels
        self._slots: dict[int, Slot] = {}
        self.blanks: dict[str, Blank] = {}

    def term(self, text: str) -> Term:
        if is_blank(text):
            return self.blanks.setdefault(text, Blank(len(self.blanks)))
        leaf, _, suffix = text[1:].partition('"' if text.startswith('"') else ">")
        number = self._sentinels.numbers.get(leaf)
        if number is None or self._sentinels.inside(suffix):
            if self._sentinels.inside(text):
                raise Uncompilable("a leaf becomes a part of a term")
            return text
        if suffix == f"^^<{XSD}double>":
            raise Uncompilable("the text of a double is rewritten")
        slot = Slot(suffix if text.startswith('"') else None)
        if self._slots.setdefault(number, slot) != slot:
            raise Uncompilable("a leaf stands for two terms")
        return Place(number)

    def slots(self) -> list[Slot]:
        if len(self._slots) < len(self._sentinels.numbers):
            raise Uncompilable("a leaf is nowhere in the dataset")
        return [self._slots[number] for number in range(len(self._slots))]


def _constant(predicate: Term) -> str:
    if not isinstance(predicate, str):
        raise Uncompilable("a property varies")
    return predicate


__all__ = ["Uncompilable", "WrongTemplate", "compile_template", "decisive"]
