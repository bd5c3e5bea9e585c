"""A message's content with everything masked that might be about a person.

What cannot be handled may be anything, a name where an id belongs too. So nothing is shown because of where it stands
alone: a value stays only under a name that is known to hold codes, and only if it looks like one.
"""

from __future__ import annotations

import re

from pydantic import JsonValue
from pydantic_core import from_json

_MOMENT = r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)"
_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ID = re.compile(_UUID)
_CODE = re.compile(r"[a-z0-9][a-z0-9./:-]{0,99}")
_KEY = re.compile(rf"{_UUID}|[a-z0-9-]{{1,63}}@\d+")
_WHEN = re.compile(_MOMENT)

_SHOWN: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("id", "subject", "completion", "previous", "award", "learner"), _ID),
    **dict.fromkeys(("time", "received", "completed", "valid_until"), _WHEN),
    **dict.fromkeys(("specversion", "type", "dataschema", "datacontenttype", "kind", "format", "reason"), _CODE),
    **dict.fromkeys(("overrides", "supervision"), _CODE),
    **dict.fromkeys(("organisation", "offering", "offerings", "platform", "state", "decision"), _CODE),
    "source": re.compile(r"/[a-z-]{1,50}"),
}
_SLUGS = frozenset({"platform", "organisation", "offering"})
"""Objects whose `id` is a code that somebody chose."""
HEADERS = frozenset({"traceparent", "tracestate", "content-type"})
_DEEP = 40


def masked(raw: bytes) -> JsonValue:
    """The message as JSON, masked; None when it is no JSON."""
    try:
        return _masked(from_json(raw), "", "", _DEEP)
    except ValueError:
        return None


def masked_headers(headers: dict[str, str]) -> dict[str, str]:
    """The headers; of those that are not Laurel's or the trace's, their names alone."""
    return {name: value if name.lower() in HEADERS else _mask(value) for name, value in headers.items()}


def masked_key(key: str) -> str:
    """The key, where it is one of ours: an opaque id, or a version of an offering."""
    return key if _KEY.fullmatch(key) else _mask(key)


def _masked(value: JsonValue, name: str, parent: str, deeper: int) -> JsonValue:
    match value:
        case None | bool():
            return value
        case int() | float():
            return value if name in {"attempt", "version", "offering_version", "index"} else "[a number]"
        case str():
            pattern = _CODE if name == "id" and parent in _SLUGS and not _ID.fullmatch(value) else _SHOWN.get(name)
            return value if pattern is not None and pattern.fullmatch(value) else _mask(value)
        case _ if not deeper:
            return "[more]"
        case list():
            return [_masked(each, name, parent, deeper - 1) for each in value]
        case dict():
            # The names of fields, too, are whatever the sender wrote.
            return {
                key if re.fullmatch(r"[A-Za-z_@$-]{1,40}", key) else _mask(key): _masked(each, key, name, deeper - 1)
                for key, each in value.items()
            }


def _mask(text: str) -> str:
    return f"[{len(text)} characters]"
