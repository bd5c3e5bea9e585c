"""What is never written into a credential, because libraries would write or read it differently."""

from __future__ import annotations

import re

from schemas.faults import Malformed

# Line feeds and tabs are text; all other controls, DEL, the C1 controls, lone surrogates and non-characters are not.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LARGEST = 2**53 - 1


class Unwritable(Malformed):
    """A value that would not survive the way through every JSON library."""


def check_writable(value: object, path: str = "$") -> None:
    """Hold a document that is about to be signed to what every library writes alike.

    Raises:
        Unwritable: null, a number that is no multiple of 0.25, a control character, half a character.
    """
    if isinstance(value, str):
        if found := _UNWRITABLE.search(value):
            raise Unwritable(f"{path} holds U+{ord(found.group()):04X}, which cannot be certified")
    elif isinstance(value, dict):
        for key, below in value.items():
            check_writable(key, path)
            check_writable(below, f"{path}.{key}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            check_writable(below, f"{path}[{index}]")
    elif isinstance(value, int | float):
        if not isinstance(value, bool) and (abs(value) > _LARGEST or value * 4 != int(value * 4)):
            raise Unwritable(f"{path} is {value}: only multiples of 0.25 are written alike everywhere")
    else:
        raise Unwritable(f"{path} is {value!r}, which says nothing")
