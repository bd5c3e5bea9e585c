"""A canonical form with places to fill in: for any leaves, what the whole algorithm would have written.

A template is the canonical dataset of one outline. Which quads there are does not depend on the leaves; only their
terms, the names of the blank nodes and the order of the lines do. RDFC-1.0 (https://www.w3.org/TR/rdf-canon/, 4.4.3)
names blank nodes whose first degree hashes are unique in the order of these hashes, and that is done here. Where two
hashes are equal, the quads are filled in and the whole algorithm is run on them.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from credentials.canonical.bounds import MAX_CHARACTERS
from credentials.canonical.dataset import Quad, literal
from credentials.canonical.expansion import POISON_BASE
from credentials.canonical.rdfc10 import canonical_nquads

MAX_FIXED_CHARACTERS = 100_000
"""Characters of the largest outline with a template; its leaves may have what is left of `MAX_CHARACTERS`."""

_POISON = POISON_BASE.partition(":")[0]
_IRI = re.compile(rf"(?!{_POISON})([A-Za-z][A-Za-z0-9+.-]*):[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
"""Absolute IRIs of RFC 3986's characters; everything else is left to the whole algorithm."""


class Outside(Exception):  # noqa: N818 named as the faults are; it never leaves this package
    """A leaf is outside what is proven; the document may be sound all the same."""


class EqualHashes(Exception):  # noqa: N818 as above
    """Two blank nodes have the same first degree hash, or two quads have become one."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a leaf stands in the dataset: as an IRI, or in a literal followed by its datatype or language."""

    suffix: str | None
    """None for an IRI."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank node, by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Place:
    """The term of a leaf, by its number."""

    number: int


Term = str | Blank | Place
"""A term of a template's quad: its N-Quads text, or where that comes from."""

TermQuad = tuple[Term, str, Term, Term]
"""Subject, predicate, object, graph; the predicate never varies."""

Values = list[bytes]
"""The terms of all leaves, the labels of all blank nodes, lines whose order had to be found, and subjects.

In UTF-8, whose order is that of the code points: bytes are filled in three times as quickly as text.
"""


class _Text(NamedTuple):
    """Text with gaps, and the values that go into them."""

    gapped: bytes
    pick: Callable[[Values], Any]

    @classmethod
    def of(cls, parts: Sequence[str | int]) -> _Text:
        """From texts, and the places of values between them."""
        gaps = [part for part in parts if isinstance(part, int)]
        gapped = b"".join(b"%s" if isinstance(part, int) else part.encode().replace(b"%", b"%%") for part in parts)
        return cls(gapped, itemgetter(*gaps) if gaps else _nothing)

    @property
    def constant(self) -> bool:
        return self.pick is _nothing

    def whole(self, values: Values) -> bytes:
        text: bytes = self.gapped % self.pick(values)
        return text


def _nothing(_: Values) -> tuple[()]:
    return ()


class _FirstDegree:
    """Hash First Degree Quads (4.7.3) of one blank node."""

    __slots__ = ("_constant", "_distinct", "_varying")

    def __init__(self, reference: Blank, quads: Iterable[TermQuad]) -> None:
        def named(term: Term) -> Term:
            if isinstance(term, Blank):
                return "_:a" if term == reference else "_:z"
            return term

        lines = [
            _Text.of(_parts((named(s), p, named(o), named(g)), 0)) for s, p, o, g in quads if reference in (s, o, g)
        ]
        self._constant = [line.whole([]) for line in lines if line.constant]
        self._varying = [line for line in lines if not line.constant]
        self._distinct = len(set(self._constant)) + len(self._varying)

    @property
    def varies(self) -> bool:
        return bool(self._varying)

    def hash(self, values: Values) -> str:
        lines = [*self._constant, *[gapped % pick(values) for gapped, pick in self._varying]]
        lines.sort()
        if self._varying and len(set(lines)) != self._distinct:
            raise EqualHashes
        return hashlib.sha256(b"".join(lines)).hexdigest()


