"""A real browser that notes everything it complains of, and axe-core to look at what it shows."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request

from tests.servers.report import missing

FOLDER = Path(__file__).parent
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")
PATIENCE_SECONDS = 60
"""A page without scripts would never answer."""
LEFT_THE_PAGE = "net::ERR_ABORTED"
"""How a request ends that was still under way when the visitor went on: the icon, which no page waits for."""
GRAVE = {"serious", "critical"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_source() -> str:
    """axe-core as the lock file names it; installed at the first need."""
    if not AXE.exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, timeout=300, env=os.environ)
        except (OSError, subprocess.SubprocessError) as error:
            missing("axe-core", f"npm could not install it ({type(error).__name__})")
    return AXE.read_text(encoding="utf-8")


@dataclass
class Visitor:
    """Somebody with a browser."""

    context: BrowserContext
    page: Page
    base_url: str
    complaints: list[str] = field(default_factory=list)
    """What the browser wrote on its console or could not run: a CSP violation is written there too."""

    @classmethod
    async def enter(cls, context: BrowserContext, base_url: str) -> Visitor:
        """A new visitor with an empty browser."""
        visitor = cls(context, await context.new_page(), base_url)
        visitor.page.on("console", visitor._said)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"error: {error}"))
        visitor.page.on("requestfailed", visitor._missed)
        return visitor

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _missed(self, request: Request) -> None:
        if request.failure != LEFT_THE_PAGE:
            self.complaints.append(f"not loaded: {request.url} ({request.failure})")

    async def visit(self, path: str) -> int:
        """Open a page of the house; its status."""
        answer = await self.page.goto(f"{self.base_url}{path}")
        assert answer is not None
        return answer.status

    async def barriers(self) -> list[str]:
        """What axe-core finds serious or critical on the page, as `rule: element`."""
        # By the debugger's own door, which the page's policy does not guard: the policy stays as users have it.
        options = json.dumps({"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
        run = {"expression": f"axe.run(document, {options})", "awaitPromise": True, "returnByValue": True}
        async with asyncio.timeout(PATIENCE_SECONDS):
            session = await self.context.new_cdp_session(self.page)
            await session.send("Runtime.evaluate", {"expression": axe_source() + ";0"})
            found = await session.send("Runtime.evaluate", run)
        result: dict[str, Any] = found["result"].get("value") or {}
        assert "violations" in result, found
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in result["violations"]
            if violation["impact"] in GRAVE
            for node in violation["nodes"]
        ]
