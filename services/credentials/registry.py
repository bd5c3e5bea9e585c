"""Variation as a table of values: what there is, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """Anything that has a name."""

    @property
    def name(self) -> str:
        """By which it is looked up."""
        ...


V = TypeVar("V", bound=Named)


class Registry(Mapping[str, V], Generic[V]):
    """Values by their names, in the order given.

    Raises:
        ValueError: two of the same name.
    """

    def __init__(self, *values: V) -> None:
        self._values = {value.name: value for value in values}
        if len(self._values) != len(values):
            raise ValueError(f"names must be unique: {', '.join(value.name for value in values)}")

    def __getitem__(self, name: str) -> V:
        try:
            return self._values[name]
        except KeyError:
            raise KeyError(f"{name!r} is not among {', '.join(self._values)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
