"""Formats: what a credential looks like. A format composes a document from an award, and says what may secure it."""

from credentials.formats.format import Format, UnsuitableProof
from credentials.formats.guards import Unwritable
from credentials.formats.open_badges import OPEN_BADGES_3, NotAnOpenBadge
from credentials.formats.reading import FoundElement, Reading, StatusReference
from credentials.registry import Registry

FORMATS = Registry(OPEN_BADGES_3)
"""Every format that is written and read here."""

__all__ = [
    "FORMATS",
    "OPEN_BADGES_3",
    "Format",
    "FoundElement",
    "NotAnOpenBadge",
    "Reading",
    "StatusReference",
    "UnsuitableProof",
    "Unwritable",
]
