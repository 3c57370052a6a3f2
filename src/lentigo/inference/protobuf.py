"""Reading a Protocol Buffers message field by field, to look at a graph without loading it.

Wire format: https://protobuf.dev/programming-guides/encoding/. The ``onnx`` package would do the same, but a server has
no other use for it.
"""

from __future__ import annotations

from collections import defaultdict

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_SIZES = {_FIXED64: 8, _FIXED32: 4}


class Malformed(ValueError):
    """The bytes are no message."""


def fields(message: bytes) -> dict[int, list[bytes]]:
    """The fields of a message by number; each value as its bytes (a number as its undecoded bytes).

    Raises:
        Malformed: The bytes are no message.
    """
    found: defaultdict[int, list[bytes]] = defaultdict(list)
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind, start = key & 7, place
        if kind == _VARINT:
            _, place = _varint(message, place)
        elif kind == _LENGTH:
            length, start = _varint(message, place)
            place = start + length
        elif kind in _SIZES:
            place += _SIZES[kind]
        else:
            raise Malformed(f"wire type {kind}")
        if place > len(message):
            raise Malformed("cut short")
        found[key >> 3].append(message[start:place])
    return dict(found)


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """A variable-length number and the place after it."""
    value = shift = 0
    while place < len(message) and shift < 64:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if not byte & 0x80:
            return value, place
    raise Malformed("a number without an end")
