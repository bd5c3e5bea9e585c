"""The bridge as `create_app` wires it, over HTTP, without a broker: what it has to tell stays pending."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from chassis.access import Scope
from chassis.documents import Documents
from chassis.problems import answer_problems
from chassis.service import Chassis, Service
from chassis.settings import Settings
from moodle_bridge.app import create_app
from moodle_bridge.ports import (
    COMPLETIONS,
    HEARD_HOLDINGS,
    PLATFORMS,
    UNTOLD,
    AcceptedCompletion,
    Completions,
    HeardHoldings,
    Platforms,
    UntoldPlatforms,
)
from schemas.events import AssessmentCompleted, decode
from tests.builders import NOW

PAYLOADS = Path(__file__).parents[2] / "contract" / "moodle" / "payloads"
ADMIN = {"authorization": "Bearer admin"}
DELIVERIES = "/moodle/completions"
LEDGER = "/api/v1/account/completions"


def a_body(**changes: Any) -> bytes:  # noqa: ANN401 what Moodle may say
    """A learner passed, as Moodle says it."""
    return json.dumps({**json.loads((PAYLOADS / "course-passed.json").read_bytes()), **changes}).encode()


def sign(secret: str, body: bytes, at: datetime, delivery: str | None = None) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    delivery, timestamp = delivery or str(uuid4()), str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{delivery}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": delivery,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


@dataclass
class Bridge:
    """What a test sees of a running bridge."""

    client: httpx2.AsyncClient
    chassis: Chassis
    service: Service
    completions: Completions
    platforms: Platforms
    untold: UntoldPlatforms
    heard: HeardHoldings
    now: list[datetime] = field(default_factory=lambda: [NOW])
    secrets: dict[str, str] = field(default_factory=dict)

    def later(self, **span: float) -> None:
        """Time passes."""
        self.now[0] += timedelta(**span)

    async def register(self, platform: str = "uex-moodle", organisation: str = "uex") -> str:
        """A platform that may deliver; its secret."""
        answer = await self.client.post(
            "/api/v1/platforms", json={"id": platform, "organisation": organisation}, headers=ADMIN
        )
        assert answer.status_code == 201, answer.text
        self.secrets[platform] = answer.json()["secret"]
        return self.secrets[platform]

    async def deliver(
        self, body: bytes, platform: str = "uex-moodle", *, at: datetime | None = None, **headers: str
    ) -> httpx2.Response:
        """Deliver as the plugin does, signed anew."""
        signed = sign(self.secrets[platform], body, at or self.now[0]) | {"laurel-platform": platform}
        changed = {**signed, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await self.client.post(DELIVERIES, content=body, headers=changed)

    async def accepted(self, body: bytes, platform: str = "uex-moodle") -> UUID:
        """Deliver what is accepted."""
        answer = await self.deliver(body, platform)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["completion"])

    async def outcome(self, completion: UUID, platform: str = "uex-moodle") -> httpx2.Response:
        """Ask as the plugin does, signed over an empty body."""
        signed = sign(self.secrets[platform], b"", self.now[0]) | {"laurel-platform": platform}
        return await self.client.get(f"{DELIVERIES}/{completion}", headers=signed)

    async def bearer(
        self, scope: Scope, organisation: str | None = None, platform: str | None = None
    ) -> dict[str, str]:
        """The header of somebody with this scope."""
        _, token = await self.chassis.access.issue(
            scope=scope, label="test", organisation=organisation, platform=platform
        )
        return {"authorization": f"Bearer {token}"}

    async def stored(self) -> tuple[AcceptedCompletion, ...]:
        """Every completion there is."""
        return (await self.completions.find({}, limit=1000)).items

    async def told(self) -> list[AssessmentCompleted]:
        """What waits to be told."""
        events = [decode(e.value.encode()) for one in await self.completions.with_pending() for e in one.pending]
        return [event for event in events if isinstance(event, AssessmentCompleted)]

    async def confirm(self) -> None:
        """Kafka confirmed everything."""
        await self.completions.clear_pending(await self.completions.with_pending())

    async def ledger(self, **asked: str) -> dict[str, Any]:
        """The bridge's ledger, as an operator sees it."""
        answer = await self.client.get(LEDGER, params=asked, headers=ADMIN)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen


@pytest.fixture
async def bridge(tmp_path: Path) -> AsyncIterator[Bridge]:
    now = [NOW]
    settings = Settings(var=tmp_path / "var", admin_token=SecretStr("admin"), issuer_url="https://issuer.example")
    chassis = await Chassis.assemble(settings, clock=lambda: now[0])
    service = await create_app(chassis)
    app = FastAPI(max_body_size=settings.max_body)
    answer_problems(app, chassis.pages)
    for router in (*service.busiest, *service.routers):
        app.include_router(router)
    for step in service.on_start:
        await step()
    documents: Documents = chassis.documents("bridge")
    await documents.open()
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        running = Bridge(
            client,
            chassis,
            service,
            documents.collection(COMPLETIONS),
            documents.collection(PLATFORMS),
            documents.collection(UNTOLD),
            documents.collection(HEARD_HOLDINGS),
            now,
        )
        await running.register()
        yield running
    await documents.close()
    for step in reversed(service.on_stop):
        await step()
    for store in chassis.stores:
        await store.close()
