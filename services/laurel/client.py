"""The `laurel` command's way to a running house: HTTP, never a second Kafka client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import httpx2
from pydantic import Field, SecretStr, TypeAdapter
from pydantic_settings import SettingsConfigDict

from chassis.knobs import Knobs
from chassis.problems import as_fault
from chassis.tls import FILE, trust
from schemas.faults import Fault, Malformed, NotFound, Unavailable
from schemas.values import JsonObject


class Address(Knobs):
    """Where the house is, and the token to show there."""

    model_config = SettingsConfigDict(env_prefix="LAUREL_")

    port: int = 8000
    base_url: Annotated[str, Field(default_factory=lambda known: f"http://localhost:{known['port']}")]
    url: Annotated[str, Field(default_factory=lambda known: known["base_url"])]
    """Where it is asked: `LAUREL_URL`, else where a house started with the same settings would be."""
    token: SecretStr | None = None
    var: Path = Path("var")

    @property
    def tls_certificate(self) -> Path | None:
        """The certificate that a house on this machine made itself, where it is asked over https."""
        made = self.var / FILE
        return made if self.url.startswith("https://") and made.exists() else None

    def bearer(self) -> str | None:
        """`LAUREL_TOKEN`, or the administrator's token that a house on this machine left under `var/`."""
        if self.token is not None:
            return self.token.get_secret_value()
        kept = self.var / "admin.token"
        return kept.read_text().strip() if kept.exists() else None


_JSON_OBJECT: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)


def _fault(response: httpx2.Response) -> Fault:
    if "json" not in response.headers.get("content-type", ""):
        return Fault(f"what answers at {response.url} is no house of Laurel's")
    return as_fault(response.status_code, response.content)


class House:
    """One conversation with a running house. Its problem details come back as the faults they were."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def request(
        self, method: str, path: str, *, body: object = None, params: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """The answer, if it is a good one; else the fault. `Unavailable` when nobody answers."""
        try:
            response = await self.http.request(method, path, json=body, params=params)
        except httpx2.TransportError as error:
            raise Unavailable(f"no house answers at {self.http.base_url}: {error or type(error).__name__}") from error
        if response.is_error:
            raise _fault(response)
        return response

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> JsonObject:
        """The JSON object at a path."""
        return _JSON_OBJECT.validate_json((await self.request("GET", path, params=params)).content)

    async def every(self, path: str, params: Mapping[str, str] | None = None) -> AsyncIterator[JsonObject]:
        """The items of a list, page by page, for as long as they are asked for."""
        more: dict[str, str] = {}
        while True:
            page = await self.get(path, params={**(params or {}), **more})
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            more = {"after": page["next"]}

    async def put(self, path: str, body: object) -> JsonObject:
        """What the house says to a JSON body in this place."""
        return _JSON_OBJECT.validate_json((await self.request("PUT", path, body=body)).content)

    async def post(self, path: str, body: object = None) -> JsonObject:
        """What the house says to a JSON body."""
        return _JSON_OBJECT.validate_json((await self.request("POST", path, body=body)).content)


@asynccontextmanager
async def house(address: Address | None = None) -> AsyncIterator[House]:
    """A conversation with the house at this address (default: from the environment)."""
    address = address or Address()
    token = address.bearer()
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx2.AsyncClient(base_url=address.url, headers=headers, timeout=30, verify=trust(address)) as http:
        yield House(http)


def read_json_object(path: Path) -> JsonObject:
    """The JSON object in a file. Raises `Malformed` or `NotFound` with the file's name."""
    try:
        return _JSON_OBJECT.validate_json(path.read_bytes())
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except ValueError as error:
        raise Malformed(f"{path} holds no JSON object: {str(error).splitlines()[1].strip()}") from None
