"""The issuer over HTTP, asked what it would decide."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

import httpx2
from pydantic import SecretStr, TypeAdapter, ValidationError

from moodle_bridge.ports import Foretold, Prospect
from schemas.faults import Unavailable
from schemas.values import Frozen

JUDGEMENTS = "/api/v1/judgements"


class _Prospects(Frozen):
    items: tuple[Prospect, ...]


class _Judgements(Frozen, extra="ignore"):
    items: tuple[Foretold, ...]


_answer = TypeAdapter(_Judgements)


class HttpJudging:
    """Asks with Laurel's own token."""

    def __init__(self, http: httpx2.AsyncClient, token: SecretStr, origin: str) -> None:
        self._http = http
        self._token = token
        self._url = f"{origin}{JUDGEMENTS}"

    async def __call__(self, prospects: Sequence[Prospect]) -> Sequence[Foretold]:
        """What would become of each, in order. Raises `Unavailable`."""
        if not prospects:
            return ()
        try:
            answer = await self._http.post(
                self._url,
                content=_Prospects(items=tuple(prospects)).model_dump_json(),
                headers={
                    "authorization": f"Bearer {self._token.get_secret_value()}",
                    "content-type": "application/json",
                },
            )
        except httpx2.TransportError as error:
            raise Unavailable(f"the issuer does not answer ({type(error).__name__})") from error
        if answer.status_code != HTTPStatus.OK:
            raise Unavailable(f"the issuer answered {answer.status_code} when asked what it would decide")
        try:
            items = _answer.validate_json(answer.content).items
        except ValidationError as error:
            raise Unavailable("the issuer answered something else than judgements") from error
        if len(items) != len(prospects):
            raise Unavailable("the issuer did not judge each of what it was asked")
        return items
