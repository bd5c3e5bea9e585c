"""Completions that wait on the topic before anybody reads: what is measured is who reads, not who writes."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import Producer

from chassis.service import Chassis
from chassis.settings import Settings
from laurel.demo.moodle import completion_body
from laurel.demo.scenario import ORGANISATION
from moodle_bridge.domain import translate
from moodle_bridge.domain.told import assessment_completed
from schemas.events import AssessmentCompleted, Event, Platform, encode
from tests.e2e.campus import PLATFORM, pupil

PORTION = 1000
COMPLETED = datetime(2026, 11, 1, 9, tzinfo=UTC)


async def preload(settings: Settings, first: int, count: int) -> None:
    """Tell of so many completions, each of a learner of its own, as the bridge tells of them."""
    chassis = await Chassis.assemble(settings)
    producer = Producer({"bootstrap.servers": settings.kafka, "linger.ms": 50, "enable.idempotence": True})
    try:
        for start in range(first, first + count, PORTION):
            for event in await _completions(chassis, range(start, min(start + PORTION, first + count))):
                producer.produce(AssessmentCompleted.topic, encode(event), event.key)
            producer.flush()
    finally:
        await chassis.close()


async def _completions(chassis: Chassis, numbers: range) -> list[Event]:
    now = chassis.clock()
    platform = Platform(id=PLATFORM, organisation=ORGANISATION["id"])
    told = [
        translate.told(translate.read(completion_body(pupil(number), f"preloaded-{number}", COMPLETED), now))
        for number in numbers
    ]
    learners = [chassis.identity.learner(PLATFORM, each.learner) for each in told]
    sealed = await chassis.vault.seal_many(
        [(learner, each.personal.model_dump_json().encode()) for learner, each in zip(learners, told, strict=True)]
    )
    return [
        assessment_completed(
            each,
            completion=chassis.identity.completion(PLATFORM, each.episode),
            platform=platform,
            learner=learner,
            previous=None,
            personal=personal,
            received=now,
        )
        for each, learner, personal in zip(told, learners, sealed, strict=True)
    ]


if __name__ == "__main__":
    _, var, bootstrap, first, count = sys.argv
    asyncio.run(preload(Settings(var=Path(var), kafka=bootstrap), int(first), int(count)))
