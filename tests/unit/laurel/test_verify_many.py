"""`laurel verify`, of several files and of folders: a line for each, and the gravest verdict for the shell."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from credentials.proofs import VC_JWT_EDDSA
from laurel.cli import main
from tests.component.verifier.world import LATER, UEX, a_badge, a_status_list


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A badge, a token and a forgery, and beside them what they are verified by."""
    badge = UEX.sign(a_badge())
    forged = json.loads(json.dumps(badge))
    forged["credentialSubject"]["achievement"]["name"] = "[red]Something else"
    written = {"badge": badge, "forged": forged, "did": UEX.document, "list": UEX.sign(a_status_list())}
    for name, document in written.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    (tmp_path / "token.jwt").write_text(UEX.sign(a_badge(), VC_JWT_EDDSA))
    return tmp_path


def verify(*arguments: str | Path, trust: str = UEX.did, at: str = f"{LATER:%Y-%m-%dT%H:%M:%S}") -> Result:
    fixed = ("verify", "--offline", "--trust", trust, "--at", at)
    return CliRunner().invoke(main, [*fixed, *map(str, arguments)])


def test_a_folder_is_its_credentials_without_what_they_are_verified_by(folder: Path) -> None:
    done = verify(folder)
    assert done.exit_code == 1
    assert "3 verified: 2 accept, 1 reject" in " ".join(done.output.split())
    assert "did.json" not in done.output
    assert "list.json" not in done.output
    assert "[red]" in done.output


def test_the_gravest_verdict_is_told_to_the_shell(folder: Path) -> None:
    badge, token, forged, nowhere = (folder / name for name in ("badge.json", "token.jwt", "forged.json", "nowhere"))
    assert verify(badge, token).exit_code == 0
    assert verify(badge, token, trust="did:web:somebody.example").exit_code == 2
    assert verify(badge, at=f"{LATER + timedelta(days=9):%Y-%m-%dT%H:%M:%S}").exit_code == 3  # the list is out of date
    assert verify(badge, forged).exit_code == 1
    assert verify(forged, nowhere, badge).exit_code == 4


def test_a_file_that_is_not_there_does_not_keep_the_others_from_being_verified(folder: Path) -> None:
    done = verify(folder / "nowhere.json", folder / "badge.json")
    assert "1 accept, 1 unreadable" in " ".join(done.output.split())


def test_other_programs_get_a_line_of_json_for_each(folder: Path) -> None:
    done = verify("--json", folder / "badge.json", folder / "nowhere.json", folder / "token.jwt")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each.get("decision") for each in told] == ["accept", None, "accept"]
    assert told[0]["source"].endswith("badge.json")
    assert "cannot be read" in told[1]["detail"]


def test_each_file_is_verified_by_what_lies_beside_it(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "badge.json"
    elsewhere.write_bytes((folder / "badge.json").read_bytes())
    assert verify(folder / "badge.json", elsewhere).exit_code == 3
    assert verify("--evidence", folder, folder / "badge.json", elsewhere).exit_code == 0


def test_a_folder_without_credentials_is_said(tmp_path: Path) -> None:
    done = verify(tmp_path)
    assert done.exit_code == 4
    assert "no credentials are in" in done.output
