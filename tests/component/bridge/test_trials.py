from __future__ import annotations

import pytest

from schemas.values import instant_text
from tests.builders import NOW
from tests.component.bridge.conftest import ADMIN, Bridge, a_body, sign

TRIALS = "/moodle/trials"


async def try_(bridge: Bridge, body: bytes, secret: str | None = None) -> tuple[int, dict[str, object]]:
    headers = sign(secret or bridge.secrets["uex-moodle"], body, NOW) | {"laurel-platform": "uex-moodle"}
    answer = await bridge.client.post(TRIALS, content=body, headers=headers)
    return answer.status_code, answer.json()


async def test_a_trial_says_what_was_understood_and_keeps_nothing(bridge: Bridge) -> None:
    status, said = await try_(bridge, a_body())
    assert status == 200
    detail = str(said.pop("detail"))
    assert said == {
        "platform": "uex-moodle",
        "organisation": "uex",
        "offering": "data-ethics",
        "completion": str(bridge.chassis.identity.completion("uex-moodle", "course_completions:17")),
        "may_award": True,
        "prognosis": None,
        "reason": None,
        "server_time": instant_text(NOW),
    }
    assert "the issuer" in detail, "which is away in this test"
    assert await bridge.stored() == ()


async def test_a_trial_says_when_the_platform_may_not_award_the_offering(bridge: Bridge) -> None:
    change = {"enabled": True, "offerings": ["battery-recycling"]}
    await bridge.client.put("/api/v1/platforms/uex-moodle", json=change, headers=ADMIN)
    _, said = await try_(bridge, a_body())
    assert said["may_award"] is False


@pytest.mark.parametrize(("body", "kind"), [(b"{", "malformed"), (a_body(offering="No Slug"), "malformed")])
async def test_what_would_not_be_accepted_is_told(bridge: Bridge, body: bytes, kind: str) -> None:
    status, said = await try_(bridge, body)
    assert (status, str(said["type"]).rpartition(":")[2]) == (400, kind)


async def test_a_wrong_secret_and_a_disabled_platform_are_told(bridge: Bridge) -> None:
    other = await bridge.register("acme-moodle", "acme")
    assert (await try_(bridge, a_body(), other))[0] == 401
    change = {"enabled": False, "offerings": None}
    await bridge.client.put("/api/v1/platforms/uex-moodle", json=change, headers=ADMIN)
    assert (await try_(bridge, a_body()))[0] == 403
