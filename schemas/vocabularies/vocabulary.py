"""A controlled vocabulary: what a code list is, and how a field is held to one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True, repr=False)
class Concept:
    """One entry of a code list (`skos:Concept`). Two with the same URI are the same."""

    uri: str
    """Its identity, and its form in JSON."""
    code: str = field(compare=False)
    """Its name within the list, as the list's keeper wrote it."""
    label: str = field(compare=False)
    """In English."""
    slug: str = field(compare=False)
    """The label as people type it: `written-examination`."""
    notation: str = field(compare=False)
    """The short form other standards write: `IE` for Ireland, `ECTS` for its credits; else the code."""
    scheme: str = field(compare=False)
    """The list it is from (`skos:ConceptScheme`)."""

    def __str__(self) -> str:
        """The label, as a reader wants to see it."""
        return self.label

    def __repr__(self) -> str:
        """Short: a traceback may show many."""
        return f"Concept({self.uri!r})"


def _slug(label: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.casefold()).strip("-")


class Vocabulary:
    """A code list: `Annotated[Concept, vocabulary]` is a field that holds one of its concepts.

    Such a field reads a code, a notation, a slug or a URI, and is written as the URI. Letter case matters in URIs only.
    Where several concepts share a label, only their codes tell them apart, so the code is their slug.

    Raises:
        ValueError: two concepts could be called by the same name.
    """

    def __init__(
        self,
        name: str,
        *,
        scheme: str,
        base: str,
        labels: Mapping[str, str],
        notations: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.scheme = scheme
        shared = Counter(map(_slug, labels.values()))
        self._concepts = tuple(
            Concept(
                uri=base + code,
                code=code,
                label=label,
                slug=slug if shared[slug := _slug(label)] == 1 else code,
                notation=(notations or {}).get(code, code),
                scheme=scheme,
            )
            for code, label in labels.items()
        )
        self._by_name: dict[str, Concept] = {}
        for concept in self._concepts:
            for known_as in {concept.uri, *(n.casefold() for n in (concept.code, concept.notation, concept.slug))}:
                if self._by_name.setdefault(known_as, concept) is not concept:
                    raise ValueError(f"two entries of the list of {name} answer to {known_as!r}")

    def __iter__(self) -> Iterator[Concept]:
        """The concepts, in the list's order."""
        return iter(self._concepts)

    def __len__(self) -> int:
        return len(self._concepts)

    def __getitem__(self, name: str) -> Concept:
        """The concept of that code, notation, slug or URI; KeyError where there is none."""
        return self._by_name.get(name) or self._by_name[name.casefold()]

    def _validated(self, value: object) -> Concept:
        name = value.uri if isinstance(value, Concept) else value
        if isinstance(name, str):
            try:
                return self[name]
            except KeyError:
                pass
        raise PydanticCustomError(
            "vocabulary", "{given} is not in the list of {name}", {"given": repr(name)[:100], "name": self.name}
        )

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read any name, write the URI."""
        return core_schema.no_info_plain_validator_function(
            self._validated,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda concept: concept.uri, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """One of the URIs: what travels is written by this schema, whatever a person may type."""
        return {"type": "string", "format": "uri", "enum": [concept.uri for concept in self]}
