from __future__ import annotations

from pathlib import Path

import pytest

from chassis.outbox import LARGEST
from chassis.topics import MESSAGE_BYTES, Found, load_topics, settings_of, unsafe
from schemas.events import CURRENT, CredentialStatusChanged, OfferingPublished, OrganisationRegistered
from schemas.faults import Malformed


def test_every_event_has_its_topic_and_no_topic_is_idle() -> None:
    assert set(load_topics().topics) == {event.topic for event in CURRENT}


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


NAME, COMPACTED = "laurel.assessment.completed", "laurel.offering.published"


def found(name: str = NAME, *, replication: int = 3, **changes: str) -> Found:
    settings = settings_of(load_topics().topics[name], replication=replication)
    return Found(name, replication, {**settings, **{key.replace("_", "."): value for key, value in changes.items()}})


def test_topics_as_they_are_created_are_safe_however_many_copies_are_wanted() -> None:
    for replication in (1, 2, 3, 5):
        topics = load_topics(replication=replication)
        for name in topics.topics:
            assert not [*unsafe(found(name, replication=replication), topics)]


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (found(replication=1), "replication factor 1, 3 is wanted"),
        (found(replication=2), "replication factor 2, 3 is wanted"),
        (found(min_insync_replicas="1"), "min.insync.replicas=1, 2 is wanted"),
        (found(retention_ms="86400000"), "retention.ms=86400000, 2592000000 is wanted"),
        (found(cleanup_policy="compact"), "cleanup.policy=compact, delete is wanted"),
        (found(COMPACTED, cleanup_policy="compact,delete"), "cleanup.policy=compact,delete, compact is wanted"),
    ],
)
def test_whatever_would_lose_data_is_named_with_what_was_found_and_what_is_wanted(topic: Found, said: str) -> None:
    assert any(said in sentence and topic.name in sentence for sentence in unsafe(topic, load_topics()))


def test_the_largest_event_fits_into_a_message() -> None:
    assert LARGEST < MESSAGE_BYTES
