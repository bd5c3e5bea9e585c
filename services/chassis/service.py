"""What an app is to the process it runs in, and what the process gives it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from fastapi import APIRouter

from chassis.access import AccessTokens
from chassis.claims import Claims
from chassis.documents import Documents, documents_for
from chassis.health import Check
from chassis.identity import Identity
from chassis.running import Running, Step
from chassis.secrets import MasterKey
from chassis.settings import Settings
from chassis.telemetry import Telemetry
from chassis.vault import Vault
from chassis.web import Pages


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Service:
    """An app, wired: what it answers, hears and does. `chassis.host` runs it."""

    name: str
    routers: tuple[APIRouter, ...] = ()
    listeners: tuple[Running, ...] = ()
    loops: tuple[Step, ...] = ()
    """Run for as long as the process does; begun again when they fail."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """What `/readyz` asks: raises what is wrong."""
    on_start: tuple[Step, ...] = ()
    """Open stores; before anything is heard."""
    on_stop: tuple[Step, ...] = ()
    """Close them; after everything else has ended."""


@dataclass(frozen=True)
class Chassis:
    """What a process has, made once. Apps take what they need and hand it on as arguments."""

    settings: Settings
    clock: Callable[[], datetime]
    master: MasterKey
    identity: Identity
    vault: Vault
    access: AccessTokens
    claims: Claims
    pages: Pages
    telemetry: Telemetry
    stores: tuple[Documents, ...]
    """The chassis' own: the vault's and the tokens'."""

    @classmethod
    async def assemble(cls, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Self:
        """Everything, from the settings. Raises `NoMasterKey`, or `WrongMasterKey` for data of another key."""
        settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        master = MasterKey.load(settings)
        vault, access = documents_for(settings, "vault"), documents_for(settings, "access")
        await vault.open()
        await access.open()
        identity = await Identity.load(vault, master)
        return cls(
            settings=settings,
            clock=clock,
            master=master,
            identity=identity,
            vault=Vault(vault, master),
            access=AccessTokens(access, bootstrap=settings.admin_token, clock=clock),
            claims=Claims(identity),
            pages=Pages(settings),
            telemetry=Telemetry.start(settings),
            stores=(vault, access),
        )

    def documents(self, name: str) -> Documents:
        """A service's own database, not open yet."""
        return documents_for(self.settings, name)

    @property
    def checks(self) -> Mapping[str, Check]:
        """What `/readyz` asks of the chassis itself."""
        return {"vault": self.stores[0].ping, "access": self.stores[1].ping}

    async def open(self) -> None:
        """Begin; the stores are open since `assemble`."""
        for store in self.stores:
            await store.open()

    async def close(self) -> None:
        """Let go of everything, and send what telemetry still has to send."""
        for store in self.stores:
            await store.close()
        await asyncio.to_thread(self.telemetry.stop)
