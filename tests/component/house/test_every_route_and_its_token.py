"""No route slips in unprotected: each is either public by name, or asks for a token that opens it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts

from chassis.access import Scope
from chassis.documents import PendingEvent
from laurel.demo.moodle import LearningPlatform, completion_body, correction_body
from laurel.demo.scenario import ORGANISATION, PUPILS
from tests.component.house.house import ADMIN, OFFERING, PATIENCE, PLATFORM, House

Route = tuple[str, str]
OURS = ORGANISATION["id"]

PUBLIC: frozenset[Route] = frozenset(
    {
        # The process: what it is, whether it works, what it counts.
        ("GET", "/"),
        ("GET", "/favicon.ico"),
        ("GET", "/assets/{name}"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/schemas/{name}.json"),
        # What was issued, and whether it holds: for whoever was shown a credential.
        ("GET", "/verify"),
        ("POST", "/verify"),
        ("POST", "/credentials/verify"),
        ("POST", "/presentations/verify"),
        ("POST", "/proofs/verify"),
        ("POST", "/api/v1/verifications"),
        ("POST", "/api/v1/lint"),
        ("GET", "/organisations/{organisation}/did.json"),
        ("GET", "/organisations/{organisation}/issuance-log"),
        ("GET", "/organisations/{organisation}/issuance-log/{number}"),
        ("GET", "/organisations/{organisation}/issuance-log/proofs/{digest}"),
        ("GET", "/organisations/{organisation}/status-lists/{number}"),
        ("GET", "/organisations/{organisation}/status-lists/{number}/suspension"),
        ("GET", "/vc-api/{tenant}/status-lists/{signer}/{purpose}/{number}"),
        ("GET", "/api/v1/formats"),
        ("GET", "/xapi/about"),
        ("GET", "/type-metadata/{vct}"),
        # The catalogue.
        ("GET", "/catalogue"),
        ("GET", "/catalogue/{offering}"),
        ("GET", "/api/v1/offerings"),
        ("GET", "/api/v1/offerings/{offering}"),
    }
)
BY_CLAIM_LINK: frozenset[Route] = frozenset({("GET", "/claims/{token}"), ("GET", "/claims/{token}/credential")})
BY_COOKIE: frozenset[Route] = frozenset(
    {
        ("GET", "/ops"),
        ("GET", "/ops/login"),
        ("POST", "/ops/login"),
        ("POST", "/ops/logout"),
        ("GET", "/ops/parked"),
        ("GET", "/ops/parked/{service}/{message}"),
        ("POST", "/ops/parked/replays"),
        ("POST", "/ops/parked/discards"),
    }
)
FORMS = {"/ops/parked/replays": {"now": "true"}, "/ops/parked/discards": {"why": "because"}}
BY_SECRET: frozenset[Route] = frozenset({("POST", "/xapi/statements"), ("PUT", "/xapi/statements")})
BY_SIGNATURE: frozenset[Route] = frozenset(
    {
        ("POST", "/moodle/completions"),
        ("POST", "/moodle/corrections"),
        ("POST", "/moodle/batches"),
        ("POST", "/moodle/outcomes"),
        ("POST", "/moodle/trials"),
    }
)


@dataclass(frozen=True)
class Ask:
    """A request that its owner and the administrator of everything may make."""

    body: Any = None
    only_own: bool = False
    """Answers anybody of the right scope, with what is theirs."""
    any_of: frozenset[Scope] = frozenset()
    """Answers everybody of these scopes alike."""
    refused: int = 403
    about: Mapping[str, str] = field(default_factory=dict)
    """What else of the world a name in the path stands for here."""


def _draft(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 passed on as JSON
    draft: dict[str, Any] = json.loads(files("laurel.demo").joinpath("offerings", f"{OFFERING}.json").read_bytes())
    return draft | changes


_WORD = {
    "offering": OFFERING,
    "learner": {"full_name": "Eva Ende"},
    "completed": "2026-01-01T10:00:00Z",
}

_CREDENTIAL = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "{issuer}",
    "credentialSubject": {"id": "urn:uuid:6f8ad2ae-7f0c-4b52-9d6c-3d2a1f9b8c11"},
}
_ENTRY = {"statusListCredential": "{status_list}", "statusListIndex": "{status_index}"}

_DISCARD = {"service": "{service}", "messages": ["{message}"], "reason": "it never was an event"}
_STOLEN = {"since": "2026-01-01T10:00:00Z", "reason": "a laptop was stolen"}

BY_TOKEN: dict[Route, Ask] = {
    ("GET", "/api/v1/flow"): Ask(),
    ("GET", "/api/v1/account"): Ask(),
    ("GET", "/api/v1/refusals"): Ask(only_own=True),
    ("POST", "/api/v1/refusals/{refused}/reopening"): Ask(),
    ("GET", "/api/v1/parked"): Ask(),
    ("GET", "/api/v1/parked/audit"): Ask(),
    ("GET", "/api/v1/parked/{service}/{message}"): Ask(),
    ("POST", "/api/v1/parked/replays"): Ask({"service": "{service}", "messages": ["{message}"], "dry_run": False}),
    ("POST", "/api/v1/parked/discards"): Ask(_DISCARD),
    ("GET", "/api/v1/account/completions"): Ask(only_own=True),
    ("GET", "/api/v1/account/outcomes"): Ask(),
    ("GET", "/api/v1/account/parked"): Ask(),
    ("GET", "/api/v1/account/parked/audit"): Ask(),
    ("GET", "/api/v1/account/parked/{service}/{message}"): Ask(),
    ("POST", "/api/v1/account/parked/replays"): Ask({"service": "{service}", "messages": ["{other_message}"]}),
    ("POST", "/api/v1/account/parked/discards"): Ask({**_DISCARD, "messages": ["{other_message}"]}),
    ("GET", "/moodle/completions/{completion}"): Ask(),
    ("GET", "/api/v1/completions/{completion}/outcome"): Ask(),
    ("POST", "/api/v1/judgements"): Ask({"items": []}),
    ("GET", "/api/v1/credentials/{award}"): Ask(),
    ("POST", "/api/v1/credentials/{award}/claim"): Ask(),
    ("POST", "/api/v1/records"): Ask({"awards": ["{award}"]}),  # asked before the credential is revoked
    ("POST", "/api/v1/credentials/{award}/suspension"): Ask({"reason": "an appeal is under way"}),
    ("POST", "/api/v1/credentials/{award}/reinstatement"): Ask({"reason": "the appeal was upheld"}),
    ("POST", "/api/v1/credentials/{award}/revocation"): Ask({"reason": "graded by mistake"}),
    ("GET", "/api/v1/corrections"): Ask(only_own=True),
    ("POST", "/api/v1/corrections/{correction}/answer"): Ask({"answer": "looked at"}),
    ("GET", "/api/v1/corrections/{correction}/comparison"): Ask(about={"correction": "renaming"}),
    ("POST", "/api/v1/corrections/{correction}/reissue"): Ask(about={"correction": "renaming"}),
    ("POST", "/api/v1/issuances"): Ask(_WORD, refused=422),  # a rule says no: another organisation's offering
    ("POST", "/api/v1/erasures"): Ask({"platform": PLATFORM, "learner": PUPILS[0].id}),
    # Another tenant's keys and lists are not its own: a rule says no to the one, and the other is not there.
    ("GET", "/vc-api/issuers"): Ask(only_own=True),
    ("POST", "/credentials/issue"): Ask({"credential": _CREDENTIAL}, refused=400),
    ("POST", "/credentials/status"): Ask({"credentialStatus": _ENTRY, "status": True}),
    ("GET", "/api/v1/organisations"): Ask(),
    ("POST", "/api/v1/organisations"): Ask(ORGANISATION),
    ("POST", "/api/v1/organisations/{organisation}/keys"): Ask(),
    ("GET", "/api/v1/organisations/{organisation}/keys"): Ask(),
    ("POST", "/api/v1/organisations/{organisation}/keys/{key}/compromise"): Ask(_STOLEN),
    ("GET", "/api/v1/platforms"): Ask(only_own=True),
    ("POST", "/api/v1/platforms"): Ask({"id": "another-moodle", "organisation": OURS}),
    ("POST", "/api/v1/platforms/{platform}/earlier-completions"): Ask({"items": [{}]}),
    ("POST", "/api/v1/platforms/{platform}/earlier-completions/trial"): Ask({"items": [{}]}),
    ("PUT", "/api/v1/platforms/{platform}"): Ask({"enabled": False, "offerings": None}),
    ("POST", "/api/v1/platforms/{platform}/secret"): Ask(),
    ("POST", "/api/v1/offerings"): Ask(_draft(id="data-ethics-at-night")),
    ("GET", "/api/v1/offerings/{offering}/draft"): Ask(),
    ("PUT", "/api/v1/offerings/{offering}/draft"): Ask(_draft(validity_months=36)),
    ("POST", "/api/v1/offerings/{offering}/publication"): Ask(),
    ("POST", "/api/v1/offerings/{offering}/retirement"): Ask(),
    ("GET", "/api/v1/trust"): Ask(any_of=frozenset({Scope.ADMIN})),
    ("POST", "/api/v1/trust"): Ask({"did": "did:web:elsewhere.example", "name": "Elsewhere"}),
    ("DELETE", "/api/v1/trust/{did}"): Ask(),
    ("GET", "/api/v1/tokens"): Ask(only_own=True),
    ("POST", "/api/v1/tokens"): Ask({"scope": "provider", "organisation": OURS, "label": "of the test"}),
    ("DELETE", "/api/v1/tokens/{token_id}"): Ask(),
}


def _routes(house: House) -> set[Route]:
    return {
        (method, context.path)
        for context in iter_route_contexts(house.app.routes)
        for method in context.methods - {"HEAD"}
    }


@dataclass
class World:
    """A university with one credential, and somebody else."""

    house: House
    names: dict[str, str]
    claim: str
    platform: LearningPlatform
    foreign: list[tuple[Scope, dict[str, str]]]

    async def ask(self, route: Route, headers: dict[str, str]) -> tuple[int, str]:
        (method, path), ask = route, BY_TOKEN[route]
        names = self.names | {name: self.names[other] for name, other in ask.about.items()}
        answer = await self.house.http.request(
            method, path.format_map(names), json=self._named(ask.body), headers=headers
        )
        return answer.status_code, answer.text

    def _named(self, body: Any) -> Any:  # noqa: ANN401 JSON is any of its values
        """The body, about the one credential that there is."""
        text = json.dumps(body)
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        return json.loads(text)


@pytest.fixture(autouse=True)
def _suspendable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the house stands, so that its credentials can be suspended."""
    monkeypatch.setenv("LAUREL_ISSUER_SUSPENSION", "true")


