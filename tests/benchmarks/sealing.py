"""Canonicalise and sign one badge: Laurel, the naive baseline, and the floor."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.table import Table

from credentials.canonical import rdfc
from credentials.contexts import loader
from credentials.dids import did_key
from credentials.formats import OPEN_BADGES_3
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022
from schemas.events import StatusEntry
from schemas.values import JsonObject
from tests.benchmarks.measure import cost
from tests.benchmarks.naive_pyld import canonicalise_and_sign
from tests.builders import an_award

TIMES = 20
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def a_badge() -> JsonObject:
    """A realistic badge, not sealed yet."""
    status = StatusEntry(list="https://credentials.example/organisations/uex/status-lists/1", index=4711)
    return OPEN_BADGES_3.compose(an_award(), issued=NOW, status=status)


def sealing_table() -> Table:
    """Cost of one seal by each way, as ratios to the naive baseline and to the floor."""
    badge = a_badge()
    key = SigningKey.generate()
    issuer = did_key(key.public)
    method = f"{issuer}#{issuer.removeprefix('did:key:')}"
    naive_key = Ed25519PrivateKey.generate()
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-23T00:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }

    def pyld_loader(url: str, _: object) -> dict[str, object]:
        return {"contextUrl": None, "documentUrl": url, "document": loader(url), "contentType": "application/ld+json"}

    canonical = rdfc(badge)

    def floor() -> bytes:
        return naive_key.sign(hashlib.sha256(canonical).digest() * 2)

    ways = {
        "naive PyLD, eddsa-rdfc-2022": cost(
            lambda: canonicalise_and_sign(badge, options, naive_key, pyld_loader), times=TIMES
        ),
        "Laurel, eddsa-rdfc-2022": cost(
            lambda: EDDSA_RDFC_2022.secure({**badge, "id": uuid4().urn}, key, method, NOW), times=TIMES
        ),
        "Laurel, eddsa-jcs-2022": cost(
            lambda: EDDSA_JCS_2022.secure({**badge, "id": uuid4().urn}, key, method, NOW), times=TIMES
        ),
        "floor: Ed25519 + SHA-256 of the canonical bytes": cost(floor, times=TIMES * 100),
    }
    naive, bottom = ways["naive PyLD, eddsa-rdfc-2022"], list(ways.values())[-1]
    title = f"Canonicalise and sign one badge ({len(canonical.splitlines())} n-quads, {len(canonical)} bytes)"
    table = Table("way", "µs", "per second", "times naive", "times the floor", title=title)
    for way, this in ways.items():
        table.add_row(
            way,
            f"{this.seconds * 1e6:,.0f}",
            f"{this.per_second:,.0f}",
            f"{naive.seconds / this.seconds:.1f}",
            f"{this.seconds / bottom.seconds:.1f}",
        )
    return table
