"""Reading Open Badges 3.0, ours and others'.

A verifier reads the JSON that its signature's canonical form was made of: the two agree only where every value has the
type it should, and every ELM term the meaning it should. What has not is refused, or not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson

from credentials.formats import elm
from credentials.formats.reading import FoundElement, Reading, StatusReference
from credentials.moments import read_moment
from schemas import annex1
from schemas.faults import Malformed
from schemas.values import JsonObject
from schemas.vocabularies import (
    ACCREDITATION_TYPES,
    ASSESSMENT_TYPES,
    COUNTRIES,
    CREDIT_SYSTEMS,
    EQF_LEVELS,
    LEARNING_MODES,
    QF_EHEA_CYCLES,
    SUPERVISION_VERIFICATION,
    Vocabulary,
)

_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_CREDIT_SYSTEM_URIS = frozenset(known.uri for known in CREDIT_SYSTEMS)
_USUAL_BYTES: Final = 20_000
"""Of what an offering's badges have in common; what is larger is read anew each time, and kept by nobody."""
_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")


class NotAnOpenBadge(Malformed):
    """It is no Open Badge 3.0, or something in it is not of the type that Open Badges gives it."""


def read(document: JsonObject) -> Reading:
    """What an Open Badge says.

    Raises:
        NotAnOpenBadge: a part that every badge has is missing, or a value is of the wrong type.
        NotAMoment: a date is none.
    """
    if not _TYPES & set(_texts(document, "type")) or "VerifiableCredential" not in _texts(document, "type"):
        raise NotAnOpenBadge("its types do not say that it is an Open Badge")
    subject = _object(document, "credentialSubject")
    achievement = _object(subject, "achievement", "credentialSubject")
    issuer = document.get("issuer")
    issuer = {"id": issuer} if isinstance(issuer, str) else _object(document, "issuer")
    starts = document.get("validFrom", document.get("issuanceDate"))
    ends = document.get("validUntil", document.get("expirationDate"))
    if starts is None:
        raise NotAnOpenBadge("it does not say from when it is valid")
    title = _text(achievement, "name", "credentialSubject.achievement")
    issuer_id = _text(issuer, "id", "issuer")
    if title is None or issuer_id is None:
        raise NotAnOpenBadge("its achievement has no name, or its issuer no id")
    offered = _offered(document.get("@context"), issuer, achievement)
    rest = [value for name, value in document.items() if name not in {"@context", "issuer", "credentialSubject"}]
    rest += [value for name, value in subject.items() if name != "achievement"]
    if (tag := offered.misspelt or elm.misspelt_language(rest, offered.understood)) is not None:
        raise NotAnOpenBadge(f"the language {tag[:40]!r} is not written in lower case")
    return Reading(
        id=_text(document, "id"),
        title=title,
        description=_text(achievement, "description", "credentialSubject.achievement"),
        issuer=issuer_id,
        issuer_name=_text(issuer, "name", "issuer"),
        subject=_text(subject, "id", "credentialSubject"),
        subject_name=_name_of(subject),
        valid_from=read_moment(starts),
        valid_until=read_moment(ends) if ends is not None else None,
        awarded=read_moment(document["awardedDate"]) if "awardedDate" in document else None,
        status=tuple(_status(document)),
        elements=tuple(_elements(document, subject, offered)),
    )


def _object(parent: JsonObject, key: str, path: str = "") -> JsonObject:
    value = parent.get(key)
    if not isinstance(value, dict):
        raise NotAnOpenBadge(f"{_path(path, key)} is no object")
    return value


def _objects(parent: JsonObject, key: str) -> list[JsonObject]:
    value = parent.get(key, [])
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(one, dict) for one in found):
        raise NotAnOpenBadge(f"{key} holds something that is no object")
    return found


def _text(parent: JsonObject, key: str, path: str = "") -> str | None:
    value = parent.get(key)
    if value is not None and not isinstance(value, str):
        raise NotAnOpenBadge(f"{_path(path, key)} is no text")
    return value


def _texts(parent: JsonObject, key: str) -> list[str]:
    value = parent.get(key, [])
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in found):
        raise NotAnOpenBadge(f"{key} holds something that is no text")
    return found


