"""The monitor, wired: what passed by, and the account."""

from __future__ import annotations

from pathlib import Path

import httpx2

from chassis.service import Chassis, Service
from chassis.settings import Room
from chassis.tls import trust
from monitor.adapters.counts import MeteredCounts
from monitor.adapters.ledgers import HttpLedgers
from monitor.adapters.parking import HttpParkingPlaces
from monitor.adapters.sightings import StoredSightings
from monitor.entrypoints import events, http, pages, repair_pages
from monitor.handlers import DrawAccount, ListParked, ListReviews, RepairParked, SeeEvents, ShowFlow
from monitor.ports import Ledgers, ParkingPlaces
from monitor.settings import MonitorSettings

NAME = "monitor"
ROOMS: tuple[Room, ...] = ("bridge", "issuer", "verifier", "catalogue", "monitor")
TEMPLATES = Path(__file__).parent / "entrypoints" / "templates"


async def create_app(
    chassis: Chassis,
    settings: MonitorSettings | None = None,
    *,
    ledgers: Ledgers | None = None,
    places: ParkingPlaces | None = None,
) -> Service:
    """The service. `ledgers` and `places`: use these instead of asking over HTTP."""
    settings = settings or MonitorSettings()
    documents = chassis.documents(NAME)
    client = httpx2.AsyncClient(
        timeout=settings.patience_seconds, trust_env=False, follow_redirects=False, verify=trust(chassis.settings)
    )
    origins: dict[str, str] = {room: chassis.settings.inner_url_of(room) for room in ROOMS}
    ledgers = ledgers or HttpLedgers(client, chassis.service_token, origins)
    repair = RepairParked(places or HttpParkingPlaces(client, origins))

    sightings = StoredSightings(documents)
    show, draw, parked = ShowFlow(sightings), DrawAccount(ledgers, chassis.clock), ListParked(ledgers)
    listener = chassis.listener(NAME, documents)
    events.listen(listener, SeeEvents(sightings, MeteredCounts(chassis.telemetry.metrics)))
    https = chassis.settings.url_of("monitor").startswith("https://")
    leaves, session = chassis.pages.within(TEMPLATES), pages.Session(chassis.access)
    return Service(
        NAME,
        routers=(
            http.routes(chassis.access, show, draw),
            http.parked_routes(chassis.access, parked, repair),
            pages.routes(leaves, session, show, draw, parked, reviews=ListReviews(ledgers), settings=settings),
            pages.session_routes(leaves, session, settings=settings, https=https),
            repair_pages.routes(leaves, session, parked, repair),
            repair_pages.form_routes(leaves, session, parked, repair),
        ),
        listeners=(listener,),
        checks={"documents": documents.ping},
        on_start=(documents.open,),
        on_stop=(client.aclose, documents.close),
    )
