"""A PKCS#11 token (an HSM): keys are made in it and sign in it, and their private parts never leave it.

Source: PKCS #11 Specification Version 3.1 (OASIS), section 6.3 (elliptic curves).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import Final, TypeVar

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters
from pydantic import SecretStr

from credentials.keys import ED25519, P256, KeyKind, NotAKey, PublicKey, p256_point
from schemas.faults import Unavailable

ID_BYTES: Final = 16
_Answer = TypeVar("_Answer")


class TokenAway(Unavailable):
    """The token cannot be reached, or does not do what is asked of it."""


class TokenRefuses(TokenAway):
    """The token cannot be used with these settings."""


@dataclass(frozen=True, slots=True)
class _Curve:
    """How a token has a kind of key."""

    type: KeyType
    parameters: bytes
    """`CKA_EC_PARAMS`."""
    point_length: int
    """Bytes of the public point inside `CKA_EC_POINT`."""
    public: Callable[[bytes], bytes]
    """The public key of that point."""
    mechanism: Mechanism
    signed: Callable[[bytes], bytes]
    """What the mechanism is given of the data."""


_CURVES: Final = {
    ED25519: _Curve(
        KeyType.EC_EDWARDS,
        encode_named_curve_parameters("1.3.101.112"),
        point_length=32,
        public=lambda point: point,
        mechanism=Mechanism.EDDSA,
        signed=lambda data: data,
    ),
    P256: _Curve(
        KeyType.EC,
        encode_named_curve_parameters("secp256r1"),
        point_length=65,
        public=lambda point: p256_point((point[1:33], point[33:])),
        mechanism=Mechanism.ECDSA,
        signed=lambda data: hashlib.sha256(data).digest(),
    ),
}
_STAYS_INSIDE: Final = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}


@dataclass(slots=True)
class _Session:
    """A session that is logged in, and the keys that were looked up in it."""

    session: pkcs11.Session
    keys: dict[tuple[bytes, str], pkcs11.SignMixin] = field(default_factory=dict)


class Pkcs11Token:
    """One token, by its label. It blocks, and whoever asks while it answers another waits.

    A session that was lost is opened anew. A PIN that was refused is not tried again: a few wrong ones lock a token.
    """

    def __init__(self, module: Path, label: str, pin: SecretStr) -> None:
        """Name it. `module` is the library that speaks for it."""
        self.label = label
        self._module = str(module)
        self._pin = pin
        self._open: _Session | None = None
        self._refused: TokenRefuses | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Log in.

        Raises:
            TokenRefuses: the module cannot be loaded, or the PIN is wrong.
            TokenAway: there is no such token now.
        """
        self._ask(lambda session: None)  # noqa: ARG005 to be logged in is all

    def close(self) -> None:
        """Log out."""
        with self._lock:
            self._let_go()

    def ping(self) -> None:
        """Ask whether it is there. Raises `TokenAway`."""
        self._ask(lambda session: session.session.token.slot.get_token())

    def make(self, kind: KeyKind, label: str) -> tuple[bytes, PublicKey]:
        """A new key in the token: its id there, and its public half. Raises `TokenAway`."""
        curve = _CURVES[kind]

        def generate(session: _Session) -> tuple[bytes, PublicKey]:
            id_ = token_bytes(ID_BYTES)
            parameters = session.session.create_domain_parameters(
                curve.type, {Attribute.EC_PARAMS: curve.parameters}, local=True
            )
            public, private = parameters.generate_keypair(
                id=id_, label=label, store=True, private_template=_STAYS_INSIDE
            )
            session.keys[id_, label] = _able_to_sign(private)
            point = public[Attribute.EC_POINT][-curve.point_length :]  # some wrap it into an OCTET STRING, some do not
            return id_, PublicKey.from_bytes(kind, curve.public(point))

        try:
            return self._ask(generate)
        except NotAKey as why:
            raise TokenAway(f"the token {self.label} made something else than a {kind.name} key: {why}") from None

    def sign(self, kind: KeyKind, id_: bytes, label: str, data: bytes) -> bytes:
        """The signature of the key with this id and label. Raises `TokenAway`."""
        curve = _CURVES[kind]

        def sign(session: _Session) -> bytes:
            key = session.keys.get((id_, label))
            if key is None:
                try:
                    found = session.session.get_key(ObjectClass.PRIVATE_KEY, key_type=curve.type, label=label, id=id_)
                except pkcs11.NoSuchKey:
                    raise pkcs11.NoSuchKey(f"it has no key {label} with the id {id_.hex()}") from None
                key = session.keys[id_, label] = _able_to_sign(found)
            return bytes(key.sign(curve.signed(data), mechanism=curve.mechanism))

        return self._ask(sign)

    def _ask(self, question: Callable[[_Session], _Answer]) -> _Answer:
        with self._lock:
            if self._open is not None:
                with suppress(pkcs11.PKCS11Error):  # a session may have ended since; whether more did, shows below
                    return question(self._open)
                self._let_go()
            try:
                self._open = self._log_in()
                return question(self._open)
            except pkcs11.PKCS11Error as error:
                self._let_go()
                raise TokenAway(f"the token {self.label} cannot be used now: {_named(error)}") from None

    def _log_in(self) -> _Session:
        if self._refused is not None:
            raise self._refused
        try:
            token = self._find()
            return _Session(token.open(rw=True, user_pin=self._pin.get_secret_value()))
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
            why = f"the token {self.label} refuses its PIN (LAUREL_ISSUER_PKCS11_PIN); a few wrong ones lock a token"
        except pkcs11.PinLocked:
            why = f"the token {self.label} is locked: too many wrong PINs were tried, and its security officer opens it"
        except pkcs11.UserPinNotInitialized:
            why = f"the token {self.label} has no user PIN yet: its security officer sets one"
        self._refused = TokenRefuses(why)
        raise self._refused

    def _find(self) -> pkcs11.Token:
        try:
            module = pkcs11.lib(self._module)
        except pkcs11.PKCS11Error as error:
            if type(error) is not pkcs11.PKCS11Error:  # it was loaded, and cannot begin
                raise
            why = str(error).removeprefix(f"OS exception while loading {self._module}: ")
            raise TokenRefuses(f"LAUREL_ISSUER_PKCS11_MODULE is no PKCS#11 module: {why}") from None
        try:
            return module.get_token(token_label=self.label)
        except pkcs11.NoSuchToken:
            module.reinitialize()  # many a module looks once which tokens there are
        try:
            return module.get_token(token_label=self.label)
        except pkcs11.NoSuchToken:
            raise TokenAway(f"{self._module} has no token {self.label} (LAUREL_ISSUER_PKCS11_TOKEN)") from None
        except pkcs11.MultipleTokensReturned:
            raise TokenRefuses(f"{self._module} has several tokens {self.label}, and it must be clear which") from None

    def _let_go(self) -> None:
        """End the session, and the module with it: some find a device that went away only when they begin anew."""
        opened, self._open = self._open, None
        with suppress(pkcs11.PKCS11Error):
            if opened is not None:
                opened.session.close()
        with suppress(pkcs11.PKCS11Error):
            pkcs11.lib(self._module).finalize()


def _able_to_sign(key: pkcs11.Key) -> pkcs11.SignMixin:
    if not isinstance(key, pkcs11.SignMixin):
        raise pkcs11.KeyTypeInconsistent(f"its key {key.label} may not sign")
    return key


def _named(error: pkcs11.PKCS11Error) -> str:
    return str(error) or type(error).__name__
