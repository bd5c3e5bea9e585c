"""RDF datasets as canonical N-Quads terms.

Source: RDF Dataset Canonicalization (RDFC-1.0), section 5 (serialization).
A term is its N-Quads text: `<iri>`, `_:label` or `"literal"…`. Characters are escaped the one way the specification
allows, so that equal terms are equal strings.
"""

from __future__ import annotations

import re
from typing import NamedTuple

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"


class Quad(NamedTuple):
    """A statement; the graph is empty text for the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str = ""

    def line(self) -> str:
        """The quad as a line of N-Quads."""
        graph = f" {self.graph}" if self.graph else ""
        return f"{self.subject} {self.predicate} {self.object}{graph} .\n"


def is_blank(term: str) -> bool:
    """Whether the term is a blank node."""
    return term.startswith("_:")


_NAMED = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
# Characters outside XML 1.1's `Char`, and DEL, are written as numbers.
_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _NAMED.get(character) or f"\\u{ord(character):04X}"


def literal(text: str, datatype: str = XSD + "string", language: str | None = None) -> str:
    """A literal as N-Quads text."""
    quoted = f'"{_ESCAPED.sub(_escape, text)}"'
    if language is not None:
        return f"{quoted}@{language}"
    if datatype == XSD + "string":
        return quoted
    return f"{quoted}^^<{datatype}>"
