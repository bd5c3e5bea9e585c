"""Files of earlier completions: as spreadsheets write them, told in portions, gone on with after a stop."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from laurel.backfill.columns import COLUMNS, template
from laurel.backfill.moments import read_moment
from laurel.backfill.reading import Line, opened
from laurel.backfill.resuming import Bookmark
from laurel.backfill.showing import SENTENCES, sentence
from laurel.backfill.telling import TellFile, Told
from laurel.cli import main
from moodle_bridge.domain.earlier import EarlierCompletion
from moodle_bridge.ports import Standing
from schemas.faults import Malformed, NotFound, Unavailable

HEADER = "offering,learner,full_name,completed"
ROW = "data-ethics,5,Ana Andromeda,2024-05-31"
SAID = {
    "offering": "data-ethics",
    "learner": "5",
    "full_name": "Ana Andromeda",
    "completed": "2024-05-31T00:00:00.000Z",
}


def read(path: Path, content: str | bytes, zone: str | None = None) -> list[Line]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with opened(path, ZoneInfo(zone) if zone else UTC) as file:
        return list(file.lines())


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "earlier.csv"


def test_the_columns_are_the_fields_that_the_bridge_reads() -> None:
    fields = EarlierCompletion.model_fields
    assert COLUMNS.keys() == fields.keys()
    assert {name for name, column in COLUMNS.items() if column.needed} == {
        name for name, field in fields.items() if field.is_required()
    }


def test_everything_that_a_row_can_come_to_has_its_sentence() -> None:
    assert SENTENCES.keys() == {*Standing}
    assert sentence({"standing": "would-be-refused", "detail": "it closed"}) == "would be refused because it closed"
    assert sentence({"standing": "issued"}) == "already issued"


def test_the_template_is_a_file_that_can_be_told(sheet: Path) -> None:
    printed = CliRunner().invoke(main, ["backfill", "--template"])
    (line,) = read(sheet, printed.stdout)
    assert not line.problems
    assert EarlierCompletion.model_validate(line.said).full_name == "Elif Erdem"
    assert list(csv.reader(io.StringIO(printed.stdout))) == list(template())


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n",
        f"\ufeff{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\n{ROW}\n".replace(",", ";"),
        f"{HEADER}\n{ROW}\n".replace(",", "\t"),
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        f"Offering , Learner,FULL NAME,Completed\n{ROW}",
        f"{HEADER},email\n{ROW}, \n\n,,,,\n",
        'offering,learner,full_name,completed\n"data-ethics","5","Ana Andromeda","2024-05-31"\n',
    ],
    ids=["plain", "mark", "semicolons", "tabs", "utf-16", "spelling", "empty", "quoted"],
)
def test_a_spreadsheet_is_read_however_its_program_saved_it(sheet: Path, content: str | bytes) -> None:
    assert read(sheet, content) == [Line(1, 2, SAID)]


def test_a_quoted_cell_may_go_over_several_lines_and_rows_are_found_where_they_begin(sheet: Path) -> None:
    first, second = read(sheet, f'{HEADER}\ndata-ethics,5,"Ana\nAndromeda",2024-05-31\n{ROW}\n')
    assert first.said["full_name"] == "Ana\nAndromeda"
    assert [(line.row, line.at) for line in (first, second)] == [(1, 2), (2, 4)]


@given(
    names=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1).filter(str.strip), max_size=5
    ),
    delimiter=st.sampled_from(",;\t"),
)
def test_whatever_a_cell_holds_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], delimiter: str
) -> None:
    content = io.StringIO(newline="")
    csv.writer(content, delimiter=delimiter).writerows(
        [HEADER.split(","), *(["data-ethics", "5", name, "2024-05-31"] for name in names)]
    )
    lines = read(tmp_path_factory.mktemp("sheets") / "any.csv", content.getvalue())
    assert [line.said["full_name"] for line in lines] == [name.strip() for name in names]


def test_lines_of_json_say_the_same(tmp_path: Path) -> None:
    said = json.dumps({**SAID, "completed": "31.05.2024", "grade": 85, "evidence": ["https://uex.example.org"]})
    lines = read(tmp_path / "earlier.ndjson", f"{said}\n\n[1]\n{{\n")
    assert lines[0] == Line(1, 1, {**SAID, "grade": 85, "evidence": ["https://uex.example.org"]})
    assert [(line.row, line.at, *line.problems) for line in lines[1:]] == [(2, 3, "row"), (3, 4, "row")]


def test_a_row_that_cannot_be_read_names_its_field_and_the_next_one_is_read(sheet: Path) -> None:
    lines = read(sheet, f"{HEADER}\ndata-ethics,5,Ana,05/31/2024\ndata-ethics,5\ndata-ethics,,Ana,2024-05-31\n{ROW}\n")
    assert [line.problems.keys() for line in lines] == [{"completed"}, {"row"}, {"learner"}, set()]
    assert "05/31/2024 could be two days" in lines[0].problems["completed"]
    assert lines[1].problems["row"] == "has 2 cells, and 4 columns have a name"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("offering,learner,name,completed\n", "there is no column 'name'; there are: offering"),
        ("offering,learner,full_name\n", "the first line names no column completed"),
        (f"{HEADER},learner\n", "the column learner is there twice"),
        ("", "there is no column|names no column"),
        (f'{HEADER}\ndata-ethics,5,"Ana,2024-05-31\n', "line 2: a quotation mark is not closed"),
        (f"{HEADER}\ndata-ethics,5,Bj\xf6rn,2024-05-31\n".encode("latin-1"), "this is not UTF-8; save it as CSV UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(sheet: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read(sheet, content)


def test_another_kind_of_file_and_one_that_is_not_there_are_said(tmp_path: Path) -> None:
    with (
        pytest.raises(Malformed, match=r"save it as a file that ends in one of \.csv"),
        opened(tmp_path / "earlier.xlsx", UTC),
    ):
        pass
    with pytest.raises(NotFound, match="cannot be read: No such file"), opened(tmp_path / "earlier.csv", UTC):
        pass


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-31", "2024-05-30T22:00:00.000Z"),
        ("31.05.2024", "2024-05-30T22:00:00.000Z"),
        ("31.5.2024 14:30", "2024-05-31T12:30:00.000Z"),
        ("2024-05-31 14:30:15", "2024-05-31T12:30:15.000Z"),
        ("2024-05-31T14:30+05:00", "2024-05-31T09:30:00.000Z"),
        (" 2024-01-31T14:30:00Z ", "2024-01-31T14:30:00.000Z"),
        ("2024-01-31T14:30", "2024-01-31T13:30:00.000Z"),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, moment: str) -> None:
    assert read_moment(text, ZoneInfo("Europe/Berlin")) == moment


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("05/06/2024", "could be two days"),
        ("5-6-24", "could be two days"),
        ("45443", "a spreadsheet's number for a day"),
        ("31.02.2024", "no day of the calendar"),
        ("2024-13-01", "no day of the calendar"),
        ("in May", "no day of the calendar"),
    ],
)
def test_what_could_be_two_days_or_none_is_not_guessed(text: str, trouble: str) -> None:
    with pytest.raises(ValueError, match=rf"{trouble}.*; write 2024-05-31, or"):
        read_moment(text, UTC)


def test_a_bookmark_is_of_this_file_and_this_platform(sheet: Path) -> None:
    sheet.write_text(f"{HEADER}\n{ROW}\n")
    bookmark = Bookmark(sheet, "moodle")
    assert bookmark.read() == 0
    bookmark.keep(200)
    assert Bookmark(sheet, "moodle").read() == 200
    assert Bookmark(sheet, "canvas").read() == 0
    sheet.write_text(f"{HEADER}\n{ROW}\n{ROW}\n")
    assert Bookmark(sheet, "moodle").read() == 0
    bookmark.path.write_text("{}")
    assert bookmark.read() == 0
    bookmark.remove()
    assert not bookmark.path.exists()


class HouseOf:
    """A house that accepts everything, and is away so many times."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.asked: list[list[Any]] = []

    async def post(self, path: str, body: Any = None) -> dict[str, Any]:  # noqa: ANN401 JSON
        assert path == "/path"
        if self.away:
            self.away -= 1
            raise Unavailable("nobody answers")
        self.asked.append(body["items"])
        return {"items": [{"standing": "accepted", "said": item} for item in body["items"]]}


