"""The issuer's use cases over a database in memory, a log that is a list, and a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.documents import Documents, PendingEvent, SqliteDocuments
from chassis.identity import Identity
from chassis.secrets import MasterKey
from chassis.vault import Vault
from credentials.formats import Format, Reading
from credentials.proofs import ECDSA_JCS_2019, EDDSA_JCS_2022
from issuer.adapters.issuance_log import ChainedLog
from issuer.adapters.keyring import MasterKeyring
from issuer.adapters.status_slots import LeasedSlots
from issuer.domain.sealing import Seal
from issuer.handlers import (
    IssueCredentials,
    IssueDirectly,
    KeepOfferings,
    OrganisationDraft,
    ReadCredential,
    RegisterOrganisation,
    ReinstateCredential,
    RevokeCredential,
    StatusLists,
    SupersedeCredentials,
    SuspendCredential,
    TellOrganisations,
    TellOutcome,
)
from issuer.handlers.attesting import AttestIssuance
from issuer.handlers.keeping import Contents
from issuer.handlers.keys import ListKeys, ReportCompromise
from issuer.ports import BASES, FORMS, ISSUANCE_LOG, OFFERINGS, ORGANISATIONS, OUTCOMES, STATUS_LISTS, Outcome
from schemas.events import AssessmentCompleted, Event, OfferingPublished, StatusEntry, Unreadable, decode
from schemas.faults import Malformed
from schemas.microcredential import Award, Offering, Organisation, PersonalData
from schemas.values import JsonObject
from tests.builders import (
    NOW,
    a_completion,
    an_id,
    an_organisation,
    assessment_completed,
    offering_published,
    personal_data,
)

BASE_URL = "http://localhost:8000"
STATUS_URL = BASE_URL + "/organisations/{organisation}/status-lists/{number}"
LOG_URL = BASE_URL + "/organisations/{organisation}/issuance-log"


def _compose(award: Award, *, issued: datetime, status: StatusEntry, salt: bytes | None = None) -> JsonObject:
    assert salt is None
    if award.learner.full_name == UNCERTIFIABLE:
        raise Malformed("this cannot be certified")
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"urn:uuid:{award.id}",
        "type": ["VerifiableCredential"],
        "issuer": award.organisation.did,
        "validFrom": issued.isoformat(),
        "credentialSubject": {"name": award.learner.full_name},
        "credentialStatus": {"statusListCredential": status.list, "statusListIndex": str(status.index)},
    }


def _suspend(document: JsonObject, status: StatusEntry) -> JsonObject:
    second = {"statusListCredential": status.list, "statusListIndex": str(status.index)}
    return {**document, "credentialStatus": [document["credentialStatus"], second]}


def _read(_document: JsonObject) -> Reading:
    raise NotImplementedError


UNCERTIFIABLE = "Nomen Nescio"
PLAIN = Format(
    "plain",
    "Plain",
    "application/vc",
    compose=_compose,
    read=_read,
    proofs=(EDDSA_JCS_2022, ECDSA_JCS_2019),
    suspend=_suspend,
)
"""The least that is a credential: quick to canonicalise."""


@dataclass
class Log:
    """What was said, and a nudge that counts."""

    said: list[PendingEvent] = field(default_factory=list)
    nudges: int = 0
    parked: list[tuple[AssessmentCompleted, Exception]] = field(default_factory=list)

    async def set_aside(self, completed: AssessmentCompleted, error: Exception) -> None:
        self.parked.append((completed, error))

    async def publish(self, pending: Sequence[PendingEvent]) -> None:
        self.said += pending

    def nudge(self) -> None:
        self.nudges += 1

    @property
    def events(self) -> list[Event]:
        return [read(pending) for pending in self.said]


def read(pending: PendingEvent) -> Event:
    event = decode(pending.value.encode())
    assert not isinstance(event, Unreadable), event.detail
    assert (pending.topic, pending.key) == (event.topic, event.key)
    return event


@dataclass
class Clock:
    now: datetime = NOW + timedelta(seconds=5)

    def __call__(self) -> datetime:
        return self.now


class Workshop:
    """Everything wired as `create_app` does, without HTTP and Kafka. `replica` shares the stores, not the memory."""

    def __init__(self, documents: Documents | None = None, *, name: str = "one", lease: int = 10) -> None:
        self.documents = documents or SqliteDocuments(":memory:")
        self.master = MasterKey(bytes(32))
        self.identity = Identity(bytes(32))
        self.vault = Vault(self.documents, self.master)
        self.clock = Clock()
        self.log = Log()
        self.outcomes: Any = self.documents.collection(OUTCOMES)
        self.offerings = self.documents.collection(OFFERINGS)
        self.organisations = self.documents.collection(ORGANISATIONS)
        self.records = self.documents.collection(STATUS_LISTS)
        self.log_pages: Any = self.documents.collection(ISSUANCE_LOG)
        self.forms: Any = self.documents.collection(FORMS)
        self.contents = Contents(self.vault, self.documents.collection(BASES))
        self.keyring = MasterKeyring(self.master)
        self.seal = Seal(PLAIN, (EDDSA_JCS_2022,))
        self.name, self.lease = name, lease
        self.wire()

    def wire(self, **instead: Any) -> None:  # noqa: ANN401 whatever stands in
        """Wire (again), with other things in place of the usual."""
        self.__dict__.update(instead)
        self.slots = LeasedSlots(
            self.records,
            self.outcomes,
            key_of=lambda list_id: self.identity.derive(f"status list {list_id}"),
            holder=self.name,
            clock=self.clock,
            size=self.lease,
        )
        self.issuance_log = ChainedLog(self.log_pages, clock=self.clock)
        self.status_lists = StatusLists(
            outcomes=self.outcomes,
            organisations=self.organisations,
            records=self.records,
            keyring=self.keyring,
            seal=self.seal,
            clock=self.clock,
            status_url=STATUS_URL,
            validity=timedelta(minutes=15),
        )
        self.issue = IssueCredentials(
            outcomes=self.outcomes,
            offerings=self.offerings,
            organisations=self.organisations,
            vault=self.vault,
            contents=self.contents,
            keyring=self.keyring,
            slots=self.slots,
            log=self.issuance_log,
            seal=self.seal,
            award_id=self.identity.award,
            announcing=self.log,
            nudge=self.log.nudge,
            set_aside=self.log.set_aside,
            supersede=SupersedeCredentials(self.outcomes, self.status_lists, nudge=self.log.nudge, clock=self.clock),
            clock=self.clock,
            status_url=STATUS_URL,
            patience=timedelta(hours=1),
        )
        self.keep = KeepOfferings(self.offerings, self.issue)
        self.revoke, self.suspend, self.reinstate = (
            change(self.outcomes, self.status_lists, nudge=self.log.nudge, clock=self.clock)
            for change in (RevokeCredential, SuspendCredential, ReinstateCredential)
        )
        self.read = ReadCredential(self.outcomes, self.contents)
        self.tell = TellOutcome(self.outcomes)
        self.tell_organisations = TellOrganisations(self.organisations, log_url=LOG_URL)
        self.list_keys = ListKeys(self.organisations)
        self.report = ReportCompromise(self.organisations, self.keyring, self.status_lists, clock=self.clock)
        self.attest = AttestIssuance(
            self.issuance_log,
            outcomes=self.outcomes,
            forms=self.forms,
            organisations=self.organisations,
            keyring=self.keyring,
            kind=self.seal.kinds[0],
            clock=self.clock,
        )
        self.issue_directly = IssueDirectly(
            issue=self.issue,
            outcomes=self.outcomes,
            offerings=self.offerings,
            vault=self.vault,
            identity=self.identity,
            clock=self.clock,
        )

        self.register = RegisterOrganisation(
            self.organisations,
            self.keyring,
            kinds=self.seal.kinds,
            issue=self.issue,
            nudge=self.log.nudge,
            clock=self.clock,
            base_url=BASE_URL,
        )

    def replica(self, name: str = "two") -> Workshop:
        return Workshop(self.documents, name=name, lease=self.lease)

    async def open(self, *offerings: Offering, organisation: bool = True) -> Workshop:
        await self.documents.open()
        if organisation:
            await self.register(draft())
        if offerings:
            await self.publish(*offerings)
        return self

    async def publish(self, *offerings: Offering) -> None:
        published: list[OfferingPublished] = [offering_published(offering) for offering in offerings]
        await self.keep(published)

    async def completed(
        self,
        number: int = 17,
        about: PersonalData | None = None,
        **changes: Any,  # noqa: ANN401 passed on to what validates it
    ) -> AssessmentCompleted:
        learner = self.identity.learner("uex-moodle", str(number))
        sealed = await self.vault.seal(learner, (about or personal_data()).model_dump_json().encode())
        completion = a_completion(
            **{
                "id": an_id(f"completion {number}"),
                "episode": f"course_completions:{number}",
                "learner": learner,
                "personal": sealed,
                **changes,
            }
        )
        return assessment_completed(completion)

    async def outcome(self, completed: AssessmentCompleted) -> Outcome | None:
        return await self.outcomes.get(str(self.issue.identify(completed)))

    async def known(self, completed: AssessmentCompleted) -> Outcome:
        outcome = await self.outcome(completed)
        assert outcome is not None
        return outcome

    async def all(self) -> tuple[Outcome, ...]:
        page = await self.documents.collection(OUTCOMES).find({}, limit=10_000)
        return tuple(page.items)


def draft(organisation: Organisation | None = None) -> OrganisationDraft:
    organisation = organisation or an_organisation()
    said = organisation.model_dump(mode="json", include=set(OrganisationDraft.model_fields))
    return OrganisationDraft.model_validate(said)


def award_of(outcome: Outcome) -> UUID:
    return UUID(outcome.id)
