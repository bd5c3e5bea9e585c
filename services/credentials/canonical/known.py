"""Canonical forms by templates: the first document of a shape pays, the next ones are filled in.

The result is always that of `rdfc`; only the time differs. Where a template cannot tell, `rdfc` is asked, and that is
counted.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from credentials.canonical.compilation import Uncompilable, WrongTemplate, compile_template, decisive
from credentials.canonical.outline import NoOutline, Outline, Part, outline, with_leaves
from credentials.canonical.rdfc import rdfc
from credentials.canonical.template import MAX_FIXED_CHARACTERS, EqualHashes, Outside, Template
from schemas.values import JsonObject

CAPACITY = 50_000
"""Quads, thousands of characters and dozens of members of all shapes kept: about 1 KB of memory each. A badge that says
everything has 180."""


class Way(StrEnum):
    """How a canonical form was come by."""

    FILLED = "filled"
    """Into a template."""
    ALIKE = "alike"
    """Into a template, and its blank nodes told apart by the whole of RDFC-1.0."""
    COMPILED = "compiled"
    """By the whole algorithm; its shape is known from now on."""
    UNPROVEN = "unproven"
    """By the whole algorithm: nothing can be said of documents of this shape."""
    OUTSIDE = "outside"
    """By the whole algorithm: the shape is known, but a leaf is outside what is proven."""
    SHAPELESS = "shapeless"
    """By the whole algorithm: too large, too deep, or no JSON."""
    WRONG = "wrong"
    """By the whole algorithm: the template made of it said something else. A mistake of ours, to be looked into."""
    SPARED = "spared"
    """By the whole algorithm: too many new shapes of late."""


class Budget:
    """How many new shapes may be compiled: so many at once, so many each second in the long run."""

    def __init__(self, at_once: int, each_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once = at_once
        self._each_second = each_second
        self._clock = clock
        self._left = float(at_once)
        self._at = clock()

    def spend(self) -> bool:
        """Whether one more may be compiled now."""
        now = self._clock()
        self._left = min(self._at_once, self._left + (now - self._at) * self._each_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class NotAtHand(Exception):  # noqa: N818 named as the faults are
    """No template says what the canonical form is: only the whole algorithm does."""


@dataclass(slots=True)
class _Known:
    """A shape; without a template nothing can be said of it."""

    template: Template | None
    weight: int
    used: int


class KnownShapes:
    """Canonical forms of JSON-LD documents, quick for those whose shape was seen before. Safe to share by threads.

    `fixed` names members that are the same in many of the documents, whole: they belong to the shape, and there is less
    to fill in. Without a budget every new shape is compiled, which suits documents of our own. `common` names members
    that are the same in some of the documents: the template of a shape is narrowed to what these have in common, for
    those of each kind that come after the first, within a budget of its own.
    """

    def __init__(
        self,
        *,
        fixed: Iterable[str] = (),
        common: Iterable[str] = (),
        capacity: int = CAPACITY,
        budget: Budget | None = None,
        narrowing: Budget | None = None,
    ) -> None:
        self.ways: Counter[Way] = Counter()
        """How often each way was gone; what was refused is not counted."""
        self._fixed = decisive().union(fixed)
        self._narrow = self._fixed.union(common)
        self._capacity = capacity
        self._budget = budget
        self._narrowing = narrowing
        self._known: dict[tuple[Part, ...], _Known] = {}
        self._lookups = 0
        self._lock = threading.Lock()

    def rdfc(self, document: JsonObject) -> bytes:
        """The canonical N-Quads of a document, as `credentials.canonical.rdfc` has them.

        Raises:
            Malformed: as `credentials.canonical.rdfc` does.
        """
        canonical, way = self._find(document)
        with self._lock:
            self.ways[way] += 1
        return canonical

    def counted(self) -> dict[str, int]:
        """How often each way was gone so far, with those that never were."""
        with self._lock:
            return {way.value: self.ways[way] for way in Way}

    def fill(self, document: JsonObject) -> bytes:
        """The same where a template has it at hand, in a time bounded by the document's size.

        Raises:
            NotAtHand: `rdfc` has to be asked, which may take long.
        """
        try:
            made, known = self._look_up(document)
            if known is None or known.template is None:
                raise NotAtHand
            canonical = known.template.fill(made.texts)
        except (NoOutline, Outside, EqualHashes):
            raise NotAtHand from None
        self._use(known)
        with self._lock:
            self.ways[Way.FILLED] += 1
        return canonical

    def _use(self, known: _Known) -> None:
        self._lookups += 1  # unguarded: which of two is older by a hair is all the same
        known.used = self._lookups

    def _look_up(self, document: JsonObject) -> tuple[Outline, _Known | None]:
        """The narrowest outline by which a document is known, and what is known by it.

        Raises:
            NoOutline: it has none.
        """
        narrow = outline(document, self._narrow)
        known = self._known.get(narrow.key)
        if known is not None or self._narrow == self._fixed:
            return narrow, known
        wide = outline(document, self._fixed)
        known = self._known.get(wide.key)
        if known is not None and known.template is not None and narrow.key != wide.key:
            self._narrow_down(document, known.template, wide, narrow)
        return wide, known

    def _narrow_down(self, document: JsonObject, template: Template, wide: Outline, narrow: Outline) -> None:
        """Have a template ready for the next document with these common members, where that can be."""
        with self._lock:
            if self._narrowing is not None and not self._narrowing.spend():
                return
        numbers = map(str, count())
        left = outline(with_leaves(document, self._fixed, lambda _: next(numbers)), self._narrow).texts
        try:
            narrowed = template.narrowed(wide.texts, [int(number) for number in left])
            alike = narrowed.fill(narrow.texts) == template.fill(wide.texts)
        except (Outside, EqualHashes):
            return
        if alike and narrow.size <= MAX_FIXED_CHARACTERS:
            self._keep(narrow, narrowed)

    def _find(self, document: JsonObject) -> tuple[bytes, Way]:
        try:
            made, known = self._look_up(document)
        except NoOutline:
            return rdfc(document), Way.SHAPELESS
        if known is None:
            return self._learn(document, made)
        self._use(known)
        if known.template is None:
            return rdfc(document), Way.UNPROVEN
        try:
            return _fill(known.template, made)
        except Outside:
            return rdfc(document), Way.OUTSIDE

    def _learn(self, document: JsonObject, made: Outline) -> tuple[bytes, Way]:
        canonical = rdfc(document)
        if made.size > MAX_FIXED_CHARACTERS:
            return canonical, Way.SHAPELESS
        with self._lock:
            if self._budget is not None and not self._budget.spend():
                return canonical, Way.SPARED
        template: Template | None = None
        try:
            made_of_it = compile_template(document, made, self._fixed)
            if _fill(made_of_it, made)[0] == canonical:
                template, way = made_of_it, Way.COMPILED
            else:
                way = Way.WRONG
        except Uncompilable:
            way = Way.UNPROVEN
        except WrongTemplate:
            way = Way.WRONG
        except Outside:  # another document of this shape may do better
            return canonical, Way.OUTSIDE
        self._keep(made, template)
        return canonical, way

    def _keep(self, made: Outline, template: Template | None) -> None:
        weight = 1 + made.size // 1000 + len(made.key) // 15 + (template.quads if template else 0)
        with self._lock:
            self._lookups += 1
            self._known[made.key] = _Known(template, weight, self._lookups)
            while sum(known.weight for known in self._known.values()) > self._capacity:
                del self._known[min(self._known, key=lambda known: self._known[known].used)]


def _fill(template: Template, made: Outline) -> tuple[bytes, Way]:
    try:
        return template.fill(made.texts), Way.FILLED
    except EqualHashes:
        return template.fill_and_canonicalize(made.texts), Way.ALIKE
