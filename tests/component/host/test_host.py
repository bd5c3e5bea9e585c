"""The process around the services: what every answer has, how it starts and stops."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, cast

import httpx2
import pytest
from fastapi import APIRouter, Body, Depends
from fastapi.responses import PlainTextResponse
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.access import Scope
from chassis.broker import Listener
from chassis.host import host, server
from chassis.service import Chassis, Service
from chassis.settings import Settings
from chassis.web import CONTENT_SECURITY_POLICY
from schemas.faults import Conflict, Malformed, NotFound, Refused, Unavailable
from schemas.values import Frozen


class OfferingClosed(Refused):
    """A fault of an app's own."""


class Learner(Frozen):
    email: str
    age: int


@pytest.fixture
async def chassis(tmp_path: Path) -> Chassis:
    return await Chassis.assemble(Settings(var=tmp_path / "var", max_body=2048, stop_seconds=2))


@asynccontextmanager
async def running(chassis: Chassis, *services: Service) -> AsyncIterator[httpx2.AsyncClient]:
    app = host(chassis, *services)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client,
    ):
        yield client


FAULTS = {
    "not-found": NotFound("there is no such thing"),
    "conflict": Conflict("it is retired"),
    "refused": OfferingClosed("it closed on 2026-01-01"),
    "malformed": Malformed("not a date"),
    "unavailable": Unavailable("the database does not answer"),
}


def faulty() -> Service:
    router = APIRouter()

    @router.get("/fail/{kind}")
    async def fail(kind: str) -> None:
        raise FAULTS[kind]

    @router.get("/claims/{token}")
    async def claim(token: str) -> PlainTextResponse:
        return PlainTextResponse(str(len(token)))

    @router.post("/learners")
    async def learners(learner: Learner, dry: bool = False) -> None:  # noqa: FBT001, FBT002 a query parameter
        raise AssertionError(f"{learner} {dry}")

    @router.post("/big", max_body_size=8192)
    async def big(body: Annotated[bytes, Body(media_type="application/octet-stream")]) -> int:
        return len(body)

    return Service("faulty", routers=(router,))


@pytest.mark.parametrize(
    ("kind", "status", "type_", "title"),
    [
        ("not-found", 404, "not-found", "Not found"),
        ("conflict", 409, "conflict", "Conflict"),
        ("refused", 422, "offering-closed", "Offering closed"),
        ("malformed", 400, "malformed", "Malformed"),
        ("unavailable", 503, "unavailable", "Unavailable"),
    ],
)
async def test_a_fault_is_answered_as_problem_details(
    chassis: Chassis, kind: str, status: int, type_: str, title: str
) -> None:
    async with running(chassis, faulty()) as client:
        answer = await client.get(f"/fail/{kind}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": f"urn:laurel:problem:{type_}",
        "title": title,
        "status": status,
        "detail": str(FAULTS[kind]),
        "instance": f"/fail/{kind}",
    }
    assert ("retry-after" in answer.headers) is (status == 503)


