"""A key that others may have: what it signed counts only if the issuer's log shows that it is older than that."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from credentials.dids import did_document
from credentials.issuance_log import (
    SERVICE,
    Statement,
    Step,
    award_digest,
    beginning,
    content_of,
    digest_of,
    shortcut,
    way,
)
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, VC_JWT_EDDSA, Sealed
from schemas.events import Decision
from schemas.values import JsonObject
from tests.component.verifier.test_verdicts_of_credentials import decided
from tests.component.verifier.world import ISSUED, LATER, LIST, MALLORY, UEX, World, a_badge, a_status_list
from verifier.domain.verdicts import CheckId, Code
from verifier.handlers import VerifyProofs
from verifier.handlers.verifying import VerifyForProtocol

SINCE = ISSUED + timedelta(days=3)
"""From when on somebody else may have `key-1`."""
LOG = "https://uex.example.org/issuance-log"
NEW = SigningKey.from_private(bytes(range(64, 96)))


def the_document(since: datetime | None = SINCE, *, new_since: datetime | None = None, log: bool = True) -> JsonObject:
    """The issuer's DID document after the report: a marked key, and a new one."""
    marked = {name: at for name, at in (("key-1", since), ("key-2", new_since)) if at is not None}
    return did_document(
        UEX.did,
        [("key-1", UEX.key.public), ("key-2", NEW.public)],
        revoked=marked,
        services={SERVICE: LOG} if log else {},
    )


