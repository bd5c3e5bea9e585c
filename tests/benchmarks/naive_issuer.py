"""The baseline: an issuer as one writes it first. One message at a time, PyLD, a commit and an awaited acknowledgement
for each. Fixed; never tuned.

It decides nothing and encrypts nothing: every message becomes the same badge with another id.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
import sys
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.benchmarks.naive_pyld import canonicalise_and_sign, packaged


async def issue(bootstrap: str, source: str, target: str, folder: Path) -> None:
    """Until it is killed. The folder has a badge."""
    badge = json.loads((folder / "badge.json").read_text())
    key = Ed25519PrivateKey.generate()
    database = sqlite3.connect(folder / "naive.sqlite")
    database.execute("CREATE TABLE credentials (id TEXT PRIMARY KEY, body TEXT)")
    consumer = AIOKafkaConsumer(source, bootstrap_servers=bootstrap, group_id=target, auto_offset_reset="earliest")
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await consumer.start()
    await producer.start()
    async for message in consumer:
        completed = json.loads(message.value)
        credential = {**badge, "id": f"urn:uuid:{completed['data']['id']}"}
        proof = {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-23T00:00:00Z",
            "verificationMethod": f"{badge['issuer']['id']}#key-1",
            "proofPurpose": "assertionMethod",
        }
        signature = canonicalise_and_sign(credential, proof, key, packaged)
        credential["proof"] = [{**proof, "proofValue": "u" + base64.urlsafe_b64encode(signature).decode()}]
        body = json.dumps(credential)
        database.execute("INSERT INTO credentials VALUES (?, ?)", (credential["id"], body))
        database.commit()
        await producer.send_and_wait(target, body.encode(), key=message.key)
        await consumer.commit()


if __name__ == "__main__":
    _, bootstrap, source, target, folder = sys.argv
    asyncio.run(issue(bootstrap, source, target, Path(folder)))
