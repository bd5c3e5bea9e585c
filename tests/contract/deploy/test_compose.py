"""`deploy/` and the code say the same: services, settings, addresses, routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from catalogue.settings import CatalogueSettings
from chassis.host import host
from chassis.service import Chassis
from chassis.settings import ROOM, Settings
from chassis.topics import load_topics
from issuer.settings import IssuerSettings
from laurel.house import APPS
from monitor.settings import MonitorSettings
from moodle_bridge.settings import BridgeSettings
from verifier.settings import VerifierSettings

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
SETTINGS = (Settings, BridgeSettings, IssuerSettings, VerifierSettings, CatalogueSettings, MonitorSettings)
FROM_OUTSIDE = {"LAUREL_MASTER_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "LAUREL_ADMIN_TOKEN": "secret"}
"""What whoever starts it has to bring."""
INSIDE = "404"
"""What the front answers about a path that is only for the inside."""

Compose = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> Compose:
    loaded: Compose = yaml.safe_load(_with_variables((DEPLOY / "compose.yaml").read_text()))
    return loaded


def _with_variables(text: str) -> str:
    """Compose's interpolation: `${NAME:-default}` and `${NAME:?why it is needed}`."""
    return re.sub(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]+)?\}", lambda found: FROM_OUTSIDE.get(found[1], found[2] or ""), text)


def _of_laurel(compose: Compose) -> dict[str, Compose]:
    return {name: service for name, service in compose["services"].items() if service["image"] == "laurel"}


def test_every_service_of_the_house_is_a_process_of_its_own(compose: Compose) -> None:
    assert {name: service["command"] for name, service in _of_laurel(compose).items()} == {
        name: ["up", name] for name in APPS
    }


def test_every_variable_is_a_setting_and_together_they_are_a_production_house(
    compose: Compose, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {f"{each.model_config['env_prefix']}{field}".upper() for each in SETTINGS for field in each.model_fields}
    for name, service in _of_laurel(compose).items():
        assert service["environment"].keys() <= known
        for variable, value in service["environment"].items():
            monkeypatch.setenv(variable, value or "")
        settings = Settings()
        assert settings.production
        assert settings.admin_token is not None
        assert settings.otlp_endpoint is None
        assert settings.kafka is not None
        assert settings.kafka.partition(":")[0] in compose["services"]
        assert f"mongodb://mongo:27017/?replicaSet={compose['services']['mongo']['command'][2]}" == settings.mongo
        for room in APPS:
            assert settings.url_of(room) == "https://localhost", name  # type: ignore[arg-type] # their names are rooms
            assert settings.inner_url_of(room) == f"http://{room}:{settings.port}"  # type: ignore[arg-type]
    assert ROOM in service["environment"]["LAUREL_INNER_URL"]


def test_the_image_listens_where_the_others_look_for_it() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    port = Settings().port
    assert f"EXPOSE {port}\n" in dockerfile
    assert f"http://localhost:{port}/healthz" in dockerfile
    assert "LAUREL_HOST=0.0.0.0" in dockerfile


def test_everything_the_image_is_made_from_is_let_into_the_build() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    assert "*" in ignored
    copied = [
        source
        for line in (DEPLOY / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert sorted(copied) == sorted(let_in)
    assert all((ROOT / source).exists() for source in copied)


def test_kafka_is_the_one_the_tests_run_on_and_keeps_its_data_in_its_volume(compose: Compose) -> None:
    pom = (ROOT / "tests" / "servers" / "apache-kafka" / "pom.xml").read_text()
    tested = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([^<]+)", pom)
    assert tested is not None
    kafka = compose["services"]["kafka"]
    assert kafka["image"] == f"apache/kafka:{tested[1]}"
    assert kafka["volumes"] == [f"kafka:{kafka['environment']['KAFKA_LOG_DIRS']}"]


def test_topics_that_are_said_once_are_kept_for_ever_and_three_brokers_hold_each() -> None:
    topics = load_topics()
    assert topics.replication == 3
    kept = {name for name, topic in topics.topics.items() if topic.compacted}
    assert kept == {"laurel.offering.published", "laurel.organisation.registered", "laurel.credential.status-changed"}


# --- the front ------------------------------------------------------------------------------------------------------


def _front() -> list[tuple[list[str], str]]:
    """The Caddyfile's rules in order: patterns, and the service (or the status) that answers."""
    text = re.sub(r"#.*", "", (DEPLOY / "Caddyfile").read_text())
    route = re.search(r"route \{(.*)\}\s*\}\s*$", text, re.DOTALL)
    assert route is not None, "without `route` Caddy sorts the rules itself"
    patterns: dict[str, list[str]] = {}
    rules = []
    for line in filter(None, map(str.strip, route[1].splitlines())):
        match line.split():
            case [matcher, "path", *paths] if matcher.startswith("@"):
                patterns[matcher] = paths
            case ["respond", matcher, status]:
                rules.append((patterns[matcher], status))
            case ["reverse_proxy", matcher, upstream]:
                rules.append((patterns[matcher], _service(upstream)))
            case ["reverse_proxy", upstream]:
                rules.append((["*"], _service(upstream)))
            case _:
                raise AssertionError(f"the test does not know what this does: {line}")
    return rules


def _service(upstream: str) -> str:
    name, _, port = upstream.partition(":")
    assert int(port) == Settings().port
    return name


def _answers(path: str) -> str:
    return next(service for patterns, service in _front() if any(fnmatchcase(path, pattern) for pattern in patterns))


def _paths(routes: list[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, APIRoute | Route):
            yield re.sub(r"\{[^}]+\}", "x", route.path)
        elif isinstance(route, Mount):
            yield f"{route.path}/x"
        else:  # a router that FastAPI included as it is
            original = getattr(route, "original_router", None)
            assert isinstance(original, APIRouter), route
            yield from _paths(original.routes)


def _for_the_inside(path: str) -> bool:
    return path.startswith("/api/v1/account/") or path in {"/metrics", "/readyz"}


async def test_the_front_sends_every_public_path_to_the_service_that_answers_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chassis = await Chassis.assemble(Settings(var=tmp_path))
    try:
        everywhere = set(_paths(host(chassis).routes))
        assert {"/", "/healthz", "/assets/x", "/schemas/x.json", "/api/v1/tokens"} <= everywhere
        for path in everywhere:
            assert _answers(path) == (INSIDE if _for_the_inside(path) else "issuer"), path
        seen = set()
        for name, create_app in APPS.items():
            service = await create_app(chassis)
            own = {path for router in (*service.busiest, *service.routers) for path in _paths(router.routes)}
            assert own
            for path in own:
                assert _answers(path) == (INSIDE if _for_the_inside(path) else name), path
            assert own.isdisjoint(seen | everywhere)
            seen |= own
        assert {path for path in seen if _for_the_inside(path)}
    finally:
        await chassis.close()


def test_every_process_behind_the_front_is_in_the_compose_file(compose: Compose) -> None:
    assert {service for _, service in _front()} - {INSIDE} == set(_of_laurel(compose))
