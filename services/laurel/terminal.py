"""How the command speaks: one console, one way to say a fault, one way to run a conversation with the house."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from laurel.client import House, house
from schemas.faults import Fault, Misconfigured

console = Console()
complaints = Console(stderr=True)
"""Both read markup: what a stranger may have written goes through `escape` first."""

T = TypeVar("T")


def complain(fault: Fault | Misconfigured) -> None:
    """Say a fault as a sentence, to whoever reads the errors."""
    complaints.print(f"[red]{type(fault).__name__}[/]: {escape(str(fault))}", highlight=False)


@contextmanager
def complaining(code: int = 1) -> Iterator[None]:
    """What goes wrong within is said as a sentence, and ends the command with this code."""
    try:
        yield
    except (Fault, Misconfigured) as fault:
        complain(fault)
        raise typer.Exit(code) from None


def ask(conversation: Callable[[House], Awaitable[T]]) -> T:
    """Have a conversation with the house; a fault is printed as a sentence and ends the command with code 1."""

    async def have() -> T:
        async with house() as host:
            return await conversation(host)

    with complaining():
        return asyncio.run(have())


def given(**options: str | None) -> dict[str, str]:
    """Those of a command's options that were given: what is asked for has these values."""
    return {name: value for name, value in options.items() if value is not None}


def say_json(value: object) -> None:
    """Print a value as JSON, for another program to read."""
    console.print_json(data=value)
