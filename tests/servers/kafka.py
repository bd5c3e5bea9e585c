"""Apache Kafka, found in this order: `LAUREL_TEST_KAFKA` (bootstrap servers); a Kafka image that a Docker engine
already has; Apache Kafka from Maven artefacts (`apache-kafka/pom.xml`), in KRaft mode. Else what needs it is skipped.

Most tests share one node. What one node cannot show, replication and the loss of a leader, is shown on three: a broker
of those can be killed, but one that was found cannot.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from tests.servers import report

NAME = "Kafka"
CLUSTER = "Kafka, several brokers"
IMAGE = "confluentinc/cp-kafka"
POM = Path(__file__).parent / "apache-kafka" / "pom.xml"
CACHE = Path(__file__).parents[2] / ".cache"
DOWNLOAD_SECONDS = 540
START_SECONDS = 180
EMPTY_SECONDS = 60

NODES = 3
"""Of a cluster: the fewest that keep every write when one of them dies."""

SERVER = """
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={folder}/data
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=1
offsets.topic.replication.factor={replication}
transaction.state.log.replication.factor={replication}
transaction.state.log.min.isr=1
"""


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it answers. Tests share it: each begins with topics of its own making."""
    if servers := os.environ.get("LAUREL_TEST_KAFKA"):
        report.found(NAME, "the servers named by LAUREL_TEST_KAFKA")
        yield servers
    elif image := _docker_image():
        with _container(image) as servers:
            report.found(NAME, f"{image} in a container")
            yield servers
    else:
        with kafka_server(tmp_path_factory.mktemp("kafka")) as server:
            report.found(NAME, f"Apache Kafka {_version()}, one node in KRaft mode, started by the tests")
            yield server.bootstrap


@dataclass(frozen=True)
class Cluster:
    """Several brokers that keep copies of one another's partitions."""

    bootstrap: str
    servers: tuple[KafkaServer, ...] = ()
    """Those that can be killed: what was found is not ours to kill."""


@pytest.fixture(scope="session")
def kafka_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Found as `kafka_bootstrap` is, else three nodes started here. A test that uses it empties it first."""
    if servers := os.environ.get("LAUREL_TEST_KAFKA"):
        report.found(CLUSTER, "the servers named by LAUREL_TEST_KAFKA; none of them is killed")
        yield Cluster(servers)
    elif image := _docker_image():
        with _container(image) as servers:
            report.found(CLUSTER, f"{image} in a container, which is not killed")
            yield Cluster(servers)
    else:
        with kafka_servers(tmp_path_factory.mktemp("cluster"), NODES) as started:
            report.found(CLUSTER, f"Apache Kafka {_version()}, {NODES} nodes in KRaft mode, started by the tests")
            yield Cluster(",".join(server.bootstrap for server in started), started)


def empty(bootstrap: str) -> None:
    """Delete every topic and group, so that Kafka is as a new installation finds it."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    deadline = time.monotonic() + EMPTY_SECONDS
    groups = [group.group_id for group in admin.list_consumer_groups().result().valid]
    topics = [name for name in admin.list_topics(timeout=10).topics if not name.startswith("__")]
    for deletion in (admin.delete_topics(topics, operation_timeout=EMPTY_SECONDS) if topics else {}).values():
        deletion.result()
    for group in groups:
        _forget(admin, group, deadline)
    while any(topic in admin.list_topics(timeout=10).topics for topic in topics):
        assert time.monotonic() < deadline, "Kafka did not forget its topics"
        time.sleep(0.1)


def _forget(admin: AdminClient, group: str, deadline: float) -> None:
    """Delete a consumer group; one whose last member was killed is in use until its session ends."""
    while time.monotonic() < deadline:
        try:
            admin.delete_consumer_groups([group])[group].result()
        except KafkaException as error:
            if error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND:
                return
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"Kafka did not forget {group}")


@contextmanager
def kafka_server(folder: Path) -> Iterator[KafkaServer]:
    """A server of one's own, from Maven artefacts, until the end of the block."""
    with kafka_servers(folder, 1) as (server,):
        yield server


