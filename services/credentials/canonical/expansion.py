"""JSON-LD expansion that loses nothing: PyLD, with the safe mode it lacks.

Source: JSON-LD 1.1 Processing Algorithms, section 5 (expansion). What expansion drops, no signature protects; and what
a document may say in two ways, an attacker rewrites so that the signature holds and a reader of its JSON sees something
else. Refused, with the place named, are therefore:

- terms and types that no context defines, and null;
- identifiers relative to a base, of which there is none;
- keywords that RDF has no trace of (`@index`) or that move statements about (`@included`, `@graph`,
  `@reverse`, `@nest`);
- other names for what the shipped contexts name: with a context of their own, anybody could write `validUntil` as
  `until`, and a verifier that looks for `validUntil` would find no end.
"""

from __future__ import annotations

import copy
import json
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import cache, lru_cache
from typing import Any

import orjson
from pyld import jsonld
from pyld.context_resolver import ContextResolver, canonicalize
from pyld.resolved_context import ResolvedContext

from credentials.canonical.bounds import Unbounded, check_bounds
from credentials.canonical.faults import NotJsonLd, UndefinedTerm, Unprotected
from credentials.contexts import Contexts, UnknownContext, shipped
from schemas.faults import Fault
from schemas.values import JsonObject

POISON_BASE = "relative-to-nothing://poison/"
"""What relative IRIs are resolved against: wherever its scheme turns up, there was one."""

MAX_INLINE_TERMS = 1_000
"""Values inside the `@context` objects of one document."""
CONTEXT_WORK = 50_000
"""Term definitions put to work for one document, scoped ones at each node they apply to."""

_KEYWORDS = frozenset({"@id", "@type", "@value", "@language", "@direction", "@list", "@set"})
_GUARDED = (
    "https://www.w3.org/2018/credentials#",
    "https://www.w3.org/ns/credentials/status#",
    "https://w3id.org/security#",
    "https://purl.imsglobal.org/spec/vc/ob/vocab.html#",
)
"""Vocabularies whose terms are read by name here."""


def path_of(document: object, sought: object) -> str:
    """Where in a document this very object, or a text equal to it, stands: `$.credentialSubject.achievement`."""
    pending: list[tuple[object, str]] = [(document, "$")]
    while pending:
        value, path = pending.pop()
        if value is sought or (isinstance(sought, str) and value == sought):
            return path
        if isinstance(value, dict):
            pending.extend((below, f"{path}.{key}") for key, below in value.items() if key != "@context")
        elif isinstance(value, list):
            pending.extend((below, f"{path}[{index}]") for index, below in enumerate(value))
    return "$"


def inner_contexts(context: object) -> Iterator[dict[str, Any]]:
    """Every context object in a context, itself and scoped ones included."""
    if isinstance(context, list):
        for one in context:
            yield from inner_contexts(one)
    elif isinstance(context, dict):
        context = context.get("@context", context)
        if isinstance(context, dict):
            yield context
            for definition in context.values():
                if isinstance(definition, dict) and "@context" in definition:
                    yield from inner_contexts(definition["@context"])
        else:
            yield from inner_contexts(context)


def _cache_key(context: dict[str, Any]) -> str:
    return str(canonicalize(context).decode())


@cache
def _standard_names() -> dict[str, frozenset[str]]:
    """The terms by which the shipped contexts name each IRI of the guarded vocabularies."""
    names: dict[str, set[str]] = {}
    for document in shipped().values():
        contexts = list(inner_contexts(document))
        prefixes = {
            term: iri
            for context in contexts
            for term, iri in context.items()
            if isinstance(iri, str) and iri[-1] in "#/"
        }
        for context in contexts:
            for term, definition in context.items():
                iri = definition.get("@id") if isinstance(definition, dict) else definition
                if not isinstance(iri, str):
                    continue
                prefix, _, rest = iri.partition(":")
                iri = prefixes[prefix] + rest if prefix in prefixes else iri
                if iri.startswith(_GUARDED):
                    names.setdefault(iri, set()).add(term)
    return {iri: frozenset(terms) for iri, terms in names.items()}


