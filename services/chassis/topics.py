"""The topics of Laurel, as `deploy/topics.yaml` says them, and their creation on Apache Kafka."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import structlog
import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, NoError, TopicAlreadyExistsError, for_code
from pydantic import Field, ValidationError

from schemas.faults import Malformed, Refused, Unavailable
from schemas.values import Frozen

SAFE_REPLICATION = 3
MESSAGE_BYTES = 1_000_000
"""The largest message a topic must take; an event may have nine tenths of it (`chassis.outbox.LARGEST`)."""
_log = structlog.get_logger(__name__)


class UnsafeTopic(Refused):
    """A topic exists with a setting that would lose what it is there to keep."""


class TooFewBrokers(Unavailable):
    """Topics are missing, and would be made of fewer copies than they are to have."""


class Topic(Frozen):
    """How one topic is made. `config` are Kafka's own topic settings."""

    partitions: Annotated[int, Field(ge=1)]
    config: dict[str, str | int] = Field(default_factory=dict)

    @property
    def compacted(self) -> bool:
        """True when it keeps the newest state per key for ever."""
        return self.config.get("cleanup.policy") == "compact"


class Topics(Frozen):
    """Every topic of Laurel."""

    replication: Annotated[int, Field(ge=1)]
    """How many brokers keep each message."""
    topics: dict[str, Topic]


_INSTALLED, _CHECKOUT = Path(__file__).with_name("topics.yaml"), Path(__file__).parents[2] / "deploy" / "topics.yaml"
SHIPPED = _INSTALLED if _INSTALLED.exists() else _CHECKOUT
"""`deploy/topics.yaml`, which an installation has beside this module."""


def load_topics(path: Path | None = None, *, replication: int | None = None) -> Topics:
    """The topics as this file describes them, kept by so many brokers where that is said besides.

    Raises `Malformed` with what is wrong with the file.
    """
    path = path or SHIPPED
    try:
        topics = Topics.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise Malformed(f"the topics cannot be read from {path}: {error.strerror}; see LAUREL_TOPICS") from error
    except (yaml.YAMLError, ValidationError) as error:
        raise Malformed(f"{path} does not describe topics: {error}") from error
    return topics if replication is None else topics.model_copy(update={"replication": replication})


async def create_topics(bootstrap: str, topics: Topics, *, evaluation: bool = True) -> None:
    """Create what is missing; leave what exists alone, but refuse one that would lose data.

    In an `evaluation` a broker that is the only one will do. Raises `Unavailable` when Kafka does not answer,
    `TooFewBrokers` when it cannot keep what is to be created on as many as it should, `UnsafeTopic` naming every topic
    and setting that is not as it must be, with what was found and what is wanted.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)
    try:
        await admin.start()
        brokers = len((await admin.describe_cluster())["brokers"])
        lone = evaluation and brokers == 1 and "," not in bootstrap
        if lone and topics.replication > 1:
            _log.warning("one-broker-keeps-one-copy", wanted=topics.replication, fit_for="evaluation")
            topics = topics.model_copy(update={"replication": 1})
        there = set(await admin.list_topics()) & topics.topics.keys()
        if missing := topics.topics.keys() - there:
            if brokers < topics.replication:
                raise TooFewBrokers(
                    f"{len(missing)} topics are to be created, each kept by {topics.replication} brokers, of which "
                    f"{brokers} can be reached: start the others, or say in LAUREL_REPLICATION that fewer will do"
                )
            there |= set(await _create(admin, topics, missing))
        faults = [fault for found in await _described(admin, sorted(there)) for fault in unsafe(found, topics)]
    except (KafkaError, TimeoutError, OSError) as error:
        raise Unavailable(f"Kafka did not answer about its topics: {type(error).__name__}") from error
    finally:
        await admin.close()
    if faults:
        raise UnsafeTopic("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as it is on Kafka."""

    name: str
    replication: int
    """Of the partition that has least."""
    settings: Mapping[str, str]


