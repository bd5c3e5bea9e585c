"""Answer "is this real, and does it still hold?".

The checks are made in order; where one fails or cannot be made, what depends on it is not made. A verdict is an
answer, never an exception: only what was asked wrongly raises.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from credentials.data_model import dates, issuer_id
from credentials.proofs.jades import SealResult
from credentials.proofs.key_binding import Occasion
from credentials.related_resources import Resource, resources
from schemas.events import Decision
from schemas.faults import Malformed, Unavailable
from schemas.values import JsonObject
from verifier.domain.attestation import check_holding
from verifier.domain.eseal import (
    check_authority,
)
from verifier.domain.format import broken_format
from verifier.domain.presentation import Expected, check_freshness
from verifier.domain.reading import read
from verifier.domain.report import Check, Finding, Report, Summary, found, outcome, sentence
from verifier.domain.resources import changed, missing
from verifier.domain.status import (
    gravest,
)
from verifier.domain.summary import summarise
from verifier.domain.trust import check_trust
from verifier.domain.validity import check_validity
from verifier.domain.verdicts import DEFAULT, PROTOCOL, CheckId, Code, Policy
from verifier.handlers.examining import Examine, Language, Timed
from verifier.handlers.looking_up import LookUpStatus
from verifier.handlers.working import Workers, is_quick, together
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
    workers: Workers = field(default_factory=Workers)


class VerifyCredential:
    """The whole question: genuine, by whom it says, known here, not revoked, in date."""

    def __init__(self, sources: Sources, policy: Policy = DEFAULT, language: Language | None = None) -> None:
        self._sources = sources
        self._policy = policy
        self.workers = sources.workers
        self.language = language or Language()
        self.examine = Examine(sources.dids, sources.logs, sources.workers, self.language)
        self._status = LookUpStatus(sources.status_lists, sources.known, sources.workers, self.examine)

    async def __call__(
        self, submission: str | bytes | JsonObject, *, at: datetime, occasion: Occasion | None = None
    ) -> Report:
        """A report on what was handed in, as of a moment. Whatever it is, the answer is a report.

        With an `occasion`, who shows it has to prove that they hold it.
        """
        return await self._report(submission, at, occasion)

    async def fetched(self, url: str, *, at: datetime, occasion: Occasion | None = None) -> Report:
        """A report on what an address serves."""
        started = time.perf_counter()
        try:
            content = await self._sources.credentials.fetch(url)
        except Unavailable as fault:
            missing = found(Code.DOCUMENT_UNREACHABLE, f"Nothing could be fetched: {fault}.", url=url[:500])
            return await self._report(missing, at, None, started)
        return await self._report(content, at, occasion, started)

    async def _report(
        self,
        submission: str | bytes | JsonObject | Finding,
        at: datetime,
        occasion: Occasion | None,
        started: float | None = None,
    ) -> Report:
        lap = start = started or time.perf_counter()
        credential: Summary | None = None
        checks: list[Check] = []
        async for made in self._line(submission, at, occasion):
            now = time.perf_counter()
            match made:
                case Finding():
                    checks.append(self.weighed(made, (now - lap) * 1000))
                case Timed():
                    checks.append(self.weighed(made.finding, made.milliseconds))
                case Summary():
                    credential = made
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
            credential=credential,
        )
        self._sources.counts.count(report, (time.perf_counter() - start) * 1000)
        return report

    async def _line(
        self, submission: str | bytes | JsonObject | Finding, at: datetime, occasion: Occasion | None
    ) -> AsyncIterator[Finding | Timed | Summary]:
        """The eight checks in order, as far as they can be made; and what the credential says, once it was read."""
        if isinstance(submission, Finding):
            yield submission
            return
        quick = is_quick(submission)
        opened = await self.workers.run(partial(read, submission, self.language.suites), quick=quick)
        if isinstance(opened, Finding):
            yield opened
            return
        whole = "It is a credential inside its signature." if opened.whole else "It is a signed JSON credential."
        yield found(Code.DOCUMENT_READ, whole)
        document = opened.document
        examined = await self.examine(opened, at, quick=quick)
        yield await self.workers.run(partial(summarise, opened, examined.content), quick=quick)
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
        yield await (self._status(document, at) if examined.seal is None else self._status.announced(document))
        yield check_validity(document, at)
        yield check_holding(opened, at, occasion)

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

    async def _referred(self, document: JsonObject) -> Finding | None:
        """What is wrong with something the document refers to with a digest, if anything is."""
        try:
            findings = await together([self._resource(each) for each in resources(document)])
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
            fits = await self.workers.run(partial(resource.fits, content))
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
