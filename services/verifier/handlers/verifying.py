"""Answer "is this real, and does it still hold?".

The checks are made in order; where one fails or cannot be made, what depends on it is not made. A verdict is an
answer, never an exception: only what was asked wrongly raises.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Self

from credentials.canonical import Unbounded, rdfc
from credentials.contexts import Contexts, shipped
from credentials.data_model import dates, issuer_id, items, keep_rules
from credentials.dids import WrongController, WrongPurpose, resolve_here, verification_key
from credentials.issuance_log import digest_of_opened
from credentials.keys import PublicKey
from credentials.proofs import ASSERTION, SHAPES, SUITES, DataIntegrity, ProofResult
from credentials.proofs.contexts import suites_over
from credentials.proofs.jades import SealResult
from credentials.proofs.key_binding import Occasion
from credentials.proofs.opened import Opened
from credentials.proofs.verification import MAX_PROOFS
from credentials.related_resources import Resource, resources
from schemas.events import Decision
from schemas.faults import Malformed, NotFound, Unavailable
from schemas.values import JsonObject
from verifier.domain.attestation import STATUS_ENTRY, Attestation, check_attestation, check_holding
from verifier.domain.eseal import (
    check_announced,
    check_authority,
    check_certificate,
    check_holder,
    under_a_certificate,
)
from verifier.domain.format import broken_format, check_format
from verifier.domain.presentation import Expected, check_freshness
from verifier.domain.reading import read
from verifier.domain.report import Check, Finding, Report, found, outcome, sentence
from verifier.domain.resources import changed, missing
from verifier.domain.signature import Keys, check_identity, check_signature, usable
from verifier.domain.status import (
    Entry,
    KnownState,
    NamedEntry,
    SealedList,
    entries,
    gravest,
    judge,
    judge_named,
    settle,
)
from verifier.domain.summary import summarise
from verifier.domain.token_status import FetchedToken, TokenEntry, judge_token, unreadable
from verifier.domain.trust import check_trust
from verifier.domain.validity import check_validity
from verifier.domain.verdicts import DEFAULT, PROTOCOL, CheckId, Code, Policy
from verifier.handlers.doubting import DoubtKeys
from verifier.ports import (
    Counts,
    CredentialDocuments,
    DidDocuments,
    IssuanceLogs,
    KnownStates,
    Resources,
    StatusLists,
    TrustAnchors,
    TrustList,
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a verification asks the world for."""

    dids: DidDocuments
    status_lists: StatusLists
    credentials: CredentialDocuments
    resources: Resources
    trust: TrustList
    known: KnownStates
    counts: Counts
    anchors: TrustAnchors
    logs: IssuanceLogs


@dataclass(frozen=True, slots=True)
class _Timed:
    """A finding whose time was taken apart from the others'."""

    finding: Finding
    milliseconds: float


@dataclass(frozen=True, slots=True)
class _Examined:
    """What a document says of itself, before anybody else is asked."""

    form: _Timed
    signature: _Timed
    identity: Finding
    seal: SealResult | None = None
    """Where an organisation's certificate sealed it."""


def _unfit(form: Finding, milliseconds: float = 0.0) -> _Examined:
    return _Examined(_Timed(form, milliseconds), _Timed(form, 0.0), form)


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

    def protects_meaning(self, result: ProofResult) -> bool:
        """Whether a proof is over what the document means: expansion then lost nothing, and need not be made again."""
        suite = self.suites.get(result.cryptosuite or "")
        return result.verified and suite is not None and not suite.carries_context


def _examined(opened: Opened, keys: Keys, at: datetime, language: Language) -> _Examined:
    document = opened.document
    start = time.perf_counter()
    try:
        results = opened.verify(usable(keys), now=at)
    except Malformed as fault:
        return _unfit(broken_format(fault), (time.perf_counter() - start) * 1000)
    signed = time.perf_counter()
    protected = any(map(language.protects_meaning, results))
    form = (
        check_attestation(opened, at)
        if isinstance(opened, Attestation)
        else check_format(opened, protected=protected, canonicalize=language.canonicalize, contexts=language.contexts)
    )
    formed = time.perf_counter()
    signature, identity = check_signature(document, results, keys), check_identity(document, results)
    seal = next((result for result in results if isinstance(result, SealResult) and result.verified), None)
    if seal is not None:
        signature, identity = check_certificate(seal, signature, at), check_holder(document, seal)
    return _Examined(_Timed(form, (formed - signed) * 1000), _Timed(signature, (signed - start) * 1000), identity, seal)


