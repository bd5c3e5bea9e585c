"""What a further completion of the same learner for the same offering means: the offering says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.documents import SqliteDocuments
from chassis.documents.port import OneOf
from issuer.domain.awarding import AlreadyAwarded, Held, followed
from issuer.ports import OUTCOMES, Outcome, OutcomeState
from schemas.events import CredentialState, CredentialStatusChanged, RefusalReason
from schemas.faults import Unavailable
from schemas.microcredential import Offering, Reaward
from tests.builders import NOW, an_id, an_offering
from tests.unit.issuer.test_issuing import Counted
from tests.unit.issuer.workshop import Workshop, award_of, read

EARLIER = NOW - timedelta(days=400)
ONCE, RENEWABLE, SUPERSEDE = (an_offering(reaward=policy) for policy in Reaward)


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open()
    yield workshop
    await workshop.documents.close()


def held(
    name: str = "first", completed: datetime = EARLIER, *, stands: bool = True, superseded_by: str | None = None
) -> Held:
    return Held(an_id(name), completed, stands, an_id(superseded_by) if superseded_by else None)


async def episode(workshop: Workshop, number: int, completed: datetime, **changes: Any) -> Outcome:  # noqa: ANN401 as `completed` takes them
    """One learner's completions, one after the other."""
    said = await workshop.completed(17, **{"id": an_id(f"c{number}"), "episode": f"e{number}", **changes})
    said = said.model_copy(update={"time": completed})
    await workshop.issue([said])
    return await workshop.known(said)


async def again(workshop: Workshop, outcome: Outcome) -> Outcome:
    stored = await workshop.outcomes.get(outcome.id)
    assert isinstance(stored, Outcome)
    return stored


def state(outcome: Outcome) -> CredentialState:
    assert outcome.credential is not None
    return outcome.credential.state


@pytest.mark.parametrize("offering", [ONCE, SUPERSEDE])
def test_nothing_stands_in_the_way_of_a_first_credential_nor_of_one_after_a_revocation(offering: Offering) -> None:
    assert followed(an_id("new"), NOW, offering, ()) == ()
    assert followed(an_id("new"), NOW, offering, [held(stands=False)]) == ()


def test_what_is_awarded_once_is_not_awarded_again_and_the_refusal_names_what_the_learner_has() -> None:
    with pytest.raises(AlreadyAwarded, match=rf"credential {an_id('first')} for it, of 2025-10-19"):
        followed(an_id("new"), NOW, ONCE, [held()])


def test_a_renewable_credential_takes_the_place_of_none() -> None:
    assert followed(an_id("new"), NOW, RENEWABLE, [held()]) == ()


def test_a_superseding_credential_takes_the_place_of_all_that_stand_the_oldest_first() -> None:
    second, revoked = held("second", EARLIER + timedelta(days=9)), held("revoked", stands=False)
    assert followed(an_id("new"), NOW, SUPERSEDE, [second, revoked, held()]) == (held(), second)


def test_what_this_very_award_superseded_before_a_crash_counts_still() -> None:
    mine = held(stands=False, superseded_by="new")
    assert followed(an_id("new"), NOW, SUPERSEDE, [mine]) == (mine,)
    assert followed(an_id("another"), NOW, SUPERSEDE, [mine]) == ()


def test_an_earlier_completion_that_arrives_late_supersedes_nothing() -> None:
    with pytest.raises(AlreadyAwarded, match="of a later completion"):
        followed(an_id("new"), EARLIER, SUPERSEDE, [held(completed=NOW)])


@pytest.mark.parametrize(("validity", "usual"), [(None, Reaward.ONCE), (60, Reaward.RENEWABLE)])
def test_an_offering_that_says_nothing_is_renewable_where_its_credentials_expire(
    validity: int | None, usual: Reaward
) -> None:
    assert an_offering(validity_months=validity).reawarded is usual
    assert an_offering(validity_months=validity, reaward="supersede").reawarded is Reaward.SUPERSEDE


