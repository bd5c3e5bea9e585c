"""Is it alive, and may it be given work? `/healthz` says the process answers, `/readyz` pings what it depends on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from chassis.logging import described

Check = Callable[[], Awaitable[None]]
"""Returns when all is well; raises what is wrong, a `Fault` with its reason."""

PATIENCE_SECONDS = 2.0
"""A dependency that does not answer within this is as good as down."""


class Health:
    """Asks every registered check, each time anew."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = dict(checks)
        self.unready: str | None = "starting"
        """Why no work should come yet or any more; None while the process runs."""

    async def _ask(self, check: Check) -> str:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await check()
        except TimeoutError:
            return f"no answer within {PATIENCE_SECONDS:g} s"
        except Exception as error:  # noqa: BLE001 whatever a check raises is its answer
            return described(error)
        return "ok"

    async def report(self) -> tuple[bool, dict[str, str]]:
        """Whether all is well, and each check's answer: `ok` or the reason."""
        answers = await asyncio.gather(*(self._ask(check) for check in self._checks.values()))
        found = dict(zip(self._checks, answers, strict=True))
        if self.unready is not None:
            found["process"] = self.unready
        return all(answer == "ok" for answer in found.values()), found

    def router(self) -> APIRouter:
        """`/healthz` and `/readyz`."""
        router = APIRouter(include_in_schema=False)
        fresh = {"cache-control": "no-store"}

        @router.api_route("/healthz", methods=["GET", "HEAD"])
        async def healthz() -> JSONResponse:
            return JSONResponse({"status": "alive"}, headers=fresh)

        @router.api_route("/readyz", methods=["GET", "HEAD"])
        async def readyz() -> JSONResponse:
            ready, checks = await self.report()
            status = "ready" if ready else "not-ready"
            return JSONResponse({"status": status, "checks": checks}, 200 if ready else 503, headers=fresh)

        return router
