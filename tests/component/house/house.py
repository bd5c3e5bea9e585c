"""The whole house as `laurel up` builds it, in the test's own process: on a port, with the embedded broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx2
import orjson
from fastapi import FastAPI
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.access import Scope
from chassis.host import server
from chassis.service import Chassis
from chassis.settings import Settings
from laurel.demo.moodle import LearningPlatform
from laurel.demo.scenario import ORGANISATION
from laurel.house import build
from tests.e2e.houses import free_port

PATIENCE = 30.0
PLATFORM = "moodle"
OFFERING = "data-ethics"
ADMIN = {"authorization": "Bearer admin"}


@dataclass
class House:
    chassis: Chassis
    app: FastAPI
    http: httpx2.AsyncClient
    """Nobody in particular: a request says who asks."""
    spans: InMemorySpanExporter

    async def bearer(
        self, scope: Scope, organisation: str | None = None, platform: str | None = None
    ) -> dict[str, str]:
        """The header of somebody with this scope."""
        _, token = await self.chassis.access.issue(
            scope=scope, label="of the test", organisation=organisation, platform=platform
        )
        return {"authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> dict[str, Any]:
        """As the administrator; the JSON of a good answer."""
        answer = await self.http.request(method, path, json=body, headers=ADMIN | headers)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        said: dict[str, Any] = answer.json() if answer.content else {}
        return said

    async def found_university(self) -> LearningPlatform:
        """An organisation with an offering and a learning platform."""
        await self.ask("POST", "/api/v1/organisations", ORGANISATION)
        draft = orjson.loads(files("laurel.demo").joinpath("offerings", f"{OFFERING}.json").read_bytes())
        await self.ask("PUT", f"/api/v1/offerings/{OFFERING}/draft", draft)
        await self.ask("POST", f"/api/v1/offerings/{OFFERING}/publication")
        said = await self.ask("POST", "/api/v1/platforms", {"id": PLATFORM, "organisation": ORGANISATION["id"]})
        async with asyncio.timeout(PATIENCE):
            while not (await self.ask("GET", "/api/v1/trust"))["items"]:  # noqa: ASYNC110 the verifier hears of it in Kafka
                await asyncio.sleep(0.02)
        return LearningPlatform(self.http, PLATFORM, said["secret"])

    async def outcome_of(self, platform: LearningPlatform, body: bytes) -> dict[str, Any]:
        """Deliver a completion and wait for what becomes of it."""
        answer = await platform.deliver(body, datetime.now(UTC))
        assert answer.status_code == httpx2.codes.ACCEPTED, answer.text
        return await self.outcome_until(platform, answer.json()["completion"], lambda out: out["state"] != "in-flight")

    async def outcome_until(
        self, platform: LearningPlatform, completion: str, holds: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """What the platform is told, once it is so."""
        async with asyncio.timeout(PATIENCE):
            while True:
                outcome = await platform.outcome(completion, datetime.now(UTC))
                if holds(outcome):
                    return outcome
                await asyncio.sleep(0.02)

    async def reviewed(self, platform: LearningPlatform, body: bytes) -> dict[str, Any]:
        """Deliver a correction and wait until it is decided and somebody should look at it."""
        answer = await platform.correct(body, datetime.now(UTC))
        assert answer.status_code == httpx2.codes.ACCEPTED, answer.text
        async with asyncio.timeout(PATIENCE):
            while True:
                waiting: list[dict[str, Any]] = (await self.ask("GET", "/api/v1/corrections"))["items"]
                for one in reversed(waiting):
                    if one["change"] == orjson.loads(body)["change"]:
                        return one
                await asyncio.sleep(0.02)


@asynccontextmanager
async def running(var: Path, port: int | None = None, **chosen: int) -> AsyncIterator[House]:
    """The house, up, with these settings; `admin` is its administrator's token. One that was here keeps its port."""
    port = port or free_port()
    settings = Settings.model_validate(
        {"var": var, "port": port, "base_url": f"http://localhost:{port}", "admin_token": "admin", **chosen}
    )
    chassis, app = await build(settings)
    spans = InMemorySpanExporter()
    chassis.telemetry.tracer_provider.add_span_processor(SimpleSpanProcessor(spans))
    serving = server(chassis, app)
    task = asyncio.create_task(serving.serve())
    async with asyncio.timeout(PATIENCE):
        await serving.up.wait()
    try:
        async with httpx2.AsyncClient(base_url=settings.base_url, timeout=PATIENCE) as http:
            yield House(chassis, app, http, spans)
    finally:
        serving.should_exit = True
        await task
