"""What a house says that cannot start."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.houses import LAUREL, environment, free_port
from tests.servers.softhsm import SoftToken


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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PIN": "9999"}, "refuses its PIN"),
        ({"PIN": ""}, "lacking: LAUREL_ISSUER_PKCS11_PIN"),
        ({"TOKEN": "nowhere"}, "has no token nowhere"),
        ({"MODULE": "/nowhere.so"}, "is no PKCS#11 module"),
    ],
)
def test_a_token_that_cannot_be_used_is_said_in_a_sentence(
    wrong: dict[str, str], said: str, token: SoftToken, tmp_path: Path
) -> None:
    settings = {"LAUREL_VAR": str(tmp_path), "LAUREL_PORT": str(free_port()), **token.environment}
    done = subprocess.run(
        [str(LAUREL), "up", "issuer"],
        env=environment(**settings | {f"LAUREL_ISSUER_PKCS11_{name}": value for name, value in wrong.items()}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert "9999" not in done.stderr
