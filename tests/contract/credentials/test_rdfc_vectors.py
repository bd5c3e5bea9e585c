"""W3C RDF Dataset Canonicalization tests (rdf-canon @15619df): all 64 evaluations, and the graph to be refused."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyld import jsonld

from credentials.canonical import Unbounded, rdfc
from credentials.canonical.dataset import XSD, Quad, literal
from credentials.canonical.rdfc10 import canonical_nquads
from credentials.contexts import shipped

_TERM = re.compile(
    r"\s*(?:<([^>]*)>|(_:[^\s.]+(?:\.+[^\s.]+)*)|\"((?:[^\"\\]|\\.)*)\"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?)"
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_NAMED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _NAMED.get(m[3], m[3]), text)


def parse(nquads: str) -> Iterator[Quad]:
    for line in nquads.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        terms, position = [], 0
        while match := _TERM.match(line, position):
            position = match.end()
            iri, blank, text, datatype, language = match.groups()
            if iri is not None:
                terms.append(f"<{unescape(iri)}>")
            elif blank is not None:
                terms.append(blank)
            else:
                terms.append(literal(unescape(text), unescape(datatype) if datatype else XSD + "string", language))
        assert line[position:].strip().startswith("."), line
        yield Quad(*terms)


@pytest.fixture
def vectors(reference_data: Path) -> Path:
    return reference_data / "vectors" / "rdfc10"


def text(path: Path) -> str:
    return path.read_bytes().decode()


def test_every_evaluation_test_comes_out_byte_exact(vectors: Path) -> None:
    with (vectors / "manifest.csv").open() as manifest:
        rows = [row for row in csv.DictReader(manifest) if row["rdfc10"] == "TRUE"]
    assert len(rows) == 64
    wrong = []
    for row in rows:
        quads = parse(text(vectors / "rdfc10" / f"{row['test']}-in.nq"))
        algorithm = (row["hashAlgorithm"] or "sha256").lower()
        if canonical_nquads(quads, algorithm=algorithm) != text(vectors / "rdfc10" / f"{row['test']}-rdfc10.nq"):
            wrong.append(row["test"])
    assert wrong == []


def test_the_poison_clique_is_refused_with_bounded_work(vectors: Path) -> None:
    with pytest.raises(Unbounded):
        canonical_nquads(parse(text(vectors / "rdfc10" / "test074-in.nq")))


def test_a_badge_with_equal_embedded_proofs_canonicalises_as_pyld_does(reference_data: Path) -> None:
    document = json.loads((reference_data / "vectors/ob30-1edtech-validator/complete.json").read_bytes())
    contexts = dict(shipped())
    theirs = jsonld.normalize(
        document,
        {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": lambda url, _: {
                "contextUrl": None,
                "documentUrl": url,
                "document": json.loads(json.dumps(contexts[url])),
            },
        },
    )
    assert rdfc(document).decode() == theirs
