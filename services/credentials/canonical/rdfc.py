"""The canonical form of what a JSON-LD document means.

Source: JSON-LD 1.1 Processing Algorithms, section 8 (to RDF), and RDFC-1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import rfc8785

from credentials.canonical.bounds import NotJson
from credentials.canonical.dataset import RDF, XSD, Quad, literal
from credentials.canonical.expansion import POISON_BASE, expand, path_of
from credentials.canonical.faults import RelativeIri, Unprotected
from credentials.canonical.rdfc10 import canonical_nquads
from credentials.contexts import Contexts, shipped
from schemas.values import JsonObject

_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]*')
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_DOUBLE = re.compile(r"(\d)0*E\+?(-)?0*(\d)")
_LARGEST_INTEGER = 10**21
"""From here on JSON-LD writes integers as doubles."""


def rdfc(document: JsonObject, *, contexts: Contexts | None = None) -> bytes:
    """The canonical N-Quads of a JSON-LD document, UTF-8: the same for all documents that mean the same.

    Raises:
        Malformed: see `expansion.expand`; nothing of the document is ever dropped.
    """
    return canonical_nquads(dataset(document, contexts or shipped())).encode()


def dataset(document: JsonObject, contexts: Contexts) -> set[Quad]:
    """The quads that a JSON-LD document means; its blank nodes are named as they come.

    Raises:
        Malformed: see `expansion.expand`; nothing of the document is ever dropped.
    """
    return _Dataset(document).quads(expand(document, contexts))


class _Dataset:
    """Collects the quads of an expanded document."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self.found: set[Quad] = set()
        self.labels: dict[str, str] = {}
        self.fresh = 0

    def quads(self, expanded: Iterable[dict[str, Any]]) -> set[Quad]:
        for node in expanded:
            self.node(node, "")
        return self.found

    def blank(self, label: str | None = None) -> str:
        if label is not None and label in self.labels:
            return self.labels[label]
        self.fresh += 1
        name = f"_:b{self.fresh}"
        if label is not None:
            self.labels[label] = name
        return name

    def iri(self, iri: str | None) -> str:
        if iri is None:  # PyLD's expansion of what merely looks like a keyword
            raise RelativeIri("an identifier that begins with @ is none")
        if iri.startswith("_:"):
            return self.blank(iri)
        if iri.startswith(POISON_BASE.partition(":")[0]):
            relative = iri.removeprefix(POISON_BASE)
            raise RelativeIri(f"{relative[:200]!r} at {path_of(self.document, relative)} is no absolute IRI")
        if not _IRI.fullmatch(iri):
            raise RelativeIri(f"{iri[:200]!r} at {path_of(self.document, iri)} is no IRI")
        return f"<{iri}>"

    def node(self, node: dict[str, Any], graph: str) -> str:
        """Section 7.3 and 8.1, in one pass: the statements about a node, and the term that names it."""
        subject = self.iri(node["@id"]) if "@id" in node else self.blank()
        for key, values in node.items():
            if key == "@id":
                continue
            if key == "@type":
                for name in values:
                    self.found.add(Quad(subject, f"<{RDF}type>", self.iri(name), graph))
            elif key == "@graph":
                for member in values:
                    self.node(member, subject)
            elif key.startswith("@"):
                raise Unprotected(f"{key} can be changed without breaking a signature")
            else:
                predicate = self.iri(key)
                if not predicate.startswith("<"):
                    raise RelativeIri(f"a blank node cannot be a property: {key}")
                for value in values:
                    self.found.add(Quad(subject, predicate, self.value(value, graph), graph))
        return subject

    def value(self, value: dict[str, Any], graph: str) -> str:
        if "@value" in value:
            return self.literal(value)
        if "@list" in value:
            return self.list(value["@list"], graph)
        return self.node(value, graph)

    def list(self, members: list[dict[str, Any]], graph: str) -> str:
        """Section 8.3."""
        rest = f"<{RDF}nil>"
        for member in reversed(members):
            cell = self.blank()
            self.found.add(Quad(cell, f"<{RDF}first>", self.value(member, graph), graph))
            self.found.add(Quad(cell, f"<{RDF}rest>", rest, graph))
            rest = cell
        return rest

    def literal(self, value: dict[str, Any]) -> str:
        """Section 8.2.2; a base direction becomes part of the datatype (`rdfDirection: i18n-datatype`)."""
        if "@index" in value:
            raise Unprotected("@index can be changed without breaking a signature")
        native, datatype, language = value["@value"], value.get("@type"), value.get("@language")
        if datatype == "@json":
            try:
                return literal(rfc8785.dumps(native).decode(), RDF + "JSON")
            except rfc8785.CanonicalizationError as error:
                raise NotJson(str(error)) from None
        if language is not None and not _LANGUAGE.fullmatch(language):
            raise RelativeIri(f"{language[:80]!r} is no language tag")
        if datatype is not None:
            self.iri(datatype)
        if "@direction" in value:
            return literal(native, f"https://www.w3.org/ns/i18n#{language or ''}_{value['@direction']}")
        if isinstance(native, bool):
            return literal("true" if native else "false", datatype or XSD + "boolean")
        if isinstance(native, int | float):
            return _number(native, datatype)
        if datatype == XSD + "double":
            return literal(_double_text(native), datatype)
        return literal(native, datatype or XSD + "string", language)


def _number(number: float, datatype: str | None) -> str:
    if datatype != XSD + "double" and number == int(number) and abs(number) < _LARGEST_INTEGER:
        return literal(str(int(number)), datatype or XSD + "integer")
    return literal(_canonical_double(number), datatype or XSD + "double")


def _canonical_double(number: float) -> str:
    """The canonical lexical form: `2.5E0`."""
    return _DOUBLE.sub(r"\1E\2\3", f"{float(number):1.15E}")


def _double_text(text: str) -> str:
    try:
        return _canonical_double(float(text))
    except (ValueError, OverflowError):
        return text
