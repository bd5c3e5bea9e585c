"""From one version of a fact to the next, one step at a time."""

from __future__ import annotations

from functools import singledispatch

from schemas.events.envelope import Event


@singledispatch
def successor(event: Event) -> Event | None:  # noqa: ARG001 the argument is what dispatch goes by
    """The same fact in the next version, or None when the event is current."""
    return None


def newest(event: Event) -> Event:
    """The same fact in its newest version."""
    while (later := successor(event)) is not None:
        event = later
    return event
