"""How an assessment was supervised: from what the platform says of this one to what is certified of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from laurel.demo.moodle import completion_body
from laurel.demo.scenario import PUPILS
from schemas.vocabularies import SUPERVISION_VERIFICATION
from tests.component.house.house import House


async def test_what_the_platform_says_of_this_assessment_is_certified_and_not_what_the_offering_promises(
    house: House,
) -> None:
    platform = await house.found_university()
    certified: list[str] = []
    for place, said in enumerate((None, "nosupid")):
        body = json.loads(
            completion_body(PUPILS[place], f"course_completions:{place}", datetime.now(UTC) - timedelta(1))
        )
        told = json.dumps(body | {"version": 2, "offering": PUPILS[0].offering, "supervision": said}).encode()
        issued = await house.outcome_of(platform, told)
        certified.append(json.dumps(await house.ask("GET", f"/api/v1/credentials/{issued['award']}")))
    promised, was = (SUPERVISION_VERIFICATION[one].uri for one in ("supid", "nosupid"))
    assert [(promised in one, was in one) for one in certified] == [(True, False), (False, True)]
