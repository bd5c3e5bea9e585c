"""Whatever is published was written down before, once, where nobody can change it unseen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from credentials.dids import verification_key
from credentials.issuance_log import (
    NotAttested,
    SignedStatement,
    award_digest,
    beginning,
    content_of,
    digest_of,
    sealed_before,
    shortcut,
)
from issuer.adapters.issuance_log import PAGE, ChainedLog
from issuer.entrypoints.keys import attested
from issuer.handlers.attesting import Attestation
from issuer.ports import LogEntry, LogPage, Outcome
from schemas.faults import NotFound, Unavailable
from schemas.values import JsonObject
from tests.builders import an_offering, an_organisation
from tests.unit.issuer.workshop import Workshop, award_of

DID = "did:web:localhost%3A8000:organisations:uex"
FORGED: JsonObject = {"issuer": DID, "proof": [{"verificationMethod": f"{DID}#key-1", "proofValue": "zThief"}]}


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open(an_offering())
    yield workshop
    await workshop.documents.close()


async def log_of(workshop: Workshop, organisation: str = "uex") -> list[LogPage]:
    newest = await workshop.issuance_log.newest(organisation)
    numbers = range(1, newest.number + 1) if newest else range(0)
    return list(await workshop.issuance_log.pages(organisation, list(numbers)))


async def issued(workshop: Workshop, *numbers: int) -> list[Outcome]:
    completed = [await workshop.completed(number) for number in numbers]
    await workshop.issue(completed)
    return [await workshop.known(each) for each in completed]


async def document_of(workshop: Workshop, outcome: Outcome) -> JsonObject:
    document: JsonObject = json.loads((await workshop.read(award_of(outcome))).document)
    return document


async def asked(workshop: Workshop, digest: str) -> JsonObject:
    """The log's answer as it comes over the wire."""
    answer: JsonObject = json.loads(json.dumps(attested(await workshop.attest.of("uex", digest))))
    return answer


async def proven(workshop: Workshop, answer: JsonObject, digest: str) -> Any:  # noqa: ANN401 a moment, or nothing
    signed = SignedStatement.parse(answer["statement"])
    key = verification_key(await workshop.tell_organisations.did_document("uex"), signed.method)
    return sealed_before(answer, signed.verify(key), digest)


async def test_every_credential_stands_in_the_log_once_by_hashes_alone(workshop: Workshop) -> None:
    outcomes = await issued(workshop, 1, 2) + await issued(workshop, 3)
    pages = await log_of(workshop)
    assert [len(page.entries) for page in pages] == [2, 1]
    listed = [entry for page in pages for entry in page.entries]
    for outcome in outcomes:
        document = await document_of(workshop, outcome)
        entry = LogEntry(credential=digest_of(document), award=award_digest(outcome.id))
        assert listed.count(entry) == 1
    assert "Ana" not in "".join(page.model_dump_json() for page in pages)
    assert not any(outcome.id in page.model_dump_json() for page in pages for outcome in outcomes)


async def test_pages_are_chained_to_the_one_before_and_to_an_earlier_one(workshop: Workshop) -> None:
    for number in range(9):
        await issued(workshop, number)
    pages = await log_of(workshop)
    links = {0: beginning("did:web:localhost%3A8000:organisations:uex")} | {
        page.number: page.step.link for page in pages
    }
    for page in pages:
        assert page.previous == links[page.number - 1]
        assert page.shortcut == links[shortcut(page.number)]
        assert page.content == content_of([(entry.credential, entry.award) for entry in page.entries])
    assert len(set(links.values())) == 10


async def test_the_log_proves_before_when_each_was_sealed(workshop: Workshop) -> None:
    outcomes = []
    for number in range(20):
        outcomes += await issued(workshop, number)
        workshop.clock.now += timedelta(minutes=1)
    for outcome in outcomes:
        assert outcome.credential is not None
        digest = digest_of(await document_of(workshop, outcome))
        assert await proven(workshop, await asked(workshop, digest), digest) == outcome.credential.sealed


def test_what_others_add_to_a_document_leaves_its_digest_and_another_signature_does_not() -> None:
    (own,) = FORGED["proof"]
    stranger = {"verificationMethod": "did:web:stranger.example#key-1", "proofValue": "zOther"}
    assert digest_of({**FORGED, "proof": [own, stranger]}) == digest_of(FORGED)
    assert digest_of({**FORGED, "proof": [{**own, "proofValue": "zOther"}]}) != digest_of(FORGED)
    for proofs in ([], [stranger]):
        with pytest.raises(NotAttested):
            digest_of({**FORGED, "proof": proofs})


async def test_a_digest_that_was_never_logged_is_said_to_be_absent_and_that_is_signed(workshop: Workshop) -> None:
    digest = digest_of(FORGED)
    assert await proven(workshop, await asked(workshop, digest), digest) is None  # of an empty log
    await issued(workshop, 1)
    answer = await asked(workshop, digest)
    assert answer.keys() == {"statement"}
    assert await proven(workshop, answer, digest) is None


