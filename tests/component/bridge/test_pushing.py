"""Outcomes are pushed to platforms that want it: signed, at least once, and never to an address inside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from chassis.public_only import AddressRefused
from moodle_bridge.adapters.notices import GuardedNotices, NotTaken
from moodle_bridge.adapters.secrets import WrappedSecrets
from moodle_bridge.domain.webhook import Signed, doubt
from moodle_bridge.handlers import PushOutcomes, RecordHolding, RecordOutcomes, TellOutcome
from moodle_bridge.handlers.pushing import MOST_PUSHES
from schemas.events import CredentialState
from schemas.faults import Unavailable
from tests.builders import credential_issued, credential_status_changed, issuance_refused
from tests.component.bridge.conftest import ADMIN, Bridge, a_body

URL = "https://moodle.example/local/laurel/outcomes.php"


@dataclass
class Platform:
    """Takes what it is told, or does not."""

    away: bool = False
    told: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        if self.away:
            raise Unavailable("the platform is away")
        self.told.append((url, body, headers))

    @property
    def states(self) -> list[list[tuple[str, str | None]]]:
        """Of each message, each outcome's state and whether its credential holds."""
        return [
            [(one["state"], (one["credential"] or {}).get("state")) for one in json.loads(body)["items"]]
            for _, body, _ in self.told
        ]


@dataclass
class Round:
    """A bridge that pushes, and a platform."""

    bridge: Bridge
    platform: Platform
    push: PushOutcomes
    counted: list[tuple[str, int, bool]]
    """Of each push, to whom, how many, and whether they were taken."""

    async def hear(self, *events: Any) -> None:  # noqa: ANN401 events of several kinds
        await RecordOutcomes(self.bridge.completions, self.push.marks)(events)

    async def wanted(self, url: str | None = URL) -> None:
        change = await self.bridge.client.put("/api/v1/platforms/uex-moodle", json={"webhook": url}, headers=ADMIN)
        assert change.json()["webhook"] == url


@pytest.fixture
async def round_(bridge: Bridge) -> Round:
    platform, chassis = Platform(), bridge.chassis
    counts: list[tuple[str, int, bool]] = []

    def counted(name: str, outcomes: int, *, taken: bool) -> None:
        counts.append((name, outcomes, taken))

    tell = TellOutcome(
        bridge.completions,
        chassis.claims,
        clock=chassis.clock,
        issuer_url="https://issuer.example",
        claim_validity=timedelta(days=30),
    )
    push = PushOutcomes(
        bridge.completions,
        bridge.platforms,
        bridge.untold,
        tell=tell,
        secrets=WrappedSecrets(chassis.master),
        notify=platform,
        count=counted,
        clock=chassis.clock,
    )
    return Round(bridge, platform, push, counts)


async def test_outcomes_are_pushed_together_signed_with_every_secret_that_is_good(round_: Round) -> None:
    bridge = round_.bridge
    await round_.wanted()
    await bridge.client.post("/api/v1/platforms/uex-moodle/secret", headers=ADMIN)
    first = await bridge.accepted(a_body(episode="course_completions:1"))
    second = await bridge.accepted(a_body(episode="course_completions:2"))
    await round_.hear(credential_issued(completion=first), issuance_refused(completion=second))
    assert await round_.push() == 2
    ((url, body, headers),) = round_.platform.told
    assert url == URL
    said = json.loads(body)
    assert said["version"] == 1
    by_id = {one["completion"]: one for one in said["items"]}
    assert by_id[str(first)]["claim"].startswith("https://issuer.example/claims/")
    assert by_id[str(second)]["reason"] == "offering-unknown"
    stored = await bridge.platforms.get("uex-moodle")
    assert stored is not None
    secrets = [WrappedSecrets(bridge.chassis.master).unwrap("uex-moodle", one.wrapped) for one in stored.secrets]
    signed = Signed(headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body)
    assert [doubt(signed, [secret], bridge.now[0]) for secret in secrets] == [None, None]
    assert await round_.push() == 0, "what was taken is not told again"


async def test_who_wants_nothing_is_told_nothing_and_changes_its_mind(round_: Round) -> None:
    completion = await round_.bridge.accepted(a_body())
    await round_.hear(credential_issued(completion=completion))
    assert await round_.push() == 0
    await round_.wanted()
    other = await round_.bridge.accepted(a_body(episode="course_completions:2"))
    await round_.hear(credential_issued(completion=other))
    await round_.wanted(None)
    assert await round_.push() == 0
    assert round_.platform.told == []


async def test_a_platform_that_is_away_is_told_again_after_growing_pauses_until_it_must_ask(round_: Round) -> None:
    bridge = round_.bridge
    await round_.wanted()
    completion = await bridge.accepted(a_body())
    await round_.hear(credential_issued(completion=completion))
    round_.platform.away = True
    assert await round_.push() == 0
    bridge.later(seconds=29)
    round_.platform.away = False
    assert await round_.push() == 0, "not yet"
    bridge.later(seconds=1)
    assert await round_.push() == 1
    assert round_.platform.states == [[("issued", "active")]]

    (stored,) = await bridge.stored()
    late = stored.model_copy(update={"push_due": bridge.now[0], "pushes": MOST_PUSHES})
    await bridge.completions.replace(late)
    round_.platform.away = True
    await round_.push()
    (stored,) = await bridge.stored()
    assert stored.push_due is None


