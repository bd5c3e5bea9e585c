"""The plugin's files are as Moodle wants them, as far as that can be told without one."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

PLUGIN = Path(__file__).parents[3] / "plugins/moodle-bridge/local_laurel"
FILES = sorted(PLUGIN.rglob("*.php"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGIN)))
def test_php_reads_the_file_and_it_carries_its_licence(php: str, path: Path) -> None:
    done = subprocess.run([php, "-l", str(path)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
    text = path.read_text(encoding="utf-8")
    assert "GNU GPL v3 or later" in text
    assert "@package   local_laurel" in text


def test_the_folder_says_which_moodle_it_is_for() -> None:
    version = (PLUGIN / "version.php").read_text(encoding="utf-8")
    assert "component = 'local_laurel'" in version
    assert "requires = 2024100700" in version
    assert "supported = [405, 501]" in version
    assert (PLUGIN / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("GNU GENERAL PUBLIC LICENSE")


def test_an_episode_has_one_row() -> None:
    table = ET.parse(PLUGIN / "db/install.xml").find("TABLES/TABLE")  # noqa: S314 - our own file
    assert table is not None
    unique = [index.get("FIELDS") for index in table.findall("INDEXES/INDEX") if index.get("UNIQUE") == "true"]
    assert unique == ["episode"]


def test_every_string_asked_for_is_there(plugin: Callable[..., Any]) -> None:
    strings = set(plugin("strings", language="en"))
    for path in FILES:
        for name in re.findall(
            r"(?:get_string|lang_string)\(\s*'([\w:]+)',\s*'local_laurel'", path.read_text(encoding="utf-8")
        ):
            assert name in strings, f"{path.name} asks for {name}"


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_every_language_says_all_that_english_says(plugin: Callable[..., Any], language: str) -> None:
    english, other = plugin("strings", language="en"), plugin("strings", language=language)
    assert set(other) == set(english)
    for name, text in english.items():
        placeholders, theirs = (sorted(set(re.findall(r"\{\$a[^}]*\}", one))) for one in (text, other[name]))
        assert placeholders == theirs, name


def test_what_is_kept_about_a_learner_is_declared(plugin: Callable[..., Any]) -> None:
    """Each column that says something of a person has its words in the privacy registry."""
    technical = {
        "id",
        "kind",
        "about",
        "recheck",
        "polls",
        "nextpoll",
        "timeoutcome",
        "asof",
        "triggerkind",
        "triggerid",
        "deliveryid",
        "attempts",
        "nextattempt",
        "timedelivered",
        "timecreated",
        "timemodified",
    }
    fields = {
        field.get("NAME")
        for field in ET.parse(PLUGIN / "db/install.xml").iterfind("TABLES/TABLE[1]/FIELDS/FIELD")  # noqa: S314 - our own file
    }
    told = {
        name.rpartition(":")[2]
        for name in plugin("strings", language="en")
        if name.startswith("privacy:metadata:outbox:")
    }
    assert told == fields - technical
