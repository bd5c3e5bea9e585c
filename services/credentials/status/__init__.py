"""Status: whether what was issued still holds, in lists that say nothing about whom."""

from credentials.status.bitstring import (
    LENGTH,
    LONGEST,
    NotAStatusList,
    StatusIndexOutOfRange,
    StatusList,
    StatusPurpose,
    TooShort,
    compose_status_list,
    spread,
)
from credentials.status.token_status_list import (
    NotAReference,
    ReadStatusList,
    TokenStatus,
    TokenStatusList,
    TokenStatusReference,
    seal_token_status_list,
)

__all__ = [
    "LENGTH",
    "LONGEST",
    "NotAReference",
    "NotAStatusList",
    "ReadStatusList",
    "StatusIndexOutOfRange",
    "StatusList",
    "StatusPurpose",
    "TokenStatus",
    "TokenStatusList",
    "TokenStatusReference",
    "TooShort",
    "compose_status_list",
    "seal_token_status_list",
    "spread",
]
