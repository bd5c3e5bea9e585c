"""Who may do what: scoped bearer tokens, of which only a digest is kept."""

# No `from __future__ import annotations`: the routes' annotations name dependencies that are local to `routes`.
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe
from typing import Annotated, Self
from uuid import uuid4

from fastapi import APIRouter, Depends, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr, model_validator

from chassis.documents import Document, Documents, Index, Schema, every
from chassis.identity import Identity
from schemas.faults import Fault, NotFound
from schemas.values import Frozen, Instant, ShortText, Slug

TOKEN_BYTES = 32
BOOTSTRAP = "bootstrap"
SERVICE = "service"


class Unauthenticated(Fault):
    """Nobody we know asks: no token, or one that opens nothing."""


class Forbidden(Fault):
    """We know who asks, and they may not."""


class Scope(StrEnum):
    """What a token is for."""

    PLATFORM = "platform"
    PROVIDER = "provider"
    OPERATOR = "operator"
    ADMIN = "admin"


class Grant(Frozen):
    """What somebody may do, and on whose things."""

    scope: Scope
    organisation: Slug | None = None
    """Only on this organisation's; operators and administrators without one act for all."""
    platform: Slug | None = None
    """Only on this platform's."""
    label: ShortText
    """Whose token it is, for people to read."""

    @model_validator(mode="after")
    def _is_bound_as_its_scope_asks(self) -> Self:
        if self.scope in {Scope.PLATFORM, Scope.PROVIDER} and self.organisation is None:
            raise ValueError(f"a {self.scope} token is for one organisation: name it")
        if (self.scope is Scope.PLATFORM) != (self.platform is not None):
            raise ValueError("a platform token names its platform, and only a platform token does")
        return self


class Principal(Grant):
    """Somebody who asks, with what they may do."""

    id: str

    def must_own(self, *, organisation: str | None = None, platform: str | None = None) -> None:
        """Raises `Forbidden` unless what belongs to this organisation and platform is theirs.

        Say all that is known of the thing: who is bound to a platform needs it named, and likewise the organisation.
        """
        if self.platform is not None:
            mine = platform == self.platform and organisation in {None, self.organisation}
        else:
            mine = self.organisation in {None, organisation}
        if not mine:
            raise Forbidden("this belongs to somebody else")


class AccessToken(Document):
    """A token that was issued: never the token itself."""

    digest: str
    grant: Grant
    created: Instant
    expires: Instant | None = None


class IssueToken(Grant):
    """A token to be issued."""

    expires: Instant | None = None


class TokenView(Principal):
    """A token as it is listed."""

    created: Instant
    expires: Instant | None


class NewToken(TokenView):
    """A token as it is shown, once."""

    token: str


class Tokens(Frozen):
    """A page of tokens."""

    items: tuple[TokenView, ...]
    next: str | None


ACCESS_TOKENS = Schema("access_tokens", AccessToken, (Index(("digest",), unique=True), Index(("grant.organisation",))))

_bearer = HTTPBearer(auto_error=False, description="A Laurel access token: `lrl_<scope>_…`")


def service_token(identity: Identity) -> SecretStr:
    """What Laurel's own services show each other: every process of an installation derives the same, nobody stores it.

    It reads what operators may read; it lives as long as the installation's secret.
    """
    key = urlsafe_b64encode(identity.derive("service-token")).decode().rstrip("=")
    return SecretStr(f"lrl_{Scope.OPERATOR}_{key}")


