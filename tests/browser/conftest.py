"""A browser, and a house to look at."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, async_playwright

from catalogue.app import create_app as create_catalogue
from chassis.access import Scope
from chassis.host import host, server
from chassis.service import Chassis, Service
from chassis.settings import Settings
from issuer.app import create_app as create_issuer
from monitor.app import create_app as create_monitor
from tests.browser.browsing import ARGUMENTS, Visitor
from tests.component.monitor.house import ToldLedgers
from tests.servers.report import found, missing
from verifier.app import create_app as create_verifier


@dataclass(frozen=True)
class House:
    """A running house."""

    chassis: Chassis
    url: str
    operator: str
    """An operator's token."""


@asynccontextmanager
async def serving(chassis: Chassis, app: FastAPI) -> AsyncIterator[None]:
    running = server(chassis, app)
    task = asyncio.create_task(running.serve())
    await running.up.wait()
    try:
        yield
    finally:
        running.should_exit = True
        await task


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def ledgers() -> ToldLedgers:
    return ToldLedgers()


@pytest.fixture
def further_services() -> tuple[Service, ...]:
    """What a test adds to the house."""
    return ()


@pytest.fixture
async def house(tmp_path: Path, ledgers: ToldLedgers, further_services: tuple[Service, ...]) -> AsyncIterator[House]:
    port = a_free_port()
    url = f"http://localhost:{port}"
    chassis = await Chassis.assemble(Settings(var=tmp_path / "var", port=port, base_url=url, stop_seconds=5))
    app = host(
        chassis,
        await create_issuer(chassis),
        await create_verifier(chassis),
        await create_catalogue(chassis),
        await create_monitor(chassis, ledgers=ledgers),
        *further_services,
    )
    async with serving(chassis, app):
        _, operator = await chassis.access.issue(scope=Scope.OPERATOR, label="of the test")
        yield House(chassis, url, operator)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        missing("Chromium", "it is not installed")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        found("Chromium", running.version)
        yield running
        await running.close()


@pytest.fixture
async def visitor(browser: Browser, house: House) -> AsyncIterator[Visitor]:
    context = await browser.new_context()
    yield await Visitor.enter(context, house.url)
    await context.close()
