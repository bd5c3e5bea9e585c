"""Spans of time as XSD writes them (`xsd:duration`, XML Schema 1.1 part 2, section 3.3.6), and as people say them.

A workload is counted in hours. A span in months or years says how long something lasts on the calendar, which no
number of hours follows from: P60M is sixty months, PT60M sixty minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = "[0-9]{1,9}"
_DURATION = re.compile(
    rf"(?P<minus>-)?P(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?(?:(?P<weeks>{_NUMBER})W)?"
    rf"(?:(?P<days>{_NUMBER})D)?(?:T(?P<time>(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?"
    rf"(?:(?P<seconds>{_NUMBER}(?:\.[0-9]{{1,9}})?)S)?))?"
)
_UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time, unit by unit."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0
    seconds: Decimal = Decimal(0)
    negative: bool = False

    @property
    def is_calendar(self) -> bool:
        """Whether it is counted, in part, in days or longer."""
        return any((self.years, self.months, self.weeks, self.days))

    @property
    def in_hours(self) -> Decimal | None:
        """How many hours it is; None where the calendar would have to say."""
        if self.is_calendar:
            return None
        total = self.hours + Decimal(self.minutes) / 60 + self.seconds / 3600
        return -total if self.negative else total

    def __str__(self) -> str:
        """In words: `125 hours`, `12 hours 15 minutes`, `60 months`."""
        named = ((unit, getattr(self, unit)) for unit in _UNITS)
        said = [
            f"{Decimal(number).normalize():f} {unit if number != 1 else unit[:-1]}" for unit, number in named if number
        ]
        return ("minus " if self.negative else "") + (" ".join(said) or "0 hours")


def read_duration(text: str) -> Duration | None:
    """The span a text names; None where it names none."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or found["time"] == "" or not any(found[unit] for unit in _UNITS):
        return None
    whole = {unit: int(found[unit] or 0) for unit in _UNITS if unit != "seconds"}
    return Duration(**whole, seconds=Decimal(found["seconds"] or 0), negative=bool(found["minus"]))
