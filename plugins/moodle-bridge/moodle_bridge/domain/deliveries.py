"""The same episode is the same completion: told again it is recognised, told otherwise it is refused."""

from __future__ import annotations

import hmac

from schemas.faults import Conflict


class EpisodeDiffers(Conflict):
    """This episode was delivered before, with another body."""

    def __init__(self) -> None:
        super().__init__(
            "this episode was accepted before with another body, which stands: deliver the body of the first attempt "
            "again, or send a correction"
        )


class CorrectionDiffers(Conflict):
    """This correction was delivered before, with another body."""

    def __init__(self) -> None:
        super().__init__(
            "this correction was accepted before with another body, which stands: deliver the body of the first "
            "attempt again, or send another correction under an id of its own"
        )


class StatementDiffers(Conflict):
    """This statement was taken before, and said something else."""

    def __init__(self) -> None:
        super().__init__(
            "a statement of this id was taken before and said something else: what was said stands, and another thing "
            "is said under an id of its own"
        )


Differs = type[EpisodeDiffers] | type[CorrectionDiffers] | type[StatementDiffers]


def recognise(known: str | None, digest: str, differs: Differs = EpisodeDiffers) -> bool:
    """True when the body is the one that was accepted before, False when none was.

    Raises `differs` otherwise: what was accepted stands. The sender freezes the body at its first attempt; what
    changes later is a correction, a message of its own.
    """
    if known is None:
        return False
    if not hmac.compare_digest(known, digest):
        raise differs
    return True
