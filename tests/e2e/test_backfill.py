"""`laurel backfill` as its users run it: dry, for good, stopped in the middle, and again."""

from __future__ import annotations

import csv
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.campus import OFFERING, PLATFORM, found_university
from tests.e2e.houses import LAUREL, PATIENCE, House, answer, environment, running, wait_for

ROWS = 300


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "var")
    with running(house):
        found_university(issuer=house, catalogue=house, bridge=house)
        yield house


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "earlier.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as content:
        rows = csv.writer(content, delimiter=";")
        rows.writerow(("offering", "learner", "full_name", "completed", "passed"))
        rows.writerows(
            (OFFERING, n, f"Pupil\nNumber {n}", "31.05.2024", "no" if n % 10 == 0 else "") for n in range(ROWS)
        )
        rows.writerow((OFFERING, "x", "Nobody", "05/06/2024", ""))
    return path


def backfill(house: House, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(LAUREL), "backfill", *arguments, "--platform", PLATFORM],
        env=environment(LAUREL_URL=house.url, LAUREL_VAR=str(house.var)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    said, complained = process.communicate(timeout=PATIENCE)
    return process.returncode, said, complained


def test_a_dry_run_says_what_would_become_of_each_row_and_telling_them_makes_it_so(house: House, sheet: Path) -> None:
    code, said, _ = done(backfill(house, str(sheet), "--dry-run"))
    rows = said.splitlines()
    assert (code, len(rows)) == (1, ROWS + 1)
    assert rows[0] == "row 1 (line 2): would be refused because the assessment was completed, and not passed"
    assert rows[1] == "row 2 (line 4): would be issued"
    assert rows[-1].startswith(
        f"row {ROWS + 1} (line {2 * ROWS + 2}): unreadable: completed: 05/06/2024 could be two days"
    )

    with house.client() as admin:
        assert answer(admin.get("/api/v1/account"))["accepted"] == 0
        code, _, complained = done(backfill(house, str(sheet), "--rate", "2000"))
        assert code == 1
        assert f"row {ROWS + 1} (line {2 * ROWS + 2}): unreadable: completed" in complained
        wait_for(lambda: not answer(admin.get("/api/v1/account"))["in_flight"], "the last completion in flight")
        account = answer(admin.get("/api/v1/account"))
        assert (account["accepted"], account["issued"], account["refused"]) == (ROWS, ROWS * 9 // 10, ROWS // 10)

        report = sheet.with_name("report.csv")
        assert done(backfill(house, str(sheet), "--report", str(report), "--rate", "2000"))[0] == 1
        standings = [row["standing"] for row in csv.DictReader(report.open(newline="", encoding="utf-8"))]
        assert {standing: standings.count(standing) for standing in set(standings)} == {
            "issued": ROWS * 9 // 10,
            "refused": ROWS // 10,
            "unreadable": 1,
        }
        assert answer(admin.get("/api/v1/account"))["accepted"] == ROWS


def test_stopped_with_control_c_the_same_command_goes_on_where_it_was(house: House, sheet: Path) -> None:
    mark = sheet.with_name(f"{sheet.name}.resume")
    process = backfill(house, str(sheet), "--rate", "50")
    wait_for(mark.exists, "the first rows")
    process.send_signal(signal.SIGINT)
    code, _, complained = done(process)
    assert code == 130
    assert "The same command goes on with row" in complained
    with house.client() as admin:
        before = answer(admin.get("/api/v1/account"))["accepted"]
        assert 50 <= before < ROWS
        code, _, complained = done(backfill(house, str(sheet), "--rate", "2000"))
        assert code == 1
        assert "Going on with row" in complained
        assert "Going on with row 1." not in complained
        assert answer(admin.get("/api/v1/account"))["accepted"] == ROWS
    assert not mark.exists()


def test_a_house_that_does_not_know_the_platform_says_so(house: House, sheet: Path) -> None:
    process = subprocess.run(
        [str(LAUREL), "backfill", str(sheet), "--platform", "canvas"],
        env=environment(LAUREL_URL=house.url, LAUREL_VAR=str(house.var)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert "NotFound: there is no platform canvas" in process.stderr
