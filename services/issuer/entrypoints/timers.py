"""What happens because time passes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from issuer.handlers import IssueCredentials


def overdue(issue: IssueCredentials, every: timedelta) -> Callable[[], Awaitable[None]]:
    """A loop that decides on what has waited long enough, until it is cancelled; whoever runs it begins it again."""

    async def decide_on_what_is_overdue() -> None:
        while True:
            await issue.reopen_overdue()
            await asyncio.sleep(every.total_seconds())

    return decide_on_what_is_overdue
