"""Remembering by which object it was, not by what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class Same(Generic[T]):
    """A frozen value as an argument of a cached function: equal to itself alone, compared at the cost of an address.

    The cache keeps the value, so that its address is nobody else's for as long as it counts.
    """

    value: T

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)
