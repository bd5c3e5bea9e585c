"""What somebody looks for in the catalogue, and whether an offering is it."""

from __future__ import annotations

import unicodedata

from schemas.microcredential import Offering
from schemas.values import Frozen, LanguageMap
from schemas.vocabularies import EqfLevel, FieldOfEducation


class Wanted(Frozen):
    """What somebody looks for; what they leave open, they leave open."""

    text: str = ""
    """Words that all occur in title, description or learning outcomes, in whichever language."""
    field: FieldOfEducation | None = None
    """A field of education, with all the fields within it."""
    level: EqfLevel | None = None


def folded(text: str) -> str:
    """Letters as people type them in a hurry: without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def matches(offering: Offering, wanted: Wanted) -> bool:
    """True when the offering is what somebody looks for."""
    if wanted.level is not None and (offering.level is None or offering.level.eqf != wanted.level):
        return False
    # ISCED-F is a tree by its digits: 06 holds 061, which holds 0613.
    if wanted.field is not None and not any(field.code.startswith(wanted.field.code) for field in offering.fields):
        return False
    words = folded(wanted.text).split()
    return not words or all(word in _said(offering) for word in words)


def _said(offering: Offering) -> str:
    texts: list[LanguageMap | None] = [offering.title, offering.description]
    texts += [outcome.title for outcome in offering.learning_outcomes]
    return folded("\n".join(text for said in texts if said for text in said.values()))
