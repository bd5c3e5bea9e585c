import pytest

from monitor.domain.flow import Stage, percentile, sighting, sightings
from schemas.events import DIRECT, Event, fact_id
from tests.builders import credential_issued, credential_verified, every_event


@pytest.mark.parametrize("event", every_event(), ids=lambda event: event.type)
def test_every_event_is_seen_under_its_own_id(event: Event) -> None:
    seen = sighting(event)
    assert seen.id == event.id
    assert sighting(event) == seen


def test_every_stage_is_reached_by_some_event() -> None:
    assert {sighting(event).stage for event in every_event()} == set(Stage)


@pytest.mark.parametrize("event", every_event(), ids=lambda event: event.type)
def test_a_sighting_holds_nothing_about_the_person(event: Event) -> None:
    said = sighting(event).model_dump_json()
    learner = getattr(event.data, "learner", None)
    assert "Andromeda" not in said
    assert "ciphertext" not in said
    assert learner is None or str(learner) not in said


def test_a_credentials_wait_runs_from_acceptance_to_seal() -> None:
    event = credential_issued()
    assert sighting(event).seconds == (event.time - event.data.received).total_seconds()


def test_what_was_issued_at_a_providers_word_was_accepted_too_and_once() -> None:
    event = credential_issued()
    direct = event.model_copy(update={"data": event.data.model_copy(update={"platform": DIRECT})})
    accepted, issued = sightings(direct)
    assert (accepted.stage, accepted.at, accepted.id) == (
        Stage.RECEIVED,
        event.data.received,
        fact_id(event.data.completion, "completed"),
    )
    assert issued == sighting(direct)
    assert sightings(event) == (sighting(event),)


def test_clocks_that_disagree_do_not_make_a_negative_wait() -> None:
    event = credential_issued()
    early = event.model_copy(update={"time": event.data.received.replace(year=2020)})
    assert sighting(early).seconds == 0


def test_a_verification_is_told_by_its_decision_and_duration() -> None:
    event = credential_verified()
    seen = sighting(event)
    assert (seen.note, seen.seconds) == (event.data.decision, event.data.milliseconds / 1000)


@pytest.mark.parametrize(
    ("values", "expected"),
    [((), None), ((3.0,), 3.0), (tuple(map(float, range(1, 101))), 95.0), ((1.0, 2.0), 2.0)],
)
def test_the_percentile_is_a_value_that_was_measured(values: tuple[float, ...], expected: float | None) -> None:
    assert percentile(values, 0.95) == expected
