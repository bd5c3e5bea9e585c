"""What an app is to the process it runs in, and what the process gives it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from fastapi import APIRouter
from pydantic import SecretStr

from chassis.access import AccessTokens, service_token
from chassis.broker import EventLog, Listener, Publisher, event_log
from chassis.claims import Claims
from chassis.clock import utc_now
from chassis.documents import Collection, Documents, documents_for
from chassis.health import Check
from chassis.identity import Identity
from chassis.knobs import usable
from chassis.outbox import Announcement, Outbox
from chassis.parking.store import Parking
from chassis.running import Step
from chassis.secrets import MasterKey
from chassis.settings import Settings
from chassis.telemetry import Telemetry
from chassis.tls import check_certificate
from chassis.topics import load_topics
from chassis.vault import Vault
from chassis.web import Pages


@dataclass(frozen=True)
class Service:
    """An app, wired: what it answers, hears and does. `chassis.host` runs it."""

    name: str
    routers: tuple[APIRouter, ...] = ()
    busiest: tuple[APIRouter, ...] = ()
    """Asked thousands of times a second, so they are looked for before any others."""
    listeners: tuple[Listener, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    """What it can say again to a log that forgot."""
    outboxes: tuple[Outbox, ...] = ()
    """Relayed for as long as the process runs, and asked by `/readyz`."""
    loops: tuple[Step, ...] = ()
    """Whatever else runs for as long as the process does; begun again when it fails."""
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
    log: EventLog
    publisher: Publisher
    stores: tuple[Documents, ...]
    """The chassis' own: the vault's and the tokens'."""

    @classmethod
    async def assemble(cls, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Self:
        """Everything, from the settings. Raises `Misconfigured`, or `WrongMasterKey` for data of another key."""
        check_certificate(settings)
        with usable("LAUREL_VAR", settings.var):
            settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
            master = MasterKey.load(settings)
        vault, access = documents_for(settings, "vault"), documents_for(settings, "access")
        await vault.open()
        await access.open()
        identity = await Identity.load(vault, master)
        topics = load_topics(settings.topics, replication=settings.replication)
        log = event_log(settings.kafka, topics, evaluation=not settings.production)
        return cls(
            settings=settings,
            clock=clock,
            master=master,
            identity=identity,
            vault=Vault(vault, master),
            access=AccessTokens(access, bootstrap=settings.admin_token, service=service_token(identity), clock=clock),
            claims=Claims(identity),
            pages=Pages(settings),
            telemetry=Telemetry.start(settings),
            log=log,
            publisher=Publisher(log),
            stores=(vault, access),
        )

    @property
    def service_token(self) -> SecretStr:
        """What this process shows to another of the same installation."""
        return service_token(self.identity)

    def documents(self, name: str) -> Documents:
        """A service's own database, not open yet."""
        return documents_for(self.settings, name)

    def listener(self, service: str, documents: Documents) -> Listener:
        """What a service hears; what it cannot handle is parked in its own database."""
        parking = Parking(service, documents, self.publisher, clock=self.clock, limit=self.settings.parking_limit)
        return Listener(service, self.log, parking, tracer=self.telemetry.tracer)

    def outbox(self, service: str, collections: Sequence[Collection[Any]]) -> Outbox:
        """What a service tells: the pending events of its collections. Hand it to `Service.outboxes`."""
        return Outbox(service, collections, self.publisher)

    @property
    def checks(self) -> Mapping[str, Check]:
        """What `/readyz` asks of the chassis itself."""
        vault, access = self.stores
        return {"vault": vault.ping, "access": access.ping, "kafka": self.publisher.ping}

    async def open(self) -> None:
        """Begin: the stores, which `assemble` opened already, and the log with its topics."""
        for store in self.stores:
            await store.open()
        await self.log.open()

    async def close(self) -> None:
        """Let go of everything, and send what telemetry still has to send."""
        await self.publisher.close()
        await self.log.close()
        for store in self.stores:
            await store.close()
        await asyncio.to_thread(self.telemetry.stop)
