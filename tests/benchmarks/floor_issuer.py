"""The floor: what no issuer can do without. Consume, SHA-256 of the canonical bytes, Ed25519, insert, produce; in
batches, deciding nothing, composing nothing, encrypting nothing."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import sys
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from nacl.signing import SigningKey

BATCH, BATCH_BYTES = 500, 262_144


async def issue(bootstrap: str, source: str, target: str, folder: Path) -> None:
    """Until it is killed. The folder has a badge, and its canonical form."""
    canonical, body = (folder / "canonical.nq").read_bytes(), (folder / "badge.json").read_text()
    key = SigningKey.generate()
    database = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute("CREATE TABLE credentials (id TEXT PRIMARY KEY, body TEXT)")
    consumer = AIOKafkaConsumer(
        source, bootstrap_servers=bootstrap, group_id=target, auto_offset_reset="earliest", enable_auto_commit=False
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=BATCH_BYTES
    )
    await consumer.start()
    await producer.start()
    while True:
        found = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
        messages = [message for some in found.values() for message in some]
        signatures = [key.sign(hashlib.sha256(canonical).digest() * 2).signature.hex() for _ in messages]
        rows = [
            (f"{message.partition}/{message.offset}", body + signature)
            for message, signature in zip(messages, signatures, strict=True)
        ]
        database.execute("BEGIN")
        database.executemany("INSERT INTO credentials VALUES (?, ?)", rows)
        database.execute("COMMIT")
        sent = [
            await producer.send(target, signature.encode(), key=message.key)
            for message, signature in zip(messages, signatures, strict=True)
        ]
        await asyncio.gather(*sent)
        await consumer.commit()


if __name__ == "__main__":
    _, bootstrap, source, target, folder = sys.argv
    asyncio.run(issue(bootstrap, source, target, Path(folder)))
