"""A real Moodle, and a bridge beside it that keeps what it gets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
    def set_up_for(self, url: str, platform: str, secret: str, courses: str, *, pushes: bool = False) -> Iterator[None]:
        """The plugin's settings, and Moodle's HTTP security to go with them; put back afterwards."""
        before, ports = self.call("settings"), f"443\n80\n{urlsplit(url).port}"
        self.call("set", values=[url, platform, secret, courses, "", ports, "", str(int(pushes))])
        try:
            yield
        finally:
            self.call("set", values=before)


@dataclass(frozen=True)
class Delivery:
    """What the bridge was told: the frozen body, and the request it came in."""

    body: bytes
    headers: dict[str, str]
    vouched: bool

    @property
    def said(self) -> dict[str, Any]:
        """The body, read."""
        said: dict[str, Any] = json.loads(self.body)
        return said


class Bridge:
    """Keeps what it gets, and answers as told.

    `answers` are given to whole requests first, `verdicts` to completions one by one; then come receipts, and `outcome`
    to who asks for one.
    """

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.got: list[Delivery] = []
        self.corrections: list[dict[str, Any]] = []
        self.answers: list[tuple[int, dict[str, object]]] = []
        self.verdicts: list[tuple[int, dict[str, object]]] = []
        self.outcome: dict[str, object] = {"state": "in-flight"}
        bridge = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                said = json.loads(body)
                bridge.requests.append(self.path)
                if self.path == "/moodle/outcomes":
                    self._answer(200, {"items": [{"completion": id_} | bridge.outcome for id_ in said["completions"]]})
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                vouched = bridge.vouched(headers, body)
                status, answer = bridge.answers.pop(0) if bridge.answers else (200, {})
                if self.path != "/moodle/batches":
                    kind = self.path.removeprefix("/moodle/").removesuffix("s")
                    self._answer(*bridge.taken(kind, Delivery(body, headers, vouched)))
                    return
                items = [
                    bridge.taken(one["kind"], Delivery(one["body"].encode(), headers, vouched), status)
                    for one in said["items"]
                ]
                told = [{"status": of, **({"problem": what} if of >= 400 else what)} for of, what in items]
                self._answer(status, answer or {"items": told})

            def do_GET(self) -> None:
                bridge.requests.append(self.path)
                self._answer(200, bridge.outcome)

            def _answer(self, status: int, said: Mapping[str, object]) -> None:
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

    def taken(self, kind: str, delivery: Delivery, status: int = 200) -> tuple[int, dict[str, object]]:
        """What one delivery is answered; where the request as a whole is refused, it is not taken."""
        said = delivery.said
        if kind == "correction":
            self.corrections += [said] if status == 200 else []
            return 202, {"correction": said["id"], "duplicate": False, "effect": "review"}
        self.got.append(delivery)
        receipt: dict[str, object] = {"completion": str(uuid5(NAMESPACE, said["episode"])), "duplicate": False}
        return self.verdicts.pop(0) if self.verdicts and status == 200 else (202, receipt)

    @staticmethod
    def vouched(headers: dict[str, str], body: bytes) -> bool:
        """Whether a body carries this platform's signature. Source: Standard Webhooks 1.0."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        mac = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        return "v1," + base64.b64encode(mac).decode() in headers["webhook-signature"].split(" ")
