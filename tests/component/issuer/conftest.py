"""The issuer as a process runs it, over SQLite files, without Kafka: `create_app` behind its HTTP surface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from chassis.access import Scope
from chassis.documents import Documents
from chassis.host import host
from chassis.service import Chassis
from chassis.settings import Settings
from issuer.app import create_app
from issuer.handlers import OrganisationDraft
from issuer.ports import OFFERINGS, OUTCOMES, Outcome, PublishedOffering
from issuer.settings import IssuerSettings
from schemas.microcredential import Offering
from tests.builders import NOW, a_learner, an_offering, an_organisation

BASE_URL = "http://localhost:8000"


@dataclass
class Clock:
    now: datetime = NOW + timedelta(seconds=5)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    """What a test sees of a running issuer."""

    client: httpx2.AsyncClient
    chassis: Chassis
    documents: Documents
    clock: Clock

    async def bearer(
        self, scope: Scope, organisation: str | None = "uex", platform: str | None = None
    ) -> dict[str, str]:
        """The header of somebody with this scope."""
        _, token = await self.chassis.access.issue(
            scope=scope, label="test", organisation=organisation, platform=platform
        )
        return {"authorization": f"Bearer {token}"}

    async def platform(self, platform: str = "laurel-direct", organisation: str = "uex") -> dict[str, str]:
        return await self.bearer(Scope.PLATFORM, organisation, platform)

    async def publish(self, *offerings: Offering) -> None:
        """As the catalogue's events would have it."""
        await self.documents.collection(OFFERINGS).put_many(
            [PublishedOffering(id=offering.key, offering=offering) for offering in offerings]
        )

    async def issue(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 passed on as JSON
        """A credential at the provider's word."""
        answer = await self.client.post(
            "/api/v1/issuances", json=a_word(**changes), headers=await self.bearer(Scope.PROVIDER)
        )
        assert answer.status_code == 201, answer.text
        issued: dict[str, Any] = answer.json()
        return issued

    async def outcome(self, award: str) -> Outcome:
        outcome = await self.documents.collection(OUTCOMES).get(award)
        assert outcome is not None
        return outcome

    def path(self, url: str) -> str:
        return url.removeprefix(BASE_URL)


def a_word(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 passed on as JSON
    """What a provider says."""
    said: dict[str, Any] = {
        "offering": "data-ethics",
        "learner": a_learner().model_dump(mode="json", exclude_none=True),
        "completed": "2026-11-23T10:00:00Z",
        "grade": {"value": "85"},
    }
    return {**said, **changes}


def a_draft(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 passed on as JSON
    """What an administrator says of an organisation."""
    said = an_organisation().model_dump(mode="json", include=set(OrganisationDraft.model_fields))
    return {**said, **changes}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, IssuerSettings()) as house:
        yield house


@asynccontextmanager
async def a_house(var: Path, settings: IssuerSettings, *, registered: int = 201) -> AsyncIterator[House]:
    """An issuer with these settings, one organisation (new, unless it answers otherwise), and one offering."""
    clock = Clock()
    chassis = await Chassis.assemble(Settings(var=var, base_url=BASE_URL), clock=clock)
    service = await create_app(chassis, settings)
    documents = chassis.documents("issuer")
    app = host(chassis, service)
    for step in service.on_start:
        await step()
    await documents.open()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=BASE_URL) as client:
        house = House(client, chassis, documents, clock)
        admin = await house.bearer(Scope.ADMIN, None)
        answer = await client.post("/api/v1/organisations", json=a_draft(), headers=admin)
        assert answer.status_code == registered, answer.text
        await house.publish(an_offering())
        yield house
    await documents.close()
    for step in service.on_stop:
        await step()
    await chassis.close()
