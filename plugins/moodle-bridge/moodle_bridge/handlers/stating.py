"""Taking in what xAPI statements say: all of a request, or none of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from moodle_bridge.domain.deliveries import StatementDiffers, recognise
from moodle_bridge.domain.xapi import Statement, mapped, substance, told
from moodle_bridge.handlers.accepting import AcceptCompletions, Delivery
from moodle_bridge.ports import Clock, Digest, KnownStatement, Naming, RegisteredPlatform, Statements
from schemas.events import fact_id
from schemas.faults import Conflict
from schemas.values import JsonObject


@dataclass(frozen=True, slots=True)
class TakenStatements:
    """The statements of a request by their ids, and how many of them are completions."""

    ids: tuple[UUID, ...]
    completions: int


class AcceptStatements:
    """Accept the statements that are completions; let the others pass."""

    def __init__(
        self, statements: Statements, accept: AcceptCompletions, *, naming: Naming, digest: Digest, clock: Clock
    ) -> None:
        self._statements = statements
        self._accept = accept
        self._naming = naming
        self._digest = digest
        self._clock = clock

    async def __call__(
        self, platform: RegisteredPlatform, said: Sequence[tuple[Statement, JsonObject]]
    ) -> TakenStatements:
        """Every id, in order; a statement without one gets one, the same for the same words at the same moment.

        Raises `Malformed` and `StatementDiffers`, and then nothing was taken; `Unavailable`: taken again, it comes to
        the same.
        """
        named = [(self._named(statement, one), one) for statement, one in said]
        deliveries: list[Delivery] = []
        known: list[KnownStatement] = []
        here = self._naming.completion(platform.id, "xapi")
        for statement, one in named:
            if (activity := mapped(statement, platform.activities)) is None:
                continue
            digest = self._digest(substance(one))
            deliveries.append(Delivery(told(statement, activity, conceal=self._digest, now=self._clock()), digest))
            known.append(KnownStatement(id=str(fact_id(here, str(statement.id))), digest=digest))
        await self._remember(known)
        if deliveries:
            # Of the same enrolment an earlier statement stands: that is no fault of this one.
            await self._accept(platform, deliveries, returning=True)
        return TakenStatements(tuple(statement.id for statement, _ in named if statement.id), len(deliveries))

    def _named(self, statement: Statement, said: JsonObject) -> Statement:
        if statement.id is not None:
            return statement
        if statement.timestamp is None:
            return statement.model_copy(update={"id": uuid4()})
        return statement.model_copy(update={"id": UUID(self._digest(substance(said))[:32], version=4)})

    async def _remember(self, statements: Sequence[KnownStatement]) -> None:
        by_id = {one.id: one for one in statements}
        for _ in range(2):  # another request may have brought the same at the same time
            stored = await self._statements.get_many(by_id)
            new = [one for id_, one in by_id.items() if not _recognised(stored.get(id_), one)]
            if not new or not await self._statements.insert_many(new):
                return
        raise Conflict("these statements are being taken elsewhere at the same time: send them again")


def _recognised(stored: KnownStatement | None, one: KnownStatement) -> bool:
    return recognise(stored.digest if stored else None, one.digest, StatementDiffers)
