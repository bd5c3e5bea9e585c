"""The words for failure.

Fault
├─ NotFound      the thing named does not exist
├─ Conflict      it exists in another state
├─ Refused       a rule said no
├─ Malformed     it cannot be read
└─ Unavailable   a neighbour is down, for now

They know nothing of HTTP or Kafka: `chassis.problems` turns them into RFC 9457 problem details, `chassis.parking`
into topics. An invalid credential is not a fault, it is a `Report`.
"""

from __future__ import annotations


class Misconfigured(Exception):  # noqa: N818 named as the faults are
    """The settings ask for what cannot be: found when a process starts. The message is written for who set them."""


class Fault(Exception):  # noqa: N818 the tree's own word: NotFound and Refused read as what they are
    """Something went wrong in a way the one who asked can be told about. The message is written for that reader."""


class NotFound(Fault):
    """The thing named does not exist."""


class Conflict(Fault):
    """The thing exists, in a state that does not allow this."""


class Refused(Fault):
    """A rule said no."""


class Malformed(Fault):
    """It cannot be read."""


class Unavailable(Fault):
    """A neighbour is down, for now: worth trying again."""
