"""`make demo`, as a newcomer sees it: the main job, and files that verify without a house."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from laurel.demo.scenario import ORGANISATION
from tests.e2e.houses import LAUREL, PATIENCE, environment, free_port
from tests.servers.node import digital_bazaar

STANDS = "The house is up"


@contextlib.contextmanager
def demonstration(folder: Path, port: int) -> Iterator[str]:
    """What `laurel demo` says until it stands; then Ctrl-C, after which it must end well."""
    said = folder / "said.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [str(LAUREL), "demo"],
            env=environment(LAUREL_PORT=str(port), LAUREL_BASE_URL=f"http://localhost:{port}", COLUMNS="200"),
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while STANDS not in said.read_text() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            yield said.read_text()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=PATIENCE) == 0, said.read_text()
        finally:
            process.kill()
            process.wait()


def laurel(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One `laurel` command, run in the demonstration's folder."""
    return subprocess.run(
        [str(LAUREL), *arguments], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


def test_the_demonstration_shows_the_main_job_and_leaves_files_that_verify_offline(tmp_path: Path, node: str) -> None:
    port = free_port()
    with demonstration(tmp_path, port) as said:
        assert STANDS in said
    assert "4 accepted = 3 issued + 1 refused, 1 duplicate recognised, 1 turned away" in said
    assert "(expected" not in said

    did = f"did:web:localhost%3A{port}:organisations:{ORGANISATION['id']}"
    verdicts = {
        name: laurel(tmp_path, "verify", "--offline", "--trust", did, "--json", f"var/demo/{name}.json")
        for name in ("ana", "benedikt", "chiara", "tampered", "unreachable")
    }
    assert {name: done.returncode for name, done in verdicts.items()} == {
        "ana": 0,
        "benedikt": 1,
        "chiara": 0,
        "tampered": 1,
        "unreachable": 3,
    }
    assert json.loads(verdicts["ana"].stdout)["decision"] == "accept"
    assert laurel(tmp_path, "verify", "--offline", "var/demo/ana.json").returncode == 2

    files = {name: json.loads((tmp_path / f"var/demo/{name}.json").read_bytes()) for name in (*verdicts, "did")}
    issued = [files[name] for name in ("ana", "benedikt", "chiara", "tampered")]
    elsewhere = digital_bazaar(node, issued, {did: files["did"]}, at=datetime.now(UTC))
    assert [verdict["verified"] for verdict in elsewhere] == [True, True, True, False]

    with demonstration(tmp_path, port) as said:
        assert STANDS in said
    assert "An episode of the first run, delivered again: recognised = True" in said
    assert said.count("from an earlier run") == len(("data-ethics", "battery-recycling", "infection-prevention"))
    assert "4 accepted = 3 issued + 1 refused, 2 duplicates recognised, 1 turned away" in said
    assert json.loads((tmp_path / "var/demo/ana.json").read_bytes())["id"] != files["ana"]["id"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [("no JSON", "this is not JSON"), ("[]", "it is JSON, but no object")],
)
def test_a_file_that_is_no_credential_is_rejected_in_words(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "file.json").write_text(content)
    done = laurel(tmp_path, "verify", "--offline", "file.json")
    assert done.returncode == 1
    assert complaint in done.stdout


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    done = laurel(tmp_path, "verify", "nowhere.json")
    assert done.returncode == 4
    assert "nowhere.json cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_house_a_command_says_where_it_looked(tmp_path: Path) -> None:
    done = laurel(tmp_path, "account")
    assert done.returncode == 1
    assert "no house answers at http://localhost:" in done.stderr
