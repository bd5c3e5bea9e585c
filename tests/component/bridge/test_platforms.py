from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.access import Scope
from tests.builders import NOW
from tests.component.bridge.conftest import ADMIN, DELIVERIES, LEDGER, Bridge, a_body, sign

PLATFORMS = "/api/v1/platforms"


async def test_a_platform_is_registered_once_and_its_secret_shown_once(bridge: Bridge) -> None:
    new = {"id": "canvas", "organisation": "uex", "offerings": ["data-ethics"]}
    answer = await bridge.client.post(PLATFORMS, json=new, headers=ADMIN)
    assert answer.status_code == 201
    assert answer.json()["platform"] == {
        **new,
        "enabled": True,
        "registered": "2026-11-23T10:00:00.000Z",
        "activities": [],
        "webhook": None,
        "secrets": [{"created": "2026-11-23T10:00:00.000Z", "expires": None}],
        "last_seen": None,
        "clock_ahead": None,
        "untold": None,
    }
    secret = answer.json()["secret"]
    assert secret.startswith("whsec_")
    again = await bridge.client.post(PLATFORMS, json=new, headers=ADMIN)
    assert again.status_code == 409
    listed = await bridge.client.get(PLATFORMS, headers=ADMIN)
    assert [item["id"] for item in listed.json()["items"]] == ["canvas", "uex-moodle"]
    assert secret not in listed.text
    bridge.secrets["canvas"] = secret
    assert (await bridge.deliver(a_body(), "canvas")).status_code == 202


async def test_a_secret_rests_encrypted(bridge: Bridge) -> None:
    secret = bridge.secrets["uex-moodle"].removeprefix("whsec_")
    stored = await bridge.platforms.get("uex-moodle")
    assert stored is not None
    assert secret not in stored.model_dump_json()


async def test_a_secret_cannot_stand_in_for_anothers(bridge: Bridge) -> None:
    await bridge.register("acme-moodle", "acme")
    mine, theirs = [await bridge.platforms.get(name) for name in ("uex-moodle", "acme-moodle")]
    assert mine is not None
    assert theirs is not None
    await bridge.platforms.replace(theirs.model_copy(update={"secrets": mine.secrets}))
    bridge.secrets["acme-moodle"] = bridge.secrets["uex-moodle"]
    answer = await bridge.deliver(a_body(), "acme-moodle")
    assert answer.status_code == 503, "the sender is not to blame: it comes again once this is put right"
    assert await bridge.stored() == ()


@pytest.mark.parametrize(
    "new", [{}, {"id": "Not a slug", "organisation": "uex"}, {"id": "x"}, {"id": "x", "organisation": "u", "more": 1}]
)
async def test_a_platform_that_is_none_is_malformed(bridge: Bridge, new: dict[str, object]) -> None:
    assert (await bridge.client.post(PLATFORMS, json=new, headers=ADMIN)).status_code == 400


async def test_a_new_secret_takes_over_while_the_old_one_still_works_for_a_day(bridge: Bridge) -> None:
    old = bridge.secrets["uex-moodle"]
    answer = await bridge.client.post(f"{PLATFORMS}/uex-moodle/secret", headers=ADMIN)
    assert answer.status_code == 201
    new = answer.json()["secret"]
    assert new != old

    async def works(secret: str) -> bool:
        bridge.secrets["uex-moodle"] = secret
        return (await bridge.deliver(a_body())).status_code == 202

    assert await works(old)
    assert await works(new)
    bridge.later(days=1)
    assert not await works(old)
    assert await works(new)


async def test_of_many_new_secrets_only_the_last_two_work(bridge: Bridge) -> None:
    secrets = [bridge.secrets["uex-moodle"]]
    for _ in range(3):
        answer = await bridge.client.post(f"{PLATFORMS}/uex-moodle/secret", headers=ADMIN)
        secrets.append(answer.json()["secret"])
    works = []
    for secret in secrets:
        bridge.secrets["uex-moodle"] = secret
        works.append((await bridge.deliver(a_body())).status_code == 202)
    assert works == [False, False, True, True]


async def test_what_a_platform_may_award_stands_in_what_is_told(bridge: Bridge) -> None:
    change = {"enabled": True, "offerings": ["data-ethics"]}
    assert (await bridge.client.put(f"{PLATFORMS}/uex-moodle", json=change, headers=ADMIN)).status_code == 200
    await bridge.accepted(a_body())
    (event,) = await bridge.told()
    assert event.data.platform.offerings == ("data-ethics",)


async def test_a_rotated_secret_says_until_when_the_old_one_works(bridge: Bridge) -> None:
    answer = await bridge.client.post(f"{PLATFORMS}/uex-moodle/secret", headers=ADMIN)
    old, new = answer.json()["platform"]["secrets"]
    assert (old["expires"], new["expires"]) == ("2026-11-24T10:00:00.000Z", None)


async def test_of_a_change_what_is_not_said_stays_as_it_was(bridge: Bridge) -> None:
    async def change(**said: object) -> dict[str, object]:
        answer = await bridge.client.put(f"{PLATFORMS}/uex-moodle", json=said, headers=ADMIN)
        assert answer.status_code == 200, answer.text
        changed: dict[str, object] = answer.json()
        return changed

    assert (await change(offerings=["data-ethics"]))["enabled"] is True
    assert (await change(enabled=False))["offerings"] == ["data-ethics"]
    assert (await change(offerings=None))["enabled"] is False
    assert (await change())["enabled"] is False