def _path(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _status(document: JsonObject) -> Iterator[StatusReference]:
    for entry in _objects(document, "credentialStatus"):
        types = _texts(entry, "type")
        index, size = _text(entry, "statusListIndex", "credentialStatus"), entry.get("statusSize", 1)
        if index is not None and not _INDEX.fullmatch(index):
            raise NotAnOpenBadge("credentialStatus.statusListIndex is no number written as text")
        if not types or not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise NotAnOpenBadge("credentialStatus has no type, or its statusSize is no number")
        yield StatusReference(
            type=types[0],
            purpose=_text(entry, "statusPurpose", "credentialStatus"),
            list=_text(entry, "statusListCredential", "credentialStatus"),
            index=int(index) if index is not None else None,
            size=size,
            entry=entry,
        )


def _label(vocabulary: Vocabulary, uri: str) -> str:
    try:
        return vocabulary[uri].label
    except KeyError:
        return uri


def _in_one_language(texts: object) -> Iterator[str]:
    """One of the texts of a language map: English where there is some."""
    if texts is None:
        return
    if not isinstance(texts, dict) or not texts or not all(isinstance(text, str) for text in texts.values()):
        raise NotAnOpenBadge("a text in several languages is not written as tags and texts")
    yield texts.get("en") or next(iter(texts.values()))


def _elements(document: JsonObject, subject: JsonObject, offered: _Offered) -> Iterator[FoundElement]:
    """What the badge says of its learner, among what it has in common with those of others."""
    own: Mapping[annex1.Element, Iterable[str]] = {
        annex1.LEARNER: _learner(subject),
        annex1.DATE_OF_ISSUING: _texts(document, "validFrom") or _texts(document, "issuanceDate"),
        annex1.GRADE: [value for one in _objects(subject, "result") for value in _texts(one, "value")],
    }
    for element in annex1.ELEMENTS:
        found = FoundElement(element, _once_each(own[element])) if element in own else offered.elements[element]
        if found.values:
            yield found


def _once_each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _name_of(subject: JsonObject) -> str | None:
    for identity in _objects(subject, "identifier"):
        if identity.get("hashed") is False and identity.get("identityType") == "name":
            return _text(identity, "identityHash", "credentialSubject.identifier")
    return None


def _learner(subject: JsonObject) -> Iterator[str]:
    name = _name_of(subject)
    if name:
        yield name
    yield from _texts(subject, "id")
    for identity in _objects(subject, "identifier"):
        if identity.get("hashed") is True:
            yield f"{_text(identity, 'identityType')} (hashed)"


@dataclass(frozen=True, slots=True)
class _Offered:
    """What all badges of one offering have in common."""

    understood: frozenset[str]
    """The ELM terms that mean in it what they should."""
    misspelt: str | None
    """A language in it that is not written in lower case."""
    elements: Mapping[annex1.Element, FoundElement]
    """What it says of each element; where that is nothing, no values."""


def _offered(context: object, issuer: JsonObject, achievement: JsonObject) -> _Offered:
    """Read once for all learners, where it is of a usual size."""
    parts = [context, issuer, achievement]
    try:
        text = orjson.dumps(parts)
    except orjson.JSONEncodeError:
        return _read_offered(parts)
    return _known_offered(text) if len(text) <= _USUAL_BYTES else _read_offered(parts)


@lru_cache(maxsize=256)
def _known_offered(text: bytes) -> _Offered:
    return _read_offered(orjson.loads(text))


def _read_offered(parts: list[Any]) -> _Offered:
    context, issuer, achievement = parts
    understood = elm.understood({"@context": context})
    badge = _Badge(achievement, issuer, understood)
    return _Offered(understood, elm.misspelt_language([issuer, achievement], understood), badge.elements())


class _Badge:
    """Where each standard element is looked for in an offering's part of a badge."""

    def __init__(self, achievement: JsonObject, issuer: JsonObject, understood: frozenset[str]) -> None:
        self.achievement = achievement
        self.issuer = issuer
        self.understood = understood
        self.alignments: dict[str, list[JsonObject]] = {}
        for alignment in _objects(achievement, "alignment"):
            kind = _text(alignment, "targetType", "alignment") or ""
            self.alignments.setdefault(kind.removeprefix("ext:").casefold(), []).append(alignment)

    def elements(self) -> dict[annex1.Element, FoundElement]:
        finders: Mapping[annex1.Element, Callable[[], Iterable[str]]] = {
            annex1.TITLE: lambda: _texts(self.achievement, "name"),
            annex1.COUNTRY: self.country,
            annex1.AWARDING_BODY: lambda: _texts(self.issuer, "name"),
            annex1.LEARNING_OUTCOMES: self.outcomes,
            annex1.WORKLOAD: self.workload,
            annex1.LEVEL: self.level,
            annex1.ASSESSMENT: lambda: self.of_assessments("dcType", ASSESSMENT_TYPES),
            annex1.PARTICIPATION: lambda: self.concepts(self.achievement, "mode", LEARNING_MODES),
            annex1.QUALITY_ASSURANCE: self.quality,
            annex1.PREREQUISITES: self.prerequisites,
            annex1.SUPERVISION: lambda: self.of_assessments("idVerification", SUPERVISION_VERIFICATION),
            annex1.INTEGRATION: self.integration,
            annex1.FURTHER_INFORMATION: self.further_information,
        }
        return {element: FoundElement(element, _once_each(find())) for element, find in finders.items()}

    def term(self, node: JsonObject, term: str) -> Any:  # noqa: ANN401 whatever stands there; its type is checked next
        """The value of an ELM term, where the document gives it ELM's meaning."""
        return node.get(term) if term in self.understood else None

    def nodes(self, node: JsonObject, term: str) -> list[JsonObject]:
        return _objects({term: self.term(node, term) or []}, term)

    def concepts(self, node: JsonObject, term: str, vocabulary: Vocabulary) -> Iterator[str]:
        for uri in _texts({term: self.term(node, term) or []}, term):
            yield _label(vocabulary, uri)

    def texts(self, node: JsonObject, term: str) -> Iterator[str]:
        return _in_one_language(self.term(node, term))

    def aligned(self, kind: str) -> Iterator[str]:
        for alignment in self.alignments.get(kind, []):
            yield from _texts(alignment, "targetName")

    def country(self) -> Iterator[str]:
        for address in _objects(self.issuer, "address"):
            for code in _texts(address, "addressCountryCode"):
                yield _label(COUNTRIES, code)
            if "addressCountryCode" not in address:
                yield from _texts(address, "addressCountry")
            yield from _texts(address, "addressRegion")

    def outcomes(self) -> Iterator[str]:
        stated = [text for one in self.nodes(self.achievement, "learningOutcome") for text in self.texts(one, "title")]
        criteria = _objects(self.achievement, "criteria")
        yield from stated or [text for one in criteria for text in _texts(one, "narrative")]

    def workload(self) -> Iterator[str]:
        points = [(one, text) for one in self.nodes(self.achievement, "creditPoint") for text in _texts(one, "point")]
        for one, text in points:
            systems = [
                CREDIT_SYSTEMS[uri].notation if uri in _CREDIT_SYSTEM_URIS else uri
                for uri in _texts({"framework": self.term(one, "framework") or []}, "framework")
            ]
            yield " ".join([text, *systems])
        available = self.achievement.get("creditsAvailable")
        if available is not None and (isinstance(available, bool) or not isinstance(available, int | float)):
            raise NotAnOpenBadge("credentialSubject.achievement.creditsAvailable is no number")
        if available is not None and not points:
            yield f"{available} credits"
        yield from _texts({"volume": self.term(self.achievement, "volumeOfLearning") or []}, "volume")

    def level(self) -> Iterator[str]:
        stated = [f"EQF {label}" for label in self.concepts(self.achievement, "eqfLevel", EQF_LEVELS)] or list(
            self.aligned("eqf")
        )
        yield from stated
        yield from _texts({"nqf": self.term(self.achievement, "nqfLevel") or []}, "nqf") or self.aligned("nqf")
        yield from list(self.concepts(self.achievement, "educationLevel", QF_EHEA_CYCLES)) or self.aligned("qf-ehea")

    def of_assessments(self, term: str, vocabulary: Vocabulary) -> Iterator[str]:
        for assessment in self.nodes(self.achievement, "provenBy"):
            yield from self.concepts(assessment, term, vocabulary)

    def quality(self) -> Iterator[str]:
        stated = self.nodes(self.achievement, "accreditation")
        for one in stated:
            kinds = list(self.concepts(one, "dcType", ACCREDITATION_TYPES))
            agents = [name for agent in self.nodes(one, "accreditingAgent") for name in self.texts(agent, "legalName")]
            yield ", ".join([*self.texts(one, "title"), *kinds, *agents])
        if not stated:
            yield from self.aligned("qualityassurance")

    def prerequisites(self) -> Iterator[str]:
        for note in self.nodes(self.achievement, "entryRequirement"):
            yield from self.texts(note, "noteLiteral")

    def integration(self) -> Iterator[str]:
        partial = self.term(self.achievement, "isPartialQualification")
        if partial is not None and not isinstance(partial, bool):
            raise NotAnOpenBadge("isPartialQualification is neither true nor false")
        if partial is not None:
            yield "stackable" if partial else "standalone"
        for target in self.nodes(self.achievement, "isPartOf"):
            yield from self.texts(target, "title")
        yield from self.aligned("stackabletowards")

    def further_information(self) -> Iterator[str]:
        yield from _texts({"more": self.term(self.achievement, "supplementaryDocument") or []}, "more")
        for one in _objects(self.achievement, "criteria"):
            yield from _texts(one, "id")