async def _park_two(house: House) -> tuple[str, str]:
    """The ids of two messages that the issuer can make nothing of."""
    place = {"topic": "laurel.offering.published", "key": "nobody"}
    await house.chassis.publisher.publish([PendingEvent(**place, value=value) for value in ("one", "two")])
    async with asyncio.timeout(PATIENCE):
        while True:
            items = (await house.ask("GET", "/api/v1/account/parked?service=issuer"))["items"]
            if len(items) == 2:
                return items[0]["id"], items[1]["id"]
            await asyncio.sleep(0.02)


async def _refuse_one(house: House, platform: LearningPlatform) -> tuple[str, str]:
    """The award, and its completion, that a platform was refused because it may not award the offering yet."""
    await house.ask("PUT", f"/api/v1/platforms/{PLATFORM}", {"enabled": True, "offerings": []})
    body = completion_body(PUPILS[0], "course_completions:refused", datetime.now(UTC) - timedelta(minutes=1))
    outcome = await house.outcome_of(platform, body)
    assert (outcome["state"], outcome["reason"]) == ("refused", "platform-not-allowed")
    return outcome["award"], outcome["completion"]


@pytest.fixture
async def world(house: House) -> World:
    platform = await house.found_university()
    body = completion_body(PUPILS[0], "course_completions:1", datetime.now(UTC) - timedelta(minutes=1))
    issued = await house.outcome_of(platform, body)
    regraded = correction_body("course_completions:1", "grade-changed", datetime.now(UTC), passed=True)
    corrected = await house.reviewed(platform, regraded)
    misnamed = await house.outcome_of(
        platform,
        completion_body(PUPILS[0], "course_completions:misnamed", datetime.now(UTC) - timedelta(minutes=1)),
    )
    named = {"id": PUPILS[0].id, "fullname": "Another Name"}
    renaming = correction_body("course_completions:misnamed", "learner-corrected", datetime.now(UTC), learner=named)
    renamed = await house.reviewed(platform, renaming)
    token, _ = await house.chassis.access.issue(scope=Scope.PROVIDER, label="of the test", organisation=OURS)
    await house.ask("PUT", f"/api/v1/offerings/{OFFERING}/draft", _draft(validity_months=48))
    await house.ask("POST", "/api/v1/platforms", {"id": "elsewhere-moodle", "organisation": "elsewhere"})
    foreign = [
        (scope, await house.bearer(scope, "elsewhere", "elsewhere-moodle" if scope is Scope.PLATFORM else None))
        for scope in Scope
    ]
    # Of the same organisation, and yet another platform.
    foreign.append((Scope.PLATFORM, await house.bearer(Scope.PLATFORM, OURS, "another-moodle")))
    issuer = min(await house.ask("GET", "/vc-api/issuers"))
    ours = {**_CREDENTIAL, "issuer": issuer}
    sealed = await house.ask("POST", "/credentials/issue", {"credential": ours, "options": {"credentialStatus": {}}})
    entry = sealed["verifiableCredential"]["credentialStatus"]
    message, other_message = await _park_two(house)
    refused, refused_completion = await _refuse_one(house, platform)
    names = {
        "did": "did:web:elsewhere.example",  # which the administrator adds just before
        "refused": refused,
        "refused_completion": refused_completion,
        "service": "issuer",
        "message": message,
        "other_message": other_message,
        "issuer": issuer,
        "status_list": entry["statusListCredential"],
        "status_index": entry["statusListIndex"],
        "award": issued["award"],
        "completion": issued["completion"],
        "correction": corrected["correction"],
        "renaming": renamed["correction"],
        "misnamed_completion": misnamed["completion"],
        "organisation": OURS,
        "platform": PLATFORM,
        "offering": OFFERING,
        "token_id": token.id,
        "key": "key-1",
    }
    return World(house, names, issued["claim"], platform, foreign)