async def test_a_platform_that_takes_nothing_is_seen_by_whoever_looks_after_it(round_: Round) -> None:
    bridge = round_.bridge

    async def shown() -> Any:  # noqa: ANN401 as the list says it
        listed = await bridge.client.get("/api/v1/platforms", headers=ADMIN)
        return listed.json()["items"][0]["untold"]

    await round_.wanted()
    await round_.hear(credential_issued(completion=await bridge.accepted(a_body())))
    assert await shown() is None
    round_.platform.away = True
    for seconds in (0, 30):
        bridge.later(seconds=seconds)
        await round_.push()
    assert await shown() == {"since": "2026-11-23T10:00:00.000Z", "reason": "the platform is away"}
    await round_.wanted(URL + "?another")
    assert await shown() is None, "nothing is known of the other address yet"
    await round_.wanted(None)
    await round_.wanted()
    assert await shown() is None, "what was known of it went with it"
    round_.platform.away = False
    bridge.later(seconds=60)
    await round_.push()
    await round_.wanted()
    assert await shown() is None
    assert round_.counted == [("uex-moodle", 1, False)] * 2 + [("uex-moodle", 1, True)]


async def test_what_holds_no_more_is_pushed_later(round_: Round) -> None:
    await round_.wanted()
    completion = await round_.bridge.accepted(a_body())
    (stored,) = await round_.bridge.stored()
    await round_.hear(credential_issued(completion=completion, award=stored.award))
    await round_.push()
    suspended = credential_status_changed(award=stored.award, state=CredentialState.SUSPENDED, reason="An appeal.")
    bridge = round_.bridge
    record = RecordHolding(bridge.completions, bridge.heard, bridge.chassis.clock, round_.push.marks)
    await record([suspended])
    await record([suspended])
    assert await round_.push() == 1
    assert round_.platform.states == [[("issued", "active")], [("issued", "suspended")]]


async def test_one_platform_that_is_away_keeps_no_other_from_being_told(round_: Round) -> None:
    bridge = round_.bridge
    await round_.wanted()
    await bridge.register("acme-moodle", "acme")
    await bridge.client.put("/api/v1/platforms/acme-moodle", json={"webhook": URL + "?acme"}, headers=ADMIN)
    completions = [await bridge.accepted(a_body()), await bridge.accepted(a_body(), "acme-moodle")]
    await round_.hear(*(credential_issued(completion=one) for one in completions))
    stored = await bridge.platforms.get("uex-moodle")
    assert stored is not None
    other = await bridge.platforms.get("acme-moodle")
    assert other is not None
    # Its secret cannot be read: nothing can be signed for it.
    await bridge.platforms.replace(stored.model_copy(update={"secrets": other.secrets}))
    assert await round_.push() == 1
    assert [url for url, _, _ in round_.platform.told] == [URL + "?acme"]


@asynccontextmanager
async def a_server(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Somebody who answers this to everything: where, and what they were sent."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        heard.append(head + await reader.readexactly(length))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()


@asynccontextmanager
async def notices(*named: str, addresses: tuple[str, ...] = ()) -> AsyncIterator[GuardedNotices]:
    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return addresses

    made = GuardedNotices(named, resolve=resolve)
    yield made
    await made.close()


async def test_an_origin_that_was_named_is_told_wherever_it_is() -> None:
    async with a_server(b"HTTP/1.1 204 No Content\r\n\r\n") as (origin, heard), notices(origin) as notify:
        await notify(f"{origin}/told?a=1", b"{}", {"webhook-id": "1"})
    (sent,) = heard
    assert sent.startswith(b"POST /told?a=1 HTTP/1.1\r\n")
    assert b"webhook-id: 1" in sent
    assert sent.endswith(b"\r\n\r\n{}")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"no HTTP\r\n\r\n",
    ],
)
async def test_what_is_not_2xx_was_not_taken_and_no_redirect_is_followed(answer: bytes) -> None:
    async with a_server(answer) as (origin, heard), notices(origin) as notify:
        with pytest.raises(NotTaken):
            await notify(f"{origin}/told", b"{}", {})
    assert len(heard) == 1


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:192.168.0.1"])
async def test_an_address_inside_is_not_connected_to(address: str) -> None:
    async with a_server(b"") as (_, heard), notices(addresses=(address,)) as notify:
        with pytest.raises(AddressRefused):
            await notify("https://moodle.example/told", b"{}", {})
    assert heard == []


@pytest.mark.parametrize("url", ["http://moodle.example/told", "https://me:pw@moodle.example/told"])
async def test_only_https_addresses_are_told_unless_they_were_named(url: str) -> None:
    async with notices(addresses=("93.184.216.34",)) as notify:
        with pytest.raises(NotTaken):
            await notify(url, b"{}", {})


async def test_who_is_not_there_does_not_answer() -> None:
    async with a_server(b"") as (origin, _):
        pass
    async with notices(origin) as notify:
        with pytest.raises(NotTaken, match="does not answer"):
            await notify(origin, b"{}", {})
