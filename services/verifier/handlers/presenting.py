"""Verify presentations, and proofs alone: the rest of what the W3C's VC-API asks of a verifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from credentials.canonical import Unbounded
from credentials.data_model import items, keep_presentation_rules
from credentials.issuance_log import digest_of
from credentials.proofs import ASSERTION, ProofResult, verification_methods
from credentials.proofs.verification import MAX_PROOFS, verify_all
from schemas.events import Decision
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.format import broken_format
from verifier.domain.presentation import (
    AUTHENTICATION,
    MOST_CREDENTIALS,
    Expected,
    PresentationReport,
    ProofsReport,
    check_freshness,
    check_holder,
    check_proofs,
    holder_id,
)
from verifier.domain.report import Finding, Report, found, weighed
from verifier.domain.signature import usable
from verifier.domain.verdicts import PROTOCOL, Code
from verifier.handlers.verifying import VerifyForProtocol

_READ: Final = found(Code.DOCUMENT_READ, "It is a JSON object.")
"""What is handed in was read by `parse_json`, or this question would not have been asked."""


@dataclass(frozen=True, slots=True)
class _Proven:
    """What came of the proofs of a document."""

    finding: Finding
    results: Sequence[ProofResult] = ()

    @property
    def holds(self) -> bool:
        return PROTOCOL.weigh(self.finding.code) is Decision.ACCEPT


class VerifyProofs:
    """Whether the proofs of a document hold: of any document, whatever it says, by whomever it was made."""

    def __init__(self, verify: VerifyForProtocol) -> None:
        self._verify = verify

    async def __call__(
        self, document: JsonObject, *, at: datetime, purpose: str = ASSERTION, expected: Expected | None = None
    ) -> ProofsReport:
        """A report on the proofs, made for this purpose."""
        findings = [_READ, (await self.proven(document, at, purpose, expected or Expected())).finding]
        return ProofsReport(
            decision=PROTOCOL.decide(finding.code for finding in findings),
            checks=tuple(weighed(finding, PROTOCOL) for finding in findings),
            checked_at=at,
        )

    async def proven(self, document: JsonObject, at: datetime, purpose: str, expected: Expected) -> _Proven:
        """What comes of a document's proofs."""
        try:
            if len(items(document.get("proof"))) > MAX_PROOFS:
                raise Unbounded(f"it has more than {MAX_PROOFS} proofs")
        except Malformed as fault:
            return _Proven(broken_format(fault))
        keys = await self._verify.examine.keys(verification_methods(document), purpose)
        doubts = await self._verify.examine.doubts(keys, partial(digest_of, document), at)
        known = {**keys, **doubts}
        suites = self._verify.language.suites

        def check() -> _Proven:
            try:
                results = verify_all(document, usable(known), suites, now=at, purpose=purpose)
            except Malformed as fault:
                return _Proven(broken_format(fault))
            return _Proven(check_proofs(results, known), results)

        proven = await self._verify.workers.run(check)
        stale = check_freshness(document, expected) if proven.holds else None
        return _Proven(stale, proven.results) if stale else proven


class VerifyPresentation:
    """Who shows what: the presentation's own proof and holder, and each credential in it."""

    def __init__(self, verify: VerifyForProtocol, prove: VerifyProofs) -> None:
        self._verify = verify
        self._prove = prove

    async def __call__(self, document: JsonObject, *, at: datetime, expected: Expected) -> PresentationReport:
        """A report on the presentation, shown in answer to what was asked."""
        findings = [_READ, *await self._findings(document, at, expected)]
        reports: list[Report] = []
        decisions = {PROTOCOL.weigh(finding.code) for finding in findings}
        if decisions == {Decision.ACCEPT}:
            # One after another: a presentation takes no more of the house at once than a credential does.
            reports = [await self._verify(one, at=at) for one in items(document.get("verifiableCredential"))]
            decisions |= {report.decision for report in reports}
        gravest = (Decision.REJECT, Decision.INDETERMINATE, Decision.REVIEW, Decision.ACCEPT)
        return PresentationReport(
            decision=next(decision for decision in gravest if decision in decisions),
            checks=tuple(weighed(finding, PROTOCOL) for finding in findings),
            credentials=tuple(reports),
            holder=holder_id(document),
            checked_at=at,
        )

    async def _findings(self, document: JsonObject, at: datetime, expected: Expected) -> list[Finding]:
        """The presentation's own checks, as far as they can be made."""
        try:
            keep_presentation_rules(document)
            if len(items(document.get("verifiableCredential"))) > MOST_CREDENTIALS:
                raise Unbounded(f"it holds more than {MOST_CREDENTIALS} credentials")
        except Malformed as fault:
            return [broken_format(fault)]
        proven = await self._prove.proven(document, at, AUTHENTICATION, expected)
        if not proven.holds:
            return [proven.finding]
        form = found(Code.FORMAT_VALID, "It keeps the rules for verifiable presentations.", format="presentation")
        return [form, proven.finding, check_holder(document, proven.results)]
