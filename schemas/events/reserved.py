"""Names with a meaning of their own."""

from __future__ import annotations

DIRECT = "laurel-direct"
"""The platform of what was issued at a provider's word. No learning platform is registered under this name."""

DISCARDED = "discarded"
"""The reason of a parked completion that an operator gave up: it will never be decided."""
