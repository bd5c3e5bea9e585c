"""The judge of a storm finds what went wrong, whatever it is: each case plants one harm in a sound result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from credentials.issuance_log import Statement, Step, award_digest, beginning, content_of, shortcut
from tests.builders import NOW
from tests.chaos.invariants import DECIDER, INVARIANTS, Log, Seen, Sent, violations

DID = "did:web:issuer.example"
EPISODES = 6
FAILED = 0
LIST = "https://issuer.example/lists/1"

Result = tuple[Sent, Seen]


def a_log(entries: list[list[dict[str, str]]]) -> Log:
    links, pages = {0: beginning(DID)}, []
    for number, some in enumerate(entries, 1):
        content = content_of([(entry["credential"], entry["award"]) for entry in some])
        step = Step(number, NOW, content, links[number - 1], links[shortcut(number)])
        links[number] = step.link
        pages.append({**step.to_json(), "link": step.link, "entries": some})
    return Log(DID, Statement(DID, NOW, len(pages), links[len(pages)]), pages)


def a_sound_result() -> Result:
    """Six completions: one refused, five issued; and one poisonous message."""
    numbers = range(EPISODES)
    issued = [number for number in numbers if number != FAILED]
    sent = Sent(
        accepted={f"episode-{number}": frozenset({f"completion-{number}"}) for number in numbers},
        failed=frozenset({f"episode-{FAILED}"}),
        poison=["not-json"],
    )
    states = {number: "refused" if number == FAILED else "issued" for number in numbers}
    seen = Seen(
        account={
            "accepted": EPISODES,
            "issued": len(issued),
            "refused": 1,
            "parked": 0,
            "in_flight": [],
            "unaccounted": [],
            "issued_twice": [],
        },
        ledger=[{"completion": f"completion-{number}", "state": states[number]} for number in numbers],
        outcomes=[
            {
                "completion": f"completion-{number}",
                "award": f"award-{number}",
                "state": states[number],
                "reason": "assessment-failed" if number == FAILED else None,
                "status": None if number == FAILED else {"list": LIST, "index": number},
            }
            for number in numbers
        ],
        parked=[{"group": DECIDER, "completion": None, "reason": "not-json"}],
        credentials={f"award-{number}": {"id": f"urn:uuid:{number}"} for number in issued},
        digests={f"award-{number}": f"digest-{number}" for number in issued},
        verdicts={f"award-{number}": "accept" for number in issued},
        log=a_log(
            [[{"credential": f"digest-{number}", "award": award_digest(f"award-{number}")}] for number in issued]
        ),
        announced={f"completion-{number}": frozenset({f"{LIST}#{number}"}) for number in issued},
        exits={"issuer": 0},
    )
    return sent, seen


def with_outcome(result: Result, number: int, **change: object) -> Result:
    sent, seen = result
    outcomes = [{**one, **change} if index == number else one for index, one in enumerate(seen.outcomes)]
    return sent, replace(seen, outcomes=outcomes)


def with_account(result: Result, **change: object) -> Result:
    sent, seen = result
    return sent, replace(seen, account={**seen.account, **change})


def a_completion_was_lost(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, outcomes=seen.outcomes[:-1])


def a_completion_was_decided_twice(result: Result) -> Result:
    sent, seen = result
    again = {**seen.outcomes[1], "award": "award-again", "status": {"list": LIST, "index": 99}}
    return sent, replace(seen, outcomes=[*seen.outcomes, again])


def the_bridge_forgot_what_it_accepted(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, ledger=seen.ledger[:-1])


def somebody_never_accepted_has_a_credential(result: Result) -> Result:
    return with_outcome(result, 1, completion="a-stranger")


def an_episode_became_two_completions(result: Result) -> Result:
    sent, seen = result
    ids = frozenset({"completion-1", "completion-again"})
    return replace(sent, accepted={**sent.accepted, "episode-1": ids}), seen


def two_episodes_became_one_completion(result: Result) -> Result:
    sent, seen = result
    return replace(sent, accepted={**sent.accepted, "episode-2": sent.accepted["episode-1"]}), seen


def a_delivery_was_turned_away(result: Result) -> Result:
    sent, seen = result
    return replace(sent, turned_away=["episode-1 was answered 422"]), seen


def a_forgery_was_let_in(result: Result) -> Result:
    sent, seen = result
    return replace(sent, let_in=["a forged signature was answered 202"]), seen


def an_award_was_made_twice(result: Result) -> Result:
    return with_outcome(result, 1, award="award-2")


def a_credential_was_made_twice(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, credentials={**seen.credentials, "award-1": seen.credentials["award-2"]})


def two_credentials_were_told_of_one_completion(result: Result) -> Result:
    sent, seen = result
    told = frozenset({f"{LIST}#1", f"{LIST}#77"})
    return sent, replace(seen, announced={**seen.announced, "completion-1": told})


def two_credentials_share_a_place(result: Result) -> Result:
    return with_outcome(result, 1, status={"list": LIST, "index": 2})


def a_failed_assessment_was_awarded(result: Result) -> Result:
    return with_outcome(result, FAILED, state="issued")


def a_credential_does_not_verify(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, verdicts={**seen.verdicts, "award-1": "reject"})


def a_credential_was_not_verified(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, verdicts={award: said for award, said in seen.verdicts.items() if award != "award-1"})


def something_is_in_flight(result: Result) -> Result:
    return with_account(result, in_flight=["completion-1"])


def something_is_unaccounted_for(result: Result) -> Result:
    return with_account(result, unaccounted=["completion-1"])


def the_account_does_not_add_up(result: Result) -> Result:
    return with_account(result, parked=1)


def the_account_counts_others_than_there_are(result: Result) -> Result:
    return with_account(result, issued=4, refused=2)


def the_bridge_did_not_hear_an_outcome(result: Result) -> Result:
    sent, seen = result
    ledger = [{**entry, "state": "in-flight"} if index == 1 else entry for index, entry in enumerate(seen.ledger)]
    return sent, replace(seen, ledger=ledger)


def a_good_message_was_parked(result: Result) -> Result:
    sent, seen = result
    extra = {"group": DECIDER, "completion": "completion-1", "reason": "handler-failed"}
    return sent, replace(seen, parked=[*seen.parked, extra])


def poison_was_swallowed(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, parked=[])


def a_page_of_the_log_was_changed(result: Result) -> Result:
    sent, seen = result
    pages = [dict(page) for page in seen.log.pages]
    pages[2]["entries"] = [{"credential": "digest-3", "award": "another"}]
    return sent, replace(seen, log=replace(seen.log, pages=pages))


def a_page_of_the_log_was_taken_out(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, log=replace(seen.log, pages=[*seen.log.pages[:2], *seen.log.pages[3:]]))


def the_log_lost_its_end(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, log=replace(seen.log, pages=seen.log.pages[:-1]))


def a_credential_is_not_in_the_log(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, digests={**seen.digests, "award-1": "another"})


def a_process_did_not_end_well(result: Result) -> Result:
    sent, seen = result
    return sent, replace(seen, exits={"issuer": -9})


HARMS = (
    a_completion_was_lost,
    a_completion_was_decided_twice,
    the_bridge_forgot_what_it_accepted,
    somebody_never_accepted_has_a_credential,
    an_episode_became_two_completions,
    two_episodes_became_one_completion,
    a_delivery_was_turned_away,
    a_forgery_was_let_in,
    an_award_was_made_twice,
    a_credential_was_made_twice,
    two_credentials_were_told_of_one_completion,
    two_credentials_share_a_place,
    a_failed_assessment_was_awarded,
    a_credential_does_not_verify,
    a_credential_was_not_verified,
    something_is_in_flight,
    something_is_unaccounted_for,
    the_account_does_not_add_up,
    the_account_counts_others_than_there_are,
    the_bridge_did_not_hear_an_outcome,
    a_good_message_was_parked,
    poison_was_swallowed,
    a_page_of_the_log_was_changed,
    a_page_of_the_log_was_taken_out,
    the_log_lost_its_end,
    a_credential_is_not_in_the_log,
    a_process_did_not_end_well,
)


def test_nothing_is_found_in_a_sound_result() -> None:
    assert violations(*a_sound_result()) == []


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_it_is_found_that(harm: Callable[[Result], Result]) -> None:
    assert violations(*harm(a_sound_result())) != []


def test_each_invariant_finds_something() -> None:
    found = {one for one in INVARIANTS for harm in HARMS if list(one(*harm(a_sound_result())))}
    assert found == set(INVARIANTS)


def test_a_parked_completion_is_accounted_for() -> None:
    sent, seen = a_completion_was_lost(a_sound_result())
    parked = {"group": DECIDER, "completion": "completion-5", "reason": "invalid"}
    said = violations(sent, replace(seen, parked=[*seen.parked, parked]))
    assert not [line for line in said if "outcome:" in line and "missing" in line]
