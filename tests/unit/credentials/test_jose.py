from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.jose import (
    ALGORITHMS,
    Jws,
    NotAToken,
    algorithm_of,
    b64,
    from_b64,
    from_jwk,
    read_json,
    sign,
    sign_bytes,
    thumbprint,
    to_jwk,
)
from credentials.keys import ED25519, P256, NotAKey, PublicKey, SigningKey
from schemas.faults import Malformed

KINDS = pytest.mark.parametrize(
    "key", [SigningKey.generate(known.key) for known in ALGORITHMS], ids=lambda k: k.kind.name
)


@KINDS
def test_a_token_verifies_with_its_key_and_with_no_other(key: SigningKey) -> None:
    token = Jws.parse(sign({"typ": "JWT"}, {"iss": "https://uex.example", "n": "Ångström"}, key))
    assert token.header == {"alg": algorithm_of(key.kind).name, "typ": "JWT"}
    assert token.claims() == {"iss": "https://uex.example", "n": "Ångström"}
    assert token.verify(key.public)
    assert not token.verify(SigningKey.generate(key.kind).public)


@KINDS
def test_no_character_of_a_token_can_be_another(key: SigningKey) -> None:
    text = sign({}, {"sub": "ana"}, key)
    for place, character in enumerate(text):
        for other in "Aa9-_.~=":
            if other == character:
                continue
            forged = text[:place] + other + text[place + 1 :]
            with suppress(NotAToken):
                assert not Jws.parse(forged).verify(key.public), (place, other)


@KINDS
@pytest.mark.parametrize("name", ["none", "None", "HS256", "RS256", "", None, 1, ["EdDSA"]])
def test_the_token_does_not_choose_its_algorithm(key: SigningKey, name: object) -> None:
    head = b64(json.dumps({"alg": name}).encode())
    signed = f"{head}.{b64(b'{}')}"
    token = Jws.parse(f"{signed}.{b64(key.sign(signed.encode()))}")
    assert token.algorithm is None
    assert not token.verify(key.public)


def test_the_example_of_the_rfc_verifies() -> None:
    # RFC 8037, appendix A.4.
    key = SigningKey.from_private(from_b64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    assert to_jwk(key.public) == {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    assert thumbprint(key.public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    text = sign_bytes({}, b"Example of Ed25519 signing", key)
    assert text == (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki"
        "4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    assert Jws.parse(text).verify(key.public)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a.b",
        "..",
        "e30.e30",
        "e30.e30.AA.AA",
        "e30..AA",
        "e30=.e30.AA",
        "e3 0.e30.AA",
        "bnVsbA.e30.AA",
        "W10.e30.AA",
        b64(b'{"alg":"EdDSA","alg":"none"}') + ".e30.AA",
        b64(b'{"alg":"EdDSA","crit":["b64"],"b64":false}') + ".e30.AA",
        b64(b"\xff") + ".e30.AA",
        b64(b"[" * 100_000) + ".e30.AA",
        "e30.e30." + "A" * 2_000_001,
    ],
)
def test_what_is_no_token_is_malformed(text: str) -> None:
    with pytest.raises(NotAToken):
        Jws.parse(text)


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"a":NaN}', b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b'"\\ud800"', b"1" * 10_000, b"\xff"]
)
def test_json_with_more_than_one_meaning_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_json(data)


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=4,
    ),
    st.sampled_from([{}, {"indent": 1}, {"separators": (",", ":")}, {"ensure_ascii": False, "separators": (",", ":")}]),
)
def test_json_is_read_as_it_was_written_whether_quickly_or_not(value: Any, style: Any) -> None:  # noqa: ANN401 any JSON
    assert read_json(json.dumps(value, **style).encode()) == value
    with suppress(TypeError):  # an integer of more than 64 bits
        assert read_json(orjson.dumps(value)) == value


@pytest.mark.parametrize("levels", [64, 65, 200, 300])
def test_what_is_nested_deeply_is_malformed_whether_read_quickly_or_not(levels: int) -> None:
    inner = b"[" * (levels - 1) + b"]" * (levels - 1)
    for data in (b'{"a":' + inner + b"}", b'{"a": ' + inner + b"}"):
        if levels <= 64:
            assert read_json(data)
        else:
            with pytest.raises(Malformed):
                read_json(data)


def test_what_says_too_much_is_malformed() -> None:
    for few, many in ((b"1,", 30_000), (b"[],", 21_000)):
        with pytest.raises(Malformed):
            read_json(b'{"a":[' + few * many + b"1]}")


def test_base64url_has_one_text_for_each_bytes() -> None:
    for length in range(40):
        data = bytes(range(200, 200 + length))
        assert from_b64(b64(data)) == data
    for text in ("A", "AB", "AAB", "AA==", "A+", "A/AA", "AA\n"):
        with pytest.raises(NotAToken):
            from_b64(text)


@KINDS
def test_a_jwk_gives_its_key_back(key: SigningKey) -> None:
    assert from_jwk(to_jwk(key.public)) == key.public
    assert from_jwk({**to_jwk(key.public), "kid": "1", "use": "sig"}) == key.public


def test_the_p256_example_of_the_rfc_verifies() -> None:
    # RFC 7515, appendix A.3.
    key = from_jwk(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }
    )
    token = Jws.parse(
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        "cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    assert token.verify(key)


JWK = to_jwk(SigningKey.generate().public)
POINT = to_jwk(SigningKey.generate(P256).public)


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        [],
        {},
        {**JWK, "d": "AA"},
        {**JWK, "x": None},
        {**JWK, "x": "AA"},
        {**JWK, "x": "="},
        {**JWK, "crv": "X25519"},
        {**JWK, "alg": "HS256"},
        {**POINT, "alg": "EdDSA"},
        {**POINT, "y": POINT["x"]},
        {**POINT, "x": "AA"},
        {**POINT, "y": None},
        {**POINT, "x": b64(bytes(32)), "y": b64(bytes(32))},
        {**POINT, "crv": "P-384"},
        {"kty": "oct", "k": "AA"},
        {"kty": "RSA", "n": "AQ", "e": "AQAB"},
    ],
)
def test_what_is_no_public_key_is_no_key(jwk: Any) -> None:  # noqa: ANN401 anything a stranger may write
    with pytest.raises(NotAKey):
        from_jwk(jwk)


def test_small_orders_do_not_verify() -> None:
    assert not PublicKey(ED25519, bytes(32)).verify(bytes(64), b"")
