"""From what an xAPI statement says to what Laurel says. Source: xAPI 1.0.3, part two (data) and part three (requests).

A platform says which of its activities lead to which offerings, and by which verb. A statement of that verb about such
an activity is a completion; every other valid statement is none of our business, and no error. What makes a statement
invalid is checked where we read: who, which verb, which activity, with what result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from moodle_bridge.domain.told import Told
from moodle_bridge.domain.translate import CLOCK_TOLERANCE, fields
from schemas.durations import read_duration
from schemas.events import Trigger, TriggerKind
from schemas.faults import Malformed
from schemas.microcredential import Grade, GradingScheme, Learner, PersonalData
from schemas.values import Frozen, Instant, Iri, JsonObject, ShortText, Slug

VERSION = "1.0.3"
VERSIONS = ("1.0.0", "1.0.1", "1.0.2", VERSION)
VOCABULARY = "http://adlnet.gov/expapi/verbs/"
MOST_STATEMENTS = 500

_OURS = re.compile(r"1\.0(\.\d+)?", re.ASCII)
_uuid = TypeAdapter(UUID)


class Verb(StrEnum):
    """What a learner did that may lead to a credential."""

    PASSED = "passed"
    COMPLETED = "completed"

    @property
    def iri(self) -> str:
        """As statements say it. Source: ADL's vocabulary, which cmi5 (section 9.3) uses."""
        return f"{VOCABULARY}{self}"


class MappedActivity(Frozen):
    """An activity of the platform's, and what completing it leads to."""

    id: Annotated[Iri, StringConstraints(max_length=500)]
    offering: Slug
    verb: Verb = Verb.PASSED
    """One alone: authoring tools say both of the same attempt."""


def _mailto(value: str) -> str:
    if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", value):
        raise ValueError("must be mailto: and an e-mail address")
    return value


def _duration(value: str) -> str:
    if read_duration(value) is None:
        raise ValueError("must be a duration as ISO 8601 writes it: PT1H30M")
    return value


Duration = Annotated[str, AfterValidator(_duration)]


class Account(Frozen):
    """Section 2.4.2.4."""

    home_page: Annotated[Iri, Field(alias="homePage")]
    name: ShortText


class Actor(Frozen):
    """Who: an agent, or a group. Section 2.4.2."""

    object_type: Annotated[Literal["Agent", "Group"], Field(alias="objectType")] = "Agent"
    name: ShortText | None = None
    mbox: Annotated[str, StringConstraints(max_length=330), AfterValidator(_mailto)] | None = None
    mbox_sha1sum: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{40}$")] | None = None
    openid: Iri | None = None
    account: Account | None = None
    member: tuple[Any, ...] | None = None

    @property
    def identifier(self) -> str:
        """What identifies them, as one text: the same person by another identifier is another learner."""
        if self.account is not None:
            return json.dumps([self.account.home_page, self.account.name])
        return self.mbox or self.openid or self.mbox_sha1sum or ""

    @model_validator(mode="after")
    def _is_identified_in_one_way(self) -> Self:
        ways = sum(way is not None for way in (self.mbox, self.mbox_sha1sum, self.openid, self.account))
        anonymous = self.object_type == "Group" and self.member is not None
        if ways != 1 and not (ways == 0 and anonymous):
            raise ValueError("is identified by exactly one of mbox, mbox_sha1sum, openid and account")
        if self.object_type == "Agent" and self.member is not None:
            raise ValueError("an Agent has no members")
        return self


class StatedVerb(Frozen):
    """Section 2.4.3."""

    id: Iri
    display: dict[str, str] | None = None


class StatedObject(Frozen, extra="ignore"):
    """What it was done with: an activity, or something else that is none of ours. Section 2.4.4."""

    object_type: Annotated[str, Field(alias="objectType")] = "Activity"
    id: str | None = None
    definition: JsonObject | None = None

    @model_validator(mode="after")
    def _has_its_id(self) -> Self:
        if self.object_type not in {"Activity", "Agent", "Group", "SubStatement", "StatementRef"}:
            raise ValueError("objectType is none of those that xAPI knows")
        if self.object_type == "Activity":
            TypeAdapter(Iri).validate_python(self.id)
        return self


