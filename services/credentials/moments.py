"""How moments are written in credentials, and read from them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache

from schemas.faults import Malformed

_DATE_TIME_STAMP = re.compile(
    r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class NotAMoment(Malformed):
    """The text is no XSD dateTimeStamp."""


def seconds_text(moment: datetime) -> str:
    """UTC, whole seconds, `Z`: the form every verifier reads. What is smaller than a second is dropped."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")[: -len("+00:00")] + "Z"


def read_moment(text: object) -> datetime:
    """The moment an XSD dateTimeStamp names; a zone is required, as VC Data Model 2.0, section 4.9, asks.

    Raises:
        NotAMoment: another form.
    """
    if not isinstance(text, str):
        raise NotAMoment(f"{str(text)[:80]!r} is no moment with a time zone")
    return _read(text)


@lru_cache(maxsize=2_000)
def _read(text: str) -> datetime:
    """Read once: a credential's moments are asked for again and again, and many have the same."""
    if _DATE_TIME_STAMP.fullmatch(text):
        with suppress(ValueError):
            return datetime.fromisoformat(text)
    raise NotAMoment(f"{text[:80]!r} is no moment with a time zone")
