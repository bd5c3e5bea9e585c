"""By which name a credential is served: the W3C's, or that of what it is written in."""

from __future__ import annotations

from fastapi import Request

CREDENTIAL = "application/vc"
"""VC Data Model 2.0, section 6.2: a credential with an embedded proof."""
_FORMS = ("application/ld+json", "application/json")


def media_type(request: Request) -> str:
    """`application/vc`, unless whoever asks names the forms of JSON it reads and that is not among them.

    Programs that ask for JSON by name read an answer of another name as bytes.
    """
    accepted = [one.partition(";")[0].strip().lower() for one in request.headers.get("accept", "").split(",")]
    if CREDENTIAL in accepted:
        return CREDENTIAL
    return next((form for form in _FORMS if form in accepted), CREDENTIAL)
