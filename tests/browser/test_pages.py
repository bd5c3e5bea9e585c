"""Every page in a real browser: nothing on the console, nothing the policy forbids, nothing people cannot use."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser

from chassis.documents import PendingEvent
from chassis.outbox import pending_event
from chassis.service import Service
from chassis.settings import Settings
from chassis.web import Pages
from monitor.domain.account import Accepted, Decided, Ending, Parked
from schemas.events import OfferingPublished
from tests.browser.browsing import PATIENCE_SECONDS, Visitor
from tests.browser.conftest import House
from tests.builders import an_id, every_event
from tests.component.monitor.house import ToldLedgers

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CHECKS = (
    {"id": "read", "title": "Read", "outcome": "pass", "message": "An Open Badge.", "evidence": {"Format": "OB 3.0"}},
    {"id": "signature", "title": "Signature", "outcome": "fail", "message": "It does not match.", "code": "invalid"},
    {"id": "trust", "title": "Issuer", "outcome": "warn", "message": "Not on the list."},
    {"id": "status", "title": "Status", "outcome": "not_checked", "message": "Not looked at."},
)


@pytest.fixture
def further_services(tmp_path: Path) -> tuple[Service, ...]:
    """A page with every component, and one with everything that is forbidden: the control."""
    kit = Path(__file__).parent / "templates"
    pages = Pages(Settings(var=tmp_path)).within(kit)
    router = APIRouter()

    @router.get("/kit/{decision}")
    async def components(request: Request, decision: str) -> HTMLResponse:
        return pages.render(request, "kit.html", decision=decision, checks=CHECKS, now=NOW)

    @router.get("/bad")
    async def bad(request: Request) -> HTMLResponse:
        return pages.render(request, "bad.html")

    return (Service("kit", routers=(router,)),)


async def _is_fine(visitor: Visitor) -> None:
    assert await visitor.barriers() == []
    assert visitor.complaints == []


@pytest.mark.parametrize("decision", ["accept", "review", "reject", "indeterminate"])
async def test_every_component_can_be_read_by_everybody_by_day_and_by_night(visitor: Visitor, decision: str) -> None:
    for night in (False, True):
        await visitor.page.emulate_media(color_scheme="dark" if night else "light")
        assert await visitor.visit(f"/kit/{decision}") == 200
        await visitor.page.locator("#check-read summary").click()
        await _is_fine(visitor)


PUBLIC = ("/", "/ops/login", "/verify", "/catalogue")


async def test_public_pages_are_fine(visitor: Visitor) -> None:
    for path in PUBLIC:
        assert await visitor.visit(path) == 200, path
        assert await visitor.barriers() == [], path
    assert visitor.complaints == []


async def test_a_problem_is_a_page_too(visitor: Visitor) -> None:
    assert await visitor.visit("/nowhere") == 404
    assert await visitor.page.locator("h1").inner_text() == "Not Found"
    assert await visitor.barriers() == []


async def test_styles_are_applied(visitor: Visitor) -> None:
    await visitor.visit("/")
    width = await visitor.page.locator("main").evaluate("element => getComputedStyle(element).maxWidth")
    assert width == "960px"


async def test_a_page_can_be_used_by_keyboard_from_its_skip_link_on(visitor: Visitor) -> None:
    await visitor.visit("/")
    await visitor.page.keyboard.press("Tab")
    assert await visitor.page.locator(":focus").inner_text() == "Skip to the content"
    await visitor.page.keyboard.press("Enter")
    assert await visitor.page.locator("main:focus").count() == 1


async def test_nothing_is_wider_than_a_phone(visitor: Visitor) -> None:
    await visitor.page.set_viewport_size({"width": 360, "height": 740})
    for path in (*PUBLIC, "/kit/accept"):
        await visitor.visit(path)
        wide = await visitor.page.locator("html").evaluate("element => element.scrollWidth > element.clientWidth")
        assert not wide, path


def _told(ledgers: ToldLedgers) -> None:
    ledgers.accepted = [
        Accepted(completion=an_id(name), platform="moodle", received=NOW, state=Ending.IN_FLIGHT)
        for name in ("issued", "parked", "flying")
    ]
    ledgers.outcomes = [
        Decided(completion=an_id("issued"), award=an_id("award"), platform="moodle", state=Ending.ISSUED, decided=NOW)
    ]
    ledgers.aside = [
        Parked(
            id="1",
            service="issuer",
            group="issuer.assessment-completed",
            topic="laurel.assessment.completed",
            reason="invalid",
            detail="data.offering: a field is missing",
            first_seen=NOW,
            last_seen=NOW,
            attempts=2,
            completion=an_id("parked"),
        )
    ]


async def test_an_operator_signs_in_without_javascript_and_sees_the_flow(
    browser: Browser, house: House, ledgers: ToldLedgers
) -> None:
    _told(ledgers)
    await house.chassis.publisher.publish([pending_event(event) for event in every_event()])
    context = await browser.new_context(java_script_enabled=False)
    visitor = await Visitor.enter(context, house.url)
    await visitor.visit("/ops")
    await visitor.page.get_by_label("token").fill(house.operator)
    await visitor.page.get_by_role("button", name="Sign in").click()
    await visitor.page.get_by_role("heading", name="The account").wait_for()
    assert await visitor.page.get_by_text("3 accepted = 1 issued + 0 refused + 1 parked + 1 in flight").count() == 1
    await visitor.page.get_by_role("button", name="Sign out").click()
    await visitor.page.get_by_label("token").wait_for()
    assert visitor.complaints == []
    await context.close()


async def test_the_flow_can_be_read_by_everybody(visitor: Visitor, house: House, ledgers: ToldLedgers) -> None:
    _told(ledgers)
    await house.chassis.publisher.publish([pending_event(event) for event in every_event()])
    await visitor.visit("/ops/login")
    await visitor.page.get_by_label("token").fill(house.operator)
    await visitor.page.get_by_role("button", name="Sign in").click()
    await visitor.page.get_by_role("heading", name="Newest").wait_for()
    await _is_fine(visitor)


async def test_what_is_parked_can_be_read_and_mended_by_everybody(
    visitor: Visitor, house: House, ledgers: ToldLedgers
) -> None:
    ledgers.aside = [await _parked(house)]
    await visitor.visit("/ops/login")
    await visitor.page.get_by_label("token").fill(house.operator)
    await visitor.page.get_by_role("button", name="Sign in").click()
    await visitor.page.get_by_role("link", name="Look into these").click()
    await visitor.page.get_by_role("heading", name="Parked messages").wait_for()
    await _is_fine(visitor)
    await visitor.page.get_by_role("link", name="not-json").click()
    await visitor.page.get_by_role("heading", name="not-json").wait_for()
    await _is_fine(visitor)
    await visitor.page.get_by_role("button", name="See what a replay would do").click()
    await visitor.page.get_by_text("Nothing has been done yet.").wait_for()
    await _is_fine(visitor)
    await visitor.page.get_by_role("table").get_by_role("link").click()
    await visitor.page.get_by_label("Discard it, for good, because").wait_for()
    await _is_fine(visitor)


async def _parked(house: House) -> Parked:
    """A message that the issuer can make nothing of."""
    poison = PendingEvent(topic=OfferingPublished.topic, key="nobody", value="nonsense")
    await house.chassis.publisher.publish([poison])
    bearer = {"authorization": f"Bearer {house.operator}"}
    async with asyncio.timeout(PATIENCE_SECONDS), httpx2.AsyncClient(base_url=house.url, headers=bearer) as http:
        while True:
            found = (await http.get("/api/v1/account/parked", params={"service": "issuer"})).json()["items"]
            if found:
                return Parked.model_validate({name: found[0].get(name) for name in Parked.model_fields})
            await asyncio.sleep(0.05)


async def test_the_control_fails_both_looks(visitor: Visitor) -> None:
    """A page with what is forbidden: if it passed, the tests above would prove nothing."""
    await visitor.visit("/bad")
    rules = {barrier.partition(":")[0] for barrier in await visitor.barriers()}
    assert {"image-alt", "color-contrast", "label"} <= rules
    said = " ".join(visitor.complaints)
    assert "Content Security Policy" in said
    assert "script-src" in said
    assert "style-src" in said
    assert await visitor.page.locator("body[data-broken-into]").count() == 0
