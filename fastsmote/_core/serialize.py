"""Streams as bytes: a header, the positive label, a body, and a checksum.

A header begins with a magic word and a version and ends with the number of bytes of the label.
"""

import json
import struct
import zlib
from typing import Any

import numpy as np


def seal(header: struct.Struct, fields: tuple[Any, ...], pos_label: Any, body: bytes) -> bytes:
    """A stream of a header with these fields, magic word and version first; TypeError for a strange label."""
    label = json.dumps(pos_label).encode()
    data = header.pack(*fields, len(label)) + label + body
    return data + zlib.crc32(data).to_bytes(4, "little")


def unseal(
    data: Any, header: struct.Struct, magic: bytes, version: int, name: str
) -> tuple[list[Any], Any, bytes]:
    """Fields behind the version, label, and body; ValueError unless data are whole and of a version known.

    A checksum tells damage, not intent: who reads the fields and the body bounds them before using them, by
    :func:`require`.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"data must be bytes, as {name}.to_bytes returns them. Got {type(data).__name__}.")
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
    require(found >= 1, "a version from 1 on", found)
    require(start <= len(data) - 4, "a label within it", f"one of {n_label} bytes")
    return fields, _label(data[header.size : start]), data[start:-4]


def _label(data: bytes) -> Any:
    """A label from JSON, which is never a list or a dict, however deep."""
    try:
        label = None if data.lstrip()[:1] in (b"[", b"{") else json.loads(data)
        is_one = label is not None or data == b"null"
    except ValueError:
        is_one = False
    require(is_one, "a label that is a number, a bool, a string or null", data[:40])
    return label


def require(is_right: bool, wanted: str, got: Any) -> None:
    """ValueError unless what was stored of a stream is what one may hold."""
    if not is_right:
        raise ValueError(f"A stored stream must have {wanted}. Got {got}; count the rows again.")


def require_integers(name: str, array: Any, ndim: int = 1, least: int = 0, most: int = 2**63 - 1) -> None:
    """:func:`require` of a plain array of int64, of some dimensions and within a range."""
    plain = type(array) is np.ndarray and array.dtype == np.int64 and array.ndim == ndim
    require(plain, f"{name} as int64 with dimensions: {ndim}", getattr(array, "dtype", type(array).__name__))
    if array.size:
        within = least <= array.min() and array.max() <= most
        require(within, f"{name} from {least} to {most}", f"{array.min()} to {array.max()}")


def check_version(state: Any, version: int, name: str) -> dict[str, Any]:
    """What a pickle holds of an object, as ``__getstate__`` gave it; ValueError for a later version's."""
    if not isinstance(state, dict) or type(state.get("version")) is not int or state["version"] < 1:
        raise ValueError(f"A pickle of {name} must hold a version and arrays. Got {type(state).__name__}.")
    if state["version"] > version:
        raise ValueError(
            f"A pickle of {name} must be of version {version} or earlier. Got version {state['version']}; "
            "update fastsmote."
        )
    return state
