"""`python -m schemas.export`: one JSON Schema per event, for those who speak the language without Python.

A schema describes what is written: nothing is null, numbers and moments have one spelling. Once its digest stands in
`json/SHA256SUMS` (as `sha256sum --check` reads it) it is released, and never rewritten (decision 0001).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from schemas.events.codec import RELEASED
from schemas.events.envelope import Event, schema_name, schema_urn

FOLDER = Path(__file__).parent / "json"
SUMS = "SHA256SUMS"
_PROSE = {"title", "description"}


class ReleasedSchemaChangedError(Exception):
    """A released schema would be rewritten. Raise the event's `minor`, or write its next version."""


class _AsWritten(GenerateJsonSchema):
    """What `encode` writes: a field without a value is left out, so nothing is null and only that may be absent."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 the signature is Pydantic's
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:
        limits = {"minLength": schema.get("min_length"), "maxLength": schema.get("max_length")}
        written = {limit: 4 * -(-count // 3) for limit, count in limits.items() if count is not None}
        return {"type": "string", "contentEncoding": "base64url", **written}

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001 the signature is Pydantic's
    ) -> bool:
        of = field["schema"]
        if of["type"] == "default":
            return of.get("default", ...) is not None
        return super().field_is_required(field, total)


def json_schema(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of an event as it travels."""
    schema = event.model_json_schema(mode="serialization", schema_generator=_AsWritten)
    schema["properties"]["dataschema"] = {"const": schema_urn(event)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": schema_urn(event), **schema}


def export(folder: Path = FOLDER, events: tuple[type[Event], ...] = RELEASED) -> None:
    """Write the schemas of these events, and release those that are new.

    Raises:
        ReleasedSchemaChangedError: the code says otherwise than a released schema; nothing was written.
    """
    folder.mkdir(exist_ok=True)
    known = released(folder)
    schemas = {f"{schema_name(event)}.json": json_schema(event) for event in events}
    for name in known.keys() & schemas.keys():
        if without_prose(json.loads((folder / name).read_bytes())) != without_prose(schemas[name]):
            raise ReleasedSchemaChangedError(f"{name} is released, and the code now says otherwise")
    for name in schemas.keys() - known.keys():
        text = json.dumps(schemas[name], indent=2, ensure_ascii=False).encode() + b"\n"
        (folder / name).write_bytes(text)
        known[name] = hashlib.sha256(text).hexdigest()
    (folder / SUMS).write_text("".join(f"{known[name]}  {name}\n" for name in sorted(known)), encoding="utf-8")


def without_prose(schema: Any) -> Any:  # noqa: ANN401 JSON of any shape
    """The schema's rules alone: a docstring may be improved after a release."""
    if isinstance(schema, dict):
        return {k: without_prose(v) for k, v in schema.items() if k not in _PROSE or not isinstance(v, str)}
    return [without_prose(item) for item in schema] if isinstance(schema, list) else schema


def released(folder: Path = FOLDER) -> dict[str, str]:
    """File name to SHA-256 of every schema ever released."""
    sums = folder / SUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.exists() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


if __name__ == "__main__":
    export()
