"""Keys in a token: besides what every keyring promises, that they stay there, and what is said when it is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass
from pydantic import SecretStr

from credentials.keys import ED25519, KINDS, KeyKind
from issuer.adapters.pkcs11_keyring import Pkcs11Keyring
from issuer.adapters.pkcs11_token import Pkcs11Token, TokenAway, TokenRefuses
from issuer.ports import Keyring
from tests.contract.keyrings.suite import NOW, KeyringContract, every_kind, registered
from tests.servers.softhsm import SoftToken


async def opened(token: SoftToken) -> Pkcs11Keyring:
    return await Pkcs11Keyring.open(token.module, token.label, token.pin)


class TestPkcs11Keyring(KeyringContract):
    @pytest.fixture
    async def keyring(self, token: SoftToken) -> AsyncIterator[Pkcs11Keyring]:
        keyring = await opened(token)
        yield keyring
        await keyring.close()

    @pytest.fixture
    async def other(self, make_token: Callable[[], SoftToken]) -> Keyring:
        return await opened(make_token())

    @pytest.fixture
    def restart(self, keyring: Pkcs11Keyring, token: SoftToken) -> Callable[[], Awaitable[Keyring]]:
        async def again() -> Keyring:
            await keyring.close()
            return await opened(token)

        return again

    @every_kind
    async def test_the_private_part_never_leaves_the_token(
        self, keyring: Pkcs11Keyring, token: SoftToken, kind: KeyKind
    ) -> None:
        made = await keyring.make("uex", "key-1", kind, NOW)
        assert made.wrapped is None
        await keyring.close()
        module = pkcs11.lib(str(token.module))
        with module.get_token(token_label=token.label).open(user_pin=token.pin.get_secret_value()) as session:
            (key,) = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
            assert key[Attribute.LABEL] == "uex#key-1"
            assert (key[Attribute.SENSITIVE], key[Attribute.EXTRACTABLE]) == (True, False)
            assert (key[Attribute.ALWAYS_SENSITIVE], key[Attribute.NEVER_EXTRACTABLE]) == (True, True)
            with pytest.raises(pkcs11.AttributeSensitive):
                key[Attribute.VALUE]

    async def test_a_token_that_is_away_is_unavailable_and_its_keys_sign_once_it_is_back(
        self, keyring: Pkcs11Keyring, token: SoftToken
    ) -> None:
        owner = registered(*[await keyring.make("uex", f"key-{kind.name}", kind, NOW) for kind in KINDS])
        signing = [keyring.signing(owner, kind).key for kind in KINDS]
        with token.away():
            for key in signing:
                with pytest.raises(TokenAway, match=token.label):
                    await asyncio.to_thread(key.sign, b"data")
            with pytest.raises(TokenAway):
                await keyring.make("uex", "key-3", ED25519, NOW)
            with pytest.raises(TokenAway):
                await keyring.ping()
        for key in signing:
            assert key.public.verify(await asyncio.to_thread(key.sign, b"data"), b"data")
        await keyring.ping()

    async def test_a_session_that_ended_is_opened_anew_and_nobody_notices(
        self, keyring: Pkcs11Keyring, token: SoftToken
    ) -> None:
        owner = registered(await keyring.make("uex", "key-1", ED25519, NOW))
        pkcs11.lib(str(token.module)).reinitialize()
        key, _ = keyring.signing(owner, ED25519)
        assert key.public.verify(await asyncio.to_thread(key.sign, b"data"), b"data")

    async def test_a_key_that_was_deleted_from_the_token_is_named(
        self, keyring: Pkcs11Keyring, token: SoftToken
    ) -> None:
        owner = registered(await keyring.make("uex", "key-1", ED25519, NOW))
        await keyring.close()
        module = pkcs11.lib(str(token.module))
        with module.get_token(token_label=token.label).open(rw=True, user_pin=token.pin.get_secret_value()) as session:
            for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
                key.destroy()
        module.finalize()
        with pytest.raises(TokenAway, match="has no key uex#key-1"):
            await asyncio.to_thread(keyring.signing(owner, ED25519).key.sign, b"data")

    def test_a_wrong_pin_is_said_and_never_tried_twice(self, token: SoftToken) -> None:
        wrong = Pkcs11Token(token.module, token.label, SecretStr("9999"))
        with pytest.raises(TokenRefuses, match=f"{token.label} refuses its PIN") as refusal:
            wrong.open()
        assert "9999" not in str(refusal.value)
        module = pkcs11.lib(str(token.module))
        with module.get_token(token_label=token.label).open(rw=True, user_pin=token.pin.get_secret_value()) as session:
            session.set_pin(token.pin.get_secret_value(), "9999")
        with pytest.raises(TokenRefuses, match="refuses its PIN"):  # though it would not, if it were asked
            wrong.open()
        Pkcs11Token(token.module, token.label, SecretStr("9999")).open()

    async def test_a_token_that_is_not_there_is_named(self, token: SoftToken) -> None:
        with pytest.raises(TokenAway, match="has no token nowhere"):
            await Pkcs11Keyring.open(token.module, "nowhere", token.pin)

    async def test_what_is_no_module_is_named(self, token: SoftToken, tmp_path: Path) -> None:
        (tmp_path / "letter.so").write_text("Dear Ana,")
        for module in (tmp_path / "nowhere.so", tmp_path / "letter.so"):
            with pytest.raises(TokenRefuses, match=r"LAUREL_ISSUER_PKCS11_MODULE is no PKCS#11 module: .*\.so"):
                await Pkcs11Keyring.open(module, token.label, token.pin)
