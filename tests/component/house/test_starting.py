"""What a house says that cannot start."""

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from chassis.knobs import Knobs
from credentials.formats import FORMATS
from credentials.proofs import PROOFS
from laurel.demo.scenario import ORGANISATION
from laurel.occupancy import Occupied, occupy
from schemas.faults import Misconfigured
from tests.component.house.house import running
from tests.contract.deploy.test_compose import SETTINGS
from tests.e2e.houses import LAUREL, environment, free_port
from tests.servers.softhsm import SoftToken


def _up(var: Path, *services: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LAUREL), "up", *services],
        env=environment(**{"LAUREL_VAR": str(var), "LAUREL_PORT": str(free_port()), "COLUMNS": "1000"} | settings),
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


NONSENSE: tuple[tuple[dict[str, str], str], ...] = (
    ({"LAUREL_ISSUER_PROOFS": "jades", "LAUREL_ISSUER_FORMAT": "european-digital-credential"}, "name its PKCS#12 file"),
    ({"LAUREL_ISSUER_PROOFS": "sd-jwt"}, "does not secure Open Badges"),
    (
        {"LAUREL_ISSUER_PROOFS": "eddsa-jcs-2022,nonsense"},
        f"LAUREL_ISSUER_PROOFS is 'nonsense': there are {', '.join(PROOFS)}",
    ),
    ({"LAUREL_ISSUER_FORMAT": "nonsense"}, f"LAUREL_ISSUER_FORMAT is 'nonsense': there are {', '.join(FORMATS)}"),
    ({"LAUREL_ISSUER_CORRECTIONS": "nonsense"}, "LAUREL_ISSUER_CORRECTIONS is 'nonsense': it is not JSON"),
    ({"LAUREL_ISSUER_PATIENCE": "nonsense"}, "LAUREL_ISSUER_PATIENCE is 'nonsense': "),
    ({"LAUREL_ISSUER_LEASE": "0"}, "LAUREL_ISSUER_LEASE is '0': "),
    ({"LAUREL_PORT": "x"}, "LAUREL_PORT is 'x': "),
    ({"LAUREL_PARKING_LIMIT": "-1"}, "LAUREL_PARKING_LIMIT is '-1': "),
    ({"LAUREL_MASTER_KEY": "c2hvcnQ="}, "LAUREL_MASTER_KEY: the master key must be 32 bytes"),
    (
        {"LAUREL_TLS_CERTIFICATE": "nowhere.pem"},
        "LAUREL_TLS_CERTIFICATE is 'nowhere.pem', which cannot be used: ",
    ),
    ({"LAUREL_TLS_CERTIFICATE": __file__}, f"LAUREL_TLS_CERTIFICATE is '{__file__}', which cannot be used: "),
    ({"LAUREL_TLS_CERTIFICATE": __file__, "LAUREL_TLS_KEY": "no.pem"}, "LAUREL_TLS_KEY is 'no.pem', which cannot be"),
    ({"LAUREL_TLS_KEY": "no.pem"}, "LAUREL_TLS_KEY needs LAUREL_TLS_CERTIFICATE"),
    ({"LAUREL_KAFKA": "localhost:x"}, "LAUREL_KAFKA is 'localhost:x': it must be host:port"),
    ({"LAUREL_MONGO": "mongodb://localhost:99999"}, "LAUREL_MONGO is no address of a MongoDB: Port must be"),
    (
        {"LAUREL_VERIFIER_ANCHORS": "nowhere.pem"},
        "LAUREL_VERIFIER_ANCHORS is 'nowhere.pem', which cannot be used: ",
    ),
    ({"LAUREL_VAR": __file__}, f"LAUREL_VAR is '{__file__}', which cannot be used: "),
    ({"LAUREL_TOPICS": "nowhere.yaml"}, "the topics cannot be read from nowhere.yaml"),
    ({"LAUREL_CLOCK": "nowhere"}, "LAUREL_CLOCK is 'nowhere': the file cannot be read"),
    ({"LAUREL_CLOCK": __file__}, f"LAUREL_CLOCK is '{__file__}': the file does not say a number of seconds"),
    ({"LAUREL_FAILPOINT": "issuer.after-write:x"}, "LAUREL_FAILPOINT is 'issuer.after-write:x': "),
)


@pytest.mark.parametrize(("wrong", "said"), NONSENSE, ids=lambda case: "+".join(case) if isinstance(case, dict) else "")
def test_settings_that_make_no_sense_are_said_in_a_sentence(wrong: dict[str, str], said: str, tmp_path: Path) -> None:
    done = _up(tmp_path, "issuer", "verifier", **wrong)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert "c2hvcnQ=" not in done.stderr


@pytest.mark.parametrize("knobs", SETTINGS, ids=lambda knobs: knobs.__name__)
def test_no_setting_whatsoever_answers_nonsense_with_another_exception(
    knobs: type[Knobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    for field in knobs.model_fields:
        variable = f"{knobs.model_config['env_prefix']}{field}".upper()
        for nonsense in ("nonsense", "-1", "/nowhere", '{"a": 1}', "\udcff", ","):
            monkeypatch.setenv(variable, nonsense)
            with suppress(Misconfigured):
                knobs()
        monkeypatch.delenv(variable)


def test_a_command_that_asks_a_house_says_in_a_sentence_that_its_settings_make_no_sense() -> None:
    done = subprocess.run(
        [str(LAUREL), "trust", "list"],
        env=environment(LAUREL_PORT="x"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Misconfigured: LAUREL_PORT is 'x': ")
