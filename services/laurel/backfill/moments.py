"""Moments as people and spreadsheets write them. What could mean two days is refused, not guessed."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from schemas.values import instant_text

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ ,T]+(\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII)
_SLASHED = re.compile(r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4}.*", re.ASCII)
_SERIAL = re.compile(r"\d{5}([.,]\d+)?", re.ASCII)
ADVICE = "write 2024-05-31, or with the time 2024-05-31T14:30+02:00"


def read_moment(text: str, zone: tzinfo) -> str:
    """The moment as Laurel spells it; a day alone is its beginning. `zone` is that of what names none.

    Raises `ValueError` with a sentence that says what to write instead.
    """
    text = text.strip()
    moment = _iso(text) or _dotted(text)
    if moment is None:
        raise ValueError(f"{_trouble(text)}; {ADVICE}")
    return instant_text(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _iso(text: str) -> datetime | None:
    if _SERIAL.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _dotted(text: str) -> datetime | None:
    if (found := _DOTTED.fullmatch(text)) is None:
        return None
    day, month, year, time = found.groups()
    try:
        return datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{time or '0:00':0>5}")
    except ValueError:
        return None


def _trouble(text: str) -> str:
    if _SERIAL.fullmatch(text):
        return f"{text} is a spreadsheet's number for a day: give the column the format text"
    if _SLASHED.fullmatch(text) and not text.startswith(("19", "20")):
        return f"{text} could be two days, depending on the country"
    return f"{text!r} is no day of the calendar and no moment"
