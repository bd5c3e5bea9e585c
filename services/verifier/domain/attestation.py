"""What an SD-JWT VC adds to the checks: its own rules, what its holder hides, and whether its holder shows it.

Sources: RFC 9901, section 7; SD-JWT VC (its draft), sections 2.2 and 2.5. Whom it names, when it holds and where its
status is, is told in the words of the VC Data Model, so that the same checks judge it as any other credential.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from credentials.formats import ATTESTATIONS, Reading
from credentials.formats.sd_jwt_vc import ANY_TYPE, BrokenRule, Statement, Violation, period
from credentials.jose import to_jwk
from credentials.keys import PublicKey
from credentials.moments import seconds_text
from credentials.proofs import ProofResult
from credentials.proofs.key_binding import Occasion, check_key_binding, holder_key
from credentials.proofs.opened import Opened
from credentials.proofs.sd_jwt_vc import SdJwtVc
from credentials.status import TokenStatusReference
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code

STATUS_ENTRY: Final = "TokenStatusListEntry"
"""What a reference to a Token Status List is called here; it is no word of the data model."""
_NOT_ASKED: Final = "Who shows it was not checked. Compare the name in it with the person before you."


@dataclass(frozen=True, slots=True)
class Attestation:
    """An SD-JWT VC as shown (see `Opened`)."""

    vc: SdJwtVc
    document: JsonObject
    """Its issuer, period and status by the names of the VC Data Model; what it certifies is in `claims`."""

    @classmethod
    def open(cls, submission: str | JsonObject) -> Self:
        """Take the credential out of the compact form, or of the JSON serialisation.

        Raises:
            NotAnSdJwt, NotAToken, NotJson, Unbounded: it is none, or cannot be read.
        """
        vc = SdJwtVc.open(submission)
        return cls(vc, _in_the_data_model(vc))

    @property
    def claims(self) -> JsonObject:
        """What it says, of what is shown."""
        return self.vc.document

    @property
    def whole(self) -> bool:
        """The signature is over every byte."""
        return True

    @property
    def methods(self) -> tuple[str, ...]:
        """The ids whose keys `verify` will ask for."""
        return self.vc.methods

    def verify(self, keys: Mapping[str, PublicKey], *, now: datetime) -> tuple[ProofResult, ...]:
        """What becomes of its one signature."""
        return self.vc.verify(keys, now=now)

    def reading(self) -> tuple[str, Reading] | None:
        """The name of its format and what it says, where its type is known here and its claims can be read."""
        known = ATTESTATIONS.get(str(self.claims.get("vct")))
        try:
            return (known.format.name, known.format.read(self.claims)) if known else None
        except Malformed:
            return None


def _in_the_data_model(vc: SdJwtVc) -> JsonObject:
    """A claim that cannot be read is left out here; the rules of the format refuse it."""
    claims = vc.document
    starts, ends = period(claims)
    try:
        reference = TokenStatusReference.of(claims)
    except Malformed:
        reference = None
    status: JsonObject | None = None
    if reference is not None:
        status = {"type": STATUS_ENTRY, "statusListCredential": reference.url, "statusListIndex": reference.index}
    elif claims.get("status") is not None:
        status = {"type": "status of a token"}
    return {
        "issuer": vc.issuer,
        **({"validFrom": seconds_text(starts)} if starts else {}),
        **({"validUntil": seconds_text(ends)} if ends else {}),
        **({"credentialStatus": status} if status else {}),
    }


def check_attestation(attestation: Attestation, at: datetime) -> Finding:
    """The second check: the rules of its type, or those of every type where it is not known here."""
    statement = Statement.of(attestation.vc.revealed, at)
    known = ATTESTATIONS.get(str(attestation.claims.get("vct")))
    try:
        (known.type if known else ANY_TYPE).check(statement)
    except BrokenRule as broken:
        first: Violation = broken.broken[0]
        return found(
            Code.FORMAT_INVALID, f"It breaks a rule of its type: {first}.", rules=tuple(v.rule for v in broken.broken)
        )
    if known is None:
        return found(
            Code.FORMAT_GENERIC,
            f"It keeps the rules for SD-JWT VCs; its type ({str(attestation.claims['vct'])[:200]}) has rules that were"
            " not checked.",
            format="SD-JWT VC",
        )
    told = f" Up to {statement.hidden} of its claims are not shown." if statement.hidden else ""
    return found(
        Code.FORMAT_VALID,
        f"It keeps the rules of {known.format.title}.{told}",
        format=known.format.title,
        notShown=statement.hidden or None,
    )


def check_holding(  # noqa: PLR0911 one for each way the question can end
    attestation: Opened, at: datetime, occasion: Occasion | None
) -> Finding:
    """The eighth check: did who shows it prove to hold the key it was issued to, and for the occasion that was named?

    A proof that is there has to hold, whether it was asked for or not. Another kind of credential carries none.
    """
    if not isinstance(attestation, Attestation):
        if occasion is None:
            return found(Code.HOLDER_NOT_ASKED, _NOT_ASKED)
        return found(Code.HOLDER_UNPROVEN, "By itself this kind of credential cannot prove who shows it.")
    sd_jwt = attestation.vc.sd_jwt
    if sd_jwt.key_binding is None and occasion is None:
        return found(Code.HOLDER_NOT_ASKED, _NOT_ASKED)
    try:
        key = holder_key(attestation.claims)
        if key is None:
            return found(Code.HOLDER_UNPROVEN, "It is bound to no key, so nobody can prove to be its holder.")
        check_key_binding(sd_jwt, key, now=at, occasion=occasion)
    except Malformed as fault:
        return found(Code.HOLDER_UNPROVEN, f"Who shows it did not prove to hold it: {str(fault).rstrip('.')}.")
    if occasion is None:
        message = "Its holder has shown exactly this to somebody; when and to whom was not asked."
        return found(Code.HOLDER_NOT_ASKED, message)
    return found(
        Code.HOLDER_BOUND,
        "Who shows it holds the key it was issued to, and shows it here and now.",
        holder=" ".join(f"{name} {value}" for name, value in to_jwk(key).items())[:300],
    )
