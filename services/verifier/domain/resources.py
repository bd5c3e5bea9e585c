"""What a credential refers to with a digest: is it still what it was when the credential was signed?

Source: VC Data Model 2.0, section 5.3 (`relatedResource`). A resource that could not be had was not checked.
"""

from __future__ import annotations

from credentials.related_resources import Resource
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code


def changed(resource: Resource) -> Finding:
    """The finding for content that does not fit."""
    message = f"It refers to {resource.url[:300]}, which is not what it was when this was signed."
    return found(Code.RESOURCE_CHANGED, message, url=resource.url[:500])


def missing(resource: Resource, why: object) -> Finding:
    """The finding for what could not be had."""
    message = f"It refers to {resource.url[:300]}, which could not be had: {why}."
    return found(Code.RESOURCE_UNAVAILABLE, message, url=resource.url[:500])
