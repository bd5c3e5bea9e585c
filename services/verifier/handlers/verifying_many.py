"""Verify one credential after the other, ten thousand of them if need be."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable
from datetime import datetime
from typing import Final

import structlog

from schemas.values import JsonObject
from verifier.domain.report import Report
from verifier.handlers.verifying import VerifyCredential
from verifier.handlers.working import together

AT_ONCE: Final = 8
"""Verified side by side, so that one whose issuer is slow to answer holds up seven others and not all."""

Numbered = tuple[int, str | bytes | JsonObject]
"""What was handed in, and at which place."""

_log = structlog.get_logger(__name__)


class VerifyMany:
    """The whole question, of many credentials: each has its own answer, whatever becomes of the others."""

    def __init__(self, verify: VerifyCredential, clock: Callable[[], datetime]) -> None:
        self._verify = verify
        self._clock = clock

    async def __call__(self, submissions: AsyncIterable[Numbered]) -> AsyncIterator[tuple[int, Report | None]]:
        """The reports in the order of what was handed in, as they are ready; no more is held than is under way.

        None is for one that ended in an accident of ours, which is logged.
        """
        batch: list[Numbered] = []
        async for numbered in submissions:
            batch.append(numbered)
            if len(batch) == AT_ONCE:
                for answer in await self._answers(batch):
                    yield answer
                batch.clear()
        for answer in await self._answers(batch):
            yield answer

    async def _answers(self, batch: list[Numbered]) -> list[tuple[int, Report | None]]:
        reports = await together([self._answer(submission) for _, submission in batch])
        return [(number, report) for (number, _), report in zip(batch, reports, strict=True)]

    async def _answer(self, submission: str | bytes | JsonObject) -> Report | None:
        try:
            return await self._verify(submission, at=self._clock())
        except Exception as error:  # noqa: BLE001 whatever it is, the others have their answers
            _log.error("unexpected", exc_info=error)
            return None
