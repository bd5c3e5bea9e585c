import pytest

from catalogue.handlers import every_version
from chassis.access import Scope
from schemas.events import OfferingPublished, decode
from schemas.microcredential import OfferingState
from tests.builders import a_draft
from tests.component.catalogue.conftest import Catalogue

OFFERINGS = "/api/v1/offerings"
DATA_ETHICS = f"{OFFERINGS}/data-ethics"


async def pending(catalogue: Catalogue) -> list[OfferingPublished]:
    """What waits to be told, in order."""
    documents = await catalogue.offerings.with_pending()
    events = [decode(event.value.encode()) for document in documents for event in document.pending]
    assert all(isinstance(event, OfferingPublished) for event in events)
    return events


async def test_a_provider_drafts_publishes_and_everybody_reads(catalogue: Catalogue) -> None:
    provider = await catalogue.bearer(Scope.PROVIDER, "uex")

    created = await catalogue.client.post(OFFERINGS, json=a_draft(), headers=provider)
    published = await catalogue.client.post(f"{DATA_ETHICS}/publication", headers=provider)
    read = await catalogue.client.get(DATA_ETHICS)

    assert (created.status_code, created.json()["missing"]) == (201, [])
    assert created.headers["location"] == f"{DATA_ETHICS}/draft"
    assert published.status_code == 200
    assert published.json() == read.json()
    assert (read.json()["version"], read.json()["state"]) == (1, "published")
    assert read.json()["level"]["eqf"] == "http://data.europa.eu/snb/eqf/6"


async def test_what_is_published_is_told_to_everybody_from_the_same_document(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())

    (event,) = await pending(catalogue)

    assert (event.key, event.data.state, event.time) == ("data-ethics@1", OfferingState.PUBLISHED, catalogue.clock[0])
    assert catalogue.nudges == 1


async def test_a_draft_may_lack_elements_and_says_which(catalogue: Catalogue) -> None:
    provider = await catalogue.bearer(Scope.PROVIDER, "uex")
    bare = {"id": "knots", "organisation": "uex", "title": {"en": "Knots"}}

    created = await catalogue.client.post(OFFERINGS, json=bare, headers=provider)
    again = await catalogue.client.get(f"{OFFERINGS}/knots/draft", headers=provider)

    assert created.status_code == 201
    assert created.json() == again.json()
    assert [element["id"] for element in created.json()["missing"]] == [
        "learning-outcomes",
        "workload",
        "level",
        "assessment",
        "participation",
        "quality-assurance",
    ]


async def test_publishing_what_lacks_a_mandatory_element_is_refused_and_names_it(catalogue: Catalogue) -> None:
    operator = await catalogue.bearer(Scope.OPERATOR)
    await catalogue.client.post(OFFERINGS, json=a_draft(workload=None, participation=[]), headers=operator)

    refused = await catalogue.client.post(f"{DATA_ETHICS}/publication", headers=operator)

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:laurel:problem:elements-missing"
    assert refused.json()["missing"] == [
        {"id": "workload", "title": "Notional workload needed to achieve the learning outcomes"},
        {"id": "participation", "title": "Form of participation in the learning activity"},
    ]
    assert "Notional workload" in refused.json()["detail"]
    assert (await catalogue.client.get(DATA_ETHICS)).status_code == 404
    assert await pending(catalogue) == []


async def test_a_misspelt_element_is_malformed_and_named(catalogue: Catalogue) -> None:
    operator = await catalogue.bearer(Scope.OPERATOR)

    answer = await catalogue.client.post(OFFERINGS, json=a_draft(asessments=[]), headers=operator)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "asessments"


async def test_a_word_that_is_not_in_a_code_list_is_malformed_and_named(catalogue: Catalogue) -> None:
    operator = await catalogue.bearer(Scope.OPERATOR)

    answer = await catalogue.client.post(OFFERINGS, json=a_draft(participation=["telepathy"]), headers=operator)

    assert answer.status_code == 400
    assert "participation.0" in answer.json()["detail"]


async def test_what_completing_again_means_is_one_of_three_words(catalogue: Catalogue) -> None:
    operator = await catalogue.bearer(Scope.OPERATOR)

    answer = await catalogue.client.post(OFFERINGS, json=a_draft(reaward="twice"), headers=operator)

    assert answer.status_code == 400
    assert "reaward: Input should be 'once', 'renewable' or 'supersede'" in answer.json()["detail"]


