"""The bridge's own few knobs: `LAUREL_BRIDGE_…` in the environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.knobs import COMMA_SEPARATED, Knobs, Span
from chassis.settings import Origin


class BridgeSettings(Knobs):
    """How completions are taken in. Spans of time are ISO 8601 (`PT1H`) or seconds."""

    model_config = SettingsConfigDict(env_prefix="LAUREL_BRIDGE_")

    max_body: Annotated[int, Field(ge=1024)] = 1_000_000
    """Bytes a delivery may have."""
    max_batch: Annotated[int, Field(ge=1024)] = 8_000_000
    """Bytes several deliveries may have together."""
    republish_after: Span = timedelta(minutes=2)
    """How long a completion may go without an outcome before it is told again; twice as long each time after."""
    republish_at_most: Span = timedelta(hours=6)
    """The longest pause between two tellings."""
    republish_for: Span = timedelta(days=7)
    """How long after its acceptance a completion is told again; without an outcome then it is unaccounted for.
    So long is kept, too, what is heard of credentials nobody here knows."""
    sweep: Span = timedelta(seconds=30)
    """How often it is looked for either."""
    claim_validity: Span = timedelta(days=30)
    """How long a claim link works that an answer carries."""
    push_origins: Annotated[tuple[Origin, ...], *COMMA_SEPARATED] = ()
    """Origins that platforms are told at although they are not public https, comma separated: `http://moodle.lan`."""
    secret_overlap: Span = timedelta(days=1)
    """How long a platform's old secret works beside its new one."""
    patience_seconds: Annotated[float, Field(gt=0)] = 30
    """How long the issuer may take to say what it would decide."""
