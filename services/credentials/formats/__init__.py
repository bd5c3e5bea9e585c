"""Formats: what a credential looks like. A format composes a document from an award, and says what may secure it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from credentials.formats.european_digital_credential import EUROPEAN_DIGITAL_CREDENTIAL, NotAnEuropeanDigitalCredential
from credentials.formats.format import Format, UnsuitableProof, UnsuitableStatus
from credentials.formats.guards import Unwritable
from credentials.formats.learning_credential import LEARNING_CREDENTIAL, LEARNING_CREDENTIAL_TYPE
from credentials.formats.micro_credential import MICRO_CREDENTIAL, MICRO_CREDENTIAL_TYPE
from credentials.formats.open_badges import OPEN_BADGES_3, NotAnOpenBadge
from credentials.formats.open_badges_vc_1_1 import OPEN_BADGES_3_VC_1_1
from credentials.formats.reading import FoundElement, Reading, StatusReference
from credentials.formats.sd_jwt_vc import CredentialType
from credentials.registry import Registry

FORMATS = Registry(
    OPEN_BADGES_3, OPEN_BADGES_3_VC_1_1, EUROPEAN_DIGITAL_CREDENTIAL, LEARNING_CREDENTIAL, MICRO_CREDENTIAL
)
"""Every format that is written and read here."""


class AttestationFormat(NamedTuple):
    """A type of SD-JWT VC, and the format of its credentials."""

    type: CredentialType
    format: Format


ATTESTATIONS: Mapping[str, AttestationFormat] = MappingProxyType(
    {
        LEARNING_CREDENTIAL_TYPE.vct: AttestationFormat(LEARNING_CREDENTIAL_TYPE, LEARNING_CREDENTIAL),
        MICRO_CREDENTIAL_TYPE.vct: AttestationFormat(MICRO_CREDENTIAL_TYPE, MICRO_CREDENTIAL),
    }
)
"""Every type of SD-JWT VC that is written and read here, by its `vct`."""

__all__ = [
    "ATTESTATIONS",
    "EUROPEAN_DIGITAL_CREDENTIAL",
    "FORMATS",
    "LEARNING_CREDENTIAL",
    "MICRO_CREDENTIAL",
    "OPEN_BADGES_3",
    "OPEN_BADGES_3_VC_1_1",
    "AttestationFormat",
    "Format",
    "FoundElement",
    "NotAnEuropeanDigitalCredential",
    "NotAnOpenBadge",
    "Reading",
    "StatusReference",
    "UnsuitableProof",
    "UnsuitableStatus",
    "Unwritable",
]
