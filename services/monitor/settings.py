"""The monitor's own few knobs: `LAUREL_MONITOR_…`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.knobs import Knobs


class MonitorSettings(Knobs):
    """How much it shows, and how long it waits for others."""

    model_config = SettingsConfigDict(env_prefix="LAUREL_MONITOR_")

    newest: Annotated[int, Field(ge=1, le=1000)] = 50
    """How many facts the page shows."""
    session_hours: Annotated[int, Field(ge=1)] = 8
    """How long an operator stays signed in."""
    patience_seconds: Annotated[float, Field(gt=0)] = 10
    """How long another service may take to show a page of its ledger."""
    refresh_seconds: Annotated[int, Field(ge=1)] = 5
    """How often the page renews itself once it is told to."""
