"""Deliveries are signed as Standard Webhooks 1.0 says."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from moodle_bridge.domain.webhook import signed_headers

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def headers_of(plugin: Callable[..., Any], body: str, timestamp: int = 1795436848) -> dict[str, str]:
    signed: dict[str, str] = plugin(
        "headers",
        platform="campus",
        secret=SECRET,
        id="eb5ab4ab-e38d-4832-b7de-3df137b632b7",
        timestamp=timestamp,
        body=body,
    )
    return signed


def vouches(headers: dict[str, str], body: str) -> bool:
    """Verify as the specification describes, from the headers and the raw body alone."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    expected = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    version, _, signature = headers["webhook-signature"].partition(",")
    return version == "v1" and hmac.compare_digest(base64.b64decode(signature), expected)


@pytest.mark.parametrize("body", ['{"version":1}', "", '{"learner":"Zoë 🎓 Ñandú"}', "a" * 100_000])
def test_a_python_verifier_of_standard_webhooks_accepts_the_signature(plugin: Callable[..., Any], body: str) -> None:
    assert vouches(headers_of(plugin, body), body)


def test_one_changed_byte_is_noticed(plugin: Callable[..., Any]) -> None:
    headers = headers_of(plugin, '{"passed":false}')
    assert not vouches(headers, '{"passed":true }')
    assert not vouches(headers | {"webhook-timestamp": "1795436849"}, '{"passed":false}')


def test_the_vector_of_the_standard_webhooks_libraries_comes_out(plugin: Callable[..., Any]) -> None:
    """From the reference libraries' tests: github.com/standard-webhooks/standard-webhooks."""
    signed = plugin(
        "headers",
        platform="campus",
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body='{"test": 2432232314}',
    )
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_headers_name_the_platform_and_keep_the_delivery_s_id(plugin: Callable[..., Any]) -> None:
    headers = headers_of(plugin, "{}")
    assert headers["laurel-platform"] == "campus"
    assert headers["webhook-id"] == "eb5ab4ab-e38d-4832-b7de-3df137b632b7"
    assert headers["webhook-timestamp"] == "1795436848"


def test_two_secrets_sign_both_while_one_takes_the_place_of_the_other(plugin: Callable[..., Any]) -> None:
    other = "whsec_" + base64.b64encode(bytes(32)).decode()
    arguments = {"platform": "campus", "id": "a", "timestamp": 1795436848, "body": "{}"}
    both = plugin("headers", secret=[SECRET, other], **arguments)["webhook-signature"]
    alone = [plugin("headers", secret=one, **arguments)["webhook-signature"] for one in (SECRET, other)]
    assert both == " ".join(alone)


@pytest.mark.parametrize(
    ("secret", "fits"),
    [
        (SECRET, True),
        (f" {SECRET}\n", True),
        (SECRET.removeprefix("whsec_"), False),
        ("whsec_", False),
        ("whsec_c2hvcnQ=", False),
        ("whsec_not base64 at all, though long enough!", False),
        (SECRET[:-8] + "%%%%%%%%", False),
    ],
)
def test_a_secret_is_recognised_by_its_form(plugin: Callable[..., Any], secret: str, *, fits: bool) -> None:
    assert plugin("is_secret", secret=secret) is fits


OLD, NEW, OTHERS = (bytes([n]) * 32 for n in range(3))
NOW = datetime(2026, 11, 23, 12, 37, 13, tzinfo=UTC)
TOLD = '{"version":1,"items":[{"detail":"Zoë"}]}'


def believed(plugin: Callable[..., Any], *secrets: bytes, late: int = 0, **changed: str) -> bool:
    """Whether the plugin, which has the old secret and the new, believes what the bridge signed with these."""
    headers = signed_headers(secrets, uuid4(), TOLD.encode(), NOW) | changed
    said: bool = plugin(
        "is_genuine",
        secret=["whsec_" + base64.b64encode(one).decode() for one in (NEW, OLD)],
        headers=headers,
        body=TOLD,
        now=int(NOW.timestamp()) + late,
    )
    return said


@pytest.mark.parametrize(
    ("secrets", "well"), [((OLD,), True), ((NEW,), True), ((OTHERS, OLD), True), ((OTHERS,), False), ((), False)]
)
def test_what_the_bridge_signs_is_believed_through_a_change_of_secrets(
    plugin: Callable[..., Any], secrets: tuple[bytes, ...], *, well: bool
) -> None:
    assert believed(plugin, *secrets) is well


@pytest.mark.parametrize(("late", "well"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_what_was_signed_too_far_from_now_is_not_believed(plugin: Callable[..., Any], late: int, *, well: bool) -> None:
    assert believed(plugin, NEW, late=late) is well


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-timestamp": "1795437434"},
        {"webhook-timestamp": ""},
        {"webhook-id": "1.2"},
        {"webhook-id": ""},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
    ],
)
def test_what_was_changed_on_the_way_is_not_believed(plugin: Callable[..., Any], changed: dict[str, str]) -> None:
    assert not believed(plugin, NEW, **changed)
