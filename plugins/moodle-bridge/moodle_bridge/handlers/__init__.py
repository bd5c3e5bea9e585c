"""What the bridge does, a verb each."""

from moodle_bridge.handlers.accepting import AcceptCompletion, AcceptCompletions, AcceptedDelivery
from moodle_bridge.handlers.backfilling import AcceptEarlier, Entry, ReadLines, TryEarlier
from moodle_bridge.handlers.batching import AcceptBatch
from moodle_bridge.handlers.correcting import (
    AcceptCorrection,
    CorrectionReceipt,
    RecordDecisions,
    TellCorrections,
    every_undecided,
)
from moodle_bridge.handlers.holding import ForgetStrangers, RecordHolding
from moodle_bridge.handlers.outcomes import ListAccepted, Outcome, RecordOutcomes, TellOutcome
from moodle_bridge.handlers.platforms import (
    ChangePlatform,
    ListPlatforms,
    PlatformDisabled,
    RecognisePlatform,
    RegisterPlatform,
    RotateSecret,
)
from moodle_bridge.handlers.pushing import PushOutcomes
from moodle_bridge.handlers.reopening import ReopenAllowed
from moodle_bridge.handlers.republishing import RepublishUnanswered, every_unanswered
from moodle_bridge.handlers.stating import AcceptStatements, TakenStatements
from moodle_bridge.handlers.trying import Trial, TryDelivery

__all__ = [
    "AcceptBatch",
    "AcceptCompletion",
    "AcceptCompletions",
    "AcceptCorrection",
    "AcceptEarlier",
    "AcceptStatements",
    "AcceptedDelivery",
    "ChangePlatform",
    "CorrectionReceipt",
    "Entry",
    "ForgetStrangers",
    "ListAccepted",
    "ListPlatforms",
    "Outcome",
    "PlatformDisabled",
    "PushOutcomes",
    "ReadLines",
    "RecognisePlatform",
    "RecordDecisions",
    "RecordHolding",
    "RecordOutcomes",
    "RegisterPlatform",
    "ReopenAllowed",
    "RepublishUnanswered",
    "RotateSecret",
    "TakenStatements",
    "TellCorrections",
    "TellOutcome",
    "Trial",
    "TryDelivery",
    "TryEarlier",
    "every_unanswered",
    "every_undecided",
]
