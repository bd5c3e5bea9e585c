"""`make bench`: figures of one run on one machine. Read the ratios, not the absolutes."""

from __future__ import annotations

import os
import platform
import tempfile
from pathlib import Path

from rich.console import Console

from credentials.proofs import VC_JWT_EDDSA, VC_JWT_ES256
from tests.benchmarks.house import house_table, run
from tests.benchmarks.issuing import issuing, issuing_table
from tests.benchmarks.sealing import sealing_table, token_table, verifying_table
from tests.servers.kafka import kafka_server

console = Console(width=160)
console.print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
console.print(sealing_table())
console.print(verifying_table())
for proof in (VC_JWT_EDDSA, VC_JWT_ES256):
    console.print(token_table(proof))
runs = [run("embedded broker, SQLite", {})]
with tempfile.TemporaryDirectory() as folder, kafka_server(Path(folder)) as kafka:
    runs.append(run("Apache Kafka, SQLite", {"LAUREL_KAFKA": kafka.bootstrap}))
console.print(house_table(runs))
console.print(issuing_table(issuing()))
