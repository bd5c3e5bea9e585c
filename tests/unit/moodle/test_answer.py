"""What the bridge's answer means, and what the administrator is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

NOW = 1795437433  # 2026-11-23T12:37:13Z
RECEIPT = {
    "completion": "0B54D9C5-7B0F-5D1D-9B57-0A8B3B0D3A11",
    "duplicate": False,
    "server_time": "2026-11-23T12:37:13.000Z",
}


def answer(
    plugin: Callable[..., Any], status: int, body: object = "", receipt: str = "completion", **headers: str
) -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    read: dict[str, Any] = plugin("answer", status=status, body=text, headers=named, now=NOW, receipt=receipt)
    return read


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_receipt_is_a_success(plugin: Callable[..., Any], status: int) -> None:
    read = answer(plugin, status, RECEIPT)
    assert read["failure"] is None
    assert read["said"] == RECEIPT
    assert read["ahead"] == 0


@pytest.mark.parametrize(
    ("receipt", "body", "well"),
    [
        ("state", {"state": "issued"}, True),
        ("state", RECEIPT, False),
        ("platform", {"platform": "campus"}, True),
        ("items", {"items": []}, True),
        ("correction", {"correction": RECEIPT["completion"]}, True),
        ("correction", {"correction": "done"}, False),
    ],
)
def test_only_what_was_asked_for_is_a_success(
    plugin: Callable[..., Any], receipt: str, body: object, *, well: bool
) -> None:
    assert (answer(plugin, 200, body, receipt)["failure"] is None) is well


def test_the_receipt_tells_how_far_the_clock_is_off(plugin: Callable[..., Any]) -> None:
    assert answer(plugin, 202, RECEIPT | {"server_time": "2026-11-23T12:36:13.000Z"})["ahead"] == 60


@pytest.mark.parametrize(
    "body",
    [
        "",
        "The URL is blocked.",
        "<html>Welcome</html>",
        "[]",
        '{"ok": true}',
        '{"completion": 7}',
        '{"completion": "yes"}',
    ],
)
def test_two_hundred_without_a_receipt_is_no_success(plugin: Callable[..., Any], body: str) -> None:
    assert answer(plugin, 200, body)["failure"] == "address"


@pytest.mark.parametrize(
    ("status", "failure", "final", "concerns_all"),
    [
        (301, "redirect", False, True),
        (307, "redirect", False, True),
        (400, "rejected", True, False),
        (401, "unauthorised", False, True),
        (403, "unauthorised", False, True),
        (404, "address", False, True),
        (405, "address", False, True),
        (409, "conflict", True, False),
        (413, "rejected", True, False),
        (418, "address", False, True),
        (422, "rejected", True, False),
        (429, "busy", False, True),
        (500, "broken", False, False),
        (502, "busy", False, True),
        (503, "busy", False, True),
    ],
)
def test_each_status_has_its_consequence(
    plugin: Callable[..., Any], status: int, failure: str, *, final: bool, concerns_all: bool
) -> None:
    read = answer(plugin, status, {"title": "No", "detail": "because"})
    assert (read["failure"], read["final"], read["concerns_all"]) == (failure, final, concerns_all)
    assert read["facts"]["reason"] == "No: because"
    assert read["said"] == {}


@pytest.mark.parametrize(
    ("server_time", "seconds", "direction"),
    [
        ("2026-11-23T12:30:21.000Z", "412", "ahead"),
        ("2026-11-23T13:37:13Z", "3600", "behind"),
        (NOW - 700, "700", "ahead"),
    ],
)
def test_a_clock_that_is_wrong_is_named_with_its_offset(
    plugin: Callable[..., Any], server_time: object, seconds: str, direction: str
) -> None:
    read = answer(plugin, 401, {"title": "Stale", "server_time": server_time})
    assert read["failure"] == "clock"
    assert (read["facts"]["seconds"], read["facts"]["direction"]) == (seconds, direction)


def test_the_date_header_tells_the_time_too(plugin: Callable[..., Any]) -> None:
    read = answer(plugin, 401, "no", Date="Mon, 23 Nov 2026 12:17:13 GMT")
    assert read["failure"] == "clock"
    assert read["facts"]["seconds"] == "1200"
    assert read["facts"]["servertime"] == "2026-11-23 12:17:13 UTC"


def test_a_right_clock_leaves_the_secret_as_the_cause(plugin: Callable[..., Any]) -> None:
    assert answer(plugin, 401, {"server_time": "2026-11-23T12:37:40Z"})["failure"] == "unauthorised"
    assert answer(plugin, 401, {"server_time": "yesterday, or so"})["failure"] == "unauthorised"


@pytest.mark.parametrize(("header", "seconds"), [("120", 120), ("Mon, 23 Nov 2026 13:00:00 GMT", None), ("-1", None)])
def test_patience_asked_for_in_seconds_is_heeded(plugin: Callable[..., Any], header: str, seconds: int | None) -> None:
    assert answer(plugin, 503, "", Retry_After=header)["retryafter"] == seconds


def test_a_redirect_says_where_to(plugin: Callable[..., Any]) -> None:
    assert answer(plugin, 302, "", Location="https://new.example/")["facts"]["location"] == "https://new.example/"


def test_a_page_is_told_in_short_and_without_markup(plugin: Callable[..., Any]) -> None:
    read = answer(plugin, 502, "<html><h1>Bad\n  gateway</h1>" + "ö" * 1000)
    assert read["facts"]["reason"].startswith("Bad gateway")
    assert len(read["facts"]["reason"]) == 301


@pytest.mark.parametrize(
    ("attempts", "asked", "seconds"),
    [
        (1, None, 60),
        (2, None, 120),
        (5, None, 960),
        (9, None, 15_360),
        (10, None, 21_600),
        (1_000_000, None, 21_600),
        (1, 900, 900),
        (4, 60, 480),
        (1, 10**9, 21_600),
    ],
)
def test_the_wait_grows_to_six_hours_and_never_ends(
    plugin: Callable[..., Any], attempts: int, asked: int | None, seconds: int
) -> None:
    assert plugin("wait", attempts=attempts, asked=asked) == seconds


def test_a_bridge_that_is_away_is_asked_again_within_a_quarter_of_an_hour(plugin: Callable[..., Any]) -> None:
    assert plugin("wait", attempts=4, asked=None, most=900) == 480
    assert plugin("wait", attempts=50, asked=None, most=900) == 900
    assert plugin("wait", attempts=50, asked=3600, most=900) == 3600, "unless it asked for patience"


def test_each_delivery_of_a_batch_is_answered_as_if_it_were_alone(plugin: Callable[..., Any]) -> None:
    correction = {"status": 202, "correction": RECEIPT["completion"], "duplicate": False, "effect": "told"}
    refused = {"status": 409, "problem": {"title": "No", "detail": "because"}}
    items = [{"status": 202, **RECEIPT}, refused, correction, {"status": 202}, {}]
    body = json.dumps({"items": items, "server_time": RECEIPT["server_time"]})
    receipts = ["completion", "completion", "correction", "completion", "completion"]
    each = plugin("each", body=body, receipts=receipts, now=NOW)
    assert [failure for failure, _ in each] == [None, "conflict", None, "address", "address"]
    assert [said.get("effect") for _, said in each] == [None, None, "told", None, None]
    assert plugin("each", body=body, receipts=receipts[:4], now=NOW) is None, "not each is spoken of"


def test_every_failure_has_its_words_with_the_facts_it_is_given(plugin: Callable[..., Any]) -> None:
    strings = plugin("strings", language="en")
    known = {"url", "status", "reason"}
    own = {"redirect": {"location"}, "clock": {"seconds", "direction", "servertime"}, "blocked": {"host", "port"}}
    for failure in plugin("failures"):
        placeholders = set(re.findall(r"\{\$a->(\w+)\}", strings[f"failure_{failure}"]))
        assert placeholders <= known | own.get(failure, set()), failure
