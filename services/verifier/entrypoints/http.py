"""The verifier for machines: its own decision endpoint, and the trust list for administrators."""

# No `from __future__ import annotations`: the routes' annotations name a dependency that is local to `trust`.
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from chassis.access import AccessTokens, Principal, Scope
from chassis.direct import Direct
from credentials.json_text import write_json
from credentials.proofs.key_binding import Occasion
from schemas.faults import Malformed
from schemas.values import Did, Frozen, Instant, JsonObject, ShortText
from verifier.domain.report import Report
from verifier.domain.trust import TrustedIssuer
from verifier.entrypoints.bulk import CSV, LINES, MOST_BYTES, MOST_ROWS, NDJSON, Bulk
from verifier.entrypoints.questions import Question, answer, json_value
from verifier.handlers import DistrustIssuer, ListTrustedIssuers, TrustIssuer, VerifyCredential, VerifyMany

_NO_STORE: Final = {"cache-control": "no-store"}


_QUESTION: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "credential": {"anyOf": [{"type": "object"}, {"type": "string"}], "description": "The credential itself."},
        "url": {"type": "string", "description": "Or its address: public https."},
        "holder": {
            "type": "object",
            "description": "What its holder was asked to sign in showing it (SD-JWT VC).",
            "properties": {"audience": {"type": "string"}, "nonce": {"type": "string"}},
            "required": ["audience", "nonce"],
            "additionalProperties": False,
        },
    },
    "oneOf": [{"required": ["credential"]}, {"required": ["url"]}],
    "additionalProperties": False,
}
_LIST: Final[JsonObject] = {
    "type": "array",
    "items": {"anyOf": [{"type": "object"}, {"type": "string"}]},
    "maxItems": MOST_ROWS,
    "description": "Many credentials; the answer has a row for each.",
}
_ROWS: Final[JsonObject] = {"schema": {"type": "string"}}
_DESCRIBED: Final[JsonObject] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"anyOf": [_QUESTION, _LIST]}},
            NDJSON: {"schema": {"type": "string", "description": f"A credential a line, {MOST_ROWS} at most."}},
        },
    }
}


def _occasion(asked: object) -> Occasion | None:
    """What the holder was asked to sign; None where nothing was asked."""
    if asked is None:
        return None
    said = asked if isinstance(asked, dict) and asked.keys() == {"audience", "nonce"} else {}
    audience, nonce = said.get("audience"), said.get("nonce")
    if not isinstance(audience, str) or not isinstance(nonce, str) or not audience or not nonce:
        raise Malformed("holder says for which audience it was to be shown and with which nonce, both texts")
    return Occasion(audience, nonce)


def verifications(
    verify: VerifyCredential, many: VerifyMany, clock: Callable[[], datetime], *, largest: int
) -> APIRouter:
    """`POST /api/v1/verifications`: the decision, and every check behind it; of one credential or of many.

    JSON has `largest` bytes at most; JSON lines are bounded as `bulk` says.
    """
    router = APIRouter(tags=["verification"], route_class=Direct)
    bulk = Bulk(many)

    async def one(body: JsonObject) -> Response:
        unknown = body.keys() - {"credential", "url", "holder"}
        if unknown:
            raise Malformed(f"{min(unknown)[:80]!r} is not a field of this question: credential, url and holder are")
        credential, url = body.get("credential"), body.get("url")
        if not isinstance(credential, dict | str | None) or not isinstance(url, str | None):
            raise Malformed("credential is an object or a text, url is a text")
        report = await answer(Question(credential, url, _occasion(body.get("holder"))), verify, clock)
        return Response(write_json(report.told()), media_type="application/json")

    @router.post(
        "/api/v1/verifications",
        openapi_extra=_DESCRIBED,
        response_model=Report,
        responses={200: {"content": {NDJSON: _ROWS, CSV: _ROWS}}},
        max_body_size=MOST_BYTES,
    )
    async def verify_credential(request: Request) -> Response:
        """Is it real, and does it still hold? Whatever the credential is, the answer is 200 and a decision.

        Many are handed in as a JSON array or as JSON lines. Each has a row in the answer, as JSON lines or, where that
        is asked for, as text/csv.
        """
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() in LINES:
            return await bulk.lines(request)
        match await json_value(request, largest):
            case dict() as body:
                return await one(body)
            case list() as values:
                return bulk.values(request, values)
            case _:
                raise Malformed("a JSON object was expected, or a list of credentials")

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


def trust(rely: TrustIssuer, distrust: DistrustIssuer, listed: ListTrustedIssuers, access: AccessTokens) -> APIRouter:
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

    @router.delete("/{did}", status_code=204)
    async def distrust_issuer(did: str, asks: Annotated[Principal, admin]) -> None:
        """Rely no more on an issuer that was added. The DID's own `%` is `%25` in an address."""
        asks.must_own()
        await distrust(did)

    return router
