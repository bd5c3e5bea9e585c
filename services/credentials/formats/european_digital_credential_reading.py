"""Reading European Digital Credentials, ours and others'.

A JAdES seal is over the text: what is read here is what was sealed. So that whoever reads it as RDF reads the same, its
contexts have to be the two of the application profile and nothing else; and every value has to be of its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from credentials.contexts import CREDENTIALS_V1
from credentials.formats.reading import FoundElement, Reading
from credentials.moments import read_moment
from schemas import annex1
from schemas.faults import Malformed
from schemas.values import JsonObject

CONTEXT: Final = "http://data.europa.eu/snb/model/context/edc-ap"
TYPE: Final = "EuropeanDigitalCredential"


class NotAnEuropeanDigitalCredential(Malformed):
    """It is none, or something in it is not of the type that the application profile gives it."""


def read(document: JsonObject) -> Reading:
    """What a European Digital Credential says. The issuer's id is its eIDAS identifier, which its certificate attests.

    Raises:
        NotAnEuropeanDigitalCredential: a part that every one has is missing, or a value is of the wrong type.
        NotAMoment: a date is none.
    """
    if TYPE not in _texts(document, "type") or "VerifiableCredential" not in _texts(document, "type"):
        raise NotAnEuropeanDigitalCredential("its types do not say that it is a European Digital Credential")
    if document.get("@context") != [CREDENTIALS_V1, CONTEXT]:
        raise NotAnEuropeanDigitalCredential("its contexts are not those of the application profile, and these alone")
    subject, issuer = _one(document, "credentialSubject"), _one(document, "issuer")
    claims, display = _objects(subject, "hasClaim"), _one(document, "displayParameter")
    if not claims:
        raise NotAnEuropeanDigitalCredential("it claims nothing (hasClaim)")
    starts, ends = validity(document)
    if starts is None:
        raise NotAnEuropeanDigitalCredential("it does not say from when it is valid")
    credential = _Credential(document, subject, issuer, claims)
    awarded = [text for process in credential.processes() for text in _texts(process, "awardingDate")]
    title = next(iter([*_said(display, "title"), *_said(claims[0], "title")]), None)
    if title is None:
        raise NotAnEuropeanDigitalCredential("it has no title")
    return Reading(
        id=_text(document, "id"),
        title=title,
        description=next(_said(display, "description"), None),
        issuer=eidas_identifier(document) or _text(issuer, "id") or "",
        issuer_name=next(_said(issuer, "legalName"), None),
        subject=did if (did := _text(subject, "id")) and did.startswith("did:") else None,
        subject_name=credential.name_of_subject(),
        valid_from=starts,
        valid_until=ends,
        awarded=read_moment(awarded[0]) if awarded else None,
        status=(),
        elements=tuple(credential.elements()),
    )


def eidas_identifier(document: JsonObject) -> str | None:
    """The issuer's identifier as a legal person, as the document states it."""
    found = [_text(one, "notation") for one in _objects(_one(document, "issuer"), "eIDASIdentifier")]
    return found[0] if len(found) == 1 else None


def legal_names(document: JsonObject) -> tuple[str, ...]:
    """What the issuer is called in the document, in all its languages."""
    names = _one(document, "issuer").get("legalName", {})
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise NotAnEuropeanDigitalCredential("issuer.legalName is no language map")
    return tuple(names.values())


def validity(document: JsonObject) -> tuple[datetime | None, datetime | None]:
    """From when until when: by all the names it may say so, and where they differ, the narrower.

    Raises:
        NotAMoment: one of them is no moment.
    """
    starts = [read_moment(document[name]) for name in ("validFrom", "issuanceDate") if name in document]
    ends = [read_moment(document[name]) for name in ("validUntil", "expirationDate") if name in document]
    return max(starts, default=None), min(ends, default=None)


def _objects(parent: JsonObject, key: str) -> list[JsonObject]:
    value = parent.get(key, [])
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(one, dict) for one in found):
        raise NotAnEuropeanDigitalCredential(f"{key} holds something that is no object")
    return found


def _one(parent: JsonObject, key: str) -> JsonObject:
    found = _objects(parent, key)
    if len(found) != 1:
        raise NotAnEuropeanDigitalCredential(f"{key} is not there once")
    return found[0]


def _text(parent: JsonObject, key: str) -> str | None:
    value = parent.get(key)
    if value is not None and not isinstance(value, str):
        raise NotAnEuropeanDigitalCredential(f"{key} is no text")
    return value


def _texts(parent: JsonObject, key: str) -> list[str]:
    value = parent.get(key, [])
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in found):
        raise NotAnEuropeanDigitalCredential(f"{key} holds something that is no text")
    return found


def _said(parent: JsonObject, key: str) -> Iterator[str]:
    """One of the texts of a language map: English where there is some."""
    texts = parent.get(key)
    if texts is None:
        return
    if not isinstance(texts, dict):
        raise NotAnEuropeanDigitalCredential(f"{key} is no language map")
    for text in texts.values():
        # Several texts in one language are a list.
        if not all(isinstance(one, str) for one in (text if isinstance(text, list) else [text])):
            raise NotAnEuropeanDigitalCredential(f"{key} is no language map")
    if texts:
        chosen = texts.get("en") or next(iter(texts.values()))
        yield from chosen if isinstance(chosen, list) else [chosen]


def _labels(parent: JsonObject, key: str) -> Iterator[str]:
    """The concepts of a property, by their labels."""
    for concept in _objects(parent, key):
        yield next(_said(concept, "prefLabel"), None) or _text(concept, "id") or ""


