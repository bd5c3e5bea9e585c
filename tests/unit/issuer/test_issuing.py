"""Completions become outcomes: exactly one each, whatever is delivered how often and whatever fails in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.documents.port import Collection
from chassis.identity import Identity
from issuer.ports import Outcome, OutcomeState
from schemas.events import (
    CredentialIssued,
    CredentialState,
    CredentialStatusChanged,
    IssuanceRefused,
    RefusalReason,
)
from schemas.faults import Malformed, Unavailable
from schemas.values import SealedData
from tests.builders import (
    NOW,
    a_learner,
    a_platform,
    a_retired_offering,
    an_offering,
    an_organisation,
    personal_data,
)
from tests.unit.issuer.workshop import UNCERTIFIABLE, Workshop, award_of, draft, read


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open(an_offering())
    yield workshop
    await workshop.documents.close()


class Counted:
    """A collection that counts its calls and can be told to fail."""

    def __init__(self, collection: Collection[Any]) -> None:
        self.collection = collection
        self.calls: list[str] = []
        self.before: dict[str, Exception] = {}
        """Raised instead of the call."""
        self.after: dict[str, Exception] = {}
        """Raised although the call was carried out: the answer was lost."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever the collection has
        method = getattr(self.collection, name)

        async def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 whatever the collection has
            self.calls.append(name)
            if name in self.before:
                raise self.before.pop(name)
            result = await method(*arguments, **named)
            if name in self.after:
                raise self.after.pop(name)
            return result

        return call


async def test_a_pass_becomes_one_document_with_everything_in_it(workshop: Workshop) -> None:
    completed = await workshop.completed()
    await workshop.issue([completed])

    outcome = await workshop.known(completed)
    assert outcome.state is OutcomeState.ISSUED
    assert outcome.credential is not None
    assert outcome.credential.state is CredentialState.ACTIVE
    (said,) = map(read, outcome.pending)
    assert isinstance(said, CredentialIssued)
    assert said.data.completion == completed.data.id
    assert said.data.status == outcome.credential.status
    assert said.time == workshop.clock.now
    assert workshop.log.nudges

    opened = await workshop.read(award_of(outcome))
    assert opened.award.learner.full_name == "Ana Andromeda"
    credential = orjson.loads(opened.document)
    assert credential["proof"][0]["verificationMethod"] == f"{an_organisation().did}#key-1"
    assert credential["credentialStatus"]["statusListIndex"] == str(outcome.credential.status.index)


async def test_what_rests_and_what_is_said_names_nobody(workshop: Workshop) -> None:
    completed = await workshop.completed()
    await workshop.issue([completed])
    outcome = await workshop.known(completed)
    assert "Andromeda" not in outcome.model_dump_json()
    assert "ana@example.org" not in outcome.model_dump_json()


async def test_a_redelivered_completion_is_not_awarded_twice_and_its_outcome_is_announced_again(
    workshop: Workshop,
) -> None:
    completed = await workshop.completed()
    await workshop.issue([completed])
    first = await workshop.known(completed)
    workshop.clock.now += timedelta(days=1)

    await workshop.issue([completed, completed])
    await workshop.issue([completed])

    assert await workshop.known(completed) == first
    (told,) = map(read, first.pending)
    assert workshop.log.events == [told, told]


async def test_the_same_completion_twice_in_one_batch_is_one_award(workshop: Workshop) -> None:
    completed = await workshop.completed()
    await workshop.issue([completed, completed])
    assert len(await workshop.all()) == 1


async def test_a_redelivered_completion_of_a_revoked_credential_says_both(workshop: Workshop) -> None:
    completed = await workshop.completed()
    await workshop.issue([completed])
    await workshop.revoke(award_of(await workshop.known(completed)), "Issued to the wrong person.")
    await workshop.issue([completed])
    assert [type(event) for event in workshop.log.events] == [CredentialIssued, CredentialStatusChanged]


