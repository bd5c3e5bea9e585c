"""The monitor, wired: what passed by, and the account."""

from __future__ import annotations

from pathlib import Path

import httpx2

from chassis.service import Chassis, Service
from chassis.settings import Room
from chassis.tls import trust
from monitor.adapters.counts import MeteredCounts
from monitor.adapters.ledgers import HttpLedgers
from monitor.adapters.sightings import StoredSightings
from monitor.entrypoints import events, http, pages
from monitor.handlers import DrawAccount, ListParked, ListReviews, SeeEvents, ShowFlow
from monitor.ports import Ledgers
from monitor.settings import MonitorSettings

NAME = "monitor"
ROOMS: tuple[Room, ...] = ("bridge", "issuer", "verifier", "catalogue", "monitor")
TEMPLATES = Path(__file__).parent / "entrypoints" / "templates"


async def create_app(
    chassis: Chassis, settings: MonitorSettings | None = None, *, ledgers: Ledgers | None = None
) -> Service:
    """The service. `ledgers`: read from these instead of over HTTP."""
    settings = settings or MonitorSettings()
    documents = chassis.documents(NAME)
    client = httpx2.AsyncClient(
        timeout=settings.patience_seconds, trust_env=False, follow_redirects=False, verify=trust(chassis.settings)
    )
    if ledgers is None:
        origins: dict[str, str] = {room: chassis.settings.inner_url_of(room) for room in ROOMS}
        ledgers = HttpLedgers(client, chassis.service_token, origins)

    sightings = StoredSightings(documents)
    show, draw, parked = ShowFlow(sightings), DrawAccount(ledgers), ListParked(ledgers)
    listener = chassis.listener(NAME, documents)
    events.listen(listener, SeeEvents(sightings, MeteredCounts(chassis.telemetry.metrics)))
    https = chassis.settings.url_of("monitor").startswith("https://")
    page = pages.routes(
        chassis.pages.within(TEMPLATES),
        chassis.access,
        show,
        draw,
        parked,
        reviews=ListReviews(ledgers),
        settings=settings,
        https=https,
    )
    return Service(
        NAME,
        routers=(http.routes(chassis.access, show, draw, parked), page),
        listeners=(listener,),
        checks={"documents": documents.ping},
        on_start=(documents.open,),
        on_stop=(client.aclose, documents.close),
    )
