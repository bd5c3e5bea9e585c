"""An installation in a world of the storm: its processes, what keeps them up, and what can be done to them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from pymongo.uri_parser import parse_uri

from chassis.clock import VARIABLE as CLOCK
from chassis.failpoints import VARIABLE as FAILPOINT
from laurel.house import APPS
from tests.chaos.plan import Cut, DieAt, Freeze, Kill, Schedule, Skew, Slow, Strike, Visit
from tests.chaos.proxy import Proxy
from tests.e2e.houses import House, free_port, wait_for
from tests.servers.kafka import Cluster, KafkaServer

SETTINGS = {
    "LAUREL_BRIDGE_REPUBLISH_AFTER": "PT5S",
    "LAUREL_BRIDGE_SWEEP": "PT2S",
    "LAUREL_ISSUER_SWEEP": "PT2S",
    "LAUREL_ISSUER_LEASE": "50",
}
"""What has to happen within a storm; and leases that are taken over and run out."""
LOOK = 0.1
"""Seconds between two looks at whether a process died."""
READY = 120.0
"""Seconds in which a process is ready, if need be at a second attempt, on a machine that others use as well."""
VISITOR = "issuer-3"


class Installation:
    """The processes of a world. Whoever dies unasked is started again, as a supervisor in production does it."""

    def __init__(
        self, houses: Mapping[str, House], brokers: Mapping[str, KafkaServer], clocks: Mapping[str, Path]
    ) -> None:
        self.houses = dict(houses)
        self.brokers = dict(brokers)
        self.proxies: dict[str, Proxy] = {}
        self._clocks = dict(clocks)
        self._to_be_up = set(houses) - {VISITOR}

    def room(self, name: str) -> House:
        """The process in which a service is spoken to; of several issuers the first."""
        return next(house for house in self.houses.values() if not house.services or name in house.services)

    def has(self, name: str) -> bool:
        """Whether it is ours to do something to: a broker that was found is not."""
        return name in self.houses or name in self.brokers

    @property
    def resident(self) -> dict[str, House]:
        """All but the visitor."""
        return {name: house for name, house in self.houses.items() if name != VISITOR}

    @asynccontextmanager
    async def supervised(self) -> AsyncIterator[None]:
        """Start everything; within the block, start again what dies."""
        for house in self.resident.values():
            house.start()
        supervising = asyncio.create_task(self._supervise())
        try:
            yield
        finally:
            supervising.cancel()

    async def _supervise(self) -> None:
        while True:
            for name in self._to_be_up:
                if self.houses[name].died:
                    self.houses[name].start()
            await asyncio.sleep(LOOK)

    async def until_ready(self) -> None:
        """Returns when every process that should be there is ready, whether or not it died on the way."""
        for name, house in self.resident.items():
            what = f"{name} to be ready: see {house.log}"
            await asyncio.to_thread(wait_for, partial(_is_ready, house), what, seconds=READY, pause=LOOK)

    def down(self, name: str) -> None:
        """SIGKILL, and not started again for now."""
        if name in self.brokers:
            self.brokers[name].kill()
        else:
            self._to_be_up.discard(name)
            self.houses[name].kill()

    async def up(self, name: str, **environment: str) -> None:
        """Start it; returns at once for a service, and when it answers for a broker: of those one is down at most."""
        if name in self.brokers:
            await asyncio.to_thread(self.brokers[name].start)
        else:
            self.houses[name].start(**environment)
            self._to_be_up.add(name)

    async def leave(self, name: str) -> None:
        """Ask a service to stop, and do not start it again."""
        self._to_be_up.discard(name)
        await asyncio.to_thread(self.houses[name].stop, signal.SIGTERM)

    def send(self, name: str, sent: signal.Signals) -> None:
        """Send a signal to a process that may have died meanwhile."""
        process = self.houses[name].process
        assert process is not None
        process.send_signal(sent)

    def skew(self, name: str, seconds: int) -> None:
        """Set its clock so many seconds ahead."""
        draft = self._clocks[name].with_suffix(".draft")
        draft.write_text(str(seconds))
        draft.replace(self._clocks[name])  # it may be read at any moment

    async def stop(self) -> dict[str, int]:
        """Ask all to stop; how each ended."""
        self._to_be_up.clear()
        codes = await asyncio.gather(
            *(asyncio.to_thread(house.stop, signal.SIGTERM) for house in self.resident.values())
        )
        return dict(zip(self.resident, codes, strict=True))

    def kill(self) -> None:
        """End everything, frozen or not."""
        self._to_be_up.clear()
        for house in self.houses.values():
            house.kill()


@asynccontextmanager
async def installation(
    schedule: Schedule, var: Path, *, cluster: Cluster | None, mongo: str | None
) -> AsyncIterator[Installation]:
    """The installation of a schedule's world, not started; gone afterwards, however the storm ends."""
    skewed = {strike.target for strike in schedule.strikes if isinstance(strike.fault.deed, Skew)}
    clocks = {name: var / f"clock-{name}" for name in skewed}
    names = ["house"] if cluster is None else _processes(schedule)
    ports = _free_ports(len(names))
    houses = {name: House(var, _services(name), port=port) for name, port in zip(names, ports, strict=True)}
    settings = dict(SETTINGS)
    if cluster is not None:
        settings["LAUREL_KAFKA"] = cluster.bootstrap
        settings |= {f"LAUREL_{app.upper()}_URL": _first(houses, app).url for app in APPS}
    servers = {f"broker-{number}": server for number, server in enumerate(cluster.servers if cluster else (), 1)}
    async with AsyncExitStack() as stack:
        made = Installation(houses, servers, clocks)
        for name in clocks:
            made.skew(name, 0)
        for name, house in houses.items():
            stores: dict[str, str] = {}
            if mongo is not None:
                server, port = parse_uri(mongo)["nodelist"][0]
                proxy = made.proxies[name] = await stack.enter_async_context(Proxy(server, port))
                stores["LAUREL_MONGO"] = mongo.replace(f"{server}:{port}", proxy.address)
            clock = {CLOCK: str(clocks[name])} if name in clocks else {}
            house.environment = {**settings, **stores, **clock}
        try:
            yield made
        finally:
            made.kill()


