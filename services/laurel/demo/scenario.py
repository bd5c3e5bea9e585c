"""The main job in front of the reader: learners pass, credentials are issued, an employer verifies.

Each act is one function; what was made is left as files that verify offline.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import orjson
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from credentials.dids import did_key
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_RDFC_2022
from laurel.client import House
from laurel.commands.account import account_table
from laurel.commands.offerings import publish_offering
from laurel.demo.moodle import LearningPlatform, Pupil, completion_body
from schemas.faults import Conflict, NotFound
from schemas.values import instant_text

ORGANISATION = {
    "id": "university-of-example",
    "legal_name": {"en": "University of Example", "de": "Universität Beispiel"},
    "country": "IRL",
    "region": "IE06",
    "homepage": "https://university.example",
}
PLATFORM = "moodle-of-example"

PUPILS = (
    Pupil("5", "Ana", "Andromeda", "en", "data-ethics", "85.00", passed=True),
    Pupil("6", "Benedikt", "Blum", "de", "battery-recycling", "72.50", passed=True),
    Pupil("7", "Chiara", "Conti", "en", "infection-prevention", "91.00", passed=True),
    Pupil("8", "Dario", "Dvorak", "en", "data-ethics", "31.00", passed=False),
)

PATIENCE = 60.0
"""Seconds the scenario waits for an outcome before it says that something is wrong."""


@dataclass
class Stage:
    """Where the scenario plays: the house, the console, the folder for its files."""

    house: House
    console: Console
    folder: Path
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def act(self, title: str) -> None:
        """Announce the next act."""
        self.console.rule(f"[bold]{title}", align="left", style="dim")

    def keep(self, name: str, document: object) -> Path:
        """Leave a document as a file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
        return path


@dataclass(frozen=True)
class Issued:
    """A credential of this run."""

    pupil: Pupil
    award: str
    claim: str
    credential: dict[str, Any]
    file: Path


async def play(stage: Stage) -> dict[str, Any]:
    """The whole main job. Returns the links worth opening."""
    await open_university(stage)
    await publish_offerings(stage)
    platform = await connect_platform(stage)
    completions = await deliver_completions(stage, platform)
    issued = await watch_issuing(stage, platform, completions)
    await verify_and_attack(stage, issued)
    await show_account(stage)
    return {"claim": issued[0].claim, "files": stage.folder, "did": issued[0].credential["issuer"]["id"]}


async def open_university(stage: Stage) -> None:
    """Register the organisation, which gets a signing key and a DID; a second run finds it."""
    stage.act("A university that awards micro-credentials")
    organisation = await stage.house.post("/api/v1/organisations", ORGANISATION)
    stage.console.print(f"{organisation['legal_name']['en']}: {organisation['did']}", highlight=False, soft_wrap=True)


async def publish_offerings(stage: Stage) -> None:
    """Publish three offerings; a second run finds them."""
    stage.act("Three offerings in the catalogue")
    for resource in sorted(files("laurel.demo").joinpath("offerings").iterdir(), key=lambda entry: entry.name):
        draft = orjson.loads(resource.read_bytes())
        try:
            offering = await publish_offering(stage.house, draft)
            stage.console.print(f"Published [bold]{offering['title']['en']}[/] ({offering['id']})")
        except Conflict:
            stage.console.print(f"Found [bold]{draft['title']['en']}[/] from an earlier run")


async def connect_platform(stage: Stage) -> LearningPlatform:
    """Register the learning platform; its secret is shown once, so it is kept for the next run."""
    kept = stage.folder / "platform" / "secret"
    if not kept.exists():
        body = {"id": PLATFORM, "organisation": ORGANISATION["id"]}
        answer = await stage.house.post("/api/v1/platforms", body)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(answer["secret"])
    return LearningPlatform(stage.house.http, PLATFORM, kept.read_text())


def _accepted(response: httpx2.Response) -> dict[str, Any]:
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer


