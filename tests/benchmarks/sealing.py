"""Canonicalise and sign one badge, and verify it again: Laurel, the naive baseline, and the floor."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.table import Table

from credentials.canonical import KnownShapes, rdfc
from credentials.dids import did_key, did_key_method
from credentials.formats import FORMATS, LEARNING_CREDENTIAL, MICRO_CREDENTIAL, OPEN_BADGES_3
from credentials.jose import Jws
from credentials.keys import KINDS, SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, JADES, SD_JWT, Sealed, VcJwt, VcJwtProof, verify_proofs
from credentials.proofs.verification import verify_all
from credentials.registry import Registry
from issuer.domain.sealing import Seal, Signer
from schemas.events import StatusEntry
from schemas.values import JsonObject
from tests.benchmarks.measure import Cost, cost
from tests.benchmarks.naive_pyld import canonicalise_and_sign, canonicalise_and_verify, packaged
from tests.builders import an_award
from tests.seals import a_seal

SLOW, QUICK = 20, 1000
NOW = datetime(2026, 11, 23, tzinfo=UTC)
STATUS = StatusEntry(list="https://credentials.example/organisations/uex/status-lists/1", index=4711)
KEY, NAIVE_KEY = SigningKey.generate(), Ed25519PrivateKey.generate()
METHOD = did_key_method(did_key(KEY.public))
WHOLE = EDDSA_RDFC_2022.over(KnownShapes(capacity=0))
"""The suite for which every shape is new, and compiled in vain."""


def a_badge() -> JsonObject:
    """A realistic badge, not sealed yet."""
    return OPEN_BADGES_3.compose(an_award(), issued=NOW, status=STATUS)


def _table(title: str, ways: dict[str, Cost]) -> Table:
    """The costs, as ratios to the first and to the last."""
    naive, *_, floor = ways.values()
    table = Table("way", "µs", "per second", "times naive", "times the floor", title=title)
    for way, this in ways.items():
        table.add_row(
            way,
            f"{this.seconds * 1e6:,.0f}",
            f"{this.per_second:,.0f}",
            f"{naive.seconds / this.seconds:.1f}",
            f"{this.seconds / floor.seconds:.1f}",
        )
    return table


def sealing_table() -> Table:
    """Cost of one seal by each way; each badge has an id of its own."""
    badge = a_badge()
    canonical = rdfc(badge)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-23T00:00:00Z",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
    }
    seal = Seal(OPEN_BADGES_3, (EDDSA_RDFC_2022,))
    suite = EDDSA_RDFC_2022.over(seal.shapes)

    def another() -> JsonObject:
        return {**badge, "id": uuid4().urn}

    award = an_award()

    def sealed_by(seal: Seal) -> None:
        seal(award.model_copy(update={"id": uuid4()}), STATUS, {KEY.kind: Signer(KEY, METHOD)}, NOW)

    ways = {
        "naive PyLD, eddsa-rdfc-2022": cost(
            lambda: canonicalise_and_sign(another(), options, NAIVE_KEY, packaged), times=SLOW
        ),
        "Laurel, a shape never seen": cost(lambda: WHOLE.secure(another(), KEY, METHOD, NOW), times=SLOW),
        "Laurel, by template": cost(lambda: suite.secure(another(), KEY, METHOD, NOW), times=QUICK),
        "Laurel, by template, composed as well": cost(partial(sealed_by, seal), times=QUICK),
        "Laurel, eddsa-jcs-2022": cost(lambda: EDDSA_JCS_2022.secure(another(), KEY, METHOD, NOW), times=QUICK),
        **{
            f"Laurel, {attested.format.name}, composed as well": cost(partial(sealed_by, attested), times=QUICK)
            for attested in (Seal(LEARNING_CREDENTIAL, (SD_JWT,)), Seal(MICRO_CREDENTIAL, (SD_JWT,)))
        },
        "floor: Ed25519 + SHA-256 of the canonical bytes": cost(
            lambda: NAIVE_KEY.sign(hashlib.sha256(canonical).digest() * 2), times=QUICK
        ),
    }
    return _table(
        f"Canonicalise and sign one badge ({len(canonical.splitlines())} n-quads, {len(canonical)} bytes)", ways
    )


def formats_table() -> Table:
    """Cost of composing and sealing one award, in every format and by every proof that secures it."""
    keys = {kind: SigningKey.generate(kind) for kind in KINDS}
    signers = {kind: Signer(key, did_key_method(did_key(key.public))) for kind, key in keys.items()}
    award = an_award()

    def composed_and_sealed(seal: Seal) -> Sealed:
        return seal(award.model_copy(update={"id": uuid4()}), STATUS, signers, NOW)

    table = Table("format", "proof", "µs of processor", "of 1 ms", title="Compose and seal one award, as others before")
    for format_ in FORMATS.values():
        for proof in format_.proofs:
            seal = Seal(format_, (JADES.sealing_with(a_seal()) if proof == JADES else proof,))
            spent = cost(partial(composed_and_sealed, seal), times=QUICK // 4).cpu_seconds
            table.add_row(format_.title, proof.name, f"{spent * 1e6:,.0f}", f"{spent / 0.001:.0%}")
    return table


def verifying_table() -> Table:
    """Cost of verifying one sealed badge by each way."""
    badge = a_badge()
    canonical = rdfc(badge)
    sealed = EDDSA_RDFC_2022.secure(badge, KEY, METHOD, NOW)
    keys = {METHOD: KEY.public}
    signature = NAIVE_KEY.sign(data := hashlib.sha256(canonical).digest() * 2)

    def naive() -> None:
        canonicalise_and_verify(sealed, KEY.public.value, packaged)

    naive()
    ways = {
        "naive PyLD, eddsa-rdfc-2022": cost(naive, times=SLOW),
        "Laurel, a shape never seen": cost(lambda: verify_all(sealed, keys, Registry(WHOLE), now=NOW), times=SLOW),
        "Laurel, a known shape": cost(lambda: verify_proofs(sealed, keys, now=NOW), times=QUICK),
        "floor: Ed25519 + SHA-256 of the canonical bytes": cost(
            lambda: NAIVE_KEY.public_key().verify(signature, hashlib.sha256(canonical).digest() and data), times=QUICK
        ),
    }
    return _table("Verify one badge", ways)


def token_table(proof: VcJwtProof) -> Table:
    """Cost of sealing a badge as a token and of verifying it, beside what nobody can do without."""
    key, badge = SigningKey.generate(proof.key), a_badge()
    token = proof.secure(badge, key, METHOD, NOW)
    jws, keys = Jws.parse(token), {METHOD: key.public}

    def bare() -> None:
        json.loads(jws.payload)
        key.public.verify(jws.signature, jws.signed)

    ways = {
        "seal, composed before": cost(lambda: proof.secure(badge, key, METHOD, NOW), times=QUICK),
        "verify": cost(lambda: VcJwt.parse(token).verify(keys, now=NOW), times=QUICK),
        "floor of verifying: the signature alone, and JSON parsed": cost(bare, times=QUICK),
    }
    *_, floor = ways.values()
    table = Table("way", "µs", "per second", "times the floor", title=f"A badge as a token, {proof.name}")
    for way, this in ways.items():
        table.add_row(
            way, f"{this.seconds * 1e6:,.0f}", f"{this.per_second:,.0f}", f"{this.seconds / floor.seconds:.1f}"
        )
    return table
