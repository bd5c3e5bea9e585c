"""Many credentials in one request: JSON lines or a JSON array in, a row for each out, while they are verified.

A row of lines is a credential as it was issued (JSON or a token), or `{"credential": …}`. Nothing is fetched by address
here: who asks for ten thousand addresses does not ask for credentials.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Final

import structlog
from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from credentials.json_text import parse_json, write_json
from schemas.faults import Malformed, Unavailable
from schemas.values import JsonObject, instant_text
from verifier.domain.report import Report
from verifier.entrypoints.questions import NothingToVerify
from verifier.handlers.verifying_many import Numbered, VerifyMany
from verifier.handlers.working import is_quick

MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_LISTS: Final = 2
"""Under way in a process at the same time; who comes next is asked to come again."""
LINES: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})
NDJSON: Final = "application/x-ndjson"
CSV: Final = "text/csv"
_IN_MEMORY: Final = 1024 * 1024
_ACCIDENT: Final = "This one could not be verified: something went wrong here."
_log = structlog.get_logger(__name__)

COLUMNS: Final[Mapping[str, Callable[[Report], str | None]]] = {
    "decision": lambda report: report.decision.value,
    "sentence": lambda report: report.sentence,
    "codes": lambda report: " ".join(report.codes),
    "id": lambda report: report.credential.id if report.credential else None,
    "title": lambda report: report.credential.title if report.credential else None,
    "issuer": lambda report: report.credential.issuer.id if report.credential else None,
    "issuerName": lambda report: report.credential.issuer.name if report.credential else None,
    "subjectName": lambda report: report.credential.subject.name if report.credential else None,
    "issued": lambda report: _moment(report.credential.issued) if report.credential else None,
    "validUntil": lambda report: _moment(report.credential.valid_until) if report.credential else None,
}
"""What a row of a table says, after its number."""


def _moment(moment: object) -> str | None:
    return instant_text(moment) if moment is not None else None  # type: ignore[arg-type] # an Instant


def _cell(text: str | None) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text or ""


def _as_csv(number: int, report: Report | None) -> bytes:
    told = [tell(report) for tell in COLUMNS.values()] if report else [None, _ACCIDENT]
    return _csv_line([str(number), *map(_cell, told)])


def _as_json(number: int, report: Report | None) -> bytes:
    return write_json({"row": number, **(report.told() if report else {"detail": _ACCIDENT})}) + b"\n"


def _row(render: Callable[[int, Report | None], bytes], number: int, report: Report | None) -> bytes:
    try:
        return render(number, report)
    except Exception as error:  # noqa: BLE001 whatever it is, the rows after it are to come
        _log.error("unexpected", row=number, exc_info=error)
        return render(number, None)


def _csv_line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


class _Rows(StreamingResponse):
    """Says when it has ended, however it ended."""

    ended: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.ended()


class Bulk:
    """Answers lists of credentials."""

    def __init__(self, verify: VerifyMany) -> None:
        self._verify = verify
        self._under_way = 0

    async def lines(self, request: Request) -> StreamingResponse:
        """An answer to JSON lines.

        They are taken in first, into a nameless file where they are many: who sends everything before reading anything
        would else wait for ever.

        Raises:
            Unavailable: others' lists are under way.
            NothingToVerify, Malformed: no rows, or too many.
        """
        self._begin()
        file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 closed with the answer
        try:
            await _take_in(request, file)
        except BaseException:
            file.close()
            self._end()
            raise

        def end() -> None:
            file.close()
            self._end()

        return self._answer(request, _numbered_lines(file), end)

    def values(self, request: Request, values: list[object]) -> StreamingResponse:
        """An answer to a JSON array.

        Raises:
            Unavailable: others' lists are under way.
            NothingToVerify, Malformed: no rows, or too many.
        """
        _keep_rows(len(values))
        self._begin()
        return self._answer(request, _numbered_values(values), self._end)

    def _begin(self) -> None:
        if self._under_way >= MOST_LISTS:
            raise Unavailable("other lists are being verified; send yours again in a while")
        self._under_way += 1

    def _end(self) -> None:
        self._under_way -= 1

    def _answer(
        self, request: Request, submissions: AsyncIterator[Numbered], ended: Callable[[], None]
    ) -> StreamingResponse:
        as_csv = CSV in request.headers.get("accept", "")
        render = _as_csv if as_csv else _as_json

        async def body() -> AsyncIterator[bytes]:
            if as_csv:
                yield _csv_line(["row", *COLUMNS])
            async for number, report in self._verify(submissions):
                yield _row(render, number, report)

        answer = _Rows(body(), media_type=CSV if as_csv else NDJSON, headers={"cache-control": "no-store"})
        answer.ended = ended
        return answer


def _keep_rows(count: int) -> None:
    if not count:
        raise NothingToVerify("there is no credential in this list")
    if count > MOST_ROWS:
        raise Malformed(f"there are {count} rows; {MOST_ROWS} are verified at most, so send them in portions")


async def _take_in(request: Request, file: IO[bytes]) -> None:
    async for chunk in request.stream():
        file.write(chunk)
        if file.tell() > MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    file.seek(0)
    _keep_rows(sum(1 for line in file if line.strip()))
    file.seek(0)


async def _numbered_lines(file: IO[bytes]) -> AsyncIterator[Numbered]:
    for number, line in enumerate(file, 1):
        if text := line.strip():
            yield number, await _submission(text)


async def _submission(text: bytes) -> str | bytes | JsonObject:
    """The credential in a line. What cannot be read is left as it is: its report says why."""
    try:
        value = parse_json(text) if is_quick(text) else await asyncio.to_thread(parse_json, text)
    except Malformed:
        return text
    return _unwrapped(value) or text


async def _numbered_values(values: list[object]) -> AsyncIterator[Numbered]:
    for number, value in enumerate(values, 1):
        yield number, _unwrapped(value) or b"null"


def _unwrapped(value: object) -> str | JsonObject | None:
    if isinstance(value, dict) and value.keys() == {"credential"}:
        value = value["credential"]
    return value if isinstance(value, str | dict) else None
