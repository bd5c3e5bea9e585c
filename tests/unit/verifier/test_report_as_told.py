"""What is told of a report is what its schema says is told."""

from __future__ import annotations

import orjson
import pytest
from pydantic import TypeAdapter

from schemas.events import Decision
from tests.builders import NOW
from verifier.domain.report import Check, Element, Named, Outcome, Report, Summary
from verifier.domain.verdicts import CheckId, Code

SAID = {"index": 7, "reason": None, "signers": ("did:a", "did:b")}
CHECK = Check(CheckId.STATUS, Outcome.FAIL, Code.REVOKED, "Revoked.", SAID, 0.125)
SUMMARY = Summary(
    "urn:uuid:1", "Knots", "open-badges-3", Named("did:a", "A"), Named(None, "Ana"), NOW, NOW, None,
    (Element("workload", "Notional workload", ("5 ECTS", "125 hours")),),
)  # fmt: skip


@pytest.mark.parametrize("credential", [SUMMARY, Summary(), None])
def test_what_is_told_reads_back_as_the_same_report(credential: Summary | None) -> None:
    report = Report(Decision.REJECT, "Do not rely on this", (CHECK,), NOW, "default", credential)
    assert TypeAdapter(Report).validate_json(orjson.dumps(report.told())) == report
