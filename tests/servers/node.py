"""Node with the packages that check our work from outside: other people's verifiers, as npm has them."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from schemas.values import JsonObject
from tests.servers import report

NAME = "Node"
INTEROP = Path(__file__).parents[1] / "interop"


@pytest.fixture(scope="session")
def node() -> str:
    """The program, with the packages of the lock file installed."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        report.missing(NAME, "node and npm are not installed")
    with (Path(tempfile.gettempdir()) / "laurel-interop.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes side by side install once
        installed = INTEROP / "node_modules" / ".package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < (INTEROP / "package-lock.json").stat().st_mtime:
            subprocess.run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=INTEROP, check=True, capture_output=True
            )
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    report.found(NAME, f"{version}, with the verifiers of tests/interop")
    return program


def digital_bazaar(
    program: str, credentials: Sequence[JsonObject], documents: Mapping[str, JsonObject], *, at: datetime
) -> list[JsonObject]:
    """What `@digitalbazaar/vc` says of each credential, as of a moment, given the DID documents of their issuers."""
    answer = subprocess.run(
        [program, str(INTEROP / "verify.mjs")],
        input=json.dumps({"credentials": list(credentials), "documents": dict(documents)}),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "VERIFY_AT": at.isoformat()},
    )
    return list(json.loads(answer.stdout))


def jose_library(program: str, tasks: Sequence[JsonObject]) -> list[JsonObject]:
    """What `jose` makes of each task; see the script for what can be asked."""
    answer = subprocess.run(
        [program, str(INTEROP / "jose.mjs")],
        input=json.dumps(list(tasks)),
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(answer.stdout))


def sd_jwt_library(program: str, tasks: Sequence[JsonObject]) -> list[JsonObject]:
    """What `@sd-jwt/core` makes of each task; see the script for what can be asked."""
    answer = subprocess.run(
        [program, str(INTEROP / "sd-jwt.mjs")],
        input=json.dumps(list(tasks)),
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(answer.stdout))
