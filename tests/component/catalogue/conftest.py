"""The catalogue's HTTP surface on a database in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from catalogue.app import routers
from catalogue.ports import OFFERINGS, ORGANISATIONS, Offerings, Organisations
from catalogue.settings import CatalogueSettings
from chassis.access import AccessTokens, Scope
from chassis.documents import SqliteDocuments
from chassis.problems import answer_problems
from chassis.settings import Settings
from chassis.web import Pages
from tests.builders import NOW


@dataclass
class Catalogue:
    """What a test sees of a running catalogue."""

    client: httpx2.AsyncClient
    access: AccessTokens
    offerings: Offerings
    organisations: Organisations
    clock: list[datetime] = field(default_factory=lambda: [NOW])
    nudges: int = 0

    async def bearer(
        self, scope: Scope, organisation: str | None = None, platform: str | None = None
    ) -> dict[str, str]:
        """The header of somebody with this scope."""
        _, token = await self.access.issue(scope=scope, label="test", organisation=organisation, platform=platform)
        return {"authorization": f"Bearer {token}"}

    async def publish(self, draft: dict[str, Any]) -> dict[str, Any]:
        """Draft and publish, an hour after what happened before."""
        self.clock[0] += timedelta(hours=1)
        operator = await self.bearer(Scope.OPERATOR)
        path = f"/api/v1/offerings/{draft['id']}"
        assert (await self.client.put(f"{path}/draft", json=draft, headers=operator)).status_code == 200
        published = await self.client.post(f"{path}/publication", headers=operator)
        assert published.status_code == 200, published.text
        offering: dict[str, Any] = published.json()
        return offering


@pytest.fixture
async def catalogue(tmp_path: Path) -> AsyncIterator[Catalogue]:
    documents = SqliteDocuments(":memory:")
    offerings, organisations = documents.collection(OFFERINGS), documents.collection(ORGANISATIONS)
    access = AccessTokens(documents)
    pages = Pages(Settings(var=tmp_path))
    app = FastAPI()
    answer_problems(app, pages)
    transport = httpx2.ASGITransport(app)
    await documents.open()
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        running = Catalogue(client, access, offerings, organisations)

        def nudge() -> None:
            running.nudges += 1

        for router in routers(
            offerings,
            organisations,
            access=access,
            pages=pages,
            clock=lambda: running.clock[0],
            nudge=nudge,
            settings=CatalogueSettings(page_size=2),
        ):
            app.include_router(router)
        yield running
    await documents.close()
