from __future__ import annotations

from chassis.topics import load_topics
from schemas.events import CredentialStatusChanged, OfferingPublished, OrganisationRegistered
from schemas.events.codec import RELEASED


def test_every_event_has_its_topic_and_no_topic_is_idle() -> None:
    assert set(load_topics().topics) == {event.topic for event in RELEASED}


def test_what_is_said_once_is_kept_for_ever() -> None:
    compacted = {name for name, topic in load_topics().topics.items() if topic.compacted}
    assert compacted == {OfferingPublished.topic, OrganisationRegistered.topic, CredentialStatusChanged.topic}