@contextmanager
def kafka_servers(folder: Path, nodes: int) -> Iterator[tuple[KafkaServer, ...]]:
    """So many of them as one cluster."""
    artefacts, ports = _artefacts(), _free_ports(2 * nodes)
    voters = [f"{node}@127.0.0.1:{port}" for node, port in enumerate(ports[nodes:], 1)]
    cluster = urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
    servers = tuple(
        KafkaServer(artefacts, folder / str(node), node=node, port=ports[node - 1], voters=voters, cluster=cluster)
        for node in range(1, nodes + 1)
    )
    try:
        try:
            for server in servers:
                server.launch()
            for server in servers:
                server.wait_until_it_answers(nodes)
        except NotStartedError as error:
            report.missing(NAME, str(error))
        yield servers
    finally:
        for server in servers:
            server.kill()


class NotStartedError(Exception):
    """A server ended, or said nothing for long, with the end of what it logged."""


class KafkaServer:
    """One Kafka node as a process; it may be killed and started again, with the data it had."""

    def __init__(  # noqa: PLR0913 what a node needs to know
        self, artefacts: Path, folder: Path, *, node: int, port: int, voters: Sequence[str], cluster: str
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._java = (
            *(shutil.which("java") or "java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            *("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{artefacts}/*"),
        )
        self._properties = folder / "server.properties"
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = port
        self._properties.write_text(
            SERVER.format(
                node=node,
                port=port,
                controller=voters[node - 1].rpartition(":")[2],
                voters=",".join(voters),
                folder=folder,
                replication=len(voters),
            )
        )
        self._run("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties))

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when it answers about its topics. Raises `NotStartedError`."""
        self.launch()
        self.wait_until_it_answers(1)

    def launch(self) -> None:
        """Begin to start."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._java, "kafka.Kafka", str(self._properties)], stdout=log, stderr=log, cwd=self._folder
            )

    def wait_until_it_answers(self, brokers: int) -> None:
        """Returns when it knows of so many brokers, itself among them. Raises `NotStartedError`."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            if self._knows(brokers):
                return
            time.sleep(0.1)
        self.kill()
        raise NotStartedError(f"it did not start: {self._log.read_text()[-500:]}")

    def kill(self) -> None:
        """End it as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _knows(self, brokers: int) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
            admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
            with suppress(KafkaException):
                return len(admin.list_topics(timeout=2).brokers) >= brokers
        return False

    def _run(self, *command: str) -> None:
        done = subprocess.run([*self._java, *command], cwd=self._folder, capture_output=True, text=True, check=False)
        if done.returncode:
            report.missing(NAME, f"its storage could not be formatted: {done.stderr[-500:]}")


def _docker_image() -> str | None:
    """A Kafka image that is there already: nothing is pulled."""
    import docker  # noqa: PLC0415 only where Docker may be used

    with suppress(docker.errors.DockerException):  # no engine, no image
        images = docker.from_env(timeout=5).images.list(name=IMAGE)
        return next((tag for image in images for tag in image.tags), None)
    return None


@contextmanager
def _container(image: str) -> Iterator[str]:
    from testcontainers.kafka import KafkaContainer  # noqa: PLC0415 only where Docker is used

    with KafkaContainer(image).with_kraft() as container:
        yield container.get_bootstrap_server()


def _artefacts() -> Path:
    """The server's jars, fetched once for this version."""
    folder = CACHE / f"kafka-{_version()}"
    if not folder.exists():
        maven = shutil.which("mvn")
        if maven is None or shutil.which("java") is None:
            report.missing(NAME, f"neither LAUREL_TEST_KAFKA, nor a Docker engine with {IMAGE}, nor Java with Maven")
        CACHE.mkdir(parents=True, exist_ok=True)
        draft = folder.with_suffix(f".{os.getpid()}")
        goal = ("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={draft}")
        fetched = subprocess.run(
            [maven, "--quiet", "--batch-mode", "--file", str(POM), *goal],
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_SECONDS,
            check=False,
        )
        if fetched.returncode:
            report.missing(NAME, f"its artefacts could not be fetched: {fetched.stdout[-500:]}")
        with suppress(OSError):  # somebody else was faster
            draft.rename(folder)
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _version() -> str:
    found = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([^<]+)", POM.read_text())
    assert found is not None
    return found[1]


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
