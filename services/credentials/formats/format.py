"""What every format is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from credentials.formats.reading import Reading
from credentials.proofs import Proof
from schemas.annex1 import Element
from schemas.events import StatusEntry
from schemas.faults import Misconfigured
from schemas.microcredential import Award
from schemas.values import JsonObject


class UnsuitableProof(Misconfigured):
    """A format was paired with a proof that does not secure it: found at start-up, not at the first learner."""


class UnsuitableStatus(Misconfigured):
    """A format was asked to say where suspensions stand, and cannot: found at start-up."""


class Compose(Protocol):
    """From an award to a document."""

    def __call__(self, award: Award, *, issued: datetime, status: StatusEntry, salt: bytes | None = None) -> JsonObject:
        """The unsecured document of an award.

        `salt` (at least 16 bytes, never used before) hides the learner's identifiers; fresh randomness by default.

        Raises:
            Unwritable: the award holds what libraries write differently, or not at all.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document, as a value."""

    name: str
    title: str
    """As a reader knows it."""
    media_type: str
    compose: Compose
    read: Callable[[JsonObject], Reading]
    """What a document of this format says; raises `Malformed` for one that is none."""
    proofs: tuple[Proof, ...]
    """What may secure it."""
    fixed: frozenset[str] = frozenset()
    """Members that are the same, whole, in most documents of one offering: for them one template is made."""
    suspend: Callable[[JsonObject, StatusEntry], JsonObject] | None = None
    """Adds where a suspension stands, in a list of its own; None where it has no words for a second list."""
    tells_suspension: bool = False
    """Whether its one status entry tells of a suspension as well as of a revocation."""
    audience: str = ""
    """For whom it is, as its owner is told."""
    loses: tuple[Element, ...] = ()
    """The standard elements it has no words for: what an award says of them is not in it."""

    def check_proofs(self, proofs: Iterable[Proof]) -> None:
        """Hold a choice of proofs to what may secure this format.

        Raises:
            UnsuitableProof: one of them may not, or there is none.
        """
        chosen = tuple(proofs)
        if not chosen:
            raise UnsuitableProof(f"{self.title} needs a proof")
        for proof in chosen:
            if proof not in self.proofs:
                suitable = ", ".join(known.name for known in self.proofs)
                raise UnsuitableProof(f"{proof.name} does not secure {self.title}; {suitable} do")
            if proof.enveloping and len(chosen) > 1:
                raise UnsuitableProof(f"{proof.name} has the credential inside it, so no other proof goes with it")
