"""A university with a learning platform: what the end-to-end tests need to send completions in numbers."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import httpx2

from laurel.demo.moodle import LearningPlatform, Pupil, completion_body
from laurel.demo.scenario import ORGANISATION
from tests.e2e.houses import PATIENCE, House, answer

PLATFORM = "moodle"
OFFERING = "data-ethics"
DELIVERIES_AT_ONCE = 16


def found_university(*, issuer: House, catalogue: House, bridge: House) -> str:
    """Register organisation, offering and platform; the platform's secret."""
    with issuer.client() as admin:
        answer(admin.post("/api/v1/organisations", json=ORGANISATION))
    with catalogue.client() as admin:
        draft = json.loads(files("laurel.demo").joinpath("offerings", f"{OFFERING}.json").read_bytes())
        answer(admin.put(f"/api/v1/offerings/{draft['id']}/draft", json=draft))
        answer(admin.post(f"/api/v1/offerings/{draft['id']}/publication"))
    with bridge.client() as admin:
        body = {"id": PLATFORM, "organisation": ORGANISATION["id"]}
        secret: str = answer(admin.post("/api/v1/platforms", json=body))["secret"]
    return secret


def passes(number: int) -> bool:
    """Whether this pupil passes the assessment; every tenth fails."""
    return number % 10 != 0


def pupil(number: int) -> Pupil:
    """One of many."""
    passed = passes(number)
    return Pupil(f"{number}", "Pupil", f"Number{number}", "en", OFFERING, "80.00" if passed else "20.00", passed=passed)


def episode(number: int) -> str:
    """What the platform calls this pupil's assessment."""
    return f"episode-{number}"


def bodies(count: int) -> dict[str, bytes]:
    """Completions by episode, each frozen as a plugin freezes it."""
    completed = datetime(2026, 11, 1, 9, tzinfo=UTC)
    return {episode(number): completion_body(pupil(number), episode(number), completed) for number in range(count)}


async def deliver(
    url: str, secret: str, waiting: dict[str, bytes], *, at_once: int = DELIVERIES_AT_ONCE
) -> dict[str, str]:
    """Deliver until everything was accepted or nobody answers; completion ids by episode of what was accepted."""
    accepted: dict[str, str] = {}
    gate = asyncio.Semaphore(at_once)

    async def one(platform: LearningPlatform, episode: str, body: bytes) -> None:
        async with gate:
            try:
                response = await platform.deliver(body, datetime.now(UTC))
            except httpx2.TransportError:
                return
        if response.status_code == httpx2.codes.ACCEPTED:
            accepted[episode] = response.json()["completion"]
        else:
            assert response.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR, response.text

    limits = httpx2.Limits(max_connections=at_once)
    async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits) as http:
        platform = LearningPlatform(http, PLATFORM, secret)
        await asyncio.gather(*(one(platform, episode, body) for episode, body in waiting.items()))
    return accepted


def every_item(client: httpx2.Client, path: str) -> list[dict[str, Any]]:
    """All items behind a paged route."""
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": None}
    while True:
        page = answer(client.get(path, params={"after": page["next"]} if page["next"] else {}))
        items += page["items"]
        if not page["next"]:
            return items
