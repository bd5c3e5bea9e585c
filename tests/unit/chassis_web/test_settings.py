import base64
from pathlib import Path

import pytest

from chassis.settings import Settings
from schemas.faults import Misconfigured

KEY = base64.b64encode(bytes(32)).decode()


def test_the_defaults_are_the_evaluation_house_in_one_process() -> None:
    settings = Settings()
    assert settings.kafka is None
    assert settings.mongo is None
    assert settings.url_of("issuer") == "http://localhost:8000"
    assert settings.own_origins == ("http://localhost:8000",)


def test_production_refuses_to_start_without_a_master_key() -> None:
    with pytest.raises(Misconfigured, match="LAUREL_MASTER_KEY"):
        Settings(production=True)
    assert Settings(production=True, master_key=KEY).production


@pytest.mark.parametrize("key", ["not base64 !", base64.b64encode(bytes(31)).decode()])
def test_a_master_key_of_another_shape_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        Settings(master_key=key)
    assert key not in str(raised.value)


@pytest.mark.parametrize(("name", "value"), [("clock", "clock"), ("failpoint", "issuer.after-write:3")])
def test_production_refuses_what_is_for_tests_alone(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("clock").write_text("-600")
    monkeypatch.setenv(f"LAUREL_{name.upper()}", value)
    Settings()
    with pytest.raises(Misconfigured, match=f"production does not run with LAUREL_{name.upper()}"):
        Settings(production=True, master_key=KEY)


def test_a_wrong_setting_is_said_with_its_variable_and_its_value_and_what_follows_from_it_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LAUREL_PORT", "x")
    monkeypatch.setenv("LAUREL_PARKING_LIMIT", "-1")
    with pytest.raises(Misconfigured) as raised:
        Settings()
    port, limit = str(raised.value).split("; ")
    assert port.startswith("LAUREL_PORT is 'x': ")
    assert limit.startswith("LAUREL_PARKING_LIMIT is '-1': ")


def test_a_room_in_the_same_process_is_reached_over_the_loopback_whatever_its_public_origin() -> None:
    settings = Settings(base_url="https://laurel.example", issuer_url="http://issuer:8000", host="0.0.0.0", port=8080)  # noqa: S104 nothing is bound
    assert settings.inner_url_of("bridge") == "http://127.0.0.1:8080"
    assert settings.inner_url_of("issuer") == "http://issuer:8000"


def test_behind_one_public_origin_every_room_is_reached_from_inside_by_its_name() -> None:
    settings = Settings(base_url="https://laurel.example", inner_url="http://{room}:8000/")
    assert settings.url_of("issuer") == "https://laurel.example"
    assert settings.inner_url_of("issuer") == "http://issuer:8000"
    assert settings.own_origins == ("https://laurel.example",)
    with pytest.raises(Misconfigured):
        Settings(inner_url="{room}:8000")


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_BASE_URL", "https://laurel.example/")
    monkeypatch.setenv("LAUREL_ISSUER_URL", "https://issuer.example")
    monkeypatch.setenv("LAUREL_ORIGINS", "https://a.example, https://b.example/")
    monkeypatch.setenv("LAUREL_KAFKA", "")
    settings = Settings()
    assert settings.kafka is None
    assert settings.url_of("issuer") == "https://issuer.example"
    assert settings.url_of("bridge") == "https://laurel.example"
    assert settings.own_origins == (
        "https://laurel.example",
        "https://issuer.example",
        "https://a.example",
        "https://b.example",
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KAFKA", "ana:p@ss/w,rd@kafka.example", "'…@kafka.example'"),
        ("OTLP_ENDPOINT", "ftp://ana:p@ss/w,rd@otlp.example/v1", "'ftp://…@otlp.example/v1'"),
    ],
)
def test_a_wrong_address_is_said_without_the_password_in_it(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"LAUREL_{name}", value)
    with pytest.raises(Misconfigured) as raised:
        Settings()
    assert f"LAUREL_{name} is {said}: " in str(raised.value)
    assert "ss/w" not in str(raised.value)
