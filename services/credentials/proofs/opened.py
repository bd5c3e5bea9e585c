"""Credentials taken out of whatever sealed them, with one way to check each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from credentials.keys import PublicKey
from credentials.proofs import SUITES
from credentials.proofs.data_integrity import DataIntegrity
from credentials.proofs.verification import ProofResult, verification_methods, verify_all
from schemas.values import JsonObject


class Opened(Protocol):
    """A credential that can be read, its seal not verified yet."""

    @property
    def document(self) -> JsonObject:
        """What is certified: with its proofs in it, or taken out of its token."""
        ...

    @property
    def whole(self) -> bool:
        """Whether the seal is over every byte, so that no word of the document escapes it."""
        ...

    @property
    def methods(self) -> tuple[str, ...]:
        """The ids whose keys `verify` will ask for, each once."""
        ...

    def verify(self, keys: Mapping[str, PublicKey], *, now: datetime) -> tuple[ProofResult, ...]:
        """What becomes of each proof, with the keys that could be had; none where there is no proof.

        Raises:
            Malformed: the document has no canonical form.
        """
        ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """A credential whose proofs stand in it (Data Integrity)."""

    document: JsonObject
    suites: Mapping[str, DataIntegrity] = field(default_factory=lambda: SUITES)
    """The suites they are read by."""

    @property
    def whole(self) -> bool:
        """Proofs are over what the document means, or over a text put together anew."""
        return False

    @property
    def methods(self) -> tuple[str, ...]:
        """The ids whose keys `verify` will ask for, each once."""
        return verification_methods(self.document)

    def verify(self, keys: Mapping[str, PublicKey], *, now: datetime) -> tuple[ProofResult, ...]:
        """What becomes of each proof.

        Raises:
            Malformed: the document has no canonical form, or too many proofs.
        """
        return verify_all(self.document, keys, self.suites, now=now)
