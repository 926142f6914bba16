"""Machine code on disk: in which folder, from whom it is taken, and whether it is whole.

What is loaded is run, so this is the one place that says what is loaded. Three rules:

* an **entry** carries a checksum over its bytes and over what it is the code of, and is looked at before
  anything in it is: a flipped bit, half a file or the file of another kernel is as good as none;
* a **folder** that we make, and each folder above it that was missing, is for us alone (0700), and a file
  is never for others to write;
* a folder or file that somebody else could have written is refused: one that belongs neither to us, nor to
  root, nor to the owner of these sources (who could as well change them), or that its group or all may write
  to. It is told once, with what to do.

The checksum finds damage; whoever may write to the folder can make one.
"""

import functools
import hashlib
import os
import stat
import tempfile
import uuid
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from numba.core import config
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

OFF = ("0", "off", "false", "no")
_MAGIC = b"fastsmote machine code 1\n"
_SEAL = len(_MAGIC) + hashlib.sha256().digest_size
_OF_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_PRIVATE = 0o700
_READABLE = 0o755  # __pycache__, which is Python's too


def cache_setting() -> str:
    return os.environ.get("FASTSMOTE_CACHE", "").strip()


# ---- entries


def _checksum(payload: bytes, about: str) -> bytes:
    text = about.encode()
    digest = hashlib.sha256(len(text).to_bytes(8, "little") + text)
    digest.update(payload)
    return digest.digest()


def sealed(payload: bytes, about: str) -> bytes:
    """An entry: ``payload`` behind a checksum over it and over ``about``, what it is the code of."""
    return _MAGIC + _checksum(payload, about) + payload


def unsealed(entry: bytes, about: str) -> bytes | None:
    """The payload of an entry that is whole and about this; None of any other bytes."""
    payload = entry[_SEAL:]
    return payload if entry[:_SEAL] == _MAGIC + _checksum(payload, about) else None


def read_entry(path: str, about: str, *, is_ours: bool = False) -> bytes | None:
    """The payload in a file, None if there is none that is whole and from somebody we trust.

    What ``is_ours`` lies beside our sources: who could write it, could write those.
    """
    try:
        with open(path, "rb") as file:
            if not is_ours and (why := _distrust(os.fstat(file.fileno()))):
                _tell(path, why, "it is compiled anew. Delete it")
                return None
            return unsealed(file.read(), about)
    except OSError:
        return None


def write_entry(path: str, about: str, payload: bytes) -> None:
    """Put an entry into place in one step, so that others see the old file or the new one."""
    temporary = f"{path}.{uuid.uuid4().hex[:12]}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(temporary, flags, 0o644), "wb") as file:
            file.write(sealed(payload, about))
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


# ---- the folder


def cache_folder() -> str | None:
    """Where compiled kernels are kept, None for nowhere."""
    setting = cache_setting()
    if setting.lower() in OFF:
        return None
    return _first_trusted(os.path.abspath(setting) if setting else "", config.CACHE_DIR)  # type: ignore[attr-defined]


def make(place: str, mode: int = _PRIVATE) -> None:
    """A folder, and what is missing above it; all that was missing is made for us alone."""
    path = Path(place)
    if not path.is_dir():
        if path.parent != path:
            make(str(path.parent))
        path.mkdir(mode, exist_ok=True)


class _Place(NamedTuple):
    """A folder that may be used."""

    folder: str
    mode: int  # if we have to make it
    usable: Callable[[str], bool]


@functools.cache  # once for a process: it writes a file to see whether it can
def _first_trusted(named: str, of_numba: str) -> str | None:
    """The named folder or else the first that can be written, of those that nobody else may write to."""
    refused: list[tuple[str, str]] = []
    chosen = _choose([_Place(named, _PRIVATE, _exists)] if named else [], refused)
    if chosen is None and (refused or not named):
        chosen = _choose(_usual_places(of_numba), refused)
    asked_for = {named, os.path.abspath(of_numba) if of_numba else ""}
    for place, why in refused:
        if chosen is None or not asked_for.isdisjoint((place, os.path.dirname(place))):
            instead = f"kernels are kept in {chosen}" if chosen else "each process compiles anew"
            _tell(place, why, f"{instead}. Name a folder of your own in FASTSMOTE_CACHE (it is made so)")
    return chosen


def _usual_places(of_numba: str) -> list[_Place]:
    """Where numba would keep the code of a function of this file: one folder, to show and to copy."""
    kinds: list[tuple[Any, int]] = [(InTreeCacheLocator, _READABLE), (UserWideCacheLocator, _PRIVATE)]
    if of_numba:
        kinds.insert(0, (UserProvidedCacheLocator, _PRIVATE))
    folders = [
        (os.path.abspath(kind(cache_setting, __file__).get_cache_path()), mode) for kind, mode in kinds
    ]
    return [_Place(folder, mode, _writable) for folder, mode in folders]


def _choose(places: list[_Place], refused: list[tuple[str, str]]) -> str | None:
    for place in places:
        try:
            make(place.folder, place.mode)
            why = _distrust(os.stat(place.folder))
            if why is not None:
                refused.append((place.folder, why))
            elif place.usable(place.folder):
                return place.folder
        except OSError:  # not to be made, looked at or written
            continue
    return None


def _exists(folder: str) -> bool:
    """A folder that is named may be read-only, filled once for many."""
    return os.path.isdir(folder)


def _writable(folder: str) -> bool:
    tempfile.TemporaryFile(dir=folder).close()
    return True


# ---- trust


@functools.cache
def _owner_of_sources() -> int:
    return os.stat(__file__).st_uid


def _distrust(found: os.stat_result) -> str | None:
    """Why a folder or a file could have been written by somebody else; None if not."""
    if os.name != "posix":  # rights are not in these bits
        return None
    if found.st_uid not in (os.geteuid(), 0, _owner_of_sources()):
        return f"belongs to another user (number {found.st_uid})"
    if found.st_mode & _OF_OTHERS:
        return "can be written to by others"
    return None


@functools.cache
def _tell(place: str, why: str, what: str) -> None:
    warnings.warn(
        f"{place} {why}. Compiled kernels are machine code, so nothing is taken from there: {what}, or see "
        f"that nobody else may write there (chmod go-w {place}).",
        stacklevel=2,
    )
