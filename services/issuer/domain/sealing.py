"""From an award to a sealed credential: a format composes, proofs secure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credentials.formats import Format
from credentials.keys import SigningKey
from credentials.proofs import Proof
from schemas.events import StatusEntry
from schemas.microcredential import Award
from schemas.values import JsonObject


@dataclass(frozen=True)
class Seal:
    """How this issuer seals: one format, one or more proofs.

    Raises:
        UnsuitableProof: a proof that does not secure this format; found here, not at the first learner.
    """

    format: Format
    proofs: Sequence[Proof]

    def __post_init__(self) -> None:
        self.format.check_proofs(self.proofs)

    @property
    def proof_names(self) -> tuple[str, ...]:
        """The proofs on everything sealed."""
        return tuple(proof.name for proof in self.proofs)

    def __call__(self, award: Award, status: StatusEntry, key: SigningKey, method: str, at: datetime) -> JsonObject:
        """The credential of this award, sealed at this moment. Takes milliseconds of CPU: not for an event loop.

        Raises `Malformed` where the award holds what cannot be certified, such as a term without a definition.
        """
        return self.secure(self.format.compose(award, issued=at, status=status), key, method, at)

    def secure(self, document: JsonObject, key: SigningKey, method: str, at: datetime) -> JsonObject:
        """Any document of the issuer's, with this seal's proofs on it."""
        for proof in self.proofs:
            document = proof.secure(document, key=key, verification_method=method, created=at)
        return document
