"""Why something could not be done, for an operator: a short code and a sentence, never what was in the message."""

from __future__ import annotations

import re
import traceback

from chassis.logging import described, scrubbed
from schemas.faults import Fault

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def reason_for(error: Exception) -> tuple[str, str]:
    """Its code and its detail. A fault's message is written to be read; of any other only its kind and place are."""
    if isinstance(error, Fault):
        return _CAPITAL.sub("-", type(error).__name__).lower(), scrubbed(str(error)) or type(error).__name__
    where = traceback.extract_tb(error.__traceback__)
    place = f" at {where[-1].filename.rpartition('/')[2]}:{where[-1].lineno} in {where[-1].name}" if where else ""
    return "handler-failed", described(error) + place
