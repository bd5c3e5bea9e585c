"""Signing keys that are in a PKCS#11 token."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import SecretStr

from credentials.keys import KeyKind, PublicKey
from issuer.adapters.pkcs11_token import Pkcs11Token
from issuer.domain.sealing import Signer
from issuer.ports import KeyMissing, OrganisationKey, RegisteredOrganisation, TokenPlace


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A private key that a token has."""

    token: Pkcs11Token
    id: bytes
    label: str
    public: PublicKey

    @property
    def kind(self) -> KeyKind:
        """What kind of key it is."""
        return self.public.kind

    def sign(self, data: bytes) -> bytes:
        """The token's signature over the data. Raises `TokenAway`."""
        return self.token.sign(self.kind, self.id, self.label, data)


class Pkcs11Keyring:
    """Organisations' keys, of every kind, in one token. What it makes and nobody registers stays there unused."""

    def __init__(self, token: Pkcs11Token) -> None:
        self._token = token

    @classmethod
    async def open(cls, module: Path, token: str, pin: SecretStr) -> Self:
        """Log in. Raises `TokenRefuses`, `TokenAway`: see `Pkcs11Token.open`."""
        opened = Pkcs11Token(module, token, pin)
        await asyncio.to_thread(opened.open)
        return cls(opened)

    async def make(self, organisation: str, fragment: str, kind: KeyKind, at: datetime) -> OrganisationKey:
        """A new key in the token. Raises `TokenAway`."""
        id_, public = await asyncio.to_thread(self._token.make, kind, _label(organisation, fragment))
        return OrganisationKey(
            fragment=fragment,
            multikey=public.multikey,
            place=TokenPlace(token=self._token.label, id=id_),
            created=at,
        )

    def holds(self, key: OrganisationKey) -> bool:
        """Whether this token has the key, as far as was written down."""
        return key.place is not None and key.place.token == self._token.label

    def signing(self, registered: RegisteredOrganisation, kind: KeyKind) -> Signer:
        """The newest key of this kind; the token is asked when it signs. Raises `KeyMissing`."""
        newest = registered.newest(kind)
        if newest is None or newest.place is None or not self.holds(newest):
            raise KeyMissing(f"{registered.id} has no {kind.name} key in the token {self._token.label}")
        label = _label(registered.id, newest.fragment)
        key = TokenKey(self._token, newest.place.id, label, PublicKey.from_multikey(newest.multikey))
        return Signer(key, f"{registered.organisation.did}#{newest.fragment}")

    async def ping(self) -> None:
        """Ask whether the token is there. Raises `TokenAway`."""
        await asyncio.to_thread(self._token.ping)

    async def close(self) -> None:
        """Log out of the token."""
        await asyncio.to_thread(self._token.close)


def _label(organisation: str, fragment: str) -> str:
    """`CKA_LABEL`, as whoever looks into the token reads it; a key is found by it and its id together."""
    return f"{organisation}#{fragment}"