async def test_an_answer_to_another_question_or_with_anything_changed_proves_nothing(workshop: Workshop) -> None:
    outcomes = [outcome for number in range(6) for outcome in await issued(workshop, number)]
    digests = [digest_of(await document_of(workshop, outcome)) for outcome in outcomes]
    answer = await asked(workshop, digests[0])
    with pytest.raises(NotAttested):
        await proven(workshop, answer, digests[1])

    lies: list[JsonObject] = []
    for step in range(len(answer["steps"])):
        for member, lie in [
            ("at", "2020-01-01T00:00:00.000Z"),
            ("content", "x"),
            ("previous", "x"),
            ("shortcut", "x"),
            ("number", 99),
            ("at", "yesterday"),
        ]:
            changed = json.loads(json.dumps(answer))
            changed["steps"][step][member] = lie
            lies.append(changed)
    thief = {"credential": digest_of(FORGED), "award": "x"}
    lies += [
        {**answer, "steps": answer["steps"][1:]},
        {**answer, "steps": answer["steps"][:-1]},
        {**answer, "steps": []},
        {**answer, "entries": []},
        {**answer, "entries": [*answer["entries"], thief]},
        {**answer, "entries": "none"},
        {"statement": answer["statement"]},
        {**answer, "statement": None},
    ]
    for lie in lies:
        with pytest.raises(NotAttested):
            await proven(workshop, lie, digests[0])
    assert await proven(workshop, answer, digests[0]) is not None


async def test_processes_that_write_at_once_write_one_chain(workshop: Workshop) -> None:
    others = [workshop, workshop.replica("two"), workshop.replica("three")]
    await asyncio.gather(*(issued(other, place * 10 + n) for place, other in enumerate(others) for n in range(5)))
    pages = await log_of(workshop)
    links = [page.step.link for page in pages]
    assert [page.previous for page in pages[1:]] == links[:-1]
    assert sum(len(page.entries) for page in pages) == 15
    for outcome in await workshop.all():
        digest = digest_of(await document_of(workshop, outcome))
        assert await proven(workshop, await asked(workshop, digest), digest) is not None


class Broken:
    """The outcomes of a process that dies before, or just after, its write."""

    def __init__(self, inner: Any, *, written: bool) -> None:  # noqa: ANN401 a collection
        self.inner, self.written = inner, written

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever a collection can do
        return getattr(self.inner, name)

    async def insert_many(self, documents: Any) -> frozenset[str]:  # noqa: ANN401 documents
        if self.written:
            await self.inner.insert_many(documents)
        raise Unavailable("the process died here")


@pytest.mark.parametrize("written", [True, False], ids=["after the write", "before the write"])
async def test_a_process_that_dies_leaves_no_credential_without_its_entry_and_none_with_two(
    workshop: Workshop, *, written: bool
) -> None:
    outcomes, completed = workshop.outcomes, await workshop.completed(1)
    workshop.wire(outcomes=Broken(outcomes, written=written))
    with pytest.raises(Unavailable):
        await workshop.issue([completed])
    workshop.wire(outcomes=outcomes)
    workshop.clock.now += timedelta(seconds=1)
    await workshop.issue([completed])

    outcome = await workshop.known(completed)
    digest = digest_of(await document_of(workshop, outcome))
    listed = [entry.credential for page in await log_of(workshop) for entry in page.entries]
    assert listed.count(digest) == 1
    assert await proven(workshop, await asked(workshop, digest), digest) is not None
    # What was sealed and never published is in the log as well, and nobody can have a proof of it.
    for never in set(listed) - {digest}:
        assert await proven(workshop, await asked(workshop, never), never) is None


async def test_nothing_is_published_when_the_log_cannot_be_written(workshop: Workshop) -> None:
    async def down(*_: object) -> frozenset[str]:
        raise Unavailable("the database does not answer")

    workshop.log_pages.insert_many = down
    with pytest.raises(Unavailable):
        await workshop.issue([await workshop.completed(1)])
    assert await workshop.all() == ()


async def test_time_in_the_log_never_runs_backwards(workshop: Workshop) -> None:
    await issued(workshop, 1)
    workshop.clock.now -= timedelta(hours=1)
    await issued(workshop, 2)
    first, second = await log_of(workshop)
    assert first.at == second.at


async def test_many_at_once_take_several_pages_and_the_way_back_stays_short(workshop: Workshop) -> None:
    organisation = an_organisation()
    log = ChainedLog(workshop.log_pages, clock=workshop.clock)
    many = [LogEntry(credential=f"credential {n}", award=f"award {n}") for n in range(PAGE + 1)]
    assert await log.append(organisation, many) == [1] * PAGE + [2]
    for number in range(300):
        await log.append(organisation, [LogEntry(credential=str(number), award=str(number))])
    newest = await log.newest(organisation.id)
    assert newest is not None
    assert newest.number == 302


async def test_the_head_is_signed_and_names_the_newest_link(workshop: Workshop) -> None:
    await issued(workshop, 1)
    head = await workshop.attest.head("uex")
    assert head == Attestation(head.statement)
    signed = SignedStatement.parse(head.statement)
    key = verification_key(await workshop.tell_organisations.did_document("uex"), signed.method)
    said = signed.verify(key)
    (page,) = await log_of(workshop)
    assert (said.size, said.link, said.digest) == (1, page.step.link, None)


async def test_an_unknown_organisation_or_page_is_not_found(workshop: Workshop) -> None:
    with pytest.raises(NotFound):
        await workshop.attest.head("nobody")
    with pytest.raises(NotFound):
        await workshop.attest.page("uex", 1)
