"""What the bridge does, a verb each."""

from moodle_bridge.handlers.accepting import AcceptCompletion, AcceptCompletions, AcceptedDelivery
from moodle_bridge.handlers.backfilling import AcceptEarlier, Entry, ReadLines, TryEarlier
from moodle_bridge.handlers.outcomes import ListAccepted, Outcome, RecordOutcomes, TellOutcome
from moodle_bridge.handlers.platforms import (
    ChangePlatform,
    ListPlatforms,
    PlatformDisabled,
    RecognisePlatform,
    RegisterPlatform,
    RotateSecret,
)
from moodle_bridge.handlers.republishing import RepublishUnanswered, every_unanswered
from moodle_bridge.handlers.trying import Trial, TryDelivery

__all__ = [
    "AcceptCompletion",
    "AcceptCompletions",
    "AcceptEarlier",
    "AcceptedDelivery",
    "ChangePlatform",
    "Entry",
    "ListAccepted",
    "ListPlatforms",
    "Outcome",
    "PlatformDisabled",
    "ReadLines",
    "RecognisePlatform",
    "RecordOutcomes",
    "RegisterPlatform",
    "RepublishUnanswered",
    "RotateSecret",
    "TellOutcome",
    "Trial",
    "TryDelivery",
    "TryEarlier",
    "every_unanswered",
]
