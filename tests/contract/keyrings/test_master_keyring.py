from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from chassis.secrets import MasterKey
from credentials.keys import KINDS, KeyKind
from issuer.adapters.keyring import MasterKeyring
from issuer.adapters.pkcs11_keyring import Pkcs11Keyring
from issuer.ports import Keyring
from tests.contract.keyrings.suite import NOW, KeyringContract, registered
from tests.servers.softhsm import SoftToken


class TestMasterKeyring(KeyringContract):
    @pytest.fixture
    def keyring(self) -> Keyring:
        return MasterKeyring(MasterKey(bytes(32)))

    @pytest.fixture
    async def other(self, token: SoftToken) -> Keyring:
        return await Pkcs11Keyring.open(token.module, token.label, token.pin)

    @pytest.fixture
    def restart(self) -> Callable[[], Awaitable[Keyring]]:
        async def again() -> Keyring:
            return MasterKeyring(MasterKey(bytes(32)))

        return again

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    async def test_the_private_part_rests_wrapped(self, keyring: MasterKeyring, kind: KeyKind) -> None:
        made = await keyring.make("uex", "key-1", kind, NOW)
        private = keyring.signing(registered(made), kind).key.private
        assert made.wrapped is not None
        assert private not in made.wrapped