async def test_a_change_of_what_completing_again_means_is_a_new_version_and_is_told(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    await catalogue.publish(a_draft(reaward="supersede"))

    told = await pending(catalogue)

    assert [(event.data.version, event.data.reawarded) for event in told] == [(1, "renewable"), (2, "supersede")]


async def test_a_name_is_given_once(catalogue: Catalogue) -> None:
    operator = await catalogue.bearer(Scope.OPERATOR)
    await catalogue.client.post(OFFERINGS, json=a_draft(), headers=operator)

    again = await catalogue.client.post(OFFERINGS, json=a_draft(organisation="other"), headers=operator)
    taken = await catalogue.client.put(f"{DATA_ETHICS}/draft", json=a_draft(organisation="other"), headers=operator)

    assert (again.status_code, taken.status_code) == (409, 409)
    assert again.json()["type"] == "urn:laurel:problem:offering-exists"


async def test_a_revised_draft_becomes_the_next_version_and_the_first_stays_readable(catalogue: Catalogue) -> None:
    first = await catalogue.publish(a_draft())
    second = await catalogue.publish(a_draft(title={"en": "Data ethics, revised"}))

    assert [version["version"] for version in (first, second)] == [1, 2]
    assert (await catalogue.client.get(DATA_ETHICS)).json() == second
    assert (await catalogue.client.get(f"{DATA_ETHICS}?version=1")).json() == first
    assert (await catalogue.client.get(f"{DATA_ETHICS}?version=3")).status_code == 404
    assert [event.key for event in await pending(catalogue)] == ["data-ethics@1", "data-ethics@2"]


async def test_publishing_the_same_twice_makes_no_second_version(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    operator = await catalogue.bearer(Scope.OPERATOR)

    await catalogue.client.put(f"{DATA_ETHICS}/draft", json=a_draft(), headers=operator)
    again = await catalogue.client.post(f"{DATA_ETHICS}/publication", headers=operator)

    assert again.status_code == 409
    assert again.json()["type"] == "urn:laurel:problem:nothing-to-publish"


async def test_retirement_is_a_state_that_is_told_and_stays_readable(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    operator = await catalogue.bearer(Scope.OPERATOR)

    retired = await catalogue.client.post(f"{DATA_ETHICS}/retirement", headers=operator)
    again = await catalogue.client.post(f"{DATA_ETHICS}/retirement", headers=operator)

    assert retired.status_code == 200
    assert (await catalogue.client.get(DATA_ETHICS)).json()["state"] == "retired"
    assert (await catalogue.client.get(OFFERINGS)).json()["items"] == []
    assert again.status_code == 409
    published, told = await pending(catalogue)
    assert (told.key, told.data.state, told.data.retired) == (
        "data-ethics@1",
        OfferingState.RETIRED,
        catalogue.clock[0],
    )
    assert told.id != published.id


async def test_the_list_has_what_is_on_offer_by_title_page_by_page(catalogue: Catalogue) -> None:
    operator = await catalogue.bearer(Scope.OPERATOR)
    for name, title in {"b": "Ängste verstehen", "a": "Zoology", "c": "Brewing", "d": "brewing, advanced"}.items():
        await catalogue.publish(a_draft(id=name, title={"en": title}))
    await catalogue.publish(a_draft(id="gone", title={"en": "Alchemy"}))
    await catalogue.client.post(f"{OFFERINGS}/gone/retirement", headers=operator)
    await catalogue.client.post(OFFERINGS, json=a_draft(id="draft", title={"en": "Aerobics"}), headers=operator)

    first = (await catalogue.client.get(OFFERINGS)).json()
    second = (await catalogue.client.get(OFFERINGS, params={"after": first["next"]})).json()

    assert [[offering["id"] for offering in page["items"]] for page in (first, second)] == [["b", "c"], ["d", "a"]]
    assert "next" not in second


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"q": "ethics"}, ["data-ethics"]),
        ({"q": "ETHIK offentliche"}, ["data-ethics"]),
        ({"field": "03"}, ["data-ethics"]),
        ({"field": "0715"}, ["welding"]),
        ({"level": "3"}, ["welding"]),
        ({"level": "http://data.europa.eu/snb/eqf/6"}, ["data-ethics"]),
        ({"q": "ethics", "level": "3"}, []),
        ({"q": " ", "field": "", "level": ""}, ["data-ethics", "welding"]),
    ],
)
async def test_the_list_is_filtered_by_words_field_and_level(
    catalogue: Catalogue, params: dict[str, str], found: list[str]
) -> None:
    await catalogue.publish(a_draft())
    welding = {"title": {"en": "Welding"}, "description": None, "learning_outcomes": [{"title": {"en": "Weld"}}]}
    await catalogue.publish(a_draft(id="welding", fields=["0715"], level={"eqf": "3"}, **welding))

    page = (await catalogue.client.get(OFFERINGS, params=params)).json()

    assert [offering["id"] for offering in page["items"]] == found


