"""The context of the W3C's examples, which the W3C's test suites use. Not shipped, and read only by whom asks for it.

It gives every word a meaning, so that with it no term is ever undefined: a misspelt member is then signed and verified
like any other. That is no way to certify anything, hence `shipped` knows nothing of it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from credentials.contexts import Contexts, shipped

EXAMPLES_V2: Final = "https://www.w3.org/ns/credentials/examples/v2"


def with_examples() -> Contexts:
    """What is shipped, and the examples' context."""
    vocabulary = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    return MappingProxyType({**shipped(), EXAMPLES_V2: vocabulary})
