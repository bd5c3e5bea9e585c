"""The verifier for machines: its own decision endpoint, the W3C's VC-API, and the trust list for administrators."""

# No `from __future__ import annotations`: the routes' annotations name a dependency that is local to `trust`.
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from chassis.access import AccessTokens, Principal, Scope
from schemas.events import Decision
from schemas.faults import Malformed
from schemas.values import Did, Frozen, Instant, JsonObject, ShortText, instant_text
from verifier.domain.report import Report
from verifier.domain.trust import TrustedIssuer
from verifier.domain.verdicts import VERDICTS, Code
from verifier.entrypoints.questions import Question, answer, json_object
from verifier.handlers import ListTrustedIssuers, TrustIssuer, VerifyCredential, VerifyForProtocol

_NO_STORE: Final = {"cache-control": "no-store"}


def _body(schema: JsonObject) -> JsonObject:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_QUESTION: Final = _body(
    {
        "type": "object",
        "properties": {
            "credential": {"anyOf": [{"type": "object"}, {"type": "string"}], "description": "The credential itself."},
            "url": {"type": "string", "description": "Or its address: public https."},
        },
        "oneOf": [{"required": ["credential"]}, {"required": ["url"]}],
        "additionalProperties": False,
    }
)
_VC_API: Final = _body(
    {
        "type": "object",
        "properties": {"verifiableCredential": {"type": "object"}, "options": {"type": "object"}},
        "required": ["verifiableCredential"],
    }
)


def verifications(verify: VerifyCredential, clock: Callable[[], datetime]) -> APIRouter:
    """`POST /api/v1/verifications`: the decision, and every check behind it."""
    router = APIRouter(tags=["verification"])

    @router.post("/api/v1/verifications", openapi_extra=_QUESTION)
    async def verify_credential(request: Request) -> Report:
        """Is it real, and does it still hold? Whatever the credential is, the answer is 200 and a decision."""
        body = await json_object(request)
        unknown = body.keys() - {"credential", "url"}
        if unknown:
            raise Malformed(f"{min(unknown)[:80]!r} is not a field of this question: credential or url is")
        credential, url = body.get("credential"), body.get("url")
        if not isinstance(credential, dict | str | None) or not isinstance(url, str | None):
            raise Malformed("credential is an object or a text, url is a text")
        return await answer(Question(credential, url), verify, clock)

    return router


# Problem types: VC Data Model 2.0 §7.2, Data Integrity 1.0 §4.7, Bitstring Status List 1.0 §3.5.
_MODEL = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
PROBLEM_TYPES: Final[Mapping[Code, str]] = {
    Code.DOCUMENT_MALFORMED: f"{_MODEL}PARSING_ERROR",
    Code.FORM_UNSUPPORTED: f"{_MODEL}PARSING_ERROR",
    Code.FORMAT_INVALID: f"{_MODEL}MALFORMED_VALUE_ERROR",
    Code.TERM_UNDEFINED: f"{_MODEL}MALFORMED_VALUE_ERROR",
    Code.CONTEXT_UNKNOWN: f"{_MODEL}MALFORMED_VALUE_ERROR",
    Code.TOO_COMPLEX: f"{_MODEL}RANGE_ERROR",
    Code.SIGNATURE_INVALID: f"{_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    Code.SIGNATURE_MISSING: f"{_SECURITY}PROOF_VERIFICATION_ERROR",
    Code.SIGNATURE_UNSUPPORTED: f"{_SECURITY}PROOF_VERIFICATION_ERROR",
    Code.KEY_UNAVAILABLE: f"{_SECURITY}INVALID_CONTROLLED_IDENTIFIER_DOCUMENT",
    Code.KEY_NOT_LISTED: f"{_SECURITY}INVALID_VERIFICATION_METHOD",
    Code.ISSUER_MISMATCH: f"{_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    Code.STATUS_UNAVAILABLE: f"{_STATUS}STATUS_RETRIEVAL_ERROR",
    Code.STATUS_UNSUPPORTED: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_LIST_FORGED: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_LIST_FOREIGN: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_LIST_OUTDATED: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_LIST_MALFORMED: f"{_STATUS}STATUS_LIST_LENGTH_ERROR",
    Code.STATUS_PURPOSE_MISMATCH: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_INDEX_OUT_OF_RANGE: f"{_MODEL}RANGE_ERROR",
}


def problem_details(report: Report) -> list[JsonObject]:
    """The checks that did not pass, as VCALM's problem details."""
    return [
        {
            "type": PROBLEM_TYPES.get(check.code, f"urn:laurel:verification:{check.code}"),
            "title": VERDICTS[check.code].because.capitalize(),
            "detail": check.message,
            "code": check.code,
        }
        for check in report.checks
        if check.code in report.codes
    ]


def _protocol_question(body: JsonObject) -> tuple[Question, JsonObject]:
    credential, options = body.get("verifiableCredential"), body.get("options", {})
    if not isinstance(credential, dict | str) or not isinstance(options, dict):
        raise Malformed("verifiableCredential is an object, and so is options")
    return Question(credential), options


def vc_api(verify: VerifyForProtocol, clock: Callable[[], datetime]) -> APIRouter:
    """The W3C's VC-API (VCALM), in its strict form: what does not verify is 400."""
    router = APIRouter(tags=["VC-API"])

    @router.post("/credentials/verify", openapi_extra=_VC_API, responses={400: {"description": "Not verified"}})
    async def verify_for_protocol(request: Request) -> JSONResponse:
        """Cryptography, status and dates, of any kind of credential; whether its issuer is trusted is not asked."""
        try:
            question, options = _protocol_question(await json_object(request))
        except Malformed as fault:
            problem = {"type": PROBLEM_TYPES[Code.DOCUMENT_MALFORMED], "title": "Malformed", "detail": str(fault)}
            return JSONResponse({"verified": False, "problemDetails": [problem]}, 400, headers=_NO_STORE)
        report = await answer(question, verify, clock)
        verified = report.decision is Decision.ACCEPT
        told: dict[str, Any] = {
            "verified": verified,
            "problemDetails": problem_details(report),
            "results": {"checks": [check.model_dump(mode="json") for check in report.checks]},
            "checkedAt": instant_text(report.checked_at),
        }
        if options.get("returnCredential"):
            told["credential"] = question.credential
        return JSONResponse(told, 200 if verified else 400, headers=_NO_STORE)

    return router


class AddIssuer(Frozen):
    """An issuer to rely on."""

    did: Did
    name: ShortText
    since: Instant | None = None
    """Credentials issued from then on; left out, from ever."""


class TrustedIssuers(Frozen):
    """A page of the trust list."""

    items: tuple[TrustedIssuer, ...]
    next: str | None = None


def trust(rely: TrustIssuer, listed: ListTrustedIssuers, access: AccessTokens) -> APIRouter:
    """The trust list: the organisations of this house, and the issuers an administrator added."""
    router = APIRouter(prefix="/api/v1/trust", tags=["trust"])
    admin = Depends(access.require(Scope.ADMIN))

    @router.post("", status_code=201)
    async def trust_issuer(issuer: AddIssuer, asks: Annotated[Principal, admin]) -> TrustedIssuer:
        """Rely on an issuer. Adding it again replaces its name and date."""
        asks.must_own()
        return await rely(TrustedIssuer(did=issuer.did, name=issuer.name, since=issuer.since))

    @router.get("")
    async def list_trusted(asks: Annotated[Principal, admin], after: str | None = None) -> TrustedIssuers:
        """Who is relied on, and since when."""
        del asks
        items, following = await listed(after)
        return TrustedIssuers(items=items, next=following)

    return router
