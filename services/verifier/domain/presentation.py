"""A presentation: does who shows these credentials hold the key, and did they show them to us, now?

Sources: VC Data Model 2.0, section 4.13; Data Integrity 1.0, sections 2.1 (challenge, domain) and 4.4 (verify proof).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials.data_model import items, named_id
from credentials.proofs import ProofOutcome, ProofResult
from credentials.proofs.key_binding import Occasion
from schemas.events import Decision
from schemas.values import JsonObject
from verifier.domain.report import Check, Finding, Report, found
from verifier.domain.signature import Keys, evidence, unchecked
from verifier.domain.verdicts import DEFAULT, Code

AUTHENTICATION: Final = "authentication"
MOST_CREDENTIALS: Final = 20
"""Each is a verification of its own, with its fetches."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What whoever asked for a document asked to be signed with it; what is None was not asked."""

    challenge: str | None = None
    domain: str | tuple[str, ...] | None = None

    @property
    def occasion(self) -> Occasion | None:
        """The same, as what a holder's own token has to answer; None where nothing was asked."""
        if self.challenge is None and self.domain is None:
            return None
        return Occasion(self.domain, self.challenge)


@dataclass(frozen=True, slots=True)
class PresentationReport:
    """Who shows what, and whether it holds."""

    decision: Decision
    """The gravest of the presentation's own checks and its credentials' decisions."""
    checks: tuple[Check, ...]
    checked_at: datetime
    credentials: tuple[Report, ...] = ()
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class ProofsReport:
    """Whether the proofs of a document hold, whatever it says and whoever made them."""

    decision: Decision
    checks: tuple[Check, ...]
    checked_at: datetime


def check_proofs(results: Sequence[ProofResult], keys: Keys) -> Finding:
    """One finding for all proofs of a document; each has to hold."""
    if not results:
        return found(Code.SIGNATURE_MISSING, "Nobody signed it.")
    for result in results:
        if result.outcome is ProofOutcome.INVALID:
            message = f"It is not as the holder of this key signed it: {result.detail}."
            return found(Code.SIGNATURE_INVALID, message, **evidence(result))
    missing = [unchecked(result, keys) for result in results if not result.verified]
    if missing:
        decision = DEFAULT.decide(finding.code for finding in missing)
        return next(finding for finding in missing if DEFAULT.weigh(finding.code) is decision)
    return found(Code.SIGNATURE_VALID, "It is exactly as it was signed.", **evidence(results[0]))


def check_freshness(document: JsonObject, expected: Expected) -> Finding | None:
    """Whether the proofs answer what was asked: else they may have been made for somebody else, or earlier."""
    asked = set(items(list(expected.domain) if isinstance(expected.domain, tuple) else expected.domain))
    for proof in items(document.get("proof")):
        if not isinstance(proof, dict):
            continue
        if expected.challenge is not None and proof.get("challenge") != expected.challenge:
            return found(Code.CHALLENGE_MISMATCH, "It does not answer the challenge that was given.")
        domains = [domain for domain in items(proof.get("domain")) if isinstance(domain, str)]
        if expected.domain is not None and set(domains) != asked:
            named = ", ".join(domains)[:200] or "nobody in particular"
            return found(Code.DOMAIN_MISMATCH, f"It was made for {named}, not for who asks.")
    return None


def holder_id(document: JsonObject) -> str | None:
    """Who the presentation says shows it."""
    return named_id(document.get("holder"))[:1_000] or None


def check_holder(document: JsonObject, results: Sequence[ProofResult]) -> Finding:
    """Whether who signed the presentation is who it says holds the credentials, and whether they are about them."""
    signers = tuple(dict.fromkeys(str(result.controller) for result in results if result.verified))
    holder = holder_id(document)
    if holder is not None and holder not in signers:
        return found(
            Code.HOLDER_MISMATCH,
            f"It names {holder[:300]} as the holder, but was signed by {', '.join(signers)[:600] or 'nobody known'}.",
            holder=holder,
            signers=signers,
        )
    subjects = {
        subject["id"]
        for credential in items(document.get("verifiableCredential"))
        for subject in items(credential.get("credentialSubject"))
        if isinstance(subject, dict) and isinstance(subject.get("id"), str)
    }
    about = "They" if subjects <= set(signers) else "Not all of them"
    return found(
        Code.HOLDER_BOUND,
        f"Who shows it holds the key of {(holder or signers[0])[:300]}. {about} are about the holder of that key.",
        holder=holder,
        signers=signers,
        subjectsAreHolder=bool(subjects) and subjects <= set(signers),
    )
