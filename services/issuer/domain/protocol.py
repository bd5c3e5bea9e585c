"""Who signs for other people's tools.

What the VC-API seals was not awarded here: nobody decided on it, and no organisation stands behind it. So it is signed
with keys of its own, which are on no list of trusted issuers; each tenant has others, so that nobody can speak as, or
revoke for, another. They are made from the installation's secret: every process has the same ones, none is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from credentials.dids import did_key, did_key_method
from credentials.keys import ED25519, P256, KeyKind, NotAKey, SigningKey

KINDS = (ED25519, P256)
HOUSE = "_"
"""The tenant that is nobody's organisation: whoever administers the house. No organisation can be called so."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key, and the DID that is nothing but this key."""

    tenant: str
    """The organisation whose tools it signs for, or `HOUSE`."""
    name: str
    """The kind of its key, as in addresses of its status lists."""
    did: str
    method: str
    key: SigningKey = field(repr=False)


class Signers:
    """Every tenant's signers; another number gives others."""

    def __init__(self, derive: Callable[[str], bytes], number: int) -> None:
        self._derive = derive
        self._number = number
        self._made: dict[str, dict[str, Signer]] = {}

    def of(self, tenant: str) -> dict[str, Signer]:
        """A tenant's, by the name of their key's kind."""
        if tenant not in self._made:
            made = (self._make(tenant, kind) for kind in KINDS)
            self._made[tenant] = {signer.name: signer for signer in made}
        return self._made[tenant]

    def _make(self, tenant: str, kind: KeyKind) -> Signer:
        name = kind.name.lower()
        for attempt in count():
            try:
                key = SigningKey.from_private(
                    self._derive(f"VC-API key {tenant} {name} {self._number} {attempt}"), kind
                )
            except NotAKey:  # of 2^32 numbers one is none of this curve's
                continue
            did = did_key(key.public)
            return Signer(tenant, name, did, did_key_method(did), key)
        raise AssertionError  # count() has no end
