"""What a browser may do with what Laurel answers. Source: Content Security Policy Level 3; OWASP Secure Headers."""

from __future__ import annotations

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere. `data:` images are Pico's own form icons."""


def security_headers(*, https: bool) -> dict[str, str]:
    """What goes onto every answer that does not say otherwise itself.

    A page whose address is a secret (a claim link) is rendered with `private=True`, which sends no referrer at all.
    """
    headers = {
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
    if https:
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return headers
