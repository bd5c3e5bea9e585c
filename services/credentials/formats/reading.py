"""What a credential says, for whoever verifies it: read from its JSON, with every value's type checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.annex1 import Element
from schemas.values import JsonObject


@dataclass(frozen=True, slots=True)
class FoundElement:
    """A standard element that a credential carries."""

    element: Element
    values: tuple[str, ...]
    """For a reader: labels where they are known, else what stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReference:
    """Where a credential's status can be looked up, and for what (Bitstring Status List 1.0, section 2.1)."""

    type: str
    purpose: str | None
    list: str | None
    index: int | None
    size: int = 1
    """Bits per entry."""
    entry: JsonObject
    """As it stands in the document."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A credential's statements, in one form for all formats."""

    id: str | None
    title: str | None
    """None where its holder does not show it."""
    description: str | None
    issuer: str
    issuer_name: str | None
    subject: str | None
    """The holder's DID, where the credential is bound to one."""
    subject_name: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    awarded: datetime | None
    """When it was earned."""
    status: tuple[StatusReference, ...]
    elements: tuple[FoundElement, ...]
    """The elements of Annex I found in it, in Annex I's order."""
