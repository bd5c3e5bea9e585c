"""A small picture for credentials that must carry one: a laurel wreath, drawn here, the same bytes every time.

A PNG (ISO/IEC 15948) of three colours, written with zlib alone.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Final

_SIZE: Final = 256
_PALETTE: Final = bytes.fromhex("fbfaf5 1f5f3b c9a227")
_GREEN, _GOLD = 1, 2
_LEAVES: Final = 9
"""On each side."""


@cache
def emblem() -> str:
    """The picture as base64 text."""
    rows = [bytearray(_SIZE) for _ in range(_SIZE)]
    for colour, x, y, radius in _drops():
        _fill(rows, colour, x, y, radius)
    depth, palette = 8, 3
    return base64.b64encode(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", _SIZE, _SIZE, depth, palette, 0, 0, 0))
        + _chunk(b"PLTE", _PALETTE)
        + _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9))
        + _chunk(b"IEND", b"")
    ).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _drops() -> Iterator[tuple[int, float, float, float]]:
    """Colour, place and radius of every dot; a leaf is a row of dots that swell and shrink."""
    middle, reach = _SIZE / 2, _SIZE * 0.36
    for side in (-1, 1):
        for leaf in range(_LEAVES):
            along = math.radians(165 - leaf * 17)  # from below, up to an opening at the top
            x, y = middle + side * reach * math.sin(along), middle - reach * math.cos(along)
            turn = along - math.radians(55 if leaf % 2 else 5)
            for step in range(13):
                far = (step - 6) * 3
                yield _GREEN, x + side * far * math.cos(turn), y + far * math.sin(turn), 6.5 * math.cos(far / 14)
    for dot in range(3):
        yield _GOLD, middle + (dot - 1) * 16, middle + reach, 6


def _fill(rows: list[bytearray], colour: int, x: float, y: float, radius: float) -> None:
    for row in range(max(0, math.ceil(y - radius)), min(_SIZE, math.floor(y + radius) + 1)):
        half = math.sqrt(max(0.0, radius * radius - (row - y) ** 2))
        start, end = max(0, round(x - half)), min(_SIZE, round(x + half) + 1)
        rows[row][start:end] = bytes([colour]) * (end - start)
