"""The verifier, wired."""

from __future__ import annotations

from pathlib import Path

from chassis.service import Chassis, Service
from verifier.adapters.counts import AnnouncedCounts
from verifier.adapters.guarded import GuardedClient, Limits
from verifier.adapters.store import Issuers, States
from verifier.adapters.web import WebCredentials, WebDidDocuments, WebStatusLists
from verifier.entrypoints import events, http, pages
from verifier.handlers import (
    ForgetStatusLists,
    ListTrustedIssuers,
    RecordStatuses,
    Sources,
    TrustIssuer,
    TrustOrganisations,
    VerifyCredential,
    VerifyForProtocol,
)
from verifier.settings import VerifierSettings

_TEMPLATES = Path(__file__).parent / "entrypoints" / "templates"


async def create_app(chassis: Chassis, settings: VerifierSettings | None = None) -> Service:
    """The verifier as a service: its routes, what it hears, what it keeps."""
    settings = settings or VerifierSettings()
    documents = chassis.documents("verifier")
    issuers, states = Issuers(documents), States(documents)
    house = chassis.settings
    client = GuardedClient(
        house.own_origins,
        inside={house.url_of("issuer"): house.inner_url_of("issuer")} if house.inner_url else None,
        limits=Limits(seconds=settings.fetch_seconds, sent=settings.fetch_bytes, unpacked=4 * settings.fetch_bytes),
    )
    status_lists = WebStatusLists(client, chassis.clock, ttl=settings.status_ttl)
    counts = AnnouncedCounts(chassis.publisher, chassis.telemetry.metrics, chassis.clock)
    sources = Sources(
        dids=WebDidDocuments(client, ttl=settings.did_ttl),
        status_lists=status_lists,
        credentials=WebCredentials(client),
        trust=issuers,
        known=states,
        counts=counts,
    )
    verify = VerifyCredential(sources)
    listener = events.listen(
        chassis.listener("verifier", documents),
        TrustOrganisations(issuers),
        RecordStatuses(states),
        ForgetStatusLists(status_lists),
    )
    return Service(
        name="verifier",
        routers=(
            http.verifications(verify, chassis.clock),
            http.vc_api(VerifyForProtocol(sources), chassis.clock),
            http.trust(TrustIssuer(issuers), ListTrustedIssuers(issuers), chassis.access),
            pages.pages(verify, chassis.pages.within(_TEMPLATES), chassis.clock),
        ),
        listeners=(listener,),
        loops=(counts.run,),
        checks={"documents": documents.ping},
        on_start=(documents.open,),
        on_stop=(client.close, documents.close),
    )
