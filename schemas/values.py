"""Values every part of the language is made of: frozen, valid by construction, written alike everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)


class Frozen(BaseModel):
    """A value: two with the same content are the same, and an unknown field is an error, not a surprise."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, ser_json_bytes="base64", val_json_bytes="base64"
    )


def _to_millisecond(moment: datetime) -> datetime:
    if moment.utcoffset():
        try:
            moment = moment.astimezone(UTC)
        except OverflowError as error:
            raise ValueError("must lie within the years 1 to 9999 in UTC") from error
    return moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)


def utc_text(moment: datetime, timespec: str) -> str:
    """A moment in UTC, `Z`, as exact as `datetime.isoformat` says it by this `timespec`; what is smaller is dropped."""
    return moment.astimezone(UTC).isoformat(timespec=timespec)[: -len("+00:00")] + "Z"


def instant_text(moment: datetime) -> str:
    """The one spelling of a moment: UTC, three decimals, `Z`; so that text order is time order (XSD dateTimeStamp)."""
    return utc_text(moment, "milliseconds")


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_to_millisecond),
    PlainSerializer(instant_text, return_type=str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"},
        mode="serialization",
    ),
]
"""A moment in UTC, to the millisecond."""


def _quarter(value: Decimal) -> Decimal:
    if value % Decimal("0.25"):
        raise ValueError("must be a multiple of 0.25, so that every JSON library writes it alike")
    return value


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Quarters = Annotated[
    Decimal,
    Field(gt=0, le=10_000),
    AfterValidator(_quarter),
    PlainSerializer(_plain_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 10_000, "multipleOf": 0.25}),
]
"""Credits or hours: an exact, positive multiple of 0.25. Binary floats hold these exactly, their text never varies."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A name fit for URLs, DIDs and keys."""
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""BCP 47."""
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|\\^`]+$", max_length=2_000)]
Iri = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$", max_length=2_000)]
Did = Annotated[str, StringConstraints(pattern=r"^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$", max_length=2_000)]

LanguageMap = Annotated[dict[LanguageTag, Text], Field(min_length=1, json_schema_extra={"additionalProperties": False})]
"""The same text in one or more languages, by BCP 47 tag."""


def closest_language(texts: dict[str, str], preferred: str = "en") -> str:
    """The tag of the text to show: the preferred language, that language without its region, English, or the first."""
    return next((tag for tag in (preferred, preferred.partition("-")[0], "en") if tag in texts), next(iter(texts)))


def in_language(texts: dict[str, str], preferred: str = "en") -> str:
    """The text in the closest language there is."""
    return texts[closest_language(texts, preferred)]


class SealedData(Frozen):
    """Personal data as it travels and rests: AES-256-GCM under the learner's own key, which lives in the vault.

    Without that key it says nothing; erasing the key erases the person everywhere this value ever went.
    """

    learner: UUID
    """The opaque name of the learner, and of their key in the vault."""
    nonce: Annotated[bytes, Field(min_length=12, max_length=12)]
    ciphertext: Annotated[bytes, Field(min_length=16)]


JsonObject = dict[str, Any]
"""A credential document: the one thing inside Laurel that stays a bare dict."""
