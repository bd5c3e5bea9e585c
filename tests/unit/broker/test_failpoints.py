from __future__ import annotations

import os
import signal
import subprocess
import sys

from chassis.failpoints import VARIABLE

PASSES = """
from chassis.failpoints import failpoint
for passage in range(1, 6):
    failpoint("issuer.after-write")
    print(passage, flush=True)
"""


def run(program: str, armed: str | None) -> tuple[int, list[str]]:
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if armed is not None:
        environment[VARIABLE] = armed
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.split()


def test_an_armed_failpoint_kills_the_process_at_that_passage() -> None:
    assert run(PASSES, "issuer.after-write:3") == (-signal.SIGKILL, ["1", "2"])


def test_without_a_count_the_first_passage_is_the_last() -> None:
    assert run(PASSES, "issuer.after-write") == (-signal.SIGKILL, [])


def test_another_failpoint_or_none_lets_the_process_pass() -> None:
    everything = (0, ["1", "2", "3", "4", "5"])
    assert run(PASSES, "issuer.before-write:1") == everything
    assert run(PASSES, None) == everything


def test_a_batch_may_be_passed_as_many_passages() -> None:
    program = 'from chassis.failpoints import failpoint; failpoint("a", 4); print("on"); failpoint("a", 4)'
    assert run(program, "a:9")[0] == 0
    assert run(program, "a:8")[0] == -signal.SIGKILL
