"""Open Badges 3.0 on VC Data Model 1.1, for who reads no newer one.

Source: https://www.imsglobal.org/spec/ob/v3p0/, B.9.2 AchievementCredentialv1p1, and the data model itself,
https://www.w3.org/TR/vc-data-model-1.1/. 1EdTech describes it for verifying, and wants new badges to be of the newer
model; this one is sealed for whoever asks for it. It says the same, with other names for its dates, and a context for
its status.
"""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Final

from credentials.contexts import BITSTRING_STATUS_LIST, CREDENTIALS_V1
from credentials.formats import open_badges
from credentials.formats.format import Format
from credentials.formats.open_badges_reading import read
from credentials.proofs import SUITES
from schemas.events import StatusEntry
from schemas.microcredential import Award
from schemas.values import JsonObject

SCHEMA: Final = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_anyachievementcredential_schema.json"
NAMES: Final = MappingProxyType({"validFrom": "issuanceDate", "validUntil": "expirationDate"})
"""What version 1.1 calls the dates of version 2.0."""


def compose(award: Award, *, issued: datetime, status: StatusEntry, salt: bytes | None = None) -> JsonObject:
    """The Open Badge of an award, unsecured (see `Compose`).

    Raises:
        Unwritable: the award holds what libraries write differently, or not at all, or the salt is too short.
    """
    badge = open_badges.compose(award, issued=issued, status=status, salt=salt)
    _, *contexts, inline = badge.pop("@context")
    schemas = [{**schema, "id": SCHEMA} for schema in badge["credentialSchema"]]
    return {
        "@context": [CREDENTIALS_V1, *contexts, BITSTRING_STATUS_LIST, inline],
        **{NAMES.get(name, name): value for name, value in badge.items()},
        "credentialSchema": schemas,
    }


OPEN_BADGES_3_VC_1_1: Final = Format(
    name="open-badges-3-vc-1-1",
    title="Open Badges 3.0 on VC Data Model 1.1",
    media_type="application/vc+ld+json",
    compose=compose,
    read=read,
    audience="For wallets and badge collections that know only the older data model of credentials.",
    proofs=tuple(SUITES.values()),
    suspend=open_badges.suspend,
    fixed=open_badges.OPEN_BADGES_3.fixed,
)
"""Tokens of the older model say everything twice, and are not written here."""
