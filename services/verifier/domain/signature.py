"""The third and fourth checks: does the signature match the content, and is it the named issuer's?

Source: Verifiable Credential Data Integrity 1.0, sections 4.3 to 4.6; VC Data Model 2.0, section 7.1. A set may hold
proofs of others beside the issuer's: at least one that holds must be the issuer's own, and none may be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from credentials.data_model import issuer_id
from credentials.keys import PublicKey
from credentials.proofs import ProofOutcome, ProofResult, bound_to_issuer
from schemas.values import JsonObject, instant_text
from verifier.domain.report import Evidence, Finding, found
from verifier.domain.verdicts import DEFAULT, Code

Keys = Mapping[str, PublicKey | Finding]
"""What became of looking for each key: the key, or why there is none."""


def usable(keys: Keys) -> dict[str, PublicKey]:
    """The keys that could be had."""
    return {name: key for name, key in keys.items() if isinstance(key, PublicKey)}


def check_signature(document: JsonObject, results: Sequence[ProofResult], keys: Keys) -> Finding:
    """One finding for all proofs of a document."""
    if not results:
        return found(Code.SIGNATURE_MISSING, "Nobody signed it.")
    broken = [result for result in results if result.outcome is ProofOutcome.INVALID]
    if broken:
        return found(
            Code.SIGNATURE_INVALID,
            f"It is not as the holder of this key signed it: {broken[0].detail}.",
            **evidence(broken[0]),
        )
    held = bound_to_issuer(document, tuple(results)) or tuple(result for result in results if result.verified)
    claimed = [result for result in results if result.controller == issuer_id(document)]
    if held and (held[0] in claimed or not claimed):
        others = tuple(str(result.controller) for result in results if result is not held[0])
        return found(
            Code.SIGNATURE_VALID,
            "It is exactly as it was signed.",
            **evidence(held[0]),
            alsoSigners=others or None,
        )
    # What the issuer itself is said to have signed counts; what others are said to have added does not help it.
    open_ones = [unchecked(result, keys) for result in claimed or results]
    decision = DEFAULT.decide(finding.code for finding in open_ones)
    return next(finding for finding in open_ones if DEFAULT.weigh(finding.code) is decision)


def unchecked(result: ProofResult, keys: Keys) -> Finding:
    """Why a proof could not be checked."""
    key = keys.get(result.verification_method or "")
    if result.outcome is ProofOutcome.NO_KEY and isinstance(key, Finding):
        return key
    return found(
        Code.SIGNATURE_UNSUPPORTED,
        f"Its kind of signature cannot be checked here: {result.detail}.",
        **evidence(result),
    )


def evidence(result: ProofResult) -> dict[str, str | None]:
    """What is told of a proof."""
    return {
        "key": result.verification_method[:500] if result.verification_method else None,
        "cryptosuite": result.cryptosuite[:100] if result.cryptosuite else None,
        "created": instant_text(result.created) if result.created else None,
    }


def check_identity(document: JsonObject, results: Sequence[ProofResult]) -> Finding:
    """Whether one of the proofs that hold was made with a key of the issuer the document names."""
    issuer = issuer_id(document)
    signers = tuple(dict.fromkeys(str(result.controller) for result in results if result.verified))
    told: Evidence = {"issuer": issuer, "signers": signers}
    if bound_to_issuer(document, tuple(results)):
        return found(Code.ISSUER_MATCHES, "The key that signed it is listed by the issuer it names.", **told)
    return found(
        Code.ISSUER_MISMATCH,
        f"It names {issuer[:300]} as its issuer, but was signed by {', '.join(signers)[:600] or 'nobody known'}.",
        **told,
    )