def _names_of(iri: str, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """The standard names of an IRI that fit. Open Badges gives some IRIs to a class and to a property: case tells."""
    names = _standard_names().get(iri, frozenset())
    return tuple(sorted(name for name in names if fits(name))) or tuple(sorted(names))


class _PinnedContexts(MutableMapping[str, dict[str, ResolvedContext]]):
    """PyLD's cache of parsed contexts, keeping only ours: what a stranger's document brings is forgotten with it."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[str, ResolvedContext]] = {}
        self._keys: set[str] = set()

    def pin(self, key: str) -> None:
        self._keys.add(key)

    def __getitem__(self, key: str) -> dict[str, ResolvedContext]:
        return self._entries[key]

    def __setitem__(self, key: str, value: dict[str, ResolvedContext]) -> None:
        if key in self._keys:
            self._entries[key] = value

    def __delitem__(self, key: str) -> None:
        del self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


_lock = threading.Lock()
"""PyLD's parsed contexts remember what was built on them, in caches that are not safe to share between threads."""


@cache
def _pinned() -> _PinnedContexts:
    pinned = _PinnedContexts()
    for url, document in shipped().items():
        pinned.pin(url)
        for context in inner_contexts(document):
            pinned.pin(_cache_key(context))
    return pinned


def pin(context: JsonObject) -> None:
    """Keep this inline context parsed: for one that is composed here, again and again."""
    _pin(orjson.dumps(context))


@lru_cache(maxsize=1024)
def _pin(text: bytes) -> None:
    for inner in inner_contexts(orjson.loads(text)):
        _pinned().pin(_cache_key(inner))


class _SafeProcessor(jsonld.JsonLdProcessor):  # type: ignore[misc] # PyLD is published without types
    """Expansion that refuses what it would otherwise drop: hooks in PyLD's own steps see each key in its context."""

    def __init__(self) -> None:
        super().__init__()
        self.document: object = None
        self.work = CONTEXT_WORK

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 PyLD's own structures
        if self.document is None:  # PyLD's copy of it, in which places are found
            self.document = element
        return super()._expand(active_ctx, active_property, element, *rest, **more)

    def _process_context(self, active_ctx: Any, local_ctx: Any, options: Any, **rest: Any) -> Any:  # noqa: ANN401 PyLD's own structures
        self.work -= 1 + (len(local_ctx) if isinstance(local_ctx, dict) else 0)
        if self.work < 0:
            raise Unbounded("its contexts are too much work")
        return super()._process_context(active_ctx, local_ctx, options, **rest)

    def _expand_object(  # noqa: PLR0913, PLR0917 PyLD's own signature
        self,
        active_ctx: Any,  # noqa: ANN401 PyLD's own structures
        active_property: Any,  # noqa: ANN401 as above
        expanded_active_property: Any,  # noqa: ANN401 as above
        element: dict[str, Any],
        expanded_parent: Any,  # noqa: ANN401 as above
        options: Any,  # noqa: ANN401 as above
        inside_list: bool = False,  # noqa: FBT001, FBT002 as above
        type_key: str | None = None,
        type_scoped_ctx: Any = None,  # noqa: ANN401 as above
    ) -> None:
        mappings = active_ctx["mappings"]
        for key, value in element.items():
            if key == "@context":
                continue
            term = mappings.get(key)
            iri = term["@id"] if term else self._expand_iri(active_ctx, key, vocab=True)
            if iri is None or not (iri.startswith("@") or ":" in iri):
                raise UndefinedTerm(f"no context defines {self._at(element, key)}")
            self._check_name(element, key, iri, mappings)
            if (value is None or (isinstance(value, list) and None in value)) and (
                term is None or term.get("@type") != "@json"
            ):
                raise UndefinedTerm(f"null says nothing, and cannot be signed: {self._at(element, key)}")
            if iri == "@type":
                self._check_types(element, key, value, type_scoped_ctx or active_ctx)
        super()._expand_object(
            active_ctx,
            active_property,
            expanded_active_property,
            element,
            expanded_parent,
            options,
            inside_list,
            type_key,
            type_scoped_ctx,
        )

    def _at(self, element: dict[str, Any], key: str) -> str:
        return f"{path_of(self.document, element)}.{key}"

    def _check_name(self, element: dict[str, Any], key: str, iri: str, mappings: Any) -> None:  # noqa: ANN401 PyLD's own
        if iri.startswith("@"):
            if iri not in _KEYWORDS:
                raise Unprotected(f"{iri} can be changed without breaking a signature: {self._at(element, key)}")
            alias = mappings.get(iri[1:])
            if key == iri and alias and alias["@id"] == iri and "@value" not in element:
                raise Unprotected(f"{self._at(element, key)} is another name for {iri[1:]}")
        elif iri.startswith(_GUARDED):
            names = _names_of(iri, lambda name: name[0].islower())
            if names and key not in names:
                raise Unprotected(f"{self._at(element, key)} is another name for {' or '.join(names)}")

    def _check_types(self, element: dict[str, Any], key: str, value: object, context: Any) -> None:  # noqa: ANN401 PyLD's own
        for name in value if isinstance(value, list) else [value]:
            if not isinstance(name, str):
                raise NotJsonLd(f"a type is a text: {self._at(element, key)}")
            iri = self._expand_iri(context, name, vocab=True, base=POISON_BASE)
            if iri is None or iri.startswith(POISON_BASE):
                raise UndefinedTerm(f"no context defines the type {name!r} at {self._at(element, key)}")
            names = _names_of(iri, lambda name: not name[0].islower())
            if names and name not in names:
                at = self._at(element, key)
                raise Unprotected(f"the type {name!r} at {at} is another name for {' or '.join(names)}")


def _inline_terms(document: object) -> int:
    """How many values the `@context` objects of a document hold; equal ones are parsed, and counted, once."""
    count = 0
    seen: set[bytes] = set()
    pending: list[tuple[object, bool]] = [(document, False)]
    while pending:
        value, inside = pending.pop()
        count += inside
        if isinstance(value, dict):
            for key, below in value.items():
                opens = key == "@context" and not inside
                if opens and (text := json.dumps(below, sort_keys=True).encode()) in seen:
                    continue
                if opens:
                    seen.add(text)
                pending.append((below, inside or opens))
        elif isinstance(value, list):
            pending.extend((below, inside) for below in value)
    return count


def expand(document: JsonObject, contexts: Contexts) -> Iterable[dict[str, Any]]:
    """The expanded form of a document, in which every key is an IRI; nothing of the document is missing from it.

    Raises:
        UndefinedTerm, RelativeIri, Unprotected: something would be lost, or could be changed unnoticed.
        UnknownContext: a context that is not among those given.
        NotJsonLd: the document breaks a rule of JSON-LD.
        Unbounded, NotJson: see `check_bounds`.
    """
    check_bounds(document)
    if _inline_terms(document) > MAX_INLINE_TERMS:
        raise Unbounded(f"its contexts hold more than {MAX_INLINE_TERMS} values")

    def load(url: str, _options: object) -> dict[str, Any]:
        if url not in contexts:
            raise UnknownContext(f"the context {url[:300]} is not one of those known here")
        # PyLD rewrites what it loads.
        return {"contextUrl": None, "documentUrl": url, "document": copy.deepcopy(contexts[url]), "tag": "static"}

    processor = _SafeProcessor()
    options = {
        "base": POISON_BASE,
        "isFrame": False,
        "keepFreeFloatingNodes": False,
        "extractAllScripts": False,
        "processingMode": "json-ld-1.1",
        "documentLoader": load,
    }
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what PyLD warns of is refused here, or in the dataset
        options["contextResolver"] = ContextResolver(_pinned(), load)
        try:
            expanded = processor.expand(document, options)
        except Fault:
            raise
        except Exception as error:  # PyLD meets malformed input with errors of every kind
            raise _reason(error) from error
    if not expanded:
        raise NotJsonLd("the document says nothing")
    return list(expanded)


def _reason(error: BaseException) -> Fault:
    """The fault beneath PyLD's wrappings, or what PyLD says."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Fault):
            return cause
        cause = cause.__cause__
    if isinstance(error, jsonld.JsonLdError):
        return NotJsonLd(f"{error.args[0] if error.args else 'no JSON-LD'} ({error.code or error.type})")
    return NotJsonLd(f"no JSON-LD document ({type(error).__name__})")
