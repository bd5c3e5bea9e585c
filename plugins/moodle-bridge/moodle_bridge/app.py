"""The bridge, wired: Moodle's completions come in, signed; what became of them can be asked."""

from __future__ import annotations

from functools import partial

import httpx2

from chassis.outbox import Announcement
from chassis.service import Chassis, Service
from chassis.tls import trust
from moodle_bridge.adapters.contacts import StoredContacts
from moodle_bridge.adapters.issuer import HttpJudging
from moodle_bridge.adapters.notices import GuardedNotices
from moodle_bridge.adapters.pushes import MeteredPushes
from moodle_bridge.adapters.secrets import BodyDigest, WrappedSecrets
from moodle_bridge.adapters.tallies import StoredTallies
from moodle_bridge.entrypoints import batches, earlier, events, http, timers, xapi
from moodle_bridge.entrypoints.reception import Reception
from moodle_bridge.handlers import (
    AcceptBatch,
    AcceptCompletion,
    AcceptCompletions,
    AcceptCorrection,
    AcceptEarlier,
    AcceptStatements,
    ChangePlatform,
    ForgetStrangers,
    ListAccepted,
    ListPlatforms,
    PushOutcomes,
    ReadLines,
    RecognisePlatform,
    RecordDecisions,
    RecordHolding,
    RecordOutcomes,
    RegisterPlatform,
    ReopenAllowed,
    RepublishUnanswered,
    RotateSecret,
    TellCorrections,
    TellOutcome,
    TryDelivery,
    TryEarlier,
    every_unanswered,
    every_undecided,
)
from moodle_bridge.ports import (
    COMPLETIONS,
    CONTACTS,
    CORRECTIONS,
    HEARD_HOLDINGS,
    PLATFORMS,
    STATEMENTS,
    TALLIES,
    UNTOLD,
)
from moodle_bridge.settings import BridgeSettings
from schemas.events import AssessmentCompleted, CompletionCorrected

NAME = "bridge"


async def create_app(chassis: Chassis, settings: BridgeSettings | None = None) -> Service:
    """The service. Its store is opened when it starts."""
    settings = settings or BridgeSettings()
    clock, access = chassis.clock, chassis.access
    documents = chassis.documents(NAME)
    completions = documents.collection(COMPLETIONS)
    platforms = documents.collection(PLATFORMS)
    corrections = documents.collection(CORRECTIONS)
    heard = documents.collection(HEARD_HOLDINGS)
    outbox = chassis.outbox(NAME, [completions, corrections])
    listener = chassis.listener(NAME, documents)
    tallies = StoredTallies(documents.collection(TALLIES), clock)
    contacts = StoredContacts(documents.collection(CONTACTS))
    untold = documents.collection(UNTOLD)
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
    recognise = RecognisePlatform(platforms, secrets, contacts, clock)
    lines = ReadLines(completions, naming=chassis.identity, digest=digest, clock=clock)
    client = httpx2.AsyncClient(timeout=settings.patience_seconds, trust_env=False, verify=trust(chassis.settings))
    judging = HttpJudging(client, chassis.service_token, chassis.settings.inner_url_of("issuer"))
    reception = Reception(recognise, tallies)
    reopen = ReopenAllowed(completions, platforms, nudge=outbox.nudge)
    correct = TellCorrections(completions, corrections, outbox.nudge)
    accept_correction = AcceptCorrection(
        completions,
        corrections,
        naming=chassis.identity,
        personal=chassis.vault,
        digest=digest,
        clock=clock,
        tell=correct,
    )
    tell = TellOutcome(
        completions,
        chassis.claims,
        clock=clock,
        issuer_url=chassis.settings.url_of("issuer"),
        claim_validity=settings.claim_validity,
    )
    notices = GuardedNotices(settings.push_origins)
    push = PushOutcomes(
        completions,
        platforms,
        untold,
        tell=tell,
        secrets=secrets,
        notify=notices,
        count=MeteredPushes(chassis.telemetry.metrics),
        clock=clock,
    )
    record_holding = RecordHolding(completions, heard, clock, push.marks)
    events.hear_outcomes(
        listener,
        record=RecordOutcomes(completions, push.marks),
        record_holding=record_holding,
        reopen=reopen,
        correct=correct,
    )
    events.hear_changes(listener, record_holding=record_holding, record_decisions=RecordDecisions(corrections))
    return Service(
        name=NAME,
        busiest=(
            http.delivery_routes(
                access=access,
                reception=reception,
                accept=AcceptCompletion(accept, digest=digest, clock=clock),
                tell=tell,
                clock=clock,
                bridge_url=chassis.settings.url_of("bridge"),
                max_body=settings.max_body,
            ),
        ),
        routers=(
            earlier.backfill_routes(
                access=access,
                platforms=ListPlatforms(platforms, contacts, untold),
                accept=AcceptEarlier(lines, accept),
                attempt=TryEarlier(lines, judging),
            ),
            http.correction_routes(
                reception=reception,
                accept=accept_correction,
                clock=clock,
                max_body=settings.max_body,
            ),
            batches.batch_routes(
                reception=reception,
                accept=AcceptBatch(accept, accept_correction, digest=digest, clock=clock),
                tell=tell,
                clock=clock,
                max_body=settings.max_batch,
            ),
            http.trial_routes(
                reception=reception, attempt=TryDelivery(chassis.identity, judging, clock), max_body=settings.max_body
            ),
            xapi.statement_routes(
                reception=reception,
                accept=AcceptStatements(
                    documents.collection(STATEMENTS), accept, naming=chassis.identity, digest=digest, clock=clock
                ),
                max_body=settings.max_body,
            ),
            http.platform_routes(
                access=access,
                register=RegisterPlatform(platforms, secrets, clock),
                rotate=RotateSecret(platforms, secrets, clock, settings.secret_overlap),
                change=ChangePlatform(platforms, untold, reopen),
                platforms=ListPlatforms(platforms, contacts, untold),
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
        announcements=(
            Announcement(AssessmentCompleted.topic, partial(every_unanswered, completions)),
            Announcement(CompletionCorrected.topic, partial(every_undecided, corrections)),
        ),
        loops=(
            timers.sweeps(republish, ForgetStrangers(heard, clock, settings.republish_for), settings.sweep),
            timers.pushes(push),
            timers.notes(tallies.flush, contacts.flush),
        ),
        checks={"documents": documents.ping},
        on_start=(documents.open,),
        on_stop=(client.aclose, notices.close, documents.close, contacts.flush, tallies.flush),  # taken from the end
    )
