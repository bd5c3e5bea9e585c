# No `from __future__ import annotations`: the routes' annotations name dependencies that are local to a fixture.
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Request, Response
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr, ValidationError

from chassis.access import AccessTokens, Forbidden, Principal, Scope, Unauthenticated
from chassis.documents import SqliteDocuments
from chassis.problems import problem, problem_response
from schemas.faults import Fault, NotFound

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BOOTSTRAP = "the-way-in-before-there-is-any-other"


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(documents: SqliteDocuments, clock: Clock) -> AccessTokens:
    return AccessTokens(documents, bootstrap=SecretStr(BOOTSTRAP), clock=clock)


@pytest.fixture
async def client(access: AccessTokens) -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    app.include_router(access.routes())

    @app.exception_handler(Fault)
    async def fault(request: Request, fault: Fault) -> Response:
        return problem_response(problem(fault, instance=request.url.path))

    operator = Depends(access.require(Scope.OPERATOR))
    owner = Depends(access.require(Scope.PROVIDER, Scope.PLATFORM))

    @app.get("/operators")
    async def operators(asks: Annotated[Principal, operator]) -> str:
        return asks.label

    @app.get("/things/{organisation}/{platform}")
    async def things(organisation: str, platform: str, asks: Annotated[Principal, owner]) -> str:
        asks.must_own(organisation=organisation, platform=platform)
        return asks.label

    async with AsyncClient(transport=ASGITransport(app), base_url="http://laurel.example") as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_a_token_makes_known_who_holds_it(access: AccessTokens) -> None:
    principal, token = await access.issue(scope=Scope.PROVIDER, label="UEx", organisation="uex")
    assert re.fullmatch(r"lrl_provider_[A-Za-z0-9_-]{43}", token)
    assert await access.authenticate(token) == principal
    assert (principal.scope, principal.organisation, principal.platform) == (Scope.PROVIDER, "uex", None)


async def test_the_token_itself_is_stored_nowhere(tmp_path: Path) -> None:
    documents = SqliteDocuments(tmp_path / "access.sqlite")
    await documents.open()
    _, token = await AccessTokens(documents).issue(scope=Scope.ADMIN, label="a")
    await documents.close()
    secret = token.removeprefix("lrl_admin_").encode()
    assert secret not in (tmp_path / "access.sqlite").read_bytes()


async def test_guessed_and_tampered_tokens_open_nothing(access: AccessTokens) -> None:
    principal, token = await access.issue(scope=Scope.OPERATOR, label="a")
    last = "A" if token[-1] != "A" else "B"
    guesses = ["", " ", "lrl_operator_", "lrl_operator_" + "A" * 43, token[:-1], token + "A", token[:-1] + last]
    guesses += [token.replace("operator", "admin"), token.upper(), f" {token}", principal.id, "\x00", "\ud800"]
    for guess in guesses:
        with pytest.raises(Unauthenticated):
            await access.authenticate(guess)


async def test_an_expired_token_opens_nothing_and_says_so(access: AccessTokens, clock: Clock) -> None:
    _, token = await access.issue(scope=Scope.OPERATOR, label="a", expires=NOW + timedelta(hours=1))
    await access.authenticate(token)
    clock.now += timedelta(hours=1)
    with pytest.raises(Unauthenticated, match="expired on 2026-11-23"):
        await access.authenticate(token)


async def test_a_withdrawn_token_opens_nothing(access: AccessTokens) -> None:
    principal, token = await access.issue(scope=Scope.OPERATOR, label="a")
    assert await access.list() == (principal,)
    await access.withdraw(principal.id)
    with pytest.raises(Unauthenticated):
        await access.authenticate(token)
    with pytest.raises(NotFound):
        await access.withdraw(principal.id)
    assert await access.list() == ()


async def test_the_bootstrap_token_is_an_administrators_and_optional(
    access: AccessTokens, documents: SqliteDocuments
) -> None:
    assert (await access.authenticate(BOOTSTRAP)).scope is Scope.ADMIN
    for guess in ("", BOOTSTRAP[:-1]):
        with pytest.raises(Unauthenticated):
            await access.authenticate(guess)
        with pytest.raises(Unauthenticated):
            await AccessTokens(documents).authenticate(guess)
    with pytest.raises(Unauthenticated):
        await AccessTokens(documents).authenticate(BOOTSTRAP)


@pytest.mark.parametrize(
    "grant",
    [
        {"scope": "provider"},
        {"scope": "platform", "organisation": "uex"},
        {"scope": "platform", "platform": "moodle"},
        {"scope": "operator", "platform": "moodle"},
        {"scope": "root"},
        {"scope": "admin", "organisation": "Not a slug"},
    ],
)
async def test_a_grant_that_binds_nobody_cannot_be_made(
    access: AccessTokens, client: AsyncClient, grant: dict[str, str]
) -> None:
    with pytest.raises(ValidationError):
        Principal.model_validate({**grant, "id": "x", "label": "x"})
    answer = await client.post("/api/v1/tokens", json={**grant, "label": "x"}, headers=bearer(BOOTSTRAP))
    assert answer.status_code == 422
    assert await access.list() == ()


