"""The monitor hears everything."""

from __future__ import annotations

from chassis.broker import Listener
from monitor.handlers import SeeEvents
from schemas.events import CURRENT, Event


def listen(listener: Listener, see: SeeEvents) -> None:
    """Have every event seen."""
    for kind in CURRENT:

        @listener.on(kind, group=f"monitor.{kind.topic.removeprefix('laurel.').replace('.', '-')}")
        async def on_events(events: list[Event]) -> None:
            """See what passed by."""
            await see(events)
