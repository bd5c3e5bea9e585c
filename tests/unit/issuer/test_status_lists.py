"""Revoked is visible at once; what a list says is what the outcomes say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from credentials.jose import Jws
from credentials.status import ReadStatusList, StatusList, TokenStatus
from issuer.handlers import ListForm, PublishedList, status
from issuer.ports import Outcome, SealedCredential
from schemas.events import CredentialState, CredentialStatusChanged
from schemas.faults import Conflict, NotFound, Unavailable
from tests.builders import an_id, an_offering, an_organisation
from tests.unit.issuer.workshop import STATUS_URL, Workshop, award_of, draft, read

REASON = "Issued to the wrong person."


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = await Workshop().open(an_offering())
    yield workshop
    await workshop.documents.close()


def bits(published: PublishedList) -> StatusList:
    return StatusList.decode(orjson.loads(published.body)["credentialSubject"]["encodedList"])


async def issued(workshop: Workshop, number: int = 17) -> tuple[Outcome, SealedCredential]:
    completed = await workshop.completed(number)
    await workshop.issue([completed])
    outcome = await workshop.known(completed)
    assert outcome.credential is not None
    return outcome, outcome.credential


async def test_a_revocation_shows_in_the_list_at_once_and_in_no_other_place(workshop: Workshop) -> None:
    one, sealed = await issued(workshop, 1)
    _, other = await issued(workshop, 2)
    assert not bits(await workshop.status_lists("uex", 1)).get(sealed.status.index)

    await workshop.revoke(award_of(one), REASON)

    shown = bits(await workshop.status_lists("uex", 1))
    assert shown.get(sealed.status.index)
    assert not shown.get(other.status.index)


async def test_tokens_find_the_same_statuses_at_the_same_address_as_a_token(workshop: Workshop) -> None:
    one, sealed = await issued(workshop, 1)
    _, other = await issued(workshop, 2)
    await workshop.revoke(award_of(one), REASON)
    published = await workshop.status_lists("uex", 1, ListForm.TOKEN)
    read_list = ReadStatusList.of(Jws.parse(published.body.decode()))
    assert read_list.url == sealed.status.list
    assert read_list.list.get(sealed.status.index) == TokenStatus.INVALID
    assert read_list.list.get(other.status.index) == TokenStatus.VALID


async def test_a_revocation_is_announced_with_its_reason(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    revoked = await workshop.revoke(award_of(outcome), REASON)
    said = read(revoked.pending[-1])
    assert isinstance(said, CredentialStatusChanged)
    assert (said.data.state, said.data.reason, said.data.status) == (CredentialState.REVOKED, REASON, sealed.status)
    assert len(revoked.pending) == 2  # what was not yet published stays to be published


async def test_revoking_twice_for_the_same_reason_is_the_same_as_once(workshop: Workshop) -> None:
    outcome, _ = await issued(workshop)
    first = await workshop.revoke(award_of(outcome), REASON)
    workshop.clock.now += timedelta(days=1)
    assert await workshop.revoke(award_of(outcome), REASON) == first


async def test_a_second_reason_for_a_revocation_is_a_conflict_and_the_first_stands(workshop: Workshop) -> None:
    outcome, _ = await issued(workshop)
    first = await workshop.revoke(award_of(outcome), REASON)
    with pytest.raises(Conflict):
        await workshop.revoke(award_of(outcome), "Plagiarism.")
    assert await workshop.outcomes.get(outcome.id) == first


async def test_many_revocations_of_one_credential_at_once_are_one(workshop: Workshop) -> None:
    outcome, _ = await issued(workshop)
    results = await asyncio.gather(*(workshop.revoke(award_of(outcome), REASON) for _ in range(8)))
    assert len({result.model_dump_json() for result in results}) == 1


async def test_what_was_not_issued_cannot_be_revoked(workshop: Workshop) -> None:
    refused = await workshop.completed(passed=False)
    await workshop.issue([refused])
    with pytest.raises(NotFound):
        await workshop.revoke(award_of(await workshop.known(refused)), REASON)
    with pytest.raises(NotFound):
        await workshop.revoke(an_id("guessed"), REASON)


async def test_a_list_is_kept_until_something_changes_or_half_its_validity_is_over(workshop: Workshop) -> None:
    await issued(workshop)
    first = await workshop.status_lists("uex", 1)
    assert await workshop.status_lists("uex", 1) is first
    workshop.clock.now += timedelta(minutes=8)
    second = await workshop.status_lists("uex", 1)
    assert second.etag != first.etag
    until = orjson.loads(second.body)["validUntil"]
    assert until == f"{workshop.clock.now + timedelta(minutes=15):%Y-%m-%dT%H:%M:%SZ}"


async def test_a_revocation_while_the_list_is_being_made_is_not_lost_from_the_next(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    find = workshop.outcomes.find

    class Slow:
        """Reads the outcomes, and then learns that one of them changed."""

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever the collection has
            return getattr(workshop_outcomes, name)

        async def find(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 whatever the collection has
            page = await find(*arguments, **named)
            if not revoked:
                revoked.append(await workshop.revoke(award_of(outcome), REASON))
            return page

    workshop_outcomes = workshop.outcomes
    revoked: list[Outcome] = []
    workshop.wire(outcomes=Slow())
    await workshop.status_lists("uex", 1)
    assert bits(await workshop.status_lists("uex", 1)).get(sealed.status.index)


async def test_another_replicas_revocation_shows_once_it_is_heard_of(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    replica = workshop.replica()
    assert not bits(await replica.status_lists("uex", 1)).get(sealed.status.index)
    revoked = await workshop.revoke(award_of(outcome), REASON)
    event = read(revoked.pending[-1])
    assert isinstance(event, CredentialStatusChanged)
    replica.status_lists.note_url(event.data.status.list, str(event.data.award))
    assert bits(await replica.status_lists("uex", 1)).get(sealed.status.index)


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/organisations/uex/status-lists/1", "", STATUS_URL, "http://localhost:8000/x"]
)
async def test_the_address_of_somebody_elses_list_does_no_harm(workshop: Workshop, url: str) -> None:
    await issued(workshop)
    first = await workshop.status_lists("uex", 1)
    workshop.status_lists.note_url(url, str(an_id("theirs")))
    assert await workshop.status_lists("uex", 1) is first


@pytest.mark.parametrize(("organisation", "number"), [("uex", 2), ("uex", 0), ("other", 1)])
async def test_a_list_that_was_never_begun_is_not_found(workshop: Workshop, organisation: str, number: int) -> None:
    await issued(workshop)
    with pytest.raises(NotFound):
        await workshop.status_lists(organisation, number)


async def test_a_list_is_signed_by_its_organisation(workshop: Workshop) -> None:
    await issued(workshop)
    said = orjson.loads((await workshop.status_lists("uex", 1)).body)
    assert said["issuer"] == an_organisation().did
    assert said["proof"][0]["verificationMethod"] == f"{an_organisation().did}#key-1"
    assert said["id"] == STATUS_URL.format(organisation="uex", number=1)


async def test_the_status_of_an_erased_learners_credential_goes_on(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    await workshop.vault.erase(outcome.learner)
    with pytest.raises(NotFound):
        await workshop.read(award_of(outcome))
    await workshop.revoke(award_of(outcome), REASON)
    assert bits(await workshop.status_lists("uex", 1)).get(sealed.status.index)


class Watched:
    """Outcomes that tell how many of them were read."""

    def __init__(self, outcomes: Any) -> None:  # noqa: ANN401 the collection, or what stands in
        self._outcomes = outcomes
        self.read = 0
        self.down = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever the collection has
        return getattr(self._outcomes, name)

    async def find(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 whatever the collection has
        page = await self._outcomes.find(*arguments, **named)
        self.read += len(page.items)
        return page

    async def get_many(self, ids: Any) -> Any:  # noqa: ANN401 whatever the collection has
        if self.down:
            raise Unavailable("the database is down")
        found = await self._outcomes.get_many(ids)
        self.read += len(found)
        return found


async def test_after_one_revocation_one_outcome_is_read_however_many_are_revoked(workshop: Workshop) -> None:
    some = [await issued(workshop, number) for number in range(12)]
    for outcome, _ in some[:10]:
        await workshop.revoke(award_of(outcome), REASON)
    watched = Watched(workshop.outcomes)
    workshop.wire(outcomes=watched)
    await workshop.status_lists("uex", 1)
    assert watched.read == 10
    await workshop.revoke(award_of(some[10][0]), REASON)
    shown = bits(await workshop.status_lists("uex", 1))
    assert watched.read == 11
    assert [shown.get(sealed.status.index) for _, sealed in some] == [True] * 11 + [False]


async def test_nobody_is_told_the_old_status_while_another_waits_for_the_new_one(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    watched = Watched(workshop.outcomes)
    workshop.wire(outcomes=watched)
    await workshop.status_lists("uex", 1)
    await workshop.revoke(award_of(outcome), REASON)
    shown = await asyncio.gather(*(workshop.status_lists("uex", 1) for _ in range(3)))
    assert all(bits(published).get(sealed.status.index) for published in shown)
    assert watched.read == 1


async def test_what_could_not_be_looked_up_is_not_forgotten(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    watched = Watched(workshop.outcomes)
    workshop.wire(outcomes=watched)
    await workshop.status_lists("uex", 1)
    await workshop.revoke(award_of(outcome), REASON)
    watched.down = True
    with pytest.raises(Unavailable):
        await workshop.status_lists("uex", 1)
    watched.down = False
    assert bits(await workshop.status_lists("uex", 1)).get(sealed.status.index)


async def test_a_change_that_was_never_heard_of_shows_when_half_the_validity_is_over(workshop: Workshop) -> None:
    outcome, sealed = await issued(workshop)
    replica = workshop.replica()
    await replica.status_lists("uex", 1)
    await workshop.revoke(award_of(outcome), REASON)
    replica.clock.now += timedelta(minutes=8)
    assert bits(await replica.status_lists("uex", 1)).get(sealed.status.index)


async def test_a_list_that_nobody_asks_for_does_not_gather_its_changes(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "PAGE", 2)
    some = [await issued(workshop, number) for number in range(4)]
    await workshop.status_lists("uex", 1)
    for outcome, _ in some:
        await workshop.revoke(award_of(outcome), REASON)
    shown = bits(await workshop.status_lists("uex", 1))
    assert all(shown.get(sealed.status.index) for _, sealed in some)


async def test_the_lists_asked_for_last_are_kept_and_the_others_read_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "KEPT", 1)
    await workshop.register(draft(an_organisation(id="other")))
    await workshop.slots.take("other", 1)
    outcome, sealed = await issued(workshop)
    first = await workshop.status_lists("uex", 1)
    assert await workshop.status_lists("uex", 1) is first
    await workshop.status_lists("other", 1)
    await workshop.revoke(award_of(outcome), REASON)
    assert bits(await workshop.status_lists("uex", 1)).get(sealed.status.index)


async def test_a_list_that_is_signed_while_its_key_is_reported_is_not_kept(workshop: Workshop) -> None:
    await issued(workshop)
    organisations = workshop.organisations

    class Slow:
        """Reads the organisation, whose key is reported before the list is signed."""

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever the collection has
            return getattr(organisations, name)

        async def get(self, id_: str) -> Any:  # noqa: ANN401 whatever the collection has
            found = await organisations.get(id_)
            workshop.status_lists.forget_organisation("uex")
            return found

    workshop.wire(organisations=Slow())
    first = await workshop.status_lists("uex", 1)
    assert await workshop.status_lists("uex", 1) is not first
