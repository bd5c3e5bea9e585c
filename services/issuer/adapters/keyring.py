"""Signing keys that rest wrapped by the master key and are open in memory alone."""

from __future__ import annotations

from datetime import datetime

from chassis.secrets import MasterKey
from credentials.keys import SigningKey
from issuer.ports import OrganisationKey, RegisteredOrganisation


class MasterKeyring:
    """Organisations' Ed25519 keys."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._open: dict[str, SigningKey] = {}

    def make(self, organisation: str, fragment: str, at: datetime) -> OrganisationKey:
        """A new key, wrapped for this organisation and fragment alone."""
        key = SigningKey.generate()
        return OrganisationKey(
            fragment=fragment,
            multikey=key.public.multikey,
            wrapped=self._master.wrap(key.private, _purpose(organisation, fragment)),
            created=at,
        )

    def signing(self, registered: RegisteredOrganisation) -> tuple[SigningKey, str]:
        """The newest key, and its verification method. Raises `WrongMasterKey` (an `Unavailable`)."""
        newest = registered.keys[-1]
        key = self._open.get(newest.multikey)
        if key is None:
            key = SigningKey.from_private(self._master.unwrap(newest.wrapped, _purpose(registered.id, newest.fragment)))
            self._open[newest.multikey] = key
        return key, f"{registered.organisation.did}#{newest.fragment}"


def _purpose(organisation: str, fragment: str) -> str:
    return f"signing key {organisation}#{fragment}"
