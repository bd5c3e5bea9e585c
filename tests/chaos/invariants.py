"""What must be true after a storm, judged from what was seen from outside: nothing lost, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from credentials.issuance_log import NotAttested, Statement, Step, award_digest, beginning, content_of, shortcut

Json = Mapping[str, Any]
DECIDER = "issuer.assessment-completed"
"""The consumer group whose parking a message is an outcome of the completion in it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender knows."""

    accepted: Mapping[str, frozenset[str]]
    """By episode: every completion id that a 202 ever named."""
    failed: frozenset[str]
    """The episodes whose assessment was not passed."""
    turned_away: Sequence[str] = ()
    """Genuine deliveries that were refused for good, and how."""
    let_in: Sequence[str] = ()
    """Bad deliveries that were accepted, and what was wrong with them."""
    poison: Sequence[str] = ()
    """Messages put onto the log that nobody can handle: for which reason each is to be parked."""

    @property
    def completions(self) -> set[str]:
        """Every id accepted."""
        return {completion for ids in self.accepted.values() for completion in ids}


@dataclass(frozen=True, slots=True)
class Log:
    """The issuance log as published."""

    did: str
    statement: Statement
    """Its signature is verified."""
    pages: Sequence[Json]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the services' public interfaces say when all is calm again."""

    account: Json
    ledger: Sequence[Json]
    """What the bridge accepted, with what it heard became of it."""
    outcomes: Sequence[Json]
    """What the issuer decided."""
    parked: Sequence[Json]
    credentials: Mapping[str, Json]
    """By award."""
    digests: Mapping[str, str]
    """By award: the credential's, as in the issuance log."""
    verdicts: Mapping[str, str]
    """By award: what the verifier says of its credential."""
    log: Log
    announced: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By completion: the different credentials that were ever told of it, where there is a log that remembers."""
    exits: Mapping[str, int] = field(default_factory=dict)
    """How each process ended when it was asked to."""


def _each_episode_is_one_completion(sent: Sent, _: Seen) -> Iterator[str]:
    for episode, ids in sent.accepted.items():
        if len(ids) != 1:
            yield f"{episode} was accepted as {sorted(ids)}"
    if len(sent.completions) < len(sent.accepted):
        yield f"{len(sent.accepted)} episodes share {len(sent.completions)} completions"


def _what_is_genuine_is_accepted_and_nothing_else(sent: Sent, seen: Seen) -> Iterator[str]:
    yield from sent.turned_away
    yield from sent.let_in
    yield from _differences("the bridge's ledger", Counter(_ids(seen.ledger)), sent.completions)


def _each_completion_has_one_outcome(sent: Sent, seen: Seen) -> Iterator[str]:
    decided = Counter(_ids(seen.outcomes))
    set_aside = {str(one["completion"]) for one in seen.parked if one["group"] == DECIDER}
    yield from _differences("the outcomes", decided | Counter(set_aside & sent.completions), sent.completions)
    failed = {completion for episode in sent.failed for completion in sent.accepted.get(episode, ())}
    for outcome in seen.outcomes:
        expected = "refused" if outcome["completion"] in failed else "issued"
        if outcome["state"] != expected:
            yield f"{outcome['completion']} is {outcome['state']} ({outcome['reason']}), to be {expected}"


def _no_credential_is_there_twice(_: Sent, seen: Seen) -> Iterator[str]:
    yield from _repeated("award", (outcome["award"] for outcome in seen.outcomes))
    yield from _repeated("credential", (credential["id"] for credential in seen.credentials.values()))
    for completion, credentials in seen.announced.items():
        if len(credentials) > 1:
            yield f"{len(credentials)} different credentials were announced for {completion}"


def _each_place_in_a_status_list_is_one_credentials(_: Sent, seen: Seen) -> Iterator[str]:
    places = [place for outcome in seen.outcomes if (place := outcome["status"])]
    yield from _repeated("place in a status list", (f"{place['list']}#{place['index']}" for place in places))


def _each_credential_verifies(_: Sent, seen: Seen) -> Iterator[str]:
    issued = {outcome["award"] for outcome in seen.outcomes if outcome["state"] == "issued"}
    yield from (f"nothing was verified of award {award}" for award in sorted(issued - set(seen.verdicts)))
    yield from (f"award {award} verifies as {said}" for award, said in seen.verdicts.items() if said != "accept")


def _the_account_holds(sent: Sent, seen: Seen) -> Iterator[str]:
    account = seen.account
    for name in ("in_flight", "unaccounted", "issued_twice"):
        if account[name]:
            yield f"{len(account[name])} {name}: {account[name][:3]}"
    states = Counter(outcome["state"] for outcome in seen.outcomes)
    expected = {"accepted": len(sent.completions), "issued": states["issued"], "refused": states["refused"]}
    for name, count in expected.items():
        if account[name] != count:
            yield f"the account says {account[name]} {name}, and there are {count}"
    if account["accepted"] != account["issued"] + account["refused"] + account["parked"]:
        yield f"accepted is not issued + refused + parked: {account}"


def _the_bridge_heard_every_outcome(_: Sent, seen: Seen) -> Iterator[str]:
    decided = {outcome["completion"]: outcome["state"] for outcome in seen.outcomes}
    for entry in seen.ledger:
        if (state := decided.get(entry["completion"], "parked")) != entry["state"]:
            yield f"the bridge has {entry['completion']} as {entry['state']}, and it is {state}"


def _only_poison_is_parked_and_all_of_it(sent: Sent, seen: Seen) -> Iterator[str]:
    parked = Counter(one["reason"] for one in seen.parked if one["group"] == DECIDER)
    if parked != (expected := Counter(sent.poison)):
        yield f"parked are {dict(parked)}, to be {dict(expected)}"


def _the_issuance_log_is_a_chain_that_holds_every_credential(_: Sent, seen: Seen) -> Iterator[str]:
    links = {0: beginning(seen.log.did)}
    listed: set[tuple[str, str]] = set()
    for number, page in enumerate(seen.log.pages, 1):
        try:
            step = Step.from_json({name: page[name] for name in ("number", "at", "content", "previous", "shortcut")})
        except NotAttested as error:
            yield f"page {number}: {error}"
            return
        entries = [(entry["credential"], entry["award"]) for entry in page["entries"]]
        due = (number, links[number - 1], links[shortcut(number)], content_of(entries))
        if (step.number, step.previous, step.shortcut, step.content) != due:
            yield f"page {number} of the issuance log does not follow on those before"
        links[number] = step.link
        listed |= set(entries)
    statement = seen.log.statement
    if (statement.did, statement.size, statement.link) != (seen.log.did, len(links) - 1, links[len(links) - 1]):
        yield "the issuance log's statement is not of its newest page"
    for award, digest in seen.digests.items():
        if (digest, award_digest(award)) not in listed:
            yield f"the issuance log lacks the credential of award {award}"


def _each_process_ends_well(_: Sent, seen: Seen) -> Iterator[str]:
    yield from (f"{name} ended with {code}" for name, code in seen.exits.items() if code)


INVARIANTS: tuple[Callable[[Sent, Seen], Iterator[str]], ...] = (
    _each_episode_is_one_completion,
    _what_is_genuine_is_accepted_and_nothing_else,
    _each_completion_has_one_outcome,
    _no_credential_is_there_twice,
    _each_place_in_a_status_list_is_one_credentials,
    _each_credential_verifies,
    _the_account_holds,
    _the_bridge_heard_every_outcome,
    _only_poison_is_parked_and_all_of_it,
    _the_issuance_log_is_a_chain_that_holds_every_credential,
    _each_process_ends_well,
)


def violations(sent: Sent, seen: Seen) -> list[str]:
    """What is not as it must be, each as a sentence with the invariant's name; empty is well."""
    return [f"{one.__name__.strip('_')}: {found}" for one in INVARIANTS for found in one(sent, seen)]


def _ids(lines: Iterable[Json]) -> Iterator[str]:
    return (line["completion"] for line in lines)


def _differences(where: str, found: Counter[str], expected: set[str]) -> Iterator[str]:
    for completion, times in found.items():
        if completion not in expected:
            yield f"{completion} stands in {where}, and was never accepted"
        elif times > 1:
            yield f"{completion} stands {times} times in {where}"
    yield from (f"{completion} is missing in {where}" for completion in sorted(expected - set(found)))


def _repeated(what: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{times} times the {what} {name}" for name, times in Counter(names).items() if times > 1)
