"""One storm, from the first process to the verdict."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.chaos.installation import Installation, befallen, installation
from tests.chaos.invariants import Sent, violations
from tests.chaos.load import Load, command
from tests.chaos.look import is_calm, look
from tests.chaos.plan import Schedule, Strike
from tests.e2e.campus import episode, found_university, passes
from tests.e2e.houses import environment, wait_for
from tests.servers.kafka import Cluster

CALM = 180.0
"""Seconds after a storm in which the last completion has its outcome, on a machine that others use as well."""
LOOK = 0.5
"""Seconds between two looks at whether it has."""

Say = Callable[[str], None]


async def storm(schedule: Schedule, folder: Path, *, cluster: Cluster | None, mongo: str | None, say: Say) -> list[str]:
    """What was wrong afterwards: nothing, it is hoped. `folder` is empty; the processes' logs stay in it."""
    began = time.monotonic()

    def told(what: str) -> None:
        say(f"{time.monotonic() - began:6.1f} s  {what}")

    var, evidence = folder / "var", folder / "evidence"
    var.mkdir()
    evidence.mkdir()
    bootstrap = cluster.bootstrap if cluster else None
    async with installation(schedule, var, cluster=cluster, mongo=mongo) as made, made.supervised():
        await made.until_ready()
        load = await _load(schedule, made, bootstrap)
        told("all are up")
        sending = asyncio.create_task(_sent(load))
        try:
            async with asyncio.TaskGroup() as lanes:
                for lane in schedule.lanes:
                    lanes.create_task(_befall(lane, made, told))
            told("the faults are over")
            sent = await sending
        finally:
            sending.cancel()
        told(f"{len(sent.accepted)} completions are accepted, and {len(sent.poison)} messages are poison")
        await made.until_ready()
        await asyncio.to_thread(wait_for, partial(is_calm, made), "the last in flight", seconds=CALM, pause=LOOK)
        told("nothing is in flight")
        seen = await asyncio.to_thread(look, made, evidence, bootstrap)
        exits = await made.stop()
        told("all is seen")
    return violations(sent, replace(seen, exits=exits))


async def _load(schedule: Schedule, made: Installation, bootstrap: str | None) -> Load:
    """What this storm's university will send: it is founded now."""
    issuer, catalogue, bridge = (made.room(name) for name in ("issuer", "catalogue", "bridge"))
    secret = await asyncio.to_thread(found_university, issuer=issuer, catalogue=catalogue, bridge=bridge)
    return Load(bridge.url, secret, schedule.seed, schedule.completions, schedule.size.seconds, bootstrap)


async def _befall(lane: Sequence[Strike], made: Installation, told: Say) -> None:
    began = asyncio.get_running_loop().time()
    for strike in filter(lambda strike: made.has(strike.target), lane):
        await asyncio.sleep(max(0.0, began + strike.at - asyncio.get_running_loop().time()))
        told(f"{strike.target}: {strike.fault.name}")
        async with befallen(strike, made):
            await asyncio.sleep(strike.lasts)
        told(f"{strike.target}: no longer {strike.fault.name}")


async def _sent(load: Load) -> Sent:
    process = await asyncio.create_subprocess_exec(*command(load), stdout=asyncio.subprocess.PIPE, env=environment())
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, f"the load ended with {process.returncode}"
    lines = [json.loads(line) for line in output.splitlines()]
    accepted: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line["kind"] == "accepted":
            accepted[line["episode"]].add(line["completion"])
    return Sent(
        accepted={episode: frozenset(ids) for episode, ids in accepted.items()},
        failed=frozenset(episode(number) for number in range(load.completions) if not passes(number)),
        turned_away=[line["what"] for line in lines if line["kind"] == "turned-away"],
        let_in=[line["what"] for line in lines if line["kind"] == "let-in"],
        poison=[line["reason"] for line in lines if line["kind"] == "poisoned"],
    )
