"""The services' ledgers over HTTP, read page by page with Laurel's own token."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, TypeVar
from uuid import UUID

import httpx2
from pydantic import BeforeValidator, ConfigDict, SecretStr, ValidationError

from monitor.domain.account import Accepted, Decided, Ending, Intake, Parked
from monitor.domain.reviews import Review
from schemas.faults import Unavailable
from schemas.values import Frozen, Instant, instant_text

COMPLETIONS = "/api/v1/account/completions"
OUTCOMES = "/api/v1/account/outcomes"
PARKED = "/api/v1/account/parked"
CORRECTIONS = "/api/v1/corrections"

_OUTCOMES = {"issued": Ending.ISSUED, "refused": Ending.REFUSED}
"""Whatever else the issuer says (it waits for an offering, say) is no outcome yet."""


_MORE = ConfigDict(extra="ignore")
"""Others may say more than we ask for."""


class _Page(Frozen):
    model_config = _MORE
    next: str | None = None


class _Completion(Accepted):
    model_config = _MORE


class _Completions(_Page):
    items: tuple[_Completion, ...]
    duplicates: int
    turned_away: int


class _Outcome(Frozen):
    model_config = _MORE
    completion: UUID
    award: UUID | None = None
    platform: str
    state: str
    reason: str | None = None
    decided: Instant
    replaces: UUID | None = None


class _Outcomes(_Page):
    items: tuple[_Outcome, ...]


def _reason(discarded: object) -> object:
    return discarded["reason"] if isinstance(discarded, dict) else discarded


class _Message(Parked):
    model_config = _MORE
    discarded: Annotated[str | None, BeforeValidator(_reason)] = None


class _Messages(_Page):
    items: tuple[_Message, ...]


class _Correction(Review):
    model_config = _MORE


class _Corrections(_Page):
    items: tuple[_Correction, ...]


P = TypeVar("P", bound=_Page)


class HttpLedgers:
    """Asks each service at its address; in one process all addresses are its own."""

    def __init__(self, http: httpx2.AsyncClient, token: SecretStr, origins: Mapping[str, str]) -> None:
        """`origins`: where `bridge`, `issuer` and every other service answers."""
        self._http = http
        self._token = token
        self._origins = dict(origins)

    async def intake(self, since: datetime | None) -> Intake:
        """What the bridge accepted since then."""
        accepted: list[Accepted] = []
        duplicates = turned_away = 0
        async for page in self._pages("bridge", COMPLETIONS, _Completions, _since(since)):
            accepted += page.items
            # The same on every page: the last one is the newest.
            duplicates, turned_away = page.duplicates, page.turned_away
        return Intake(accepted=tuple(accepted), duplicates=duplicates, turned_away=turned_away)

    async def decided(self, since: datetime | None) -> tuple[Decided, ...]:
        """What the issuer decided since then."""
        return tuple(
            [
                Decided.model_validate({**line.model_dump(), "state": _OUTCOMES[line.state]})
                async for page in self._pages("issuer", OUTCOMES, _Outcomes, _since(since))
                for line in page.items
                if line.state in _OUTCOMES
            ]
        )

    async def parked(self) -> tuple[Parked, ...]:
        """What any service set aside. Each address once: it shows what all services there have."""
        whose = {origin: service for service, origin in reversed(self._origins.items())}
        return tuple(
            [
                message
                for service in whose.values()
                async for page in self._pages(service, PARKED, _Messages, {})
                for message in page.items
            ]
        )

    async def reviews(self, limit: int) -> tuple[Review, ...]:
        """Which corrections wait for somebody, as the issuer lists them."""
        page = await self._page("issuer", CORRECTIONS, _Corrections, {"limit": str(limit)})
        return page.items

    async def _pages(self, service: str, path: str, kind: type[P], params: Mapping[str, str]) -> AsyncIterator[P]:
        after: str | None = None
        while True:
            page = await self._page(service, path, kind, {**params, **({"after": after} if after else {})})
            yield page
            if page.next is None:
                return
            after = page.next

    async def _page(self, service: str, path: str, kind: type[P], params: Mapping[str, str]) -> P:
        try:
            answer = await self._http.get(
                f"{self._origins[service]}{path}",
                params=dict(params),
                headers={"authorization": f"Bearer {self._token.get_secret_value()}", "accept": "application/json"},
            )
        except httpx2.TransportError as error:
            raise Unavailable(f"the {service} does not answer ({type(error).__name__})") from error
        if answer.status_code != HTTPStatus.OK:
            raise Unavailable(f"the {service} answered {answer.status_code} when asked for {path}")
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as error:
            raise Unavailable(f"the {service} answered something else than a ledger at {path}") from error


def _since(since: datetime | None) -> dict[str, str]:
    return {} if since is None else {"since": instant_text(since)}
