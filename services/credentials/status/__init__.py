"""Status: whether what was issued still holds, in lists that say nothing about whom."""

from credentials.status.bitstring import (
    LENGTH,
    LONGEST,
    NotAStatusList,
    StatusIndexOutOfRange,
    StatusList,
    StatusPurpose,
    compose_status_list,
    spread,
)

__all__ = [
    "LENGTH",
    "LONGEST",
    "NotAStatusList",
    "StatusIndexOutOfRange",
    "StatusList",
    "StatusPurpose",
    "compose_status_list",
    "spread",
]
