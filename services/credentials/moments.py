"""How moments are written in credentials, and read from them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache

from schemas.faults import Malformed
from schemas.values import utc_text

_LONGEST_KEPT = 64
"""Characters; a fraction may have any number of digits, so longer ones are read anew each time."""
_DATE_TIME_STAMP = re.compile(
    r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class NotAMoment(Malformed):
    """The text is no XSD dateTimeStamp."""


def seconds_text(moment: datetime) -> str:
    """UTC, whole seconds, `Z`: the form every verifier reads. What is smaller than a second is dropped."""
    return utc_text(moment, "seconds")


def read_moment(text: object) -> datetime:
    """The moment an XSD dateTimeStamp names, in UTC; a zone is required, as VC Data Model 2.0, section 4.9, asks.

    Raises:
        NotAMoment: another form, or a moment outside the years 1 to 9999 of UTC.
    """
    if not isinstance(text, str):
        raise NotAMoment(f"{str(text)[:80]!r} is no moment with a time zone")
    return _read_once(text) if len(text) <= _LONGEST_KEPT else _read(text)


def _read(text: str) -> datetime:
    if _DATE_TIME_STAMP.fullmatch(text):
        with suppress(ValueError, OverflowError):
            return datetime.fromisoformat(text).astimezone(UTC)
    raise NotAMoment(f"{text[:80]!r} is no moment with a time zone")


_read_once = lru_cache(maxsize=2_000)(_read)
"""A credential's moments are asked for again and again, and many have the same."""
