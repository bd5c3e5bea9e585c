"""The same episode is the same completion: told again it is recognised, told otherwise it is refused."""

from __future__ import annotations

import hmac

from schemas.faults import Conflict


class EpisodeDiffers(Conflict):
    """This episode was delivered before, with another body."""


def recognise(known: str | None, digest: str) -> bool:
    """True when the body is the one that was accepted before, False when none was.

    Raises `EpisodeDiffers` otherwise: what was accepted stands. The sender freezes the body at its first attempt; what
    changes later is a correction, a message of its own.
    """
    if known is None:
        return False
    if not hmac.compare_digest(known, digest):
        raise EpisodeDiffers(
            "this episode was accepted before with another body, which stands: deliver the body of the first attempt "
            "again, or send a correction"
        )
    return True
