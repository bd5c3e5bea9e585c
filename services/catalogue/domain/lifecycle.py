"""The life of an offering: drafted, published, published anew as another version, retired.

A draft may lack anything; what is published lacks nothing that Annex I makes mandatory. What was published is never
changed, only followed by the next version, because credentials were earned under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from schemas import annex1
from schemas.annex1 import Element
from schemas.faults import Conflict, NotFound, Refused
from schemas.microcredential import Offering, OfferingContent, OfferingState
from schemas.values import Frozen


class ElementsMissing(Refused):
    """The draft lacks elements that Annex I of Council Recommendation 2022/C 243/02 makes mandatory."""

    def __init__(self, offering: str, elements: Sequence[Element]) -> None:
        lacking = "; ".join(element.title for element in elements)
        super().__init__(f"{offering} cannot be published, it lacks: {lacking}")
        self.members = {"missing": [{"id": element.id, "title": element.title} for element in elements]}


class OfferingUnknown(NotFound):
    """There is no offering of this name, or no such version of it."""


class OfferingExists(Conflict):
    """An offering of this name exists already."""


class OfferingRetired(Conflict):
    """The offering was retired, and that is for good: what is offered anew gets a name of its own."""


class NothingToPublish(Conflict):
    """There is no draft, or it says what is published already."""


class Stage(StrEnum):
    """How far an offering has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Lifecycle(Frozen):
    """One offering: its draft, and every version of it that was ever published, oldest first."""

    draft: OfferingContent | None = None
    versions: tuple[Offering, ...] = ()

    @property
    def current(self) -> Offering | None:
        """The version in force, or the last one when it is retired; None before the first publication."""
        return self.versions[-1] if self.versions else None

    @property
    def stage(self) -> Stage:
        """How far it has come; a draft of a further version changes nothing about that."""
        return Stage(self.current.state) if self.current else Stage.DRAFT

    def drafted(self, content: OfferingContent) -> Lifecycle:
        """With this as its draft. Raises `OfferingRetired`, and `OfferingExists` when it is another organisation's."""
        self._must_not_be_retired()
        known = self.draft or self.current
        if known is not None and known.organisation != content.organisation:
            raise OfferingExists(f"{content.id} is an offering of another organisation")
        return self.model_copy(update={"draft": content})

    def published(self, at: datetime) -> Lifecycle:
        """With its draft as the next version. Raises `OfferingRetired`, `NothingToPublish`, `ElementsMissing`."""
        self._must_not_be_retired()
        if self.draft is None:
            raise NothingToPublish("there is no draft to publish")
        if self.current is not None and _content(self.current) == self.draft:
            raise NothingToPublish(f"version {self.current.version} of {self.draft.id} says just this already")
        if missing := annex1.missing(self.draft):
            raise ElementsMissing(self.draft.id, missing)
        # The version in force at a moment is found by these times: they never run backwards, whatever the clock does.
        at = max(at, self.current.published) if self.current else at
        version = Offering(**_fields(self.draft), version=len(self.versions) + 1, published=at)
        return Lifecycle(versions=(*self.versions, version))

    def retired(self, at: datetime) -> Lifecycle:
        """Retired from now on. Raises `OfferingRetired`, and `NothingToPublish` when it was never published."""
        self._must_not_be_retired()
        if self.current is None:
            raise NothingToPublish("it was never published, so there is nothing to retire")
        at = max(at, self.current.published)
        last = Offering(**{**_fields(self.current), "state": OfferingState.RETIRED, "retired": at})
        return Lifecycle(versions=(*self.versions[:-1], last))

    def version(self, number: int) -> Offering:
        """One version. Raises `OfferingUnknown`."""
        if not 1 <= number <= len(self.versions):
            raise OfferingUnknown(f"there is no version {number}")
        return self.versions[number - 1]

    def _must_not_be_retired(self) -> None:
        if self.current is not None and self.current.retired is not None:
            raise OfferingRetired(f"{self.current.id} was retired on {self.current.retired:%Y-%m-%d}")


def _fields(content: OfferingContent) -> dict[str, object]:
    return {name: getattr(content, name) for name in type(content).model_fields}


def _content(offering: Offering) -> OfferingContent:
    return OfferingContent(**{name: getattr(offering, name) for name in OfferingContent.model_fields})
