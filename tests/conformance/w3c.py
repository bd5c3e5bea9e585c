"""The W3C's test suites, run against a house over https, as anybody else's software would be."""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from tests.conformance.row import Row
from tests.e2e.houses import LAUREL, PATIENCE, environment, free_port

SUITES = {
    "vc-data-model-2.0-test-suite": "W3C VC Data Model 2.0",
    "vc-di-eddsa-test-suite": "W3C Data Integrity, EdDSA (rdfc, jcs)",
    "vc-di-ecdsa-test-suite": "W3C Data Integrity, ECDSA with P-256 (rdfc, jcs)",
    "vc-bitstring-status-list-test-suite": "W3C Bitstring Status List",
}
"""Repositories of github.com/w3c, each checked out under its own name with its npm packages installed."""
CONFIG = Path(__file__).with_name("localConfig.cjs")
MOST_SECONDS = 600


def run(folder: Path | None, var: Path) -> Iterator[Row]:
    """A row for every suite; those that are not in the folder are not present."""
    node = shutil.which("node")
    present = [name for name in SUITES if folder and node and (folder / name / "node_modules" / "mocha").is_dir()]
    if not present or folder is None or node is None:
        yield from (Row(title) for title in SUITES.values())
        return
    with house(var) as told:
        for name, title in SUITES.items():
            yield _suite(title, folder / name, node, var, told) if name in present else Row(title)


@contextmanager
def house(var: Path) -> Iterator[dict[str, str]]:
    """An issuer and a verifier that speak https; how to reach them, for `localConfig.cjs`."""
    port = free_port()
    settings = {"LAUREL_VAR": str(var), "LAUREL_PORT": str(port), "LAUREL_VC_API_EXAMPLES": "true"}
    command = [str(LAUREL), "up", "issuer", "verifier", "--tls-self-signed"]
    with (var / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, env=environment(**settings), stdout=log, stderr=subprocess.STDOUT)
    try:
        url, token = f"https://localhost:{port}", _token(var, process)
        trust = ssl.create_default_context(cafile=var / "tls.pem")
        headers = {"authorization": f"Bearer {token}"}
        issuers = httpx2.get(f"{url}/vc-api/issuers", headers=headers, verify=trust, trust_env=False)
        issuers.raise_for_status()
        yield {"BASE_URL": url, "TOKEN": token, "ISSUERS": issuers.text}
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def _token(var: Path, process: subprocess.Popen[bytes]) -> str:
    """The administrator's, which a house leaves behind once it is up."""
    file, given_up = var / "admin.token", time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < given_up:
        if file.exists() and (token := file.read_text().strip()):
            return token
        time.sleep(0.1)
    sys.exit(f"the house did not start:\n{(var / 'log.txt').read_text()}")


def _suite(title: str, suite: Path, node: str, var: Path, told: dict[str, str]) -> Row:
    shutil.copy(CONFIG, suite / CONFIG.name)
    output = var / f"{suite.name}.json"
    mocha = [node, "node_modules/mocha/bin/mocha.js", "tests/", "--timeout", "15000", "--preserve-symlinks", "--exit"]
    reporter = ["--reporter", "json", "--reporter-option", f"output={output}"]
    done = subprocess.run(
        [*mocha, *reporter],
        cwd=suite,
        env={**os.environ, **told, "NO_PROXY": "localhost"},
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    if not output.exists():
        return Row(title, failed=1, failures=(done.stderr[-2_000:],))
    told_of = json.loads(output.read_bytes())
    stats = told_of["stats"]
    return Row(
        title,
        passed=stats["passes"],
        failed=stats["failures"],
        pending=stats["pending"],
        failures=tuple(f"{each['fullTitle']}: {each['err'].get('message', '')[:300]}" for each in told_of["failures"]),
    )
