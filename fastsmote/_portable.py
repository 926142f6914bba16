"""Streams as bytes: a header that begins with a magic word and a version, a body, and a checksum."""

import struct
import zlib
from typing import Any


def seal(body: bytes) -> bytes:
    """``body`` with its checksum."""
    return body + zlib.crc32(body).to_bytes(4, "little")


def unseal(data: bytes, header: struct.Struct, magic: bytes, version: int, name: str) -> tuple[Any, ...]:
    """Fields of the header behind the version; ValueError unless data are whole and of a version known."""
    if len(data) < header.size + 4 or not data.startswith(magic):
        raise ValueError(f"data must come from {name}.to_bytes. Got bytes of another kind.")
    _, found, *fields = header.unpack_from(data)
    if found > version:
        raise ValueError(
            f"data must be of version {version} or earlier. Got version {found}; update fastsmote."
        )
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise ValueError("data must be what to_bytes returned. Got bytes that were damaged or cut.")
    return tuple(fields)
