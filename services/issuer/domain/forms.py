"""The forms an award can be had in: every format, each with the proofs that seal it here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials.formats import Format
from credentials.formats.sd_jwt_vc import holder_confirmation
from credentials.proofs import Proof
from issuer.domain.sealing import Seal
from schemas.events import CredentialState, StatusEntry
from schemas.faults import Conflict, Malformed, Refused
from schemas.microcredential import Award, Learner
from schemas.values import Did


class FormNotOffered(Malformed):
    """There is no such format here, or no such proof for it."""

    def __init__(self, message: str, offered: Iterable[str]) -> None:
        self.members: Mapping[str, Any] = {"offered": list(offered)}
        super().__init__(f"{message}; offered: {', '.join(self.members['offered'])}")


class Unsayable(Refused):
    """The award lacks what this format requires."""


class HolderUnknown(Malformed):
    """The holder's key cannot be read out of what names it."""


class HeldByAnother(Conflict):
    """The award is bound to another holder."""


class HoldsNoMore(Conflict):
    """What does not hold is not sealed anew; the forms that were sealed before stay, and their status tells."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A format that awards can be had in."""

    format: Format
    proofs: Mapping[str, Proof]
    """What seals it here, by name; the first does where none is named."""

    @property
    def by_media_type(self) -> Iterator[Proof]:
        """The first proof for each kind of file that comes of it: what people choose between."""
        return iter({proof.media_type: proof for proof in reversed(tuple(self.proofs.values()))}.values())


class Offers:
    """What this house seals an award in, on request."""

    def __init__(self, formats: Iterable[Format], proofs: Mapping[str, Proof], own: Sequence[str] = ()) -> None:
        """Offer each of these formats with every one of these proofs that secures it.

        `own` are the names of those that this house seals by anyway: they come first, then the order is the format's.
        """
        self._offers: dict[str, Offer] = {}
        for format_ in formats:
            suitable = [proof.name for proof in format_.proofs if proof.name in proofs]
            suitable.sort(key=lambda name: name not in own)
            if suitable:
                self._offers[format_.name] = Offer(format_, {name: proofs[name] for name in suitable})
        self._seals: dict[tuple[str, str, bool], Seal] = {}

    def __iter__(self) -> Iterator[Offer]:
        """Each offer."""
        return iter(self._offers.values())

    def proofs_of(self, format_: str) -> tuple[str, ...]:
        """The proofs a format is offered with; none where it is not offered."""
        offer = self._offers.get(format_)
        return tuple(offer.proofs) if offer else ()

    def counted(self) -> Counter[str]:
        """How what was sealed in any form was canonicalised, by way."""
        return sum((Counter(seal.shapes.counted()) for seal in tuple(self._seals.values())), Counter())

    def seal(self, format_: str, proof: str | None, *, suspends: bool) -> Seal:
        """What seals this form. With `suspends`, a suspension is told as well as a revocation, where it can be.

        Raises `FormNotOffered`.
        """
        offer = self._offers.get(format_)
        if offer is None:
            raise FormNotOffered(f"no format {format_!r} is offered here", self._offers)
        chosen = next(iter(offer.proofs)) if proof is None else proof
        if chosen not in offer.proofs:
            raise FormNotOffered(f"{chosen!r} does not seal {offer.format.title} here", offer.proofs)
        key = (format_, chosen, suspends and (offer.format.tells_suspension or offer.format.suspend is not None))
        if key not in self._seals:
            self._seals[key] = Seal(offer.format, (offer.proofs[chosen],), suspends=key[-1])
        return self._seals[key]


def bound_to(award: Award, holder: Did | None) -> Award:
    """The award as it is sealed for who holds this key; as it is where nobody is named.

    Raises:
        HeldByAnother: it is bound already, to somebody else.
        HolderUnknown: the DID has no key in it that credentials are bound to here.
    """
    if holder is None:
        return award
    if award.learner.did not in (None, holder):
        raise HeldByAnother("this award is bound to another key than the one asked for")
    learner = Learner.model_validate({**award.learner.model_dump(), "did": holder})
    bound = award.model_copy(update={"learner": learner})
    if holder_confirmation(bound) is None:
        raise HolderUnknown("holder is a did:key or did:jwk of an Ed25519 or P-256 key")
    return bound


def require_holding(state: CredentialState, valid_until: datetime | None, now: datetime) -> None:
    """Raise `HoldsNoMore` for a credential that is revoked, suspended or expired."""
    if state is not CredentialState.ACTIVE:
        raise HoldsNoMore(f"this credential is {state}, and no further form of it is sealed")
    if valid_until is not None and valid_until <= now:
        raise HoldsNoMore(f"this credential ended on {valid_until:%Y-%m-%d}, and no further form of it is sealed")


def unsayable(format_: Format, award: Award, status: StatusEntry, issued: datetime) -> str | None:
    """What keeps an award from being said in a format; None where nothing does."""
    try:
        format_.compose(award, issued=issued, status=status)
    except Malformed as why:
        return str(why)
    return None
