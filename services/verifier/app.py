"""The verifier, wired."""

from __future__ import annotations

from pathlib import Path

from chassis.knobs import usable
from chassis.service import Chassis, Service
from chassis.tls import trust
from credentials.contexts.examples import with_examples
from credentials.proofs import SHAPES
from verifier.adapters.anchors import ListedAnchors
from verifier.adapters.counts import AnnouncedCounts
from verifier.adapters.guarded import GuardedClient, Limits
from verifier.adapters.store import Issuers, States
from verifier.adapters.web import WebCredentials, WebDidDocuments, WebIssuanceLogs, WebResources, WebStatusLists
from verifier.entrypoints import events, http, linting, pages, vc_api
from verifier.handlers import (
    DistrustIssuer,
    ForgetStatusLists,
    Language,
    ListTrustedIssuers,
    RecordStatuses,
    Sources,
    TrustIssuer,
    TrustOrganisations,
    VerifyCredential,
    VerifyForProtocol,
    VerifyMany,
    VerifyPresentation,
    VerifyProofs,
)
from verifier.settings import VerifierSettings

_TEMPLATES = Path(__file__).parent / "entrypoints" / "templates"


async def create_app(chassis: Chassis, settings: VerifierSettings | None = None) -> Service:
    """The verifier as a service: its routes, what it hears, what it keeps.

    Raises `Misconfigured` or `UnfitCertificate` for authorities that cannot be read.
    """
    settings = settings or VerifierSettings()
    documents = chassis.documents("verifier")
    issuers, states = Issuers(documents), States(documents, ttl=settings.status_ttl)
    house = chassis.settings
    client = GuardedClient(
        house.own_origins,
        inside={house.url_of("issuer"): house.inner_url_of("issuer")} if house.inner_url else None,
        own_tls=trust(house),
        limits=Limits(seconds=settings.fetch_seconds, sent=settings.fetch_bytes, unpacked=4 * settings.fetch_bytes),
    )
    status_lists = WebStatusLists(client, chassis.clock, ttl=settings.status_ttl)
    chassis.telemetry.metrics.count_canonicalisations("verifier", SHAPES.counted)
    counts = AnnouncedCounts(chassis.publisher, chassis.telemetry.metrics, chassis.clock)
    sources = Sources(
        dids=WebDidDocuments(client, ttl=settings.did_ttl),
        status_lists=status_lists,
        credentials=WebCredentials(client),
        resources=WebResources(client),
        trust=issuers,
        known=states,
        counts=counts,
        anchors=_anchors(settings),
        logs=WebIssuanceLogs(client),
    )
    verify = VerifyCredential(sources)
    for_protocol = VerifyForProtocol(sources, Language.over(with_examples()) if house.vc_api_examples else None)
    prove = VerifyProofs(for_protocol)
    listener = events.listen(
        chassis.listener("verifier", documents),
        TrustOrganisations(issuers),
        RecordStatuses(states),
        ForgetStatusLists(status_lists, states),
    )
    return Service(
        name="verifier",
        busiest=(
            http.verifications(verify, VerifyMany(verify, chassis.clock), chassis.clock, largest=house.max_body),
            vc_api.routes(for_protocol, VerifyPresentation(for_protocol, prove), prove, chassis.clock),
        ),
        routers=(
            linting.linting(chassis.clock),
            http.trust(TrustIssuer(issuers), DistrustIssuer(issuers), ListTrustedIssuers(issuers), chassis.access),
            pages.pages(verify, chassis.pages.within(_TEMPLATES), chassis.clock),
        ),
        listeners=(listener,),
        loops=(counts.run,),
        checks={"documents": documents.ping},
        on_start=(documents.open,),
        on_stop=(client.close, documents.close),
    )


def _anchors(settings: VerifierSettings) -> ListedAnchors:
    with usable("LAUREL_VERIFIER_ANCHORS", settings.anchors):
        return ListedAnchors.read(settings.anchors)
