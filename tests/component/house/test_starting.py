"""What a house says that cannot start."""

import subprocess
from pathlib import Path

import pytest

from laurel.demo.scenario import ORGANISATION
from laurel.occupancy import Occupied, occupy
from tests.component.house.house import running
from tests.e2e.houses import LAUREL, environment, free_port
from tests.servers.softhsm import SoftToken


def _up(var: Path, *services: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LAUREL), "up", *services],
        env=environment(LAUREL_VAR=str(var), LAUREL_PORT=str(free_port()), **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("missing", "named"), [({"LAUREL_KAFKA": "127.0.0.1:1"}, "Kafka"), ({"LAUREL_HOST": "host.invalid"}, "not known")]
)
def test_a_house_that_cannot_start_says_why_and_ends(missing: dict[str, str], named: str, tmp_path: Path) -> None:
    done = _up(tmp_path, "monitor", **missing)
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
    settings = {f"LAUREL_ISSUER_PKCS11_{name}": value for name, value in wrong.items()}
    done = _up(tmp_path, "issuer", **token.environment | settings)
    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert "9999" not in done.stderr


def test_two_houses_do_not_live_in_one_folder(tmp_path: Path) -> None:
    with occupy(tmp_path, "http://localhost:8000", alone=True):
        done = _up(tmp_path)
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert f"Occupied: a house lives in {tmp_path} already, at http://localhost:8000 (process " in said
    assert "LAUREL_VAR" in said
    assert "Traceback" not in said


def test_processes_that_share_a_kafka_share_a_folder_and_a_house_of_its_own_does_not_join_them(tmp_path: Path) -> None:
    shared = [occupy(tmp_path, f"http://localhost:{port}", alone=False) for port in (8001, 8002)]
    with pytest.raises(Occupied):
        occupy(tmp_path, "http://localhost:8000", alone=True)
    for place in shared:
        place.close()
    occupy(tmp_path, "http://localhost:8000", alone=True).close()


async def test_a_house_does_not_move_away_from_its_dids(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.ask("POST", "/api/v1/organisations", ORGANISATION)
        port = house.chassis.settings.port
    done = _up(tmp_path, "issuer")
    assert done.returncode == 3
    assert f"HouseMoved: this house began as localhost:{port}, which stands in the DID of" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PROOFS": "jades", "FORMAT": "european-digital-credential"}, "name its PKCS#12 file"),
        ({"PROOFS": "sd-jwt"}, "does not secure Open Badges"),
    ],
)
def test_settings_that_do_not_go_together_are_said_in_a_sentence(
    wrong: dict[str, str], said: str, tmp_path: Path
) -> None:
    settings = {"LAUREL_VAR": str(tmp_path), "LAUREL_PORT": str(free_port())}
    done = subprocess.run(
        [str(LAUREL), "up", "issuer"],
        env=environment(**settings | {f"LAUREL_ISSUER_{name}": value for name, value in wrong.items()}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
