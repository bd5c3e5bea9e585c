"""The catalogue's own knobs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.knobs import Knobs


class CatalogueSettings(Knobs):
    """`LAUREL_CATALOGUE_…` in the environment."""

    model_config = SettingsConfigDict(env_prefix="LAUREL_CATALOGUE_")

    page_size: Annotated[int, Field(ge=1, le=500)] = 50
    """Offerings on one page of the catalogue."""
