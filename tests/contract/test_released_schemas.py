"""The language as others read it: `schemas/json`."""

import hashlib
from pathlib import Path
from typing import ClassVar, Literal

import orjson
import pytest
from jsonschema import Draft202012Validator, ValidationError

from schemas.events import Event, encode
from schemas.events.codec import RELEASED
from schemas.events.envelope import schema_name
from schemas.export import FOLDER, SUMS, ReleasedSchemaChangedError, export, json_schema, released, without_prose
from schemas.values import Frozen
from tests.builders import NOW, a_retired_offering, an_id, every_event, offering_published


@pytest.mark.parametrize(("name", "digest"), released().items())
def test_a_released_schema_is_never_rewritten(name: str, digest: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("event", RELEASED, ids=schema_name)
def test_every_event_has_its_schema_released_as_the_code_says_it(event: type[Event]) -> None:
    assert f"{schema_name(event)}.json" in released()
    written = orjson.loads((FOLDER / f"{schema_name(event)}.json").read_bytes())
    assert without_prose(written) == without_prose(json_schema(event))


def test_no_schema_lies_about_that_was_not_released() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {SUMS, *released()}


@pytest.mark.parametrize("event", [*every_event(), offering_published(a_retired_offering())], ids=lambda e: e.type)
def test_what_is_written_conforms_to_the_schema_it_names(event: Event) -> None:
    schema = orjson.loads((FOLDER / f"{schema_name(type(event))}.json").read_bytes())

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        orjson.loads(encode(event))
    )


@pytest.mark.parametrize("event", every_event(), ids=lambda e: e.type)
def test_a_misspelt_field_does_not_conform(event: Event) -> None:
    message = orjson.loads(encode(event))
    message["data"]["orgnisation"] = "uex"

    with pytest.raises(ValidationError, match="orgnisation"):
        Draft202012Validator(json_schema(type(event))).validate(message)


class Note(Frozen):
    text: str


class Noted(Event):
    type: Literal["laurel.test.noted.v1"] = "laurel.test.noted.v1"
    data: Note


class SignedNote(Note):
    by: str | None = None


class NotedAndSigned(Event):
    """The same version, with a field more; its author forgot to raise the minor."""

    type: Literal["laurel.test.noted.v1"] = "laurel.test.noted.v1"
    data: SignedNote


class NotedAndSignedMinor(NotedAndSigned):
    """The same, with the minor raised."""

    minor: ClassVar[int] = 1


def test_the_export_refuses_to_rewrite_a_released_schema(tmp_path: Path) -> None:
    export(tmp_path, (Noted,))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    with pytest.raises(ReleasedSchemaChangedError, match=r"laurel\.test\.noted\.v1\.json"):
        export(tmp_path, (NotedAndSigned,))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_better_prose_leaves_a_released_schema_as_it_is(tmp_path: Path) -> None:
    export(tmp_path, (NotedAndSigned,))
    before = (tmp_path / "laurel.test.noted.v1.json").read_bytes()

    class Better(NotedAndSigned):
        """Somebody wrote a note."""

    export(tmp_path, (Better,))

    assert (tmp_path / "laurel.test.noted.v1.json").read_bytes() == before


def test_an_added_field_is_a_minor_released_beside_the_schema_before_it(tmp_path: Path) -> None:
    export(tmp_path, (Noted,))
    export(tmp_path, (NotedAndSignedMinor,))

    assert list(released(tmp_path)) == ["laurel.test.noted.v1.1.json", "laurel.test.noted.v1.json"]
    event = NotedAndSignedMinor(id=an_id("note"), source="/t", subject="1", time=NOW, data=SignedNote(text="a", by="b"))
    assert orjson.loads(encode(event))["dataschema"] == "urn:laurel:schema:laurel.test.noted.v1.1"
