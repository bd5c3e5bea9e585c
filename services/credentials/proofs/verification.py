"""Verifying the proofs of a document: sets, chains, and whose they are.

Source: https://www.w3.org/TR/vc-data-integrity/, sections 4.3 (proof sets and chains) and 4.4 (verify proof).
A proof that does not verify is a result, not a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from credentials.canonical import Unbounded
from credentials.keys import PublicKey
from credentials.moments import read_moment
from credentials.proofs.data_integrity import ASSERTION, TYPE, DataIntegrity, as_list, without_proof
from schemas.faults import Malformed
from schemas.values import JsonObject

MAX_PROOFS = 10
"""Each proof costs a canonicalisation, some of them of the whole document."""
CLOCK_SKEW = timedelta(minutes=5)


class ProofOutcome(StrEnum):
    """What became of a proof; only the first two were checked."""

    VERIFIED = "verified"
    INVALID = "invalid"
    NO_KEY = "no-key"
    """Its key could not be had."""
    UNSUPPORTED = "unsupported"
    """Its type or suite is not known here."""


@dataclass(frozen=True, slots=True)
class ProofResult:
    """One proof, and what became of it."""

    outcome: ProofOutcome
    detail: str
    """For a reader: why it is invalid or could not be checked; empty when it verified."""
    cryptosuite: str | None = None
    verification_method: str | None = None
    created: datetime | None = None
    expires: datetime | None = None

    @property
    def verified(self) -> bool:
        """Whether it was checked and holds."""
        return self.outcome is ProofOutcome.VERIFIED

    @property
    def controller(self) -> str | None:
        """The DID (or document) that the verification method is in."""
        return self.verification_method.partition("#")[0] if self.verification_method else None


class UnsoundProof(Malformed):
    """What the proof says of itself does not hold."""


def issuer_id(document: JsonObject) -> str | None:
    """The issuer a credential names, written as text or as an object."""
    issuer = document.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    return named if isinstance(named, str) else None


def verification_methods(document: JsonObject) -> tuple[str, ...]:
    """The ids whose keys `verify_proofs` will ask for, each once."""
    methods = (proof.get("verificationMethod") for proof in as_list(document.get("proof")) if isinstance(proof, dict))
    return tuple(dict.fromkeys(method for method in methods if isinstance(method, str)))


def bound_to_issuer(document: JsonObject, results: tuple[ProofResult, ...]) -> tuple[ProofResult, ...]:
    """The verified proofs made with a key of the issuer itself.

    A set may hold proofs of others; without one of these it does not speak for the issuer (VC Data Model 2.0, 7.1).
    """
    issuer = issuer_id(document)
    return tuple(result for result in results if result.verified and issuer is not None and result.controller == issuer)


def verify_all(
    document: JsonObject,
    keys: Mapping[str, PublicKey],
    suites: Mapping[str, DataIntegrity],
    *,
    now: datetime,
    purpose: str = ASSERTION,
) -> tuple[ProofResult, ...]:
    """Check every proof of a document, in its order; none where it has no proof.

    Raises:
        Malformed: the document itself has no canonical form (an undefined term, an unknown context), or has too
            many proofs.
    """
    proofs = as_list(document.get("proof"))
    if len(proofs) > MAX_PROOFS:
        raise Unbounded(f"{len(proofs)} proofs are more than {MAX_PROOFS}")
    check = _Check(document, proofs, keys, suites, now, purpose)
    results = tuple(map(check.result, proofs))
    while (linked := tuple(map(check.linked, proofs, results, [results] * len(proofs)))) != results:
        results = linked
    return results


@dataclass(frozen=True, slots=True)
class _Check:
    """The proofs of one document, and what they are checked with."""

    document: JsonObject
    proofs: list[object]
    keys: Mapping[str, PublicKey]
    suites: Mapping[str, DataIntegrity]
    now: datetime
    purpose: str
    digests: dict[str, bytes] = field(default_factory=dict)
    """Of the document alone, by suite: the same for all proofs of a set."""

    def result(self, proof: object) -> ProofResult:  # noqa: PLR0911 one for each way a proof can end
        """What becomes of one proof, taken alone."""
        if not isinstance(proof, dict):
            return ProofResult(ProofOutcome.INVALID, "the proof is no object")
        name, method = proof.get("cryptosuite"), proof.get("verificationMethod")
        created: datetime | None = None
        expires: datetime | None = None

        def came_to(outcome: ProofOutcome, detail: str) -> ProofResult:
            stated = (name if isinstance(name, str) else None, method if isinstance(method, str) else None)
            return ProofResult(outcome, detail, *stated, created, expires)

        suite = self.suites.get(name) if isinstance(name, str) else None
        if proof.get("type") != TYPE or suite is None:
            detail = f"{str(name or proof.get('type'))[:80]!r} is not a proof known here"
            return came_to(ProofOutcome.UNSUPPORTED, detail)
        try:
            created, expires = _moments(proof, self.now)
            _check_use(proof, self.purpose)
            previous = _previous(proof, self.proofs)
            unsecured = {**without_proof(self.document), **({"proof": previous} if previous else {})}
            unsecured, configuration = suite.inputs(unsecured, proof)
        except Malformed as why:
            return came_to(ProofOutcome.INVALID, str(why))
        key = self.keys.get(str(method))
        if key is None:
            return came_to(ProofOutcome.NO_KEY, f"the key {str(method)[:200]} could not be had")
        document_digest = self.digest(suite, unsecured)
        try:
            hash_data = suite.digest(configuration) + document_digest
        except Malformed as why:
            return came_to(ProofOutcome.INVALID, str(why))
        if suite.holds(proof, hash_data, key):
            return came_to(ProofOutcome.VERIFIED, "")
        return came_to(ProofOutcome.INVALID, "the signature is not over this document, or not by this key")

    def digest(self, suite: DataIntegrity, unsecured: JsonObject) -> bytes:
        """The document's digest, taken once where proofs share it."""
        if "proof" in unsecured or suite.carries_context:
            return suite.digest(unsecured)
        if suite.name not in self.digests:
            self.digests[suite.name] = suite.digest(unsecured)
        return self.digests[suite.name]

    def linked(self, proof: object, result: ProofResult, results: tuple[ProofResult, ...]) -> ProofResult:
        """A proof holds only where those it is over hold."""
        if not result.verified or not isinstance(proof, dict) or "previousProof" not in proof:
            return result
        sound = {id(other): outcome.verified for other, outcome in zip(self.proofs, results, strict=True)}
        if all(sound[id(other)] for other in _previous(proof, self.proofs)):
            return result
        return replace(result, outcome=ProofOutcome.INVALID, detail="a previous proof does not hold")


