"""The topics of Laurel, as `deploy/topics.yaml` says them, and their creation on Apache Kafka."""

from __future__ import annotations

from collections.abc import Sequence
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

_SAFE_REPLICATION = 3
_log = structlog.get_logger(__name__)


class UnsafeTopic(Refused):
    """A topic exists with a setting that would lose what it is there to keep."""


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
    topics: dict[str, Topic]


_INSTALLED, _CHECKOUT = Path(__file__).with_name("topics.yaml"), Path(__file__).parents[2] / "deploy" / "topics.yaml"
SHIPPED = _INSTALLED if _INSTALLED.exists() else _CHECKOUT
"""`deploy/topics.yaml`, which an installation has beside this module."""


def load_topics(path: Path | None = None) -> Topics:
    """The topics as this file describes them. Raises `Malformed` with what is wrong with it."""
    path = path or SHIPPED
    try:
        return Topics.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise Malformed(f"the topics cannot be read from {path}: {error.strerror}; see LAUREL_TOPICS") from error
    except (yaml.YAMLError, ValidationError) as error:
        raise Malformed(f"{path} does not describe topics: {error}") from error


async def create_topics(bootstrap: str, topics: Topics) -> None:
    """Create what is missing; leave what exists alone, but refuse one that would lose data.

    Raises `Unavailable` when Kafka does not answer, `UnsafeTopic` naming the topic and the setting.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)
    try:
        await admin.start()
        existing = await _create(admin, topics)
        await _refuse_unsafe(admin, topics, existing)
    except (KafkaError, TimeoutError, OSError) as error:
        raise Unavailable(f"Kafka did not answer about its topics: {type(error).__name__}") from error
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, topics: Topics) -> Sequence[str]:
    """The names of those that existed already."""
    brokers = len((await admin.describe_cluster())["brokers"])
    replication = min(topics.replication, brokers)
    if replication < topics.replication:
        _log.warning("topics are replicated less than wanted", wanted=topics.replication, brokers=brokers)
    durable = {"min.insync.replicas": "2"} if replication >= _SAFE_REPLICATION else {}
    wanted = [
        NewTopic(
            name,
            num_partitions=topic.partitions,
            replication_factor=replication,
            topic_configs=durable | {key: str(value) for key, value in topic.config.items()},
        )
        for name, topic in topics.topics.items()
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


async def _refuse_unsafe(admin: AIOKafkaAdminClient, topics: Topics, existing: Sequence[str]) -> None:
    kept = [name for name in existing if topics.topics[name].compacted]
    if not kept:
        return
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in kept]
    for response in await admin.describe_configs(resources):
        for resource in response.to_object()["resources"]:
            for setting in resource["config_entries"]:
                if setting["config_names"] == "cleanup.policy" and setting["config_value"] != "compact":
                    raise UnsafeTopic(
                        f"the topic {resource['resource_name']} has cleanup.policy={setting['config_value']}: it would "
                        "forget what is said once; set it to compact"
                    )
