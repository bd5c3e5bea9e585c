"""The issuer as a process runs it, embedded broker included: from an event to an event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr

from chassis.documents import SqliteDocuments
from chassis.host import host
from chassis.outbox import pending_event
from chassis.service import Chassis
from chassis.settings import Settings
from issuer.app import create_app
from issuer.settings import IssuerSettings
from schemas.events import (
    AssessmentCompleted,
    CompletionParked,
    CredentialIssued,
    CredentialStatusChanged,
    Event,
    IssuanceRefused,
    OrganisationRegistered,
)
from tests.builders import (
    a_completion,
    an_id,
    an_offering,
    assessment_completed,
    offering_published,
    personal_data,
)
from tests.component.issuer.conftest import BASE_URL, a_draft

PATIENCE = 30
"""Seconds after which something that should have been said counts as not said."""
ADMIN = {"authorization": "Bearer admin"}


class Running:
    """An issuer with its broker, and everything it says."""

    def __init__(self, chassis: Chassis, client: httpx2.AsyncClient, heard: asyncio.Queue[Event]) -> None:
        self.chassis = chassis
        self.client = client
        self._heard = heard

    async def tell(self, *events: Event) -> None:
        await self.chassis.publisher.publish([pending_event(event) for event in events])

    async def hear(self, *kinds: type[Event]) -> list[Event]:
        """The next so many events, whatever their order across topics."""
        async with asyncio.timeout(PATIENCE):
            heard = [await self._heard.get() for _ in kinds]
        assert sorted(event.type for event in heard) == sorted(str(kind.model_fields["type"].default) for kind in kinds)
        return sorted(heard, key=lambda event: [kind.__name__ for kind in kinds].index(type(event).__name__))

    async def completed(self, number: int, **changes: Any) -> AssessmentCompleted:  # noqa: ANN401 passed on to what validates it
        learner = self.chassis.identity.learner("uex-moodle", str(number))
        sealed = await self.chassis.vault.seal(learner, personal_data().model_dump_json().encode())
        known: dict[str, Any] = {
            "id": self.chassis.identity.completion("uex-moodle", f"course_completions:{number}"),
            "episode": f"course_completions:{number}",
            "learner": learner,
            "personal": sealed,
        }
        return assessment_completed(a_completion(**{**known, **changes}))


@asynccontextmanager
async def running(var: Path) -> AsyncIterator[Running]:
    settings = Settings(var=var, base_url=BASE_URL, admin_token=SecretStr("admin"))
    chassis = await Chassis.assemble(settings)
    app = host(chassis, await create_app(chassis, IssuerSettings()))
    heard: asyncio.Queue[Event] = asyncio.Queue()
    notes = SqliteDocuments(var / "listener.sqlite")
    await notes.open()
    listener = chassis.listener("test", notes)

    for kind in (CredentialIssued, IssuanceRefused, CredentialStatusChanged, OrganisationRegistered, CompletionParked):

        @listener.on(kind, group=f"test.{kind.__name__}")
        async def on_event(events: list[Event]) -> None:
            for event in events:
                await heard.put(event)

    async with app.router.lifespan_context(app):
        await listener.start()
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=BASE_URL) as client:
            yield Running(chassis, client, heard)
        await listener.stop()
    await notes.close()


async def test_a_completion_becomes_a_credential_and_everything_is_said(tmp_path: Path) -> None:
    async with running(tmp_path) as issuer:
        registered = await issuer.client.post("/api/v1/organisations", json=a_draft(), headers=ADMIN)
        assert registered.status_code == 201
        await issuer.hear(OrganisationRegistered)
        await issuer.tell(offering_published())
        completed = await issuer.completed(1)
        failed = await issuer.completed(2, passed=False)
        await issuer.tell(completed, failed)
        issued, refused = await issuer.hear(CredentialIssued, IssuanceRefused)
        assert (issued.data.completion, refused.data.completion) == (completed.data.id, failed.data.id)

        await issuer.tell(completed)
        (again,) = await issuer.hear(CredentialIssued)
        assert again == issued

        revoked = await issuer.client.post(
            f"/api/v1/credentials/{issued.data.award}/revocation", json={"reason": "A mistake."}, headers=ADMIN
        )
        assert revoked.status_code == 200
        (status,) = await issuer.hear(CredentialStatusChanged)
        assert status.data.status == issued.data.status


async def test_a_completion_nobody_can_read_is_parked_as_this_services_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as issuer:
        await issuer.client.post("/api/v1/organisations", json=a_draft(), headers=ADMIN)
        await issuer.tell(offering_published())
        good = await issuer.completed(1)
        sealed = await issuer.chassis.vault.seal(an_id("learner"), b"not what was promised")
        bad = await issuer.completed(2, learner=an_id("learner"), personal=sealed)
        await issuer.tell(good, bad)
        _, issued, parked = await issuer.hear(OrganisationRegistered, CredentialIssued, CompletionParked)
        assert (issued.data.completion, parked.data.completion) == (good.data.id, bad.data.id)


async def test_a_broker_that_forgot_everything_is_told_again_after_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as issuer:
        await issuer.client.post("/api/v1/organisations", json=a_draft(), headers=ADMIN)
        await issuer.tell(offering_published(), await issuer.completed(1))
        _, issued = await issuer.hear(OrganisationRegistered, CredentialIssued)
        revocation = f"/api/v1/credentials/{issued.data.award}/revocation"
        assert (await issuer.client.post(revocation, json={"reason": "A mistake."}, headers=ADMIN)).status_code == 200
        (status,) = await issuer.hear(CredentialStatusChanged)

    async with running(tmp_path) as issuer:
        registered, again = await issuer.hear(OrganisationRegistered, CredentialStatusChanged)
        assert registered.subject == "uex"
        assert again == status
        await issuer.tell(await issuer.completed(1))
        told = await issuer.hear(CredentialIssued, CredentialStatusChanged)
        assert told == [issued, status]


async def test_a_completion_waits_for_its_offering(tmp_path: Path) -> None:
    async with running(tmp_path) as issuer:
        await issuer.client.post("/api/v1/organisations", json=a_draft(), headers=ADMIN)
        early = await issuer.completed(1, offering="knots")
        # The same learner's: it is heard after the early one, so what is known of that is known by then.
        known = await issuer.completed(2, learner=early.data.learner, personal=early.data.personal)
        await issuer.tell(offering_published())
        await issuer.tell(early, known)
        await issuer.hear(OrganisationRegistered, CredentialIssued)
        waiting = await issuer.client.get(f"/api/v1/completions/{early.data.id}/outcome", headers=ADMIN)
        assert waiting.json()["state"] == "in-flight"
        await issuer.tell(offering_published(an_offering(id="knots", published=datetime.now(UTC))))
        (issued,) = await issuer.hear(CredentialIssued)
        assert issued.data.completion == early.data.id
