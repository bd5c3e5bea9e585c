"""Signing keys that rest wrapped by the master key and are open in memory alone."""

from __future__ import annotations

from datetime import datetime

from chassis.secrets import MasterKey
from credentials.keys import KeyKind, SigningKey
from issuer.domain.sealing import Signer
from issuer.ports import KeyMissing, OrganisationKey, RegisteredOrganisation


class MasterKeyring:
    """Organisations' keys, of every kind."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._open: dict[str, SigningKey] = {}

    async def make(self, organisation: str, fragment: str, kind: KeyKind, at: datetime) -> OrganisationKey:
        """A new key, wrapped for this organisation and fragment alone."""
        key = SigningKey.generate(kind)
        return OrganisationKey(
            fragment=fragment,
            multikey=key.public.multikey,
            wrapped=self._master.wrap(key.private, _purpose(organisation, fragment)),
            created=at,
        )

    def holds(self, key: OrganisationKey) -> bool:
        """Whether the key rests here, wrapped."""
        return key.wrapped is not None

    def signing(self, registered: RegisteredOrganisation, kind: KeyKind) -> Signer:
        """The newest key of this kind. Raises `WrongMasterKey`, `KeyMissing` (both `Unavailable`)."""
        newest = registered.newest(kind)
        if newest is None or newest.wrapped is None:
            raise KeyMissing(f"{registered.id} has no {kind.name} key that is wrapped by the master key")
        key = self._open.get(newest.multikey)
        if key is None:
            private = self._master.unwrap(newest.wrapped, _purpose(registered.id, newest.fragment))
            key = self._open[newest.multikey] = SigningKey.from_private(private, newest.kind)
        return Signer(key, f"{registered.organisation.did}#{newest.fragment}")

    async def ping(self) -> None:
        """All is well: what is wrapped here needs nobody to open it."""

    async def close(self) -> None:
        """Forget the keys that are open."""
        self._open.clear()


def _purpose(organisation: str, fragment: str) -> str:
    return f"signing key {organisation}#{fragment}"
