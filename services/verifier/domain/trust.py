"""The fifth check: is the issuer somebody this verifier's keeper relies on, and was it then?"""

from __future__ import annotations

from datetime import datetime

from schemas.values import Did, Frozen, Instant, ShortText, Slug, instant_text
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code


class TrustedIssuer(Frozen):
    """An issuer on the list."""

    did: Did
    name: ShortText
    since: Instant | None = None
    """Credentials issued from then on are trusted; None is from ever."""
    organisation: Slug | None = None
    """Set for an organisation of this house."""


def check_trust(issuer: str, listed: TrustedIssuer | None, issued: datetime | None) -> Finding:
    """Look the issuer up; what it issued before it was listed is for a person to judge."""
    if listed is None:
        return found(
            Code.ISSUER_UNKNOWN,
            "Its issuer is not on this verifier's list. That says nothing against it: look the issuer up yourself.",
            issuer=issuer,
        )
    evidence = {
        "issuer": issuer,
        "name": listed.name,
        "since": instant_text(listed.since) if listed.since else None,
        "organisation": listed.organisation,
    }
    # Credentials are dated to the second.
    if listed.since and issued and issued < listed.since.replace(microsecond=0):
        return found(
            Code.ISSUER_TRUSTED_LATER,
            f"{listed.name} is on this verifier's list since {listed.since:%Y-%m-%d}; this was issued before.",
            **evidence,
        )
    return found(Code.ISSUER_TRUSTED, f"{listed.name} is on this verifier's list.", **evidence)
