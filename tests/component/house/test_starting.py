"""What a house says that cannot start."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.houses import LAUREL, environment, free_port


@pytest.mark.parametrize(
    ("missing", "named"), [({"LAUREL_KAFKA": "127.0.0.1:1"}, "Kafka"), ({"LAUREL_HOST": "host.invalid"}, "not known")]
)
def test_a_house_that_cannot_start_says_why_and_ends(missing: dict[str, str], named: str, tmp_path: Path) -> None:
    settings = {"LAUREL_VAR": str(tmp_path), "LAUREL_PORT": str(free_port())}
    done = subprocess.run(
        [str(LAUREL), "up", "monitor"],
        env=environment(**settings, **missing),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert named in done.stderr
    assert "never retrieved" not in done.stderr
    assert done.stdout == ""
