"""Data Integrity: what all its cryptosuites have in common.

Source: https://www.w3.org/TR/vc-data-integrity/, sections 4.1 to 4.6, and https://www.w3.org/TR/vc-di-eddsa/ and
https://www.w3.org/TR/vc-di-ecdsa/, sections 3.2 and 3.3 of each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Self

import orjson

from credentials.canonical import KnownShapes
from credentials.contexts import CREDENTIALS_V2, DATA_INTEGRITY_V2
from credentials.keys import KeyKind, PrivateKey, PublicKey
from credentials.moments import seconds_text
from credentials.multibase import NotMultibase, base58btc, from_base58btc
from schemas.faults import Malformed
from schemas.values import JsonObject

ASSERTION = "assertionMethod"
TYPE = "DataIntegrityProof"


class ContextMismatch(Malformed):
    """The document's contexts do not begin with those its proof was made over."""


class WrongKind(ValueError):  # noqa: N818 named as the faults are
    """A suite was given a key that it cannot sign with: a mistake of ours, not of a document."""


def as_list(value: object) -> list[object]:
    """JSON-LD's one or many."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def without_proof(document: JsonObject) -> JsonObject:
    """The document as it is before it is secured."""
    return {key: value for key, value in document.items() if key != "proof"}


@dataclass(frozen=True, slots=True)
class DataIntegrity:
    """A cryptosuite: SHA-256 over the canonical proof configuration, then over the canonical document, signed."""

    name: str
    key: KeyKind
    canonicalize: Callable[[JsonObject], bytes]
    carries_context: bool = False
    """Whether the proof repeats the document's `@context`, as it must where the canonical form is of the text alone."""

    @property
    def enveloping(self) -> bool:
        """No: its proofs stand in the document, side by side."""
        return False

    @property
    def media_type(self) -> str:
        """Of a credential with an embedded proof (VC Data Model 2.0, section 6.2)."""
        return "application/vc"

    def over(self, shapes: KnownShapes) -> Self:
        """The same suite, canonicalising by these shapes; one over the text alone has no use for them."""
        return self if self.carries_context else replace(self, canonicalize=shapes.rdfc)

    def digest(self, document: JsonObject) -> bytes:
        """The SHA-256 of the canonical form.

        Raises:
            Malformed: the document has no canonical form.
        """
        return hashlib.sha256(self.canonicalize(document)).digest()

    def hash_data(self, document: JsonObject, configuration: JsonObject) -> bytes:
        """What is signed: the hash of the configuration, then that of the unsecured document (3.2.4, 3.3.4)."""
        return self.digest(configuration) + self.digest(document)

    def secure(  # noqa: PLR0913 the members of a proof, by name
        self,
        document: JsonObject,
        key: PrivateKey,
        verification_method: str,
        created: datetime,
        *,
        purpose: str = ASSERTION,
        expires: datetime | None = None,
    ) -> JsonObject:
        """The document with one more proof; `proof` is always an array, as the Open Badges schema asks.

        Proofs already there stay, and stand beside the new one (a proof set). A document of VC Data Model 1.1 gets the
        context that defines proofs.

        Raises:
            WrongKind: the key is of another kind than the suite's.
            Malformed: the document has no canonical form.
        """
        if key.kind is not self.key:
            raise WrongKind(f"{self.name} signs with {self.key.name}, not {key.kind.name}")
        unsecured = without_proof(document)
        contexts = as_list(document.get("@context"))
        if CREDENTIALS_V2 not in contexts and DATA_INTEGRITY_V2 not in contexts:
            unsecured["@context"] = [*contexts, DATA_INTEGRITY_V2]
        proof: JsonObject = {
            "type": TYPE,
            "cryptosuite": self.name,
            "created": seconds_text(created),
            **({"expires": seconds_text(expires)} if expires else {}),
            "verificationMethod": verification_method,
            "proofPurpose": purpose,
        }
        configuration = {**proof, "@context": unsecured["@context"]}
        signature = key.sign(_digest_of_configuration(self, orjson.dumps(configuration)) + self.digest(unsecured))
        proof = (configuration if self.carries_context else proof) | {"proofValue": base58btc(signature)}
        return {**unsecured, "proof": [*as_list(document.get("proof")), proof]}

    def inputs(self, unsecured: JsonObject, proof: JsonObject) -> tuple[JsonObject, JsonObject]:
        """The document and the configuration that a proof is over, as its verifier puts them together (3.2.2, 3.3.2).

        Raises:
            ContextMismatch: the proof was made over other contexts.
        """
        configuration = {key: value for key, value in proof.items() if key != "proofValue"}
        if not self.carries_context:
            return unsecured, {**configuration, "@context": unsecured.get("@context")}
        if "@context" in proof:
            ours, theirs = as_list(unsecured.get("@context")), as_list(proof["@context"])
            if ours[: len(theirs)] != theirs:
                raise ContextMismatch("the document's @context does not begin with the proof's")
            unsecured = {**unsecured, "@context": proof["@context"]}
        return unsecured, configuration

    def holds(self, proof: JsonObject, hash_data: bytes, key: PublicKey) -> bool:
        """Whether the proof's signature over this data is this key's (3.2.7, 3.3.7)."""
        value = proof.get("proofValue")
        if key.kind is not self.key or not isinstance(value, str):
            return False
        try:
            return key.verify(from_base58btc(value), hash_data)
        except NotMultibase:
            return False


@lru_cache(maxsize=256)
def _digest_of_configuration(suite: DataIntegrity, text: bytes) -> bytes:
    """What is sealed in the same second with the same key has the same."""
    return suite.digest(orjson.loads(text))
