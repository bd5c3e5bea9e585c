"""Running houses as their users meet them: processes of their own, spoken to over HTTP."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

LAUREL = Path(sys.executable).with_name("laurel")
PATIENCE = 60.0


def free_port() -> int:
    """A port of the loopback interface that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with these settings of Laurel's, and none that happen to be set."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LAUREL_")}
    return inherited | settings


@dataclass
class House:
    """One `laurel up` process (the whole house, or some services), restartable on the same data and port."""

    var: Path
    services: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        return self.var / f"log-{'-'.join(self.services) or 'house'}-{self.port}.txt"

    def start(self, **more: str) -> None:
        """Start the process; with a `LAUREL_FAILPOINT` it will end itself."""
        self.var.mkdir(parents=True, exist_ok=True)
        own = {"LAUREL_VAR": str(self.var), "LAUREL_PORT": str(self.port), "LAUREL_BASE_URL": self.url}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(LAUREL), "up", *self.services],
                env=environment(**own, **self.environment, **more),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self, *, may_die: bool = False) -> None:
        """Return when /readyz is green (or the process has ended, where it may); else raise with the log's end."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.died:
                if may_die:
                    return
                break
            if self.is_ready:
                return
            time.sleep(0.05)
        raise AssertionError(f"the house did not get ready:\n{self.log.read_text()[-4000:]}")

    @property
    def is_ready(self) -> bool:
        """Whether it says so, and has left the tokens to talk to it with."""
        try:
            said = httpx2.get(f"{self.url}/readyz", timeout=5)
        except httpx2.TransportError:
            return False
        return said.is_success and (self.var / "operator.token").exists()

    @property
    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def kill(self) -> None:
        """SIGKILL, as the world does it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self, sent: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C, or what a supervisor sends (SIGTERM); the exit code."""
        assert self.process is not None
        self.process.send_signal(sent)
        return self.process.wait(timeout=PATIENCE)

    def client(self, token: str = "admin", transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
        """A conversation as the administrator (or another token kept under `var/`)."""
        headers = {"authorization": f"Bearer {(self.var / f'{token}.token').read_text().strip()}"}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=60, transport=transport)


@contextlib.contextmanager
def running(*houses: House) -> Iterator[None]:
    """These houses, up and ready; gone afterwards, however the test ends."""
    try:
        for house in houses:
            house.start()
        for house in houses:
            house.wait_until_ready()
        yield
    finally:
        for house in houses:
            house.kill()


def answer(response: httpx2.Response) -> dict[str, Any]:
    """The JSON object of a good answer."""
    assert response.is_success, f"{response.request.method} {response.request.url}: {response.text}"
    body: dict[str, Any] = response.json()
    return body


def wait_for(condition: Callable[[], bool], what: str, *, seconds: float = PATIENCE, pause: float = 0.05) -> None:
    """Return once it is so, as a look after each pause shows; fail when it takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(pause)
