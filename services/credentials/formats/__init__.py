"""Formats: what a credential looks like. A format composes a document from an award, and says what may secure it."""

from credentials.formats.european_digital_credential import EUROPEAN_DIGITAL_CREDENTIAL, NotAnEuropeanDigitalCredential
from credentials.formats.format import Format, UnsuitableProof
from credentials.formats.guards import Unwritable
from credentials.formats.learning_credential import LEARNING_CREDENTIAL
from credentials.formats.micro_credential import MICRO_CREDENTIAL
from credentials.formats.open_badges import OPEN_BADGES_3, NotAnOpenBadge
from credentials.formats.reading import FoundElement, Reading, StatusReference
from credentials.registry import Registry

FORMATS = Registry(OPEN_BADGES_3, EUROPEAN_DIGITAL_CREDENTIAL, LEARNING_CREDENTIAL, MICRO_CREDENTIAL)
"""Every format that is written and read here."""

__all__ = [
    "EUROPEAN_DIGITAL_CREDENTIAL",
    "FORMATS",
    "LEARNING_CREDENTIAL",
    "MICRO_CREDENTIAL",
    "OPEN_BADGES_3",
    "Format",
    "FoundElement",
    "NotAnEuropeanDigitalCredential",
    "NotAnOpenBadge",
    "Reading",
    "StatusReference",
    "UnsuitableProof",
    "Unwritable",
]
