"""An award in whatever form it is asked for. See decisions/0007-forms-on-request.md."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from chassis.vault import Erased
from credentials.issuance_log import award_digest, digest_of
from credentials.keys import KeyKind
from credentials.proofs import PROOFS
from issuer.domain.forms import Offer, Offers, Unsayable, bound_to, require_holding, unsayable
from issuer.domain.keeping import deflated, inflated
from issuer.domain.sealing import Seal, serialised
from issuer.handlers.keeping import ERASED
from issuer.handlers.telling import OpenedCredential, ReadCredential
from issuer.ports import (
    Clock,
    Forms,
    IssuanceLog,
    Keyring,
    LogEntry,
    LogPlace,
    Organisations,
    RegisteredOrganisation,
    SealedCredential,
    SealedForm,
    Vault,
)
from schemas.faults import Conflict, Malformed, NotFound, Unavailable
from schemas.microcredential import Award
from schemas.values import Did, Frozen, ShortText, Slug

MOST: Final = 64
"""Forms of one award: more than there are formats and proofs, and some keys of its holder's."""


class TooManyForms(Conflict):
    """An award is not sealed for ever more keys."""


class WantedForm(Frozen):
    """Which form of a credential is wanted; the one it was issued in where nothing is said."""

    format: Slug | None = None
    """As `GET /api/v1/formats` names it."""
    proof: ShortText | None = None
    """What seals it; the first that is offered with the format where none is named."""
    holder: Did | None = None
    """Whom to bind it to: a did:key or did:jwk of the holder's key."""

    @property
    def as_issued(self) -> bool:
        """Whether nothing particular is asked for."""
        return self == WantedForm()


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A credential in one form, readable."""

    award: UUID
    document: bytes
    """Byte for byte as it was sealed."""
    media_type: str
    format: str | None = None
    """None for the form it was issued in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A form somebody can choose, or why not."""

    offer: Offer
    proof: str
    media_type: str
    lacking: str | None = None
    """What keeps this award from being said in it."""


class Equip(Protocol):
    """The way to keys of kinds that were not needed before."""

    async def __call__(self, registered: RegisteredOrganisation, kinds: Sequence[KeyKind]) -> RegisteredOrganisation:
        """The organisation with a key of each of these kinds."""
        ...


class FormsOfAward:
    """Hand out an award in any form: sealed at the first request, the same bytes ever after."""

    def __init__(  # noqa: PLR0913 the wiring names each thing it is given
        self,
        read: ReadCredential,
        *,
        forms: Forms,
        organisations: Organisations,
        vault: Vault,
        keyring: Keyring,
        equip: Equip,
        log: IssuanceLog,
        offers: Offers,
        clock: Clock,
    ) -> None:
        self._read = read
        self._forms = forms
        self._organisations = organisations
        self._vault = vault
        self._keyring = keyring
        self._equip = equip
        self._log = log
        self._offers = offers
        self._clock = clock

    async def __call__(self, award: UUID, wanted: WantedForm) -> OpenedForm:
        """The form. Whoever asks at the same time, and whenever later, is given the same one.

        Raises `NotFound`, its kind `Erased` when the learner was erased, `FormNotOffered`, `Unsayable`,
        `HolderUnknown`, `HeldByAnother`, `TooManyForms`, and `HoldsNoMore` for one that was not sealed while it held.
        """
        opened = await self._read(award)
        credential = opened.credential
        if wanted.as_issued or _is_issued_form(credential, wanted):
            return OpenedForm(award, opened.document, opened.media_type)
        seal = self._offers.seal(
            wanted.format or credential.format, wanted.proof, suspends=credential.suspension is not None
        )
        name = _name(award, seal, wanted.holder)
        form = await self._forms.get(name) or await self._make(name, opened, credential, seal, wanted.holder)
        (document,) = await self._vault.open_many([form.document])
        if isinstance(document, Erased):
            raise Erased(ERASED)
        return OpenedForm(award, inflated(document), PROOFS[form.proof].media_type, form.format)

    async def choices(self, opened: OpenedCredential) -> Sequence[Choice]:
        """What else this credential can be had as: each format once for each kind of file that comes of it."""
        credential = opened.credential
        lacking = await asyncio.to_thread(self._lacking, opened.award, credential)
        return [
            Choice(offer, proof.name, proof.media_type, lacking[offer.format.name])
            for offer in self._offers
            for proof in offer.by_media_type
            if (offer.format.name, proof.media_type) != (credential.format, opened.media_type)
        ]

    def _lacking(self, award: Award, credential: SealedCredential) -> dict[str, str | None]:
        return {
            offer.format.name: unsayable(offer.format, award, credential.status, credential.sealed)
            for offer in self._offers
        }

    async def _make(
        self, name: str, opened: OpenedCredential, credential: SealedCredential, seal: Seal, holder: Did | None
    ) -> SealedForm:
        now = self._clock()
        require_holding(credential.state, credential.valid_until, now)
        award = bound_to(opened.award, holder)
        if await self._forms.count({"award": str(award.id)}) >= MOST:
            raise TooManyForms(f"this award was sealed in {MOST} forms before")
        registered = await self._organisations.get(award.organisation.id)
        if registered is None:
            raise NotFound(f"the organisation {award.organisation.id} is not registered here")
        registered = await self._equip(registered, seal.kinds)
        signers = {kind: self._keyring.signing(registered, kind) for kind in seal.kinds}

        def secure() -> tuple[bytes, str]:
            sealed = seal(award, credential.status, signers, now, issued=credential.sealed)
            return deflated(serialised(sealed)), digest_of(sealed)

        try:
            content, digest = await asyncio.to_thread(secure)
        except Malformed as why:
            raise Unsayable(f"this award cannot be said as {seal.format.title}: {why}") from why
        (document,) = await self._vault.seal_many([(opened.outcome.learner, content)])
        entry = LogEntry(credential=digest, award=award_digest(award.id))
        (page,) = await self._log.append(award.organisation, [entry])
        form = SealedForm(
            id=name,
            award=award.id,
            organisation=award.organisation.id,
            format=seal.format.name,
            proof=seal.proof_names[0],
            sealed=now,
            document=document,
            logged=LogPlace(digest=digest, page=page),
        )
        if not await self._forms.insert_many([form]):
            return form
        first = await self._forms.get(name)
        if first is None:
            raise Unavailable("this form was being sealed elsewhere at the same time: ask again")
        return first


def _is_issued_form(credential: SealedCredential, wanted: WantedForm) -> bool:
    """Whether what is asked for by name is the form it was issued in."""
    return (
        wanted.holder is None
        and wanted.format in (None, credential.format)
        and ((wanted.proof,) == credential.proofs or wanted.proof is None)
    )


def _name(award: UUID, seal: Seal, holder: Did | None) -> str:
    parts = [str(award), seal.format.name, *seal.proof_names]
    if holder is not None:
        parts.append(hashlib.sha256(holder.encode()).hexdigest()[:32])
    return "/".join(parts)