def lines(*numbers: int) -> list[Line]:
    return [Line(n, n + 1, {"n": n}, {"n": "is odd"} if n % 2 else {}) for n in numbers]


async def test_every_line_gets_its_own_answer_and_what_cannot_be_read_is_not_sent() -> None:
    house, told = HouseOf(), list[Told]()
    tell = TellFile(house.post, "/path", rate=None, on_wait=lambda _: None, portion=3)
    await tell(lines(1, 2, 3, 4, 6, 5), told.append)
    assert house.asked == [[{"n": 2}], [{"n": 4}, {"n": 6}]]
    answered = [
        (line.row, answer["standing"]) for one in told for line, answer in zip(one.lines, one.answers, strict=True)
    ]
    assert answered == [
        (1, "unreadable"),
        (2, "accepted"),
        (3, "unreadable"),
        (4, "accepted"),
        (6, "accepted"),
        (5, "unreadable"),
    ]


async def test_a_house_that_is_away_is_waited_for_and_told_the_same_again() -> None:
    house, waits = HouseOf(away=2), list[Unavailable]()
    await TellFile(house.post, "/path", rate=None, on_wait=waits.append)(lines(2), lambda _: None)
    assert (len(waits), house.asked) == (2, [[{"n": 2}]])


async def test_no_more_is_told_in_a_second_than_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("laurel.backfill.telling.asyncio.sleep", sleep)
    monkeypatch.setattr("laurel.backfill.telling.time.monotonic", lambda: 100 + sum(slept))
    house = HouseOf()
    await TellFile(house.post, "/path", rate=10, on_wait=lambda _: None)(lines(*range(2, 62, 2)), lambda _: None)
    assert [len(portion) for portion in house.asked] == [10, 10, 10]
    assert sum(slept) == pytest.approx(3)


async def test_lines_are_read_as_they_are_told_and_not_before() -> None:
    read_so_far = 0

    def endless() -> Any:  # noqa: ANN401 an iterator
        nonlocal read_so_far
        while True:
            read_so_far += 2
            yield Line(read_so_far, 1, {"n": read_so_far})

    class Enough(Exception):  # noqa: N818 it is no error
        pass

    def stop(told: Told) -> None:
        if told.lines[-1].row > 1000:
            raise Enough

    with pytest.raises(Enough):
        await TellFile(HouseOf().post, "/path", rate=None, on_wait=lambda _: None, portion=50)(endless(), stop)
    assert read_so_far < 1200


def test_a_command_without_its_file_or_platform_says_so(tmp_path: Path) -> None:
    for given_ in ([], [str(tmp_path / "earlier.csv")], ["--platform", "moodle"]):
        done = CliRunner().invoke(main, ["backfill", *given_])
        assert done.exit_code == 2
        assert "--platform" in done.output
