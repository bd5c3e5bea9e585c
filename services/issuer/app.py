"""The issuer, wired: completions become credentials, and what was issued can be looked up, claimed and revoked."""

from __future__ import annotations

import socket
from collections import Counter
from functools import partial

from fastapi import APIRouter

from chassis.outbox import Announcement
from chassis.service import Chassis, Service
from credentials.canonical import rdfc
from credentials.certificates import ESeal
from credentials.contexts import shipped
from credentials.contexts.examples import with_examples
from credentials.formats import ATTESTATIONS, FORMATS
from credentials.proofs import PROOFS, VC_JWT_EDDSA, VC_JWT_ES256, Jades, Proof
from credentials.proofs.contexts import suites_over
from credentials.registry import Registry
from issuer.adapters.certificate import load_seal
from issuer.adapters.issuance_log import ChainedLog
from issuer.adapters.keyring import MasterKeyring
from issuer.adapters.parking import SetAside
from issuer.adapters.status_slots import LeasedSlots
from issuer.domain.correcting import policy
from issuer.domain.forms import Offers
from issuer.domain.protocol import Signers
from issuer.domain.sealing import Seal
from issuer.entrypoints import (
    corrections,
    events,
    formats,
    http,
    keys,
    learner_records,
    pages,
    refusals,
    timers,
    type_metadata,
    vc_api,
)
from issuer.handlers import (
    DecideCorrections,
    EraseLearner,
    ForeseeIssuance,
    FormsOfAward,
    IssueCredentials,
    IssueDirectly,
    JudgeCompletions,
    KeepOfferings,
    MintClaim,
    ReadCredential,
    RecordStack,
    RegisterOrganisation,
    ReinstateCredential,
    ReissueCorrected,
    ReviewCorrections,
    ReviewRefusals,
    RevokeCredential,
    RotateKey,
    StatusLists,
    StayAtOrigin,
    SupersedeCredentials,
    SuspendCredential,
    TellOrganisations,
    TellOutcome,
    every_organisation,
    every_replacement,
    every_status,
)
from issuer.handlers.attesting import AttestIssuance
from issuer.handlers.keeping import Contents
from issuer.handlers.keys import ListKeys, ReportCompromise
from issuer.handlers.protocol import IssueForProtocol, ProtocolStatuses
from issuer.ports import (
    BASES,
    CORRECTIONS,
    FORMS,
    ISSUANCE_LOG,
    OFFERINGS,
    ORGANISATIONS,
    OUTCOMES,
    PROTOCOL_LISTS,
    STATUS_LISTS,
    Keyring,
    ProtocolLists,
)
from issuer.settings import IssuerSettings
from schemas.events import CredentialIssued, CredentialStatusChanged, OrganisationRegistered

NAME = "issuer"


def _proofs(settings: IssuerSettings, chassis: Chassis) -> Registry[Proof]:
    """Every proof that can be made here; one that needs a certificate, where there is one or it is asked for."""
    return Registry(
        *(
            proof.sealing_with(_certificate(settings, chassis)) if isinstance(proof, Jades) else proof
            for proof in PROOFS.values()
            if not isinstance(proof, Jades) or settings.certificate is not None or proof.name in settings.proofs
        )
    )


def _certificate(settings: IssuerSettings, chassis: Chassis) -> ESeal:
    password = settings.certificate_password
    opened = password.get_secret_value() if password else None
    return load_seal(settings.certificate, opened, chassis.clock())


def _canonicalised(seal: Seal, offers: Offers) -> Counter[str]:
    """By way, what was sealed at issuing and on request; what never happened is told as zero."""
    counted = Counter(seal.shapes.counted())
    counted.update(offers.counted())
    return counted


async def _keyring(settings: IssuerSettings, chassis: Chassis) -> Keyring:
    """Where organisations' keys are: in a token where one is named, else here."""
    module, token, pin = settings.pkcs11_module, settings.pkcs11_token, settings.pkcs11_pin
    if module is None or token is None or pin is None:
        return MasterKeyring(chassis.master)
    from issuer.adapters.pkcs11_keyring import Pkcs11Keyring  # noqa: PLC0415 a tenth of a second that few houses need

    return await Pkcs11Keyring.open(module, token, pin)


