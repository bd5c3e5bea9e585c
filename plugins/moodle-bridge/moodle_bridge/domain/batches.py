"""Several deliveries in one request, each with its own body, as it would be sent alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from moodle_bridge.domain.translate import fields
from schemas.faults import Malformed
from schemas.values import Frozen

MOST_DELIVERIES = 100


class Kind(StrEnum):
    """What a delivery tells."""

    COMPLETION = "completion"
    CORRECTION = "correction"


class BatchedDelivery(Frozen):
    """One of them."""

    kind: Kind
    body: str
    """The frozen body, as text: it is recognised by its bytes, which would not outlive being written anew."""


class Batch(Frozen):
    """The body of a grouped delivery, version 1. It need not be frozen: what is in it is."""

    version: Literal[1]
    items: Annotated[tuple[BatchedDelivery, ...], Field(min_length=1, max_length=MOST_DELIVERIES)]


def read_batch(body: bytes) -> Batch:
    """The deliveries. Raises `Malformed`: then none of them was read."""
    try:
        return Batch.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(fields(error)) from None
