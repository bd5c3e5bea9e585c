"""A Kafka-protocol broker in this process's memory: librdkafka's own, from the confluent-kafka wheel.

For evaluation and tests. What it cannot do stands in `decisions/0002-embedded-broker.md`; above all, what it holds is
gone with the process, so every service says again what it last said (`chassis.outbox.Announcement`).

The functions are those of `rdkafka_mock.h`. They are called through ctypes because the Python client offers none of
them: it can start the broker, but not tell it to let a group begin at once (by default a first member waits 3 s), nor
how many partitions a topic has.
"""

from __future__ import annotations

import contextlib
import ctypes
import socket
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Self

from confluent_kafka import cimpl

from schemas.faults import Unavailable

_PRODUCER = 0
_CONF_OK = 0


@cache
def _librdkafka() -> ctypes.CDLL:
    library = ctypes.CDLL(cimpl.__file__)  # the extension module; what it is linked to is looked up through it
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, arguments in (
        ("rd_kafka_conf_new", pointer, ()),
        ("rd_kafka_conf_set", number, (pointer, text, text, text, ctypes.c_size_t)),
        ("rd_kafka_new", pointer, (number, pointer, text, ctypes.c_size_t)),
        ("rd_kafka_destroy", None, (pointer,)),
        ("rd_kafka_mock_cluster_new", pointer, (pointer, number)),
        ("rd_kafka_mock_cluster_destroy", None, (pointer,)),
        ("rd_kafka_mock_cluster_bootstraps", text, (pointer,)),
        ("rd_kafka_mock_topic_create", number, (pointer, text, number, number)),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, (pointer, ctypes.c_int32)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


@contextlib.contextmanager
def _kept_awake(bootstrap: str) -> Iterator[None]:
    """Knock at the broker's door while it is asked for something.

    Its thread sometimes misses that a request came from within (seen in one start of five) and sleeps on for a second;
    a connection from outside always wakes it.
    """
    host, _, port = bootstrap.rpartition(":")
    done = threading.Event()

    def knock() -> None:
        while not done.wait(0.005):
            with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
                pass

    knocker = threading.Thread(target=knock, name="embedded-broker-knock", daemon=True)
    knocker.start()
    try:
        yield
    finally:
        done.set()
        knocker.join()


class EmbeddedBroker:
    """One broker on a random port of the loopback interface, with these topics (name: partitions), until closed."""

    def __init__(self, topics: Mapping[str, int]) -> None:
        library = _librdkafka()
        error = ctypes.create_string_buffer(512)
        configuration = library.rd_kafka_conf_new()
        # Its own log goes to stderr; a client that closes its connection is not worth a line there.
        if library.rd_kafka_conf_set(configuration, b"log_level", b"2", error, len(error)) != _CONF_OK:
            raise Unavailable(f"the embedded broker refused its configuration: {error.value.decode()}")
        self._handle = library.rd_kafka_new(_PRODUCER, configuration, error, len(error))
        if not self._handle:
            raise Unavailable(f"the embedded broker could not be made: {error.value.decode()}")
        self._cluster = library.rd_kafka_mock_cluster_new(self._handle, 1)
        if not self._cluster:
            library.rd_kafka_destroy(self._handle)
            raise Unavailable("the embedded broker could not be started")
        self.bootstrap: str = library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        with _kept_awake(self.bootstrap):
            library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)
            for topic, partitions in topics.items():
                if code := library.rd_kafka_mock_topic_create(self._cluster, topic.encode(), partitions, 1):
                    self.close()
                    raise Unavailable(f"the embedded broker refused the topic {topic}: error {code}")

    def close(self) -> None:
        """Stop it; everything it held is gone. Closing twice does no harm."""
        cluster, self._cluster = self._cluster, None
        if cluster:
            _librdkafka().rd_kafka_mock_cluster_destroy(cluster)
            _librdkafka().rd_kafka_destroy(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
