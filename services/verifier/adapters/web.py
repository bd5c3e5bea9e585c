"""DID documents, status lists and credentials from where they are published, through the guarded client."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from credentials.dids import web_did_url
from credentials.json_text import parse_json
from credentials.jwt_vc_issuer import issuer_document, jwks_url, metadata_url
from credentials.status.token_status_list import MEDIA_TYPE as TOKEN_STATUS_LIST
from schemas.faults import Malformed, Unavailable
from schemas.values import JsonObject
from verifier.adapters.caching import Cache
from verifier.adapters.guarded import GuardedClient
from verifier.domain.reading import parse_sealed
from verifier.ports import FetchedList

_LARGEST_LIST = 4_000_000


async def _document(client: GuardedClient, url: str, what: str) -> JsonObject:
    try:
        document = parse_json((await client.get(url)).body, _LARGEST_LIST)
    except Malformed as fault:
        raise Unavailable(f"{what} is not readable: {fault}") from fault
    if not isinstance(document, dict):
        raise Unavailable(f"{what} is not a JSON object")
    return document


class WebDidDocuments:
    """did:web, and issuers known by an https address, kept for a short while.

    Own origins are asked over http where that is how they are served.
    """

    def __init__(self, client: GuardedClient, *, ttl: float = 60) -> None:
        self._client = client
        self._cache = Cache(self._fetch, ttl=ttl)

    async def resolve(self, did: str, *, fresh: bool = False) -> JsonObject:
        """The document as it is published. `fresh` asks again, at most once a second per DID."""
        return await self._cache.get(did, younger_than=1 if fresh else None)

    def forget(self, did: str) -> None:
        """Ask again next time."""
        self._cache.forget(did)

    async def _fetch(self, did: str) -> JsonObject:
        if did.startswith("https://"):
            return await self._issuer(did)
        if not did.startswith("did:web:"):
            method = re.sub(r"[^a-z0-9]", "", did.partition("did:")[2].partition(":")[0])[:20]
            raise Unavailable(f"DIDs of the method {method or 'given'} cannot be looked up here")
        try:
            url = web_did_url(did)
        except Malformed as fault:
            raise Unavailable(str(fault)) from fault
        at_home = url.replace("https://", "http://", 1)
        return await _document(self._client, at_home if self._client.is_own(at_home) else url, "the DID document")

    async def _issuer(self, issuer: str) -> JsonObject:
        """The keys an issuer publishes at its well-known address, as a document like a DID's."""
        try:
            metadata = await _document(self._client, metadata_url(issuer), "the issuer's metadata")
            elsewhere = jwks_url(metadata)
            jwks = await _document(self._client, elsewhere, "the issuer's keys") if elsewhere else metadata["jwks"]
            return issuer_document(issuer, metadata, jwks)
        except Malformed as fault:
            raise Unavailable(f"the issuer's metadata is of no use: {fault}") from fault


class WebStatusLists:
    """Status lists, kept for a short while, forgotten the moment this house hears that one changed."""

    def __init__(self, client: GuardedClient, clock: Callable[[], datetime], *, ttl: float = 30) -> None:
        self._client = client
        self._clock = clock
        self._cache = Cache(self._fetch, ttl=ttl, size=200)
        self._tokens = Cache(self._fetch_token, ttl=ttl, size=200)

    async def fetch(self, url: str, *, as_token: bool = False) -> FetchedList:
        """The list as its address serves it; one address may serve two forms of it."""
        return await (self._tokens if as_token else self._cache).get(url)

    def forget(self, url: str) -> None:
        """Fetch it again next time."""
        self._cache.forget(url)
        self._tokens.forget(url)

    async def _fetch_token(self, url: str) -> FetchedList:
        return await self._fetch(url, accept=TOKEN_STATUS_LIST)

    async def _fetch(self, url: str, accept: str | None = None) -> FetchedList:
        at = self._clock()
        try:
            return FetchedList(parse_sealed((await self._client.get(url, accept=accept)).body, _LARGEST_LIST), at)
        except Malformed as fault:
            raise Unavailable(f"the status list is not readable: {fault}") from fault


class WebCredentials:
    """Credentials handed in as an address: never kept."""

    def __init__(self, client: GuardedClient) -> None:
        self._client = client

    async def fetch(self, url: str) -> bytes:
        """What the address serves."""
        return (await self._client.get(url)).body


class WebIssuanceLogs:
    """Answers of issuance logs: never kept, and asked for seldom."""

    def __init__(self, client: GuardedClient) -> None:
        self._client = client

    async def fetch(self, url: str) -> JsonObject:
        """What the log answers."""
        return await _document(self._client, url, "the answer of the issuance log")


class WebResources:
    """What credentials refer to: any bytes, never kept, never looked into."""

    def __init__(self, client: GuardedClient) -> None:
        self._client = client

    async def fetch(self, url: str) -> bytes:
        """What the address serves."""
        return (await self._client.get(url, of_any_type=True)).body
