"""Sealing fills in templates: every seal holds by the whole algorithm, and nothing can be changed beneath it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from credentials.canonical import KnownShapes, Way, rdfc
from credentials.canonical.outline import with_leaves
from credentials.formats import OPEN_BADGES_3
from credentials.keys import P256, SigningKey
from credentials.proofs import ECDSA_RDFC_2019, EDDSA_RDFC_2022, SHAPES, DataIntegrity, verify_proofs
from credentials.proofs.verification import verify_all
from credentials.registry import Registry
from credentials.status import StatusList, compose_status_list
from issuer.domain.sealing import Seal, Signer
from schemas.faults import Malformed
from schemas.microcredential import Award
from schemas.values import JsonObject
from tests.builders import NOW, a_grade, a_learner, a_status_entry, an_award, an_id, an_offering, an_organisation

METHOD = f"{an_organisation().did}#key-1"
WHOLE = Registry(replace(EDDSA_RDFC_2022, canonicalize=rdfc), replace(ECDSA_RDFC_2019, canonicalize=rdfc))
"""The suites without any template."""


def awards(number: int) -> Iterator[Award]:
    """Of three offerings, to learners of whom more or less is known."""
    offerings = [an_offering(title={"en": title}) for title in ("Knots", "Hitches", 'Bends "and" splices')]
    for turn in range(number):
        chance = random.Random(turn)
        yield an_award(
            id=an_id(f"award {turn}"),
            offering=chance.choice(offerings),
            learner=a_learner(
                full_name=chance.choice(["Ana Andromeda", "Zoë O\u2019Neill", "数据 %s", 'A "B" \\ C']),
                email=chance.choice([None, f"learner{turn}@example.org"]),
                did=chance.choice([None, "did:example:ana"]),
            ),
            grade=chance.choice([None, a_grade(value=str(turn))]),
            valid_until=chance.choice([None, NOW.replace(year=2031)]),
        )


@pytest.mark.parametrize("suite", [EDDSA_RDFC_2022, ECDSA_RDFC_2019], ids=lambda suite: suite.name)
def test_every_seal_holds_by_the_whole_algorithm(suite: DataIntegrity) -> None:
    key = SigningKey.generate(suite.key)
    seal = Seal(OPEN_BADGES_3, (suite,))
    for index, award in enumerate(awards(120)):
        sealed = seal(award, a_status_entry(index=index), {key.kind: Signer(key, METHOD)}, NOW)
        assert isinstance(sealed, dict)
        (result,) = verify_all(sealed, {METHOD: key.public}, WHOLE, now=NOW)
        assert result.verified
    ways = seal.shapes.ways
    assert set(ways) == {Way.COMPILED, Way.FILLED}
    assert ways[Way.FILLED] > ways[Way.COMPILED]


def test_a_seal_by_the_whole_algorithm_holds_by_template() -> None:
    key = SigningKey.generate()
    before = SHAPES.ways[Way.FILLED]
    for award in awards(8):
        document = OPEN_BADGES_3.compose(award, issued=NOW, status=a_status_entry())
        sealed = WHOLE[EDDSA_RDFC_2022.name].secure(document, key, METHOD, NOW)
        for _ in range(2):
            (result,) = verify_proofs(sealed, {METHOD: key.public}, now=NOW)
            assert result.verified
    assert SHAPES.ways[Way.FILLED] > before


def test_the_second_badge_of_an_offering_is_filled_in_whoever_earned_it() -> None:
    key = SigningKey.generate(P256)
    seal = Seal(OPEN_BADGES_3, (ECDSA_RDFC_2019,))
    for name in ("Ana", "Bo", "Cem"):
        award = an_award(id=an_id(name), learner=a_learner(full_name=name, email=f"{name}@example.org"))
        seal(award, a_status_entry(index=len(name)), {key.kind: Signer(key, METHOD)}, NOW)
    assert seal.shapes.ways == {Way.COMPILED: 2, Way.FILLED: 2}


def test_status_lists_are_sealed_by_template_too() -> None:
    key = SigningKey.generate()
    shapes = KnownShapes()
    for index in range(3):
        unsigned = compose_status_list(
            url="https://uex.example.org/lists/1",
            issuer=an_organisation().did,
            purpose="revocation",
            encoded=StatusList.with_set([index]).encode(),
            issued=NOW,
        )
        sealed = EDDSA_RDFC_2022.over(shapes).secure(unsigned, key, METHOD, NOW)
        (result,) = verify_all(sealed, {METHOD: key.public}, WHOLE, now=NOW)
        assert result.verified
    assert shapes.ways == {Way.COMPILED: 2, Way.FILLED: 2}


def test_no_leaf_of_a_sealed_badge_can_be_changed_unnoticed() -> None:
    key = SigningKey.generate()
    sealed = EDDSA_RDFC_2022.secure(
        OPEN_BADGES_3.compose(an_award(), issued=NOW, status=a_status_entry()), key, METHOD, NOW
    )
    (genuine,) = verify_proofs(sealed, {METHOD: key.public}, now=NOW)
    assert genuine.verified
    leaves = list(changes(sealed))
    assert len(leaves) > 130
    for changed in leaves:
        assert changed != sealed
        try:
            results = verify_proofs(changed, {METHOD: key.public}, now=NOW)
        except Malformed:
            continue
        assert not any(result.verified for result in results)


def changes(document: JsonObject) -> Iterator[JsonObject]:
    """The document with one leaf changed, for every leaf outside its contexts, whatever it is."""
    body = {name: value for name, value in document.items() if name != "@context"}
    seen = 0

    def count(leaf: Any) -> Any:  # noqa: ANN401 any leaf
        nonlocal seen
        seen += 1
        return leaf

    with_leaves(body, frozenset(), count)
    for wanted in range(seen):
        place = -1

        def change(leaf: Any, wanted: int = wanted) -> Any:  # noqa: ANN401 as above
            nonlocal place
            place += 1
            if place != wanted:
                return leaf
            return leaf + 1 if isinstance(leaf, int) else leaf[:-1] + ("a" if leaf[-1:] != "a" else "b")

        yield {**document, **with_leaves(body, frozenset(), change)}