async def deliver_completions(stage: Stage, platform: LearningPlatform) -> list[tuple[Pupil, str]]:
    """Deliver as the plugin does: three passes and a fail; one delivery twice; one with a wrong signature."""
    stage.act("Four learners finish their assessment in Moodle")
    now = datetime.now(UTC)
    run = f"{now:%Y%m%d%H%M%S}"
    first_body = stage.folder / "platform" / "first-delivery.json"
    if first_body.exists():
        again = _accepted(await platform.deliver(first_body.read_bytes(), now))
        stage.console.print(f"An episode of the first run, delivered again: recognised = {again['duplicate']}")
    completions = []
    for number, pupil in enumerate(PUPILS, 1):
        body = completion_body(pupil, f"{run}-{number}", now - timedelta(minutes=number))
        answer = _accepted(await platform.deliver(body, now))
        completions.append((pupil, answer["completion"]))
        stage.console.print(f"{pupil.name} {'passed' if pupil.passed else 'failed'} {pupil.offering}: accepted")
        if number == 1:
            again = _accepted(await platform.deliver(body, now))
            stage.console.print(f"  the same delivery once more: recognised = {again['duplicate']}")
            if not first_body.exists():
                first_body.write_bytes(body)
    forger = LearningPlatform(platform.http, platform.id, "whsec_" + "A" * 43 + "=")
    refused = await forger.deliver(completion_body(PUPILS[0], f"{run}-forged", now), now)
    stage.console.print(f"  a delivery with a wrong signature: {refused.status_code} {refused.json()['title']}")
    return completions


async def _outcomes(
    platform: LearningPlatform, completions: list[tuple[Pupil, str]]
) -> AsyncIterator[tuple[Pupil, dict[str, Any]]]:
    """Each completion with its outcome, as soon as it has one."""
    waiting = dict.fromkeys(completions)
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while waiting:
        for pupil, completion in tuple(waiting):
            outcome = await platform.outcome(completion, datetime.now(UTC))
            if outcome["state"] != "in-flight":
                del waiting[pupil, completion]
                yield pupil, outcome
        if waiting and asyncio.get_running_loop().time() > deadline:
            names = ", ".join(pupil.name for pupil, _ in waiting)
            raise NotFound(f"no outcome after {PATIENCE:.0f} s for {names}: see /readyz and the log")
        await asyncio.sleep(0.05)


async def watch_issuing(stage: Stage, platform: LearningPlatform, completions: list[tuple[Pupil, str]]) -> list[Issued]:
    """Show each credential as it is issued, claim it as its learner would, and keep the files."""
    stage.act("Credentials, as they are issued")
    issued = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=stage.console, transient=True) as progress:
        task = progress.add_task("outcomes", total=len(completions))
        async for pupil, outcome in _outcomes(platform, completions):
            progress.advance(task)
            if outcome["state"] != "issued":
                stage.console.print(f"[yellow]-[/] {pupil.name}: {outcome['state']}, {outcome['detail']}")
                continue
            credential = await stage.house.get(outcome["claim"] + "/credential")
            file = stage.keep(f"{pupil.given_name.lower()}.json", credential)
            issued.append(Issued(pupil, outcome["award"], outcome["claim"], credential, file))
            title = credential["credentialSubject"]["achievement"]["name"]
            stage.console.print(f"[green]✓[/] {pupil.name} owns [bold]{title}[/] ({file})", highlight=False)
    did = issued[0].credential["issuer"]["id"]
    stage.keep("did.json", await stage.house.get(f"/organisations/{ORGANISATION['id']}/did.json"))
    stage.console.print(f"Issuer: {did}", highlight=False)
    return issued


