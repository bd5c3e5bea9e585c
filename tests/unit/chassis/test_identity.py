from __future__ import annotations

import asyncio
from itertools import product
from uuid import UUID

import pytest

from chassis.documents import SqliteDocuments
from chassis.identity import Identity
from chassis.secrets import MasterKey, WrongMasterKey

IDENTITY = Identity(b"s" * 32)


def test_the_same_episode_has_the_same_ids_for_ever() -> None:
    """A change here would award everything twice: these values never change."""
    assert IDENTITY.completion("uex-moodle", "course_completions:17") == UUID("eac5991b-6b21-843f-a2ee-7f7656b8e65a")
    assert IDENTITY.award("uex-moodle", "course_completions:17") == UUID("af66e797-b830-8fc1-a6f2-297700f22dd7")
    assert IDENTITY.learner("uex-moodle", "5") == UUID("36368891-33d4-8f12-a64c-9dc65ded1e1d")


def test_ids_are_version_8_uuids() -> None:
    for number in range(64):
        made = IDENTITY.completion("p", str(number))
        assert (made.version, made.variant) == (8, "specified in RFC 4122")


def test_nothing_else_shares_an_id() -> None:
    names = ["a", "b", "a|b", "|", "", '"', '","', "a\x00", "award"]
    made = [
        *(IDENTITY.completion(p, e) for p, e in product(names, names)),
        *(IDENTITY.learner(p, e) for p, e in product(names, names)),
        *(IDENTITY.award(p, e, w) for p, e, w in product(names, names, names)),
    ]
    assert len(set(made)) == len(made)


def test_another_installation_has_other_ids_and_keys() -> None:
    other = Identity(b"t" * 32)
    assert other.completion("p", "e") != IDENTITY.completion("p", "e")
    assert other.derive("x") != IDENTITY.derive("x")
    assert IDENTITY.derive("x") != IDENTITY.derive("y")
    assert len(IDENTITY.derive("x")) == 32


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Identity(b"short")


async def test_the_secret_is_made_once_even_when_all_start_at_once(
    documents: SqliteDocuments, master: MasterKey
) -> None:
    loaded = await asyncio.gather(*(Identity.load(documents, master) for _ in range(8)))
    assert len({identity.completion("p", "e") for identity in loaded}) == 1
    assert (await Identity.load(documents, master)).derive("x") == loaded[0].derive("x")


async def test_another_master_key_says_clearly_that_it_is_the_wrong_one(
    documents: SqliteDocuments, master: MasterKey
) -> None:
    before = await Identity.load(documents, master)
    with pytest.raises(WrongMasterKey, match="another master key"):
        await Identity.load(documents, MasterKey(b"w" * 32))
    assert (await Identity.load(documents, master)).derive("x") == before.derive("x"), "and changed nothing"
