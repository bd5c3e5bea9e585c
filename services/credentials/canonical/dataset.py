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


# Characters outside XML 1.1's `Char`, and DEL, are written as numbers.
_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)},
    **{ord(character): f"\\{name}" for character, name in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)},
}
_ESCAPED = re.compile("[" + "".join(map(re.escape, map(chr, _ESCAPES))) + "]")


def literal(text: str, datatype: str = XSD + "string", language: str | None = None) -> str:
    """A literal as N-Quads text."""
    quoted = f'"{text.translate(_ESCAPES) if _ESCAPED.search(text) else text}"'
    if language is not None:
        return f"{quoted}@{language}"
    if datatype == XSD + "string":
        return quoted
    return f"{quoted}^^<{datatype}>"
