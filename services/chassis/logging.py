"""One log for everything in the process, without personal data: JSON lines, or colours on a terminal."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from datetime import date
from decimal import Decimal
from functools import singledispatch
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import structlog
from opentelemetry import trace

from schemas.faults import Fault

WITHHELD = "[withheld]"

PERSONAL_KEYS = frozenset(
    """
    address authorization birthday body claim cookie credential email evidence family_name firstname full_name fullname
    given_name grade idnumber identifiers key_material lastname learner_name mail password payload personal phone raw
    secret signature subject token username
    """.split()  # noqa: SIM905 three lines of names read better than thirty of quotes
)
"""Names whose values never reach a log, whatever they are."""

_ADDRESS = re.compile(r"[^\s@<>\"'=:,;()]+@[^\s@<>\"'=:,;()]+\.[A-Za-z]{2,}")
_SECRET = re.compile(r"\b(lrl_[a-z]+_|whsec_)[A-Za-z0-9_+/=-]+")
_CLAIM = re.compile(r"/claims/[^/\s?#\"']+")


def scrubbed(text: str) -> str:
    """The text without e-mail addresses, tokens, secrets and claim links."""
    return _CLAIM.sub("/claims/…", _SECRET.sub(WITHHELD, _ADDRESS.sub(WITHHELD, text)))


@singledispatch
def _safe(value: object) -> object:
    """What may stand in a log for a value. Of an object its type alone: a model's repr would print what is in it."""
    return f"<{type(value).__qualname__}>"


@_safe.register(bool | int | float | None)
def _(value: float | None) -> object:
    return value


@_safe.register
def _(value: str) -> str:
    return scrubbed(value)


@_safe.register(UUID | date | Decimal | Path)
def _(value: object) -> str:
    return scrubbed(str(value))


@_safe.register(list | tuple | set | frozenset)
def _(value: Iterable[object]) -> list[object]:
    return [_safe(item) for item in value]


@_safe.register
def _(value: dict) -> dict[str, object]:  # type: ignore[type-arg] # what dispatch goes by has no parameters
    return {str(key): WITHHELD if str(key).lower() in PERSONAL_KEYS else _safe(item) for key, item in value.items()}


@_safe.register
def _(value: type) -> str:
    return value.__qualname__


@_safe.register
def _(value: BaseException) -> str:
    return described(value)


def without_personal_data(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Withhold values under personal names, scrub texts, and name objects by their type instead of printing them."""
    for key, value in event.items():
        event[key] = WITHHELD if key.lower() in PERSONAL_KEYS else _safe(value)
    return event


def described(error: BaseException) -> str:
    """What went wrong: a fault's message is written to be read; of any other only the kind is sure to be harmless."""
    name = type(error).__qualname__
    return f"{name}: {scrubbed(str(error))}" if isinstance(error, Fault | OSError) else name


def frames(error: BaseException) -> list[str]:
    """Where it went wrong, outermost first, causes after: files, lines and functions, no values."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(described(current))
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(current.__traceback__)
        ]
        if isinstance(current, BaseExceptionGroup):
            lines += [f"  | {line}" for inner in current.exceptions for line in frames(inner)]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines


_ExcInfo = bool | BaseException | tuple[type[BaseException], BaseException, TracebackType] | None


def _error_of(given: _ExcInfo) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1]
    return sys.exception() if given else None


def _exceptions_without_values(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = _error_of(event.pop("exc_info", None))
    if error is not None:
        event["error"] = described(error)
        event["traceback"] = frames(error)
    return event


def _trace(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace"] = trace.format_trace_id(context.trace_id)
    return event


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's records alike through the same processors to the stream (stderr)."""
    out = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace,
        _exceptions_without_values,
        without_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if out.isatty() else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)
    for name in ("uvicorn", "uvicorn.error", "faststream"):
        noisy = logging.getLogger(name)
        noisy.handlers.clear()
        noisy.propagate = True


_QUIET = {
    # An access log holds claim links; what happened is in the trace and the metrics.
    "uvicorn.access": logging.CRITICAL,
    "uvicorn.error": logging.WARNING,  # `chassis.host` says what started and stopped
    "aiokafka": logging.ERROR,
    "faststream": logging.WARNING,
    "chassis.broker.faststream": logging.WARNING,
    "httpcore2": logging.WARNING,  # it would log every header, ours and theirs
    "httpx": logging.WARNING,
    "httpx2": logging.WARNING,
    "opentelemetry": logging.ERROR,
}
