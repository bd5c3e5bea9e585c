"""What is recorded is sent where one is told to send it, and nowhere else."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chassis.settings import Settings
from chassis.telemetry import Telemetry


class Collector(ThreadingHTTPServer):
    """An OTLP/HTTP collector that remembers who asked for what."""

    def __init__(self) -> None:
        self.received: dict[str, int] = {}
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received[self.path] = len(body)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_collector_that_is_named_gets_traces_and_metrics(collector: Collector) -> None:
    telemetry = Telemetry.start(Settings(otlp_endpoint=collector.url))
    with telemetry.tracer.start_as_current_span("something"):
        telemetry.meter_provider.get_meter("laurel").create_counter("things").add(1)
    telemetry.stop()
    assert set(collector.received) == {"/v1/traces", "/v1/metrics"}
    assert all(collector.received.values())


async def test_a_collector_that_does_not_answer_holds_no_stop() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # whoever calls is held on the line
        telemetry = Telemetry.start(Settings(otlp_endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}"))
        with telemetry.tracer.start_as_current_span("something"):
            telemetry.meter_provider.get_meter("laurel").create_counter("things").add(1)
        async with asyncio.timeout(Settings().stop_seconds / 2):
            await asyncio.to_thread(telemetry.stop)


def test_a_house_without_a_collector_does_not_load_what_sends_to_one() -> None:
    program = (
        "import sys, laurel.house; print(any(name.startswith('opentelemetry.exporter.otlp') for name in sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "False"
