"""Suspended and reinstated: what is told, where, and what speaks against it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from credentials.formats import OPEN_BADGES_3, UnsuitableStatus
from credentials.jose import Jws
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022
from credentials.status import ReadStatusList, StatusList, TokenStatus
from issuer.domain.sealing import Seal, Signer
from issuer.handlers import ListForm, every_status
from issuer.handlers.revoking import NotSuspendable
from issuer.ports import Outcome, SealedCredential
from schemas.events import CredentialState, CredentialStatusChanged
from schemas.faults import Conflict, NotFound
from tests.builders import NOW, a_status_entry, an_award, an_id, an_offering, an_organisation
from tests.unit.issuer.workshop import PLAIN, Workshop, award_of, read

REASON, AGAIN = "An appeal is under way.", "The appeal was upheld."


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = Workshop()
    workshop.wire(seal=Seal(PLAIN, (EDDSA_JCS_2022,), suspends=True))
    await workshop.open(an_offering())
    yield workshop
    await workshop.documents.close()


async def issued(workshop: Workshop, number: int = 1) -> tuple[Outcome, SealedCredential]:
    completed = await workshop.completed(number)
    await workshop.issue([completed])
    outcome = await workshop.known(completed)
    assert outcome.credential is not None
    return outcome, outcome.credential


async def places(workshop: Workshop, index: int) -> tuple[bool, bool, int]:
    """Whether a place is revoked, whether it is suspended, and what tokens read there."""
    revoked, suspended, token = [(await workshop.status_lists("uex", 1, form)).body for form in ListForm]
    bits = [
        StatusList.decode(orjson.loads(body)["credentialSubject"]["encodedList"]).get(index)
        for body in (revoked, suspended)
    ]
    return bits[0], bits[1], ReadStatusList.of(Jws.parse(token.decode())).list.get(index)


GOOD = (False, False, TokenStatus.VALID)
SUSPENDED = (False, True, TokenStatus.SUSPENDED)
REVOKED = (True, False, TokenStatus.INVALID)


async def test_a_credential_says_where_a_suspension_would_stand(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    assert sealed.suspension is not None
    assert (sealed.suspension.list, sealed.suspension.index) == (
        f"{sealed.status.list}/suspension",
        sealed.status.index,
    )
    document = orjson.loads((await workshop.read(award_of(outcome))).document)
    assert [status["statusListCredential"] for status in document["credentialStatus"]] == [
        sealed.status.list,
        sealed.suspension.list,
    ]


async def test_suspended_and_reinstated_show_at_once_and_in_no_other_place(workshop: Workshop) -> None:
    one, sealed = await issued(workshop, 1)
    _, other = await issued(workshop, 2)
    for change, reason, shown in (
        (workshop.suspend, REASON, SUSPENDED),
        (workshop.reinstate, AGAIN, GOOD),
        (workshop.suspend, REASON, SUSPENDED),
        (workshop.revoke, REASON, REVOKED),
    ):
        await change(award_of(one), reason)
        assert await places(workshop, sealed.status.index) == shown
        assert await places(workshop, other.status.index) == GOOD


async def test_the_list_of_suspensions_says_what_it_is(workshop: Workshop) -> None:
    _, sealed = await issued(workshop)
    assert sealed.suspension is not None
    document = orjson.loads((await workshop.status_lists("uex", 1, ListForm.SUSPENSIONS)).body)
    assert document["id"] == sealed.suspension.list
    assert document["issuer"] == orjson.loads((await workshop.status_lists("uex", 1)).body)["issuer"]
    assert document["credentialSubject"]["statusPurpose"] == "suspension"


async def test_each_change_is_announced_with_its_reason_and_the_list_that_tells_it(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    told = []
    for change, reason in ((workshop.suspend, REASON), (workshop.reinstate, AGAIN), (workshop.revoke, REASON)):
        workshop.clock.now += timedelta(seconds=1)
        event = read((await change(award_of(outcome), reason)).pending[-1])
        assert isinstance(event, CredentialStatusChanged)
        assert set(event.data.places) == {sealed.status, sealed.suspension}
        told.append((event.data.state, event.data.reason, event.data.status))
    assert told == [
        (CredentialState.SUSPENDED, REASON, sealed.suspension),
        (CredentialState.ACTIVE, AGAIN, sealed.suspension),
        (CredentialState.REVOKED, REASON, sealed.status),
    ]


async def test_said_again_for_the_same_reason_it_is_the_same_as_once(workshop: Workshop) -> None:
    outcome, _ = await issued(workshop)
    for change in (workshop.suspend, workshop.reinstate):
        first = await change(award_of(outcome), REASON)
        workshop.clock.now += timedelta(days=1)
        assert await change(award_of(outcome), REASON) == first


async def test_many_suspensions_at_once_are_one(workshop: Workshop) -> None:
    outcome, _ = await issued(workshop)
    results = await asyncio.gather(*(workshop.suspend(award_of(outcome), REASON) for _ in range(8)))
    assert len({result.model_dump_json() for result in results}) == 1


async def test_what_does_not_fit_the_state_is_a_conflict_and_changes_nothing(workshop: Workshop) -> None:
    outcome, _ = await issued(workshop)
    with pytest.raises(Conflict):
        await workshop.reinstate(award_of(outcome), AGAIN)
    suspended = await workshop.suspend(award_of(outcome), REASON)
    with pytest.raises(Conflict):
        await workshop.suspend(award_of(outcome), "Another reason.")
    assert await workshop.outcomes.get(outcome.id) == suspended
    revoked = await workshop.revoke(award_of(outcome), REASON)
    for change in (workshop.suspend, workshop.reinstate):
        with pytest.raises(Conflict):
            await change(award_of(outcome), AGAIN)
    assert await workshop.outcomes.get(outcome.id) == revoked


async def test_what_was_not_issued_cannot_be_suspended(workshop: Workshop) -> None:
    for change in (workshop.suspend, workshop.reinstate):
        with pytest.raises(NotFound):
            await change(an_id("guessed"), REASON)


async def test_a_credential_without_a_place_for_suspensions_cannot_be_suspended(workshop: Workshop) -> None:
    workshop.wire(seal=Seal(PLAIN, (EDDSA_JCS_2022,)))
    outcome, sealed = await issued(workshop)
    assert sealed.suspension is None
    for change in (workshop.suspend, workshop.reinstate):
        with pytest.raises(NotSuspendable):
            await change(award_of(outcome), REASON)
    assert (await workshop.revoke(award_of(outcome), REASON)).credential is not None


async def test_where_one_list_tells_all_every_credential_can_be_suspended(workshop: Workshop) -> None:
    format_ = replace(PLAIN, suspend=None, tells_suspension=True)
    workshop.wire(seal=Seal(format_, (EDDSA_JCS_2022,)))
    outcome, sealed = await issued(workshop)
    assert sealed.suspension == sealed.status
    await workshop.suspend(award_of(outcome), REASON)
    assert await places(workshop, sealed.status.index) == SUSPENDED


async def test_another_replicas_suspension_shows_once_it_is_heard_of(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    replica = workshop.replica()
    assert await places(replica, sealed.status.index) == GOOD
    event = read((await workshop.suspend(award_of(outcome), REASON)).pending[-1])
    assert isinstance(event, CredentialStatusChanged)
    replica.status_lists.note_url(event.data.status.list, str(event.data.award))
    assert await places(replica, sealed.status.index) == SUSPENDED


async def test_a_log_that_forgot_is_told_what_is_suspended(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    await workshop.suspend(award_of(outcome), REASON)
    (event,) = [read(pending) async for pending in every_status(workshop.outcomes)]
    assert isinstance(event, CredentialStatusChanged)
    assert (event.data.state, event.data.status) == (CredentialState.SUSPENDED, sealed.suspension)


async def test_a_log_that_forgot_is_told_what_holds_again(workshop: Workshop) -> None:
    outcome, _ = await issued(workshop)
    await workshop.suspend(award_of(outcome), REASON)
    await workshop.reinstate(award_of(outcome), REASON)
    (event,) = [read(pending) async for pending in every_status(workshop.outcomes)]
    assert isinstance(event, CredentialStatusChanged)
    assert event.data.state is CredentialState.ACTIVE


async def test_a_change_changes_the_tags_of_the_forms_that_show_it_even_within_a_second(workshop: Workshop) -> None:
    outcome, _ = await issued(workshop)

    async def tags() -> dict[ListForm, str]:
        return {form: (await workshop.status_lists("uex", 1, form)).etag for form in ListForm}

    before = await tags()
    await workshop.suspend(award_of(outcome), REASON)
    suspended = await tags()
    assert [form for form in ListForm if suspended[form] != before[form]] == [ListForm.SUSPENSIONS, ListForm.TOKEN]
    await workshop.revoke(award_of(outcome), REASON)
    revoked = await tags()
    assert all(revoked[form] != suspended[form] for form in ListForm)


def test_a_format_without_words_for_a_second_list_fails_when_the_seal_is_made() -> None:
    with pytest.raises(UnsuitableStatus):
        Seal(replace(PLAIN, suspend=None), (EDDSA_JCS_2022,), suspends=True)


def test_a_badge_that_can_be_suspended_names_two_lists_and_no_schema_that_knows_one() -> None:
    key, method = SigningKey.generate(), f"{an_organisation().did}#key-1"
    seal = Seal(OPEN_BADGES_3, (EDDSA_RDFC_2022,), suspends=True)
    badge = seal(an_award(), a_status_entry(), {key.kind: Signer(key, method)}, NOW)
    assert isinstance(badge, dict)
    revocation, suspension = badge["credentialStatus"]
    assert (revocation["statusPurpose"], suspension["statusPurpose"]) == ("revocation", "suspension")
    assert suspension["statusListCredential"] == f"{revocation['statusListCredential']}/suspension"
    assert suspension["statusListIndex"] == revocation["statusListIndex"]
    assert "credentialSchema" not in badge
    assert OPEN_BADGES_3.read(badge).status[1].purpose == "suspension"
