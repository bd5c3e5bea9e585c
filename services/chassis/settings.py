"""What a process is told from outside: `LAUREL_…` in its environment. Each app has a few knobs of its own besides."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, TypeAdapter, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.clock import seconds_ahead
from chassis.failpoints import PATTERN
from chassis.knobs import COMMA_SEPARATED, Knobs
from schemas.values import Url

MASTER_KEY_BYTES = 32


def _without_trailing_slash(url: str) -> str:
    return url.rstrip("/")


Origin = Annotated[Url, AfterValidator(_without_trailing_slash)]
"""`https://laurel.example`, without a slash at the end."""

_ADDRESS = re.compile(r" *(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")


def _are_addresses(servers: str) -> str:
    if not all(map(_ADDRESS.fullmatch, servers.split(","))):
        raise ValueError("it must be host:port, of several servers comma separated")
    return servers


ROOM = "{room}"
_URL: TypeAdapter[str] = TypeAdapter(Url)


def _is_an_origin_for_every_room(template: str) -> str:
    _URL.validate_python(template.replace(ROOM, "room"))
    return template


InnerOrigin = Annotated[str, AfterValidator(_is_an_origin_for_every_room), AfterValidator(_without_trailing_slash)]
"""`http://{room}:8000`: an origin, in which the room's name is put."""


def _says_how_wrong(file: Path) -> Path:
    try:
        seconds_ahead(file)
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from None
    except ValueError:
        raise ValueError("the file does not say a number of seconds") from None
    return file


Room = Literal["bridge", "issuer", "catalogue", "verifier", "monitor"]


class Settings(Knobs):
    """What every process of Laurel needs to know. The defaults are the evaluation house: one process, no server."""

    model_config = SettingsConfigDict(env_prefix="LAUREL_")

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    base_url: Annotated[Origin, Field(default_factory=lambda known: f"http://localhost:{known['port']}")]
    """The public origin of this process: it stands in credentials, so it cannot change afterwards."""
    tls_certificate: Path | None = None
    """A PEM file: this process then speaks https itself, with nobody in front. Its chain, and its key unless `tls_key`
    holds that."""
    tls_key: Path | None = None
    var: Path = Path("var")
    """Where SQLite files and the evaluation house's master key lie."""
    kafka: Annotated[str, AfterValidator(_are_addresses)] | None = None
    """Bootstrap servers, `host:port`, comma separated; None is the embedded broker."""
    topics: Path | None = None
    """The file that describes the topics; None is `deploy/topics.yaml` as it was shipped."""
    replication: Annotated[int, Field(ge=1)] | None = None
    """How many brokers keep each message; None is what `topics` says. A lone broker is enough for an evaluation, but
    production starts on one only where this says so."""
    mongo: str | None = None
    """MongoDB URL; None is one SQLite file per service under `var`."""
    master_key: SecretStr | None = None
    """Base64 of 32 bytes; None is `var/master.key`, made once."""
    production: bool = False
    """True refuses what is only fit for evaluation: a master key that lies beside the data it protects, topics of
    fewer copies than was said, clocks and failpoints of tests."""
    admin_token: SecretStr | None = None
    """An administrator's token that always works: the way in before there is any other."""
    origins: Annotated[tuple[Origin, ...], *COMMA_SEPARATED] = ()
    """Further origins of one's own, comma separated: the verifier may fetch from them though they are not public."""
    bridge_url: Origin | None = None
    issuer_url: Origin | None = None
    catalogue_url: Origin | None = None
    verifier_url: Origin | None = None
    monitor_url: Origin | None = None
    """The rooms' public origins, where they are not this process's own; one origin in front of all needs none."""
    inner_url: InnerOrigin | None = None
    """Where rooms reach one another, when their public origin is a proxy in front: `http://{room}:8000`."""
    vc_api_examples: bool = False
    """True lets the VC-API alone read the context of the W3C's examples, which the W3C's test suites send: it gives
    every word a meaning, so that no term is ever undefined. Refused in production."""
    otlp_endpoint: Url | None = None
    """An OTLP/HTTP collector, as `http://collector:4318`; None sends nothing anywhere."""
    parking_limit: Annotated[int, Field(ge=1)] = 1000
    """So many parked messages stop a consumer: rather no progress than everything parked by a bad deploy."""
    replays_per_second: Annotated[float, Field(gt=0, le=1000)] = 20
    """So many parked messages a service replays at most, so that what comes anew is not held up."""
    max_body: Annotated[int, Field(ge=1024)] = 1024 * 1024
    """Bytes a request may carry where its route does not say otherwise."""
    stop_seconds: Annotated[float, Field(gt=0)] = 10
    """How long a stop may take before what still runs is cut off."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    clock: Annotated[Path, AfterValidator(_says_how_wrong)] | None = None
    """How wrong this process is about the time (`chassis.clock`); for tests, and refused in production."""
    failpoint: Annotated[str, Field(pattern=PATTERN)] | None = None
    """Where this process kills itself (`chassis.failpoints`); for tests, and refused in production."""

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            try:
                raw = base64.b64decode(key.get_secret_value(), validate=True)
            except (binascii.Error, ValueError):
                raise ValueError("the master key is not base64") from None
            if len(raw) != MASTER_KEY_BYTES:
                raise ValueError(f"the master key must be {MASTER_KEY_BYTES} bytes, base64-encoded")
        return key

    @model_validator(mode="after")
    def _a_key_is_of_a_certificate(self) -> Self:
        if self.tls_key is not None and self.tls_certificate is None:
            raise ValueError("LAUREL_TLS_KEY needs LAUREL_TLS_CERTIFICATE: without it this process speaks plain http")
        return self

    @model_validator(mode="after")
    def _production_brings_its_key(self) -> Self:
        if self.production and self.master_key is None:
            raise ValueError("production needs LAUREL_MASTER_KEY: a key beside the data it protects protects nothing")
        return self

    @model_validator(mode="after")
    def _production_is_not_put_to_the_test(self) -> Self:
        if self.production and self.clock is not None:
            raise ValueError("production does not run with LAUREL_CLOCK: a wrong clock is for tests alone")
        if self.production and self.failpoint is not None:
            raise ValueError("production does not run with LAUREL_FAILPOINT: it kills the process, which is for tests")
        return self

    @model_validator(mode="after")
    def _production_defines_its_terms(self) -> Self:
        if self.production and self.vc_api_examples:
            raise ValueError("production does not read the examples' context, in which every word means something")
        return self

    def url_of(self, room: Room) -> str:
        """The origin at which a room of the house answers: its own, or this process's."""
        url: str | None = getattr(self, f"{room}_url")
        return url or self.base_url

    def inner_url_of(self, room: Room) -> str:
        """Where this process itself reaches a room: what is in the same process over the loopback interface.

        The public origin may be a proxy that cannot be reached from inside.
        """
        if self.inner_url is not None:
            return self.inner_url.replace(ROOM, room)
        if self.tls_certificate is not None:  # which is for the public name, and nobody stands in front
            return self.url_of(room)
        url: str | None = getattr(self, f"{room}_url")
        if url not in {None, self.base_url}:
            return str(url)
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", "localhost"} else self.host  # noqa: S104 not bound here
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def own_origins(self) -> tuple[str, ...]:
        """Every origin that is Laurel's own, this process's first."""
        rooms = (self.bridge_url, self.issuer_url, self.catalogue_url, self.verifier_url, self.monitor_url)
        return tuple(dict.fromkeys((self.base_url, *filter(None, rooms), *self.origins)))