async def seen(bridge: Bridge) -> tuple[object, object]:
    (one,) = (await bridge.client.get(PLATFORMS, headers=ADMIN)).json()["items"]
    return one["last_seen"], one["clock_ahead"]


async def test_when_a_platform_was_last_heard_of_and_how_wrong_its_clock_is_shows(bridge: Bridge) -> None:
    assert await seen(bridge) == (None, None)
    await bridge.deliver(a_body(), at=NOW + timedelta(seconds=42))
    assert await seen(bridge) == ("2026-11-23T10:00:00.000Z", 42.0)
    bridge.later(minutes=1)
    assert (await bridge.deliver(a_body(), at=NOW - timedelta(hours=1))).status_code == 401
    assert await seen(bridge) == ("2026-11-23T10:01:00.000Z", -3660.0)
    bridge.later(minutes=1)
    bridge.secrets["uex-moodle"] = "whsec_" + "A" * 43 + "="
    assert (await bridge.deliver(a_body())).status_code == 401
    assert await seen(bridge) == ("2026-11-23T10:01:00.000Z", -3660.0), "that was somebody else"


async def test_what_is_not_registered_cannot_be_changed(bridge: Bridge) -> None:
    change = {"enabled": True, "offerings": None}
    assert (await bridge.client.put(f"{PLATFORMS}/nobody", json=change, headers=ADMIN)).status_code == 404
    assert (await bridge.client.post(f"{PLATFORMS}/nobody/secret", headers=ADMIN)).status_code == 404


ROUTES = [
    ("POST", PLATFORMS, {Scope.ADMIN}),
    ("GET", PLATFORMS, {Scope.ADMIN}),
    ("PUT", f"{PLATFORMS}/uex-moodle", {Scope.ADMIN}),
    ("POST", f"{PLATFORMS}/uex-moodle/secret", {Scope.ADMIN}),
    ("GET", LEDGER, {Scope.ADMIN, Scope.OPERATOR}),
    ("GET", f"{DELIVERIES}/6ba7b810-9dad-81d1-80b4-00c04fd430c8", {Scope.ADMIN, Scope.OPERATOR, Scope.PLATFORM}),
]


@pytest.mark.parametrize(("method", "path", "allowed"), ROUTES)
async def test_every_route_asks_for_its_token(bridge: Bridge, method: str, path: str, allowed: set[Scope]) -> None:
    for headers in ({}, {"authorization": "Bearer guessed"}, {"authorization": "Basic YWRtaW46YWRtaW4="}):
        answer = await bridge.client.request(method, path, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    bearers = {
        Scope.PLATFORM: await bridge.bearer(Scope.PLATFORM, "uex", "uex-moodle"),
        Scope.PROVIDER: await bridge.bearer(Scope.PROVIDER, "uex"),
        Scope.OPERATOR: await bridge.bearer(Scope.OPERATOR),
        Scope.ADMIN: await bridge.bearer(Scope.ADMIN),
    }
    for scope, headers in bearers.items():
        answer = await bridge.client.request(method, path, headers=headers)
        assert (answer.status_code not in {401, 403}) == (scope in allowed), (scope, answer.status_code)


async def test_an_organisations_administrator_stays_within_it(bridge: Bridge) -> None:
    await bridge.register("acme-moodle", "acme")
    mine = await bridge.bearer(Scope.ADMIN, "uex")
    listed = await bridge.client.get(PLATFORMS, headers=mine)
    assert [item["id"] for item in listed.json()["items"]] == ["uex-moodle"]
    foreign = [
        await bridge.client.post(PLATFORMS, json={"id": "x", "organisation": "acme"}, headers=mine),
        await bridge.client.post(f"{PLATFORMS}/acme-moodle/secret", headers=mine),
        await bridge.client.put(f"{PLATFORMS}/acme-moodle", json={"enabled": False, "offerings": None}, headers=mine),
    ]
    assert [answer.status_code for answer in foreign] == [403, 403, 403]
    assert (await bridge.client.post(f"{PLATFORMS}/uex-moodle/secret", headers=mine)).status_code == 201


async def test_an_organisations_operator_sees_its_own_completions_only(bridge: Bridge) -> None:
    await bridge.register("acme-moodle", "acme")
    await bridge.accepted(a_body())
    theirs = await bridge.accepted(a_body(), "acme-moodle")
    await bridge.deliver(b"{", "acme-moodle")
    headers = await bridge.bearer(Scope.OPERATOR, "acme")
    ledger = (await bridge.client.get(LEDGER, headers=headers)).json()
    assert [item["completion"] for item in ledger["items"]] == [str(theirs)]
    assert ledger["turned_away"] == 0


async def test_a_platforms_token_does_not_deliver(bridge: Bridge) -> None:
    """Deliveries are signed, each for itself: a token that leaks from a log delivers nothing."""
    token = await bridge.bearer(Scope.PLATFORM, "uex", "uex-moodle")
    answer = await bridge.client.post(DELIVERIES, content=a_body(), headers=token)
    assert answer.status_code == 401
    signed = sign("whsec_" + "A" * 43 + "=", a_body(), NOW)
    answer = await bridge.client.post(DELIVERIES, content=a_body(), headers={**token, **signed})
    assert answer.status_code == 401