def _moments(proof: JsonObject, now: datetime) -> tuple[datetime | None, datetime | None]:
    created = read_moment(proof["created"]) if "created" in proof else None
    expires = read_moment(proof["expires"]) if "expires" in proof else None
    if created is not None and created > now + CLOCK_SKEW:
        raise UnsoundProof(f"the proof was created in the future, {created.isoformat()}")
    if expires is not None and expires <= now:
        raise UnsoundProof(f"the proof expired {expires.isoformat()}")
    return created, expires


def _check_use(proof: JsonObject, purpose: str) -> None:
    if proof.get("proofPurpose") != purpose:
        raise UnsoundProof(f"the proof is for {str(proof.get('proofPurpose'))[:80]!r}, not for {purpose}")
    if not isinstance(proof.get("verificationMethod"), str):
        raise UnsoundProof("the proof names no verification method")


def _previous(proof: JsonObject, proofs: list[object]) -> list[JsonObject]:
    """The proofs that this one is also over (its `previousProof`)."""
    previous = as_list(proof.get("previousProof"))
    if not previous:
        return []
    by_id = {other["id"]: other for other in proofs if isinstance(other, dict) and isinstance(other.get("id"), str)}
    found = [by_id.get(name) if isinstance(name, str) else None for name in previous]
    matched = [other for other in found if other is not None and other is not proof]
    if len(matched) != len(previous):
        raise UnsoundProof("previousProof names a proof that is not there")
    return matched
