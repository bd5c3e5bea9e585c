"""What the verifier keeps of its database for a moment never hides what it was told itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chassis.documents.port import every
from chassis.documents.sqlite import SqliteDocuments
from schemas.events import CredentialState, StatusEntry
from tests.builders import a_status_entry, an_id, an_organisation, credential_status_changed, organisation_registered
from verifier.adapters import store
from verifier.adapters.store import STATES, Issuers, States
from verifier.domain.trust import TrustedIssuer

LIST, INDEX = a_status_entry().list, a_status_entry().index


@pytest.fixture
async def documents() -> AsyncIterator[SqliteDocuments]:
    opened = SqliteDocuments(":memory:")
    await opened.open()
    yield opened
    await opened.close()


async def test_an_issuer_that_was_looked_for_in_vain_is_found_once_it_is_added(documents: SqliteDocuments) -> None:
    issuers = Issuers(documents)
    assert await issuers.find("did:web:a.example") is None
    await issuers.add(TrustedIssuer(did="did:web:a.example", name="A"))
    assert await issuers.find("did:web:a.example") is not None
    organisation = an_organisation(did="did:web:b.example")
    assert await issuers.find("did:web:b.example") is None
    await issuers.register([organisation_registered(organisation)])
    assert await issuers.find("did:web:b.example") is not None


async def test_a_change_counts_at_once_though_the_database_was_asked_a_moment_ago(documents: SqliteDocuments) -> None:
    states = States(documents)
    assert await states.find(LIST, INDEX) is None
    states.hear([credential_status_changed()])  # heard here, kept by another process
    found = await states.find(LIST, INDEX)
    assert found is not None
    assert found.state is CredentialState.REVOKED


async def test_a_change_is_known_at_every_place_where_it_is_told(documents: SqliteDocuments) -> None:
    other = StatusEntry(list=f"{LIST}/suspension", index=INDEX)
    await States(documents).record([credential_status_changed(also=(other,))])
    states = States(documents)
    for place in (LIST, other.list):
        found = await states.find(place, INDEX)
        assert found is not None, place
        assert found.reason == "Issued to the wrong person."
    await states.record([credential_status_changed(also=(other,), reason="Told again.")])
    reasons = {state.reason async for state in every(documents.collection(STATES), {})}
    assert reasons == {"Told again."}


async def test_old_news_heard_late_does_not_undo_newer_news(documents: SqliteDocuments) -> None:
    states = States(documents)
    changed = credential_status_changed()
    await states.record([changed])
    older = credential_status_changed(state=CredentialState.ACTIVE).model_copy(
        update={"time": changed.time - timedelta(days=1)}
    )
    states.hear([older])
    found = await states.find(LIST, INDEX)
    assert found is not None
    assert found.state is CredentialState.REVOKED


async def test_a_list_in_which_more_changed_than_is_kept_is_looked_up_place_by_place(
    documents: SqliteDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_CHANGED", 1)
    monkeypatch.setattr(store, "MOST_HEARD", 1)
    places = [a_status_entry(index=place) for place in range(3)]
    await States(documents).record(
        [credential_status_changed(award=an_id(f"award {place.index}"), status=place) for place in places]
    )
    reading = States(documents)
    assert [await reading.find(LIST, place) is not None for place in range(4)] == [True, True, True, False]
