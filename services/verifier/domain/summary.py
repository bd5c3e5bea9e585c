"""What a credential says of itself, for the reader of a report. Only as good as its signature."""

from __future__ import annotations

from datetime import datetime

from credentials.certificates import LegalPerson
from credentials.data_model import dates, items
from credentials.formats import Reading
from credentials.proofs.jades import SealedDocument
from credentials.proofs.opened import Opened
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.attestation import Attestation
from verifier.domain.content import Content
from verifier.domain.report import Element, Named, Summary

_LONGEST = 1_000


def summarise(opened: Opened, content: Content | None = None) -> Summary:
    """The credential's own statements, as far as they can be read; a sealed one's issuer as its certificate has it.

    `content` spares reading them a second time.
    """
    if isinstance(opened, Attestation):
        read = opened.reading()
        return _read(read[1], read[0], None) if read else _plain(opened.document)
    content = content or Content.of(opened.document)
    holder = opened.holder if isinstance(opened, SealedDocument) else None
    if content.format is None or content.reading is None:
        return _plain(opened.document)
    return _read(content.reading, content.format.name, holder)


def _read(reading: Reading, name: str, holder: LegalPerson | None) -> Summary:
    return Summary(
        id=reading.id,
        title=reading.title,
        format=name,
        issuer=Named(id=holder.identifier, name=holder.name)
        if holder
        else Named(id=reading.issuer, name=reading.issuer_name),
        subject=Named(id=reading.subject, name=reading.subject_name),
        issued=reading.valid_from,
        awarded=reading.awarded,
        valid_until=reading.valid_until,
        elements=tuple(
            Element(id=found.element.id, title=found.element.title, values=found.values) for found in reading.elements
        ),
    )


def _plain(document: JsonObject) -> Summary:
    issuer, subjects = document.get("issuer"), items(document.get("credentialSubject"))
    issued, until = _period(document)
    return Summary(
        id=_text(document.get("id")),
        title=_text(document.get("name")),
        issuer=_named(issuer),
        subject=_named(subjects[0]) if subjects else Named(),
        issued=issued,
        valid_until=until,
    )


def _period(document: JsonObject) -> tuple[datetime | None, datetime | None]:
    try:
        period = dates(document)
    except Malformed:
        return None, None
    return period.valid_from, period.valid_until


def _named(value: object) -> Named:
    if isinstance(value, dict):
        return Named(id=_text(value.get("id")), name=_text(value.get("name")))
    return Named(id=_text(value))


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) else None
