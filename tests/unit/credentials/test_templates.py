"""Templates say what the whole algorithm says, on some 4,000 documents, most of them made to get on their nerves."""

from __future__ import annotations

import copy
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

import pytest

from credentials.canonical import Budget, KnownShapes, NotAtHand, Unbounded, UndefinedTerm, Way, rdfc
from credentials.canonical.compilation import Uncompilable, compile_template, decisive
from credentials.canonical.expansion import inner_contexts
from credentials.canonical.outline import NoOutline, outline, with_leaves
from credentials.canonical.template import Template
from credentials.contexts import CREDENTIALS_V2, DATA_INTEGRITY_V2, shipped
from credentials.formats import OPEN_BADGES_3
from schemas.faults import Malformed
from schemas.values import JsonObject
from tests.builders import NOW, a_grade, a_learner, a_status_entry, an_award, an_id, an_offering
from tests.unit.credentials.canonicalisers import as_oxigraph, as_pyld

WORDS = "https://example.org/words#"
INLINE: dict[str, Any] = {
    "words": WORDS,
    "text": f"{WORDS}text",
    "dated": {"@id": "words:dated", "@type": "http://www.w3.org/2001/XMLSchema#date"},
    "counted": {"@id": "words:counted", "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"},
    "link": {"@id": f"{WORDS}link", "@type": "@id"},
    "links": {"@id": f"{WORDS}link", "@type": "@id"},
    "said": {"@id": f"{WORDS}said", "@container": "@language"},
    "ordered": {"@id": f"{WORDS}ordered", "@container": "@list"},
    "part": f"{WORDS}part",
    "parts": f"{WORDS}part",
    "Thing": f"{WORDS}Thing",
    "Other": f"{WORDS}Other",
}

IRIS = (
    "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "https://example.org/%C3%A9?a=b#c",
    "did:web:localhost%3A8000:organisations:uex",
    "mailto:a@example.org",
    "a:b",
    "urn:",
    "https://example.org/same",
    "https://example.org/same/longer",
)
ODD_IRIS = (
    *(
        "words:x",
        "words:",
        "text:x",
        "issuer:x",
        "Thing:x",
        "_:b0",
        "_:c14n0",
        "_:",
        "",
        "relative",
        "//a.example/",
        "../x",
    ),
    *("#x", "?x", "@id", "@type", "@foo", "relative-to-nothing://poison/x", "relative-to-nothing-at-all:x", "urn:x y"),
    *("urn:x>y", "urn:<x", 'urn:"x', "urn:é", "urn:\u2028", "urn:x\\y", "urn:{x}", "urn:`", "urn:x\n", "1:x", "Urn:X"),
    *("https:///x", "a+b-c.d:e", "a_b:c", "text", "Thing", "id", "urn:x\x00", "slot-0:1", "urn:\ufffe"),
)
TEXTS = (
    "Ana",
    "",
    "85",
    "2026-11-23T10:00:00Z",
    "Zoë",
    "数据伦理",
    "😀",
    "x" * 300,
    "https://example.org/same",
    "true",
    "null",
)
ODD_TEXTS = (
    *('"', "\\", '\\"', "\\n", "\n", "\t", "\r", "\x00", "\x07", "\x0b", "\x1f", "\x7f", "\x85", "\u2028", "\u00a0"),
    *(
        "%",
        "%s",
        "%%s",
        "%(a)s",
        "{}",
        '"@en',
        '" .\n<urn:a> <urn:b> "',
        "_:a",
        "_:z",
        "_:c14n1",
        "@id",
        "_:b0",
        "e\u0301",
    ),
    *("\ufdd0", "\ufffe", "\uffff", "\U0010ffff", "1E0", "1.0", "+5", " ", "\ufeff", "\u202e", "\u200b"),
    *("\ud800", "\udfff", "x\ud83d"),
)
SURROGATES = 3
INTEGERS = (0, 1, -1, 5, 2**53 - 1, -(2**40))
ODD_NUMBERS = (
    10**20,
    -(10**20),
    10**21 - 1,
    10**21,
    -(10**21),
    10**300,
    1.0,
    1.5,
    -0.0,
    1e21,
    1e-7,
    True,
    False,
    10**500,
)


def result(canonicalize: Callable[[JsonObject], bytes], document: JsonObject) -> bytes | tuple[type[Malformed], str]:
    try:
        return canonicalize(document)
    except Malformed as fault:
        return type(fault), str(fault)


