"""Verify one credential after the other, ten thousand of them if need be."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable
from datetime import datetime
from typing import Final

from schemas.values import JsonObject
from verifier.domain.report import Report
from verifier.handlers.verifying import VerifyCredential
from verifier.handlers.working import together

AT_ONCE: Final = 8
"""Verified side by side, so that one whose issuer is slow to answer holds up seven others and not all."""

Numbered = tuple[int, str | bytes | JsonObject]
"""What was handed in, and at which place."""


class VerifyMany:
    """The whole question, of many credentials: each has its own answer, whatever becomes of the others."""

    def __init__(self, verify: VerifyCredential, clock: Callable[[], datetime]) -> None:
        self._verify = verify
        self._clock = clock

    async def __call__(self, submissions: AsyncIterable[Numbered]) -> AsyncIterator[tuple[int, Report]]:
        """The reports in the order of what was handed in, as they are ready; no more is held than is under way."""
        batch: list[Numbered] = []
        async for numbered in submissions:
            batch.append(numbered)
            if len(batch) == AT_ONCE:
                for answer in await self._answers(batch):
                    yield answer
                batch.clear()
        for answer in await self._answers(batch):
            yield answer

    async def _answers(self, batch: list[Numbered]) -> list[tuple[int, Report]]:
        reports = await together([self._verify(submission, at=self._clock()) for _, submission in batch])
        return [(number, report) for (number, _), report in zip(batch, reports, strict=True)]
