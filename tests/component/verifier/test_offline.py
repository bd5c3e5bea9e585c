"""Verifying with a folder of evidence, without a house and without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas.events import Decision
from tests.component.verifier.world import INDEX, LATER, MALLORY, UEX, a_badge, a_status_list
from verifier.adapters.offline import engine
from verifier.domain.trust import TrustedIssuer
from verifier.domain.verdicts import Code

TRUSTED = TrustedIssuer(did=UEX.did, name="University of Example")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keep(tmp_path / "did.json", UEX.document)
    keep(tmp_path / "lists" / "1.json", UEX.sign(a_status_list()))
    keep(tmp_path / "ana.json", UEX.sign(a_badge()))
    (tmp_path / "notes.json").write_text("no JSON at all")
    (tmp_path / "list.json").write_text("[]")
    return tmp_path


def keep(path: Path, document: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document))


async def test_a_credential_verifies_with_the_evidence_beside_it(folder: Path) -> None:
    content = (folder / "ana.json").read_bytes()
    assert (await engine(folder, [TRUSTED])(content, at=LATER)).decision is Decision.ACCEPT
    assert (await engine(folder)(content, at=LATER)).codes == (Code.ISSUER_UNKNOWN,)


async def test_a_folder_does_not_say_whom_to_trust(folder: Path) -> None:
    keep(folder / "trust.json", {"items": [TRUSTED.model_dump(mode="json")], "next": None})
    assert (await engine(folder)((folder / "ana.json").read_bytes(), at=LATER)).decision is Decision.REVIEW


@pytest.mark.parametrize(
    ("missing", "code"), [("did.json", Code.KEY_UNAVAILABLE), ("lists/1.json", Code.STATUS_UNAVAILABLE)]
)
async def test_what_is_not_in_the_folder_could_not_be_had(folder: Path, missing: str, code: Code) -> None:
    (folder / missing).unlink()
    report = await engine(folder, [TRUSTED])((folder / "ana.json").read_bytes(), at=LATER)
    assert (report.decision, report.codes) == (Decision.INDETERMINATE, (code,))


async def test_a_revocation_in_the_folder_counts(folder: Path) -> None:
    keep(folder / "lists" / "1.json", UEX.sign(a_status_list(INDEX)))
    report = await engine(folder, [TRUSTED])((folder / "ana.json").read_bytes(), at=LATER)
    assert report.codes == (Code.REVOKED,)


async def test_two_files_that_claim_one_name_cancel_each_other_out(folder: Path) -> None:
    keep(folder / "zzz.json", {**MALLORY.document, "id": UEX.did})
    report = await engine(folder, [TRUSTED])((folder / "ana.json").read_bytes(), at=LATER)
    assert report.codes == (Code.KEY_UNAVAILABLE,)
    keep(folder / "zzz.json", UEX.document)
    report = await engine(folder, [TRUSTED])((folder / "ana.json").read_bytes(), at=LATER)
    assert report.decision is Decision.ACCEPT


async def test_offline_no_address_is_asked(folder: Path) -> None:
    report = await engine(folder).fetched("https://uex.example.org/ana.json", at=LATER)
    assert report.codes == (Code.DOCUMENT_UNREACHABLE,)
