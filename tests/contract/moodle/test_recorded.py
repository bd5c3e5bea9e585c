"""What a real Moodle has sent is read by the bridge, for ever."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moodle_bridge.domain.translate import read, told

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))


@pytest.mark.parametrize("body", RECORDED, ids=lambda path: path.stem)
def test_the_bridge_reads_what_a_real_moodle_sent(body: Path) -> None:
    said = json.loads(body.read_bytes())
    completion = read(body.read_bytes(), datetime(2026, 12, 1, tzinfo=UTC))
    personal = told(completion).personal
    assert (completion.episode, completion.offering, completion.passed) == (
        said["episode"],
        said["offering"],
        said["passed"],
    )
    assert personal.learner.full_name == said["learner"]["fullname"]
    assert personal.learner.email == said["learner"]["email"]
    assert (personal.grade is None) is (said["grade"] is None)


def test_there_are_recorded_bodies() -> None:
    assert RECORDED
