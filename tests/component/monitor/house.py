"""A monitor in a process of its own, its ledgers told by the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import httpx2

from chassis.access import Scope
from chassis.host import host
from chassis.service import Chassis
from chassis.settings import Settings
from monitor.app import create_app
from monitor.domain.account import Accepted, Decided, Intake, Parked
from monitor.domain.reviews import Review
from schemas.faults import Unavailable


@dataclass
class ToldLedgers:
    """Says what the test says."""

    accepted: list[Accepted] = field(default_factory=list)
    outcomes: list[Decided] = field(default_factory=list)
    aside: list[Parked] = field(default_factory=list)
    waiting: list[Review] = field(default_factory=list)
    trouble: str | None = None

    def _speak(self) -> None:
        if self.trouble:
            raise Unavailable(self.trouble)

    async def intake(self, since: datetime | None) -> Intake:
        self._speak()
        lines = tuple(line for line in self.accepted if since is None or line.received >= since)
        return Intake(accepted=lines, duplicates=1, turned_away=2)

    async def decided(self, since: datetime | None) -> tuple[Decided, ...]:
        del since
        return tuple(self.outcomes)

    async def parked(self) -> tuple[Parked, ...]:
        self._speak()
        return tuple(self.aside)

    async def reviews(self, limit: int) -> tuple[Review, ...]:
        self._speak()
        return tuple(self.waiting[:limit])


@dataclass(frozen=True)
class Running:
    """A running monitor."""

    chassis: Chassis
    http: httpx2.AsyncClient

    async def token(self, scope: Scope = Scope.OPERATOR, **bounds: str) -> str:
        return (await self.chassis.access.issue(scope=scope, label="of the test", **bounds))[1]


@asynccontextmanager
async def run(settings: Settings, ledgers: ToldLedgers) -> AsyncIterator[Running]:
    chassis = await Chassis.assemble(settings)
    app = host(chassis, await create_app(chassis, ledgers=ledgers))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=settings.base_url) as http,
    ):
        yield Running(chassis, http)