async def test_two_handlers_with_the_same_completions_at_once_issue_each_once() -> None:
    first = await Workshop().open(an_offering())
    second = first.replica()
    completed = [await first.completed(number) for number in range(20)]

    await asyncio.gather(first.issue(completed), second.issue(completed), first.issue(completed[::-1]))

    outcomes = await first.all()
    assert len(outcomes) == 20
    assert {outcome.state for outcome in outcomes} == {OutcomeState.ISSUED}
    assert len({outcome.slot for outcome in outcomes}) == 20
    for outcome in outcomes:
        assert len(outcome.pending) == 1
        assert (await first.read(award_of(outcome))).award.id == award_of(outcome)
    await first.documents.close()


async def test_two_processes_that_hold_the_same_places_by_mistake_still_give_each_credential_its_own() -> None:
    first = await Workshop(lease=50).open(an_offering())
    second = first.replica("one")  # the same name: it takes over what the first still uses
    await first.issue([await first.completed(0)])
    for number in range(1, 30):  # far more than the attempts it takes to get out of each other's way one by one
        await second.issue([await second.completed(number)])
    await first.issue([await first.completed(number) for number in range(30, 32)])
    outcomes = await first.all()
    assert len({outcome.slot for outcome in outcomes}) == len(outcomes) == 32
    await first.documents.close()


@pytest.mark.parametrize(
    ("store", "method"),
    [
        ("outcomes", "get_many"),
        ("offerings", "find"),
        ("organisations", "get_many"),
        ("records", "find"),
        ("records", "insert_many"),
        ("outcomes", "insert_many"),
    ],
)
async def test_a_store_that_is_away_is_told_and_nothing_is_half_written(
    workshop: Workshop, store: str, method: str
) -> None:
    counted = Counted(getattr(workshop, store))
    workshop.wire(**{store: counted})
    completed = [await workshop.completed(number) for number in range(3)]
    counted.before[method] = Unavailable("the database is away")
    with pytest.raises(Unavailable):
        await workshop.issue(completed)
    assert not await workshop.all()

    await workshop.issue(completed)
    assert [(outcome.state, len(outcome.pending)) for outcome in await workshop.all()] == [(OutcomeState.ISSUED, 1)] * 3


async def test_a_write_whose_answer_was_lost_is_recognised_when_the_batch_comes_again(workshop: Workshop) -> None:
    counted = Counted(workshop.outcomes)
    workshop.wire(outcomes=counted)
    counted.after["insert_many"] = Unavailable("the connection broke")
    completed = [await workshop.completed(number) for number in range(3)]
    with pytest.raises(Unavailable):
        await workshop.issue(completed)
    await workshop.issue(completed)
    await workshop.issue([await workshop.completed(number) for number in range(3, 6)])
    outcomes = await workshop.all()
    assert len(outcomes) == len({outcome.slot for outcome in outcomes}) == 6


async def test_places_are_not_used_up_by_a_database_that_stays_away(workshop: Workshop) -> None:
    counted = Counted(workshop.outcomes)
    workshop.wire(outcomes=counted)
    completed = [await workshop.completed(number) for number in range(8)]
    for _ in range(30):
        counted.before["insert_many"] = Unavailable("the database is away")
        with pytest.raises(Unavailable):
            await workshop.issue(completed)
    await workshop.issue(completed)
    record = await workshop.records.get("uex/1")
    assert record is not None
    assert record.next == workshop.lease


async def test_a_batch_takes_the_same_round_trips_however_large_it_is() -> None:
    async def calls(size: int) -> list[str]:
        workshop = await Workshop(lease=1000).open(an_offering())
        await workshop.issue([await workshop.completed(0)])
        counted = {name: Counted(getattr(workshop, name)) for name in ("outcomes", "offerings", "organisations")}
        slots = workshop.slots
        workshop.wire(**counted)
        workshop.issue._slots = slots
        await workshop.issue([await workshop.completed(number) for number in range(1, size + 1)])
        await workshop.documents.close()
        return [f"{name}.{call}" for name, each in counted.items() for call in each.calls]

    assert await calls(1) == await calls(40)


async def test_a_completion_that_failed_is_refused_and_the_rest_of_the_batch_is_issued(workshop: Workshop) -> None:
    failed = await workshop.completed(1, passed=False)
    passed = await workshop.completed(2)
    await workshop.issue([failed, passed])
    refused = await workshop.known(failed)
    assert refused.state is OutcomeState.REFUSED
    assert not refused.open
    assert refused.question is None
    (said,) = map(read, refused.pending)
    assert isinstance(said, IssuanceRefused)
    assert (said.data.reason, said.data.reopenable) == (RefusalReason.ASSESSMENT_FAILED, False)
    assert (await workshop.known(passed)).state is OutcomeState.ISSUED

    await workshop.issue([failed])
    assert workshop.log.events == [said]


