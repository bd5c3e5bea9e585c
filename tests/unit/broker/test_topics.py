from __future__ import annotations

from pathlib import Path

import pytest

from chassis.topics import load_topics
from schemas.events import CredentialStatusChanged, OfferingPublished, OrganisationRegistered
from schemas.events.codec import RELEASED
from schemas.faults import Malformed


def test_every_event_has_its_topic_and_no_topic_is_idle() -> None:
    assert set(load_topics().topics) == {event.topic for event in RELEASED}


def test_what_is_said_once_is_kept_for_ever() -> None:
    compacted = {name for name, topic in load_topics().topics.items() if topic.compacted}
    assert compacted == {OfferingPublished.topic, OrganisationRegistered.topic, CredentialStatusChanged.topic}


@pytest.mark.parametrize("text", [None, "topics: [", "replication: 0\ntopics: {}", "topics: {a: {partitions: none}}"])
def test_a_file_that_does_not_describe_topics_is_named(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "topics.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(Malformed, match=r"topics\.yaml"):
        load_topics(path)
