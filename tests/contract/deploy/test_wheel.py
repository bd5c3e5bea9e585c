"""What is installed is the whole product: nothing it reads at run time stays behind in the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[3]
PACKAGES = {
    "schemas": "schemas",
    **{name: f"services/{name}" for name in ("chassis", "credentials", "issuer", "verifier", "catalogue", "monitor")},
    "laurel": "services/laurel",
    "moodle_bridge": "plugins/moodle-bridge/moodle_bridge",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel brings."""
    folder = tmp_path_factory.mktemp("installed")
    builder = WheelBuilder(str(ROOT))
    (wheel,) = builder.build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_every_package_is_there_under_its_own_name_with_everything_it_reads(installed: Path) -> None:
    expected = {
        Path(name) / path.relative_to(ROOT / folder)
        for name, folder in PACKAGES.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    found = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}
    beside = {path for path in found if path.parts[0].endswith(".dist-info")}
    assert found - beside == expected | {Path("chassis/topics.yaml")}
    for kind in ("html", "css", "svg", "json", "jsonld", "yaml"):
        assert any(path.suffix == f".{kind}" for path in found), kind


def test_the_topics_are_those_of_the_checkout(installed: Path) -> None:
    assert (installed / "chassis/topics.yaml").read_bytes() == (ROOT / "deploy/topics.yaml").read_bytes()


def test_it_starts_in_an_empty_directory_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    """Assembled in full, with every app and every page; that it then serves is for the end-to-end tests."""
    program = f"""
import asyncio, sys
sys.path[:0] = [{str(installed)!r}, {sysconfig.get_paths()["purelib"]!r}]
from chassis.settings import Settings
from laurel.house import build
from starlette.testclient import TestClient
chassis, app = asyncio.run(build(Settings()))
with TestClient(app) as client:
    for path in ("/readyz", "/", "/verify", "/catalogue", "/schemas/laurel.credential.issued.v1.json"):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text)
ours = [(name, module.__file__) for name, module in sys.modules.items() if name.partition(".")[0] in {set(PACKAGES)!r}]
assert all(file.startswith({str(installed)!r}) for _, file in ours), ours
"""
    done = subprocess.run(
        # -S: the development environment's path file would bring the checkout in by the back door
        [sys.executable, "-S", "-I", "-c", program],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("LAUREL_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
