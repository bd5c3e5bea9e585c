"""Which courses issue, as the administrator wrote it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

TEXT = """
# Autumn
data-ethics
DE-2026 = data-ethics   # the old course
A = B = c-1
"""


@pytest.mark.parametrize(
    ("idnumber", "offering"),
    [
        ("data-ethics", "data-ethics"),
        ("DE-2026", "data-ethics"),
        ("A = B", "c-1"),
        (" DE-2026 ", "data-ethics"),
        ("other", None),
        ("", None),
    ],
)
def test_a_course_is_opted_in_by_its_id_number(plugin: Callable[..., Any], idnumber: str, offering: str | None) -> None:
    read = plugin("offering", text=TEXT, idnumber=idnumber)
    assert read == {"offering": offering, "unreadable": [], "empty": False}


@pytest.mark.parametrize(
    ("idnumber", "offering"), [("fire-safety", "fire-safety"), ("FIRE 2026", None), ("", None), ("X", "x-ray")]
)
def test_a_star_opts_in_every_course_whose_id_number_can_be_an_offering(
    plugin: Callable[..., Any], idnumber: str, offering: str | None
) -> None:
    assert plugin("offering", text="*\nX = x-ray", idnumber=idnumber)["offering"] == offering


@pytest.mark.parametrize("text", ["", "\r\n  \n", "# nothing yet"])
def test_nothing_written_opts_in_nobody(plugin: Callable[..., Any], text: str) -> None:
    assert plugin("offering", text=text, idnumber="data-ethics") == {"offering": None, "unreadable": [], "empty": True}


def test_a_line_that_cannot_be_an_offering_is_named(plugin: Callable[..., Any]) -> None:
    read = plugin("offering", text="data-ethics\nDE-2026\n= x\nA = Data Ethics", idnumber="DE-2026")
    assert read["unreadable"] == ["DE-2026", "= x", "A = Data Ethics"]
    assert read["offering"] is None
