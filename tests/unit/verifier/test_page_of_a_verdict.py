"""Who is said to have issued it: no more surely than it is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.annex1 import ELEMENTS
from schemas.events import Decision
from tests.builders import NOW
from verifier.domain.report import Check, Element, Named, Outcome, Report, Summary
from verifier.domain.verdicts import CheckId, Code
from verifier.entrypoints.pages import IssuerView, elements_of, issuer_of

DID = "did:web:uex.example"


def a_report(
    *, identity: Outcome = Outcome.PASS, trust: Outcome = Outcome.PASS, listed: str | None = None, **said: object
) -> Report:
    outcomes = {CheckId.ISSUER_IDENTITY: identity, CheckId.ISSUER_TRUST: trust}
    return Report(
        decision=Decision.REVIEW,
        sentence="Genuine, but needs your judgement",
        checks=tuple(
            Check(
                id=check,
                outcome=outcomes.get(check, Outcome.PASS),
                code=Code.NOT_REACHED,
                message="",
                evidence={"name": listed} if check is CheckId.ISSUER_TRUST and listed else {},
            )
            for check in CheckId
        ),
        checked_at=NOW,
        policy="default",
        credential=Summary(**{"issuer": Named(id=DID, name="University of Oxford"), **said}),
    )


@pytest.mark.parametrize(
    ("report", "issuer"),
    [
        (
            a_report(listed="University of Oxford"),
            IssuerView("University of Oxford", DID, "confirmed"),
        ),
        (
            a_report(listed="Course Mill"),
            IssuerView("Course Mill", DID, "confirmed", "University of Oxford"),
        ),
        (
            a_report(trust=Outcome.WARN),
            IssuerView("University of Oxford", DID, "self-named"),
        ),
        (
            a_report(trust=Outcome.WARN, listed="University of Oxford"),
            IssuerView("University of Oxford", DID, "self-named"),
        ),
        (
            a_report(trust=Outcome.NOT_CHECKED),
            IssuerView("University of Oxford", DID, "self-named"),
        ),
        (
            a_report(identity=Outcome.FAIL, listed="University of Oxford"),
            IssuerView("University of Oxford", DID, "unconfirmed"),
        ),
        (
            a_report(identity=Outcome.NOT_CHECKED),
            IssuerView("University of Oxford", DID, "unconfirmed"),
        ),
        (a_report(trust=Outcome.WARN, issuer=Named(id=DID)), IssuerView(DID, DID, "self-named")),
        (a_report(trust=Outcome.WARN, issuer=Named()), IssuerView("an unnamed issuer", None, "self-named")),
    ],
)
def test_the_issuer_is_named_as_surely_as_it_is_known(report: Report, issuer: IssuerView) -> None:
    assert issuer_of(report) == issuer


def test_where_nothing_could_be_read_nobody_is_named() -> None:
    nothing = replace(a_report(), credential=None)

    assert issuer_of(nothing) is None
    assert elements_of(nothing) == []


def test_values_are_in_words_concepts_with_a_capital_and_names_untouched() -> None:
    titles = {element.id: element.title for element in ELEMENTS}
    values = {
        "learner": ("van der Berg", "emailAddress (hashed)"),
        "date-of-issuing": ("2026-11-23T10:00:00Z",),
        "learning-outcomes": ("weigh benefits",),
        "workload": ("5 ECTS", "PT125H"),
        "assessment": ("written examination", "quiz"),
        "participation": ("http://x.example/mode",),
        "integration": ("stackable",),
    }
    elements = tuple(Element(id=name, title=titles[name], values=said) for name, said in values.items())

    assert [said for _, said in elements_of(a_report(elements=elements))] == [
        "van der Berg; e-mail address (hashed)",
        "23 November 2026",
        "weigh benefits",
        "5 ECTS; 125 hours",
        "Written examination; Quiz",
        "http://x.example/mode",
        "Stackable",
    ]
