"""The verifier for other people's tools: the W3C's VC-API (VCALM), in its strict form, where what fails is 400.

Cryptography, status and dates are asked here, of any kind of credential; whether its issuer is trusted is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.direct import Direct
from credentials.json_text import write_json
from credentials.proofs import ASSERTION
from schemas.events import Decision
from schemas.faults import Malformed
from schemas.values import Instant, JsonObject, instant_text
from verifier.domain.presentation import Expected
from verifier.domain.report import Check, Outcome, Report
from verifier.domain.verdicts import NOT_ASKED, VERDICTS, Code
from verifier.entrypoints.questions import json_object
from verifier.handlers import VerifyForProtocol, VerifyPresentation, VerifyProofs

_NO_STORE: Final = {"cache-control": "no-store"}
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {400: {"description": "Not verified; problemDetails says why."}}

# Problem types: VC Data Model 2.0 §7.2, Data Integrity 1.0 §4.7, Bitstring Status List 1.0 §3.5.
_MODEL = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
PROBLEM_TYPES: Final[Mapping[Code, str]] = {
    Code.DOCUMENT_MALFORMED: f"{_MODEL}PARSING_ERROR",
    Code.FORM_UNSUPPORTED: f"{_MODEL}PARSING_ERROR",
    Code.FORMAT_INVALID: f"{_MODEL}MALFORMED_VALUE_ERROR",
    Code.TERM_UNDEFINED: f"{_SECURITY}DATA_LOSS_DETECTION_ERROR",
    Code.CONTEXT_UNKNOWN: f"{_MODEL}MALFORMED_VALUE_ERROR",
    Code.TOO_COMPLEX: f"{_MODEL}RANGE_ERROR",
    Code.RESOURCE_CHANGED: f"{_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    Code.SIGNATURE_INVALID: f"{_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    Code.SIGNATURE_MISSING: f"{_SECURITY}PROOF_VERIFICATION_ERROR",
    Code.SIGNATURE_UNSUPPORTED: f"{_SECURITY}PROOF_VERIFICATION_ERROR",
    Code.KEY_UNAVAILABLE: f"{_SECURITY}INVALID_CONTROLLED_IDENTIFIER_DOCUMENT",
    Code.KEY_NOT_LISTED: f"{_SECURITY}INVALID_VERIFICATION_METHOD",
    Code.KEY_COMPROMISED: f"{_SECURITY}INVALID_VERIFICATION_METHOD",
    Code.ISSUER_MISMATCH: f"{_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    Code.STATUS_UNAVAILABLE: f"{_STATUS}STATUS_RETRIEVAL_ERROR",
    Code.STATUS_UNSUPPORTED: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_LIST_FORGED: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_LIST_FOREIGN: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_LIST_OUTDATED: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_LIST_MALFORMED: f"{_MODEL}MALFORMED_VALUE_ERROR",
    Code.STATUS_LIST_TOO_SHORT: f"{_STATUS}STATUS_LIST_LENGTH_ERROR",
    Code.STATUS_PURPOSE_MISMATCH: f"{_STATUS}STATUS_VERIFICATION_ERROR",
    Code.STATUS_INDEX_OUT_OF_RANGE: f"{_MODEL}RANGE_ERROR",
    Code.CHALLENGE_MISMATCH: f"{_SECURITY}INVALID_CHALLENGE_ERROR",
    Code.DOMAIN_MISMATCH: f"{_SECURITY}INVALID_DOMAIN_ERROR",
    Code.HOLDER_MISMATCH: f"{_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    Code.HOLDER_UNPROVEN: f"{_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
}
"""What the specifications have no type for (revoked, expired, an unknown authority) is `urn:laurel:verification:…`."""


def problem_details(checks: Iterable[Check]) -> list[JsonObject]:
    """The checks that did not pass, as VCALM's problem details."""
    return [
        {
            "type": PROBLEM_TYPES.get(check.code, f"urn:laurel:verification:{check.code}"),
            "title": VERDICTS[check.code].because.capitalize(),
            "detail": check.message,
            "code": check.code,
        }
        for check in checks
        if check.outcome is not Outcome.PASS and check.code not in NOT_ASKED and check.code is not Code.NOT_REACHED
    ]


_ShortText = Annotated[str, Field(max_length=1_000)]


