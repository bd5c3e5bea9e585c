"""Why a document has no canonical form here."""

from __future__ import annotations

from schemas.faults import Malformed


class NotJsonLd(Malformed):
    """It is JSON, but no JSON-LD."""


class UndefinedTerm(Malformed):
    """A term or type that no context defines: expansion would drop it, and no signature would protect it."""


class RelativeIri(Malformed):
    """An identifier that is not absolute, or not written as an IRI: expansion would drop or invent it."""


class Unprotected(Malformed):
    """Something in the document can change its reading without changing its canonical form."""
