"""The plugin's pure classes, run by PHP without a Moodle."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Plugin = Callable[..., Any]


@pytest.fixture(scope="session")
def php() -> str:
    """The PHP interpreter; without one these tests cannot run, which CI does not accept."""
    found = shutil.which("php")
    if found is None or "mbstring" not in subprocess.check_output([found, "-m"], text=True):
        lacking = "php-cli and php-mbstring are needed for the Moodle plugin's own tests"
        if os.environ.get("CI"):
            pytest.fail(lacking)
        pytest.skip(lacking)
    return found


@pytest.fixture(scope="session")
def plugin(php: str) -> Plugin:
    """Call one function of the plugin: `plugin("headers", platform=…)`. See `plugin.php`."""

    def call(function: str, **arguments: Any) -> Any:  # noqa: ANN401 - what PHP takes and gives is JSON
        done = subprocess.run(
            [php, "-d", "zend.assertions=1", "-d", "display_errors=stderr", str(Path(__file__).parent / "plugin.php")],
            input=json.dumps({"call": function, **arguments}),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call
