"""What every suite shares: servers that are found or started (`tests/servers`), and the public reference data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.servers.report",
    "tests.servers.kafka",
    "tests.servers.mongo",
    "tests.servers.node",
    "tests.servers.softhsm",
]

# How long an example takes is the machine's affair: figures of time go to the benchmarks.
settings.register_profile("untimed", parent=settings.default, deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of public vectors, schemas and samples that are not part of this repository.

    Where it is missing a test that needs it is skipped and says so; in CI (CI=true) that is a failure.
    """
    folder = Path(os.environ.get("LAUREL_REFERENCE_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        reason = f"the reference data is not at {folder} (set LAUREL_REFERENCE_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
