"""The bridge hosted, with the embedded broker and somebody who decides, over a restart in which the broker forgets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from chassis.host import host
from chassis.outbox import pending_event
from chassis.service import Chassis, Service
from chassis.settings import Settings
from moodle_bridge.app import create_app
from moodle_bridge.settings import BridgeSettings
from schemas.events import AssessmentCompleted
from schemas.values import instant_text
from tests.builders import credential_issued, issuance_refused
from tests.component.bridge.conftest import DELIVERIES, a_body, sign

PATIENCE = 20.0


@dataclass
class House:
    chassis: Chassis
    client: httpx2.AsyncClient
    heard: asyncio.Queue[AssessmentCompleted]

    async def next(self) -> AssessmentCompleted:
        """The next completion somebody listening to the log hears of."""
        return await asyncio.wait_for(self.heard.get(), PATIENCE)

    async def deliver(self, secret: str, body: bytes) -> httpx2.Response:
        signed = sign(secret, body, datetime.now(UTC)) | {"laurel-platform": "uex-moodle"}
        return await self.client.post(DELIVERIES, content=body, headers=signed)

    async def outcome(self, completion: str) -> dict[str, Any]:
        """What the bridge knows once it is no longer in flight."""
        async with asyncio.timeout(PATIENCE):
            while True:
                said: dict[str, Any] = (await self.client.get(f"{DELIVERIES}/{completion}")).json()
                if said["state"] != "in-flight":
                    return said
                await asyncio.sleep(0.01)


@asynccontextmanager
async def house(var: Path, settings: BridgeSettings | None = None) -> AsyncIterator[House]:
    """The bridge and a neighbour who listens to it, in one process."""
    chassis = await Chassis.assemble(Settings(var=var, admin_token=SecretStr("admin"), stop_seconds=5))
    heard: asyncio.Queue[AssessmentCompleted] = asyncio.Queue()
    documents = chassis.documents("neighbour")
    listener = chassis.listener("neighbour", documents)

    @listener.on(AssessmentCompleted, group="neighbour.assessment-completed")
    async def _(events: list[AssessmentCompleted]) -> None:
        for event in events:
            heard.put_nowait(event)

    neighbour = Service("neighbour", listeners=(listener,), on_start=(documents.open,), on_stop=(documents.close,))
    app = host(chassis, await create_app(chassis, settings), neighbour)
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://localhost:8000",
        headers={"authorization": "Bearer admin"},
    )
    async with app.router.lifespan_context(app), client:
        yield House(chassis, client, heard)


async def registered(running: House) -> str:
    answer = await running.client.post("/api/v1/platforms", json={"id": "uex-moodle", "organisation": "uex"})
    secret: str = answer.json()["secret"]
    return secret


def passed(episode: str) -> bytes:
    return a_body(episode=episode, completed=instant_text(datetime.now(UTC) - timedelta(minutes=1)))


async def test_a_completion_is_heard_and_its_outcome_comes_back(tmp_path: Path) -> None:
    async with house(tmp_path / "var") as running:
        assert (await running.client.get("/readyz")).json()["status"] == "ready"
        secret = await registered(running)
        answer = await running.deliver(secret, passed("course_completions:1"))
        event = await running.next()
        assert answer.status_code == 202
        assert str(event.data.id) == answer.json()["completion"]

        issued = credential_issued(completion=event.data.id, platform="uex-moodle")
        await running.chassis.publisher.publish([pending_event(issued)])
        said = await running.outcome(answer.json()["completion"])
        assert (said["state"], said["award"]) == ("issued", str(issued.data.award))
        assert said["claim"].startswith("http://localhost:8000/claims/")


async def test_after_the_broker_forgot_only_what_has_no_outcome_is_heard_again(tmp_path: Path) -> None:
    async with house(tmp_path / "var") as running:
        secret = await registered(running)
        decided, open_ = [
            (await running.deliver(secret, passed(f"course_completions:{n}"))).json()["completion"] for n in (1, 2)
        ]
        events = {str(event.data.id): event for event in (await running.next(), await running.next())}
        refused = issuance_refused(completion=events[decided].data.id, platform="uex-moodle")
        await running.chassis.publisher.publish([pending_event(refused)])
        assert (await running.outcome(decided))["state"] == "refused"

    async with house(tmp_path / "var") as running:
        assert await running.next() == events[open_]
        again = (await running.deliver(secret, passed("course_completions:3"))).json()["completion"]
        assert str((await running.next()).data.id) == again, "nothing else was said in between"
        assert (await running.outcome(decided))["state"] == "refused"


async def test_what_nobody_answers_is_heard_again(tmp_path: Path) -> None:
    soon = timedelta(milliseconds=50)
    settings = BridgeSettings(republish_after=soon, republish_at_most=soon, sweep=soon)
    async with house(tmp_path / "var", settings) as running:
        secret = await registered(running)
        await running.deliver(secret, passed("course_completions:1"))
        assert await running.next() == await running.next() == await running.next()


def test_spans_of_time_are_read_from_the_environment_as_seconds_or_as_iso_8601(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_BRIDGE_REPUBLISH_AFTER", "90")
    monkeypatch.setenv("LAUREL_BRIDGE_SWEEP", "PT1H")
    settings = BridgeSettings()
    assert (settings.republish_after, settings.sweep) == (timedelta(seconds=90), timedelta(hours=1))


async def test_ten_megabytes_are_answered_with_a_problem(tmp_path: Path) -> None:
    async with house(tmp_path / "var") as running:
        secret = await registered(running)
        answer = await running.deliver(secret, b"x" * 10_000_000)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 413
