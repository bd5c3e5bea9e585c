"""What a file of earlier completions may say: the columns of a spreadsheet, and the names in a line of JSON."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One of them."""

    meaning: str
    example: str = ""
    needed: bool = False


COLUMNS: dict[str, Column] = {
    "offering": Column("the offering's id in the catalogue", "data-ethics", needed=True),
    "learner": Column("the platform's own id for the learner, as its deliveries carry it", "4711", needed=True),
    "full_name": Column("the name that will stand in the credential", "Elif Erdem", needed=True),
    "completed": Column(
        "when: 2024-05-31, 2024-05-31T14:30+02:00 or 31.05.2024 14:30; without a zone, --zone's",
        "2024-05-31",
        needed=True,
    ),
    "passed": Column("yes or no; empty is yes", "yes"),
    "given_name": Column("for formats that keep names apart", "Elif"),
    "family_name": Column("for formats that keep names apart", "Erdem"),
    "email": Column("the learner's address", "elif@example.org"),
    "student_number": Column("the provider's number for the learner", "S-118"),
    "language": Column("the learner's language, as BCP 47 writes it", "tr"),
    "grade": Column("as it was awarded", "85"),
    "grade_minimum": Column("of the scale that the grade is read on", "0"),
    "grade_maximum": Column("of the scale that the grade is read on", "100"),
    "pass_mark": Column("of the scale that the grade is read on", "50"),
    "evidence": Column("addresses of evidence, spaces between them"),
    "course": Column("the platform's own id for the course", "17"),
    "attempt": Column("which attempt it was, from 1", "1"),
    "episode": Column(
        "the platform's own name for this one completion; empty where it has none: then offering, learner and moment"
        " tell it from others"
    ),
}


def template() -> tuple[list[str], list[str]]:
    """The first lines of a spreadsheet: the names, and an example."""
    return list(COLUMNS), [column.example for column in COLUMNS.values()]
