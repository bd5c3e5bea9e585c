"""Digital Bazaar's verifier (npm), an implementation that shares nothing with ours, accepts what is issued here."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credentials.dids import did_document
from credentials.formats import OPEN_BADGES_3
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_JCS_2022, EDDSA_RDFC_2022, DataIntegrity
from credentials.status import StatusList, compose_status_list
from schemas.events import StatusEntry
from tests.builders import NOW, an_award

INTEROP = Path(__file__).parents[2] / "interop"
KEY = SigningKey.generate()
DID = an_award().organisation.did
METHOD = f"{DID}#key-1"
LIST = "https://laurel.example.org/organisations/uex/status-lists/1"


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with the packages of the lock file installed."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        if os.environ.get("CI") == "true":
            pytest.fail("node and npm are not installed")
        pytest.skip("node and npm are not installed")
    with (Path(tempfile.gettempdir()) / "laurel-interop.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes side by side install once
        if not (INTEROP / "node_modules" / ".package-lock.json").exists():
            subprocess.run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=INTEROP, check=True, capture_output=True
            )
    return program


def verdicts(node: str, *credentials: dict[str, Any]) -> list[dict[str, Any]]:
    request = {"credentials": credentials, "documents": {DID: did_document(DID, [("key-1", KEY.public)])}}
    answer = subprocess.run(
        [node, str(INTEROP / "verify.mjs")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "VERIFY_AT": (NOW + timedelta(seconds=1)).isoformat()},
    )
    return list(json.loads(answer.stdout))


def a_badge() -> dict[str, Any]:
    return OPEN_BADGES_3.compose(an_award(), issued=NOW, status=StatusEntry(list=LIST, index=77))


def a_status_list() -> dict[str, Any]:
    return compose_status_list(
        url=LIST, issuer=DID, purpose="revocation", encoded=StatusList.with_set([77]).encode(), issued=NOW
    )


@pytest.mark.parametrize("suite", [EDDSA_RDFC_2022, EDDSA_JCS_2022], ids=lambda suite: suite.name)
def test_it_verifies_badges_and_status_lists(node: str, suite: DataIntegrity) -> None:
    sealed = [suite.secure(document, KEY, METHOD, NOW) for document in (a_badge(), a_status_list())]
    assert verdicts(node, *sealed) == [{"verified": True, "error": None}] * 2


def test_it_verifies_a_badge_sealed_twice(node: str) -> None:
    badge = EDDSA_JCS_2022.secure(EDDSA_RDFC_2022.secure(a_badge(), KEY, METHOD, NOW), KEY, METHOD, NOW)
    assert verdicts(node, badge) == [{"verified": True, "error": None}]


def test_it_turns_down_what_was_changed(node: str) -> None:
    badge = EDDSA_RDFC_2022.secure(a_badge(), KEY, METHOD, NOW)
    (verdict,) = verdicts(node, {**badge, "name": "Knots"})
    assert verdict["verified"] is False
