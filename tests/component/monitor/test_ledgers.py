"""The ledgers over HTTP: every page, the right token, and no half answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from monitor.adapters.ledgers import HttpLedgers
from monitor.domain.account import Ending
from schemas.faults import Unavailable
from tests.builders import an_id

AT = "2026-11-23T10:00:00.000Z"
ORIGINS = {"bridge": "http://bridge", "issuer": "http://issuer", "monitor": "http://issuer"}


def ledgers(answer: Callable[[httpx2.Request], httpx2.Response]) -> HttpLedgers:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return HttpLedgers(http, SecretStr("lrl_operator_of-our-own"), ORIGINS)


def completion(name: str) -> dict[str, Any]:
    return {"completion": str(an_id(name)), "platform": "moodle", "received": AT, "state": "in-flight", "more": 1}


async def test_all_pages_are_read_with_our_own_token_since_the_moment_asked_for() -> None:
    asked: list[httpx2.Request] = []

    def bridge(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        first = "after" not in request.url.params
        items = [completion("a")] if first else [completion("b")]
        body = {"items": items, "next": "more" if first else None, "duplicates": 3, "turned_away": 4}
        return httpx2.Response(200, json=body)

    intake = await ledgers(bridge).intake(datetime(2026, 11, 1, tzinfo=UTC))
    assert [line.completion for line in intake.accepted] == [an_id("a"), an_id("b")]
    assert (intake.duplicates, intake.turned_away) == (3, 4)
    assert [dict(request.url.params) for request in asked] == [
        {"since": "2026-11-01T00:00:00.000Z"},
        {"since": "2026-11-01T00:00:00.000Z", "after": "more"},
    ]
    assert {request.headers["authorization"] for request in asked} == {"Bearer lrl_operator_of-our-own"}
    assert {request.url.host for request in asked} == {"bridge"}


async def test_what_waits_at_the_issuer_is_no_outcome_yet() -> None:
    def issuer(_: httpx2.Request) -> httpx2.Response:
        states = ("issued", "refused", "waiting")
        items = [{"completion": str(an_id(one)), "platform": "moodle", "state": one, "decided": AT} for one in states]
        return httpx2.Response(200, json={"items": items, "next": None})

    decided = await ledgers(issuer).decided(None)
    assert [line.state for line in decided] == [Ending.ISSUED, Ending.REFUSED]


async def test_services_at_one_address_are_asked_once() -> None:
    hosts: list[str] = []

    def service(request: httpx2.Request) -> httpx2.Response:
        hosts.append(request.url.host)
        item = {
            "id": "1", "service": request.url.host, "group": "g", "topic": "t", "partition": 0, "offset": 0,
            "reason": "invalid", "detail": "…", "completion": None, "platform": None, "first_seen": AT,
            "last_seen": AT, "attempts": 1,
        }  # fmt: skip
        return httpx2.Response(200, json={"items": [item], "next": None})

    parked = await ledgers(service).parked()
    assert sorted(hosts) == ["bridge", "issuer"]
    assert {message.service for message in parked} == {"bridge", "issuer"}


async def test_of_what_waits_for_somebody_the_oldest_are_read() -> None:
    asked: list[httpx2.Request] = []

    def issuer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        item = {
            **{name: str(an_id(name)) for name in ("correction", "completion", "award")},
            "platform": "moodle", "organisation": "uex", "offering": "data-ethics", "change": "grade-changed",
            "effect": "review", "detail": "…", "decided": AT, "open": True,
        }  # fmt: skip
        return httpx2.Response(200, json={"items": [item], "next": "more"})

    (review,) = await ledgers(issuer).reviews(1)
    assert (review.correction, review.effect) == (an_id("correction"), "review")
    assert [(request.url.path, dict(request.url.params)) for request in asked] == [
        ("/api/v1/corrections", {"limit": "1"})
    ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx2.Response(401, json={}), "the issuer answered 401"),
        (httpx2.Response(500, text="oops"), "the issuer answered 500"),
        (httpx2.Response(200, text="<html>"), "something else than a ledger"),
        (httpx2.Response(200, json={"items": [{"completion": "no uuid"}]}), "something else than a ledger"),
    ],
)
async def test_an_answer_that_is_no_ledger_is_unavailable_not_empty(answer: httpx2.Response, said: str) -> None:
    with pytest.raises(Unavailable, match=said):
        await ledgers(lambda _: answer).decided(None)


async def test_a_service_that_does_not_answer_is_unavailable() -> None:
    def nobody(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    with pytest.raises(Unavailable, match="the bridge does not answer"):
        await ledgers(nobody).intake(None)
