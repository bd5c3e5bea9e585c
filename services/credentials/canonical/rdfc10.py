"""RDF Dataset Canonicalization, RDFC-1.0, with its work bounded.

Source: https://www.w3.org/TR/rdf-canon/, section 4; names and step numbers are the specification's.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from credentials.canonical.bounds import Unbounded
from credentials.canonical.dataset import Quad, is_blank

WORK = 100_000
"""Steps of the Hash N-Degree Quads algorithm: some tenths of a second. Credentials take a few dozen, or none; the
poison graphs of section 7.1 would take hours."""

DEPTH = 128
"""Blank nodes that are told apart only by each other, one behind the other."""


def _permutations(nodes: list[str]) -> Iterator[tuple[str, ...]]:
    """The distinct orders of nodes, of which one may stand there often: every quad of a proof's graph names it."""
    left = Counter(nodes)

    def orders(taken: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if len(taken) == len(nodes):
            yield taken
        for node in left:
            if left[node]:
                left[node] -= 1
                yield from orders((*taken, node))
                left[node] += 1

    return orders(())


class _IdentifierIssuer:
    """Issues identifiers in order (section 4.6)."""

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = issued if issued is not None else {}

    def issue(self, existing: str) -> str:
        if existing not in self.issued:
            self.issued[existing] = f"{self.prefix}{len(self.issued)}"
        return self.issued[existing]

    def copy(self) -> _IdentifierIssuer:
        return _IdentifierIssuer(self.prefix, dict(self.issued))


class _Canonicalization:
    """The canonicalization state (section 4.3)."""

    def __init__(self, quads: Iterable[Quad], algorithm: str, work: int) -> None:
        self.quads = set(quads)
        self.algorithm = algorithm
        self.work = work
        self.depth = 0
        self.quads_of: defaultdict[str, list[Quad]] = defaultdict(list)
        for quad in self.quads:
            for node in {term for term in (quad.subject, quad.object, quad.graph) if is_blank(term)}:
                self.quads_of[node].append(quad)
        self.first_degree = {node: self.hash_first_degree_quads(node) for node in self.quads_of}
        self.canonical = _IdentifierIssuer("_:c14n")

    def spend(self, steps: int) -> None:
        self.work -= steps
        if self.work < 0:
            raise Unbounded("its nodes are too much alike to be told apart with reasonable work")

    def hash(self, text: str) -> str:
        return hashlib.new(self.algorithm, text.encode()).hexdigest()

    def run(self) -> str:
        """Section 4.4.3."""
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for node, digest in self.first_degree.items():
            alike[digest].append(node)
        for _, nodes in sorted(alike.items()):  # step 4
            if len(nodes) == 1:
                self.canonical.issue(nodes[0])
        for _, nodes in sorted(alike.items()):  # step 5
            results = []
            for node in nodes if len(nodes) > 1 else ():
                if node not in self.canonical.issued:
                    issuer = _IdentifierIssuer("_:b")
                    issuer.issue(node)
                    results.append(self.hash_n_degree_quads(node, issuer))
            for _, issuer in sorted(results, key=lambda result: result[0]):
                for existing in issuer.issued:
                    self.canonical.issue(existing)
        names = self.canonical.issued
        return "".join(
            sorted(
                Quad(
                    names.get(quad.subject, quad.subject),
                    quad.predicate,
                    names.get(quad.object, quad.object),
                    names.get(quad.graph, quad.graph),
                ).line()
                for quad in self.quads
            )
        )

    def hash_first_degree_quads(self, reference: str) -> str:
        """Section 4.7.3."""

        def named(term: str) -> str:
            if not is_blank(term):
                return term
            return "_:a" if term == reference else "_:z"

        lines = (
            Quad(named(quad.subject), quad.predicate, named(quad.object), named(quad.graph)).line()
            for quad in self.quads_of[reference]
        )
        return self.hash("".join(sorted(lines)))

    def hash_related_blank_node(self, related: str, quad: Quad, issuer: _IdentifierIssuer, position: str) -> str:
        """Section 4.8.3."""
        predicate = "" if position == "g" else quad.predicate
        identifier = self.canonical.issued.get(related) or issuer.issued.get(related) or self.first_degree[related]
        return self.hash(f"{position}{predicate}{identifier}")

    def hash_n_degree_quads(self, identifier: str, issuer: _IdentifierIssuer) -> tuple[str, _IdentifierIssuer]:
        """Section 4.9.3."""
        related_by_hash: defaultdict[str, list[str]] = defaultdict(list)
        for quad in self.quads_of[identifier]:
            for position, term in (("s", quad.subject), ("o", quad.object), ("g", quad.graph)):
                if is_blank(term) and term != identifier:
                    related_by_hash[self.hash_related_blank_node(term, quad, issuer, position)].append(term)
        self.spend(len(self.quads_of[identifier]))
        self.depth += 1
        if self.depth > DEPTH or len(max(related_by_hash.values(), key=len, default=[])) > DEPTH:
            self.spend(self.work + 1)
        data = []
        for related_hash, nodes in sorted(related_by_hash.items()):
            data.append(related_hash)
            chosen: tuple[str, _IdentifierIssuer] | None = None
            for permutation in _permutations(nodes):
                self.spend(1 + len(permutation) + len(issuer.issued) // 8)
                chosen = self._better(permutation, issuer, chosen)
            if chosen is not None:  # always: a list of nodes is never empty
                path, issuer = chosen
                data.append(path)
        self.depth -= 1
        return self.hash("".join(data)), issuer

    def _better(
        self, permutation: tuple[str, ...], issuer: _IdentifierIssuer, chosen: tuple[str, _IdentifierIssuer] | None
    ) -> tuple[str, _IdentifierIssuer] | None:
        """Steps 5.4.1 to 5.4.6: the path of this permutation if it is less than the chosen one."""
        issuer = issuer.copy()
        path = ""
        recursion = []

        def worse() -> bool:
            return chosen is not None and len(path) >= len(chosen[0]) and path > chosen[0]

        for related in permutation:
            if related in self.canonical.issued:
                path += self.canonical.issued[related]
            else:
                if related not in issuer.issued:
                    recursion.append(related)
                path += issuer.issue(related)
            if worse():
                return chosen
        for related in recursion:
            digest, result_issuer = self.hash_n_degree_quads(related, issuer)
            path += f"{issuer.issue(related)}<{digest}>"
            issuer = result_issuer
            if worse():
                return chosen
        return (path, issuer) if chosen is None or path < chosen[0] else chosen


def canonical_nquads(quads: Iterable[Quad], *, algorithm: str = "sha256", work: int = WORK) -> str:
    """The canonical N-Quads of a dataset: the same for isomorphic datasets, whatever their blank nodes are called.

    Raises:
        Unbounded: it would take more than `work` steps.
    """
    return _Canonicalization(quads, algorithm, work).run()
