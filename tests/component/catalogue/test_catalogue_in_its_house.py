"""The catalogue as `create_app` wires it: hosted, with the embedded broker, over restarts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from pydantic import SecretStr

from catalogue.app import create_app
from chassis.host import host
from chassis.outbox import pending_event
from chassis.service import Chassis, Service
from chassis.settings import Settings
from schemas.events import OfferingPublished
from tests.builders import a_draft, organisation_registered

PATIENCE = 20.0


@dataclass
class House:
    chassis: Chassis
    client: httpx2.AsyncClient
    heard: asyncio.Queue[OfferingPublished]

    async def next(self) -> OfferingPublished:
        """The next offering somebody listening to the log hears of."""
        return await asyncio.wait_for(self.heard.get(), PATIENCE)


@asynccontextmanager
async def house(var: Path) -> AsyncIterator[House]:
    """The catalogue and somebody who listens to it, in one process."""
    chassis = await Chassis.assemble(Settings(var=var, admin_token=SecretStr("admin"), stop_seconds=5))
    heard: asyncio.Queue[OfferingPublished] = asyncio.Queue()
    documents = chassis.documents("neighbour")
    listener = chassis.listener("neighbour", documents)

    @listener.on(OfferingPublished, group="neighbour.offering-published")
    async def _(events: list[OfferingPublished]) -> None:
        for event in events:
            heard.put_nowait(event)

    neighbour = Service("neighbour", listeners=(listener,), on_start=(documents.open,), on_stop=(documents.close,))
    app = host(chassis, await create_app(chassis), neighbour)
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://localhost:8000",
        headers={"authorization": "Bearer admin"},
    )
    async with app.router.lifespan_context(app), client:
        yield House(chassis, client, heard)


async def test_what_is_published_is_heard_and_heard_again_after_the_broker_forgot(tmp_path: Path) -> None:
    async with house(tmp_path / "var") as running:
        assert (await running.client.get("/readyz")).json()["status"] == "ready"
        await running.client.post("/api/v1/offerings", json=a_draft())
        await running.client.post("/api/v1/offerings/data-ethics/publication")
        first = await running.next()
        assert (first.key, first.data.version) == ("data-ethics@1", 1)

        await running.client.post("/api/v1/offerings/data-ethics/retirement")
        retired = await running.next()
        assert retired.data.retired is not None

    async with house(tmp_path / "var") as restarted:
        assert await restarted.next() == retired
        assert (await restarted.client.get("/catalogue/data-ethics")).status_code == 200


async def test_the_name_of_an_organisation_is_learnt_from_its_event(tmp_path: Path) -> None:
    async with house(tmp_path / "var") as running:
        await running.client.post("/api/v1/offerings", json=a_draft())
        await running.client.post("/api/v1/offerings/data-ethics/publication")
        await running.chassis.publisher.publish([pending_event(organisation_registered())])

        async with asyncio.timeout(PATIENCE):
            # The page is all there is to watch from outside.
            while "University of Example" not in (await running.client.get("/catalogue")).text:  # noqa: ASYNC110 as said
                await asyncio.sleep(0.02)
