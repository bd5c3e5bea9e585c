from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.access import Scope
from moodle_bridge.handlers import RecordOutcomes, RepublishUnanswered, every_unanswered
from moodle_bridge.handlers.outcomes import Answer
from schemas.events import AssessmentCompleted, RefusalReason, decode
from schemas.values import instant_text
from tests.builders import NOW, an_id, completion_parked, credential_issued, issuance_refused
from tests.component.bridge.conftest import DELIVERIES, Bridge, a_body, sign

MINUTES = timedelta(minutes=1)


async def hear(bridge: Bridge, *events: Answer) -> None:
    await RecordOutcomes(bridge.completions)(events)


def parked(completion: UUID) -> Answer:
    event = completion_parked()
    return event.model_copy(update={"data": event.data.model_copy(update={"completion": completion})})


async def answer(bridge: Bridge, completion: UUID) -> dict[str, Any]:
    response = await bridge.outcome(completion)
    assert response.status_code == 200, response.text
    said: dict[str, Any] = response.json()
    return said


async def test_a_completion_without_an_outcome_is_in_flight(bridge: Bridge) -> None:
    completion = await bridge.accepted(a_body())
    assert await answer(bridge, completion) == {
        "completion": str(completion),
        "state": "in-flight",
        "reason": None,
        "detail": None,
        "reopenable": False,
        "award": None,
        "claim": None,
        "credential": None,
        "server_time": instant_text(NOW),
    }


async def test_an_issued_one_carries_a_fresh_claim_link_that_expires(bridge: Bridge) -> None:
    completion = await bridge.accepted(a_body())
    award = an_id("award")
    await hear(bridge, credential_issued(completion=completion, award=award))
    said = await answer(bridge, completion)
    assert (said["state"], said["award"]) == ("issued", str(award))
    origin, _, token = said["claim"].rpartition("/")
    assert origin == "https://issuer.example/claims"
    assert bridge.chassis.claims.read(token, NOW + timedelta(days=30)) == award
    bridge.later(days=29)
    later = (await answer(bridge, completion))["claim"].rpartition("/")[2]
    assert bridge.chassis.claims.read(later, NOW + timedelta(days=59)) == award


async def test_a_refusal_tells_its_reason_and_whether_it_may_end(bridge: Bridge) -> None:
    completion = await bridge.accepted(a_body())
    await hear(bridge, issuance_refused(completion=completion))
    said = await answer(bridge, completion)
    assert (said["state"], said["reason"], said["reopenable"]) == ("refused", "offering-unknown", True)
    assert said["detail"].startswith("No offering")
    assert said["claim"] is None


async def test_a_credential_after_a_refusal_wins_in_either_order(bridge: Bridge) -> None:
    first = await bridge.accepted(a_body(episode="course_completions:1"))
    second = await bridge.accepted(a_body(episode="course_completions:2"))
    await hear(bridge, issuance_refused(completion=first))
    await hear(bridge, credential_issued(completion=first))
    await hear(bridge, credential_issued(completion=second))
    await hear(bridge, issuance_refused(completion=second))
    assert [(await answer(bridge, one))["state"] for one in (first, second)] == ["issued", "issued"]


async def test_one_batch_may_tell_several_things_of_one_completion(bridge: Bridge) -> None:
    completion = await bridge.accepted(a_body())
    events = [
        parked(completion),
        credential_issued(completion=completion),
        issuance_refused(completion=completion, reason=RefusalReason.ASSESSMENT_FAILED),
    ]
    await hear(bridge, *events, *events)
    assert (await answer(bridge, completion))["state"] == "issued"


async def test_a_parked_one_says_so_and_a_decision_ends_it(bridge: Bridge) -> None:
    completion = await bridge.accepted(a_body())
    await hear(bridge, parked(completion))
    said = await answer(bridge, completion)
    assert (said["state"], said["reason"], said["reopenable"]) == ("parked", "invalid", True)
    await hear(bridge, credential_issued(completion=completion))
    assert (await answer(bridge, completion))["state"] == "issued"


async def test_an_outcome_of_a_completion_that_never_came_through_here_is_passed_over(bridge: Bridge) -> None:
    await hear(bridge, credential_issued(completion=uuid4()))
    assert await bridge.stored() == ()


async def test_an_outcome_does_not_lose_what_is_still_to_be_told(bridge: Bridge) -> None:
    completion = await bridge.accepted(a_body())
    await hear(bridge, credential_issued(completion=completion))
    assert len(await bridge.told()) == 1


async def test_an_outcome_that_arrives_while_the_completion_is_told_again_is_kept(bridge: Bridge) -> None:
    """Both write the same document; whoever is second notices and looks again."""
    completion = await bridge.accepted(a_body())
    (read,) = await bridge.stored()
    record = RecordOutcomes(bridge.completions)
    get_many, raced = bridge.completions.get_many, False

    class Racing:
        def __getattr__(self, name: str) -> object:
            return getattr(bridge.completions, name)

        async def get_many(self, ids: object) -> object:
            nonlocal raced
            known = await get_many(ids)  # type: ignore[arg-type]
            if not raced:
                raced = True
                await bridge.completions.replace(read.model_copy(update={"repeats": 7}))
            return known

    record._completions = Racing()  # type: ignore[assignment]
    await record([credential_issued(completion=completion)])
    (stored,) = await bridge.stored()
    assert (stored.fate.state, stored.repeats) == ("issued", 7)


