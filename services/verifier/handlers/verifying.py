"""Answer "is this real, and does it still hold?".

The checks are made in order; where one fails or cannot be made, what depends on it is not made. A verdict is an
answer, never an exception: only what was asked wrongly raises.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
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
from verifier.domain.report import Check, Finding, Report, Summary, found, verdict, weighed
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


class _Line:
    """The eight checks of one verification, weighed and timed as they are made."""

    def __init__(self, policy: Policy, began: float) -> None:
        self.credential: Summary | None = None
        """What the credential says, once it was read."""
        self._policy = policy
        self._checks: list[Check] = []
        self._lap = began

    def add(self, finding: Finding) -> bool:
        """One more, which took the time since the last; whether the next may be made."""
        return self.add_timed(Timed(finding, (time.perf_counter() - self._lap) * 1000))

    def add_timed(self, timed: Timed) -> bool:
        """One more, whose time was taken apart."""
        self._checks.append(weighed(timed.finding, self._policy, timed.milliseconds))
        self._lap = time.perf_counter()
        return not self._policy.stops_at(timed.finding.code)

    def report(self, at: datetime) -> Report:
        """The report; what was not reached is in it as well."""
        if len(self._checks) < len(CheckId):
            reached = {check.id for check in self._checks}
            missing = [_not_reached(check) for check in CheckId if check not in reached]
            self._checks += [weighed(finding, self._policy) for finding in missing]
        decision, sentence = verdict(tuple([check.code for check in self._checks]), self._policy)
        return Report(decision, sentence, tuple(self._checks), at, self._policy.name, self.credential)


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
        began = started or time.perf_counter()
        line = _Line(self._policy, began)
        await self._check(line, submission, at, occasion)
        report = line.report(at)
        self._sources.counts.count(report, (time.perf_counter() - began) * 1000)
        return report

    async def _check(
        self, line: _Line, submission: str | bytes | JsonObject | Finding, at: datetime, occasion: Occasion | None
    ) -> None:
        """Make the eight checks in order, as far as they can be made."""
        if isinstance(submission, Finding):
            line.add(submission)
            return
        quick = is_quick(submission)
        opened = await self.workers.run(partial(read, submission, self.language.suites), quick=quick)
        if isinstance(opened, Finding):
            line.add(opened)
            return
        whole = "It is a credential inside its signature." if opened.whole else "It is a signed JSON credential."
        line.add(found(Code.DOCUMENT_READ, whole))
        document = opened.document
        examined = await self.examine(opened, at, quick=quick)
        line.credential = await self.workers.run(partial(summarise, opened, examined.content), quick=quick)
        form, signature, identity = examined.form, examined.signature, examined.identity
        # Nobody is asked for anything on the word of a document that nobody answers for.
        if not any(self._policy.stops_at(finding.code) for finding in (form.finding, signature.finding, identity)):
            form = await self._referred(document) or form
        if not (line.add_timed(form) and line.add_timed(signature) and line.add(identity)):
            return
        line.add(await self._trusted(document, examined.seal))
        line.add(await (self._status(document, at) if examined.seal is None else self._status.announced(document)))
        line.add(check_validity(document, at))
        line.add(check_holding(opened, at, occasion))

    async def _referred(self, document: JsonObject) -> Timed | None:
        """What is wrong with something the document refers to with a digest, if anything is."""
        asked = time.perf_counter()
        try:
            findings = await together([self._resource(each) for each in resources(document)])
        except Malformed as fault:
            findings = [broken_format(fault)]
        wrong = [finding for finding in findings if finding is not None]
        return Timed(gravest(wrong), (time.perf_counter() - asked) * 1000) if wrong else None

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
        checks = tuple(weighed(stale, self._policy) if check.id is stale.check else check for check in report.checks)
        decision, sentence = verdict(tuple(check.code for check in checks), self._policy)
        return replace(report, decision=decision, sentence=sentence, checks=checks)


def _not_reached(check: CheckId) -> Finding:
    return Finding(check, Code.NOT_REACHED, "Not checked, because an earlier check stopped here.")