async def verify_and_attack(stage: Stage, issued: list[Issued]) -> None:
    """Verify what was issued; tamper with one, revoke one, let one have an unreachable status list."""
    stage.act("An employer verifies")
    table = Table("credential", "what was done to it", "verdict", "in words")
    for one in issued:
        table.add_row(one.pupil.name, "nothing", *await _verdict(stage, one.credential, "accept"))

    forged = with_another_title(issued[0].credential, "Doctor of Philosophy")
    stage.keep("tampered.json", forged)
    table.add_row(issued[0].pupil.name, "title changed", *await _verdict(stage, forged, "reject"))

    revoked = issued[1]
    reason = {"reason": "The assessment was graded by mistake."}
    await stage.house.post(f"/api/v1/credentials/{revoked.award}/revocation", reason)
    heard = await _heard(stage, revoked.credential)
    table.add_row(
        revoked.pupil.name, f"revoked {heard * 1000:.0f} ms ago", *await _verdict(stage, revoked.credential, "reject")
    )

    stranger = with_unreachable_status(issued[2].credential, datetime.now(UTC))
    stage.keep("unreachable.json", stranger)
    table.add_row(issued[2].pupil.name, "status list out of reach", *await _verdict(stage, stranger, "indeterminate"))
    for number, url in enumerate(
        sorted({one.credential["credentialStatus"]["statusListCredential"] for one in issued})
    ):
        stage.keep(f"status-list-{number}.json", await stage.house.get(url))
    stage.console.print(table)


def with_another_title(credential: dict[str, Any], title: str) -> dict[str, Any]:
    """The same seal over a finer achievement: what a forger tries."""
    subject = credential["credentialSubject"]
    achievement = {**subject["achievement"], "name": title}
    return {**credential, "name": title, "credentialSubject": {**subject, "achievement": achievement}}


async def _heard(stage: Stage, revoked: dict[str, Any]) -> float:
    """Seconds until the verifier has heard of a revocation: the event travels, no cache is waited for."""
    began = asyncio.get_running_loop().time()
    while (waited := asyncio.get_running_loop().time() - began) < PATIENCE:
        report = await stage.house.post("/api/v1/verifications", {"credential": revoked})
        if report["decision"] == "reject":
            break
    return waited


def with_unreachable_status(credential: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The same achievement, sealed by somebody else whose status list nobody can reach. Genuine, yet not checkable."""
    key = SigningKey.generate()
    issuer = did_key(key.public)
    status = "https://status.laurel.invalid/lists/1"
    unsigned = {name: value for name, value in credential.items() if name != "proof"}
    unsigned |= {
        "id": uuid4().urn,
        "issuer": {**credential["issuer"], "id": issuer},
        "credentialStatus": {
            **credential["credentialStatus"],
            "id": f"{status}#7",
            "statusListIndex": "7",
            "statusListCredential": status,
        },
    }
    return EDDSA_RDFC_2022.secure(unsigned, key, f"{issuer}#{issuer.removeprefix('did:key:')}", now)


async def _verdict(stage: Stage, credential: dict[str, Any], expected: str) -> tuple[str, str]:
    colours = {"accept": "green", "review": "yellow", "reject": "red", "indeterminate": "yellow"}
    report = await stage.house.post("/api/v1/verifications", {"credential": credential})
    decision = report["decision"]
    surprise = "" if decision == expected else f" [red](expected {expected})[/]"
    return f"[{colours[decision]}]{decision}[/]{surprise}", report["sentence"]


async def show_account(stage: Stage) -> None:
    """Everything accepted in this run is accounted for."""
    stage.act("The account of this run")
    account = await settled_account(stage.house, stage.began)
    stage.console.print(account_table(account))
    stage.console.print(
        f"{account['accepted']} accepted = {account['issued']} issued + {account['refused']} refused, "
        f"{account['duplicates']} {'duplicate' if account['duplicates'] == 1 else 'duplicates'} recognised, "
        f"{account['turned_away']} turned away",
        highlight=False,
    )


async def settled_account(house: House, since: datetime) -> dict[str, Any]:
    """The account once nothing is in flight."""
    while True:
        account: dict[str, Any] = await house.get("/api/v1/account", params={"since": instant_text(since)})
        if not account["in_flight"]:
            return account
        await asyncio.sleep(0.1)
