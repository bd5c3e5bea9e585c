from datetime import timedelta

import pytest

from catalogue.domain.lifecycle import (
    ElementsMissing,
    Lifecycle,
    NothingToPublish,
    OfferingExists,
    OfferingRetired,
    OfferingUnknown,
    Stage,
)
from schemas.microcredential import OfferingContent, OfferingState
from tests.builders import NOW, a_draft


def content(**changes: object) -> OfferingContent:
    return OfferingContent(**a_draft(**changes))


def drafted(**changes: object) -> Lifecycle:
    return Lifecycle().drafted(content(**changes))


def published() -> Lifecycle:
    return drafted().published(NOW)


def test_a_draft_may_lack_anything_but_its_name() -> None:
    bare = OfferingContent(id="knots", organisation="uex", title={"en": "Knots"})

    assert Lifecycle().drafted(bare).stage is Stage.DRAFT


def test_a_draft_is_published_as_version_one() -> None:
    life = published()

    assert life.current is not None
    assert (life.stage, life.draft) == (Stage.PUBLISHED, None)
    assert (life.current.version, life.current.published, life.current.title) == (1, NOW, content().title)


def test_publishing_names_every_mandatory_element_the_draft_lacks() -> None:
    life = drafted(workload=None, assessments=[], prerequisites=None)

    with pytest.raises(ElementsMissing, match=r"Notional workload .*; Type of assessment") as refusal:
        life.published(NOW)

    assert [element["id"] for element in refusal.value.members["missing"]] == ["workload", "assessment"]


def test_what_was_published_is_followed_and_never_changed() -> None:
    first = published()

    second = first.drafted(content(title={"en": "Data ethics, revised"})).published(NOW + timedelta(days=1))

    assert [version.version for version in second.versions] == [1, 2]
    assert second.versions[0] == first.current
    assert second.current == second.version(2)


def test_a_draft_of_the_next_version_changes_nothing_for_readers() -> None:
    life = published().drafted(content(title={"en": "Data ethics, revised"}))

    assert life.stage is Stage.PUBLISHED
    assert life.current == published().current


def test_times_of_publication_never_run_backwards() -> None:
    life = published().drafted(content(title={"en": "Again"})).published(NOW - timedelta(hours=1))

    assert life.current is not None
    assert life.current.published == NOW


def test_publishing_the_same_again_is_no_new_version() -> None:
    with pytest.raises(NothingToPublish, match=r"version 1 .* says just this already"):
        published().drafted(content()).published(NOW)


def test_there_must_be_a_draft_to_publish() -> None:
    with pytest.raises(NothingToPublish):
        published().published(NOW)


def test_retiring_ends_the_current_version_and_no_earlier_one() -> None:
    life = published().drafted(content(title={"en": "Again"})).published(NOW).retired(NOW + timedelta(days=9))

    assert life.stage is Stage.RETIRED
    assert [version.state for version in life.versions] == [OfferingState.PUBLISHED, OfferingState.RETIRED]
    assert life.versions[1].retired == NOW + timedelta(days=9)


def test_retiring_drops_a_draft_that_waited() -> None:
    assert published().drafted(content(title={"en": "Again"})).retired(NOW).draft is None


def test_what_was_never_published_cannot_be_retired() -> None:
    with pytest.raises(NothingToPublish):
        drafted().retired(NOW)


def test_retired_is_for_good() -> None:
    life = published().retired(NOW)

    for step in (lambda: life.drafted(content()), lambda: life.published(NOW), lambda: life.retired(NOW)):
        with pytest.raises(OfferingRetired, match="2026-11-23"):
            step()


def test_an_offering_stays_with_its_organisation() -> None:
    with pytest.raises(OfferingExists):
        published().drafted(content(organisation="harbour-school"))


@pytest.mark.parametrize("number", [-1, 0, 2])
def test_a_version_that_does_not_exist_is_unknown(number: int) -> None:
    with pytest.raises(OfferingUnknown):
        published().version(number)
