"""A file that takes its name when all is written."""

import errno
import os
import stat
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

Guard = Callable[[Callable[[], object]], AbstractContextManager[object]]


class NoPlaceError(OSError):
    """What is there is no file, and can not become one."""


def check_place(out: Path) -> None:
    """OSError for a place that no file can be written to."""
    final = _resolved(out)
    mode = final.stat().st_mode if final.exists() else stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise NoPlaceError("is a folder; name a file")
    if not stat.S_ISREG(mode):
        raise NoPlaceError("is a device or a pipe, which can not be replaced; name a file")
    if not final.parent.is_dir():
        raise NoPlaceError(f"the folder {final.parent} does not exist; create it first")


def _resolved(out: Path) -> Path:
    """Where a symbolic link leads: that file is replaced, the link stays."""
    try:
        final = out.resolve()
    except RuntimeError:  # a loop, for Python before 3.13
        final = out
    if final.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(out))
    return final


@contextmanager
def replaced(out: Path, guard: Guard = nullcontext) -> Iterator[BinaryIO]:
    """A new file beside ``out`` that takes its name when all is written, and is removed otherwise.

    It is for the user alone until it gets mode, owner and group of the file that it replaces; a file that
    replaces none has what the umask says. ``guard(remove)`` sees to it that ``remove`` is called where the
    process ends without an exception.
    """
    final = _resolved(out)
    before = final.stat() if final.exists() else None
    temporary = final.with_name(f".fastsmote.{uuid.uuid4().hex[:12]}.tmp")  # names may be 255 bytes long
    remove = partial(temporary.unlink, missing_ok=True)
    with guard(remove):
        mode = 0o666 if before is None else 0o600
        file = open(temporary, "xb", opener=partial(os.open, mode=mode))  # noqa: SIM115  (its close may fail)
        try:
            yield file
            file.flush()
            if before is not None:
                _take_over(file.fileno(), before)
            os.fsync(file.fileno())
            file.close()
            os.replace(temporary, final)
        except BaseException:
            with suppress(
                OSError
            ):  # what was not written yet can not be now: the first error is the one to tell
                file.close()
            raise
        finally:
            remove()


def _take_over(descriptor: int, before: os.stat_result) -> None:
    """Owner, group and mode of the file that was there; a group that can not be kept is given no rights."""
    if not hasattr(os, "fchown"):  # Windows: a new file has the rights of its folder
        return
    mode = before.st_mode & 0o777
    with suppress(OSError):  # only root gives files away
        os.fchown(descriptor, before.st_uid, -1)
    try:
        os.fchown(descriptor, -1, before.st_gid)
    except OSError:
        mode &= ~0o070 | (mode & 0o007) << 3
    os.fchmod(descriptor, mode)
