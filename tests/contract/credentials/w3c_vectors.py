"""What the vectors of the W3C's Data Integrity suites share: their context, and how their documents are verified."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from credentials.canonical import rdfc
from credentials.contexts import shipped
from credentials.dids import resolve_did_key, verification_key
from credentials.proofs import DataIntegrity, ProofResult, verification_methods
from credentials.proofs.verification import verify_all
from credentials.registry import Registry

CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"

CONTEXTS = {**shipped(), EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}}
"""The vectors use a context that defines every word. Such a context is not shipped; the suites are otherwise ours."""


def with_examples(suite: DataIntegrity) -> DataIntegrity:
    """The suite over RDF, which also knows the context of the examples."""
    return DataIntegrity(suite.name, key=suite.key, canonicalize=partial(rdfc, contexts=CONTEXTS))


def load(path: Path) -> Any:  # noqa: ANN401 JSON
    return json.loads(path.read_bytes())


def text(path: Path) -> str:
    return path.read_bytes().decode()


def verify(document: dict[str, Any], suites: Registry[DataIntegrity]) -> tuple[ProofResult, ...]:
    keys = {
        method: verification_key(resolve_did_key(method.partition("#")[0]), method)
        for method in verification_methods(document)
    }
    return verify_all(document, keys, suites, now=NOW)
