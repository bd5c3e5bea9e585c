"""Every example of the README is true: its commands run as they stand, with the demonstration's house up."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.houses import LAUREL, environment, free_port
from tests.e2e.test_demonstration import STANDS, demonstration

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
EXAMPLES = re.findall(r"^\$ (.+)$", "".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL)), re.MULTILINE)
EXITS = {"tampered.json": 1, "verify var/demo/ana.json": 2}
"""What `laurel verify` is meant to answer where it is not 0: a forgery, and an issuer nobody was told to trust."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """The folder and the port of a demonstration that is up."""
    folder, port = tmp_path_factory.mktemp("readme"), free_port()
    with demonstration(folder, port) as said:
        assert STANDS in said
        yield folder, port


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_runs_as_it_stands(example: str, stage: tuple[Path, int]) -> None:
    folder, port = stage
    path = os.pathsep.join([str(LAUREL.parent), os.environ["PATH"]])
    done = subprocess.run(
        ["/bin/bash", "-c", re.sub(r"(localhost(?::|%3A))8000", rf"\g<1>{port}", example)],
        cwd=folder,
        env=environment(PATH=path, LAUREL_URL=f"http://localhost:{port}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == next((code for part, code in EXITS.items() if part in example), 0), done.stderr
    assert done.stdout


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 5


def test_every_room_on_the_map_is_there() -> None:
    rooms = re.findall(r"^\| `([a-z/-]+/)` \|", README, re.MULTILINE)
    assert len(rooms) > 8
    assert [room for room in rooms if not (ROOT / room).is_dir()] == []


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE))
    assert named
    assert named <= targets