async def test_who_asks_must_be_the_platform_that_delivered(bridge: Bridge) -> None:
    await bridge.register("acme-moodle", "acme")
    completion = await bridge.accepted(a_body())
    assert (await bridge.outcome(completion, "acme-moodle")).status_code == 404
    path = f"{DELIVERIES}/{completion}"
    headers = {
        200: [
            await bridge.bearer(Scope.PLATFORM, "uex", "uex-moodle"),
            await bridge.bearer(Scope.OPERATOR),
            await bridge.bearer(Scope.OPERATOR, "uex"),
        ],
        403: [
            await bridge.bearer(Scope.PLATFORM, "uex", "canvas"),
            await bridge.bearer(Scope.PLATFORM, "acme", "uex-moodle"),
            await bridge.bearer(Scope.OPERATOR, "acme"),
            await bridge.bearer(Scope.PROVIDER, "uex"),
        ],
        401: [{}, {"authorization": "Bearer guessed"}],
    }
    for status, each in headers.items():
        for one in each:
            assert (await bridge.client.get(path, headers=one)).status_code == status


async def test_a_question_is_signed_like_a_delivery(bridge: Bridge) -> None:
    completion = await bridge.accepted(a_body())
    path = f"{DELIVERIES}/{completion}"
    secret = bridge.secrets["uex-moodle"]
    for headers in (
        sign(secret, b"another body", NOW),
        sign(secret, b"", NOW - timedelta(minutes=6)),
        sign("whsec_" + "A" * 43 + "=", b"", NOW),
        {},
    ):
        response = await bridge.client.get(path, headers={**headers, "laurel-platform": "uex-moodle"})
        assert response.status_code == 401
        assert response.json()["server_time"] == instant_text(NOW)


@pytest.mark.parametrize("guess", ["6ba7b810-9dad-81d1-80b4-00c04fd430c8", str(UUID(int=0))])
async def test_a_guessed_completion_is_not_found(bridge: Bridge, guess: str) -> None:
    assert (await bridge.outcome(UUID(guess))).status_code == 404


def republish(bridge: Bridge) -> RepublishUnanswered:
    return RepublishUnanswered(
        bridge.completions,
        clock=lambda: bridge.now[0],
        nudge=lambda: None,
        first=2 * MINUTES,
        longest=10 * MINUTES,
        ceiling=40 * MINUTES,
    )


async def test_what_nobody_answers_is_told_again_after_growing_pauses(bridge: Bridge) -> None:
    await bridge.accepted(a_body())
    (event,) = await bridge.told()
    again = republish(bridge)
    told_at = []
    for minute in range(1, 100):
        await bridge.confirm()
        bridge.later(minutes=1)
        if await again():
            told_at.append(minute)
            assert await bridge.told() == [event], "the same fact, with the same id"
    assert told_at == [2, 6, 14, 24, 34]


async def test_what_is_over_the_ceiling_is_told_no_more_and_stays_listed_as_overdue(bridge: Bridge) -> None:
    first, second = [await bridge.accepted(a_body(episode=f"course_completions:{n}")) for n in range(2)]
    await hear(bridge, credential_issued(completion=first))
    await bridge.confirm()
    bridge.later(days=7)
    assert [line["overdue"] for line in (await bridge.ledger())["items"]] == [False, False]
    bridge.later(seconds=1)
    assert await republish(bridge)() == 0
    lines = {line["completion"]: line for line in (await bridge.ledger())["items"]}
    assert (lines[str(first)]["overdue"], lines[str(second)]["overdue"]) == (False, True)
    assert lines[str(second)]["state"] == "in-flight"

    await hear(bridge, credential_issued(completion=second))
    assert not any(line["overdue"] for line in (await bridge.ledger())["items"])


async def test_what_is_still_to_be_told_is_not_told_twice(bridge: Bridge) -> None:
    await bridge.accepted(a_body())
    bridge.later(minutes=5)
    await republish(bridge)()
    assert len(await bridge.told()) == 1


async def test_what_has_an_outcome_is_never_told_again(bridge: Bridge) -> None:
    completions = [await bridge.accepted(a_body(episode=f"course_completions:{n}")) for n in range(4)]
    await bridge.confirm()
    await hear(
        bridge,
        credential_issued(completion=completions[0]),
        issuance_refused(completion=completions[1]),
        parked(completions[2]),
    )
    bridge.later(minutes=39)
    assert await republish(bridge)() == 1
    assert [event.data.id for event in await bridge.told()] == [completions[3]]
    forgotten = [decode(event.value.encode()) async for event in every_unanswered(bridge.completions)]
    assert [event.data.id for event in forgotten if isinstance(event, AssessmentCompleted)] == [completions[3]]
