"""Key binding (RFC 9901, section 7.3): only the holder, only for this reader, only now, only exactly this."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials.jose import Jws, NotAToken, sign, to_jwk
from credentials.keys import NotAKey, SigningKey
from credentials.proofs.key_binding import NotHeld, Occasion, bind, check_key_binding, holder_key
from credentials.proofs.sd_jwt import SD_JWT, Disclosable, SdJwt
from tests.builders import NOW

ISSUER, HOLDER, THIEF = (SigningKey.generate() for _ in range(3))
CLAIMS = {"cnf": {"jwk": to_jwk(HOLDER.public)}, "a": Disclosable(1), "b": Disclosable(2)}
CREDENTIAL = SD_JWT.secure(CLAIMS, ISSUER, "did:web:uex.example.org#key-1", NOW)
SHOWN = SdJwt.parse(CREDENTIAL).showing(lambda path: path == ("a",))
READER, NONCE = "https://employer.example", "n-0S6_WzA2Mj"
OCCASION = Occasion(READER, NONCE)


def presented(key: SigningKey = HOLDER, **changes: Any) -> SdJwt:  # noqa: ANN401 what bind takes
    known: dict[str, Any] = {"audience": READER, "nonce": NONCE, "issued": NOW}
    return SdJwt.parse(bind(SHOWN.text, key, **{**known, **changes}))


def with_token(header: dict[str, Any], claims: dict[str, Any]) -> SdJwt:
    honest = SdJwt.parse(bind(SHOWN.text, HOLDER, audience=READER, nonce=NONCE, issued=NOW))
    assert honest.key_binding
    said = {**Jws.parse(honest.key_binding).claims(), **claims}
    said = {name: value for name, value in said.items() if value is not None}
    return SdJwt.parse(SHOWN.text + sign({"typ": "kb+jwt", **header}, said, HOLDER))


def held(token: SdJwt, *, after: float = 0, occasion: Occasion | None = OCCASION) -> None:
    key = holder_key(token.reveal().claims)
    assert key == HOLDER.public
    check_key_binding(token, key, now=NOW + timedelta(seconds=after), occasion=occasion)


def test_the_holder_is_known_by_the_key() -> None:
    held(presented())
    held(presented(), after=299)
    held(presented(), after=10_000, occasion=None)
    held(with_token({}, {"exp": NOW.timestamp() + 60, "nbf": NOW.timestamp()}))


@pytest.mark.parametrize(
    "token",
    [
        SHOWN,
        presented(THIEF),
        presented(audience="https://elsewhere.example"),
        presented(nonce="another"),
        presented(issued=NOW - timedelta(minutes=10)),
        presented(issued=NOW + timedelta(minutes=10)),
        with_token({"typ": "JWT"}, {}),
        with_token({}, {"sd_hash": "AAAA"}),
        with_token({}, {"sd_hash": None}),
        with_token({}, {"iat": None}),
        with_token({}, {"iat": "now"}),
        with_token({}, {"iat": 1e300}),
        with_token({}, {"iat": True}),
        with_token({}, {"aud": None}),
        with_token({}, {"aud": [READER]}),
        with_token({}, {"nonce": None}),
        with_token({}, {"nonce": 5}),
        with_token({}, {"exp": NOW.timestamp() - 100}),
        with_token({}, {"nbf": NOW.timestamp() + 100}),
    ],
)
def test_whoever_does_not_prove_it_does_not_hold_it(token: SdJwt) -> None:
    with pytest.raises(NotHeld):
        held(token)


def test_what_was_shown_to_one_reader_says_nothing_of_more_or_less() -> None:
    token = presented()
    whole, less = SdJwt.parse(CREDENTIAL), SHOWN.showing(lambda _: False)
    for other in (whole, less):
        with pytest.raises(NotHeld):
            held(SdJwt.parse(other.text + str(token.key_binding)))


def test_a_token_that_is_none_is_malformed() -> None:
    with pytest.raises(NotAToken):
        held(SdJwt.parse(SHOWN.text + "a.b.c"))


def test_a_credential_may_be_bound_to_nobody_or_in_another_way() -> None:
    assert holder_key({}) is None
    for other in ({}, None, {"kid": "did:example:ana"}, []):
        with pytest.raises(NotHeld):
            holder_key({"cnf": other})
    with pytest.raises(NotAKey):
        holder_key({"cnf": {"jwk": {"kty": "RSA"}}})
