"""The verification page: hand in a credential, read the verdict first, then why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData, UploadFile

from chassis.web import Pages, words
from credentials.json_text import write_json
from schemas import annex1
from schemas.faults import Malformed
from verifier.domain.report import Check, Element, Outcome, Report
from verifier.domain.verdicts import CheckId
from verifier.entrypoints.questions import Question, answer
from verifier.handlers import VerifyCredential

TITLES: Final = {
    CheckId.READ: "Reading",
    CheckId.FORMAT: "Format",
    CheckId.SIGNATURE: "Signature",
    CheckId.ISSUER_IDENTITY: "Identity of the issuer",
    CheckId.ISSUER_TRUST: "Trust in the issuer",
    CheckId.STATUS: "Status",
    CheckId.VALIDITY: "Validity",
    CheckId.HOLDER: "Holder",
}
_LABELS: Final = {
    "algorithm": "Algorithm",
    "at": "Judged as of",
    "authority": "Authority that vouches for the certificate",
    "certificateUntil": "Certificate valid until",
    "changed": "Changed",
    "created": "Sealed",
    "cryptosuite": "Kind of signature",
    "fetched": "Status list fetched",
    "format": "Format",
    "holder": "Holder",
    "index": "Place in the list",
    "issuer": "Issuer",
    "key": "Key",
    "keys": "Keys",
    "legalName": "Name in the credential",
    "list": "Status list",
    "listAgeSeconds": "Age of the list in seconds",
    "listIssued": "Status list issued",
    "listIssuer": "Issuer of the list",
    "listSignature": "Signature of the list",
    "listUntil": "Status list valid until",
    "name": "Name",
    "organisation": "Organisation of this house",
    "notShown": "Claims not shown, at the most",
    "purpose": "Purpose of the list",
    "reason": "Reason",
    "rules": "Rules broken",
    "since": "On the list since",
    "signers": "Signed by",
    "url": "Address",
    "validFrom": "Valid from",
    "validUntil": "Valid until",
}
_CONCEPTS: Final = frozenset(
    element.id
    for element in (
        annex1.LEVEL,
        annex1.ASSESSMENT,
        annex1.PARTICIPATION,
        annex1.QUALITY_ASSURANCE,
        annex1.SUPERVISION,
        annex1.INTEGRATION,
    )
)
"""Elements whose values are entries of a code list: names and outcomes stand as their authors wrote them."""


def rows(report: Report) -> list[dict[str, object]]:
    """The checks as the page lists them."""
    return [
        {
            "id": check.id.value,
            "title": TITLES[check.id],
            "outcome": check.outcome.value,
            "message": check.message,
            "code": check.code.value,
            "evidence": _evidence(check),
        }
        for check in report.checks
    ]


def _evidence(check: Check) -> list[tuple[str, str]]:
    told = {_LABELS.get(name, name): value for name, value in check.evidence.items() if value not in (None, "", ())}
    return [(label, _told(value)) for label, value in told.items()]


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_told, value))
    moment = words.read_time(str(value))
    return words.minute(moment) if isinstance(moment, datetime) else str(value)


@dataclass(frozen=True, slots=True)
class IssuerView:
    """Who issued it, said only as surely as it is known."""

    name: str
    id: str | None
    standing: Literal["confirmed", "self-named", "unconfirmed"]
    """On this verifier's list, by the list's name; signed by a key that goes by this name; or merely written there."""
    calls_itself: str | None = None
    """What the credential calls an issuer whom the list calls otherwise."""


def issuer_of(report: Report) -> IssuerView | None:
    """The issuer as the page names it. Anybody can write any name into a credential."""
    if report.credential is None:
        return None
    issuer = report.credential.issuer
    named = issuer.name or issuer.id or "an unnamed issuer"
    if report.check(CheckId.ISSUER_IDENTITY).outcome is not Outcome.PASS:
        return IssuerView(named, issuer.id, "unconfirmed")
    trust = report.check(CheckId.ISSUER_TRUST)
    listed = trust.evidence.get("name")
    if trust.outcome is not Outcome.PASS or not isinstance(listed, str):
        return IssuerView(named, issuer.id, "self-named")
    other = issuer.name if issuer.name and issuer.name.casefold() != listed.casefold() else None
    return IssuerView(listed, issuer.id, "confirmed", other)


def elements_of(report: Report) -> list[tuple[str, str]]:
    """The standard elements as the page lists them: labels, and values in words."""
    return [
        (element.title, "; ".join(_valued(element, value) for value in element.values))
        for element in (report.credential.elements if report.credential else ())
    ]


def _valued(element: Element, value: str) -> str:
    said = words.in_words(value)
    return words.capitalised(said) if element.id in _CONCEPTS else said


async def _question(form: FormData) -> Question:
    """What a person handed in: a file, a pasted text, or an address; a pasted address counts as one."""
    file = form.get("file")
    uploaded = await file.read() if isinstance(file, UploadFile) else b""
    pasted, url = (str(form.get(name) or "").strip() for name in ("credential", "url"))
    if pasted.startswith("https://") and not any(character.isspace() for character in pasted) and not url:
        pasted, url = "", pasted
    given = [each for each in (uploaded, pasted, url) if each]
    if len(given) > 1:
        raise Malformed("You handed in more than one thing. Leave one of the three fields filled.")
    if not given:
        raise Malformed("Paste a credential, choose its file, or give its address.")
    return Question(uploaded or pasted or None, url or None)


def pages(verify: VerifyCredential, pages: Pages, clock: Callable[[], datetime]) -> APIRouter:
    """`/verify`: works without JavaScript; nothing of what is handed in is kept."""
    router = APIRouter(include_in_schema=False)

    @router.get("/verify")
    async def form(request: Request, url: str = "") -> HTMLResponse:
        # An address in the link only fills the form: who follows a link must not make this server fetch something.
        return pages.render(request, "verify.html", url=url[:2000], pasted="", problem="")

    @router.post("/verify")
    async def verdict(request: Request) -> HTMLResponse:
        async with request.form(max_files=1, max_fields=3, max_part_size=1_100_000) as submitted:
            try:
                question = await _question(submitted)
            except Malformed as fault:
                pasted, url = (str(submitted.get(name) or "") for name in ("credential", "url"))
                return pages.render(
                    request, "verify.html", status=400, private=True, url=url, pasted=pasted, problem=str(fault)
                )
        report = await answer(question, verify, clock)
        return pages.render(
            request,
            "verdict.html",
            private=True,
            report=report,
            rows=rows(report),
            issuer=issuer_of(report),
            elements=elements_of(report),
            machine=write_json(report.told(), indented=True).decode(),
        )

    return router