@dataclass
class Log:
    """An issuance log, kept by hand."""

    did: str = UEX.did
    entries: list[list[tuple[str, str]]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def add(self, *sealed: Sealed, at: datetime = ISSUED) -> Log:
        number = len(self.steps) + 1
        links = [beginning(self.did), *(step.link for step in self.steps)]
        entries = [(digest_of(each), award_digest(each)) for each in sealed]
        self.entries.append(entries)
        self.steps.append(Step(number, at, content_of(entries), links[number - 1], links[shortcut(number)]))
        return self

    def answer(
        self, sealed: Sealed, key: SigningKey = NEW, method: str = f"{UEX.did}#key-2", digest: str | None = None
    ) -> JsonObject:
        digest = digest or digest_of(sealed)
        page = next((n for n, some in enumerate(self.entries, 1) if digest in dict(some)), None)
        link = self.steps[-1].link if self.steps else beginning(self.did)
        statement = Statement(self.did, LATER, len(self.steps), link, digest, page).sign(key, method)
        if page is None:
            return {"statement": statement}
        return {
            "statement": statement,
            "steps": [self.steps[n - 1].to_json() for n in way(len(self.steps), page)],
            "entries": [{"credential": each, "award": award} for each, award in self.entries[page - 1]],
        }


def after_the_report(sealed: Sealed, answer: JsonObject | None, document: JsonObject | None = None) -> World:
    """The world once the key was marked; its status list is signed by the new key."""
    fresh = EDDSA_RDFC_2022.secure(a_status_list(), NEW, verification_method=f"{UEX.did}#key-2", created=LATER)
    return World(
        dids={UEX.did: document or the_document()},
        lists={LIST: fresh},
        logs={} if answer is None else {f"{LOG}/proofs/{digest_of(sealed)}": answer},
    )


@pytest.fixture
def badge() -> JsonObject:
    sealed: JsonObject = UEX.sign(a_badge())
    return sealed


async def test_what_the_log_shows_to_be_older_still_counts(badge: JsonObject) -> None:
    log = Log().add(UEX.sign(a_badge(name="Another"))).add(badge).add(at=SINCE)
    decided(await after_the_report(badge, log.answer(badge)).verify(badge), Decision.ACCEPT)


@pytest.mark.parametrize("suite", [EDDSA_JCS_2022, VC_JWT_EDDSA], ids=lambda suite: suite.name)
async def test_in_whatever_form_it_was_sealed(suite: object) -> None:
    sealed: Sealed = UEX.sign(a_badge(), suite)
    log = Log().add(sealed)
    decided(await after_the_report(sealed, log.answer(sealed)).verify(sealed), Decision.ACCEPT)
    thief: Sealed = UEX.sign(a_badge(name="A doctorate"), suite)
    decided(await after_the_report(thief, log.answer(thief)).verify(thief), Decision.REJECT, Code.KEY_COMPROMISED)


async def test_a_thief_who_writes_an_earlier_date_into_the_proof_is_turned_away() -> None:
    """The log of the honest issuer says that it never sealed this."""
    forged = UEX.sign(a_badge(name="A doctorate"), created=ISSUED - timedelta(days=300))
    log = Log().add(UEX.sign(a_badge()))
    report = await after_the_report(forged, log.answer(forged)).verify(forged)
    decided(report, Decision.REJECT, Code.KEY_COMPROMISED)
    assert report.check(CheckId.SIGNATURE).evidence["since"] == "2026-11-26T10:00:03.000Z"
    assert "others may have its key" in report.sentence


async def test_what_was_sealed_at_or_after_that_moment_does_not_count(badge: JsonObject) -> None:
    for at in (SINCE, SINCE + timedelta(days=1)):
        log = Log().add(badge, at=at)
        report = await after_the_report(badge, log.answer(badge)).verify(badge)
        decided(report, Decision.REJECT, Code.KEY_COMPROMISED)


async def test_a_log_that_does_not_answer_leaves_it_open(badge: JsonObject) -> None:
    decided(await after_the_report(badge, None).verify(badge), Decision.INDETERMINATE, Code.ISSUANCE_LOG_UNAVAILABLE)


async def test_a_thief_who_answers_for_the_log_is_not_believed(badge: JsonObject) -> None:
    """Signed with the stolen key, with another's, or with one that is marked as well, it proves nothing."""
    forged = UEX.sign(a_badge(name="A doctorate"), created=ISSUED)
    log = Log().add(forged)
    theirs = Log(MALLORY.did).add(forged)
    other = Log().add(badge)
    answers = [
        log.answer(forged, UEX.key, UEX.method),
        log.answer(forged, UEX.key, f"{UEX.did}#key-2"),
        log.answer(forged, MALLORY.key, MALLORY.method),
        log.answer(forged, MALLORY.key, f"{UEX.did}#key-9"),
        theirs.answer(forged, MALLORY.key, MALLORY.method),
        theirs.answer(forged),
        other.answer(badge),
        {**log.answer(forged), "steps": [step.to_json() for step in other.steps]},
        {"statement": "not.a.token"},
        {"steps": []},
    ]
    for answer in answers:
        report = await after_the_report(forged, answer).verify(forged)
        decided(report, Decision.INDETERMINATE, Code.ISSUANCE_LOG_UNAVAILABLE)
    both = the_document(new_since=SINCE)
    report = await after_the_report(forged, log.answer(forged), both).verify(forged)
    decided(report, Decision.INDETERMINATE, Code.ISSUANCE_LOG_UNAVAILABLE)


async def test_without_a_log_nothing_shows_that_it_is_older(badge: JsonObject) -> None:
    report = await after_the_report(badge, None, the_document(log=False)).verify(badge)
    decided(report, Decision.REJECT, Code.KEY_COMPROMISED)


async def test_before_that_moment_the_key_is_as_good_as_any_and_nobody_is_asked(badge: JsonObject) -> None:
    world = World(dids={UEX.did: the_document(LATER + timedelta(days=1))})
    decided(await world.verify(badge), Decision.ACCEPT)
    assert not [url for url in world.asked if url.startswith(LOG)]


async def test_a_rotated_key_that_nobody_reported_needs_no_log(badge: JsonObject) -> None:
    decided(await World(dids={UEX.did: the_document(None)}).verify(badge), Decision.ACCEPT)


async def test_what_was_tampered_with_is_told_so_whatever_its_key(badge: JsonObject) -> None:
    changed = {**badge, "name": "A doctorate"}
    world = after_the_report(changed, None)
    decided(await world.verify(changed), Decision.REJECT, Code.SIGNATURE_INVALID)
    assert not [url for url in world.asked if url.startswith(LOG)]


async def test_a_second_proof_by_the_new_key_needs_no_log() -> None:
    sealed: JsonObject = UEX.sign(a_badge())
    sealed = EDDSA_RDFC_2022.secure(sealed, NEW, verification_method=f"{UEX.did}#key-2", created=LATER)
    decided(await after_the_report(sealed, None).verify(sealed), Decision.ACCEPT)


async def test_a_proof_that_somebody_else_adds_takes_nothing_away(badge: JsonObject) -> None:
    log = Log().add(badge)
    answer = log.answer(badge)
    endorsed: JsonObject = MALLORY.sign(badge)
    world = after_the_report(endorsed, answer)
    world.dids[MALLORY.did] = MALLORY.document
    decided(await world.verify(endorsed), Decision.ACCEPT)


async def test_a_status_list_signed_by_the_stolen_key_says_nothing(badge: JsonObject) -> None:
    world = after_the_report(badge, Log().add(badge).answer(badge))
    forged: JsonObject = UEX.sign(a_status_list())
    world.lists[LIST] = forged
    world.logs[f"{LOG}/proofs/{digest_of(forged)}"] = Log().add(badge).answer(forged)
    decided(await world.verify(badge), Decision.INDETERMINATE, Code.STATUS_LIST_FORGED)


async def test_a_moment_that_cannot_be_read_makes_the_key_unusable(badge: JsonObject) -> None:
    document = the_document()
    document["verificationMethod"][0]["revoked"] = "last week"
    report = await after_the_report(badge, None, document).verify(badge)
    decided(report, Decision.INDETERMINATE, Code.SIGNATURE_UNSUPPORTED)


async def test_proofs_alone_are_held_to_the_log_as_well(badge: JsonObject) -> None:
    forged = UEX.sign(a_badge(name="A doctorate"), created=ISSUED)
    log = Log().add(badge)
    for sealed, decision in ((badge, Decision.ACCEPT), (forged, Decision.REJECT)):
        sources = after_the_report(sealed, log.answer(sealed)).sources()
        report = await VerifyProofs(VerifyForProtocol(sources))(sealed, at=LATER)
        assert report.decision is decision
