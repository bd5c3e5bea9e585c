"""When platforms were last heard of, kept in memory and written once a second, as tallies are.

A process that is killed forgets up to the last second; of several, the one that wrote last is believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from moodle_bridge.ports import Contact, ContactStore


class StoredContacts:
    """A document per platform."""

    def __init__(self, store: ContactStore) -> None:
        self._store = store
        self._fresh: dict[str, Contact] = {}

    def note(self, platform: str, at: datetime, ahead: float | None) -> None:
        """It was heard of, with its clock so many seconds ahead of ours where it told its time."""
        self._fresh[platform] = Contact(id=platform, at=at, ahead=ahead)

    async def flush(self) -> None:
        """Write what was noted since the last time. What cannot be written is kept for the next time."""
        fresh, self._fresh = self._fresh, {}
        try:
            await self._store.put_many(list(fresh.values()))
        except BaseException:
            self._fresh = {**fresh, **self._fresh}
            raise

    async def of(self, platforms: Sequence[str]) -> Mapping[str, Contact]:
        """By platform, of those that were ever heard of."""
        await self.flush()
        return await self._store.get_many(platforms)