@asynccontextmanager
async def befallen(strike: Strike, made: Installation) -> AsyncIterator[None]:
    """The fault is there within the block, and over afterwards."""
    target = strike.target
    match strike.fault.deed:
        case Kill():
            made.down(target)
            yield
            await made.up(target)
        case DieAt(point=point):
            made.down(target)
            await made.up(target, **{FAILPOINT: f"{point}:{strike.passages}"})
            yield
        case Freeze():
            made.send(target, signal.SIGSTOP)
            yield
            made.send(target, signal.SIGCONT)
        case Cut():
            made.proxies[target].cut()
            yield
            made.proxies[target].mend()
        case Slow(seconds=seconds):
            made.proxies[target].slow(seconds)
            yield
            made.proxies[target].mend()
        case Skew(seconds=seconds):
            made.skew(target, seconds)
            yield
            made.skew(target, 0)
        case Visit():
            await made.up(target)
            yield
            await made.leave(target)


def _is_ready(house: House) -> bool:
    return house.is_ready


def _processes(schedule: Schedule) -> list[str]:
    """One per service, and the issuers that the world has lanes for."""
    issuers = {target for lane in schedule.world.lanes for target in lane.targets if target.startswith("issuer-")}
    return ["bridge", *sorted(issuers), *(app for app in APPS if app not in {"bridge", "issuer"})]


def _services(name: str) -> tuple[str, ...]:
    return () if name == "house" else (name.partition("-")[0],)


def _first(houses: Mapping[str, House], app: str) -> House:
    return next(house for house in houses.values() if app in house.services)


def _free_ports(count: int) -> list[int]:
    ports: dict[int, None] = {}
    while len(ports) < count:
        ports[free_port()] = None
    return list(ports)
