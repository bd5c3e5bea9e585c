"""What a credential says of itself, for the reader of a report. Only as good as its signature."""

from __future__ import annotations

from datetime import datetime

from credentials.data_model import dates, items
from credentials.formats import OPEN_BADGES_3, Reading
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.format import is_open_badge
from verifier.domain.report import Element, Named, Summary

_LONGEST = 1_000


def summarise(document: JsonObject) -> Summary:
    """The credential's own statements, as far as they can be read."""
    if is_open_badge(document):
        try:
            return _badge(OPEN_BADGES_3.read(document))
        except Malformed:
            pass
    return _plain(document)


def _badge(reading: Reading) -> Summary:
    return Summary(
        id=reading.id,
        title=reading.title,
        format=OPEN_BADGES_3.name,
        issuer=Named(id=reading.issuer, name=reading.issuer_name),
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