async def test_a_person_gets_the_same_problem_as_a_page(chassis: Chassis) -> None:
    async with running(chassis, faulty()) as client:
        answer = await client.get("/fail/refused", headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "Offering closed" in answer.text
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


async def test_a_malformed_request_names_the_fields_and_repeats_no_value(chassis: Chassis) -> None:
    async with running(chassis, faulty()) as client:
        answer = await client.post("/learners?dry=perhaps", json={"email": "ana@example.org", "age": "Ana Andromeda"})
    problem = answer.json()
    assert answer.status_code == 400
    assert problem["type"] == "urn:laurel:problem:malformed"
    assert {error["field"] for error in problem["errors"]} == {"dry", "age"}
    assert "age: " in problem["detail"]
    assert "Andromeda" not in answer.text


async def test_broken_json_is_malformed(chassis: Chassis) -> None:
    async with running(chassis, faulty()) as client:
        answer = await client.post("/learners", content=b'{"email":', headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:laurel:problem:malformed"


async def test_an_accident_tells_nothing_of_our_insides_and_where_to_look(chassis: Chassis) -> None:
    async with running(chassis, faulty()) as client:
        answer = await client.post("/learners", json={"email": "ana@example.org", "age": 5})
    problem = answer.json()
    assert answer.status_code == 500
    assert problem["type"] == "about:blank"
    assert len(problem["trace"]) == 32
    for inside in ("ana@example.org", "AssertionError", "Traceback"):
        assert inside not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_unknown_paths_and_methods_are_problems_too(chassis: Chassis) -> None:
    async with running(chassis) as client:
        nowhere, wrong = await client.get("/nowhere"), await client.delete("/healthz")
    assert (nowhere.status_code, nowhere.json()["status"]) == (404, 404)
    assert (wrong.status_code, set(wrong.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert wrong.headers["content-type"] == "application/problem+json"


async def _pieces(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 1024):
        yield b"x" * 1024


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_beyond_the_limit_is_413_whether_its_length_is_declared_or_not(
    chassis: Chassis, *, declared: bool
) -> None:
    body = b"x" * 10240 if declared else _pieces(10240)
    async with running(chassis, faulty()) as client:
        answer = await client.post("/learners", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Content Too Large"
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


async def test_a_route_may_take_more_than_the_others(chassis: Chassis) -> None:
    async with running(chassis, faulty()) as client:
        binary = {"content-type": "application/octet-stream"}
        assert (await client.post("/big", content=b"x" * 4096, headers=binary)).json() == 4096
        assert (await client.post("/big", content=b"x" * 9000, headers=binary)).status_code == 413


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/assets/laurel.css", "/openapi.json"])
async def test_every_answer_carries_the_security_headers(chassis: Chassis, path: str) -> None:
    async with running(chassis) as client:
        headers = (await client.get(path)).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


async def test_https_is_made_to_stay_https(tmp_path: Path) -> None:
    chassis = await Chassis.assemble(Settings(var=tmp_path, base_url="https://laurel.example"))
    async with running(chassis) as client:
        assert "max-age=63072000" in (await client.get("/")).headers["strict-transport-security"]


async def test_assets_are_kept_for_ever_under_the_address_that_names_their_content(chassis: Chassis) -> None:
    async with running(chassis) as client:
        page = (await client.get("/")).text
        url = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        named, bare = await client.get(url), await client.get(url.partition("?")[0])
        again = await client.get(url, headers={"if-none-match": named.headers["etag"]})
        assert "immutable" in named.headers["cache-control"]
        assert bare.headers["cache-control"] == "no-cache"
        assert again.status_code == 304
        assert (await client.get("/assets/../settings.py")).status_code == 404
        assert (await client.get("/assets/manifest.json")).status_code == 404


async def test_the_schema_of_every_event_is_public(chassis: Chassis) -> None:
    async with running(chassis) as client:
        found = await client.get("/schemas/laurel.credential.issued.v1.json")
        unknown = await client.get("/schemas/laurel.nothing.v1.json")
    assert found.headers["content-type"] == "application/schema+json"
    assert found.json()["$id"] == "urn:laurel:schema:laurel.credential.issued.v1"
    assert unknown.status_code == 404
    assert "laurel.credential.issued.v1" in unknown.json()["detail"]


async def test_ready_says_which_check_is_red_and_why_while_alive_goes_on_saying_alive(chassis: Chassis) -> None:
    async def full() -> None:
        raise Unavailable("1000 messages are parked: look at them before more are")

    async with running(chassis, Service("issuer", checks={"parking": full})) as client:
        ready, alive = await client.get("/readyz"), await client.get("/healthz")
    assert ready.status_code == 503
    assert ready.json()["status"] == "not-ready"
    assert ready.json()["checks"]["issuer.parking"] == (
        "Unavailable: 1000 messages are parked: look at them before more are"
    )
    assert ready.json()["checks"]["vault"] == "ok"
    assert alive.json() == {"status": "alive"}


async def test_metrics_are_prometheus_text_with_requests_by_route(chassis: Chassis) -> None:
    async with running(chassis, faulty()) as client:
        await client.get("/fail/refused")
        text = (await client.get("/metrics")).text
    assert 'http_route="/fail/{kind}"' in text
    assert "process_cpu_seconds_total" in text


async def test_a_span_names_the_route_and_hides_the_claim_link(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    chassis = await Chassis.assemble(Settings(var=tmp_path))
    chassis.telemetry.tracer_provider.add_span_processor(SimpleSpanProcessor(exporter))
    async with running(chassis, faulty()) as client:
        trace = "0af7651916cd43dd8448eb211c80319c"
        await client.get("/claims/s3cr3t?x=y3s", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
        (span,) = exporter.get_finished_spans()
    assert span.name == "GET /claims/{token}"
    assert f"{span.context.trace_id:x}" == "af7651916cd43dd8448eb211c80319c"
    assert "s3cr3t" not in span.to_json()
    assert "y3s" not in span.to_json()


class Recorder:
    """Notes what happens in which order."""

    def __init__(self) -> None:
        self.happened: list[str] = []

    def step(self, name: str):  # noqa: ANN201 a coroutine function
        async def step() -> None:
            self.happened.append(name)

        return step

    def listener(self, name: str) -> Listener:
        return cast("Listener", Part(self, name))


class Part:
    """A listener, as far as a host cares."""

    parking = None

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.start, self.stop = recorder.step(f"start {name}"), recorder.step(f"stop {name}")

    async def check(self) -> None:
        return


async def test_what_was_started_last_is_stopped_first(chassis: Chassis) -> None:
    recorder = Recorder()
    looping = asyncio.Event()

    async def loop() -> None:
        recorder.happened.append("loop begins")
        looping.set()
        try:
            await asyncio.Event().wait()
        finally:
            recorder.happened.append("loop ends")

    service = Service(
        "issuer",
        listeners=(recorder.listener("listener"),),
        loops=(loop,),
        on_start=(recorder.step("open store"),),
        on_stop=(recorder.step("close store"),),
    )
    async with running(chassis, service):
        await looping.wait()
    assert recorder.happened == [
        "open store", "start listener", "loop begins", "loop ends", "stop listener", "close store",
    ]  # fmt: skip


async def test_a_part_that_does_not_stop_does_not_keep_the_others_from_stopping(tmp_path: Path) -> None:
    chassis = await Chassis.assemble(Settings(var=tmp_path, stop_seconds=0.05))
    recorder = Recorder()
    stubborn = recorder.listener("stubborn")
    stubborn.stop = asyncio.Event().wait
    async with running(chassis, Service("issuer", listeners=(stubborn,), on_stop=(recorder.step("close store"),))):
        pass
    assert recorder.happened == ["start stubborn", "close store"]


async def test_a_start_that_fails_undoes_what_had_started(chassis: Chassis) -> None:
    recorder = Recorder()

    async def fails() -> None:
        raise Unavailable("no broker")

    broken = recorder.listener("broken")
    broken.start = fails
    service = Service("issuer", listeners=(recorder.listener("first"), broken), on_stop=(recorder.step("close store"),))
    with pytest.raises(Unavailable):
        async with running(chassis, service):
            pass
    assert recorder.happened == ["start first", "stop first", "stop broken", "close store"]


async def test_a_loop_that_fails_turns_readiness_red_and_is_begun_again(
    chassis: Chassis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.running.FIRST_PAUSE_SECONDS", 0.0)
    begun = 0
    second = asyncio.Event()

    async def relay() -> None:
        nonlocal begun
        begun += 1
        if begun == 1:
            raise Unavailable("the broker does not answer")
        second.set()
        await asyncio.Event().wait()

    async with running(chassis, Service("issuer", loops=(relay,))) as client:
        await second.wait()
        assert (await client.get("/readyz")).status_code == 200


async def test_a_token_issued_by_the_bootstrap_token_opens_what_its_scope_may(tmp_path: Path) -> None:
    chassis = await Chassis.assemble(Settings(var=tmp_path, admin_token="let-me-in"))
    router = APIRouter()

    @router.get("/secret", dependencies=[Depends(chassis.access.require(Scope.OPERATOR))])
    async def secret() -> str:
        return "42"

    async with running(chassis, Service("any", routers=(router,))) as client:
        nobody = await client.get("/secret")
        assert nobody.status_code == 401
        assert nobody.headers["www-authenticate"].startswith("Bearer")
        issued = await client.post(
            "/api/v1/tokens",
            json={"scope": "operator", "label": "night shift"},
            headers={"authorization": "Bearer let-me-in"},
        )
        bearer = {"authorization": f"Bearer {issued.json()['token']}"}
        assert (await client.get("/secret", headers=bearer)).json() == "42"
        assert (await client.get("/api/v1/tokens", headers=bearer)).status_code == 403


async def test_services_of_one_installation_know_each_other_and_may_do_what_operators_may(
    chassis: Chassis, tmp_path: Path
) -> None:
    stranger = await Chassis.assemble(Settings(var=tmp_path / "another installation"))
    again = await Chassis.assemble(chassis.settings)

    async def ask(client: httpx2.AsyncClient, whose: Chassis, path: str) -> int:
        bearer = {"authorization": f"Bearer {whose.service_token.get_secret_value()}"}
        return (await client.get(path, headers=bearer)).status_code

    async with running(chassis) as client:
        assert await ask(client, again, "/api/v1/account/parked") == 200
        assert await ask(client, stranger, "/api/v1/account/parked") == 401
        assert await ask(client, again, "/api/v1/tokens") == 403


async def test_browsers_that_ask_for_an_icon_by_habit_are_shown_ours(chassis: Chassis) -> None:
    async with running(chassis) as client:
        answer = await client.get("/favicon.ico", follow_redirects=True)
    assert answer.headers["content-type"] == "image/svg+xml"


async def test_what_a_process_is_made_of_is_not_searched_for_garbage_while_it_runs(tmp_path: Path) -> None:
    chassis = await Chassis.assemble(Settings(var=tmp_path / "var", port=0, stop_seconds=2))
    serving = server(chassis, host(chassis))
    task = asyncio.create_task(serving.serve())
    await asyncio.wait_for(serving.up.wait(), 30)
    assert gc.get_freeze_count() > 10_000
    serving.should_exit = True
    await task
    assert gc.get_freeze_count() == 0
