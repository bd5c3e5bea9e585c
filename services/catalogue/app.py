"""The catalogue, wired: which offerings there are, and in which version."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter

from catalogue.adapters.scanning import ScanningSearch
from catalogue.entrypoints import events, http
from catalogue.entrypoints.pages import routes as page_routes
from catalogue.handlers import (
    CreateOffering,
    FindOffering,
    ListOfferings,
    PublishOffering,
    ReadOffering,
    RememberOrganisations,
    RetireOffering,
    ReviseOffering,
    every_version,
)
from catalogue.ports import OFFERINGS, ORGANISATIONS, Clock, Nudge, Offerings, Organisations
from catalogue.settings import CatalogueSettings
from chassis.access import AccessTokens
from chassis.outbox import Announcement
from chassis.service import Chassis, Service
from chassis.web import Pages
from schemas.events import OfferingPublished

NAME = "catalogue"


async def create_app(chassis: Chassis, settings: CatalogueSettings | None = None) -> Service:
    """The service. Its stores are opened when it starts."""
    documents = chassis.documents(NAME)
    offerings = documents.collection(OFFERINGS)
    organisations = documents.collection(ORGANISATIONS)
    outbox = chassis.outbox(NAME, [offerings])
    listener = chassis.listener(NAME, documents)
    events.subscribe(listener, remember=RememberOrganisations(organisations))
    return Service(
        name=NAME,
        routers=routers(
            offerings,
            organisations,
            access=chassis.access,
            pages=chassis.pages,
            clock=chassis.clock,
            nudge=outbox.nudge,
            settings=settings or CatalogueSettings(),
        ),
        listeners=(listener,),
        outboxes=(outbox,),
        announcements=(Announcement(OfferingPublished.topic, partial(every_version, offerings)),),
        checks={"documents": documents.ping},
        on_start=(documents.open,),
        on_stop=(documents.close,),
    )


def routers(  # noqa: PLR0913 the catalogue's whole surroundings, each by its name
    offerings: Offerings,
    organisations: Organisations,
    *,
    access: AccessTokens,
    pages: Pages,
    clock: Clock,
    nudge: Nudge,
    settings: CatalogueSettings,
) -> tuple[APIRouter, ...]:
    """What it answers over HTTP."""
    read = ReadOffering(offerings)
    search = ListOfferings(ScanningSearch(offerings), organisations)
    return (
        http.provider_routes(
            access=access,
            find=FindOffering(offerings),
            create=CreateOffering(offerings),
            revise=ReviseOffering(offerings),
            publish=PublishOffering(offerings, clock, nudge),
            retire=RetireOffering(offerings, clock, nudge),
        ),
        http.public_routes(read=read, search=search, page_size=settings.page_size),
        page_routes(pages=pages, read=read, search=search, page_size=settings.page_size),
    )