class AccessTokens:
    """Issues, recognises and withdraws tokens. Two more stand without being stored: bootstrap and service token."""

    def __init__(
        self,
        documents: Documents,
        *,
        bootstrap: SecretStr | None = None,
        service: SecretStr | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._tokens = documents.collection(ACCESS_TOKENS)
        standing = (
            (bootstrap, Principal(id=BOOTSTRAP, scope=Scope.ADMIN, label="the token from the settings")),
            (service, Principal(id=SERVICE, scope=Scope.OPERATOR, label="a service of this installation")),
        )
        self._standing = {_digest(token.get_secret_value()): whose for token, whose in standing if token}
        self._clock = clock

    async def issue(
        self,
        *,
        scope: Scope,
        label: str,
        organisation: str | None = None,
        platform: str | None = None,
        expires: datetime | None = None,
    ) -> tuple[Principal, str]:
        """A new token and whom it makes known. The token is not kept: whoever loses it needs another."""
        grant = Grant(scope=scope, label=label, organisation=organisation, platform=platform)
        stored, token = await self._issue(grant, expires)
        return _principal(stored), token

    async def authenticate(self, token: str) -> Principal:
        """Who holds this token. Raises `Unauthenticated` for what is unknown, withdrawn, expired or changed."""
        digest = _digest(token)
        for standing, whose in self._standing.items():
            if hmac.compare_digest(digest, standing):
                return whose
        # Found by its digest: how long the search takes says nothing about the token.
        found = (await self._tokens.find({"digest": digest}, limit=1)).items
        if not found or not hmac.compare_digest(found[0].digest, digest):
            raise Unauthenticated("this token opens nothing here")
        if found[0].expires is not None and self._clock() >= found[0].expires:
            raise Unauthenticated(f"this token expired on {found[0].expires:%Y-%m-%d}")
        return _principal(found[0])

    async def list(self) -> tuple[Principal, ...]:
        """Everybody who holds a token."""
        return tuple([_principal(stored) async for stored in every(self._tokens, {})])

    async def withdraw(self, id: str) -> None:  # noqa: A002 the field's own name
        """The token opens nothing any more. Raises `NotFound`."""
        if not await self._tokens.delete_many([id]):
            raise NotFound(f"there is no token {id}")

    def require(self, *scopes: Scope) -> Callable[..., Awaitable[Principal]]:
        """A FastAPI dependency: the principal, of one of these scopes; an administrator may do everything.

        Raises `Unauthenticated` (401) and `Forbidden` (403). What the principal may do it on is for `must_own`.
        """
        allowed = {*scopes, Scope.ADMIN}

        async def principal(
            bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        ) -> Principal:
            if bearer is None:
                raise Unauthenticated("this needs an access token: Authorization: Bearer lrl_…")
            known = await self.authenticate(bearer.credentials)
            if known.scope not in allowed:
                raise Forbidden(f"this needs a token of scope {' or '.join(sorted(allowed))}, not {known.scope}")
            return known

        return principal

    def routes(self) -> APIRouter:
        """Issue, list and withdraw tokens over HTTP: for administrators."""
        router = APIRouter(prefix="/api/v1/tokens", tags=["access"])
        admin = Depends(self.require(Scope.ADMIN))

        @router.post("", status_code=201)
        async def issue_token(token: IssueToken, asks: Annotated[Principal, admin]) -> NewToken:
            """Issue a token. It is in this answer and nowhere else."""
            asks.must_own(organisation=token.organisation, platform=token.platform)
            grant = Grant.model_validate(token.model_dump(exclude={"expires"}))
            stored, text = await self._issue(grant, token.expires)
            return NewToken.model_validate({**_view(stored).model_dump(), "token": text})

        @router.get("")
        async def list_tokens(
            asks: Annotated[Principal, admin],
            after: str | None = None,
            limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        ) -> Tokens:
            """List the tokens, never their secrets."""
            where = {} if asks.organisation is None else {"grant.organisation": asks.organisation}
            page = await self._tokens.find(where, after=after, limit=limit)
            return Tokens(items=tuple(map(_view, page.items)), next=page.next)

        @router.delete("/{token_id}", status_code=204)
        async def withdraw_token(token_id: str, asks: Annotated[Principal, admin]) -> None:
            """Withdraw a token."""
            stored = await self._tokens.get(token_id)
            if stored is None:
                raise NotFound(f"there is no token {token_id}")
            asks.must_own(organisation=stored.grant.organisation, platform=stored.grant.platform)
            await self.withdraw(token_id)

        return router

    async def _issue(self, grant: Grant, expires: datetime | None) -> tuple[AccessToken, str]:
        token = f"lrl_{grant.scope}_{token_urlsafe(TOKEN_BYTES)}"
        stored = AccessToken(id=uuid4().hex, digest=_digest(token), grant=grant, created=self._clock(), expires=expires)
        await self._tokens.insert_many([stored])
        return stored, token


def _digest(token: str) -> str:
    # A digest without salt or stretching is enough: a token has 256 bits, and nobody chose it.
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _principal(stored: AccessToken) -> Principal:
    return Principal.model_validate({**stored.grant.model_dump(), "id": stored.id})


def _view(stored: AccessToken) -> TokenView:
    return TokenView.model_validate(
        {**stored.grant.model_dump(), "id": stored.id, "created": stored.created, "expires": stored.expires}
    )
