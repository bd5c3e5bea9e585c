"""accepted = issued + refused + parked + in flight, by ids."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import account as accounting
from monitor.domain.account import Accepted, Account, Decided, Ending, Intake, Parked
from schemas.events import DIRECT
from tests.builders import an_id

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def accepted(name: str, state: Ending = Ending.IN_FLIGHT) -> Accepted:
    return Accepted(completion=an_id(name), platform="moodle", received=NOW, state=state)


def intake(*lines: Accepted, duplicates: int = 0, turned_away: int = 0) -> Intake:
    return Intake(accepted=lines, duplicates=duplicates, turned_away=turned_away)


def decided(name: str, state: Ending, award: str = "award") -> Decided:
    return Decided(completion=an_id(name), award=an_id(name + award), platform="moodle", state=state, decided=NOW)


def parked(name: str, service: str = "issuer") -> Parked:
    return Parked(
        id=name, service=service, group=f"{service}.assessment-completed", topic="laurel.assessment.completed",
        reason="invalid", detail="it cannot be read", first_seen=NOW, last_seen=NOW, attempts=1, completion=an_id(name),
    )  # fmt: skip


def draw(since: datetime | None, taken: Intake, outcomes: list[Decided], aside: list[Parked]) -> Account:
    return accounting.draw(since, taken, outcomes, aside, NOW + timedelta(hours=3))


def test_what_has_no_outcome_is_listed_with_its_age_the_oldest_first() -> None:
    older = accepted("b").model_copy(update={"received": NOW - timedelta(days=1)})
    account = draw(None, intake(accepted("a"), older, accepted("c", Ending.ISSUED), accepted("d")), [], [parked("d")])
    assert [(one.completion, one.seconds) for one in account.unanswered] == [
        (an_id("b"), 27 * 3600),
        (an_id("a"), 3 * 3600),
        (an_id("c"), 3 * 3600),
    ]


def test_what_was_issued_at_a_providers_word_is_accepted_and_issued_though_no_bridge_knows_it() -> None:
    direct = decided("x", Ending.ISSUED).model_copy(update={"platform": DIRECT})
    account = draw(None, intake(accepted("a")), [direct, decided("a", Ending.ISSUED)], [])
    assert (account.accepted, account.direct, account.issued, account.balanced) == (2, 1, 2, True)
    assert draw(NOW + timedelta(hours=1), intake(), [direct], []).accepted == 0


def test_every_completion_is_counted_where_it_ended() -> None:
    account = draw(
        None,
        intake(*map(accepted, "abcde"), duplicates=2, turned_away=3),
        [decided("a", Ending.ISSUED), decided("b", Ending.ISSUED), decided("c", Ending.REFUSED)],
        [parked("d")],
    )
    assert (account.accepted, account.issued, account.refused, account.parked) == (5, 2, 1, 1)
    assert account.in_flight == (an_id("e"),)
    assert (account.unaccounted, account.duplicates, account.turned_away) == ((), 2, 3)
    assert account.balanced


def test_an_outcome_that_the_bridge_heard_of_and_nobody_has_is_unaccounted_not_in_flight() -> None:
    account = draw(None, intake(accepted("a", Ending.ISSUED), accepted("b")), [], [])
    assert account.unaccounted == (an_id("a"),)
    assert account.in_flight == (an_id("b"),)
    assert not account.balanced


def test_a_completion_that_nobody_answered_for_too_long_is_unaccounted_unless_it_was_decided_after_all() -> None:
    late = [accepted(name).model_copy(update={"overdue": True}) for name in "ab"]
    account = draw(None, intake(*late, accepted("c")), [decided("a", Ending.REFUSED)], [])
    assert (account.refused, account.unaccounted, account.in_flight) == (1, (an_id("b"),), (an_id("c"),))
    assert not account.balanced


def test_a_completion_that_was_awarded_twice_is_named() -> None:
    twice = [decided("a", Ending.ISSUED, "first"), decided("a", Ending.ISSUED, "second")]
    account = draw(None, intake(accepted("a")), twice, [])
    assert account.issued == 1
    assert account.issued_twice == (an_id("a"),)
    assert not account.balanced


def test_a_credential_that_corrects_another_is_no_second_one() -> None:
    first, second = (decided("a", Ending.ISSUED, award) for award in ("first", "second"))
    corrected = second.model_copy(update={"replaces": first.award})
    for lines in ([first, corrected], [corrected, first]):
        account = draw(None, intake(accepted("a")), lines, [])
        assert (account.issued, account.issued_twice, account.balanced) == (1, (), True)


def test_the_same_line_read_twice_is_one_completion() -> None:
    line = decided("a", Ending.ISSUED)
    account = draw(None, intake(accepted("a"), accepted("a")), [line, line], [])
    assert (account.accepted, account.issued, account.issued_twice) == (1, 1, ())


def test_a_refusal_that_reopened_counts_as_what_it_became() -> None:
    lines = [decided("a", Ending.REFUSED), decided("a", Ending.ISSUED)]
    assert draw(None, intake(accepted("a")), lines, []).issued == 1


def test_a_decision_outweighs_a_parked_copy() -> None:
    account = draw(None, intake(accepted("a")), [decided("a", Ending.ISSUED)], [parked("a")])
    assert (account.issued, account.parked) == (1, 0)


def test_a_completion_that_only_the_monitor_parked_is_still_in_flight() -> None:
    account = draw(None, intake(accepted("a")), [], [parked("a", service="monitor")])
    assert (account.parked, account.in_flight) == (0, (an_id("a"),))


def test_what_was_not_accepted_in_this_time_is_not_counted() -> None:
    account = draw(NOW, intake(accepted("a")), [decided("a", Ending.ISSUED), decided("old", Ending.ISSUED)], [])
    assert (account.accepted, account.issued) == (1, 1)


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(Ending)), max_size=12),
    st.lists(st.tuples(st.sampled_from("abcdefghij"), st.sampled_from([Ending.ISSUED, Ending.REFUSED])), max_size=12),
    st.lists(st.sampled_from("abcdefghij"), max_size=6),
)
def test_the_account_always_adds_up(
    taken: list[tuple[str, Ending]], outcomes: list[tuple[str, Ending]], aside: list[str]
) -> None:
    account = draw(
        None,
        intake(*(accepted(name, state) for name, state in taken)),
        [decided(name, state) for name, state in outcomes],
        [parked(name) for name in aside],
    )
    ended = account.issued + account.refused + account.parked
    assert account.accepted == ended + len(account.in_flight) + len(account.unaccounted)
    assert not {*account.in_flight} & {*account.unaccounted}
