"""Values as people say them: what a credential writes for machines, on a page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from schemas.durations import read_duration

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_HASHED = re.compile(r"(?:ext:)?([A-Za-z][A-Za-z0-9._-]{0,80}) \(hashed\)\Z")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[._-]+")


def day(moment: date) -> str:
    """23 November 2026."""
    return f"{moment.day} {moment:%B %Y}"


def minute(moment: datetime) -> str:
    """23 November 2026, 10:05 UTC."""
    moment = moment.astimezone(UTC)
    return f"{day(moment)}, {moment:%H:%M} UTC"


def read_time(text: str) -> datetime | date | None:
    """The moment or the day that a text is; None where it is something else."""
    try:
        if _MOMENT.match(text):
            return datetime.fromisoformat(text).astimezone(UTC)
        return date.fromisoformat(text) if _DAY.match(text) else None
    except (ValueError, OverflowError):
        return None


def in_words(text: str) -> str:
    """A span of time in hours, a moment as its day, a kind of identifier by its name; anything else as it is."""
    if span := read_duration(text):
        return str(span)
    if moment := read_time(text):
        return day(moment)
    if kind := _HASHED.match(text):
        words = " ".join(_HUMP.sub(" ", kind[1]).split()).lower()
        return f"{re.sub(r'^email', 'e-mail', words)} (hashed)"
    return text


def capitalised(text: str) -> str:
    """With a capital, where it is words: an address or an identifier stays as it is."""
    return text if _ADDRESS.match(text) else text[:1].upper() + text[1:]
