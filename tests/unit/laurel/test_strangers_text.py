"""What a stranger wrote is printed as it stands: a bracket is a bracket, not markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from laurel.cli import main
from tests.builders import a_draft


@pytest.mark.parametrize("words", ["[/foo]", "[red]fine[/]"])
def test_a_credential_cannot_style_its_own_report(words: str, tmp_path: Path) -> None:
    file = tmp_path / "badge.json"
    file.write_text(
        json.dumps({"@context": [words], "type": ["VerifiableCredential", words], "proof": {"type": words}})
    )
    result = CliRunner().invoke(main, ["verify", "--offline", str(file)])
    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)


def test_a_file_may_have_brackets_in_its_name() -> None:
    result = CliRunner().invoke(main, ["verify", "[/nowhere].json"])
    assert result.exit_code == 4
    assert "[/nowhere].json" in result.output


def test_an_offering_without_an_id_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "offering.json"
    file.write_text(json.dumps({name: value for name, value in a_draft().items() if name != "id"}))
    result = CliRunner().invoke(main, ["offering", "publish", str(file)])
    assert result.exit_code == 1
    assert "an offering names its id" in result.output