class Leaves:
    """Leaves to put into a document: sound ones, and of some kinds odd ones now and then."""

    def __init__(self, chance: random.Random, *odd: tuple[Any, ...], variety: int = 8) -> None:
        self._chance = chance
        self._odd = odd
        self._variety = variety

    def __call__(self, old: str | int) -> Any:  # noqa: ANN401 an odd number is of any type
        if isinstance(old, int):
            return self._one_of(INTEGERS, ODD_NUMBERS)
        return self._one_of(IRIS, ODD_IRIS) if ":" in old else self._one_of(TEXTS, ODD_TEXTS)

    def _one_of(self, sound: tuple[Any, ...], odd: tuple[Any, ...]) -> Any:  # noqa: ANN401 as above
        if any(odd is kind for kind in self._odd) and self._chance.random() < 0.08:
            return self._chance.choice(odd)
        return self._chance.choice(sound[: self._variety])

    def into(self, document: JsonObject) -> JsonObject:
        made = with_leaves(document, decisive(), self)
        assert isinstance(made, dict)
        return made


def distinctly() -> Callable[[str | int], str | int]:
    numbers = count(1)
    return lambda old: next(numbers) if isinstance(old, int) else f"{old}{next(numbers)}"


def a_node(chance: random.Random, depth: int) -> JsonObject:
    """Any members: texts, links, numbers, language maps, lists, parts with and without names."""
    members: dict[str, Callable[[], Any]] = {
        "id": lambda: chance.choice(IRIS),
        "type": lambda: chance.choice(["Thing", ["Thing", "Other"]]),
        "text": lambda: chance.choice([chance.choice(TEXTS), [*TEXTS[:3]], {"@value": "x", "@language": "en"}]),
        "dated": lambda: "2026-11-23",
        "counted": lambda: chance.choice([5, [1, 2], "7"]),
        "link": lambda: chance.choice(IRIS),
        "links": lambda: list(IRIS[:2]),
        "said": lambda: {"en": "Knots", "de": chance.choice(["Knoten", ["Knoten", "Schnüre"]])},
        "ordered": lambda: chance.choice([["a", "b"], [1, "a", {"text": "inside"}], []]),
        "part": lambda: a_node(chance, depth - 1) if depth else "leaf",
        "parts": lambda: [a_node(chance, depth - 1) for _ in range(chance.randint(1, 3))] if depth else ["leaf"],
        f"{WORDS}full": lambda: "by its whole IRI",
        "words:compact": lambda: {"@value": "5", "@type": "words:type"},
    }
    names = [name for name in members if chance.random() < 0.4] or ["text"]
    return {name: members[name]() for name in names}


def a_document(chance: random.Random) -> JsonObject:
    return {"@context": [CREDENTIALS_V2, INLINE], **a_node(chance, depth=3)}


