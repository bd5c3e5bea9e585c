"""How a credential's content is kept: small, so that a million of them are a few gigabytes."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from isal import isal_zlib
from pydantic_core import from_json

from schemas.microcredential import Award, Offering, Organisation
from schemas.values import Frozen

_LEVEL: Final = 1
"""Of JSON-LD two thirds are gone at this level; zlib's takes twice as long for it, and its ninth twenty times."""

_SHARED: Final = {"organisation", "offering"}


class Basis(Frozen):
    """What the awards of one version of an offering have in common, as it was when they were decided."""

    organisation: Organisation
    offering: Offering

    @property
    def digest(self) -> str:
        """SHA-256 of it, in hexadecimal digits."""
        return sha256(self.model_dump_json().encode()).hexdigest()


def without_basis(award: Award) -> bytes:
    """What is the learner's own in an award, as JSON."""
    return award.model_dump_json(exclude=_SHARED, exclude_none=True).encode()


def with_basis(own: bytes, basis: Basis) -> Award:
    """The award again. Raises `pydantic.ValidationError`."""
    return Award.model_validate({**from_json(own), "organisation": basis.organisation, "offering": basis.offering})


def deflated(content: bytes) -> bytes:
    """As it rests (RFC 1950)."""
    return isal_zlib.compress(content, _LEVEL)


def inflated(kept: bytes) -> bytes:
    """What was deflated; it was written here and sealed since, so there is no bound to it."""
    return isal_zlib.decompress(kept)