OWNERS: list[tuple[dict[str, str], dict[str, str], bool]] = [
    ({"scope": "admin"}, {"organisation": "uex", "platform": "moodle"}, True),
    ({"scope": "operator"}, {}, True),
    ({"scope": "operator", "organisation": "uex"}, {"organisation": "uex"}, True),
    ({"scope": "operator", "organisation": "uex"}, {"organisation": "acme"}, False),
    ({"scope": "operator", "organisation": "uex"}, {}, False),
    ({"scope": "operator", "organisation": "uex"}, {"platform": "moodle"}, False),
    ({"scope": "admin", "organisation": "uex"}, {"organisation": "acme"}, False),
    ({"scope": "provider", "organisation": "uex"}, {"organisation": "uex", "platform": "moodle"}, True),
    ({"scope": "provider", "organisation": "uex"}, {"organisation": "acme", "platform": "moodle"}, False),
    ({"scope": "platform", "organisation": "uex", "platform": "moodle"}, {"platform": "moodle"}, True),
    (
        {"scope": "platform", "organisation": "uex", "platform": "moodle"},
        {"organisation": "acme", "platform": "moodle"},
        False,
    ),
    ({"scope": "platform", "organisation": "uex", "platform": "moodle"}, {"platform": "other"}, False),
    ({"scope": "platform", "organisation": "uex", "platform": "moodle"}, {"organisation": "uex"}, False),
    ({"scope": "platform", "organisation": "uex", "platform": "moodle"}, {}, False),
]


@pytest.mark.parametrize(("grant", "thing", "mine"), OWNERS)
def test_who_is_bound_owns_what_is_named_as_theirs(grant: dict[str, str], thing: dict[str, str], *, mine: bool) -> None:
    principal = Principal.model_validate({**grant, "id": "x", "label": "x"})
    if mine:
        principal.must_own(**thing)
    else:
        with pytest.raises(Forbidden):
            principal.must_own(**thing)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic dXNlcjpwYXNz"},
        {"authorization": BOOTSTRAP},
        {"x-token": BOOTSTRAP},
        {"cookie": f"token={BOOTSTRAP}"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/operators"),
        ("GET", "/things/uex/moodle"),
        ("GET", "/api/v1/tokens"),
        ("POST", "/api/v1/tokens"),
        ("DELETE", "/api/v1/tokens/x"),
    ],
)
async def test_without_a_known_token_every_route_answers_401(
    client: AsyncClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await client.request(method, path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "urn:laurel:problem:unauthenticated"


async def test_a_token_of_another_scope_answers_403(client: AsyncClient, access: AccessTokens) -> None:
    tokens = {
        Scope.PROVIDER: (await access.issue(scope=Scope.PROVIDER, label="p", organisation="uex"))[1],
        Scope.OPERATOR: (await access.issue(scope=Scope.OPERATOR, label="o"))[1],
        Scope.PLATFORM: (await access.issue(scope=Scope.PLATFORM, label="m", organisation="uex", platform="moodle"))[1],
        Scope.ADMIN: (await access.issue(scope=Scope.ADMIN, label="a"))[1],
    }
    expected = {
        "/operators": {Scope.OPERATOR, Scope.ADMIN},
        "/things/uex/moodle": {Scope.PROVIDER, Scope.PLATFORM, Scope.ADMIN},
        "/api/v1/tokens": {Scope.ADMIN},
    }
    for path, allowed in expected.items():
        for scope, token in tokens.items():
            answer = await client.get(path, headers=bearer(token))
            assert answer.status_code == (200 if scope in allowed else 403), (path, scope)
    answer = await client.get("/operators", headers=bearer(tokens[Scope.PROVIDER]))
    assert answer.json()["detail"] == "this needs a token of scope admin or operator, not provider"


async def test_a_foreign_token_of_the_right_scope_answers_403(client: AsyncClient, access: AccessTokens) -> None:
    _, token = await access.issue(scope=Scope.PLATFORM, label="m", organisation="uex", platform="moodle")
    assert (await client.get("/things/uex/moodle", headers=bearer(token))).status_code == 200
    assert (await client.get("/things/uex/canvas", headers=bearer(token))).status_code == 403
    assert (await client.get("/things/acme/moodle", headers=bearer(token))).status_code == 403


async def test_tokens_are_issued_listed_and_withdrawn_over_http(client: AsyncClient) -> None:
    admin = bearer(BOOTSTRAP)
    issued = await client.post("/api/v1/tokens", json={"scope": "operator", "label": "Ops"}, headers=admin)
    assert issued.status_code == 201
    token = issued.json()["token"]
    assert (await client.get("/operators", headers=bearer(token))).json() == "Ops"
    listed = (await client.get("/api/v1/tokens", headers=admin)).json()
    assert [item["label"] for item in listed["items"]] == ["Ops"]
    assert token not in str(listed)
    assert "digest" not in str(listed)
    path = f"/api/v1/tokens/{issued.json()['id']}"
    assert (await client.delete(path, headers=admin)).status_code == 204
    assert (await client.delete(path, headers=admin)).status_code == 404
    assert (await client.get("/operators", headers=bearer(token))).status_code == 401


async def test_an_organisations_administrator_stays_within_it(client: AsyncClient, access: AccessTokens) -> None:
    _, token = await access.issue(scope=Scope.ADMIN, label="uex admin", organisation="uex")
    stranger, _ = await access.issue(scope=Scope.PROVIDER, label="acme", organisation="acme")
    admin = bearer(token)
    for grant in (
        {"scope": "admin"},
        {"scope": "operator"},
        {"scope": "provider", "organisation": "acme"},
        {"scope": "platform", "organisation": "acme", "platform": "moodle"},
    ):
        answer = await client.post("/api/v1/tokens", json={**grant, "label": "x"}, headers=admin)
        assert answer.status_code == 403, grant
    mine = await client.post(
        "/api/v1/tokens", json={"scope": "provider", "organisation": "uex", "label": "x"}, headers=admin
    )
    assert mine.status_code == 201
    labels = {item["label"] for item in (await client.get("/api/v1/tokens", headers=admin)).json()["items"]}
    assert labels == {"uex admin", "x"}
    assert (await client.delete(f"/api/v1/tokens/{stranger.id}", headers=admin)).status_code == 403