async def test_once_refuses_the_second_episode_until_the_first_credential_is_revoked(workshop: Workshop) -> None:
    await workshop.publish(ONCE)
    first = await episode(workshop, 1, EARLIER)
    second = await episode(workshop, 2, NOW)
    assert second.refusal is not None
    assert (second.refusal.reason, second.refusal.reopenable) == (RefusalReason.ALREADY_AWARDED, True)
    assert first.id in second.refusal.detail

    await workshop.revoke(award_of(first), "The wrong person.")
    third = await episode(workshop, 3, NOW)
    assert third.state is OutcomeState.ISSUED
    assert (await again(workshop, second)).state is OutcomeState.REFUSED


async def test_a_revocation_awards_nothing_by_itself_and_lets_a_refusal_be_reopened(workshop: Workshop) -> None:
    await workshop.publish(ONCE)
    first = await episode(workshop, 1, EARLIER)
    second = await episode(workshop, 2, NOW)
    await workshop.revoke(award_of(first), "Somebody else sat the examination.")
    await workshop.publish(an_offering(reaward="once", version=2))
    assert (await again(workshop, second)).state is OutcomeState.REFUSED

    await workshop.issue.reopen({"refusal.reason": RefusalReason.ALREADY_AWARDED.value})
    assert (await again(workshop, second)).state is OutcomeState.ISSUED


async def test_a_suspended_credential_stands(workshop: Workshop) -> None:
    await workshop.publish(ONCE)
    first = await episode(workshop, 1, EARLIER)
    credential = first.credential
    assert credential is not None
    suspended = credential.model_copy(update={"state": CredentialState.SUSPENDED})
    await workshop.outcomes.replace((await again(workshop, first)).model_copy(update={"credential": suspended}))
    assert (await episode(workshop, 2, NOW)).state is OutcomeState.REFUSED


async def test_another_learner_and_another_offering_are_no_second_episode(workshop: Workshop) -> None:
    await workshop.publish(ONCE, an_offering(id="knots", reaward="once"))
    await episode(workshop, 1, EARLIER)
    assert (await episode(workshop, 2, NOW, offering="knots")).state is OutcomeState.ISSUED
    other = await workshop.completed(18)
    await workshop.issue([other])
    assert (await workshop.known(other)).state is OutcomeState.ISSUED


async def test_a_renewal_holds_anew_and_the_old_one_stays(workshop: Workshop) -> None:
    await workshop.publish(RENEWABLE)
    first, second = await episode(workshop, 1, EARLIER), await episode(workshop, 2, NOW)
    assert first.credential is not None
    assert second.credential is not None
    assert first.credential.valid_until == EARLIER.replace(year=EARLIER.year + 5)
    assert second.credential.valid_until == NOW.replace(year=NOW.year + 5)
    assert state(await again(workshop, first)) is CredentialState.ACTIVE


async def test_a_superseding_credential_revokes_the_old_one_and_says_so(workshop: Workshop) -> None:
    await workshop.publish(SUPERSEDE)
    first = await episode(workshop, 1, EARLIER)
    second = await episode(workshop, 2, NOW)
    old = await again(workshop, first)
    assert old.credential is not None
    assert (state(old), old.credential.reason) == (CredentialState.REVOKED, f"superseded by {second.id}")
    assert state(second) is CredentialState.ACTIVE
    assert (await workshop.read(award_of(second))).award.supersedes == award_of(first)
    told = [event for event in map(read, old.pending) if isinstance(event, CredentialStatusChanged)]
    assert [event.data.reason for event in told] == [f"superseded by {second.id}"]


async def test_superseding_shows_in_a_status_list_that_was_served_before(workshop: Workshop) -> None:
    await workshop.publish(SUPERSEDE)
    await episode(workshop, 1, EARLIER)
    before = await workshop.status_lists("uex", 1)
    await episode(workshop, 2, NOW)
    assert (await workshop.status_lists("uex", 1)).etag != before.etag