async def test_every_route_of_the_house_is_public_by_name_or_asks_who_is_there(house: House) -> None:
    assert _routes(house) == PUBLIC | BY_CLAIM_LINK | BY_COOKIE | BY_SECRET | BY_SIGNATURE | BY_TOKEN.keys()


async def test_without_a_known_token_no_route_answers_and_with_a_foreign_one_none_tells_or_does_anything(
    world: World,
) -> None:
    nobody = [
        {},
        {"authorization": "Bearer lrl_admin_" + "A" * 43},
        {"authorization": "Bearer"},
        {"authorization": "Basic YWRtaW46YWRtaW4="},
    ]
    for route, ask in BY_TOKEN.items():
        for headers in nobody:
            status, said = await world.ask(route, headers)
            assert status == 401, f"{route} answered {status} to {headers or 'nobody'}: {said}"
        for scope, headers in world.foreign:
            status, said = await world.ask(route, headers)
            if scope in ask.any_of:
                assert status == 200, (route, scope)
            elif ask.only_own and status == 200:
                assert not [name for name in world.names.values() if f'"{name}"' in said], f"{route} to a {scope}"
            else:
                assert status in {403, 404, ask.refused}, f"{route} answered {status} to a foreign {scope}: {said}"

    # Nobody changed anything on the way: what each route is for still happens, for whom it is there.
    for route in BY_TOKEN:
        status, said = await world.ask(route, ADMIN)
        assert status in {200, 201, 204}, f"{route} answered {status} to the administrator: {said}"