def _with_parts(claims: Iterable[JsonObject]) -> Iterator[JsonObject]:
    """Claims, and the claims that they consist of."""
    for claim in claims:
        yield claim
        yield from _with_parts(_objects(claim, "hasPart"))


class _Credential:
    """The parts of one credential, and where each standard element is looked for in them."""

    def __init__(self, document: JsonObject, subject: JsonObject, issuer: JsonObject, claims: list[JsonObject]) -> None:
        self.document = document
        self.subject = subject
        self.issuer = issuer
        self.claims = list(_with_parts(claims))
        self.specifications = [one for claim in self.claims for one in _objects(claim, "specifiedBy")]
        self.assessments = [one for claim in self.claims for one in _objects(claim, "provenBy")]
        self.assessed = [one for assessment in self.assessments for one in _objects(assessment, "specifiedBy")] + [
            one for specification in self.specifications for one in _objects(specification, "provenBy")
        ]

    def elements(self) -> Iterator[FoundElement]:
        finders: Mapping[annex1.Element, Callable[[], Iterable[str]]] = {
            annex1.LEARNER: self.learner,
            annex1.TITLE: lambda: self.said(self.claims, "title"),
            annex1.COUNTRY: self.country,
            annex1.AWARDING_BODY: self.awarding_body,
            annex1.DATE_OF_ISSUING: lambda: _texts(self.document, "issued") or _texts(self.document, "issuanceDate"),
            annex1.LEARNING_OUTCOMES: self.outcomes,
            annex1.WORKLOAD: self.workload,
            annex1.LEVEL: self.level,
            annex1.ASSESSMENT: lambda: self.labels(self.assessed, "dcType"),
            annex1.PARTICIPATION: lambda: self.labels(self.specifications, "mode"),
            annex1.QUALITY_ASSURANCE: self.quality,
            annex1.PREREQUISITES: lambda: self.notes(self.specifications, "entryRequirement"),
            annex1.SUPERVISION: lambda: self.labels(self.assessments, "idVerification"),
            annex1.GRADE: lambda: self.notes(self.assessments, "grade"),
            annex1.INTEGRATION: self.integration,
            annex1.FURTHER_INFORMATION: self.further_information,
        }
        for element in annex1.ELEMENTS:
            values = tuple(dict.fromkeys(filter(None, finders[element]())))
            if values:
                yield FoundElement(element=element, values=values)

    def processes(self) -> list[JsonObject]:
        return [process for claim in self.claims for process in _objects(claim, "awardedBy")]

    @staticmethod
    def said(nodes: Iterable[JsonObject], key: str) -> Iterator[str]:
        for node in nodes:
            yield from _said(node, key)

    @staticmethod
    def labels(nodes: Iterable[JsonObject], key: str) -> Iterator[str]:
        for node in nodes:
            yield from _labels(node, key)

    @staticmethod
    def notes(nodes: Iterable[JsonObject], key: str) -> Iterator[str]:
        for node in nodes:
            for note in _objects(node, key):
                yield from _said(note, "noteLiteral")

    def name_of_subject(self) -> str | None:
        full = next(_said(self.subject, "fullName"), None)
        parts = [*_said(self.subject, "givenName"), *_said(self.subject, "familyName")]
        return full or " ".join(parts) or None

    def learner(self) -> Iterator[str]:
        yield self.name_of_subject() or ""
        subject = _text(self.subject, "id") or ""
        yield subject if subject.startswith("did:") else ""
        for term in ("identifier", "nationalID"):
            for identifier in _objects(self.subject, term):
                yield _text(identifier, "notation") or ""

    def country(self) -> Iterator[str]:
        for location in _objects(self.issuer, "location"):
            for address in _objects(location, "address"):
                yield from _labels(address, "countryCode")
            yield from _labels(location, "spatialCode")

    def awarding_body(self) -> Iterator[str]:
        for process in self.processes():
            yield from self.said(_objects(process, "awardingBody"), "legalName")

    def outcomes(self) -> Iterator[str]:
        for specification in self.specifications:
            stated = list(self.said(_objects(specification, "learningOutcome"), "title"))
            yield from stated or self.notes([specification], "learningOutcomeSummary")

    def workload(self) -> Iterator[str]:
        for specification in self.specifications:
            for point in _objects(specification, "creditPoint"):
                yield " ".join([_text(point, "point") or "", *_labels(point, "framework")])
            yield from _texts(specification, "volumeOfLearning")

    def level(self) -> Iterator[str]:
        for specification in self.specifications:
            yield from (f"EQF {label}" for label in _labels(specification, "eqfLevel"))
            yield from _labels(specification, "nqfLevel")
            yield from _labels(specification, "educationLevel")

    def quality(self) -> Iterator[str]:
        for node in [*self.specifications, self.issuer]:
            for one in _objects(node, "accreditation"):
                agents = self.said(_objects(one, "accreditingAgent"), "legalName")
                yield ", ".join([*_said(one, "title"), *_labels(one, "dcType"), *agents])

    def integration(self) -> Iterator[str]:
        for specification in self.specifications:
            partial = specification.get("isPartialQualification")
            if partial is not None and not isinstance(partial, bool):
                raise NotAnEuropeanDigitalCredential("isPartialQualification is neither true nor false")
            if partial is not None:
                yield "stackable" if partial else "standalone"
            yield from self.said(_objects(specification, "isPartOf"), "title")

    def further_information(self) -> Iterator[str]:
        for node in [*self.specifications, *self.claims]:
            yield from self.notes([node], "additionalNote")
            for term in ("supplementaryDocument", "homepage"):
                for page in _objects(node, term):
                    yield _text(page, "contentURL") or ""
