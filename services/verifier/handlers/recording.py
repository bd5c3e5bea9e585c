"""What this house itself says of the state of credentials."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.events import CredentialStatusChanged
from verifier.ports import KeptStates, KeptStatusLists


class RecordStatuses:
    """Keep why a credential was revoked, and that it was."""

    def __init__(self, states: KeptStates) -> None:
        self._states = states

    async def __call__(self, changed: Sequence[CredentialStatusChanged]) -> None:
        """Record the newest states, in whatever order they are told."""
        await self._states.record(changed)


class ForgetStatusLists:
    """Make what changed visible at once, without waiting for a kept list to age."""

    def __init__(self, status_lists: KeptStatusLists, states: KeptStates) -> None:
        self._status_lists = status_lists
        self._states = states

    async def __call__(self, changed: Sequence[CredentialStatusChanged]) -> None:
        """Let go of the lists in which something changed, and know what did."""
        self._states.hear(changed)
        for url in {place.list for event in changed for place in event.data.places}:
            self._status_lists.forget(url)
