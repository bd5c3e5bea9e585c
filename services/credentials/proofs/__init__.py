"""Proofs: how a document is sealed. A suite is a declaration: a name, a kind of key, a canonical form.

Sources: Verifiable Credential Data Integrity 1.0; Data Integrity EdDSA Cryptosuites 1.0; Data Integrity ECDSA
Cryptosuites 1.0; Securing Verifiable Credentials using JOSE and COSE; RFC 9901 (SD-JWT); ETSI TS 119 182-1
(JAdES).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from credentials.canonical import Budget, KnownShapes, jcs
from credentials.keys import ED25519, P256, KeyKind, PrivateKey, PublicKey
from credentials.proofs.data_integrity import ASSERTION, ContextMismatch, DataIntegrity, WrongKind
from credentials.proofs.jades import JADES, Jades
from credentials.proofs.sd_jwt import SD_JWT, SD_JWT_ES256, SdJwtProof
from credentials.proofs.vc_jwt import VC_JWT_EDDSA, VC_JWT_ES256, VcJwt, VcJwtProof
from credentials.proofs.verification import (
    ProofOutcome,
    ProofResult,
    bound_to_issuer,
    issuer_id,
    verification_methods,
    verify_all,
)
from credentials.registry import Registry
from schemas.values import JsonObject

Sealed = JsonObject | str
"""A secured credential: the document with its proofs in it, or the token that it is inside."""


class Proof(Protocol):
    """Anything that secures a document."""

    @property
    def name(self) -> str:
        """By which it is chosen and told."""
        ...

    @property
    def key(self) -> KeyKind | None:
        """The kind of key it signs with; None where it has a certificate of its own to sign with."""
        ...

    @property
    def enveloping(self) -> bool:
        """Whether the document goes inside it: then it is the only proof, as none can be added afterwards."""
        ...

    @property
    def media_type(self) -> str:
        """Of what it secured, as it is served."""
        ...

    def secure(self, document: JsonObject, key: PrivateKey, verification_method: str, created: datetime) -> Sealed:
        """The document, secured."""
        ...


SHAPES = KnownShapes(
    common=("issuer", "achievement", "credentialSchema"),
    budget=Budget(at_once=20, each_second=5),
    narrowing=Budget(at_once=50, each_second=20),
)
"""The shapes of anybody's documents, and what the badges of an offering have in common. Each new shape costs some 15
ms, each new offering 3, so that strangers get 13 % of a processor by it; who seals has shapes of their own (see
`DataIntegrity.over`)."""

EDDSA_RDFC_2022 = DataIntegrity("eddsa-rdfc-2022", key=ED25519, canonicalize=SHAPES.rdfc)
"""https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022; Open Badges certification asks for it."""

EDDSA_JCS_2022 = DataIntegrity("eddsa-jcs-2022", key=ED25519, canonicalize=jcs, carries_context=True)
"""https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022."""

ECDSA_RDFC_2019 = DataIntegrity("ecdsa-rdfc-2019", key=P256, canonicalize=SHAPES.rdfc)
"""https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-rdfc-2019, with P-256 keys."""

ECDSA_JCS_2019 = DataIntegrity("ecdsa-jcs-2019", key=P256, canonicalize=jcs, carries_context=True)
"""https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-jcs-2019, with P-256 keys."""

SUITES = Registry(EDDSA_RDFC_2022, EDDSA_JCS_2022, ECDSA_RDFC_2019, ECDSA_JCS_2019)
"""Every Data Integrity suite that is written and read here."""

AT_HAND = Registry(
    *(suite if suite.carries_context else replace(suite, canonicalize=SHAPES.fill) for suite in SUITES.values())
)
"""The same for documents of known shapes: they raise `NotAtHand` for others, and never take long."""

PROOFS: Registry[Proof] = Registry(*SUITES.values(), VC_JWT_EDDSA, VC_JWT_ES256, SD_JWT, SD_JWT_ES256, JADES)
"""Every proof that is written and read here."""


def verify_proofs(
    document: JsonObject, keys: Mapping[str, PublicKey], *, now: datetime, purpose: str = ASSERTION
) -> tuple[ProofResult, ...]:
    """Check every proof of a document, in its order, with the keys that could be had; none where it has no proof.

    A bad signature, an expired proof, a key that could not be had: each is a result. See `bound_to_issuer` for whose
    proofs count.

    Raises:
        Malformed: the document itself has no canonical form (an undefined term, an unknown context).
    """
    return verify_all(document, keys, SUITES, now=now, purpose=purpose)


__all__ = [
    "ASSERTION",
    "AT_HAND",
    "ECDSA_JCS_2019",
    "ECDSA_RDFC_2019",
    "EDDSA_JCS_2022",
    "EDDSA_RDFC_2022",
    "JADES",
    "PROOFS",
    "SD_JWT",
    "SD_JWT_ES256",
    "SHAPES",
    "SUITES",
    "VC_JWT_EDDSA",
    "VC_JWT_ES256",
    "ContextMismatch",
    "DataIntegrity",
    "Jades",
    "Proof",
    "ProofOutcome",
    "ProofResult",
    "SdJwtProof",
    "Sealed",
    "VcJwt",
    "VcJwtProof",
    "WrongKind",
    "bound_to_issuer",
    "issuer_id",
    "verification_methods",
    "verify_proofs",
]