def _digest(opened: Opened) -> str:
    return digest_of_opened(opened.vc if isinstance(opened, Attestation) else opened)


class VerifyCredential:
    """The whole question: genuine, by whom it says, known here, not revoked, in date."""

    def __init__(self, sources: Sources, policy: Policy = DEFAULT, language: Language | None = None) -> None:
        self._sources = sources
        self._policy = policy
        self.language = language or Language()
        self._doubt = DoubtKeys(sources.dids, sources.logs, lambda method: self._key(method, ASSERTION))

    async def __call__(
        self, submission: str | bytes | JsonObject, *, at: datetime, occasion: Occasion | None = None
    ) -> Report:
        """A report on what was handed in, as of a moment. Whatever it is, the answer is a report.

        With an `occasion`, who shows it has to prove that they hold it.
        """
        return await self._report(lambda: read(submission, self.language.suites), at, occasion=occasion)

    async def fetched(self, url: str, *, at: datetime, occasion: Occasion | None = None) -> Report:
        """A report on what an address serves."""
        started = time.perf_counter()
        try:
            content = await self._sources.credentials.fetch(url)
        except Unavailable as fault:
            missing = found(Code.DOCUMENT_UNREACHABLE, f"Nothing could be fetched: {fault}.", url=url[:500])
            return await self._report(lambda: missing, at, started)
        return await self._report(lambda: read(content, self.language.suites), at, started, occasion=occasion)

    async def _report(
        self,
        read: Callable[[], Opened | Finding],
        at: datetime,
        started: float | None = None,
        *,
        occasion: Occasion | None = None,
    ) -> Report:
        lap = start = started or time.perf_counter()
        opened: Opened | None = None
        checks: list[Check] = []
        async for made in self._line(read, at, occasion):
            now = time.perf_counter()
            match made:
                case Finding():
                    checks.append(self.weighed(made, (now - lap) * 1000))
                case _Timed():
                    checks.append(self.weighed(made.finding, made.milliseconds))
                case _:
                    opened = made
            lap = now
        reached = {check.id for check in checks}
        checks += [self.weighed(_not_reached(check), 0) for check in CheckId if check not in reached]
        codes = [check.code for check in checks]
        report = Report(
            decision=self._policy.decide(codes),
            sentence=sentence(codes, self._policy),
            checks=tuple(checks),
            checked_at=at,
            policy=self._policy.name,
            credential=summarise(opened) if opened is not None else None,
        )
        self._sources.counts.count(report, (time.perf_counter() - start) * 1000)
        return report

    async def _line(
        self, read: Callable[[], Opened | Finding], at: datetime, occasion: Occasion | None
    ) -> AsyncIterator[Finding | _Timed | Opened]:
        """The eight checks in order, as far as they can be made; and the credential, once there is one."""
        opened = read()
        if isinstance(opened, Finding):
            yield opened
            return
        whole = "It is a credential inside its signature." if opened.whole else "It is a signed JSON credential."
        yield found(Code.DOCUMENT_READ, whole)
        yield opened
        document = opened.document
        examined = await self._examine(opened, at)
        sealed = (examined.form.finding, examined.signature.finding, examined.identity)
        # Nobody is asked for anything on the word of a document that nobody answers for.
        referred = None if any(map(self._stops, sealed)) else await self._referred(document)
        yield referred or examined.form
        if self._stops(referred or examined.form.finding):
            return
        yield examined.signature
        if self._stops(examined.signature.finding):
            return
        yield examined.identity
        if self._stops(examined.identity):
            return
        yield await self._trusted(document, examined.seal)
        yield await self._status(document, at) if examined.seal is None else await self._announced(document)
        yield check_validity(document, at)
        yield check_holding(opened, at, occasion)

    @staticmethod
    def _fails(finding: Finding) -> bool:
        """Whether a status list cannot count; that its kind has no rules here is no matter."""
        return PROTOCOL.weigh(finding.code) is not Decision.ACCEPT

    def _stops(self, finding: Finding) -> bool:
        return self._policy.weigh(finding.code) in (Decision.REJECT, Decision.INDETERMINATE)

    def weighed(self, finding: Finding, milliseconds: float = 0.0) -> Check:
        """The finding as it weighs under this policy."""
        return Check(
            id=finding.check,
            outcome=outcome(finding.code, self._policy),
            code=finding.code,
            message=finding.message,
            evidence=dict(finding.evidence),
            ms=round(milliseconds, 3),
        )

    async def _examine(self, opened: Opened, at: datetime) -> _Examined:
        """Format, signature and issuer identity: of a credential, and of a status list alike."""
        try:
            if not isinstance(opened, Attestation):
                keep_rules(opened.document)
            # Before anybody is asked for a key: a stranger's document must not send this server to a hundred places.
            if len(items(opened.document.get("proof"))) > MAX_PROOFS:
                raise Unbounded(f"it has more than {MAX_PROOFS} proofs")
        except Malformed as fault:
            return _unfit(broken_format(fault))
        keys = await self.keys(opened.methods)
        # Canonicalisation is work for a processor, not for the loop that others are waiting on.
        examined = await asyncio.to_thread(_examined, opened, keys, at, self.language)
        if examined.signature.finding.code is not Code.SIGNATURE_VALID:
            return examined
        doubts = await self.doubts(keys, partial(_digest, opened), at)
        # A proof by a key that others may have stands only with the log's word; another of the issuer's may do.
        return await asyncio.to_thread(_examined, opened, {**keys, **doubts}, at, self.language) if doubts else examined

    async def doubts(self, keys: Keys, digest: Callable[[], str], at: datetime) -> dict[str, Finding]:
        """Why some of these keys do not count for the document of this digest (see `DoubtKeys`)."""
        return await self._doubt(keys, digest, at)

    async def keys(self, method_ids: Sequence[str], purpose: str = ASSERTION) -> Keys:
        """What becomes of looking for each key: the key, if its owner lists it for this purpose, or why not."""
        keys = await asyncio.gather(*(self._key(method_id, purpose) for method_id in method_ids))
        return dict(zip(method_ids, keys, strict=True))

    async def _key(self, method_id: str, purpose: str) -> PublicKey | Finding:
        did = method_id.partition("#")[0]
        try:
            if (document := resolve_here(did)) is not None:
                return verification_key(document, method_id, purpose)
            document = await self._sources.dids.resolve(did)
            try:
                return verification_key(document, method_id, purpose)
            except NotFound:
                # A key may be newer than the copy that was kept.
                return verification_key(await self._sources.dids.resolve(did, fresh=True), method_id, purpose)
        except Unavailable as fault:
            return found(Code.KEY_UNAVAILABLE, f"The key {method_id[:300]} could not be had: {fault}.", key=method_id)
        except (WrongController, WrongPurpose, NotFound) as fault:
            return found(Code.KEY_NOT_LISTED, f"The issuer does not list this key for signing: {fault}.", key=method_id)
        except Malformed as fault:
            return found(Code.SIGNATURE_UNSUPPORTED, f"The key cannot be used here: {fault}.", key=method_id)

    async def _referred(self, document: JsonObject) -> Finding | None:
        """What is wrong with something the document refers to with a digest, if anything is."""
        try:
            findings = await asyncio.gather(*map(self._resource, resources(document)))
        except Malformed as fault:
            return broken_format(fault)
        wrong = [finding for finding in findings if finding is not None]
        return gravest(wrong) if wrong else None

    async def _resource(self, resource: Resource) -> Finding | None:
        fits = resource.known()
        if fits is None:
            try:
                content = await self._sources.resources.fetch(resource.url)
            except Unavailable as fault:
                return missing(resource, fault)
            fits = await asyncio.to_thread(resource.fits, content)
        return None if fits else changed(resource)

    async def _trusted(self, document: JsonObject, seal: SealResult | None) -> Finding:
        if not self._policy.asks_trust:
            return found(Code.TRUST_NOT_ASKED, "Whether its issuer is trusted was not asked.")
        issuer = issuer_id(document)
        try:
            if seal is not None:
                return check_authority(seal, await self._sources.anchors.anchors())
            listed = await self._sources.trust.find(issuer)
        except Unavailable as fault:
            return found(Code.TRUST_UNAVAILABLE, f"The list of trusted issuers could not be had: {fault}.")
        return check_trust(issuer, listed, dates(document).valid_from)

    async def _status(self, document: JsonObject, at: datetime) -> Finding:
        status = document.get("credentialStatus")
        if isinstance(status, dict) and status.get("type") == STATUS_ENTRY:
            return await self._in_token(TokenEntry.of(document), at)
        places = entries(document)
        return gravest(
            await asyncio.gather(
                *(self._place(document, place, at) for place in places if isinstance(place, Entry)),
                *(self._named(document, place) for place in places if isinstance(place, NamedEntry)),
            )
            + [place for place in places if isinstance(place, Finding)]
        )

    async def _place(self, document: JsonObject, entry: Entry, at: datetime) -> Finding:
        """One place in one list, the list itself verified first."""
        known = await self._known(entry)
        try:
            fetched = await self._sources.status_lists.fetch(entry.list)
        except Unavailable as fault:
            message = f"Whether it was revoked could not be looked up: {fault}."
            return settle(entry, found(Code.STATUS_UNAVAILABLE, message, list=entry.list, index=entry.index), known)
        opened = read(fetched.sealed, self.language.suites)
        if isinstance(opened, Finding):
            message = f"What the status list's address gave is no status list. {opened.message}"
            return settle(entry, found(Code.STATUS_LIST_MALFORMED, message, list=entry.list), known)
        examined = await self._examine(opened, at)
        seal = examined.form if self._fails(examined.form.finding) else examined.signature
        identity = examined.identity if examined.seal is None else under_a_certificate()
        sealed = SealedList(opened.document, fetched.at, seal.finding, identity)
        return settle(entry, judge(entry, document, sealed, known, at), known)

    async def _named(self, document: JsonObject, entry: NamedEntry) -> Finding:
        """Whether the credential's id is in a list of revoked ones."""
        try:
            fetched = await self._sources.status_lists.fetch(entry.list)
        except Unavailable as fault:
            message = f"Whether it was revoked could not be looked up: {fault}."
            return found(Code.STATUS_UNAVAILABLE, message, list=entry.list)
        return judge_named(entry, document, fetched.sealed, fetched.at, from_its_address=fetched.from_its_address)

    async def _announced(self, document: JsonObject) -> Finding:
        """The status of a kind that names none: what this house has announced of it, if it is this house's."""
        if items(document.get("credentialStatus")):
            return found(Code.STATUS_UNSUPPORTED, "It names a status, which its kind of credential cannot do here.")
        try:
            return check_announced(await self._sources.known.of(str(document.get("id"))))
        except Unavailable as fault:
            return found(Code.STATUS_UNAVAILABLE, f"Whether it was revoked could not be looked up: {fault}.")

    async def _in_token(self, entry: TokenEntry, at: datetime) -> Finding:
        """One place in one Token Status List, the list itself verified first."""
        place = entry.as_entry()
        known = await self._known(place)
        try:
            answer = await self._sources.status_lists.fetch(entry.list, as_token=True)
            fetched = FetchedToken.of(answer.sealed, answer.at)
        except Unavailable as fault:
            message = f"Whether it was revoked could not be looked up: {fault}."
            return settle(place, found(Code.STATUS_UNAVAILABLE, message, list=entry.list, index=entry.index), known)
        except Malformed as fault:
            return settle(place, unreadable(entry, fault), known)
        method = fetched.method(entry.issuer)
        keys = await self.keys((method,)) if method and method.partition("#")[0] == entry.issuer else {}
        return settle(place, judge_token(entry, fetched, keys, known, at), known)

    async def _known(self, entry: Entry) -> KnownState | None:
        try:
            return await self._sources.known.find(entry.list, entry.index)
        except Unavailable:
            return None  # the list itself says whether; our own events only add why


class VerifyForProtocol(VerifyCredential):
    """What the W3C's VC-API asks: cryptography, status and dates, of any kind of credential, without trust."""

    def __init__(self, sources: Sources, language: Language | None = None) -> None:
        super().__init__(sources, PROTOCOL, language)

    async def answering(self, submission: str | JsonObject, expected: Expected, *, at: datetime) -> Report:
        """A report on a credential whose proofs have to answer what was asked."""
        if isinstance(submission, str) and "~" in submission:
            return await self(submission, at=at, occasion=expected.occasion)
        report = await self(submission, at=at)
        stale = check_freshness(submission, expected) if isinstance(submission, dict) else None
        if stale is None or report.decision is not Decision.ACCEPT:
            return report
        checks = tuple(self.weighed(stale) if check.id is stale.check else check for check in report.checks)
        codes = [check.code for check in checks]
        return report.model_copy(
            update={
                "decision": self._policy.decide(codes),
                "sentence": sentence(codes, self._policy),
                "checks": checks,
            }
        )


def _not_reached(check: CheckId) -> Finding:
    return Finding(check, Code.NOT_REACHED, "Not checked, because an earlier check stopped here.")
