"""`make bench`: figures of one run on one machine, printed, and kept in a file. Read the ratios, not the absolutes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from credentials.proofs import VC_JWT_EDDSA, VC_JWT_ES256
from tests.benchmarks.house import house_table, run
from tests.benchmarks.issuing import issuing, issuing_table
from tests.benchmarks.latency import waits, waits_table
from tests.benchmarks.profile import profile_table
from tests.benchmarks.report import report
from tests.benchmarks.round_trips import round_trips_of_sizes, round_trips_table
from tests.benchmarks.sealing import formats_table, sealing_table, token_table, verifying_table
from tests.benchmarks.status import status_table
from tests.benchmarks.verifying_over_http import verifications, verifications_table
from tests.servers.kafka import kafka_server

EMBEDDED, KAFKA = "embedded broker, SQLite", "Apache Kafka, SQLite"

with report("bench", width=160) as console:
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
    throughputs, profile = issuing()
    console.print(issuing_table(throughputs))
    console.print(profile_table(profile, "where the time of the issuer's one process goes"))
    console.print(round_trips_table(round_trips_of_sizes()))
