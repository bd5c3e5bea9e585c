"""A server that speaks MongoDB's protocol, found in this order: `LAUREL_TEST_MONGO`; a MongoDB image that a Docker
engine already has; FerretDB on SQLite, built by Go (`ferretdb/`). Else what needs it is skipped.

What FerretDB cannot show: it is one node, so majority writes, elections and retried writes are accepted words; its
updates read, compare and write in separate steps, so guarded writes are raced over one connection only (MongoDB's
single-document writes are atomic); a unique key that an update would take is an internal error there, not code 11000;
and it searches without indexes, though it makes them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import pytest
from pymongo import MongoClient

from tests.servers import report

NAME = "MongoDB"
SOURCE = Path(__file__).parent / "ferretdb"
CACHE = Path(__file__).parents[2] / ".cache" / "ferretdb"
BUILD_SECONDS = 540


@pytest.fixture(scope="session")
def mongo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it answers. Tests use a database of their own in it, and drop it."""
    with mongo_server(tmp_path_factory.mktemp("ferretdb")) as url:
        yield url


@contextmanager
def mongo_server(folder: Path) -> Iterator[str]:
    """The server that was found, or one that keeps its data in this folder."""
    if url := os.environ.get("LAUREL_TEST_MONGO"):
        report.found(NAME, "the server named by LAUREL_TEST_MONGO")
        yield url
    elif image := _docker_image():
        with _container(image) as url:
            report.found(NAME, f"{image} in a container")
            yield url
    else:
        with _ferretdb(folder) as url:
            report.found(NAME, f"FerretDB {_version()} on SQLite, started by the tests")
            yield url


@pytest.fixture
def empty_mongo(mongo_url: str) -> Iterator[str]:
    """A server without an installation of Laurel: that of somebody else is not ours to drop."""
    with MongoClient[dict[str, object]](mongo_url) as client:
        names = {"vault", "access", "bridge", "issuer", "verifier", "catalogue", "monitor"}
        ours = {f"laurel_{name}" for name in names}
        taken = ours & set(client.list_database_names())
        assert not taken, f"there is an installation of Laurel on this server: {', '.join(sorted(taken))}"
        yield mongo_url
        for name in ours:
            client.drop_database(name)


def _docker_image() -> str | None:
    """A MongoDB image that is there already: nothing is pulled."""
    import docker  # noqa: PLC0415 only where Docker may be used

    with suppress(docker.errors.DockerException):  # no engine, no image
        images = docker.from_env(timeout=5).images.list(name="mongo")
        return next((tag for image in images for tag in image.tags), None)
    return None


@contextmanager
def _container(image: str) -> Iterator[str]:
    from testcontainers.mongodb import MongoDbContainer  # noqa: PLC0415 only where Docker is used

    with MongoDbContainer(image) as container:
        yield container.get_connection_url()


@contextmanager
def _ferretdb(folder: Path) -> Iterator[str]:
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [_built(), folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            report.missing(NAME, f"FerretDB did not start: {(folder / 'log').read_text()[-500:]}")
        yield f"{url}?maxPoolSize=1"
    finally:
        process.kill()
        process.communicate()


def _built() -> Path:
    """The server's program, built once for this source."""
    sources = sorted(path for path in SOURCE.iterdir() if path.name in {"main.go", "go.mod", "go.sum"})
    program = CACHE / sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    if not program.exists():
        go = shutil.which("go")
        if go is None:
            report.missing(NAME, "neither LAUREL_TEST_MONGO, nor a Docker engine with a mongo image, nor Go")
        CACHE.mkdir(parents=True, exist_ok=True)
        draft = program.with_suffix(f".{os.getpid()}")
        built = subprocess.run(
            [go, "build", "-trimpath", "-o", draft, "."],
            cwd=SOURCE,
            env={**os.environ, "GOFLAGS": "-mod=readonly -buildvcs=false"},
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
        if built.returncode:
            report.missing(NAME, f"FerretDB could not be built: {built.stderr[-500:]}")
        draft.rename(program)
    return program


def _version() -> str:
    line = next(line for line in (SOURCE / "go.mod").read_text().splitlines() if "FerretDB/FerretDB " in line)
    return line.split()[-1].removeprefix("v")
