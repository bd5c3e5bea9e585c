"""The bridge, wired: Moodle's completions come in, signed; what became of them can be asked."""

from __future__ import annotations

from functools import partial

from chassis.outbox import Announcement
from chassis.service import Chassis, Service
from moodle_bridge.adapters.secrets import BodyDigest, WrappedSecrets
from moodle_bridge.adapters.tallies import StoredTallies
from moodle_bridge.entrypoints import events, http, timers
from moodle_bridge.handlers import (
    AcceptCompletion,
    AcceptCompletions,
    ChangePlatform,
    ListAccepted,
    ListPlatforms,
    RecognisePlatform,
    RecordOutcomes,
    RegisterPlatform,
    RepublishUnanswered,
    RotateSecret,
    TellOutcome,
    TryDelivery,
    every_unanswered,
)
from moodle_bridge.ports import COMPLETIONS, PLATFORMS, TALLIES
from moodle_bridge.settings import BridgeSettings
from schemas.events import AssessmentCompleted

NAME = "bridge"


async def create_app(chassis: Chassis, settings: BridgeSettings | None = None) -> Service:
    """The service. Its store is opened when it starts."""
    settings = settings or BridgeSettings()
    clock, access = chassis.clock, chassis.access
    documents = chassis.documents(NAME)
    completions = documents.collection(COMPLETIONS)
    platforms = documents.collection(PLATFORMS)
    outbox = chassis.outbox(NAME, [completions])
    listener = chassis.listener(NAME, documents)
    tallies = StoredTallies(documents.collection(TALLIES), clock)
    secrets = WrappedSecrets(chassis.master)

    republish = RepublishUnanswered(
        completions,
        clock=clock,
        nudge=outbox.nudge,
        first=settings.republish_after,
        longest=settings.republish_at_most,
        ceiling=settings.republish_for,
    )
    accept = AcceptCompletions(
        completions,
        naming=chassis.identity,
        personal=chassis.vault,
        clock=clock,
        nudge=outbox.nudge,
        republish_after=settings.republish_after,
    )
    digest = BodyDigest(chassis.identity)
    recognise = RecognisePlatform(platforms, secrets, clock)
    events.subscribe(listener, record=RecordOutcomes(completions))
    return Service(
        name=NAME,
        routers=(
            http.delivery_routes(
                access=access,
                recognise=recognise,
                accept=AcceptCompletion(accept, digest=digest, clock=clock),
                tell=TellOutcome(
                    completions,
                    chassis.claims,
                    clock=clock,
                    issuer_url=chassis.settings.url_of("issuer"),
                    claim_validity=settings.claim_validity,
                ),
                tallies=tallies,
                clock=clock,
                bridge_url=chassis.settings.url_of("bridge"),
                max_body=settings.max_body,
            ),
            http.trial_routes(recognise=recognise, attempt=TryDelivery(clock), max_body=settings.max_body),
            http.platform_routes(
                access=access,
                register=RegisterPlatform(platforms, secrets, clock),
                rotate=RotateSecret(platforms, secrets, clock, settings.secret_overlap),
                change=ChangePlatform(platforms),
                platforms=ListPlatforms(platforms),
            ),
            http.account_routes(
                access=access,
                accepted=ListAccepted(completions),
                tallies=tallies,
                clock=clock,
                ceiling=settings.republish_for,
            ),
        ),
        listeners=(listener,),
        outboxes=(outbox,),
        announcements=(Announcement(AssessmentCompleted.topic, partial(every_unanswered, completions)),),
        loops=(timers.unanswered(republish, settings.sweep), timers.tallies(tallies.flush)),
        checks={"documents": documents.ping},
        on_start=(documents.open,),
        on_stop=(documents.close, tallies.flush),  # taken from the end
    )
