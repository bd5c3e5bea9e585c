"""`make bench`: figures of one run on one machine, printed, and kept in a file. Read the ratios, not the absolutes."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from credentials.proofs import VC_JWT_EDDSA, VC_JWT_ES256
from tests.benchmarks.house import house_table, run
from tests.benchmarks.issuing import issuing, issuing_table
from tests.benchmarks.latency import waits, waits_table
from tests.benchmarks.round_trips import round_trips_of_sizes, round_trips_table
from tests.benchmarks.sealing import formats_table, sealing_table, token_table, verifying_table
from tests.benchmarks.status import status_table
from tests.benchmarks.verifying_over_http import verifications, verifications_table
from tests.servers.kafka import kafka_server

FOLDER = Path("var", "bench")
MEASURED = ("aiokafka", "cryptography", "fastapi", "faststream", "orjson", "pydantic", "pyld", "pynacl", "uvicorn")
EMBEDDED, KAFKA = "embedded broker, SQLite", "Apache Kafka, SQLite"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "no commit"


console = Console(width=160, record=True)
console.print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
console.print(
    f"Laurel {version('laurel')} at {_commit()}; " + ", ".join(f"{name} {version(name)}" for name in MEASURED)
)
console.print(sealing_table())
console.print(formats_table())
console.print(verifying_table())
for proof in (VC_JWT_EDDSA, VC_JWT_ES256):
    console.print(token_table(proof))
console.print(status_table())
console.print(verifications_table(verifications()))
runs, kinds = [run(EMBEDDED, {})], [waits(EMBEDDED, {})]
with tempfile.TemporaryDirectory() as folder, kafka_server(Path(folder)) as kafka:
    runs.append(run(KAFKA, {"LAUREL_KAFKA": kafka.bootstrap}))
with tempfile.TemporaryDirectory() as folder, kafka_server(Path(folder)) as kafka:
    kinds.append(waits(KAFKA, {"LAUREL_KAFKA": kafka.bootstrap}))
console.print(house_table(runs))
console.print(waits_table(kinds))
console.print(issuing_table(issuing()))
console.print(round_trips_table(round_trips_of_sizes()))

FOLDER.mkdir(parents=True, exist_ok=True)
kept = FOLDER / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{_commit()}.txt"
kept.write_text(console.export_text())
console.print(f"Kept in {kept}")