async def test_a_delivery_is_taken_from_its_platform_alone_whatever_token_comes_with_it(world: World) -> None:
    body = completion_body(PUPILS[1], "course_completions:2", datetime.now(UTC) - timedelta(minutes=1))
    for headers in ({}, ADMIN, {**ADMIN, "laurel-platform": PLATFORM}, *(headers for _, headers in world.foreign)):
        for method, path in BY_SIGNATURE | BY_SECRET:
            answer = await world.house.http.request(method, path, content=body, headers=headers)
            assert answer.status_code == 401, (path, headers)
    said = await world.house.ask("POST", "/api/v1/platforms/elsewhere-moodle/secret")
    forger = LearningPlatform(world.house.http, PLATFORM, said["secret"])
    assert (await forger.deliver(body, datetime.now(UTC))).status_code == 401
    entries = (await world.house.ask("GET", "/api/v1/account/completions"))["items"]
    told = ("completion", "misnamed_completion", "refused_completion")
    assert [entry["completion"] for entry in entries] == [world.names[one] for one in told]


async def test_a_credential_opens_to_its_claim_link_and_to_no_token_or_guess(world: World) -> None:
    http = world.house.http
    for suffix in ("", "/credential"):
        assert (await http.get(world.claim + suffix)).status_code == 200
        for guess in (world.names["award"], str(uuid4()), "A" * 50, world.claim.rpartition("/")[2][:-1] + "_"):
            answer = await http.get(f"/claims/{guess}{suffix}", headers=ADMIN)
            assert answer.status_code == 404, guess


async def test_the_operators_page_opens_to_an_operator_of_everything_alone(world: World) -> None:
    http = world.house.http
    for scope, headers in world.foreign:
        token = headers["authorization"].removeprefix("Bearer ")
        page = await http.get("/ops", headers={"cookie": f"laurel_operator={token}"})
        assert (page.status_code, page.headers["location"]) == (303, "/ops/login"), scope
        assert (await http.post("/ops/login", data={"token": token})).status_code == 403, scope
        for method, path in BY_COOKIE:
            if path.startswith("/ops/parked"):
                turned = await http.request(
                    method,
                    path.format_map(world.names),
                    data={"service": "issuer", "message": world.names["message"], **FORMS.get(path, {})},
                    headers={"cookie": f"laurel_operator={token}"},
                )
                assert (turned.status_code, turned.headers["location"]) == (303, "/ops/login"), (scope, path)
    assert not (await world.house.ask("GET", "/api/v1/parked/audit"))["items"]
    assert (await http.get("/ops", headers=ADMIN)).status_code == 303
    assert (await http.get("/ops", headers={"cookie": "laurel_operator=admin"})).status_code == 200
