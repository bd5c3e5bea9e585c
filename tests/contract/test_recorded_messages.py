"""Every message ever recorded is read as the newest version of its fact. Messages are added here, never changed."""

from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator

from schemas.events import Event, decode
from schemas.events.codec import RELEASED
from schemas.events.envelope import type_of
from schemas.events.upcast import newest
from schemas.export import FOLDER

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_message_decodes_to_the_newest_class(path: Path) -> None:
    event = decode(path.read_bytes())

    assert isinstance(event, Event), event
    assert newest(event) is event
    assert str(event.id) == orjson.loads(path.read_bytes())["id"]


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_message_conforms_to_the_schema_it_names(path: Path) -> None:
    message = orjson.loads(path.read_bytes())
    schema = FOLDER / f"{message['dataschema'].removeprefix('urn:laurel:schema:')}.json"

    Draft202012Validator(orjson.loads(schema.read_bytes())).validate(message)


def test_every_version_of_every_event_was_recorded() -> None:
    assert {orjson.loads(path.read_bytes())["type"] for path in RECORDED} == {type_of(event) for event in RELEASED}
