"""The whole house in one process, or a part of it: the only place that composes apps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import anyio
from anyio import to_thread
from fastapi import FastAPI

import catalogue.app
import issuer.app
import monitor.app
import moodle_bridge.app
import verifier.app
from chassis.access import AccessTokens, Scope
from chassis.host import host
from chassis.secrets import write_once
from chassis.service import Chassis, Service
from chassis.settings import Settings
from schemas.faults import NotFound

APPS: dict[str, Callable[[Chassis], Awaitable[Service]]] = {
    "bridge": moodle_bridge.app.create_app,
    "issuer": issuer.app.create_app,
    "verifier": verifier.app.create_app,
    "catalogue": catalogue.app.create_app,
    "monitor": monitor.app.create_app,
}


async def build(settings: Settings, names: Iterable[str] = ()) -> tuple[Chassis, FastAPI]:
    """These services, or all of them, behind one HTTP application."""
    wanted = tuple(names) or tuple(APPS)
    unknown = [name for name in wanted if name not in APPS]
    if unknown:
        raise NotFound(f"there is no service {unknown[0]!r}; there are: {', '.join(APPS)}")
    chassis = await Chassis.assemble(settings)
    return chassis, host(chassis, *[await APPS[name](chassis) for name in wanted])


async def keep_token(access: AccessTokens, scope: Scope, file: anyio.Path) -> str:
    """The token in this file, made at the first start, readable by its owner alone.

    Processes of one installation may start at once in one folder: all of them give the same.
    """
    if await file.exists():
        return (await file.read_text()).strip()
    principal, token = await access.issue(scope=scope, label=f"{scope} of this installation")
    kept = (await to_thread.run_sync(write_once, Path(file), f"{token}\n".encode())).decode().strip()
    if kept != token:
        await access.withdraw(principal.id)
    return kept
