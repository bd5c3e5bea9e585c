"""The monitor as operators meet it: over HTTP, behind their token, fed by the log."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from chassis.access import Scope
from chassis.outbox import pending_event
from chassis.settings import Settings
from monitor.domain.account import Accepted, Decided, Ending, Parked
from monitor.domain.reviews import Review
from schemas.events import Event
from tests.builders import an_id, credential_verified, every_event
from tests.component.monitor.house import Running, ToldLedgers, run

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
JSON_ROUTES = ("/api/v1/flow", "/api/v1/account", "/api/v1/parked")


def accepted(name: str, state: Ending = Ending.IN_FLIGHT, at: datetime = NOW) -> Accepted:
    return Accepted(completion=an_id(name), platform="moodle", received=at, state=state)


def parked_message(name: str = "lost", detail: str = "it cannot be read") -> Parked:
    return Parked(
        id=name, service="issuer", group="issuer.assessment-completed", topic="laurel.assessment.completed",
        reason="invalid", detail=detail, first_seen=NOW, last_seen=NOW, attempts=1, completion=an_id(name),
    )  # fmt: skip


def decided(name: str) -> Decided:
    return Decided(completion=an_id(name), award=an_id("award"), platform="moodle", state=Ending.ISSUED, decided=NOW)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", JSON_ROUTES)
async def test_no_route_answers_without_a_token(monitor: Running, path: str) -> None:
    answer = await monitor.http.get(path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", JSON_ROUTES)
async def test_no_route_answers_to_a_foreign_token(monitor: Running, path: str) -> None:
    unknown = await monitor.http.get(path, headers=bearer("lrl_operator_" + "x" * 43))
    provider = await monitor.token(Scope.PROVIDER, organisation="uex")
    platform = await monitor.token(Scope.PLATFORM, organisation="uex", platform="moodle")
    bound = await monitor.token(Scope.OPERATOR, organisation="uex")
    assert unknown.status_code == 401
    for token in (provider, platform, bound):
        assert (await monitor.http.get(path, headers=bearer(token))).status_code == 403


@pytest.mark.parametrize("path", JSON_ROUTES)
async def test_operators_and_administrators_are_answered(monitor: Running, path: str) -> None:
    for scope in (Scope.OPERATOR, Scope.ADMIN):
        assert (await monitor.http.get(path, headers=bearer(await monitor.token(scope)))).status_code == 200


async def _flow(monitor: Running, **params: str) -> dict[str, Any]:
    answer: dict[str, Any] = (
        await monitor.http.get("/api/v1/flow", params=params, headers=bearer(await monitor.token()))
    ).json()
    return answer


async def _seen(monitor: Running, ids: set[UUID]) -> dict[str, Any]:
    """The flow once all of these were seen."""
    wanted = {str(id_) for id_ in ids}
    async with asyncio.timeout(20):
        while not wanted <= {event["id"] for event in (await _flow(monitor))["events"]}:  # noqa: ASYNC110 seen over HTTP
            await asyncio.sleep(0.02)
    return await _flow(monitor)


async def test_every_event_on_the_log_is_seen_once_however_often_it_is_told(monitor: Running) -> None:
    events = every_event()
    pending = [pending_event(event) for event in events]
    await monitor.chassis.publisher.publish(pending)
    await monitor.chassis.publisher.publish(pending)
    later = every_event()[0].model_copy(update={"id": an_id("another")})
    await monitor.chassis.publisher.publish([pending_event(later)])
    flow = await _seen(monitor, {*(event.id for event in events), later.id})
    counts = {tally["stage"]: tally["count"] for tally in flow["stages"]}
    assert sum(counts.values()) == len(events) + 1
    assert counts["received"] == 2
    assert all(tally["last"] for tally in flow["stages"])
    metrics = (await monitor.http.get("/metrics")).text
    assert 'laurel_credentials_issued_total{format="' in metrics
    assert "laurel_event_to_credential_seconds_bucket" in metrics


async def test_the_newest_facts_can_be_asked_for_by_stage(monitor: Running) -> None:
    events: tuple[Event, ...] = every_event()
    await monitor.chassis.publisher.publish([pending_event(event) for event in events])
    await _seen(monitor, {event.id for event in events})
    flow = await _flow(monitor, stage="refused")
    assert {event["stage"] for event in flow["events"]} == {"refused"}


async def test_the_account_names_ids(monitor: Running, ledgers: ToldLedgers) -> None:
    ledgers.accepted = [accepted("issued"), accepted("lost"), accepted("flying"), accepted("gone", Ending.REFUSED)]
    ledgers.outcomes = [decided("issued")]
    ledgers.aside = [parked_message()]
    answer = await monitor.http.get("/api/v1/account", headers=bearer(await monitor.token()))
    account = answer.json()
    unanswered = account.pop("unanswered")
    assert {(one["completion"], one["platform"]) for one in unanswered} == {
        (str(an_id("flying")), "moodle"),
        (str(an_id("gone")), "moodle"),
    }
    assert account == {
        "since": None,
        "accepted": 4,
        "direct": 0,
        "issued": 1,
        "refused": 0,
        "parked": 1,
        "in_flight": [str(an_id("flying"))],
        "unaccounted": [str(an_id("gone"))],
        "issued_twice": [],
        "duplicates": 1,
        "turned_away": 2,
    }


async def test_the_account_can_begin_at_a_moment(monitor: Running, ledgers: ToldLedgers) -> None:
    ledgers.accepted = [accepted("old", at=NOW.replace(year=2025)), accepted("new")]
    headers = bearer(await monitor.token())
    answer = await monitor.http.get("/api/v1/account", params={"since": "2026-11-01T00:00:00Z"}, headers=headers)
    assert (answer.json()["accepted"], answer.json()["since"]) == (1, "2026-11-01T00:00:00.000Z")
    wrong = await monitor.http.get("/api/v1/account", params={"since": "yesterday"}, headers=headers)
    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["field"] == "since"


async def test_half_an_account_is_none(monitor: Running, ledgers: ToldLedgers) -> None:
    ledgers.trouble = "the issuer does not answer"
    answer = await monitor.http.get("/api/v1/account", headers=bearer(await monitor.token()))
    assert answer.status_code == 503
    assert answer.json()["detail"] == "the issuer does not answer"


async def _sign_in(monitor: Running, token: str) -> httpx2.Response:
    return await monitor.http.post("/ops/login", data={"token": token})


async def test_the_page_shows_nothing_until_one_has_signed_in(monitor: Running) -> None:
    turned = await monitor.http.get("/ops", headers={"accept": "text/html"})
    assert (turned.status_code, turned.headers["location"]) == (303, "/ops/login")
    assert (await monitor.http.get("/ops/login")).status_code == 200
    monitor.http.cookies.set("laurel_operator", "lrl_operator_" + "x" * 43)
    assert (await monitor.http.get("/ops")).status_code == 303


@pytest.mark.parametrize("scope", [Scope.PROVIDER, Scope.PLATFORM, None])
async def test_the_page_does_not_open_for_anybody_elses_token(monitor: Running, scope: Scope | None) -> None:
    bounds = {"organisation": "uex", **({"platform": "moodle"} if scope is Scope.PLATFORM else {})}
    token = await monitor.token(scope, **bounds) if scope else "guessed"
    answer = await _sign_in(monitor, token)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert token not in answer.text
    monitor.http.cookies.set("laurel_operator", token)
    assert (await monitor.http.get("/ops")).status_code == 303


async def test_an_operator_signs_in_sees_the_flow_and_signs_out(monitor: Running, ledgers: ToldLedgers) -> None:
    ledgers.accepted = [accepted("issued"), accepted("lost"), accepted("flying")]
    ledgers.outcomes = [decided("issued")]
    ledgers.aside = [parked_message(detail="<script>alert(1)</script>")]
    token = await monitor.token()
    signed_in = await _sign_in(monitor, f" {token}\n")
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/ops")
    cookie = signed_in.headers["set-cookie"].lower()
    for wanted in ("httponly", "samesite=strict", "path=/ops", "max-age=28800"):
        assert wanted in cookie

    page = await monitor.http.get("/ops")
    assert page.status_code == 200
    assert "3 accepted = 1 issued + 0 refused + 1 parked + 1 in flight" in page.text
    assert str(an_id("flying")) in page.text
    assert "<script>" not in page.text
    assert token not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "refresh" not in page.headers
    assert (await monitor.http.get("/ops?live=true")).headers["refresh"] == "5"

    await monitor.http.post("/ops/logout")
    assert (await monitor.http.get("/ops")).status_code == 303


async def test_an_operator_sees_what_waits_to_be_looked_at(monitor: Running, ledgers: ToldLedgers) -> None:
    await _sign_in(monitor, await monitor.token())
    assert "Corrections to look at" not in (await monitor.http.get("/ops")).text
    ledgers.waiting = [
        Review(
            correction=an_id("correction"),
            completion=an_id("completion"),
            award=an_id("award"),
            platform="uex-moodle",
            offering="data-ethics",
            change="grade-changed",
            effect="suspension",
            detail="the assessment is no longer passed",
            decided=NOW,
        )
    ]
    page = (await monitor.http.get("/ops")).text
    for shown in ("Corrections to look at", "the assessment is no longer passed", str(an_id("correction"))):
        assert shown in page


async def test_the_page_stands_while_a_ledger_is_away(monitor: Running, ledgers: ToldLedgers) -> None:
    ledgers.trouble = "the issuer does not answer"
    await _sign_in(monitor, await monitor.token())
    page = await monitor.http.get("/ops")
    assert page.status_code == 200
    assert "The account could not be drawn." in page.text
    assert "The issuer does not answer" in page.text


async def test_a_withdrawn_token_closes_the_page(monitor: Running) -> None:
    principal, token = await monitor.chassis.access.issue(scope=Scope.OPERATOR, label="gone tomorrow")
    await _sign_in(monitor, token)
    assert (await monitor.http.get("/ops")).status_code == 200
    await monitor.chassis.access.withdraw(principal.id)
    assert (await monitor.http.get("/ops")).status_code == 303


async def test_over_https_the_cookie_travels_by_https_alone(tmp_path: Path, ledgers: ToldLedgers) -> None:
    async with run(Settings(var=tmp_path, base_url="https://laurel.example"), ledgers) as monitor:
        answer = await _sign_in(monitor, await monitor.token())
        assert "secure" in answer.headers["set-cookie"].lower()


async def test_verifications_that_were_told_together_count_as_many(monitor: Running) -> None:
    once, often = credential_verified(), credential_verified(times=41).model_copy(update={"id": an_id("forty-one")})
    for _ in range(2):  # told twice, counted once
        await monitor.chassis.publisher.publish([pending_event(once), pending_event(often)])
    flow = await _seen(monitor, {once.id, often.id})
    (verified,) = [tally for tally in flow["stages"] if tally["stage"] == "verified"]
    assert verified["count"] == 42