def settings_of(topic: Topic, *, replication: int) -> Mapping[str, str]:
    """What a topic is created with: said in full, because a cluster's own defaults may lose data."""
    durable = {"min.insync.replicas": "2"} if replication >= SAFE_REPLICATION else {}
    kept = {} if topic.compacted else {"retention.bytes": "-1"}
    common = {"unclean.leader.election.enable": "false", "max.message.bytes": str(MESSAGE_BYTES)}
    return common | durable | kept | {key: str(value) for key, value in topic.config.items()}


def unsafe(found: Found, topics: Topics) -> Iterator[str]:
    """Everything about a topic that would lose data, a sentence each. More than what is wanted is never unsafe."""
    topic, wanted = topics.topics[found.name], topics.replication
    if found.replication < wanted:
        why = _REASONS["replicas"]
        yield f"the topic {found.name} has replication factor {found.replication}, {wanted} is wanted: {why}"
    for name, value in settings_of(topic, replication=wanted).items():
        there = found.settings.get(name)
        if there is not None and name in _REASONS and not _ENOUGH.get(name, str.__eq__)(there, value):
            yield f"the topic {found.name} has {name}={there}, {value} is wanted: {_REASONS[name]}"


def _at_least(there: str, wanted: str) -> bool:
    return int(there) >= int(wanted)


def _kept_as_long(there: str, wanted: str) -> bool:
    return there == _FOR_EVER or (wanted != _FOR_EVER and _at_least(there, wanted))


_FOR_EVER = "-1"
_ENOUGH: Mapping[str, Callable[[str, str], bool]] = {
    "retention.ms": _kept_as_long,
    "min.insync.replicas": _at_least,
    "max.message.bytes": _at_least,
}
"""When a setting does as much as the one that is wanted; the others must be the same."""
_REASONS: Mapping[str, str] = {
    "cleanup.policy": "compact keeps one message per key alone and delete forgets what is said once",
    "retention.ms": "messages would be gone before a service that was away had read them",
    "retention.bytes": "a busy day would push out messages that nobody has read",
    "min.insync.replicas": "a confirmed message could be on one broker alone",
    "replicas": "what is on a broker that dies would be gone, and LAUREL_REPLICATION does not say that this will do",
    "unclean.leader.election.enable": "a broker that missed messages could become leader, and they would be gone",
    "max.message.bytes": "the largest of our events could never be published",
}


async def _create(admin: AIOKafkaAdminClient, topics: Topics, names: Iterable[str]) -> Sequence[str]:
    """Those of them that somebody else created meanwhile."""
    wanted = [
        NewTopic(
            name,
            num_partitions=topics.topics[name].partitions,
            replication_factor=topics.replication,
            topic_configs=dict(settings_of(topics.topics[name], replication=topics.replication)),
        )
        for name in names
    ]
    existing = []
    response = (await admin.create_topics(wanted)).to_object()
    for result in response["topic_errors"]:
        error = for_code(result["error_code"])
        if error is TopicAlreadyExistsError:
            existing.append(result["topic"])
        elif error is not NoError:
            raise error(f"{result['topic']}: {result.get('error_message')}")
    return existing


async def _described(admin: AIOKafkaAdminClient, names: Sequence[str]) -> Sequence[Found]:
    if not names:
        return ()
    replicas = {
        topic["topic"]: min(len(partition["replicas"]) for partition in topic["partitions"])
        for topic in await admin.describe_topics(list(names))
        if topic["partitions"]  # else it was made this moment, by another process of ours, and is not known here yet
    }
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in replicas]
    return [
        Found(
            name=resource["resource_name"],
            replication=replicas[resource["resource_name"]],
            settings={
                entry["config_names"]: entry["config_value"]
                for entry in resource["config_entries"]
                if entry["config_value"] is not None
            },
        )
        for response in await admin.describe_configs(resources)
        for resource in response.to_object()["resources"]
    ]
