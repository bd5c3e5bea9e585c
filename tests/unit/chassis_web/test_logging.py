import io
import json
import logging
from collections.abc import Iterator
from uuid import UUID

import pytest
import structlog
from pydantic import BaseModel

from chassis.logging import configure
from schemas.faults import Refused


class Person(BaseModel):
    email: str


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure("debug", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_values_under_personal_names_are_withheld_at_any_depth(log: io.StringIO) -> None:
    structlog.get_logger().info("issued", email="ana@example.org", learner={"full_name": "Ana Andromeda", "id": "5"})
    (line,) = lines(log)
    assert line["email"] == "[withheld]"
    assert line["learner"] == {"full_name": "[withheld]", "id": "5"}
    assert "Andromeda" not in log.getvalue()


def test_addresses_tokens_and_claim_links_are_taken_out_of_texts(log: io.StringIO) -> None:
    structlog.get_logger().info(
        "sent to ana@example.org", note="lrl_admin_abcdefg123, whsec_AAAA=", link="http://x/claims/s3cr3t?x=1"
    )
    text = log.getvalue()
    for secret in ("ana@example.org", "abcdefg123", "whsec_AAAA", "s3cr3t"):
        assert secret not in text


def test_an_object_is_named_by_its_type_not_printed(log: io.StringIO) -> None:
    structlog.get_logger().info("got", who=Person(email="ana@example.org"), many=[Person(email="b@example.org")])
    (line,) = lines(log)
    assert line["who"] == "<Person>"
    assert line["many"] == ["<Person>"]


def test_plain_values_stay_readable(log: io.StringIO) -> None:
    award = UUID("3b1f0a3e-1111-5222-8333-444455556666")
    structlog.get_logger().info("issued", award=award, count=3, ok=True, nothing=None, seconds=0.5)
    (line,) = lines(log)
    assert (line["award"], line["count"], line["ok"], line["nothing"], line["seconds"]) == (
        str(award), 3, True, None, 0.5,
    )  # fmt: skip


def test_an_exception_tells_where_it_was_raised_and_not_what_it_was_about(log: io.StringIO) -> None:
    try:
        Person.model_validate({"email": ["Ana Andromeda"]})
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = lines(log)
    assert "Andromeda" not in log.getvalue()
    assert line["error"] == "ValidationError"
    assert any("test_logging.py" in frame for frame in line["traceback"])  # type: ignore[union-attr]


def test_a_faults_message_is_written_to_be_read(log: io.StringIO) -> None:
    try:
        try:
            {}["Ana Andromeda"]
        except KeyError as error:
            raise Refused("the offering closed on 2026-01-01") from error
    except Refused:
        structlog.get_logger().exception("failed")
    (line,) = lines(log)
    assert line["error"] == "Refused: the offering closed on 2026-01-01"
    assert "KeyError" in line["traceback"]  # type: ignore[operator]
    assert "Andromeda" not in log.getvalue()


def test_libraries_that_use_the_standard_log_go_the_same_way(log: io.StringIO) -> None:
    logging.getLogger("somebody.else").warning("mail to %s failed", "ana@example.org")
    (line,) = lines(log)
    assert line["event"] == "mail to [withheld] failed"
    assert line["logger"] == "somebody.else"
