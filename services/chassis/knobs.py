"""How settings are written in an environment, which knows nothing but text, and what is said of a wrong one."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from schemas.faults import Misconfigured

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Knobs(BaseSettings):
    """What a process is told by its environment, each knob under its class's `env_prefix`.

    Raises `Misconfigured`: a sentence for each that is wrong, with its variable and, unless it is a secret, its value.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 each setting has its own type
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise Misconfigured("; ".join(self._sentences(error))) from None

    @classmethod
    def _sentences(cls, error: ValidationError) -> Iterator[str]:
        for wrong in error.errors(include_url=False):
            if wrong["type"] != _FOLLOWS:
                why = str(wrong["ctx"]["error"]) if wrong["type"] == "value_error" else wrong["msg"]
                yield f"{cls._named(wrong)}: {why}" if wrong["loc"] else why

    @classmethod
    def _named(cls, wrong: ErrorDetails) -> str:
        name = str(wrong["loc"][0])
        variable = f"{cls.model_config['env_prefix']}{name}".upper()
        annotation = cls.model_fields[name].annotation
        secret = SecretStr in (annotation, *get_args(annotation))
        return variable if secret else f"{variable} is {_without_password(str(wrong['input']))!r}"


def _without_password(text: str) -> str:
    return _USER.sub(r"\1…@", text)


_USER = re.compile(r"(\w[\w+.-]*://)?.*@", re.DOTALL)
"""Whom an address names before its host, often with a password: up to the last `@`, as passwords hold anything."""

_FOLLOWS = "default_factory_not_called"
"""A default that is made of a setting that is wrong: nothing to say twice."""


@contextmanager
def usable(variable: str, value: object) -> Iterator[None]:
    """Use what a setting names: what the system says against it is raised as `Misconfigured`, with the setting."""
    try:
        yield
    except OSError as error:
        raise Misconfigured(f"{variable} is {str(value)!r}, which cannot be used: {error.strerror or error}") from error


def among(names: Collection[str]) -> AfterValidator:
    """For a text that is one of these names."""

    def is_there(name: str) -> str:
        if name not in names:
            raise ValueError(f"there are {', '.join(names)}")
        return name

    return AfterValidator(is_there)


def _comma_separated(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _json(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from None


def _seconds(value: object) -> object:
    return float(value) if isinstance(value, str) and value.replace(".", "", 1).isdigit() else value


COMMA_SEPARATED = (NoDecode, BeforeValidator(_comma_separated))
"""For several values, as `Annotated[tuple[str, ...], *COMMA_SEPARATED]`; not the JSON that Pydantic would expect."""

AS_JSON = (NoDecode, BeforeValidator(_json))
"""For what needs more than that."""

Span = Annotated[timedelta, BeforeValidator(_seconds), Field(gt=timedelta(0))]
"""A span of time: seconds, or ISO 8601 (`PT1H`)."""
