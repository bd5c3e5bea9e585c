"""Data Integrity over other contexts than those shipped."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from credentials.canonical import rdfc
from credentials.contexts import Contexts
from credentials.proofs import SUITES
from credentials.proofs.data_integrity import DataIntegrity
from credentials.registry import Registry


def suites_over(contexts: Contexts) -> Registry[DataIntegrity]:
    """Every suite, reading what documents mean by these contexts; suites over their text alone stay as they are."""
    canonicalize = partial(rdfc, contexts=contexts)
    return Registry(
        *(suite if suite.carries_context else replace(suite, canonicalize=canonicalize) for suite in SUITES.values())
    )
