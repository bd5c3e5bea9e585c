"""What credentials hold, kept for as long as their learners want it: many at a time, in a constant number of trips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from chassis.vault import Erased
from credentials.formats.same import Same
from issuer.domain.keeping import Basis, deflated, inflated, with_basis, without_basis
from issuer.ports import Bases, KeptBasis, SealedCredential, Vault
from schemas.microcredential import Award, Offering, Organisation
from schemas.values import SealedData

ERASED = "this credential's content was erased at the learner's request; its status is still told"


class Content(NamedTuple):
    """What a credential holds, readable."""

    award: Award
    document: bytes
    """The sealed credential, byte for byte as it was signed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The same at rest: what is the learner's own under the learner's key, the rest shared by all of one offering."""

    basis: str
    """The id of a `KeptBasis`."""
    award: SealedData
    document: SealedData


class Contents:
    """Keeps what credentials hold, and reads it again."""

    def __init__(self, vault: Vault, bases: Bases) -> None:
        self._vault = vault
        self._bases = bases
        self._known: dict[str, Basis] = {}
        """Those that are in the store; as many as versions of offerings are awarded by one process."""

    async def keep(self, contents: Sequence[tuple[UUID, Content]]) -> Sequence[Kept]:
        """For these learners, in order. Raises `Erased` when one has been erased."""
        named = [_named(Same(content.award.organisation), Same(content.award.offering)) for _, content in contents]
        await self._keep_bases(dict(named))
        parts = [
            (learner, part)
            for learner, content in contents
            for part in (without_basis(content.award), deflated(content.document))
        ]
        sealed = await self._vault.seal_many(parts)
        return [
            Kept(basis, award, document)
            for (basis, _), award, document in zip(named, sealed[::2], sealed[1::2], strict=True)
        ]

    async def read(self, credentials: Sequence[SealedCredential]) -> Sequence[Content]:
        """In order. Raises `Erased` where one of their learners has been erased."""
        opened = await self._vault.open_many([part for one in credentials for part in (one.award, one.document)])
        parts = [part for part in opened if isinstance(part, bytes)]
        if len(parts) != len(opened):
            raise Erased(ERASED)
        bases = await self._read_bases({one.basis for one in credentials})
        return [
            Content(with_basis(award, bases[one.basis]), inflated(document))
            for one, award, document in zip(credentials, parts[::2], parts[1::2], strict=True)
        ]

    async def _keep_bases(self, bases: Mapping[str, Basis]) -> None:
        if missing := bases.keys() - self._known.keys():
            await self._bases.insert_many([KeptBasis(id=name, basis=bases[name]) for name in missing])
            self._known.update({name: bases[name] for name in missing})

    async def _read_bases(self, names: set[str]) -> Mapping[str, Basis]:
        if missing := names - self._known.keys():
            found = await self._bases.get_many(missing)
            self._known.update({name: kept.basis for name, kept in found.items()})
        return self._known


@lru_cache(maxsize=256)  # each keeps an offering in memory
def _named(organisation: Same[Organisation], offering: Same[Offering]) -> tuple[str, Basis]:
    basis = Basis(organisation=organisation.value, offering=offering.value)
    return basis.digest, basis
