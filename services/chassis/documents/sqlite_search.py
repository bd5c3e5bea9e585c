"""What is looked for in a collection, as SQL over the JSON of its documents."""

# ruff: noqa: S608 only names that `port` has checked are part of a clause's text; every value is bound
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.documents.port import OneOf, Range, Where, check_field


def expression(field: str) -> str:
    """A field, wherever it stands in the document."""
    check_field(field)
    return field if field in {"id", "version"} else f"json_extract(body, '$.{field}')"


def where_clause(clauses: Sequence[str]) -> str:
    """All of these; nothing where there are none."""
    return f"WHERE {' AND '.join(clauses)}" if clauses else ""


def filtered(where: Where) -> tuple[list[str], list[object]]:
    """The clauses, and the values that are bound in them."""
    clauses: list[str] = []
    values: list[object] = []
    for field, wanted in where.items():
        term = expression(field)
        match wanted:
            case None:
                clauses.append(f"{term} IS NULL")
            case Range():
                bounds = {">=": wanted.ge, ">": wanted.gt, "<=": wanted.le, "<": wanted.lt}
                for sign, bound in bounds.items():
                    if bound is not None:
                        clauses.append(f"{term} {sign} ?")
                        values.append(bound)
            case OneOf():
                clauses.append(f"{term} IN (SELECT value FROM json_each(?))")
                values.append(json.dumps(wanted.values))
            case _:
                clauses.append(f"{term} = ?")
                values.append(wanted)
    return clauses, values


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an index that lies in one piece."""

    clauses: tuple[str, ...] = ()
    values: tuple[object, ...] = ()
    level: bool = False
    """The order is by id alone: all of it has the same value."""


def beyond(order: str, value: object, id_: str, *, descending: bool) -> list[Stretch]:
    """What comes after (value, id) in this order, NULL being the least; each stretch is one search of an index."""
    sign = "<" if descending else ">"
    if order == "id":
        return [Stretch((f"id {sign} ?",), (id_,))]
    if value is None:
        rest = Stretch((f"{order} IS NULL", f"id {sign} ?"), (id_,), level=True)
        return [rest] if descending else [rest, Stretch((f"{order} IS NOT NULL",))]
    # The first clause repeats what the second says, in the form that an index can use.
    rest = Stretch((f"{order} {sign}= ?", f"({order} {sign} ? OR id {sign} ?)"), (value, value, id_))
    return [rest, Stretch((f"{order} IS NULL",), level=True)] if descending else [rest]
