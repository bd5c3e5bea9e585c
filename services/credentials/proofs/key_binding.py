"""Key binding: the holder proves, for one reader and one occasion, to have the key a credential was issued to.

Source: RFC 9901, sections 4.3 and 7.3; RFC 7800 (`cnf`).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from credentials import jose
from credentials.jose import Jws, b64
from credentials.keys import PrivateKey, PublicKey
from credentials.proofs.sd_jwt import HASHES, SdJwt
from schemas.faults import Malformed
from schemas.values import JsonObject

TYP: Final = "kb+jwt"
MAX_AGE: Final = timedelta(minutes=5)
CLOCK_SKEW: Final = timedelta(minutes=1)


class NotHeld(Malformed):
    """Whoever shows it did not prove to hold it."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a verifier asked the holder to sign: for whom, and a number used once. What is None was not asked."""

    audience: str | tuple[str, ...] | None
    """One of these."""
    nonce: str | None
    max_age: timedelta = MAX_AGE


def bind(presentation: str, key: PrivateKey, *, audience: str, nonce: str, issued: datetime) -> str:
    """A presentation with the holder's own token after it.

    Raises:
        NotAnSdJwt, NotAToken, Unbounded: it is no SD-JWT.
    """
    sd_jwt = SdJwt.parse(presentation)
    claims = {"iat": int(issued.timestamp()), "aud": audience, "nonce": nonce, "sd_hash": _sd_hash(sd_jwt)}
    return sd_jwt.presented + jose.sign({"typ": TYP}, claims, key)


def holder_key(claims: JsonObject) -> PublicKey | None:
    """The key a credential is bound to (`cnf.jwk`), None where it is bound to none.

    Raises:
        NotAKey: it is bound to a key of a kind not known here.
        NotHeld: it is bound in another way than to a key.
    """
    if "cnf" not in claims:
        return None
    confirmation = claims["cnf"]
    if not isinstance(confirmation, dict) or "jwk" not in confirmation:
        raise NotHeld("it is bound to its holder in a way that is not known here")
    return jose.from_jwk(confirmation["jwk"])


def check_key_binding(sd_jwt: SdJwt, key: PublicKey, *, now: datetime, occasion: Occasion | None = None) -> None:
    """Hold a presentation's own token to section 7.3; to the occasion where there is one.

    Without an occasion only this is known: somebody with that key once showed exactly this.

    Raises:
        NotHeld: a rule is broken.
        NotAToken: the token cannot be read.
    """
    if sd_jwt.key_binding is None:
        raise NotHeld("nothing proves that whoever shows it holds it")
    token = Jws.parse(sd_jwt.key_binding)
    if token.header.get("typ") != TYP:
        raise NotHeld(f"the holder's token is not of the type {TYP}")
    if not token.verify(key):
        raise NotHeld("the holder's token is not signed with the key it was issued to")
    claims = token.claims()
    stated = claims.get("sd_hash")
    if not isinstance(stated, str) or not hmac.compare_digest(stated.encode(), _sd_hash(sd_jwt).encode()):
        raise NotHeld("the holder's token was made for showing something else")
    issued = _moment(claims.get("iat"))
    if not all(isinstance(claims.get(name), str) for name in ("aud", "nonce")):
        raise NotHeld("the holder's token does not say for whom and what for")
    if "exp" in claims and now - CLOCK_SKEW >= _moment(claims["exp"]):
        raise NotHeld("the holder's token has expired")
    if "nbf" in claims and now + CLOCK_SKEW < _moment(claims["nbf"]):
        raise NotHeld("the holder's token does not count yet")
    if occasion is not None:
        _check_occasion(claims, issued, occasion, now)


def _check_occasion(claims: JsonObject, issued: datetime, occasion: Occasion, now: datetime) -> None:
    audiences = (occasion.audience,) if isinstance(occasion.audience, str) else occasion.audience
    if audiences is not None and claims["aud"] not in audiences:
        raise NotHeld(f"it was shown to {claims['aud'][:200]!r}, not to {' or '.join(audiences)[:200]!r}")
    if occasion.nonce is not None and not hmac.compare_digest(claims["nonce"].encode(), occasion.nonce.encode()):
        raise NotHeld("it was shown on another occasion: the nonce is not the one that was asked for")
    if not now - occasion.max_age - CLOCK_SKEW <= issued <= now + CLOCK_SKEW:
        raise NotHeld(f"it was shown at {issued.isoformat()}, not now")


def _moment(seconds: object) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise NotHeld("the holder's token says no time")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise NotHeld("the holder's token says a time that is none") from None


def _sd_hash(sd_jwt: SdJwt) -> str:
    return b64(HASHES[sd_jwt.hash_name(sd_jwt.jws.claims())](sd_jwt.presented.encode()).digest())
