"""The issuer for other people's tools: the W3C's VC-API (VCALM). What cannot be issued is 4xx, with the W3C's types."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from chassis.access import AccessTokens, Principal, Scope
from chassis.problems import Problem, problem_response, status_of
from credentials.canonical import NotJson, RelativeIri, Unbounded, UndefinedTerm, Unprotected
from credentials.json_text import parse_json
from credentials.status import StatusPurpose
from issuer.domain.protocol import HOUSE
from issuer.entrypoints.media import media_type
from issuer.handlers.protocol import (
    ChangedResource,
    IssueForProtocol,
    NotOurs,
    ProtocolStatuses,
    UnsuitableStatus,
    UnsuitableSuite,
    Wanted,
    wanted_purposes,
)
from schemas.faults import Fault, Malformed
from schemas.values import JsonObject

_OPEN_TO_ALL: Final = {"cache-control": "no-cache", "vary": "accept", "access-control-allow-origin": "*"}
_NO_STORE: Final = {"cache-control": "no-store"}
_OPTIONS: Final = {"cryptosuite", "credentialStatus"}

_MODEL = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"
PROBLEM_TYPES: Final[Mapping[type[Fault], str]] = {
    NotJson: f"{_MODEL}PARSING_ERROR",
    UndefinedTerm: f"{_SECURITY}DATA_LOSS_DETECTION_ERROR",
    RelativeIri: f"{_SECURITY}DATA_LOSS_DETECTION_ERROR",
    Unprotected: f"{_SECURITY}DATA_LOSS_DETECTION_ERROR",
    Unbounded: f"{_MODEL}RANGE_ERROR",
    ChangedResource: f"{_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    NotOurs: f"{_SECURITY}PROOF_GENERATION_ERROR",
    UnsuitableSuite: f"{_SECURITY}PROOF_GENERATION_ERROR",
    UnsuitableStatus: f"{_MODEL}MALFORMED_VALUE_ERROR",
    Malformed: f"{_MODEL}MALFORMED_VALUE_ERROR",
}
"""VC Data Model 2.0, section 7.2, and Data Integrity 1.0, section 4.7; of the nearest class a fault descends from."""

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "credential": {"type": "object", "description": "Whole but for its proof."},
                        "options": {
                            "type": "object",
                            "properties": {
                                "cryptosuite": {"type": "string"},
                                "credentialStatus": {
                                    "type": "object",
                                    "properties": {
                                        "type": {"const": "BitstringStatusListEntry"},
                                        "statusPurpose": {"enum": ["revocation", "suspension"]},
                                    },
                                },
                            },
                            "additionalProperties": False,
                        },
                    },
                    "required": ["credential"],
                }
            }
        },
    }
}


class Unreadable(Malformed):
    """The request itself is not what this address takes."""


def _refused(fault: Fault) -> JSONResponse:
    kinds = type(fault).__mro__
    kind = f"{_MODEL}PARSING_ERROR" if isinstance(fault, Unreadable) else None
    kind = kind or next((PROBLEM_TYPES[each] for each in kinds if each in PROBLEM_TYPES), "about:blank")
    title = kind.rpartition("#")[2].replace("_", " ").capitalize()
    return problem_response(Problem(type=kind, title=title, status=status_of(fault), detail=str(fault)[:2_000]))


async def _body(request: Request) -> JsonObject:
    try:
        body = parse_json(await request.body())
    except Malformed as fault:
        raise Unreadable(str(fault)) from fault
    if not isinstance(body, dict):
        raise Unreadable("a JSON object was expected")
    return body


def _asked(body: JsonObject) -> tuple[JsonObject, Wanted]:
    """The credential, and how it is to be sealed."""
    credential, options = body.get("credential"), body.get("options")
    if not isinstance(credential, dict) or not isinstance(options, dict | None):
        raise Unreadable("credential is an object, and so is options")
    options = options or {}
    if unknown := options.keys() - _OPTIONS:
        raise UnsuitableSuite(f"{min(unknown)[:80]!r} is no option here: {' and '.join(sorted(_OPTIONS))} are")
    cryptosuite = options.get("cryptosuite")
    if not isinstance(cryptosuite, str | None):
        raise UnsuitableSuite("cryptosuite is a name")
    return credential, Wanted(cryptosuite, wanted_purposes(options.get("credentialStatus")))


def routes(access: AccessTokens, issue: IssueForProtocol, statuses: ProtocolStatuses) -> APIRouter:
    """`/credentials/issue` and `/credentials/status` for providers, and what anyone may read of them."""
    router = APIRouter(tags=["VC-API"])
    provider = Depends(access.require(Scope.PROVIDER))

    @router.post("/credentials/issue", status_code=201, openapi_extra=_BODY, response_class=JSONResponse)
    async def issue_credential(request: Request, asks: Annotated[Principal, provider]) -> JSONResponse:
        """Seal a credential that somebody else composed, under one of the DIDs of `/vc-api/issuers`."""
        try:
            credential, wanted = _asked(await _body(request))
            sealed = await issue(asks.organisation or HOUSE, credential, wanted)
        except Malformed as fault:
            return _refused(fault)
        return JSONResponse({"verifiableCredential": sealed}, 201, headers=_NO_STORE)

    @router.post("/credentials/status", response_class=JSONResponse)
    async def set_status(request: Request, asks: Annotated[Principal, provider]) -> JSONResponse:
        """Set (`status`: true) or clear the status whose entry is the credential's `credentialStatus`."""
        try:
            body = await _body(request)
            entry, ended = body.get("credentialStatus"), body.get("status")
            if not isinstance(entry, dict) or not isinstance(ended, bool):
                raise Unreadable("credentialStatus is the credential's entry, status is true or false")
        except Malformed as fault:
            return _refused(fault)
        await statuses.set(asks.organisation or HOUSE, entry, ended=ended)
        return JSONResponse({"credentialStatus": entry, "status": ended}, headers=_NO_STORE)

    @router.get("/vc-api/issuers")
    async def issuers(asks: Annotated[Principal, provider]) -> Mapping[str, tuple[str, ...]]:
        """The DIDs that credentials are issued under for you, each with the suites it can be asked for."""
        return issue.issuers(asks.organisation or HOUSE)

    @router.get("/vc-api/{tenant}/status-lists/{signer}/{purpose}/{number}", response_class=Response)
    async def status_list(
        request: Request,
        tenant: str,
        signer: str,
        purpose: StatusPurpose,
        number: Annotated[int, Path(ge=1, le=1_000_000)],
    ) -> Response:
        """A Bitstring Status List credential."""
        published = await statuses.published(tenant, signer, purpose, number)
        return Response(published, media_type=media_type(request), headers=_OPEN_TO_ALL)

    return router
