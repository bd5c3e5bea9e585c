"""What happens in a storm, and when: made of a seed and nothing else, so that a storm that did harm comes again.

A new fault is a row of `FAULTS`; a new place to live in is a row of `WORLDS`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a fault can befall."""

    HOUSE = "house"
    """Every service and the event log in one process."""
    BRIDGE = "bridge"
    ISSUER = "issuer"
    VISITOR = "visitor"
    """One more issuer, which is not there but for a fault."""
    BROKER = "broker"
    DATABASE = "database"
    """What lies between a process and its database."""


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL; it is started again when the fault is over."""


@dataclass(frozen=True, slots=True)
class DieAt:
    """Started anew so that it kills itself in passing a point of its own code (`chassis.failpoints`)."""

    point: str
    latest: int
    """At the latest when it passes it for this time."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """SIGSTOP: others take it for dead, and it wakes up in the middle of what it was doing."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Connections break, and there are no new ones."""


@dataclass(frozen=True, slots=True)
class Slow:
    """Whatever passes is late by this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Skew:
    """Its clock is this many seconds ahead, from one moment to the next, and then right again."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Visit:
    """It comes, takes its share of the work, and goes."""


Deed = Kill | DieAt | Freeze | Cut | Slow | Skew | Visit


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    deed: Deed
    befalls: frozenset[Role]
    lasts: tuple[float, float]
    """Seconds, from and to."""


_SERVICES = frozenset({Role.BRIDGE, Role.ISSUER, Role.HOUSE})
_BRIDGES = frozenset({Role.BRIDGE, Role.HOUSE})
_ISSUERS = frozenset({Role.ISSUER, Role.HOUSE})
_AT_ONCE = (0.0, 0.5)

FAULTS = (
    Fault("killed", Kill(), _SERVICES, (0.0, 3.0)),
    Fault("bridge dies before it writes", DieAt("bridge.before-write", 60), _BRIDGES, _AT_ONCE),
    Fault("bridge dies between write and answer", DieAt("bridge.after-write", 60), _BRIDGES, _AT_ONCE),
    Fault("bridge dies when it has told", DieAt("bridge.after-publish", 20), _BRIDGES, _AT_ONCE),
    Fault("issuer dies before it writes", DieAt("issuer.before-write", 60), _ISSUERS, _AT_ONCE),
    Fault("issuer dies between write and commit", DieAt("issuer.after-write", 60), _ISSUERS, _AT_ONCE),
    Fault("issuer dies when it has told", DieAt("issuer.after-publish", 10), _ISSUERS, _AT_ONCE),
    Fault("frozen until its session is over", Freeze(), frozenset({Role.ISSUER}), (11.0, 13.0)),
    Fault("frozen for a moment", Freeze(), _SERVICES, (0.5, 3.0)),
    Fault("clock ten minutes ahead", Skew(600), _SERVICES, (2.0, 6.0)),
    Fault("clock ten minutes behind", Skew(-600), _SERVICES, (2.0, 6.0)),
    Fault("broker killed", Kill(), frozenset({Role.BROKER}), (1.0, 8.0)),
    Fault("cut off from the database", Cut(), frozenset({Role.DATABASE}), (0.5, 6.0)),
    Fault("database slow", Slow(0.05), frozenset({Role.DATABASE}), (2.0, 6.0)),
    Fault("replica comes and goes", Visit(), frozenset({Role.VISITOR}), (6.0, 10.0)),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """What one fault at a time befalls: of several targets never two at once."""

    role: Role
    targets: tuple[str, ...]
    pause: tuple[float, float] = (1.0, 5.0)
    """Seconds between two faults, from and to."""


@dataclass(frozen=True, slots=True)
class World:
    """Where the services live, and what can go wrong there."""

    name: str
    lanes: tuple[Lane, ...]
    kafka: bool = True
    """False: the broker inside the house, whose memory dies with it."""
    mongo: bool = False
    bears: float = 1.0
    """Which share of a storm's completions it can take in the time."""


_BROKERS = Lane(Role.BROKER, ("broker-1", "broker-2", "broker-3"), pause=(5.0, 12.0))

WORLDS = {
    world.name: world
    for world in (
        World("embedded", (Lane(Role.HOUSE, ("house",)),), kafka=False),
        World(
            "kafka",
            (
                Lane(Role.BRIDGE, ("bridge",)),
                Lane(Role.ISSUER, ("issuer-1",)),
                Lane(Role.ISSUER, ("issuer-2",)),
                Lane(Role.VISITOR, ("issuer-3",)),
                _BROKERS,
            ),
        ),
        # One issuer: FerretDB's guarded updates are not atomic between connections, so what two replicas promise each
        # other cannot be shown on it. It also searches without indexes, over one connection per database.
        World(
            "mongo",
            (
                Lane(Role.BRIDGE, ("bridge",)),
                Lane(Role.ISSUER, ("issuer-1",)),
                Lane(Role.DATABASE, ("bridge", "issuer-1")),
                _BROKERS,
            ),
            mongo=True,
            bears=0.2,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a storm it is."""

    name: str
    completions: int
    seconds: float
    """In which the completions come and faults begin."""


SIZES = {size.name: size for size in (Size("full", 600, 20.0), Size("short", 300, 10.0))}


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault befalls a target."""

    at: float
    """Seconds after the storm began."""
    target: str
    fault: Fault
    lasts: float
    passages: int = 0
    """Where it dies at a failpoint: at which passage."""

    def __str__(self) -> str:
        passage = f", at passage {self.passages}" if self.passages else ""
        return f"{self.at:6.2f} s  {self.target:<9} {self.fault.name}{passage}, for {self.lasts:.2f} s"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that goes wrong in one storm: lane by lane, one thing after the other."""

    world: World
    size: Size
    seed: int
    lanes: tuple[tuple[Strike, ...], ...]

    @property
    def completions(self) -> int:
        """How many are sent."""
        return int(self.size.completions * self.world.bears)

    @property
    def strikes(self) -> list[Strike]:
        """All of them, in time."""
        return sorted((strike for lane in self.lanes for strike in lane), key=lambda strike: strike.at)

    def __str__(self) -> str:
        again = f"make chaos SEED={self.seed} WORLD={self.world.name} SIZE={self.size.name}"
        return "\n".join([f"The storm of `{again}`:", *map(str, self.strikes)])


def schedule(world: World, size: Size, seed: int) -> Schedule:
    """The storm of this seed: always the same."""
    chance = random.Random(f"{world.name} {size.name} {seed}")
    return Schedule(world, size, seed, tuple(tuple(_lane(lane, size.seconds, chance)) for lane in world.lanes))


def _lane(lane: Lane, seconds: float, chance: random.Random) -> Iterator[Strike]:
    fitting = [fault for fault in FAULTS if lane.role in fault.befalls]
    at = chance.uniform(0, lane.pause[0])
    while at < seconds:
        fault = chance.choice(fitting)
        passages = chance.randint(1, fault.deed.latest) if isinstance(fault.deed, DieAt) else 0
        strike = Strike(at, chance.choice(lane.targets), fault, chance.uniform(*fault.lasts), passages)
        yield strike
        at += strike.lasts + chance.uniform(*lane.pause)