class Template:
    """What documents of one outline have in common, and where their leaves go."""

    def __init__(self, slots: Sequence[Slot], blanks: int, quads: Iterable[TermQuad], reserved: frozenset[str]) -> None:
        """Prepare everything that does not depend on the leaves.

        `reserved` are names that a context may give another meaning to: an IRI beginning with one is outside.
        """
        self._quads = tuple(quads)
        self._suffixes = tuple(slot.suffix for slot in slots)
        self._reserved = reserved
        self._labels = tuple(f"_:c14n{number}".encode() for number in range(blanks))
        nodes = [_FirstDegree(Blank(number), self._quads) for number in range(blanks)]
        self._known = [(node.hash([]), number) for number, node in enumerate(nodes) if not node.varies]
        self._varying = [(node, number) for number, node in enumerate(nodes) if node.varies]
        self._known.sort()
        self._runs: list[list[_Text]] = []
        self._blocks: list[tuple[int, _Text]] = []
        self._subjects: list[bytes] = []
        self._constant: dict[bytes, bytes] = {}
        self._prepare_blocks()

    @property
    def quads(self) -> int:
        """How many quads it has before any of them become one."""
        return len(self._quads)

    def fill(self, texts: Sequence[str]) -> bytes:
        """The canonical N-Quads for these leaves, UTF-8.

        Raises:
            Outside: for these leaves it cannot be told.
            EqualHashes: the whole of RDFC-1.0 is needed (see `fill_and_canonicalize`).
        """
        values = self._terms(texts)
        values += self._canonical_labels(values)
        values += [b"".join(sorted({gapped % pick(values) for gapped, pick in run})) for run in self._runs]
        values += self._subjects
        lines_of = self._constant.copy()
        for place, (gapped, pick) in self._blocks:
            subject, lines = values[place], gapped % pick(values)
            if subject in lines_of:  # two leaves name the same node
                lines = _merged(lines_of[subject], lines)
            lines_of[subject] = lines
        return b"".join([lines_of[subject] for subject in sorted(lines_of)])

    def fill_and_canonicalize(self, texts: Sequence[str]) -> bytes:
        """The same by the whole of RDFC-1.0, for blank nodes that are alike.

        Raises:
            Outside: for these leaves it cannot be told.
            Unbounded: they are too much alike.
        """
        values = self._terms(texts)

        def filled(term: Term) -> str:
            if isinstance(term, Place):
                return values[term.number].decode()
            return f"_:b{term.number}" if isinstance(term, Blank) else term

        return canonical_nquads(Quad(filled(s), p, filled(o), filled(g)) for s, p, o, g in self._quads).encode()

    def narrowed(self, texts: Sequence[str], left: Sequence[int]) -> Template:
        """The template with these leaves in it, and only those whose numbers are `left` still to be filled in.

        Raises:
            Outside: for these leaves it cannot be told.
        """
        terms = self._terms(texts)
        places = {number: Place(place) for place, number in enumerate(left)}

        def named(term: Term) -> Term:
            return places.get(term.number, terms[term.number].decode()) if isinstance(term, Place) else term

        quads = dict.fromkeys((named(s), p, named(o), named(g)) for s, p, o, g in self._quads)  # some become one
        slots = [Slot(self._suffixes[number]) for number in left]
        return Template(slots, len(self._labels), quads, self._reserved)

    def _terms(self, texts: Sequence[str]) -> Values:
        if sum(map(len, texts)) > MAX_CHARACTERS - MAX_FIXED_CHARACTERS:
            raise Outside
        terms = []
        for text, suffix in zip(texts, self._suffixes, strict=True):
            if suffix is None:
                match = _IRI.fullmatch(text)
                if match is None or match[1] in self._reserved:
                    raise Outside
                terms.append(f"<{text}>".encode())
            elif '"' not in text and "\\" not in text and text.isprintable():
                terms.append(f'"{text}"{suffix}'.encode())
            else:
                try:
                    terms.append((literal(text) + suffix).encode())
                except UnicodeEncodeError:
                    raise Outside from None
        return terms

    def _canonical_labels(self, terms: Values) -> Values:
        """Canonical labels of the blank nodes, by their number (4.4.3, step 4)."""
        hashes = [*self._known, *[(node.hash(terms), number) for node, number in self._varying]]
        hashes.sort()
        labels = [b""] * len(hashes)
        previous = ""
        for (digest, number), label in zip(hashes, self._labels, strict=True):
            if digest == previous:
                raise EqualHashes
            labels[number] = label
            previous = digest
        return labels

    def _prepare_blocks(self) -> None:
        """Lines by subject, then by predicate: only where an object varies is there an order left to find."""
        first_label = len(self._suffixes)
        first_run = first_label + len(self._labels)
        lines_of: defaultdict[Term, defaultdict[str, list[_Line]]] = defaultdict(lambda: defaultdict(list))
        blocks_of: list[tuple[str, _Text]] = []
        for quad in self._quads:
            lines_of[quad[0]][quad[1]].append(_parts(quad, first_label))
        for subject, by_predicate in lines_of.items():
            text: list[str | int] = []
            for _, lines in sorted(by_predicate.items()):
                if len(lines) == 1:
                    text += lines[0]
                elif not any(isinstance(part, int) for line in lines for part in line[1:]):
                    text += [part for line in sorted(lines, key=lambda line: line[1:]) for part in line]
                else:
                    text.append(first_run + len(self._runs))
                    self._runs.append([_Text.of(line) for line in lines])
            whole, named = _Text.of(text), _part(subject, first_label)
            if not isinstance(named, str):
                self._blocks.append((named, whole))
            elif whole.constant:
                self._constant[named.encode()] = whole.whole([])
            else:
                blocks_of.append((named, whole))
        for place, (named, whole) in enumerate(blocks_of, first_run + len(self._runs)):
            self._subjects.append(named.encode())
            self._blocks.append((place, whole))


_Line = list[str | int]


def _part(term: Term, first_label: int) -> str | int:
    """A term's text, or the place of its value."""
    if isinstance(term, Place):
        return term.number
    return first_label + term.number if isinstance(term, Blank) else term


def _parts(quad: TermQuad, first_label: int) -> _Line:
    """A quad's line: its subject, and the rest of it with neighbouring texts joined."""
    subject, predicate, object_, graph = quad
    rest: _Line = [f" {predicate} "]
    for part in (_part(object_, first_label), *((" ", _part(graph, first_label)) if graph else ()), " .\n"):
        if isinstance(part, str) and isinstance(rest[-1], str):
            rest[-1] += part
        else:
            rest.append(part)
    return [_part(subject, first_label), *rest]


def _merged(*blocks: bytes) -> bytes:
    """The lines of both, once each; line feeds inside literals are escaped."""
    return b"\n".join(sorted({line for block in blocks for line in block.split(b"\n") if line})) + b"\n"