def a_presentation(chance: random.Random) -> JsonObject:
    """Credentials with proofs, each in a graph of its own, inside a presentation."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-23T10:00:00Z",
        "verificationMethod": "did:example:issuer#key",
        "proofPurpose": "assertionMethod",
        "proofValue": "z58",
    }
    credentials = [
        {
            **a_document(chance),
            "type": ["VerifiableCredential"],
            "proof": [
                {**proof, "id": f"urn:proof:{number}"} if chance.random() < 0.5 else proof for number in range(2)
            ],
        }
        for _ in range(chance.randint(1, 2))
    ]
    return {
        "@context": [CREDENTIALS_V2],
        "type": "VerifiablePresentation",
        "holder": "did:example:ana",
        "verifiableCredential": credentials,
    }


@pytest.mark.parametrize("seed", range(25))
def test_presentations_canonicalise_as_by_the_whole_algorithm(seed: int) -> None:
    chance = random.Random(seed)
    shapes = KnownShapes()
    document = a_presentation(chance)
    for turn in range(6):
        for made in (Leaves(chance, variety=1 + turn).into(document), with_leaves(document, decisive(), distinctly())):
            assert result(shapes.rdfc, made) == result(rdfc, made)
        odd = Leaves(chance, ODD_TEXTS, ODD_IRIS).into(document)
        assert result(shapes.rdfc, odd) == result(rdfc, odd)
    assert shapes.ways[Way.FILLED] + shapes.ways[Way.ALIKE] > 9
    assert not shapes.ways[Way.WRONG]


def badges() -> Iterator[JsonObject]:
    """Badges of several shapes, each with its own leaves."""
    for number in range(60):
        chance = random.Random(number)
        offering = an_offering(
            title={"en": f"Knots {number % 7}", "de": "Knoten"},
            assessments=[{"type": "written-examination"}] * (number % 3),
            validity_months=None if number % 2 else 12,
        )
        learner = a_learner(
            full_name=chance.choice(["Ana Andromeda", "Zoë\u2028O'Neill", 'Ana "The Knot" A.', "数据伦理 %s"]),
            email=None if number % 4 == 0 else f"ana{number}@example.org",
            did=None if number % 5 else "did:example:ana",
        )
        award = an_award(
            id=an_id(f"badge {number}"),
            offering=offering,
            learner=learner,
            grade=a_grade(value=str(number)) if number % 6 else None,
        )
        yield OPEN_BADGES_3.compose(award, issued=NOW, status=a_status_entry(index=number))


@pytest.mark.parametrize(
    "shapes",
    [KnownShapes(), KnownShapes(fixed=OPEN_BADGES_3.fixed), KnownShapes(common=OPEN_BADGES_3.fixed)],
    ids=["anybody's", "sealed here", "of the same offering"],
)
def test_badges_canonicalise_as_two_other_libraries_do(shapes: KnownShapes) -> None:
    for badge in badges():
        assert shapes.rdfc(badge) == rdfc(badge) == as_oxigraph(badge)
        assert shapes.rdfc(badge) == rdfc(badge)
    assert set(shapes.ways) == {Way.COMPILED, Way.FILLED, Way.ALIKE}


@pytest.mark.parametrize("seed", range(60))
def test_random_documents_canonicalise_as_by_the_whole_algorithm(seed: int) -> None:
    chance = random.Random(seed)
    shapes = KnownShapes()
    document = a_document(chance)
    for turn in range(16):
        sound = Leaves(chance, variety=1 + turn // 2).into(document)
        assert shapes.rdfc(sound) == rdfc(sound)
        if turn % 5 == 0:
            assert shapes.rdfc(sound) == as_oxigraph(sound)
            distinct = with_leaves(sound, decisive(), distinctly())
            assert shapes.rdfc(distinct) == rdfc(distinct) == as_oxigraph(distinct) == as_pyld(distinct)
        texts = Leaves(chance, ODD_TEXTS[:-SURROGATES]).into(document)
        assert shapes.rdfc(texts) == rdfc(texts)
        if turn % 5 == 0:
            assert shapes.rdfc(texts) == as_oxigraph(texts)
        odd = Leaves(chance, ODD_TEXTS, ODD_IRIS, ODD_NUMBERS).into(document)
        assert result(shapes.rdfc, odd) == result(rdfc, odd)
    assert shapes.ways[Way.FILLED] + shapes.ways[Way.ALIKE] > 20
    assert not shapes.ways[Way.WRONG]


def names_in(value: object) -> set[str]:
    """Of all members, wherever they stand."""
    below: Iterable[object] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (set(value) if isinstance(value, dict) else set()).union(*map(names_in, below))


@pytest.mark.parametrize("seed", range(60))
def test_what_documents_have_in_common_is_filled_in_as_by_the_whole_algorithm(seed: int) -> None:
    chance = random.Random(seed)
    document = a_document(chance)
    names = sorted(names_in(document) - decisive())
    common = chance.sample(names, chance.randint(1, len(names)))
    shapes = KnownShapes(common=common)
    for turn in range(8):
        first = Leaves(chance, variety=1 + turn // 2).into(document)
        for leaves in (distinctly(), Leaves(chance, variety=1 + turn // 2), Leaves(chance, ODD_TEXTS, ODD_IRIS)):
            another = with_leaves(first, decisive().union(common), leaves)
            assert result(shapes.rdfc, first) == result(rdfc, first)
            assert result(shapes.rdfc, another) == result(rdfc, another)
    assert not shapes.ways[Way.WRONG]


def test_a_template_is_narrowed_once_for_all_that_have_the_same_in_common(monkeypatch: pytest.MonkeyPatch) -> None:
    narrowed: list[int] = []
    right = Template.narrowed

    def spied(template: Template, texts: Sequence[str], left: Sequence[int]) -> Template:
        narrowed.append(len(left))
        return right(template, texts, left)

    monkeypatch.setattr(Template, "narrowed", spied)
    now = 0.0
    shapes = KnownShapes(common=["issuer"], narrowing=Budget(at_once=1, each_second=1, clock=lambda: now))
    for _ in range(3):
        for issuer in ("https://one.example/", "https://two.example/"):
            document = a_credential(issuer=issuer, name=f"{issuer} {len(narrowed)}")
            assert shapes.rdfc(document) == rdfc(document)
    assert narrowed == [
        5
    ]  # the first made the shape known, the second was narrowed, and the rest was beyond the budget
    now = 1.0
    shapes.rdfc(a_credential(issuer="https://one.example/", name="x"))
    assert len(narrowed) == 2
    assert shapes.ways == {Way.COMPILED: 1, Way.FILLED: 6}


def test_leaves_without_any_difference_collapse_and_merge_as_by_the_whole_algorithm() -> None:
    ways: Counter[Way] = Counter()
    for seed in range(200):
        shapes = KnownShapes()
        document = a_document(random.Random(seed))
        shapes.rdfc(document)
        for text, iri in (("x", "urn:x"), ("", "urn:"), ("urn:x", "urn:x")):
            alike = with_leaves(
                document,
                decisive(),
                lambda old, text=text, iri=iri: 7 if isinstance(old, int) else iri if ":" in old else text,
            )
            assert shapes.rdfc(alike) == rdfc(alike)
        ways += shapes.ways
    assert ways[Way.FILLED] > 100
    assert ways[Way.ALIKE] > 100


def a_credential(**changes: Any) -> JsonObject:  # noqa: ANN401 any JSON
    return {
        "@context": [CREDENTIALS_V2],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential"],
        "issuer": "https://issuer.example/",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abc", "name": "Ana"},
        **changes,
    }


def test_whoever_comes_first_says_nothing_about_those_who_come_after() -> None:
    shapes = KnownShapes()
    for poisoned in ("_:b0", "issuer:x", "relative", "@id", "urn:x y"):
        result(shapes.rdfc, a_credential(id=poisoned))
    assert shapes.rdfc(a_credential()) == rdfc(a_credential())
    assert shapes.rdfc(a_credential(id="urn:other")) == rdfc(a_credential(id="urn:other"))
    assert shapes.ways[Way.FILLED] == 1


def test_what_expansion_would_drop_is_refused_however_often_it_comes() -> None:
    shapes = KnownShapes()
    for _ in range(3):
        shapes.rdfc(a_credential())
        with pytest.raises(UndefinedTerm):
            shapes.rdfc(a_credential(favouriteColour="red"))
        with pytest.raises(UndefinedTerm):
            shapes.rdfc(a_credential(type=["VerifiableCredential", "Unheard"]))


@pytest.mark.parametrize(
    "context",
    [
        {"@vocab": WORDS},
        {"@base": "https://example.org/"},
        {"@language": "en"},
        {"kind": "@type"},
        {"kind": "type"},
        {"word": {"@id": f"{WORDS}word", "@type": "@vocab"}},
        {"word": {"@id": f"{WORDS}word", "@type": "@json"}},
        {"word": {"@id": f"{WORDS}word", "@type": "@none"}},
        {"word": {"@id": f"{WORDS}word", "@container": "@graph"}},
        {"word": {"@id": f"{WORDS}word", "@container": ["@set", "@index"]}},
        {"word": {"@id": f"{WORDS}word", "@context": {"inner": f"{WORDS}inner"}}},
        {"word": {"@id": f"{WORDS}word", "@language": "en"}},
        {"word": {"@reverse": f"{WORDS}word"}},
        {"@import": DATA_INTEGRITY_V2},
        ["https://www.w3.org/ns/credentials/v2"],
    ],
)
def test_contexts_that_do_more_than_to_name_iris_are_left_to_the_whole_algorithm(context: Any) -> None:  # noqa: ANN401 any JSON
    shapes = KnownShapes()
    for name in ("Ana", "Bo"):
        document = a_credential(**{"@context": [CREDENTIALS_V2, context], "name": name})
        assert result(shapes.rdfc, document) == result(rdfc, document)
    assert set(shapes.ways) <= {Way.UNPROVEN}


@pytest.mark.parametrize(
    "changes",
    [
        {"word": {"@value": "1", "@type": "http://www.w3.org/2001/XMLSchema#double"}},
        {"word": {"@value": 1, "@type": "http://www.w3.org/2001/XMLSchema#double"}},
        {"word": {"@value": "text", "@type": "@json"}},
        {"word": {"@value": {"deep": ["text", 5]}, "@type": "@json"}},
        {"credentialSubject": {"@set": ["loose"], "id": "did:example:abc"}},
    ],
)
def test_leaves_that_do_not_come_out_as_they_went_in_are_left_to_the_whole_algorithm(changes: JsonObject) -> None:
    shapes = KnownShapes()
    document = a_credential(**{"@context": [CREDENTIALS_V2, {"word": f"{WORDS}word"}], **changes})
    for _ in range(2):
        assert result(shapes.rdfc, document) == result(rdfc, document)
    assert set(shapes.ways) <= {Way.UNPROVEN}


def test_a_term_that_an_iri_could_begin_with_sends_it_to_the_whole_algorithm() -> None:
    shapes = KnownShapes()
    context = [CREDENTIALS_V2, {"urn": "https://example.org/urn/", "https": f"{WORDS}https"}]
    document = a_credential(**{"@context": context, "id": "did:example:credential"})
    assert shapes.rdfc(document) == rdfc(document)
    for id_ in ("urn:x", "https:x", "https://x.example"):
        assert shapes.rdfc({**document, "id": id_}) == rdfc({**document, "id": id_})
    assert shapes.ways[Way.FILLED] == 0


def test_documents_of_one_outline_differ_in_their_leaves_alone() -> None:
    fixed = decisive()
    known: dict[Any, str] = {}
    for seed in range(400):
        document = a_document(random.Random(seed))
        for other in (document, Leaves(random.Random(seed), ODD_TEXTS, ODD_IRIS, ODD_NUMBERS).into(document)):
            try:
                key = outline(other, fixed).key
            except NoOutline:
                continue
            bare = json.dumps(with_leaves(other, fixed, lambda old: "text" if isinstance(old, str) else "integer"))
            assert known.setdefault(key, bare) == bare
    assert len(set(known.values())) == len(known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": True}, {"a": 1}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": 1}, {"a": "1"}),
        ({"a": False}, {"a": None}),
        ({"a": [True]}, {"a": [1]}),
        ({"a": ["x"]}, {"a": "x"}),
        ({"a": [["x"]]}, {"a": ["x"]}),
        ({"a": {"b": "x"}, "c": "y"}, {"a": {"b": "x", "c": "y"}}),
        ({"a": {}, "b": "x"}, {"a": {"b": "x"}}),
        ({"a": []}, {"a": {}}),
        ({"a": "x", "b": "y"}, {"a": ["x", "b"]}),
        ({"type": "A"}, {"type": ["A"]}),
        ({"type": "A"}, {"type": "B"}),
        ({"@context": {"a": "urn:a"}}, {"@context": {"a": "urn:b"}}),
        ({"@context": {"a": True}}, {"@context": {"a": 1}}),
        ({"type": b'"A"'.decode()}, {"type": "A"}),
    ],
)
def test_documents_that_differ_in_more_have_other_outlines(one: JsonObject, other: JsonObject) -> None:
    assert outline(one, decisive()).key != outline(other, decisive()).key


def test_no_leaf_of_a_shipped_context_is_more_than_an_iri_or_a_literal() -> None:
    """A new context may bring another name for a keyword, or a term whose values are looked up: they must not vary."""
    assert {"type", "@type", "@context", "proofPurpose"} <= decisive()
    for document in shipped().values():
        for context in inner_contexts(document):
            for term, definition in context.items():
                meaning = definition if isinstance(definition, dict) else {"@id": definition}
                if meaning.get("@type") == "@vocab" or str(meaning.get("@id")).startswith("@"):
                    assert term in decisive() or meaning["@id"] == "@id"


def test_a_leaf_of_any_length_is_bounded_as_by_the_whole_algorithm() -> None:
    shapes = KnownShapes()
    shapes.rdfc(a_credential(name="x"))
    long = a_credential(name="x" * 1_950_000)
    assert shapes.rdfc(long) == rdfc(long)
    with pytest.raises(Unbounded):
        shapes.rdfc(a_credential(name="x" * 2_000_000))


def test_what_is_too_large_to_keep_has_no_template() -> None:
    shapes = KnownShapes()
    many = a_credential(credentialSubject=[{"id": f"did:example:{number}"} for number in range(1_100)])
    for _ in range(2):
        assert shapes.rdfc(many) == rdfc(many)
    assert shapes.ways == {Way.UNPROVEN: 2}
    deep: JsonObject = {"name": "x"}
    for _ in range(80):
        deep = {"credentialSubject": deep}
    with pytest.raises(Unbounded):
        shapes.rdfc({"@context": CREDENTIALS_V2, **deep})


def test_new_shapes_beyond_the_budget_are_not_compiled_until_time_has_passed() -> None:
    now = 0.0
    shapes = KnownShapes(budget=Budget(at_once=2, each_second=1, clock=lambda: now))
    documents = [a_credential(**{name: "x"}) for name in ("name", "description", "validUntil")]
    for document in documents:
        assert shapes.rdfc(document) == rdfc(document)
    assert shapes.ways == {Way.COMPILED: 2, Way.SPARED: 1}
    now = 1.0
    assert shapes.rdfc(documents[2]) == rdfc(documents[2])
    assert shapes.ways[Way.COMPILED] == 3


def test_the_shape_that_was_not_used_for_longest_is_forgotten() -> None:
    shapes = KnownShapes(capacity=16)
    one, two, three = (a_credential(**{name: "x"}) for name in ("name", "description", "validUntil"))
    for document in (one, two, one, three, one, two):
        shapes.rdfc(document)
    assert shapes.ways == {Way.COMPILED: 4, Way.FILLED: 2}


@pytest.mark.parametrize("wrong", ["slot", "did:example"])
def test_a_template_that_says_something_else_is_never_used(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    """Of the sentinels it was made with, or of the document."""
    right = Template.fill

    def fill(template: Template, texts: Sequence[str]) -> bytes:
        return b"something else" if texts[-2].startswith(wrong) else right(template, texts)

    monkeypatch.setattr(Template, "fill", fill)
    shapes = KnownShapes()
    for _ in range(2):
        assert shapes.rdfc(a_credential()) == rdfc(a_credential())
    assert shapes.ways == {Way.WRONG: 1, Way.UNPROVEN: 1}


def test_threads_share_shapes() -> None:
    shapes = KnownShapes(capacity=100)
    documents = [a_document(random.Random(seed)) for seed in range(6)]
    expected = [rdfc(document) for document in documents]
    wrong: list[int] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(60):
            which = chance.randrange(len(documents))
            if shapes.rdfc(documents[which]) != expected[which]:
                wrong.append(which)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sum(shapes.ways.values()) == 240


def test_a_document_is_left_as_it_was() -> None:
    badge = next(badges())
    before = copy.deepcopy(badge)
    shapes = KnownShapes(fixed=OPEN_BADGES_3.fixed)
    shapes.rdfc(badge)
    shapes.rdfc(badge)
    assert badge == before


def test_a_guessed_sentinel_is_a_leaf_like_any_other() -> None:
    shapes = KnownShapes()
    for text in ("slot-0:0", "slot-" + "0" * 32 + ":0", "1" * 21):
        document = a_credential(name=text, description=text)
        assert shapes.rdfc(document) == rdfc(document)
    assert shapes.ways == {Way.COMPILED: 1, Way.FILLED: 2}


def test_a_refused_document_cannot_be_compiled() -> None:
    document = a_credential(favouriteColour="red")
    with pytest.raises(Uncompilable):
        compile_template(document, outline(document, decisive()), decisive())


def test_what_is_at_hand_is_what_the_whole_algorithm_says_and_the_rest_is_left_to_it() -> None:
    shapes = KnownShapes()
    badge = OPEN_BADGES_3.compose(an_award(), issued=NOW, status=a_status_entry())
    with pytest.raises(NotAtHand):
        shapes.fill(badge)
    assert shapes.ways == Counter()
    shapes.rdfc(badge)
    another = {**badge, "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"}
    assert shapes.fill(another) == rdfc(another)
    with pytest.raises(NotAtHand):
        shapes.fill({**badge, "id": "words:x y"})
    assert shapes.ways == Counter({Way.COMPILED: 1, Way.FILLED: 1})
