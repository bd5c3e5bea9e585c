"""Keys, for administrators; and the issuance log, for anyone."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse
from pydantic import StringConstraints

from chassis.access import AccessTokens, Principal, Scope
from issuer.handlers.attesting import Attestation, AttestIssuance
from issuer.handlers.keys import KeyStanding, ListKeys, MarkedKey, ReportCompromise
from issuer.ports import LogEntry, LogPage
from schemas.values import Frozen, Instant, JsonObject, Slug, Text

OPEN_TO_ALL = {"access-control-allow-origin": "*"}
Digest = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class KeyList(Frozen):
    """An organisation's keys, the oldest first."""

    items: tuple[KeyStanding, ...]


class ReportedKey(Frozen):
    """Since when others may have a key, and why it is thought so."""

    since: Instant
    reason: Text


def key_routes(access: AccessTokens, keys: ListKeys, report: ReportCompromise) -> APIRouter:
    """Signing keys, for administrators. How to rotate one stands with the organisations."""
    router = APIRouter(prefix="/api/v1/organisations/{organisation}/keys", tags=["organisations"])
    admin = Depends(access.require(Scope.ADMIN))

    @router.get("")
    async def list_keys(organisation: Slug, asks: Annotated[Principal, admin]) -> KeyList:
        """Every key the organisation ever signed with."""
        asks.must_own(organisation=organisation)
        return KeyList(items=await keys(organisation))

    @router.post("/{key}/compromise")
    async def report_compromise(
        organisation: Slug, key: Slug, said: ReportedKey, asks: Annotated[Principal, admin]
    ) -> MarkedKey:
        """Others may have this key: what it signed counts from now on only if the log shows it is older than that."""
        asks.must_own(organisation=organisation)
        return await report(organisation, key, said.since, said.reason)

    return router


def log_routes(attest: AttestIssuance) -> APIRouter:
    """What was sealed and when, in hashes: nobody learns from it who was awarded what."""
    router = APIRouter(prefix="/organisations/{organisation}/issuance-log", tags=["public"])

    @router.get("", response_class=JSONResponse)
    async def head(organisation: Slug) -> JSONResponse:
        """How long the log is, and its newest link, signed."""
        return _answer(attested(await attest.head(organisation)))

    @router.get("/{number}", response_class=JSONResponse)
    async def page(organisation: Slug, number: Annotated[int, Path(ge=1)]) -> JSONResponse:
        """A page; it never changes."""
        found = await attest.page(organisation, number)
        return _answer(
            {**found.step.to_json(), "link": found.step.link, "entries": _entries(found)},
            {"cache-control": "public, max-age=31536000, immutable"},
        )

    @router.get("/proofs/{digest}", response_class=JSONResponse)
    async def proof(organisation: Slug, digest: Digest) -> JSONResponse:
        """Before when what has this digest was sealed, with the pages that prove it; or that the log lacks it."""
        return _answer(attested(await attest.of(organisation, digest)))

    return router


def attested(attestation: Attestation) -> JsonObject:
    """An answer of the log as it is published."""
    found: JsonObject = {"statement": attestation.statement}
    if attestation.steps:
        found["steps"] = [page.step.to_json() for page in attestation.steps]
        found["entries"] = _entries(attestation.steps[-1])
    return found


def _entries(page: LogPage) -> list[JsonObject]:
    return [_entry(entry) for entry in page.entries]


def _entry(entry: LogEntry) -> JsonObject:
    return {"credential": entry.credential, "award": entry.award}


def _answer(content: JsonObject, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(content, headers={**OPEN_TO_ALL, **(headers or {"cache-control": "no-cache"})})
