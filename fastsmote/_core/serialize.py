"""Streams as bytes: a header, the positive label, a body, and a checksum.

A header begins with a magic word and a version and ends with the number of bytes of the label.
"""

import json
import struct
import zlib
from typing import Any


def seal(header: struct.Struct, fields: tuple[Any, ...], pos_label: Any, body: bytes) -> bytes:
    """A stream of a header with these fields, magic word and version first; TypeError for a strange label."""
    label = json.dumps(pos_label).encode()
    data = header.pack(*fields, len(label)) + label + body
    return data + zlib.crc32(data).to_bytes(4, "little")


def unseal(
    data: bytes, header: struct.Struct, magic: bytes, version: int, name: str
) -> tuple[list[Any], Any, bytes]:
    """Fields behind the version, label, and body; ValueError unless data are whole and of a version known."""
    data = bytes(data)
    if len(data) < header.size + 4 or not data.startswith(magic):
        raise ValueError(f"data must come from {name}.to_bytes. Got bytes of another kind.")
    _, found, *fields, n_label = header.unpack_from(data)
    if found > version:
        raise ValueError(
            f"data must be of version {version} or earlier. Got version {found}; update fastsmote."
        )
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise ValueError("data must be what to_bytes returned. Got bytes that were damaged or cut.")
    start = header.size + n_label
    return fields, json.loads(data[header.size : start]), data[start:-4]


def check_version(state: Any, version: int, name: str) -> dict[str, Any]:
    """What a pickle holds of an object, as ``__getstate__`` gave it; ValueError for a later version's."""
    if not isinstance(state, dict) or not isinstance(state.get("version"), int):
        raise ValueError(f"A pickle of {name} must hold a version and arrays. Got {type(state).__name__}.")
    if state["version"] > version:
        raise ValueError(
            f"A pickle of {name} must be of version {version} or earlier. Got version {state['version']}; "
            "update fastsmote."
        )
    return state
