"""A learner's stack over HTTP, and what each format is said to lose."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.access import Scope
from credentials.formats import FORMATS
from credentials.linting import State, lint_document
from credentials.proofs.sd_jwt import disclosed
from issuer.settings import IssuerSettings
from schemas.values import JsonObject
from tests.builders import NOW, a_learner, a_status_entry, an_award, an_offering
from tests.component.issuer.conftest import House, a_house
from tests.component.issuer.test_over_http import genuine


async def stack(house: House, *offerings: str, **changes: Any) -> list[str]:  # noqa: ANN401 passed on as JSON
    """Credentials of one learner for these offerings."""
    await house.publish(*(an_offering(id=offering) for offering in offerings))
    return [(await house.issue(offering=offering, **changes))["award"] for offering in offerings]


async def record(house: House, awards: list[str], headers: dict[str, str]) -> tuple[int, JsonObject]:
    answer = await house.client.post("/api/v1/records", json={"awards": awards}, headers=headers)
    return answer.status_code, answer.json()


async def test_a_learners_credentials_are_sealed_into_one_record_and_each_stays_genuine(house: House) -> None:
    awards = await stack(house, "data-ethics", "statistics", "law")
    owner = await house.platform()

    status, sealed = await record(house, awards, owner)

    assert status == 200, sealed
    assert sealed["type"] == ["VerifiableCredential", "ClrCredential"]
    badges = sealed["credentialSubject"]["verifiableCredential"]
    assert [badge["id"] for badge in badges] == [f"urn:uuid:{award}" for award in awards]
    for document in (sealed, *badges):
        assert await genuine(house, document)
    for award, badge in zip(awards, badges, strict=True):
        alone = await house.client.get(f"/api/v1/credentials/{award}", headers=owner)
        assert alone.json() == badge
    badges.pop()
    assert not await genuine(house, sealed)


async def test_the_same_stack_is_the_same_record(house: House) -> None:
    awards = await stack(house, "data-ethics", "statistics")
    owner = await house.bearer(Scope.PROVIDER)

    first, again, less = [
        (await record(house, some, owner))[1]["id"] for some in (awards, [*reversed(awards), awards[0]], awards[:1])
    ]

    assert first == again
    assert first != less


async def test_a_record_is_given_to_its_owners_and_nobody_else(house: House) -> None:
    awards = await stack(house, "data-ethics")
    strangers = [
        await house.platform("another"),
        await house.bearer(Scope.PROVIDER, "elsewhere"),
        await house.bearer(Scope.OPERATOR, None),
    ]

    assert [(await record(house, awards, headers))[0] for headers in strangers] == [403, 403, 403]
    assert (await house.client.post("/api/v1/records", json={"awards": awards})).status_code == 401
    answer = await house.client.post("/api/v1/records", json={"awards": awards}, headers=await house.platform())
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/vc"


async def test_what_does_not_belong_together_or_does_not_hold_is_refused(house: House) -> None:
    (mine,) = await stack(house, "data-ethics")
    (theirs,) = await stack(house, "data-ethics", learner={"full_name": "Bo Bear", "email": "bo@example.org"})
    owner = await house.bearer(Scope.PROVIDER)
    status, problem = await record(house, [mine, theirs], owner)
    assert (status, problem["detail"]) == (422, "a record is of one learner, who was awarded by one organisation")

    await house.client.post(f"/api/v1/credentials/{mine}/revocation", json={"reason": "mistaken"}, headers=owner)
    status, problem = await record(house, [mine], owner)
    assert status == 422
    assert f"{mine} is revoked" in problem["detail"]


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"awards": []}, {"awards": ["x"]}, {"awards": "x"}, {"awards": [str(uuid4())] * 31}, {"award": []}],
)
async def test_what_names_no_credentials_is_malformed(house: House, body: object) -> None:
    answer = await house.client.post("/api/v1/records", json=body, headers=await house.bearer(Scope.PROVIDER))

    assert answer.status_code == 400, answer.text


async def test_what_was_never_issued_is_not_found_and_an_erased_learner_neither(house: House) -> None:
    owner = await house.bearer(Scope.OPERATOR, None)
    provider = await house.bearer(Scope.PROVIDER)
    assert (await record(house, [str(uuid4())], provider))[0] == 404

    (award,) = await stack(house, "data-ethics")
    erased = await house.client.post("/api/v1/erasures", json={"award": award}, headers=owner)
    assert erased.status_code == 200, erased.text
    status, problem = await record(house, [award], provider)
    assert status == 404
    assert "erased" in problem["detail"]


async def test_a_credential_inside_a_token_goes_into_no_record(tmp_path: Path) -> None:
    settings = IssuerSettings(format="verifiable-micro-credential", proofs=("sd-jwt",))
    async with a_house(tmp_path, settings) as house:
        (award,) = await stack(house, "data-ethics", learner=a_learner().model_dump(mode="json", exclude_none=True))
        status, problem = await record(house, [award], await house.bearer(Scope.PROVIDER))

    assert status == 422
    assert "token" in problem["detail"]


async def test_what_each_format_is_said_to_lose_is_what_is_not_in_what_it_composes(house: House) -> None:
    answer = await house.client.get("/api/v1/formats")

    assert answer.status_code == 200, answer.text
    told = {one["name"]: one for one in answer.json()["items"]}
    assert told.keys() == FORMATS.keys()
    assert [name for name, one in told.items() if one["issued"]] == ["open-badges-3"]
    for name, one in told.items():
        document = disclosed(FORMATS[name].compose(an_award(), issued=NOW, status=a_status_entry()))
        report = lint_document(document, at=NOW + timedelta(days=1))
        stated = {element.id for element in report.elements if element.state in {State.PRESENT, State.DOUBTFUL}}
        assert {element["id"] for element in one["carries"]} == stated
        assert {element["id"] for element in one["loses"]} == {element.id for element in report.elements} - stated
        assert one["proofs"]
    lost = {element["id"] for element in told["eudi-learning-credential"]["loses"] if element["mandatory"]}
    assert lost == {"assessment", "participation"}
