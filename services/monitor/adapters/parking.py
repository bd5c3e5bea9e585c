"""The services' parkings over HTTP, in the name of the operator who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from chassis.parking.views import AuditEntries, AuditEntry, Discard, DiscardReport, ParkedDetail, Replay, ReplayReport
from chassis.problems import as_fault
from monitor.adapters.ledgers import PARKED
from schemas.faults import NotFound, Unavailable

PATIENCE = 25.0
"""Seconds: a replay takes its time."""

V = TypeVar("V", bound=BaseModel)


class HttpParkingPlaces:
    """Asks each service at its address; in one process all addresses are its own."""

    def __init__(self, http: httpx2.AsyncClient, origins: Mapping[str, str]) -> None:
        """`origins`: where each service answers."""
        self._http = http
        self._origins = dict(origins)

    async def show(self, token: str, service: str, message: str) -> ParkedDetail:
        """One message in full."""
        return await self._ask("GET", token, service, f"/{service}/{message}", ParkedDetail)

    async def replay(self, token: str, wanted: Replay) -> ReplayReport:
        """What became of them, or would."""
        return await self._ask("POST", token, wanted.service, "/replays", ReplayReport, body=wanted)

    async def discard(self, token: str, wanted: Discard) -> DiscardReport:
        """Those that were given up."""
        return await self._ask("POST", token, wanted.service, "/discards", DiscardReport, body=wanted)

    async def audit(self, token: str) -> tuple[AuditEntry, ...]:
        """Who did what. Each address once: it tells of all services there."""
        whose = {origin: service for service, origin in self._origins.items()}
        entries: list[AuditEntry] = []
        for service in whose.values():
            after: str | None = ""
            while after is not None:
                page = await self._ask("GET", token, service, "/audit", AuditEntries, after=after)
                entries += page.items
                after = page.next
        return tuple(entries)

    async def _ask(  # noqa: PLR0913 a request has as many parts
        self,
        method: str,
        token: str,
        service: str,
        path: str,
        kind: type[V],
        *,
        body: BaseModel | None = None,
        **params: str,
    ) -> V:
        if service not in self._origins:
            raise NotFound(f"there is no service {service!r}; there are: {', '.join(self._origins)}")
        try:
            answer = await self._http.request(
                method,
                f"{self._origins[service]}{PARKED}{path}",
                params=params,
                json=body and body.model_dump(mode="json"),
                headers={"authorization": f"Bearer {token}", "accept": "application/json"},
                timeout=PATIENCE,
            )
        except httpx2.TransportError as error:
            raise Unavailable(f"the {service} does not answer ({type(error).__name__})") from error
        if answer.is_error:
            raise as_fault(answer.status_code, answer.content)
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as error:
            raise Unavailable(f"the {service} answered something else than what was asked for") from error
