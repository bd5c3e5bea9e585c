"""What the certificate of an e-seal adds to the third, fourth and fifth checks.

Source: ETSI TS 119 182-1 (JAdES); RFC 5280. A seal names its signer by certificate, not by a key that the issuer lists:
who it is the certificate says, and who vouches for that is a chain to an authority on this verifier's list. Whether
the certificate was revoked, and what a timestamp attests, is not looked at here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cryptography.x509 import Certificate

from credentials.certificates import LegalPerson, UnfitCertificate, Vouched, chain_to_anchor, in_date, legal_person
from credentials.formats.european_digital_credential_reading import eidas_identifier, legal_names
from credentials.proofs.jades import SealResult
from schemas.events import CredentialState
from schemas.faults import Malformed
from schemas.values import JsonObject, instant_text
from verifier.domain.report import Evidence, Finding, found
from verifier.domain.status import KnownState
from verifier.domain.verdicts import Code

_ENDS: Final = {
    CredentialState.REVOKED: (Code.REVOKED, "revoked"),
    CredentialState.SUSPENDED: (Code.SUSPENDED, "suspended"),
}


def check_certificate(result: SealResult, valid: Finding, at: datetime) -> Finding:
    """The finding for a seal whose signature holds: was its certificate in date when it was made, and is it now?

    When it was made is the signer's own word. While the certificate is in date nobody can gain by a false one.
    """
    certificate, made = result.certificate, result.created
    if certificate is None or made is None:
        return valid
    end = certificate.not_valid_after_utc
    told: Evidence = {**valid.evidence, "algorithm": result.algorithm, "certificateUntil": instant_text(end)}
    if not in_date(certificate, made):
        return found(
            Code.CERTIFICATE_OUT_OF_DATE,
            f"It is exactly as it was sealed, but its certificate was not in date then ({made:%Y-%m-%d}).",
            **told,
        )
    if at > end:
        return found(
            Code.CERTIFICATE_EXPIRED_SINCE,
            f"It is exactly as it was sealed. Its certificate ended {end:%Y-%m-%d}, and that it was sealed before is"
            " the sealer's own word.",
            **told,
        )
    return found(valid.code, valid.message, **told)


def check_holder(document: JsonObject, result: SealResult) -> Finding:
    """Whether the certificate names the legal person that the document names as its issuer, by its identifier."""
    try:
        named, names = eidas_identifier(document), legal_names(document)
        holder = legal_person(result.certificate) if result.certificate else None
    except UnfitCertificate as fault:
        return found(Code.ISSUER_MISMATCH, f"Nobody can be told from its certificate: {str(fault).rstrip('.')}.")
    except Malformed as fault:
        return found(Code.ISSUER_MISMATCH, f"Whom it names as its issuer cannot be read: {str(fault).rstrip('.')}.")
    told: Evidence = {
        "issuer": named,
        "legalName": ", ".join(dict.fromkeys(names))[:300] or None,
        "signers": (_told(holder),) if holder else (),
    }
    if holder is None or named != holder.identifier:
        signer = _told(holder) if holder else "nobody known"
        return found(
            Code.ISSUER_MISMATCH,
            f"It names {(named or 'nobody')[:200]} as its issuer, but was sealed by {signer}.",
            **told,
        )
    otherwise = "" if holder.name in names else f" It calls itself {told['legalName'] or 'nothing'} in the credential."
    return found(Code.ISSUER_MATCHES, f"It was sealed with the certificate of {_told(holder)}.{otherwise}", **told)


def check_authority(result: SealResult, anchors: Sequence[Certificate]) -> Finding:
    """Whether an authority on this verifier's list vouches for the certificate, as of when it was used."""
    if result.certificate is None or result.created is None:
        return found(Code.AUTHORITY_UNKNOWN, "It has no certificate that anybody could vouch for.")
    chain = chain_to_anchor(result.certificate, result.chain, anchors, result.created)
    if chain.outcome is Vouched.ANCHORED:
        return found(
            Code.ISSUER_TRUSTED,
            f"{chain.authority}, on this verifier's list, vouches for its issuer's certificate.",
            authority=chain.authority,
        )
    return found(
        Code.AUTHORITY_UNKNOWN,
        f"Its issuer's certificate is from {chain.authority}, who is not on this verifier's list. That says nothing"
        " against it: look the issuer up yourself.",
        authority=chain.authority,
    )


def _told(holder: LegalPerson) -> str:
    return f"{holder.name[:200]} ({holder.identifier[:100]})"


def check_announced(known: KnownState | None) -> Finding:
    """The status of a credential that names none: what this house has announced of it."""
    if known is None or known.state is CredentialState.ACTIVE:
        return found(
            Code.STATUS_NONE,
            "This kind of credential names no status that could be looked up, and this house has announced none.",
        )
    code, word = _ENDS[known.state]
    return found(
        code,
        f"This house has {word} it on {known.changed:%Y-%m-%d}, for this reason: {known.reason.rstrip('.')}.",
        reason=known.reason,
        changed=instant_text(known.changed),
    )


def under_a_certificate() -> Finding:
    """Whoever has a certificate may write any DID into a status list: it does not speak for who has that DID."""
    return found(Code.ISSUER_MISMATCH, "It is sealed with a certificate, which says nothing of the DID that it names.")
