"""RFC 8785 test data (cyberphone/json-canonicalization @19d51d7)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from credentials.canonical import jcs


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_the_published_test_data_comes_out_byte_exact(reference_data: Path, name: str) -> None:
    folder = reference_data / "vectors" / "jcs-rfc8785"
    document = json.loads((folder / "input" / f"{name}.json").read_bytes())
    assert jcs(document) == (folder / "output" / f"{name}.json").read_bytes()
