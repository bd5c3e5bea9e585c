"""1EdTech's canonicalisation vectors for Open Badges 3.0 and Comprehensive Learner Record 2.0.

They are given as canonical forms alone; the documents are the specifications' examples that they belong to.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from credentials.canonical import rdfc
from credentials.contexts import (
    COMPREHENSIVE_LEARNER_RECORD,
    CREDENTIALS_V2,
    OPEN_BADGES,
    OPEN_BADGES_EXTENSIONS,
)
from schemas.values import JsonObject

LEARNER = "did:example:ebfeb1f712ebc6f1c276e12ec21"
SCHEMAS = "https://purl.imsglobal.org/spec"
PROOF: JsonObject = {
    "type": "DataIntegrityProof",
    "created": "2010-01-01T19:23:24Z",
    "verificationMethod": "https://example.edu/issuers/565049#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
    "cryptosuite": "eddsa-rdfc-2022",
    "proofPurpose": "assertionMethod",
}
PROOF_VALUE = "z45QnLySMt2mWuW787G6cf3SLkP97ZkMZxLeXH5yaaTQPCtTup4GCV95tU8HEnQJSyGCokSj3AvUhmJtvveTmN4Vu"
BADGE: JsonObject = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES],
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {
        "id": "https://example.edu/issuers/565049",
        "type": ["Profile"],
        "name": "Example Corp",
        "url": "https://www.imsglobal.org",
    },
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": LEARNER,
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {
                "narrative": "Team members are nominated for this badge by their peers and recognized upon review by "
                "Example Corp management."
            },
            "description": "This badge recognizes the development of the capacity to collaborate within a group "
            "environment.",
            "name": "Teamwork",
        },
    },
}


def a_record() -> JsonObject:
    issuer = {"id": "https://example.edu/issuers/565049", "type": ["Profile"], "name": "Example University"}

    def achievement(uuid: str, name: str) -> JsonObject:
        return {
            "id": f"urn:uuid:{uuid}",
            "type": ["Achievement"],
            "creator": issuer,
            "name": name,
            "criteria": {"id": f"https://example.edu/achievements/{uuid}/criteria"},
            "description": name,
            "image": {"id": "https://example.edu/achievements/sample.png", "type": "Image"},
        }

    def schema(path: str) -> list[JsonObject]:
        return [{"id": f"{SCHEMAS}/{path}", "type": "1EdTechJsonSchemaValidator2019"}]

    first = achievement("a7467ef6-56cb-11ec-bf63-0242ac130002", "Achievement 1")
    second = achievement("dd887f0a-56cb-11ec-bf63-0242ac130002", "Achievement 2")
    degree = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
        "id": "urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer,
        "validFrom": "2010-01-01T00:00:00Z",
        "name": "Example University Degree",
        "credentialSubject": {"id": LEARNER, "type": ["AchievementSubject"], "achievement": first},
        "credentialSchema": schema("ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"),
        "proof": [{**PROOF, "proofValue": PROOF_VALUE}],
    }
    return {
        "@context": [CREDENTIALS_V2, COMPREHENSIVE_LEARNER_RECORD, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
        "id": "http://example.edu/credentials/3732",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": issuer,
        "validFrom": "2010-01-01T00:00:00Z",
        "name": "Sample Transcript",
        "credentialSubject": {
            "id": LEARNER,
            "type": ["ClrSubject"],
            "verifiableCredential": [degree],
            "achievement": [first, second],
            "association": [
                {
                    "type": "Association",
                    "associationType": "isParentOf",
                    "sourceId": first["id"],
                    "targetId": second["id"],
                }
            ],
        },
        "credentialSchema": schema("clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"),
    }


@pytest.mark.parametrize(("folder", "document"), [("obv3p0", BADGE), ("clrv2p0", a_record())])
def test_a_document_has_the_published_canonical_form(folder: str, document: JsonObject, reference_data: Path) -> None:
    vectors = reference_data / "vectors" / "ob3-clr2-canonicalization" / folder

    assert rdfc(document) == (vectors / "document-canon.txt").read_bytes()
    assert rdfc({"@context": CREDENTIALS_V2, **PROOF}) == (vectors / "proof-canon.txt").read_bytes()