class _Body(BaseModel):
    """What VCALM may ask besides is for others to read."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Options(_Body):
    """What a verification is asked to look at."""

    challenge: _ShortText | None = None
    domain: _ShortText | list[_ShortText] | None = None
    expectedProofPurpose: _ShortText = ASSERTION  # noqa: N815 the specification's name
    returnCredential: bool = False  # noqa: N815 as above
    returnPresentation: bool = False  # noqa: N815 as above

    @property
    def expected(self) -> Expected:
        """What the proofs have to answer."""
        return Expected(self.challenge, tuple(self.domain) if isinstance(self.domain, list) else self.domain)


class CredentialQuestion(_Body):
    """`POST /credentials/verify`."""

    verifiableCredential: dict[str, Any] | str  # noqa: N815 the specification's name
    options: Options = Options()


class PresentationQuestion(_Body):
    """`POST /presentations/verify`."""

    verifiablePresentation: dict[str, Any]  # noqa: N815 the specification's name
    options: Options = Options()


class ProofsQuestion(_Body):
    """`POST /proofs/verify`."""

    verifiableCredential: dict[str, Any]  # noqa: N815 the specification's name
    options: Options = Options()


Q = TypeVar("Q", bound=_Body)


async def _asked(request: Request, question: type[Q]) -> Q | Response:
    """What is asked, or the answer to what cannot be read."""
    try:
        return question.model_validate(await json_object(request))
    except Malformed as fault:
        return _unreadable(str(fault))
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)
        return _unreadable("; ".join(f"{'.'.join(map(str, each['loc'][:2]))}: {each['msg']}" for each in wrong))


def _unreadable(detail: str) -> Response:
    problem = {"type": PROBLEM_TYPES[Code.DOCUMENT_MALFORMED], "title": "Malformed", "detail": detail[:1_000]}
    return JSONResponse({"verified": False, "problemDetails": [problem]}, 400, headers=_NO_STORE)


def _told(checks: tuple[Check, ...]) -> JsonObject:
    return {
        "problemDetails": problem_details(checks),
        "results": {"checks": [check.told() for check in checks]},
    }


def _answer(decision: Decision, at: Instant, told: JsonObject) -> Response:
    verified = decision is Decision.ACCEPT
    body = {"verified": verified, **told, "checkedAt": instant_text(at)}
    return Response(write_json(body), 200 if verified else 400, headers=_NO_STORE, media_type="application/json")


def _of_credential(report: Report) -> JsonObject:
    return {"verified": report.decision is Decision.ACCEPT, **_told(report.checks)}


def _schema(question: type[BaseModel]) -> dict[str, Any]:
    content = {"application/json": {"schema": question.model_json_schema(ref_template="#/$defs/{model}")}}
    return {"requestBody": {"required": True, "content": content}}


def routes(
    verify: VerifyForProtocol, present: VerifyPresentation, prove: VerifyProofs, clock: Callable[[], datetime]
) -> APIRouter:
    """`/credentials/verify`, `/presentations/verify` and `/proofs/verify`."""
    router = APIRouter(tags=["VC-API"], route_class=Direct)

    @router.post("/credentials/verify", openapi_extra=_schema(CredentialQuestion), responses=_REFUSED)
    async def verify_credential(request: Request) -> Response:
        """Cryptography, status and dates, of any kind of credential."""
        asked = await _asked(request, CredentialQuestion)
        if isinstance(asked, Response):
            return asked
        credential = asked.verifiableCredential
        if not credential or (isinstance(credential, str) and "{" in credential):
            return _unreadable("verifiableCredential is an object or a token")
        report = await verify.answering(credential, asked.options.expected, at=clock())
        told = _told(report.checks)
        if asked.options.returnCredential:
            told["credential"] = credential
        return _answer(report.decision, report.checked_at, told)

    @router.post("/presentations/verify", openapi_extra=_schema(PresentationQuestion), responses=_REFUSED)
    async def verify_presentation(request: Request) -> Response:
        """Who shows what: the answer to a challenge, by the holder of a key, and each credential in it."""
        asked = await _asked(request, PresentationQuestion)
        if isinstance(asked, Response):
            return asked
        report = await present(asked.verifiablePresentation, at=clock(), expected=asked.options.expected)
        told = _told(report.checks)
        told["holder"] = report.holder
        told["credentialResults"] = [_of_credential(credential) for credential in report.credentials]
        told["problemDetails"] += [
            {**problem, "credential": number}
            for number, credential in enumerate(report.credentials)
            for problem in problem_details(credential.checks)
        ]
        if asked.options.returnPresentation:
            told["presentation"] = asked.verifiablePresentation
        return _answer(report.decision, report.checked_at, told)

    @router.post("/proofs/verify", openapi_extra=_schema(ProofsQuestion), responses=_REFUSED)
    async def verify_proofs(request: Request) -> Response:
        """Whether every proof of a document holds, whatever it says and whoever made them."""
        asked = await _asked(request, ProofsQuestion)
        if isinstance(asked, Response):
            return asked
        report = await prove(
            asked.verifiableCredential,
            at=clock(),
            purpose=asked.options.expectedProofPurpose,
            expected=asked.options.expected,
        )
        return _answer(report.decision, report.checked_at, _told(report.checks))

    return router
