from html.parser import HTMLParser

import pytest

from catalogue.handlers import RememberOrganisations
from chassis.access import Scope
from schemas import annex1
from tests.builders import a_draft, an_organisation, organisation_registered
from tests.component.catalogue.conftest import Catalogue

BROWSER = {"accept": "text/html"}


class Reader(HTMLParser):
    """What a page says, where its links lead, and whether it obeys the policy."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.forbidden: list[str] = []
        self.feed(html)
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name == "href" and value and tag == "a"]
        self.forbidden += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]
        if tag in {"script", "style"}:
            self.forbidden.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


async def page(catalogue: Catalogue, path: str, **headers: str) -> Reader:
    answer = await catalogue.client.get(path, headers={**BROWSER, **headers})
    assert answer.status_code == 200, answer.text
    reader = Reader(answer.text)
    assert reader.forbidden == []
    return reader


async def test_the_list_shows_what_is_on_offer_and_by_whom(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    await RememberOrganisations(catalogue.organisations)([organisation_registered()])

    read = await page(catalogue, "/catalogue")

    assert "Data ethics for public services" in read.text
    assert "University of Example, Ireland" in read.text
    assert "EQF level 6 · 5 ECTS, 125 hours · Blended" in read.text
    assert "/catalogue/data-ethics" in read.links


async def test_an_organisation_that_has_not_announced_itself_is_shown_by_its_id(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())

    assert "uex" in (await page(catalogue, "/catalogue")).text


async def test_the_last_word_of_an_organisation_counts(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    renamed = an_organisation(legal_name={"en": "Example University of Technology"})

    await RememberOrganisations(catalogue.organisations)([organisation_registered(), organisation_registered(renamed)])

    assert "Example University of Technology" in (await page(catalogue, "/catalogue")).text


async def test_the_list_keeps_the_question_and_leads_on(catalogue: Catalogue) -> None:
    for number in range(3):
        await catalogue.publish(a_draft(id=f"o{number}", title={"en": f"Offering {number}"}))

    first = await page(catalogue, "/catalogue?q=offering&level=6")
    (further,) = [link for link in first.links if "after=" in link]
    second = await page(catalogue, further)

    assert "q=offering" in further
    assert "level=6" in further
    assert "Offering 1" in first.text
    assert "Offering 2" not in first.text
    assert "Offering 2" in second.text


async def test_an_empty_list_says_what_to_do(catalogue: Catalogue) -> None:
    assert "Search with fewer words" in (await page(catalogue, "/catalogue?q=alchemy")).text


async def test_an_offering_shows_every_standard_element_it_has(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    await RememberOrganisations(catalogue.organisations)([organisation_registered()])

    read = await page(catalogue, "/catalogue/data-ethics")

    about_the_award = {annex1.LEARNER, annex1.TITLE, annex1.DATE_OF_ISSUING, annex1.GRADE}
    for element in set(annex1.ELEMENTS) - about_the_award:
        assert element.title in read.text, element
    for said in (
        "Data ethics for public services",
        "Datenethik für öffentliche Dienste",
        "University of Example, Ireland",
        "Weigh the benefits and harms",
        "5 ECTS, 125 hours",
        "EQF level 6, QF-EHEA first cycle",
        "Written examination",
        "0 to 100, passed from 50",
        "Supervised with ID Verification",
        "Blended",
        "Institutional Quality Assurance",
        "Quality Agency of Example",
        "Stackable",
        "Master in Public Administration",
        "Political sciences and civics",
        "60 months after completion",
    ):
        assert said in read.text, said


async def test_an_offering_with_the_mandatory_elements_alone_has_its_page(catalogue: Catalogue) -> None:
    optional = dict.fromkeys(("description", "prerequisites", "integration", "homepage", "validity_months"))
    lists: dict[str, list[object]] = {name: [] for name in ("stackable_towards", "fields", "further_information")}
    plain = {
        "learning_outcomes": [{"title": {"en": "Tie knots"}}],
        "workload": {"hours": "7.5"},
        "level": {"nqf": "urn:nqf:2"},
        "assessments": [{"type": "quiz"}],
    }
    await catalogue.publish(a_draft(**optional, **lists, **plain))

    read = await page(catalogue, "/catalogue/data-ethics")

    assert "7.5 hours" in read.text
    assert "urn:nqf:2" in read.text
    assert "urn:nqf:2" not in read.links
    assert "Prerequisites" not in read.text


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({}, "A further credential, valid anew"),
        ({"validity_months": None}, "The credential is awarded once"),
        ({"reaward": "supersede"}, "A new credential takes the place of the earlier one"),
    ],
)
async def test_an_offering_says_what_completing_it_again_means(
    catalogue: Catalogue, stated: dict[str, object], said: str
) -> None:
    await catalogue.publish(a_draft(**stated))

    assert said in (await page(catalogue, "/catalogue/data-ethics")).text


async def test_a_reader_sees_their_own_language_where_there_is_one(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())

    german = await page(catalogue, "/catalogue/data-ethics", **{"accept-language": "de-AT,de;q=0.9,en;q=0.8"})
    french = await page(catalogue, "/catalogue/data-ethics", **{"accept-language": "fr"})
    unclear = await page(catalogue, "/catalogue/data-ethics", **{"accept-language": "*"})

    assert german.text.startswith("Datenethik für öffentliche Dienste")
    assert french.text.startswith("Data ethics for public services")
    assert unclear.text == french.text


async def test_a_retired_offering_says_so(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    operator = await catalogue.bearer(Scope.OPERATOR)
    await catalogue.client.post("/api/v1/offerings/data-ethics/retirement", headers=operator)

    assert "No longer on offer. Retired on 23 November 2026" in (await page(catalogue, "/catalogue/data-ethics")).text


async def test_an_earlier_version_says_so_and_leads_to_the_current_one(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft())
    await catalogue.publish(a_draft(title={"en": "Data ethics, revised"}))

    earlier = await page(catalogue, "/catalogue/data-ethics?version=1")
    current = await page(catalogue, "/catalogue/data-ethics")

    assert "An earlier version." in earlier.text
    assert "/catalogue/data-ethics" in earlier.links
    assert "An earlier version." not in current.text
    assert "/catalogue/data-ethics?version=1" in current.links


@pytest.mark.parametrize("path", ["/catalogue/knots", "/catalogue/data-ethics?version=7", "/catalogue/%3Cscript%3E"])
async def test_what_there_is_not_is_a_page_too(catalogue: Catalogue, path: str) -> None:
    await catalogue.publish(a_draft())

    answer = await catalogue.client.get(path, headers=BROWSER)

    assert answer.status_code == 404
    assert "<script" not in answer.text


async def test_what_a_provider_wrote_is_shown_and_not_run(catalogue: Catalogue) -> None:
    await catalogue.publish(a_draft(title={"en": "<script>alert(1)</script>"}, level={"nqf": "javascript:alert(1)"}))

    read = await page(catalogue, "/catalogue/data-ethics")

    assert "<script>alert(1)</script>" in read.text
    assert not [link for link in read.links if link.startswith("javascript:")]
