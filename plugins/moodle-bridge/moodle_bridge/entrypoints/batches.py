"""Several deliveries, or several questions, in one request: for platforms with much to say."""

# No postponed annotations here: FastAPI could not see what a router was made from.

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field, ValidationError

from chassis.problems import Problem, problem
from moodle_bridge.domain.translate import fields
from moodle_bridge.entrypoints.reception import Reception
from moodle_bridge.handlers import AcceptBatch, AcceptedDelivery, CorrectionReceipt, Outcome, TellOutcome
from moodle_bridge.handlers.batching import Result
from moodle_bridge.ports import Clock, RegisteredPlatform
from schemas.faults import Fault, Malformed
from schemas.values import Frozen, Instant

MOST_QUESTIONS = 500


class Delivered(Frozen):
    """What came of one delivery: what it would have been answered alone."""

    status: int
    completion: UUID | None = None
    correction: UUID | None = None
    duplicate: bool | None = None
    effect: str | None = None
    problem: Problem | None = None


class BatchAnswer(Frozen):
    """What came of each, in order."""

    items: tuple[Delivered, ...]
    server_time: Instant


class Questions(Frozen):
    """Which completions it is asked about."""

    completions: Annotated[tuple[UUID, ...], Field(max_length=MOST_QUESTIONS)]


class Outcomes(Frozen):
    """What became of them, as far as they are this platform's."""

    items: tuple[Outcome, ...]
    unknown: tuple[UUID, ...]
    server_time: Instant


def batch_routes(
    *, reception: Reception, accept: AcceptBatch, tell: TellOutcome, clock: Clock, max_body: int
) -> APIRouter:
    """Deliver many at once, and ask about many at once. Each request is signed as a delivery is."""
    router = APIRouter(prefix="/moodle", tags=["bridge"])

    @router.post("/batches", max_body_size=max_body, response_model_exclude_none=True)
    async def deliver_batch(request: Request) -> BatchAnswer:
        """Deliver completions and corrections together. One that is refused keeps no other out."""
        async with reception(request) as (platform, body):
            results = await accept(platform, body)
        for result in results:
            _count(reception, platform, result)
        return BatchAnswer(items=tuple(map(_delivered, results)), server_time=clock())

    @router.post("/outcomes", max_body_size=max_body)
    async def ask_outcomes(request: Request) -> Outcomes:
        """What became of these completions."""
        platform, body = await reception.recognise(request)
        try:
            asked = Questions.model_validate_json(body).completions
        except ValidationError as error:
            raise Malformed(fields(error)) from None
        outcomes = await tell.several(platform.id, asked)
        known = {outcome.completion for outcome in outcomes}
        return Outcomes(
            items=tuple(outcomes), unknown=tuple(id_ for id_ in asked if id_ not in known), server_time=clock()
        )

    return router


def _delivered(result: Result) -> Delivered:
    match result:
        case AcceptedDelivery():
            return Delivered(status=202, completion=result.completion, duplicate=result.duplicate)
        case CorrectionReceipt():
            effect = result.effect or result.state
            return Delivered(status=202, correction=result.correction, duplicate=result.duplicate, effect=effect)
        case _:
            found = problem(result)
            return Delivered(status=found.status, problem=found)


def _count(reception: Reception, platform: RegisteredPlatform, result: Result) -> None:
    if isinstance(result, Fault):
        reception.turned_away(platform, result)
    elif result.duplicate:
        reception.seen_again(platform)
