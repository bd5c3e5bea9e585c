"""What a document says of itself: format, signature, and whose it is. Of a credential, and of a status list alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Self

from credentials.canonical import NotAtHand, Unbounded, rdfc
from credentials.contexts import Contexts, shipped
from credentials.data_model import items, keep_rules
from credentials.dids import WrongController, WrongPurpose, resolve_here, verification_key
from credentials.issuance_log import digest_of_opened
from credentials.keys import PublicKey
from credentials.proofs import ASSERTION, AT_HAND, SHAPES, SUITES, DataIntegrity, ProofResult
from credentials.proofs.contexts import suites_over
from credentials.proofs.jades import SealedDocument, SealResult
from credentials.proofs.opened import Embedded, Opened
from credentials.proofs.verification import MAX_PROOFS
from schemas.faults import Malformed, NotFound, Unavailable
from schemas.values import JsonObject
from verifier.domain.attestation import Attestation, check_attestation
from verifier.domain.content import Content
from verifier.domain.eseal import check_certificate, check_holder
from verifier.domain.format import broken_format, check_format
from verifier.domain.report import Finding, found
from verifier.domain.signature import Keys, check_identity, check_signature, usable
from verifier.domain.verdicts import Code
from verifier.handlers.doubting import DoubtKeys
from verifier.handlers.working import Workers, together
from verifier.ports import DidDocuments, IssuanceLogs


@dataclass(frozen=True, slots=True)
class Timed:
    """A finding whose time was taken apart from the others'."""

    finding: Finding
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Examined:
    """What a document says of itself, before anybody else is asked."""

    form: Timed
    signature: Timed
    identity: Finding
    seal: SealResult | None = None
    """Where an organisation's certificate sealed it."""
    content: Content | None = None
    """What it says, where that was read."""


def _unfit(form: Finding, milliseconds: float = 0.0) -> Examined:
    return Examined(Timed(form, milliseconds), Timed(form, 0.0), form)


@dataclass(frozen=True, slots=True)
class Language:
    """By what a document is read: which suites, and which canonical form."""

    suites: Mapping[str, DataIntegrity] = field(default_factory=lambda: SUITES)
    canonicalize: Callable[[JsonObject], bytes] = SHAPES.rdfc
    contexts: Contexts = field(default_factory=shipped)

    @classmethod
    def over(cls, contexts: Contexts) -> Self:
        """That of other contexts than those shipped."""
        return cls(suites_over(contexts), partial(rdfc, contexts=contexts), contexts)

    @property
    def at_hand(self) -> Language | None:
        """The same for documents of known shapes; for others it raises `NotAtHand`. None where no shapes are kept."""
        return _AT_HAND if self.suites is SUITES else None

    def protects_meaning(self, result: ProofResult) -> bool:
        """Whether a proof is over what the document means: expansion then lost nothing, and need not be made again."""
        suite = self.suites.get(result.cryptosuite or "")
        return result.verified and suite is not None and not suite.carries_context


_AT_HAND = Language(AT_HAND, SHAPES.fill)


def _examined(opened: Opened, keys: Keys, at: datetime, language: Language) -> Examined:
    document = opened.document
    start = time.perf_counter()
    try:
        results = opened.verify(usable(keys), now=at)
    except Malformed as fault:
        return _unfit(broken_format(fault), (time.perf_counter() - start) * 1000)
    signed = time.perf_counter()
    protected = any(map(language.protects_meaning, results))
    content = None
    if isinstance(opened, Attestation):
        form = check_attestation(opened, at)
    else:
        content = Content.of(document)
        form = check_format(
            opened, content, protected=protected, canonicalize=language.canonicalize, contexts=language.contexts
        )
    formed = time.perf_counter()
    signature, identity = check_signature(document, results, keys), check_identity(document, results)
    seal = next((result for result in results if isinstance(result, SealResult) and result.verified), None)
    if seal is not None:
        signature, identity = check_certificate(seal, signature, at), check_holder(document, seal)
    return Examined(
        Timed(form, (formed - signed) * 1000), Timed(signature, (signed - start) * 1000), identity, seal, content
    )