async def test_an_unknown_offering_waits_without_holding_up_the_batch(workshop: Workshop) -> None:
    early = await workshop.completed(1, offering="knots")
    known = await workshop.completed(2)
    await workshop.issue([early, known])
    waiting = await workshop.known(early)
    assert waiting.state is OutcomeState.WAITING
    assert waiting.deadline == workshop.clock.now + timedelta(hours=1)
    assert not waiting.pending
    assert (await workshop.known(known)).state is OutcomeState.ISSUED

    await workshop.issue([early])
    assert await workshop.known(early) == waiting
    assert not workshop.log.said


async def test_what_waits_is_issued_when_its_offering_appears(workshop: Workshop) -> None:
    early = await workshop.completed(1, offering="knots")
    await workshop.issue([early])
    await workshop.publish(an_offering(id="knots", published=NOW + timedelta(minutes=20)))
    issued = await workshop.known(early)
    assert issued.state is OutcomeState.ISSUED
    assert not issued.open
    assert issued.question is None
    assert [type(event) for event in map(read, issued.pending)] == [CredentialIssued]


async def test_what_waits_is_refused_at_its_deadline_and_not_before(workshop: Workshop) -> None:
    early = await workshop.completed(1, offering="knots")
    await workshop.issue([early])
    workshop.clock.now += timedelta(hours=1) - timedelta(milliseconds=1)
    await workshop.issue.reopen_overdue()
    assert (await workshop.known(early)).state is OutcomeState.WAITING

    workshop.clock.now += timedelta(milliseconds=1)
    await workshop.issue.reopen_overdue()
    refused = await workshop.known(early)
    assert refused.state is OutcomeState.REFUSED
    (said,) = map(read, refused.pending)
    assert isinstance(said, IssuanceRefused)
    assert (said.data.reason, said.data.reopenable) == (RefusalReason.OFFERING_UNKNOWN, True)

    await workshop.issue.reopen_overdue()
    await workshop.issue([early])
    assert await workshop.known(early) == refused
    assert workshop.log.events == [said]


async def test_a_refusal_for_an_unknown_offering_reopens_by_itself_when_it_appears(workshop: Workshop) -> None:
    early = await workshop.completed(1, offering="knots")
    await workshop.issue([early])
    workshop.clock.now += timedelta(hours=2)
    await workshop.issue.reopen_overdue()

    await workshop.publish(an_offering(id="knots", published=workshop.clock.now))
    issued = await workshop.known(early)
    assert issued.state is OutcomeState.ISSUED
    assert issued.refusal is None
    assert [type(event) for event in map(read, issued.pending)] == [IssuanceRefused, CredentialIssued]


async def test_what_waited_for_an_offering_that_was_already_retired_is_refused_for_good(workshop: Workshop) -> None:
    early = await workshop.completed(1, offering="knots")
    await workshop.issue([early])
    await workshop.publish(a_retired_offering(id="knots"))
    refused = await workshop.known(early)
    assert refused.refusal is not None
    assert refused.refusal.reason is RefusalReason.OFFERING_RETIRED
    assert not refused.open


async def test_what_waits_for_its_organisation_is_issued_when_that_is_registered() -> None:
    workshop = await Workshop().open(an_offering(), organisation=False)
    early = await workshop.completed()
    await workshop.issue([early])
    assert (await workshop.known(early)).state is OutcomeState.WAITING
    await workshop.register(draft())
    assert (await workshop.known(early)).state is OutcomeState.ISSUED
    await workshop.documents.close()


async def test_an_offering_that_appears_while_the_waiting_is_written_down_is_not_missed(workshop: Workshop) -> None:
    counted = Counted(workshop.outcomes)
    insert_many = workshop.outcomes.insert_many

    async def insert_late(documents: list[Outcome]) -> frozenset[str]:
        # The offering arrives, and finds nobody waiting, after this batch looked for it and before it wrote.
        await workshop.publish(an_offering(id="knots"))
        return await insert_many(documents)

    counted.insert_many = insert_late  # type: ignore[attr-defined] # found before __getattr__ is asked
    workshop.wire(outcomes=counted)
    early = await workshop.completed(1, offering="knots")
    await workshop.issue([early])
    assert (await workshop.known(early)).state is OutcomeState.ISSUED