async def create_app(chassis: Chassis, settings: IssuerSettings | None = None) -> Service:
    """The service. Its store is opened when it starts.

    Raises `UnsuitableProof` for a format and a proof that do not go together,
    `UnsuitableStatus` for a format that cannot say where suspensions stand,
    `NotASeal` for a certificate that cannot be used, `Unavailable` for a PKCS#11 token that cannot.
    """
    settings = settings or IssuerSettings()
    proofs = _proofs(settings, chassis)
    seal = Seal(FORMATS[settings.format], tuple(proofs[name] for name in settings.proofs), settings.suspension)
    offers = Offers(FORMATS.values(), proofs, settings.proofs)
    chassis.telemetry.metrics.count_canonicalisations(NAME, partial(_canonicalised, seal, offers))
    base_url = chassis.settings.url_of("issuer")
    status_url = base_url + "/organisations/{organisation}/status-lists/{number}"
    log_url = base_url + "/organisations/{organisation}/issuance-log"
    clock, vault = chassis.clock, chassis.vault

    documents = chassis.documents(NAME)
    outcomes = documents.collection(OUTCOMES)
    offerings = documents.collection(OFFERINGS)
    organisations = documents.collection(ORGANISATIONS)
    records = documents.collection(STATUS_LISTS)
    corrected = documents.collection(CORRECTIONS)
    outbox = chassis.outbox(NAME, [outcomes, organisations, corrected])
    listener = chassis.listener(NAME, documents)
    keyring = await _keyring(settings, chassis)
    forms = documents.collection(FORMS)
    contents = Contents(vault, documents.collection(BASES))
    log = ChainedLog(documents.collection(ISSUANCE_LOG), clock=clock)

    status_lists = StatusLists(
        outcomes=outcomes,
        organisations=organisations,
        records=records,
        keyring=keyring,
        seal=seal,
        clock=clock,
        status_url=status_url,
        validity=settings.status_validity,
    )
    issue = IssueCredentials(
        outcomes=outcomes,
        offerings=offerings,
        organisations=organisations,
        vault=vault,
        contents=contents,
        keyring=keyring,
        slots=LeasedSlots(
            records,
            outcomes,
            key_of=lambda list_id: chassis.identity.derive(f"status list {list_id}"),
            holder=settings.replica or f"{socket.gethostname()}:{chassis.settings.port}",
            clock=clock,
            size=settings.lease,
        ),
        log=log,
        seal=seal,
        award_id=chassis.identity.award,
        announcing=chassis.publisher,
        nudge=outbox.nudge,
        set_aside=SetAside(listener.parking, events.COMPLETIONS),
        supersede=SupersedeCredentials(outcomes, status_lists, nudge=outbox.nudge, clock=clock),
        clock=clock,
        status_url=status_url,
        patience=settings.patience,
    )
    register = RegisterOrganisation(
        organisations, keyring, kinds=seal.kinds, issue=issue, nudge=outbox.nudge, clock=clock, base_url=base_url
    )
    rotate = RotateKey(organisations, keyring, kinds=seal.kinds, clock=clock)
    issue_directly = IssueDirectly(
        issue=issue, outcomes=outcomes, offerings=offerings, vault=vault, identity=chassis.identity, clock=clock
    )
    claims = MintClaim(chassis.claims, clock=clock, base_url=base_url, validity=settings.claim_validity)
    tell, tell_organisations = TellOutcome(outcomes), TellOrganisations(organisations, log_url=log_url)
    report = ReportCompromise(organisations, keyring, status_lists, clock=clock)
    attest = AttestIssuance(
        log,
        outcomes=outcomes,
        forms=forms,
        organisations=organisations,
        keyring=keyring,
        kind=seal.kinds[0],
        clock=clock,
    )
    read = ReadCredential(outcomes, contents)
    forms_of = FormsOfAward(
        read,
        forms=forms,
        organisations=organisations,
        vault=vault,
        keyring=keyring,
        equip=rotate.equip,
        log=log,
        offers=offers,
        clock=clock,
    )
    erase = EraseLearner(outcomes, vault, chassis.identity)
    record = RecordStack(
        outcomes=outcomes,
        organisations=organisations,
        contents=contents,
        keyring=keyring,
        kind=seal.kinds[0],
        record_id=partial(chassis.identity.award, purpose="record"),
        clock=clock,
    )
    revoke = RevokeCredential(outcomes, status_lists, nudge=outbox.nudge, clock=clock)
    suspend = SuspendCredential(outcomes, status_lists, nudge=outbox.nudge, clock=clock)
    reinstate = ReinstateCredential(outcomes, status_lists, nudge=outbox.nudge, clock=clock)

    correct = DecideCorrections(
        corrections=corrected,
        outcomes=outcomes,
        award_id=chassis.identity.award,
        suspend=suspend,
        policy=policy(settings.corrections),
        announcing=chassis.publisher,
        nudge=outbox.nudge,
        clock=clock,
    )

    review = ReviewCorrections(corrected, clock)
    reissue = ReissueCorrected(
        outcomes=outcomes, read=read, vault=vault, issue=issue, review=review, award_id=chassis.identity.award
    )

    return Service(
        name=NAME,
        routers=(
            http.public_routes(tell_organisations, status_lists),
            http.organisation_routes(chassis.access, register, rotate, tell_organisations),
            keys.key_routes(chassis.access, ListKeys(organisations), report),
            keys.log_routes(attest),
            http.outcome_routes(chassis.access, tell, claims),
            http.judgement_routes(
                chassis.access, JudgeCompletions(outcomes, offerings, organisations, award_id=chassis.identity.award)
            ),
            http.credential_routes(chassis.access, tell, forms_of, claims),
            http.state_routes(chassis.access, tell, revoke, suspend, reinstate),
            corrections.correction_routes(chassis.access, review, reissue, claims),
            refusals.refusal_routes(chassis.access, ReviewRefusals(outcomes, issue)),
            http.erasure_routes(chassis.access, erase),
            http.issuance_routes(chassis.access, issue_directly, claims),
            learner_records.record_routes(chassis.access, record),
            formats.format_routes(FORMATS, ATTESTATIONS, issued=seal.format, offers=offers, base_url=base_url),
            type_metadata.type_metadata_routes(ATTESTATIONS),
            _vc_api(chassis, settings, documents.collection(PROTOCOL_LISTS)),
            pages.routes(chassis.pages, read, forms_of, claims, f"{chassis.settings.verifier_url or ''}/verify"),
        ),
        listeners=(
            events.routes(
                listener,
                issue=issue,
                correct=correct,
                foresee=ForeseeIssuance(outcomes, issue),
                keep=KeepOfferings(offerings, issue),
                status_lists=status_lists,
            ),
        ),
        announcements=(
            Announcement(OrganisationRegistered.topic, partial(every_organisation, organisations)),
            Announcement(CredentialIssued.topic, partial(every_replacement, outcomes)),
            Announcement(CredentialStatusChanged.topic, partial(every_status, outcomes)),
        ),
        outboxes=(outbox,),
        loops=(timers.overdue(issue, settings.sweep),),
        checks={"documents": documents.ping, "keys": keyring.ping},
        on_start=(documents.open, StayAtOrigin(organisations, base_url=base_url), rotate.complete),
        on_stop=(keyring.close, documents.close),
    )


def _vc_api(chassis: Chassis, settings: IssuerSettings, lists: ProtocolLists) -> APIRouter:
    """The interface for other people's tools: keys, lists and rules of its own."""
    contexts = with_examples() if chassis.settings.vc_api_examples else shipped()
    suites = suites_over(contexts)
    signers = Signers(chassis.identity.derive, settings.vc_api_key)
    statuses = ProtocolStatuses(
        lists,
        signers,
        {suite.key: suite for suite in reversed(tuple(suites.values()))},
        key_of=chassis.identity.derive,
        clock=chassis.clock,
        url=chassis.settings.url_of("issuer") + "/vc-api/{tenant}/status-lists/{signer}/{purpose}/{number}",
        validity=settings.status_validity,
    )
    issue = IssueForProtocol(
        signers,
        (*suites.values(), VC_JWT_EDDSA, VC_JWT_ES256),
        statuses,
        canonicalize=partial(rdfc, contexts=contexts),
        clock=chassis.clock,
    )
    return vc_api.routes(chassis.access, issue, statuses)