async def test_a_filtered_list_goes_on_where_its_page_ended(catalogue: Catalogue) -> None:
    for number in range(9):
        level = {"eqf": "6" if number % 2 else "5"}
        await catalogue.publish(a_draft(id=f"o{number}", title={"en": f"Offering {number}"}, level=level))

    found: list[str] = []
    params = {"q": "offering", "level": "5", "limit": "2"}
    while True:
        page = (await catalogue.client.get(OFFERINGS, params=params)).json()
        assert len(page["items"]) <= 2
        found += [offering["id"] for offering in page["items"]]
        if "next" not in page:
            break
        params["after"] = page["next"]

    assert found == ["o0", "o2", "o4", "o6", "o8"]


@pytest.mark.parametrize(
    "params", [{"field": "alchemy"}, {"level": "9"}, {"after": "nonsense"}, {"limit": "0"}, {"q": "x" * 201}]
)
async def test_a_question_that_makes_no_sense_is_malformed(catalogue: Catalogue, params: dict[str, str]) -> None:
    assert (await catalogue.client.get(OFFERINGS, params=params)).status_code == 400


ROUTES_OF_PROVIDERS = [
    ("POST", OFFERINGS),
    ("PUT", f"{DATA_ETHICS}/draft"),
    ("GET", f"{DATA_ETHICS}/draft"),
    ("POST", f"{DATA_ETHICS}/publication"),
    ("POST", f"{DATA_ETHICS}/retirement"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES_OF_PROVIDERS)
async def test_a_provider_acts_for_their_own_organisation_only(catalogue: Catalogue, method: str, path: str) -> None:
    await catalogue.publish(a_draft())
    operator = await catalogue.bearer(Scope.OPERATOR)
    await catalogue.client.put(f"{DATA_ETHICS}/draft", json=a_draft(title={"en": "Next"}), headers=operator)
    before = await catalogue.offerings.get("data-ethics")
    body = a_draft() if path.endswith(("/draft", "/offerings")) else None

    async def asked(headers: dict[str, str]) -> int:
        return (await catalogue.client.request(method, path, json=body, headers=headers)).status_code

    assert await asked({}) == 401
    assert await asked({"authorization": "Bearer lrl_provider_guessed"}) == 401
    assert await asked(await catalogue.bearer(Scope.PROVIDER, "harbour-school")) == 403
    assert await asked(await catalogue.bearer(Scope.PLATFORM, "uex", "uex-moodle")) == 403
    assert await catalogue.offerings.get("data-ethics") == before


async def test_a_draft_is_not_for_the_public(catalogue: Catalogue) -> None:
    operator = await catalogue.bearer(Scope.OPERATOR)
    await catalogue.client.post(OFFERINGS, json=a_draft(), headers=operator)

    assert (await catalogue.client.get(DATA_ETHICS)).status_code == 404
    assert (await catalogue.client.get(OFFERINGS)).json() == {"items": []}


async def test_a_draft_sent_to_another_name_is_malformed(catalogue: Catalogue) -> None:
    operator = await catalogue.bearer(Scope.OPERATOR)

    answer = await catalogue.client.put(f"{OFFERINGS}/knots/draft", json=a_draft(), headers=operator)

    assert answer.status_code == 400


async def test_everything_ever_said_can_be_said_again_word_for_word(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    await catalogue.publish(a_draft(title={"en": "Data ethics, revised"}))
    await catalogue.publish(a_draft(id="knots"))
    await catalogue.client.post(f"{OFFERINGS}/knots/retirement", headers=await catalogue.bearer(Scope.OPERATOR))
    said = {event.key: event for event in await pending(catalogue)}

    again = [decode(event.value.encode()) async for event in every_version(catalogue.offerings)]

    assert {event.key: event for event in again if isinstance(event, OfferingPublished)} == said
    assert len(again) == 3
