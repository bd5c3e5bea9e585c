"""`laurel lint`: a table for people, JSON for programs, an exit code for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from credentials.linting import LintReport
from laurel.cli import main
from tests.builders import a_draft

OFFERINGS = Path(__file__).parents[3] / "services" / "laurel" / "demo" / "offerings"


def run(*arguments: str, stdin: str | bytes = "") -> tuple[int, str]:
    done = CliRunner().invoke(main, ["lint", *arguments], input=stdin, env={"COLUMNS": "160"}, catch_exceptions=False)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({}, 0, "Every element that is asked for is there."),
        ({"quality_assurance": []}, 1, "Nothing states the type of quality assurance."),
        ({"workload": {"hours": 12, "credits": {"points": 5, "system": "ECTS"}}}, 2, "12 hours do not go with 5 ECTS"),
    ],
)
def test_the_exit_code_says_what_the_table_shows(changes: dict[str, Any], code: int, said: str) -> None:
    exit_code, output = run("-", stdin=json.dumps(a_draft(**changes)))

    assert exit_code == code
    assert said in output
    assert "Type of quality assurance" in output


def test_for_programs_the_report_is_json() -> None:
    exit_code, output = run("--json", "--profile", "emc-cmf", "-", stdin=json.dumps(a_draft(stackable_towards=[])))

    report = LintReport.model_validate_json(output)
    assert (exit_code, report.profile) == (1, "EMC-CMF")
    assert "missing-part-of" in {found.rule for found in report.findings}


@pytest.mark.parametrize("file", sorted(OFFERINGS.glob("*.json")), ids=lambda file: file.stem)
def test_the_demonstrations_offerings_are_clean(file: Path) -> None:
    assert run(str(file))[0] == 0


@pytest.mark.parametrize("arguments", [("nowhere.json",), (".",), ("-",), ("--profile", "none", "-")])
def test_what_cannot_be_read_is_a_sentence_and_code_4(arguments: tuple[str, ...]) -> None:
    exit_code, output = run(*arguments, stdin=b"\xff\xfe[")

    assert exit_code == 4
    assert "Traceback" not in output


def test_a_strangers_text_has_no_say_over_the_terminal() -> None:
    exit_code, output = run("-", stdin=json.dumps(a_draft(title={"en": "\u001b[2J\u202e[red]all is well[/]"})))

    assert exit_code == 0
    assert "[red]all is well[/]" in output
    assert "\u001b" not in output
    assert "\u202e" not in output