class Score(Frozen):
    """Section 2.4.5.1."""

    scaled: Annotated[Decimal, Field(ge=-1, le=1)] | None = None
    raw: Decimal | None = None
    min: Decimal | None = None
    max: Decimal | None = None

    @model_validator(mode="after")
    def _lies_on_its_scale(self) -> Self:
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError("min must be less than max")
        if self.raw is not None and not (
            (self.min is None or self.min <= self.raw) and (self.max is None or self.raw <= self.max)
        ):
            raise ValueError("raw must lie between min and max")
        return self


class Result(Frozen):
    """Section 2.4.5."""

    score: Score | None = None
    success: Annotated[bool, Field(strict=True)] | None = None
    completion: Annotated[bool, Field(strict=True)] | None = None
    response: str | None = None
    duration: Duration | None = None
    extensions: JsonObject | None = None


class Context(Frozen, extra="ignore"):
    """Section 2.4.6: of it the registration, one per enrolment where the platform is a cmi5 one."""

    registration: UUID | None = None


class Statement(Frozen):
    """A statement, as it was sent. Section 2.4; what it has beside these is an error there too."""

    id: UUID | None = None
    actor: Actor
    verb: StatedVerb
    object: StatedObject
    result: Result | None = None
    context: Context | None = None
    timestamp: Instant | None = None
    stored: Instant | None = None
    authority: JsonObject | None = None
    version: Annotated[str, StringConstraints(pattern=r"^1\.0(\.\d+)?$")] | None = None
    attachments: tuple[Any, ...] | None = None


def check_version(said: str | None) -> None:
    """Raise `Malformed` for a request of another version than 1.0. Source: part three, section 3.3."""
    if said is None:
        raise Malformed("the header X-Experience-API-Version is missing; 1.0.3 is spoken here")
    if not _OURS.fullmatch(said.strip()):
        raise Malformed("this version of xAPI is not spoken here; 1.0.3 is")


def check_media_type(said: str | None) -> None:
    """Raise `Malformed` for a body that is no plain JSON: what is attached would be lost."""
    media = (said or "").partition(";")[0].strip().lower()
    if media == "multipart/mixed":
        raise Malformed("attachments are not taken: send statements alone, as application/json")
    if media != "application/json":
        raise Malformed("statements are taken as application/json")


def read(body: bytes) -> tuple[tuple[Statement, JsonObject], ...]:
    """The statements in a body, one or many, each with its JSON. Raises `Malformed`; then none of them counts."""
    try:
        said = json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("this is not JSON, or says a name twice in one object") from None
    many = isinstance(said, list)
    items = said if many else [said]
    if len(items) > MOST_STATEMENTS:
        raise Malformed(f"at most {MOST_STATEMENTS} statements are taken at once")
    read = tuple((_statement(one, f"[{place}]." if many else ""), one) for place, one in enumerate(items))
    ids = [statement.id for statement, _ in read if statement.id is not None]
    if len(set(ids)) < len(ids):
        raise Malformed("two statements have the same id")
    return read


def read_one(body: bytes, asked: str | None) -> tuple[Statement, JsonObject]:
    """The one statement that is put in the place of this id. Raises `Malformed`. Source: section 2.1.1."""
    try:
        id_ = _uuid.validate_python(asked)
    except ValidationError:
        raise Malformed("statementId: must be the statement's id, a UUID") from None
    found = read(body)
    if len(found) != 1 or body.lstrip()[:1] == b"[":
        raise Malformed("one statement is put at a time; several are posted")
    ((statement, said),) = found
    if statement.id not in {None, id_}:
        raise Malformed("statementId: is another one than the statement's own id")
    return statement.model_copy(update={"id": id_}), {**said, "id": str(id_)}


