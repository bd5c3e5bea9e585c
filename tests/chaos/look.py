"""Looking at an installation after a storm, by its public interfaces alone."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from confluent_kafka import Consumer, TopicPartition

from credentials.dids import verification_key
from credentials.issuance_log import SignedStatement, digest_of
from laurel.demo.scenario import ORGANISATION
from schemas.events import CredentialIssued, decode
from schemas.faults import Malformed
from tests.chaos.installation import Installation
from tests.chaos.invariants import Json, Log, Seen
from tests.e2e.campus import every_item
from tests.e2e.houses import House, answer
from verifier.adapters.offline import engine
from verifier.domain.trust import TrustedIssuer

AT_ONCE = 4
ATTEMPTS = 20
AGAIN = 0.5
"""Seconds after which whoever was told "not now" asks again."""
PAST_THE_SKEW = timedelta(minutes=11)
"""What a clock that was ten minutes ahead has sealed is valid from then on."""
READING = 10.0
"""Seconds to wait for the next message of a topic that has one."""


class Patient(httpx2.HTTPTransport):
    """Asks again where the answer is "not now": on a busy machine a neighbour may seem away for a moment."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        for _ in range(ATTEMPTS):
            response = super().handle_request(request)
            if response.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                break
            response.read()
            time.sleep(AGAIN)
        return response


def _asking(house: House, token: str = "admin") -> httpx2.Client:
    return house.client(token, Patient())


def balance(made: Installation) -> tuple[Json, Sequence[Json]]:
    """The account, and the bridge's ledger."""
    with _asking(made.room("monitor"), "operator") as operator, _asking(made.room("bridge"), "operator") as bridge:
        return answer(operator.get("/api/v1/account")), every_item(bridge, "/api/v1/account/completions")


def is_calm(made: Installation) -> bool:
    """Nothing is in flight, and the bridge has heard of every outcome."""
    account, ledger = balance(made)
    return not account["in_flight"] and all(entry["state"] != "in-flight" for entry in ledger)


def look(made: Installation, evidence: Path, bootstrap: str | None) -> Seen:
    """Everything there is to see. `evidence` is an empty folder for what verifying needs."""
    account, ledger = balance(made)
    with _asking(made.room("monitor"), "operator") as operator:
        parked = answer(operator.get("/api/v1/parked"))["items"]
    with _asking(made.room("issuer")) as admin:
        outcomes = every_item(admin, "/api/v1/account/outcomes")
        document = answer(admin.get(f"/organisations/{ORGANISATION['id']}/did.json"))
        log = _log(admin, document)
        lists = {outcome["status"]["list"] for outcome in outcomes if outcome["status"]}
        for number, content in enumerate([document, *(answer(admin.get(url)) for url in sorted(lists))]):
            (evidence / f"{number}.json").write_text(json.dumps(content))
        awards = [outcome["award"] for outcome in outcomes if outcome["state"] == "issued"]
        with ThreadPoolExecutor(AT_ONCE) as asking:
            asked = asking.map(lambda award: answer(admin.get(f"/api/v1/credentials/{award}")), awards)
            credentials = dict(zip(awards, asked, strict=True))
    return Seen(
        account=account,
        ledger=ledger,
        outcomes=outcomes,
        parked=parked,
        credentials=credentials,
        digests={award: digest_of(credential) for award, credential in credentials.items()},
        verdicts=asyncio.run(_verdicts(credentials, evidence, document["id"])),
        log=log,
        announced=_announced(bootstrap) if bootstrap else {},
    )


async def _verdicts(credentials: Mapping[str, dict[str, Any]], evidence: Path, did: str) -> dict[str, str]:
    verify = engine(evidence, [TrustedIssuer(did=did, name=did)])
    at = datetime.now(UTC) + PAST_THE_SKEW
    return {award: (await verify(credential, at=at)).decision for award, credential in credentials.items()}


def _log(http: httpx2.Client, document: dict[str, Any]) -> Log:
    path = f"/organisations/{ORGANISATION['id']}/issuance-log"
    signed = SignedStatement.parse(answer(http.get(path))["statement"])
    statement = signed.verify(verification_key(document, signed.method))
    pages = [answer(http.get(f"{path}/{number}")) for number in range(1, statement.size + 1)]
    return Log(document["id"], statement, pages)


def _announced(bootstrap: str) -> dict[str, frozenset[str]]:
    """Every credential that was ever told of, by completion."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for value in _everything(bootstrap, CredentialIssued.topic):
        event = decode(value)
        assert isinstance(event, CredentialIssued)
        told[str(event.data.completion)].add(f"{event.data.award} {event.data.status.list}#{event.data.status.index}")
    return {completion: frozenset(credentials) for completion, credentials in told.items()}


def _everything(bootstrap: str, topic: str) -> list[bytes]:
    """All that a topic holds now."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "onlooker", "enable.auto.commit": False})
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.list_topics(topic).topics[topic].partitions]
        extents = {part.partition: consumer.get_watermark_offsets(part, timeout=READING) for part in partitions}
        consumer.assign([TopicPartition(topic, number, low) for number, (low, _) in extents.items()])
        left = sum(high - low for low, high in extents.values())
        values: list[bytes] = []
        while len(values) < left:
            message = consumer.poll(READING)
            if message is None or message.error() is not None:
                raise Malformed(f"{topic} has {left} messages, and {len(values)} could be read")
            values.append(message.value() or b"")
        return values
    finally:
        consumer.close()