def _at_once(opened: Opened, keys: Keys, at: datetime, language: Language | None) -> Examined | None:
    """The same where it takes little time for certain: no canonical form has to be searched for, no chain built."""
    if language is None or isinstance(opened, SealedDocument):
        return None
    try:
        if isinstance(opened, Embedded):
            opened = replace(opened, suites=language.suites)
        return _examined(opened, keys, at, language)
    except NotAtHand:
        return None


def _keep_bounds(opened: Opened) -> None:
    """Before anybody is asked for a key: a stranger's document must not send this server to a hundred places."""
    if not isinstance(opened, Attestation):
        keep_rules(opened.document)
    if len(items(opened.document.get("proof"))) > MAX_PROOFS:
        raise Unbounded(f"it has more than {MAX_PROOFS} proofs")


def _digest(opened: Opened) -> str:
    return digest_of_opened(opened.vc if isinstance(opened, Attestation) else opened)


class Examine:
    """Format, signature and issuer identity, with the keys that their owners list."""

    def __init__(self, dids: DidDocuments, logs: IssuanceLogs, workers: Workers, language: Language) -> None:
        self._dids = dids
        self._workers = workers
        self.language = language
        self._doubt = DoubtKeys(dids, logs, lambda method: self._key(method, ASSERTION))

    async def __call__(self, opened: Opened, at: datetime, *, quick: bool) -> Examined:
        """What comes of a document; `quick` says that it is small."""
        try:
            await self._workers.run(partial(_keep_bounds, opened), quick=quick)
        except Malformed as fault:
            return _unfit(broken_format(fault))
        keys = await self.keys(opened.methods)
        examined = await self._examined(opened, keys, at, quick=quick)
        if examined.signature.finding.code is not Code.SIGNATURE_VALID:
            return examined
        doubts = await self.doubts(keys, partial(_digest, opened), at)
        # A proof by a key that others may have stands only with the log's word; another of the issuer's may do.
        return await self._examined(opened, {**keys, **doubts}, at, quick=quick) if doubts else examined

    async def _examined(self, opened: Opened, keys: Keys, at: datetime, *, quick: bool) -> Examined:
        done = _at_once(opened, keys, at, self.language.at_hand) if quick else None
        if done is not None:
            return done
        return await self._workers.run(partial(_examined, opened, keys, at, self.language))

    async def doubts(self, keys: Keys, digest: Callable[[], str], at: datetime) -> dict[str, Finding]:
        """Why some of these keys do not count for the document of this digest (see `DoubtKeys`)."""
        return await self._doubt(keys, digest, at)

    async def keys(self, method_ids: Sequence[str], purpose: str = ASSERTION) -> Keys:
        """What becomes of looking for each key: the key, if its owner lists it for this purpose, or why not."""
        keys = await together([self._key(method_id, purpose) for method_id in method_ids])
        return dict(zip(method_ids, keys, strict=True))

    async def _key(self, method_id: str, purpose: str) -> PublicKey | Finding:
        did = method_id.partition("#")[0]
        try:
            if (document := resolve_here(did)) is not None:
                return verification_key(document, method_id, purpose)
            document = await self._dids.resolve(did)
            try:
                return verification_key(document, method_id, purpose)
            except NotFound:
                # A key may be newer than the copy that was kept.
                return verification_key(await self._dids.resolve(did, fresh=True), method_id, purpose)
        except Unavailable as fault:
            return found(Code.KEY_UNAVAILABLE, f"The key {method_id[:300]} could not be had: {fault}.", key=method_id)
        except (WrongController, WrongPurpose, NotFound) as fault:
            return found(Code.KEY_NOT_LISTED, f"The issuer does not list this key for signing: {fault}.", key=method_id)
        except Malformed as fault:
            return found(Code.SIGNATURE_UNSUPPORTED, f"The key cannot be used here: {fault}.", key=method_id)
