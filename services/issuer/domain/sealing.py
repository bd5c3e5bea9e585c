"""From an award to a sealed credential: a format composes, proofs secure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final, NamedTuple

import orjson

from credentials.canonical import KnownShapes
from credentials.formats import Format, UnsuitableStatus
from credentials.keys import ED25519, KeyKind, PrivateKey
from credentials.proofs import SUITES, DataIntegrity, Proof, Sealed
from schemas.events import StatusEntry
from schemas.microcredential import Award
from schemas.values import JsonObject


class Signer(NamedTuple):
    """A key of an organisation, and the id of its verification method."""

    key: PrivateKey
    method: str


SignersByKind = Mapping[KeyKind, Signer]
"""What an organisation signs with, by kind of key: one for each kind that a seal asks for."""


SUSPENSION: Final = "suspension"
"""The last part of the address of a list that is kept for suspensions, beside one for revocations."""


def among_suspensions(status: StatusEntry) -> StatusEntry:
    """The same place in the list that is kept for suspensions."""
    return StatusEntry(list=f"{status.list}/{SUSPENSION}", index=status.index)


@dataclass(frozen=True)
class Seal:
    """How this issuer seals: one format, one or more proofs.

    Raises:
        UnsuitableProof: a proof that does not secure this format; found here, not at the first learner.
        UnsuitableStatus: a format that has no words for a second status list.
    """

    format: Format
    proofs: Sequence[Proof]
    suspends: bool = False
    """Whether credentials get a place in a second list, for suspensions, where their first cannot tell of them."""

    def __post_init__(self) -> None:
        self.format.check_proofs(self.proofs)
        if self.suspends and self.format.suspend is None and not self.format.tells_suspension:
            raise UnsuitableStatus(f"{self.format.title} has no words for a second status list")

    @cached_property
    def shapes(self) -> KnownShapes:
        """What was sealed before: in effect one template for each offering, organisation and set of facts known."""
        return KnownShapes(fixed=self.format.fixed)

    @cached_property
    def _proofs(self) -> Sequence[Proof]:
        return [proof.over(self.shapes) if isinstance(proof, DataIntegrity) else proof for proof in self.proofs]

    @property
    def proof_names(self) -> tuple[str, ...]:
        """The proofs on everything sealed."""
        return tuple(proof.name for proof in self.proofs)

    @property
    def kinds(self) -> tuple[KeyKind, ...]:
        """The kinds of keys that an organisation needs; the first one signs its status lists."""
        return tuple(dict.fromkeys(proof.key for proof in self.proofs if proof.key is not None)) or (ED25519,)

    def __call__(
        self,
        award: Award,
        status: StatusEntry,
        signers: SignersByKind,
        at: datetime,
        *,
        issued: datetime | None = None,
    ) -> Sealed:
        """The credential of this award, sealed at this moment. The first of a kind takes 30 ms: not for an event loop.

        `issued` is when it was issued, where that was before. Raises `Malformed` where the award holds what cannot be
        certified, such as a term without a definition.
        """
        document = self.format.compose(award, issued=issued or at, status=status)
        suspension = self.suspension(status)
        if self.format.suspend is not None and suspension is not None:
            document = self.format.suspend(document, suspension)
        return self.secure(document, signers, at)

    def suspension(self, status: StatusEntry) -> StatusEntry | None:
        """Where it is told that a credential with this status is suspended; None where that cannot be told."""
        if self.format.tells_suspension:
            return status
        return among_suspensions(status) if self.suspends else None

    def status_list(self, document: JsonObject, signers: SignersByKind, at: datetime) -> Sealed:
        """A status list, sealed as the credentials are; where these are inside their proof, by a suite of the key's.

        Whoever reads the list may know nothing of this format, and it is always the organisation's own.
        """
        if not any(proof.enveloping for proof in self.proofs):
            return self.secure(document, signers, at)
        signer = signers[self.kinds[0]]
        suite = next(suite for suite in SUITES.values() if suite.key is signer.key.kind)
        return suite.secure(document, signer.key, signer.method, at)

    def secure(self, document: JsonObject, signers: SignersByKind, at: datetime) -> Sealed:
        """Any document of the issuer's, with this seal's proofs on it."""
        sealed: Sealed = document
        for proof in self._proofs:
            if isinstance(sealed, str):  # held off by `check_proofs`
                raise TypeError("nothing can be added to a token")
            signer = signers[proof.key or self.kinds[0]]
            sealed = proof.secure(sealed, key=signer.key, verification_method=signer.method, created=at)
        return sealed


def serialised(sealed: Sealed) -> bytes:
    """A sealed credential as it is kept and handed out: a token as it is, a document as JSON."""
    return sealed.encode() if isinstance(sealed, str) else orjson.dumps(sealed)
