"""The seventh check: is now inside the time it says it holds?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from credentials.data_model import dates
from schemas.values import JsonObject, instant_text
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code

LEEWAY: Final = timedelta(seconds=30)
"""How far the issuer's clock may run ahead of ours before "not yet" is said."""


def check_validity(document: JsonObject, now: datetime) -> Finding:
    """Compare the credential's own dates with the time it is asked about."""
    period = dates(document)
    evidence = {
        "validFrom": instant_text(period.valid_from) if period.valid_from else None,
        "validUntil": instant_text(period.valid_until) if period.valid_until else None,
        "at": instant_text(now),
    }
    if period.valid_from and now + LEEWAY < period.valid_from:
        return found(Code.NOT_YET_VALID, f"It is valid from {period.valid_from:%Y-%m-%d %H:%M} UTC on.", **evidence)
    if period.valid_until and now > period.valid_until:
        return found(Code.EXPIRED, f"It was valid until {period.valid_until:%Y-%m-%d %H:%M} UTC.", **evidence)
    if period.valid_until:
        return found(Code.VALID_NOW, f"It is valid until {period.valid_until:%Y-%m-%d %H:%M} UTC.", **evidence)
    return found(Code.VALID_NOW, "It is valid, and has no end date.", **evidence)