def substance(said: JsonObject) -> bytes:
    """What makes a statement this one, and no other of the same id. Source: part two, section 2.3.1.

    What a record store may add on the way (who stored it, when, by which version) does not; nor how ids and JSON are
    spelt.
    """
    own = {name: value for name, value in said.items() if name not in {"stored", "authority", "version"}}
    if isinstance(own.get("id"), str):
        own["id"] = own["id"].lower()
    return json.dumps(own, sort_keys=True, separators=(",", ":")).encode()


def mapped(statement: Statement, activities: Iterable[MappedActivity]) -> MappedActivity | None:
    """What the statement is a completion of; None of what is none of our business."""
    if statement.object.object_type != "Activity" or statement.actor.object_type == "Group":
        return None
    about = statement.object.id, statement.verb.id
    return next((one for one in activities if (one.id, one.verb.iri) == about), None)


def told(statement: Statement, activity: MappedActivity, *, conceal: Callable[[bytes], str], now: datetime) -> Told:
    """What it says, in Laurel's words. `conceal` makes a name of what must not be read: who, in which registration.

    Within one registration an activity is completed once. Without one each statement is a completion of its own, and
    the offering says what a further one means. Raises `Malformed` for what cannot be certified.
    """
    actor, result = statement.actor, statement.result
    if actor.name is None:
        raise Malformed("actor.name: is missing, and a credential says who earned it")
    completed = statement.timestamp or now
    if completed > now + CLOCK_TOLERANCE:
        raise Malformed("timestamp: lies in the future")
    registration = statement.context.registration if statement.context else None
    within = (
        ["statement", str(statement.id)]
        if registration is None
        else ["registration", str(registration), activity.id, actor.identifier]
    )
    return Told(
        episode=f"xapi:{conceal(json.dumps(within).encode())}",
        offering=activity.offering,
        trigger=Trigger(kind=TriggerKind.ACTIVITY, id=activity.id),
        passed=result is None or result.success is not False,
        completed=completed,
        learner=actor.identifier,
        personal=PersonalData(
            learner=Learner(full_name=actor.name, email=actor.mbox.removeprefix("mailto:") if actor.mbox else None),
            grade=_grade(result.score) if result and result.score else None,
        ),
    )


def _grade(score: Score) -> Grade | None:
    """The raw score on its scale; else the scaled one, as a percentage where it is none below nothing."""
    if score.raw is not None:
        least, most = (None if end is None else f"{end:f}" for end in (score.min, score.max))
        return Grade(value=f"{score.raw:f}", scheme=GradingScheme(title={"en": "Points"}, minimum=least, maximum=most))
    if score.scaled is None:
        return None
    if score.scaled < 0:
        return Grade(value=f"{score.scaled:f}", scheme=GradingScheme(title={"en": "Scaled"}, minimum="-1", maximum="1"))
    percent = (score.scaled * 100).normalize()
    return Grade(value=f"{percent:f}", scheme=GradingScheme(title={"en": "Percentage"}, minimum="0", maximum="100"))


def _statement(said: object, where: str) -> Statement:
    if not isinstance(said, dict):
        raise Malformed(f"{where}body: a statement is a JSON object")
    if said.get("attachments"):
        raise Malformed(f"{where}attachments: are not taken; send the statement without them")
    if (nothing := _nothing(said)) is not None:
        raise Malformed(f"{where}{nothing}: null says nothing; leave it out")
    try:
        return Statement.model_validate_json(json.dumps(said))
    except ValidationError as error:
        raise Malformed(where + fields(error)) from None


def _nothing(said: Mapping[str, Any]) -> str | None:
    """Where a null stands; extensions may have any. Source: part two, section 2.2."""
    for name, value in said.items():
        if value is None:
            return name
        if name != "extensions" and isinstance(value, dict) and (inner := _nothing(value)) is not None:
            return f"{name}.{inner}"
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        raise ValueError("a name twice in one object")
    return said


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON's")
