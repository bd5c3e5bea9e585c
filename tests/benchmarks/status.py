"""Status lists of ten million credentials: what revoking one costs, and what all of them weigh."""

from __future__ import annotations

import asyncio
import gc
import random
import tempfile
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from rich.table import Table

from chassis.documents import SqliteDocuments
from chassis.secrets import MasterKey
from credentials.formats import OPEN_BADGES_3
from credentials.keys import ED25519
from credentials.proofs import EDDSA_RDFC_2022
from credentials.status import LENGTH
from issuer.adapters.keyring import MasterKeyring
from issuer.domain.sealing import Seal
from issuer.handlers import ListForm, RevokeCredential, StatusLists
from issuer.ports import (
    ORGANISATIONS,
    OUTCOMES,
    STATUS_LISTS,
    Outcome,
    OutcomeState,
    RegisteredOrganisation,
    SealedCredential,
    StatusListRecord,
)
from schemas.events import CredentialState, StatusEntry
from schemas.values import SealedData
from tests.builders import NOW, an_organisation

CREDENTIALS = 10_000_000
LISTS = -(-CREDENTIALS // LENGTH)
REVOKED = LENGTH // 100
"""Of each list, before."""
ROUNDS, TIMES = 5, 40
CONTENT = 3_000
"""Bytes of a credential as it rests."""
URL = "https://credentials.example/organisations/{organisation}/status-lists/{number}"
ALLOWED_SECONDS, ALLOWED_BYTES = 0.001, 4_000_000


def status_table() -> Table:
    """What a revocation costs in processor time, and the lists in memory."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))


async def _measured(folder: Path) -> Table:
    documents = SqliteDocuments(folder / "issuer.sqlite")
    await documents.open()
    outcomes, records = documents.collection(OUTCOMES), documents.collection(STATUS_LISTS)
    organisations, keyring = documents.collection(ORGANISATIONS), MasterKeyring(MasterKey(bytes(32)))
    key = await keyring.make("uex", "key-1", ED25519, NOW)
    await organisations.insert_many([RegisteredOrganisation(id="uex", organisation=an_organisation(), keys=(key,))])
    numbers = range(1, LISTS + 1)
    await records.insert_many([StatusListRecord(id=f"uex/{n}", organisation="uex", number=n) for n in numbers])
    chance = random.Random(20_261_128)
    waiting: list[tuple[UUID, int]] = []
    for number in numbers:
        taken, active = chance.sample(range(LENGTH), REVOKED + 2 * ROUNDS * TIMES // LISTS + 2), []
        for index in taken[REVOKED:]:
            active.append(_outcome(number, index, CredentialState.ACTIVE, CONTENT))
            waiting.append((UUID(active[-1].id), number))
        revoked = [_outcome(number, index, CredentialState.REVOKED, 16) for index in taken[:REVOKED]]
        await outcomes.insert_many([*revoked, *active])
    chance.shuffle(waiting)
    lists = StatusLists(
        outcomes=outcomes,
        organisations=organisations,
        records=records,
        keyring=keyring,
        seal=Seal(OPEN_BADGES_3, (EDDSA_RDFC_2022,)),
        clock=lambda: NOW,
        status_url=URL,
        validity=timedelta(minutes=15),
    )
    tracemalloc.start()
    for number in numbers:
        for form in ListForm:
            await lists("uex", number, form)
    with_them, _ = tracemalloc.get_traced_memory()
    lists._known.clear()
    gc.collect()
    weight = with_them - tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    for number in numbers:
        await lists("uex", number)
    revoke = RevokeCredential(outcomes, lists, nudge=lambda: None, clock=lambda: NOW)
    alone, published = [], []
    for _ in range(ROUNDS):
        some, waiting = waiting[:TIMES], waiting[TIMES:]
        began = time.process_time()
        for award, _number in some:
            await revoke(award, "Issued to the wrong person.")
        between = time.process_time()
        for _award, number in some:
            await lists("uex", number)
        alone.append((between - began) / TIMES)
        published.append((time.process_time() - between) / TIMES)
    await documents.close()
    return _table(min(alone), min(published), weight)


def _table(alone: float, published: float, weight: float) -> Table:
    table = Table(
        "what", "is", "of what is allowed", title=f"{CREDENTIALS:,} credentials in {LISTS} status lists, 1 % revoked"
    )
    for what, seconds in (
        ("revoke one, with the event that tells it", alone),
        ("publish its list anew", published),
        ("both", alone + published),
    ):
        table.add_row(what, f"{seconds * 1e6:,.0f} µs of processor", f"{seconds / ALLOWED_SECONDS:.0%} of 1 ms")
    table.add_row("all lists, every form signed", f"{weight / 1e6:.2f} MB", f"{weight / ALLOWED_BYTES:.0%} of 4 MB")
    return table


def _outcome(number: int, index: int, state: CredentialState, size: int) -> Outcome:
    learner = uuid4()
    content = SealedData(learner=learner, nonce=bytes(12), ciphertext=random.Random(index).randbytes(size))
    name = str(uuid4())
    return Outcome(
        id=name,
        turn=name,
        completion=uuid4(),
        platform="moodle",
        organisation="uex",
        offering="data-ethics",
        learner=learner,
        slot=f"uex/{number}/{index}",
        received=NOW,
        completed=NOW,
        state=OutcomeState.ISSUED,
        decided=NOW,
        credential=SealedCredential(
            offering_version=1,
            format=OPEN_BADGES_3.name,
            proofs=(EDDSA_RDFC_2022.name,),
            sealed=NOW,
            basis="0" * 64,
            award=content,
            document=content,
            list=f"uex/{number}",
            status=StatusEntry(list=URL.format(organisation="uex", number=number), index=index),
            state=state,
            told_in=None if state is CredentialState.ACTIVE else f"uex/{number}",
        ),
    )
