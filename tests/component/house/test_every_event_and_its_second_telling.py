"""A log may lose everything: every kind of event is said again by somebody, or stands here with why it need not be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from chassis.documents import SqliteDocuments
from chassis.service import Chassis
from chassis.settings import Settings
from laurel.demo.moodle import completion_body, correction_body
from laurel.demo.scenario import PUPILS
from laurel.house import APPS
from moodle_bridge.ports import CORRECTIONS, CorrectionState
from schemas.events import (
    CURRENT,
    AssessmentCompleted,
    CompletionCorrected,
    CompletionParked,
    CorrectionDecided,
    CredentialIssued,
    CredentialStatusChanged,
    CredentialVerified,
    Event,
    IssuanceRefused,
    OfferingPublished,
    OrganisationRegistered,
)
from tests.component.house.house import PATIENCE, House, running

SAID_AGAIN: dict[type[Event], str] = {
    AssessmentCompleted: "bridge",
    CompletionCorrected: "bridge",
    OfferingPublished: "catalogue",
    OrganisationRegistered: "issuer",
    CredentialIssued: "issuer",
    CredentialStatusChanged: "issuer",
}
"""By whom, of his own accord, to a log that is empty. Of the credentials those alone that correct another: who waits
for the first is the bridge, which says the completion again and is answered by the issuer."""

NOT_SAID_AGAIN: dict[type[Event], str] = {
    IssuanceRefused: "as for the first credential: the answer to a completion that is said again",
    CompletionParked: "a completion that nobody can decide is parked again when it is said again, and that is told",
    CorrectionDecided: "the answer to a correction, which the bridge says again until it is answered",
    CredentialVerified: "a count for operators, which the monitor has already; nothing is decided by it",
}
"""And why nobody misses it."""


@asynccontextmanager
async def hearing(house: House, notes: Path) -> AsyncIterator[dict[type[Event], set[UUID]]]:
    """The ids of everything that is in the log, by kind."""
    heard: dict[type[Event], set[UUID]] = {kind: set() for kind in CURRENT}
    documents = SqliteDocuments(notes)
    await documents.open()
    listener = house.chassis.listener("test", documents)
    for kind in CURRENT:

        @listener.on(kind, group=f"test.{kind.__name__}")
        async def on_event(events: list[Event]) -> None:
            for event in events:
                heard[type(event)].add(event.id)

    await listener.start()
    yield heard
    await listener.stop()
    await documents.close()


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if so():
                return
            await asyncio.sleep(0.05)


async def forget_the_answers(notes: Path) -> None:
    """The bridge never heard what was made of its corrections."""
    documents = SqliteDocuments(notes)
    await documents.open()
    corrections = documents.collection(CORRECTIONS)
    for one in (await corrections.find({})).items:
        await corrections.replace(one.model_copy(update={"state": CorrectionState.TOLD, "effect": None}))
    await documents.close()


def test_every_kind_of_event_is_said_again_or_stands_here_with_a_reason() -> None:
    assert {*SAID_AGAIN} | {*NOT_SAID_AGAIN} == {*CURRENT}
    assert not SAID_AGAIN.keys() & NOT_SAID_AGAIN.keys()


async def test_who_says_again_is_who_stands_here(tmp_path: Path) -> None:
    chassis = await Chassis.assemble(Settings(var=tmp_path, admin_token=SecretStr("admin")))
    services = [await app(chassis) for app in APPS.values()]
    said = {announced.topic: service.name for service in services for announced in service.announcements}
    assert said == {kind.topic: service for kind, service in SAID_AGAIN.items()}
    for store in chassis.stores:
        await store.close()


async def test_a_house_whose_log_is_gone_says_again_what_it_said(tmp_path: Path) -> None:
    async with running(tmp_path / "var") as house, hearing(house, tmp_path / "first.sqlite") as heard:
        platform = await house.found_university()
        moment = datetime.now(UTC) - timedelta(minutes=1)
        await house.outcome_of(platform, completion_body(PUPILS[0], "course_completions:1", moment))
        named = {"id": PUPILS[0].id, "fullname": "Another Name"}
        renamed = correction_body("course_completions:1", "learner-corrected", datetime.now(UTC), learner=named)
        misnamed = await house.reviewed(platform, renamed)
        await house.ask("POST", f"/api/v1/corrections/{misnamed['correction']}/reissue")
        early = completion_body(PUPILS[1], "course_completions:2", moment).replace(b"data-ethics", b"not-yet-offered")
        corrected = correction_body("course_completions:1", "learner-unenrolled", datetime.now(UTC))
        assert (await platform.correct(corrected, datetime.now(UTC))).is_success
        assert (await platform.deliver(early, datetime.now(UTC))).is_success
        await until(lambda: all(heard[kind] for kind in SAID_AGAIN) and len(heard[AssessmentCompleted]) == 2)
        await until(lambda: bool(heard[CorrectionDecided]))
        before, port = {kind: set(ids) for kind, ids in heard.items()}, house.chassis.settings.port
    await forget_the_answers(tmp_path / "var" / "bridge.sqlite")

    async with running(tmp_path / "var", port) as house, hearing(house, tmp_path / "second.sqlite") as heard:
        await until(lambda: all(heard[kind] for kind in SAID_AGAIN))
        assert len(heard[AssessmentCompleted]) == 1, "what has its outcome need not be said again"
        assert all(heard[kind] <= before[kind] for kind in SAID_AGAIN), "the same facts have the same ids"
