"""What a document says, read once by the rules of the format that it says it is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from credentials.contexts import CREDENTIALS_V1
from credentials.data_model import items
from credentials.formats import EUROPEAN_DIGITAL_CREDENTIAL, OPEN_BADGES_3, OPEN_BADGES_3_VC_1_1, Format, Reading
from credentials.formats.european_digital_credential_reading import TYPE
from schemas.faults import Malformed
from schemas.values import JsonObject


def is_open_badge(document: JsonObject) -> bool:
    """Whether it says it is one."""
    return not {"OpenBadgeCredential", "AchievementCredential"}.isdisjoint(
        name for name in items(document.get("type")) if isinstance(name, str)
    )


def is_european(document: JsonObject) -> bool:
    """Whether it says that it is a European Digital Credential."""
    return TYPE in items(document.get("type"))


def format_of(document: JsonObject) -> Format | None:
    """The format that it says it is in, where that is one whose rules are known here."""
    if is_open_badge(document):
        older = items(document.get("@context"))[:1] == (CREDENTIALS_V1,)
        return OPEN_BADGES_3_VC_1_1 if older else OPEN_BADGES_3
    return EUROPEAN_DIGITAL_CREDENTIAL if is_european(document) else None


@dataclass(frozen=True, slots=True)
class Content:
    """What a document says, or why that cannot be told."""

    format: Format | None
    reading: Reading | None = None
    fault: Malformed | None = None

    @classmethod
    def of(cls, document: JsonObject) -> Self:
        """Read a document."""
        known = format_of(document)
        if known is None:
            return cls(None)
        try:
            return cls(known, known.read(document))
        except Malformed as fault:
            return cls(known, fault=fault)
