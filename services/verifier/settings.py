"""The verifier's own knobs: `LAUREL_VERIFIER_…`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.knobs import Knobs


class VerifierSettings(Knobs):
    """How long what was fetched is kept, and what one fetch may cost."""

    model_config = SettingsConfigDict(env_prefix="LAUREL_VERIFIER_")

    anchors: Path | None = None
    """A PEM file of the authorities whose certificates are relied on for e-seals."""
    did_ttl: Annotated[float, Field(ge=0, le=3600)] = 60
    """Seconds a DID document is kept. A key that is not in it is looked for again at once."""
    status_ttl: Annotated[float, Field(ge=0, le=3600)] = 30
    """Seconds a status list is kept. What this house changes itself is forgotten at once."""
    fetch_seconds: Annotated[float, Field(gt=0, le=60)] = 8
    """Seconds one fetch may take, redirects and all."""
    fetch_bytes: Annotated[int, Field(ge=10_000)] = 1_000_000
    """Bytes one fetch may bring, as sent; four times as many once unpacked."""
