from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from moodle_bridge.domain.webhook import TOLERANCE, Doubt, Signed, doubt, secret_text, signature

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECRET, OTHER = b"s" * 32, b"t" * 32
ID = str(UUID("9d0a5e3c-6f0b-4a11-8f52-0c0f9f9e7d5b"))


def signed(body: bytes = b'{"a": 1}', *, at: datetime = NOW, secret: bytes = SECRET, id_: str = ID) -> Signed:
    draft = Signed(id_, str(int(at.timestamp())), "", body)
    return replace(draft, signature=v1(signature(secret, draft)))


def v1(raw: bytes) -> str:
    return f"v1,{base64.b64encode(raw).decode()}"


def test_the_standards_own_example_comes_out() -> None:
    """Source: the reference libraries' test vector."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    example = Signed("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "", b'{"test": 2432232314}')
    assert v1(signature(secret, example)) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_handed_out_in_the_standards_form() -> None:
    assert secret_text(SECRET) == "whsec_" + base64.b64encode(SECRET).decode()


def test_a_genuine_delivery_is_not_doubted() -> None:
    assert doubt(signed(), [SECRET], NOW) is None
    assert doubt(signed(b""), [SECRET], NOW) is None
    assert doubt(signed(bytes(range(256))), [SECRET], NOW) is None


def test_either_of_two_secrets_may_have_signed() -> None:
    assert doubt(signed(secret=SECRET), [OTHER, SECRET], NOW) is None
    assert doubt(signed(secret=OTHER), [OTHER, SECRET], NOW) is None
    assert doubt(signed(), [OTHER], NOW) is Doubt.SIGNATURE_WRONG
    assert doubt(signed(), [], NOW) is Doubt.SIGNATURE_WRONG


def test_several_signatures_may_stand_side_by_side_and_other_schemes_are_passed_over() -> None:
    genuine = signed()
    for text in (
        f"{v1(b'x' * 32)} {genuine.signature}",
        f"v1a,AAAA {genuine.signature}",
        f"v2,!! {genuine.signature} v1,%%",
    ):
        assert doubt(replace(genuine, signature=text), [SECRET], NOW) is None


def test_every_changed_part_is_noticed() -> None:
    genuine = signed()
    for changed in (
        replace(genuine, body=b'{"a": 2}'),
        replace(genuine, body=genuine.body + b" "),
        replace(genuine, body=b""),
        replace(genuine, id=str(UUID(int=1))),
        replace(genuine, timestamp=str(int(NOW.timestamp()) + 1)),
        replace(genuine, signature="v1,"),
        replace(genuine, signature=""),
        replace(genuine, signature=genuine.signature[3:]),
        replace(genuine, signature=genuine.signature.replace("v1,", "v2,")),
        replace(genuine, signature=genuine.signature[:-4]),
        replace(genuine, signature="v1,é"),
    ):
        assert doubt(changed, [SECRET], NOW) is Doubt.SIGNATURE_WRONG


def test_what_is_signed_is_unambiguous() -> None:
    """`a.1` + `2` + body and `a` + `1` + `2.body` would be the same bytes, were an id allowed to have a dot."""
    tricky = signed(b"{}", id_=f"{ID}.1")
    assert doubt(tricky, [SECRET], NOW) is Doubt.HEADERS_MISSING


@pytest.mark.parametrize(
    "id_", ["", "1", "msg_1", ID.replace("-", ""), f"{{{ID}}}", f" {ID}", f"urn:uuid:{ID}", "\x00"]
)
def test_a_delivery_id_is_a_uuid(id_: str) -> None:
    assert doubt(signed(id_=id_), [SECRET], NOW) is Doubt.HEADERS_MISSING


@pytest.mark.parametrize("timestamp", ["", "now", "1e9", "-1", "1.5", " 1", "٣", "9" * 13, "0x10", "1\n"])
def test_a_timestamp_is_unix_seconds(timestamp: str) -> None:
    draft = replace(signed(), timestamp=timestamp)
    assert doubt(replace(draft, signature=v1(signature(SECRET, draft))), [SECRET], NOW) is Doubt.HEADERS_MISSING


def test_a_moment_too_far_from_now_is_stale_either_way() -> None:
    for way in (1, -1):
        assert doubt(signed(at=NOW + way * TOLERANCE), [SECRET], NOW) is None
        beyond = NOW + way * (TOLERANCE + timedelta(seconds=1))
        assert doubt(signed(at=beyond), [SECRET], NOW) is Doubt.TIMESTAMP_STALE
    assert doubt(signed(at=datetime(1970, 1, 1, tzinfo=UTC)), [SECRET], NOW) is Doubt.TIMESTAMP_STALE


def test_a_timestamp_beyond_all_calendars_is_stale_and_no_accident() -> None:
    draft = replace(signed(), timestamp="9" * 12)
    assert doubt(replace(draft, signature=v1(signature(SECRET, draft))), [SECRET], NOW) is Doubt.TIMESTAMP_STALE


def test_only_the_genuine_learn_that_their_clock_is_wrong() -> None:
    stale = signed(at=NOW - timedelta(days=1), secret=OTHER)
    assert doubt(stale, [SECRET], NOW) is Doubt.SIGNATURE_WRONG


def test_a_flood_of_signatures_is_not_worked_through() -> None:
    genuine = signed()
    flood = " ".join([v1(b"x" * 32)] * 8 + [genuine.signature])
    assert doubt(replace(genuine, signature=flood), [SECRET], NOW) is Doubt.HEADERS_MISSING
