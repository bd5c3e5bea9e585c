"""How settings are written in an environment, which knows nothing but text."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode


def _comma_separated(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _seconds(value: object) -> object:
    return float(value) if isinstance(value, str) and value.replace(".", "", 1).isdigit() else value


COMMA_SEPARATED = (NoDecode, BeforeValidator(_comma_separated))
"""For several values, as `Annotated[tuple[str, ...], *COMMA_SEPARATED]`; not the JSON that Pydantic would expect."""

Span = Annotated[timedelta, BeforeValidator(_seconds), Field(gt=timedelta(0))]
"""A span of time: seconds, or ISO 8601 (`PT1H`)."""
