"""What a batch of completions asks of a database that speaks MongoDB's protocol: every command, as it goes out."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from rich.table import Table

from chassis.documents import mongo
from chassis.documents.mongo import MongoDocuments
from chassis.outbox import PORTION
from issuer.ports import OUTCOMES
from tests.builders import an_offering
from tests.servers.mongo import mongo_server
from tests.unit.issuer.workshop import Workshop

SIZES = (10, 100, 500)
"""Completions in a batch; the last is as many as a listener takes at once."""
LEASE = 1000
CLEARED = 10
"""One command clears what was told; FerretDB reads the whole collection for each write in it, so it is given few."""

Commands = Mapping[str, int]
"""How often each was sent, as `find outcomes`."""


class Sent(CommandListener):
    """Counts what goes out."""

    def __init__(self) -> None:
        self.commands = Counter[str]()

    def started(self, event: CommandStartedEvent) -> None:
        """A command is on its way."""
        collection = event.command.get("collection") if event.command_name == "getMore" else None
        self.commands[f"{event.command_name} {collection or event.command[event.command_name]}"] += 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It was answered."""

    def failed(self, event: CommandFailedEvent) -> None:
        """It was refused."""


async def round_trips(url: str, size: int) -> Commands:
    """Of an issuer that runs already: a batch of so many new learners' completions, from reading to telling them."""
    name, sent = f"laurel_test_{uuid4().hex}", Sent()
    with patch.object(mongo, "AsyncIOMotorClient", partial(AsyncIOMotorClient, event_listeners=[sent])):
        bridge, issuer = (Workshop(MongoDocuments(url, name), lease=LEASE, name=each) for each in ("bridge", "issuer"))
        try:
            await bridge.open(an_offering())
            await issuer.documents.open()
            learners = [bridge.identity.learner("uex-moodle", str(number)) for number in range(size + 1)]
            await bridge.vault.seal_many([(learner, b"") for learner in learners])
            first, *batch = [await bridge.completed(number) for number in range(size + 1)]
            await issuer.issue([first])
            await _tell(issuer)
            sent.commands.clear()
            await issuer.issue(batch)
            await _tell(issuer)
            return dict(sent.commands)
        finally:
            await bridge.documents.close()
            await issuer.documents.close()
            client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(url)
            await client.drop_database(name)
            client.close()


async def _tell(issuer: Workshop) -> None:
    """As the relay does, but for how many it clears."""
    outcomes = issuer.documents.collection(OUTCOMES)
    pending = await outcomes.with_pending(PORTION)
    await outcomes.clear_pending(pending[:CLEARED])


def round_trips_of_sizes(sizes: Sequence[int] = SIZES) -> dict[int, Commands]:
    """The same, of several sizes, on a server of its own where none was found."""
    with tempfile.TemporaryDirectory() as folder, mongo_server(Path(folder)) as url:
        return {size: asyncio.run(round_trips(url, size)) for size in sizes}


def round_trips_table(counted: Mapping[int, Commands]) -> Table:
    """A row for each command, a column for each size."""
    table = Table(
        "command",
        *(f"{size:,} completions" for size in counted),
        title="Round trips to a database that speaks MongoDB's protocol, for one batch",
    )
    for command in sorted({command for commands in counted.values() for command in commands}):
        table.add_row(command, *(str(commands.get(command, 0)) for commands in counted.values()))
    table.add_row("all", *(str(sum(commands.values())) for commands in counted.values()))
    return table
