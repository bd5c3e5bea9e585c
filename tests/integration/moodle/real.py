"""A real Moodle, and a bridge beside it that keeps what it gets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4, uuid5

HERE = Path(__file__).parent
SECRET = "whsec_" + base64.b64encode(hashlib.sha256(b"a bridge for tests").digest()).decode()
NAMESPACE = uuid4()


class Site:
    """A Moodle: its address, and `call`, which runs a function of `site.php` inside it.

    `MOODLE_PHP` is the command that runs PHP as the web server's user, where that is not this one.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self._php = shlex.split(os.environ.get("MOODLE_PHP", "php"))

    def call(self, function: str, **arguments: object) -> Any:  # noqa: ANN401 - what PHP takes and gives is JSON
        done = subprocess.run(
            [*self._php, str(HERE / "site.php"), str(self.folder)],
            input=json.dumps({"call": function, **arguments}),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])  # before it stands what tasks trace

    def cli(self, script: str, *arguments: str) -> str:
        """Run one of the plugin's own command line scripts; what it prints."""
        folders = (self.folder, self.folder / "public")
        found = next(p for one in folders if (p := one / "local/laurel/cli" / f"{script}.php").is_file())
        done = subprocess.run(
            [*self._php, str(found), *arguments], capture_output=True, text=True, check=True, timeout=120
        )
        return done.stdout

    @contextmanager
    def set_up_for(self, url: str, platform: str, secret: str, courses: str) -> Iterator[None]:
        """The plugin's settings, and Moodle's HTTP security to go with them; put back afterwards."""
        before = self.call("settings")
        self.call("set", values=[url, platform, secret, courses, "", f"443\n80\n{urlsplit(url).port}", ""])
        try:
            yield
        finally:
            self.call("set", values=before)


class Bridge:
    """Keeps what it gets, and answers as told: `answers` first, then receipts; `outcome` to who asks for one."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.corrections: list[dict[str, Any]] = []
        self.answers: list[tuple[int, dict[str, object]]] = []
        self.outcome: dict[str, object] = {"state": "in-flight"}
        bridge = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                said = json.loads(body)
                receipt: dict[str, object]
                if self.path == "/moodle/corrections":
                    bridge.corrections.append(said)
                    receipt = {"correction": said["id"], "duplicate": False, "effect": "review"}
                else:
                    bridge.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                    receipt = {"completion": str(uuid5(NAMESPACE, said["episode"])), "duplicate": False}
                self._answer(*(bridge.answers.pop(0) if bridge.answers else (202, receipt)))

            def do_GET(self) -> None:
                self._answer(200, bridge.outcome)

            def _answer(self, status: int, said: dict[str, object]) -> None:
                answer = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Quiet: a test says what it saw."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @staticmethod
    def vouched(headers: dict[str, str], body: bytes) -> bool:
        """Whether a body carries this platform's signature. Source: Standard Webhooks 1.0."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        mac = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        return "v1," + base64.b64encode(mac).decode() in headers["webhook-signature"].split(" ")
