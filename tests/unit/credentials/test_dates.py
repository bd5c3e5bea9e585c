"""When a credential holds, by either version of the data model."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from credentials.data_model import BrokenRule, Dates, dates

EARLY, LATE = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def test_the_older_version_has_two_names_for_each_end_and_the_narrower_period_counts() -> None:
    document = {"@context": [CREDENTIALS_V1], "issuanceDate": EARLY, "validUntil": LATE}
    assert dates(document) == Dates(FIRST, LAST)
    assert dates({**document, "validFrom": LATE, "validUntil": "2028-01-01T00:00:00Z"}).valid_from == LAST
    assert dates({**document, "expirationDate": EARLY}).valid_until == FIRST


def test_the_newer_version_has_one_name_for_each() -> None:
    document = {"@context": [CREDENTIALS_V2], "validFrom": EARLY, "expirationDate": LATE}
    assert dates(document) == Dates(FIRST, None)


def test_what_ends_before_it_starts_is_broken() -> None:
    with pytest.raises(BrokenRule, match="ends before"):
        dates({"@context": [CREDENTIALS_V1], "issuanceDate": LATE, "validUntil": EARLY})