@pytest.mark.parametrize(("offering", "standing"), [(ONCE, [EARLIER]), (SUPERSEDE, [NOW])])
async def test_several_episodes_of_one_batch_are_decided_one_after_the_other_whatever_their_order(
    workshop: Workshop, offering: Offering, standing: list[datetime]
) -> None:
    await workshop.publish(offering)
    times = [NOW, EARLIER, EARLIER + timedelta(days=3), NOW - timedelta(days=3)]
    said = [
        (await workshop.completed(17, id=an_id(f"c{n}"), episode=f"e{n}")).model_copy(update={"time": time})
        for n, time in enumerate(times)
    ]
    await workshop.issue(said)
    outcomes = await workshop.all()
    assert len(outcomes) == 4
    assert [o.completed for o in outcomes if o.credential and state(o) is CredentialState.ACTIVE] == standing


@pytest.mark.parametrize("offering", [ONCE, SUPERSEDE])
async def test_of_two_episodes_decided_at_the_same_time_one_stands(workshop: Workshop, offering: Offering) -> None:
    await workshop.publish(offering)
    other = workshop.replica()
    said = [await workshop.completed(17, id=an_id(f"c{n}"), episode=f"e{n}") for n in range(6)]
    await asyncio.gather(
        *(one.issue([each]) for one, each in zip([workshop, other] * 3, said, strict=True)), return_exceptions=True
    )
    await workshop.issue(said)
    outcomes = await workshop.all()
    assert len(outcomes) == 6
    assert len([o for o in outcomes if o.credential and state(o) is CredentialState.ACTIVE]) == 1


async def test_a_process_killed_between_the_revocation_and_the_new_credential_finishes_when_it_is_asked_again(
    workshop: Workshop,
) -> None:
    await workshop.publish(SUPERSEDE)
    first = await episode(workshop, 1, EARLIER)
    outcomes = Counted(workshop.outcomes)
    workshop.wire(outcomes=outcomes)
    outcomes.before["insert_many"] = Unavailable("the database went away")
    with pytest.raises(Unavailable):
        await episode(workshop, 2, NOW)
    assert state(await again(workshop, first)) is CredentialState.REVOKED

    restarted = workshop.replica()
    second = await episode(restarted, 2, NOW)
    assert state(second) is CredentialState.ACTIVE
    assert (await restarted.read(award_of(second))).award.supersedes == award_of(first)
    old = await again(restarted, first)
    assert old.credential is not None
    assert old.credential.reason == f"superseded by {second.id}"
    assert old.version == first.version + 1


async def test_a_redelivered_episode_that_was_superseded_since_stays_so(workshop: Workshop) -> None:
    await workshop.publish(SUPERSEDE)
    first = await episode(workshop, 1, EARLIER)
    second = await episode(workshop, 2, NOW)
    await episode(workshop, 1, EARLIER)
    assert state(await again(workshop, first)) is CredentialState.REVOKED
    assert state(await again(workshop, second)) is CredentialState.ACTIVE


@pytest.mark.parametrize("offering", [ONCE, RENEWABLE, SUPERSEDE])
async def test_a_batch_costs_as_many_round_trips_whatever_its_size(workshop: Workshop, offering: Offering) -> None:
    await workshop.publish(offering)
    outcomes = Counted(workshop.outcomes)
    workshop.wire(outcomes=outcomes)
    costs = []
    for size in (2, 50):
        for time in (EARLIER, NOW):
            said = [
                (await workshop.completed(number, id=an_id(f"{time}{number}"), episode=f"{time} {number}")).model_copy(
                    update={"time": time}
                )
                for number in range(size * 100, size * 101)
            ]
            outcomes.calls.clear()
            await workshop.issue(said)
            costs.append(sorted(call for call in outcomes.calls if call != "find" or offering is not RENEWABLE))
    assert costs[:2] == costs[2:]


async def test_what_a_learner_has_is_found_by_an_index_and_not_by_reading_everything() -> None:
    documents = SqliteDocuments(":memory:")
    collection = documents.collection(OUTCOMES)
    await documents.open()
    statements: list[str] = []
    await documents.write(lambda connection: connection.set_trace_callback(statements.append))
    await collection.find({"learner": OneOf(("a", "b")), "offering": OneOf(("c",))})
    (asked,) = [statement for statement in statements if statement.startswith("SELECT")]
    plan = await documents.write(lambda connection: connection.execute(f"EXPLAIN QUERY PLAN {asked}").fetchall())
    assert any("outcomes:unique:learner:offering:turn" in row[-1] for row in plan), plan
    await documents.close()