async def test_what_cannot_be_certified_fails_its_batch_before_anything_is_written(workshop: Workshop) -> None:
    bad = await workshop.completed(1, personal_data(learner=a_learner(full_name=UNCERTIFIABLE)))
    with pytest.raises(Malformed):
        await workshop.issue([await workshop.completed(2), bad])
    assert not await workshop.all()


async def test_what_waited_and_cannot_be_certified_is_set_aside_and_keeps_nobody_waiting(workshop: Workshop) -> None:
    bad = await workshop.completed(1, personal_data(learner=a_learner(full_name=UNCERTIFIABLE)), offering="knots")
    good = await workshop.completed(2, offering="knots")
    await workshop.issue([bad, good])
    await workshop.publish(an_offering(id="knots"))
    assert (await workshop.known(good)).state is OutcomeState.ISSUED
    ((aside, why),) = workshop.log.parked
    assert (aside, type(why)) == (bad, Malformed)

    workshop.clock.now += timedelta(hours=2)
    await workshop.issue.reopen_overdue()
    assert len(workshop.log.parked) == 1
    assert (await workshop.known(bad)).decided is None


async def test_a_platform_that_has_since_been_allowed_gets_its_credential_by_asking_again(workshop: Workshop) -> None:
    refused = await workshop.completed(1, platform=a_platform(offerings=()))
    await workshop.issue([refused])
    assert (await workshop.known(refused)).open
    allowed = await workshop.completed(1)
    await workshop.issue([allowed])
    assert (await workshop.known(allowed)).state is OutcomeState.ISSUED


async def test_an_erased_learner_is_refused_and_the_rest_of_the_batch_is_issued(workshop: Workshop) -> None:
    erased, other = await workshop.completed(1), await workshop.completed(2)
    await workshop.vault.erase(erased.data.learner)
    await workshop.issue([erased, other])
    outcome = await workshop.known(erased)
    assert outcome.refusal is not None
    assert outcome.refusal.reason is RefusalReason.LEARNER_ERASED
    assert (await workshop.known(other)).state is OutcomeState.ISSUED


async def test_personal_data_that_cannot_be_read_is_malformed_and_the_fault_quotes_none_of_it(
    workshop: Workshop,
) -> None:
    learner = workshop.identity.learner("uex-moodle", "1")
    sealed = await workshop.vault.seal(learner, b'{"learner": {"email": "no address, Ana"}}')
    with pytest.raises(Malformed) as caught:
        await workshop.issue([await workshop.completed(1, personal=sealed)])
    assert "learner.full_name" in str(caught.value)
    assert "Ana" not in str(caught.value)
    assert not await workshop.all()


async def test_personal_data_that_was_changed_on_its_way_is_malformed(workshop: Workshop) -> None:
    completed = await workshop.completed()
    sealed = completed.data.personal
    changed = SealedData(learner=sealed.learner, nonce=sealed.nonce, ciphertext=sealed.ciphertext[:-1] + b"x")
    data = completed.data.model_copy(update={"personal": changed})
    with pytest.raises(Malformed):
        await workshop.issue([completed.model_copy(update={"data": data})])


@given(platform=st.text(min_size=1), episode=st.text(min_size=1), other=st.text(min_size=1))
def test_an_awards_id_depends_on_platform_and_episode_alone(platform: str, episode: str, other: str) -> None:
    identity = Identity(bytes(32))
    assert identity.award(platform, episode) == Identity(bytes(32)).award(platform, episode)
    if other != episode:
        assert identity.award(platform, other) != identity.award(platform, episode)
    assert identity.award(platform, episode) != identity.completion(platform, episode)


async def test_offering_version_grade_and_learner_do_not_change_an_awards_id(workshop: Workshop) -> None:
    first = await workshop.completed(1)
    second = await workshop.completed(1, passed=False, attempt=2, offering="knots")
    assert workshop.issue.identify(first) == workshop.issue.identify(second)
