"""Signing keys that rest wrapped by the master key and are open in memory alone."""

from __future__ import annotations

from datetime import datetime

from chassis.secrets import MasterKey
from credentials.keys import KeyKind, SigningKey
from issuer.domain.sealing import Signer
from issuer.ports import OrganisationKey, RegisteredOrganisation
from schemas.faults import Unavailable


class KeyMissing(Unavailable):
    """The organisation has no key of the kind asked for; every process makes those it needs when it starts."""


class MasterKeyring:
    """Organisations' keys, of every kind."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._open: dict[str, SigningKey] = {}

    def make(self, organisation: str, fragment: str, kind: KeyKind, at: datetime) -> OrganisationKey:
        """A new key, wrapped for this organisation and fragment alone."""
        key = SigningKey.generate(kind)
        return OrganisationKey(
            fragment=fragment,
            multikey=key.public.multikey,
            wrapped=self._master.wrap(key.private, _purpose(organisation, fragment)),
            created=at,
        )

    def signing(self, registered: RegisteredOrganisation, kind: KeyKind | None = None) -> Signer:
        """The newest key, of any kind or of this one. Raises `WrongMasterKey`, `KeyMissing` (both `Unavailable`)."""
        newest = next((key for key in reversed(registered.keys) if kind is None or key.kind is kind), None)
        if newest is None:
            raise KeyMissing(f"{registered.id} has no {kind.name if kind else 'signing'} key yet")
        key = self._open.get(newest.multikey)
        if key is None:
            private = self._master.unwrap(newest.wrapped, _purpose(registered.id, newest.fragment))
            key = self._open[newest.multikey] = SigningKey.from_private(private, newest.kind)
        return Signer(key, f"{registered.organisation.did}#{newest.fragment}")


def _purpose(organisation: str, fragment: str) -> str:
    return f"signing key {organisation}#{fragment}"
