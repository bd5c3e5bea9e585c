"""Comprehensive Learner Record 2.0: a learner's stack of badges in one credential, and how they build on each other.

Source: https://www.imsglobal.org/spec/clr/v2p0/. Each badge stays as it was sealed, with its own issuer, proof and
status; the record says that these belong to one learner, and what counts towards what. It is no `Format`: it is
composed from what was sealed, not from one award.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from credentials.contexts import COMPREHENSIVE_LEARNER_RECORD, CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS
from credentials.formats.guards import check_writable
from credentials.formats.open_badges import achievement_id
from credentials.moments import seconds_text
from schemas.faults import Refused
from schemas.microcredential import Award, Organisation, StackingTarget
from schemas.values import JsonObject, in_language

SCHEMA: Final = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"
MEDIA_TYPE: Final = "application/vc"
_TOLD: Final = ("id", "name", "description", "criteria", "achievementType", "inLanguage")
"""What a record repeats of an achievement; the badge says the rest."""


class NotRecorded(Refused):
    """A credential that cannot go into a record, or not into this one."""


@dataclass(frozen=True, slots=True)
class RecordedBadge:
    """A sealed Open Badge, and the award it was composed from."""

    award: Award
    document: JsonObject


def compose_record(
    record: UUID, organisation: Organisation, badges: Sequence[RecordedBadge], *, issued: datetime
) -> JsonObject:
    """The record of these badges, unsecured. Its subject is named where every badge is bound to the same holder.

    Raises:
        NotRecorded: there is no badge, one twice, or one that is no Open Badge.
        Unwritable: something in it would not be written alike everywhere.
    """
    if not badges or len({badge.award.id for badge in badges}) != len(badges):
        raise NotRecorded("a record holds one badge or more, each once")
    for badge in badges:
        if "OpenBadgeCredential" not in badge.document.get("type", ()):
            raise NotRecorded(f"{badge.award.id} is no Open Badge, and a record holds nothing else")
    holders = {badge.award.learner.did for badge in badges}
    holder = next(iter(holders)) if len(holders) == 1 else None
    language = badges[0].award.offering.primary_language
    associations, targets = _stacking(badges)
    document: JsonObject = {
        "@context": [CREDENTIALS_V2, COMPREHENSIVE_LEARNER_RECORD, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
        "id": record.urn,
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record of micro-credentials",
        "issuer": {
            "id": organisation.did,
            "type": ["Profile"],
            "name": in_language(organisation.legal_name, language),
        },
        "validFrom": seconds_text(issued),
        "credentialSubject": {
            **({"id": holder} if holder else {}),
            "type": ["ClrSubject"],
            "verifiableCredential": [badge.document for badge in badges],
            "achievement": [*_achievements(badges), *targets],
            **({"association": associations} if associations else {}),
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    check_writable(document)
    return document


def _achievements(badges: Sequence[RecordedBadge]) -> Iterator[JsonObject]:
    """Each achievement once, however often it was earned."""
    stated = (badge.document["credentialSubject"]["achievement"] for badge in badges)
    for achievement in {one["id"]: one for one in stated}.values():
        yield {"type": ["Achievement"], **{name: achievement[name] for name in _TOLD if name in achievement}}


def _stacking(badges: Sequence[RecordedBadge]) -> tuple[list[JsonObject], list[JsonObject]]:
    """What counts towards what; and the targets that are not in the record themselves."""
    earned = {
        badge.award.offering.homepage: achievement_id(badge.award.organisation, badge.award.offering).urn
        for badge in badges
        if badge.award.offering.homepage
    }
    pairs: dict[tuple[str, str], JsonObject] = {}
    targets: dict[str, JsonObject] = {}
    for badge in badges:
        offering = badge.award.offering
        source = achievement_id(badge.award.organisation, offering).urn
        for target in offering.stackable_towards:
            if target.url is None:
                continue
            name = earned.get(target.url)
            if name is None:
                name = target.url
                targets[name] = _target(target, target.url, offering.primary_language)
            pairs[source, name] = {
                "type": "Association",
                "associationType": "isPartOf",
                "sourceId": source,
                "targetId": name,
            }
    return list(pairs.values()), list(targets.values())


def _target(target: StackingTarget, url: str, language: str) -> JsonObject:
    """A larger qualification that is not earned yet: CLR lists it as an achievement without an assertion."""
    title = in_language(target.title, language)
    return {"id": url, "type": ["Achievement"], "name": title, "description": title, "criteria": {"id": url}}
