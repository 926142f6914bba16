"""Writing CSV and Parquet files: beside the place, and into it when all is written."""

import codecs
import csv
import errno
import gzip
import io
import os
import stat
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet

from fastsmote.cli._cells import as_cells, with_points, write_cells
from fastsmote.cli._print import OutputLostError, reason
from fastsmote.cli._show import UserError, finished, undone_by_interrupt
from fastsmote.cli._source import STANDARD, Dialect, check_suffix, is_text_file

# Rows per write: Ctrl-C and the progress bar are served in between.
_LINES, _ROW_GROUP = 65_536, 262_144


def check_out(out: Path, force: bool) -> None:
    """Refuse a place that no file can be written to, or that holds one."""
    if out == STANDARD:
        return
    check_suffix(out)
    check_place(out)
    if out.exists() and not force:
        raise UserError(f"{out}: exists already; choose another file, or add --force to replace it.")


def check_place(out: Path) -> None:
    """Refuse a place that no file can be written to."""
    try:
        final = _resolved(out)
        mode = final.stat().st_mode if final.exists() else stat.S_IFREG
        folder = final.parent.is_dir()
    except OSError as error:
        raise UserError(f"{out}: can not be written: {reason(error)}.") from None
    if stat.S_ISDIR(mode):
        raise UserError(f"{out}: is a folder; name a file.")
    if not stat.S_ISREG(mode):
        raise UserError(f"{out}: is a device or a pipe, which can not be replaced; name a file.")
    if not folder:
        raise UserError(f"{out}: the folder {final.parent} does not exist; create it first.")


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
def replacing(out: Path) -> Iterator[BinaryIO]:
    """A new file beside ``out`` that takes its name when all is written, and is removed otherwise.

    It is for the user alone until it gets mode, owner and group of the file that it replaces; a file that
    replaces none has what the umask says.
    """
    if out == STANDARD:
        yield from _standard_output()
        return
    try:
        final = _resolved(out)
        before = final.stat() if final.exists() else None
        temporary = final.with_name(f".fastsmote.{uuid.uuid4().hex[:12]}.tmp")  # names may be 255 bytes long
        remove = partial(temporary.unlink, missing_ok=True)
        with undone_by_interrupt(remove):
            try:
                with open(
                    temporary, "xb", opener=partial(os.open, mode=0o666 if before is None else 0o600)
                ) as file:
                    yield file
                    file.flush()
                    if before is not None:
                        _take_over(file.fileno(), before)
                    os.fsync(file.fileno())
                os.replace(temporary, final)
            finally:
                remove()
    except OSError as error:
        why = "the disk is full" if error.errno == errno.ENOSPC else reason(error)
        raise UserError(f"{out}: can not be written: {why}. Nothing was changed.") from None
    except UnicodeEncodeError as error:
        text = error.object[error.start : error.end]
        raise UserError(
            f"{out}: can not be written: {text!r} is not in --encoding {error.encoding}. Nothing was changed."
        ) from None
    except MemoryError:
        raise
    except pa.ArrowException as error:
        raise UserError(f"{out}: can not be written: {error}. A .parquet file takes more types.") from None
    finished.append(str(out))


def _standard_output() -> Iterator[BinaryIO]:
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except OSError as error:
        raise OutputLostError(reason(error)) from error


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


def write(
    table: pa.Table,
    file: BinaryIO,
    out: Path,
    dialect: Dialect,
    cells: bool,
    progress: Callable[[int, int], None],
) -> None:
    """``table`` in a CSV or Parquet file; ``cells``: it holds the text of CSV cells."""
    if not is_text_file(out):
        with pyarrow.parquet.ParquetWriter(file, table.schema) as writer:
            for part in _parts(table, _ROW_GROUP, progress):
                writer.write_table(part)
        return
    with _text(file, out, dialect) as text:
        if dialect.header:
            text.write(_header(table.column_names, dialect).encode())
        schema = table.schema
        for part in _parts(table if cells else with_points(table), _LINES, progress):
            write_cells(part if cells else as_cells(part, schema, dialect), text, dialect)


def _header(names: list[str], dialect: Dialect) -> str:
    """The line of names, which is no comment."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n", delimiter=dialect.delimiter).writerow(names)
    text = line.getvalue()
    if dialect.comment and text.startswith(dialect.comment):
        return f'"{names[0]}"{text[len(names[0]) :]}'  # a name with quotes in it begins with one already
    return text


def _parts(table: pa.Table, n_rows: int, progress: Callable[[int, int], None]) -> Iterator[pa.Table]:
    for start in range(0, table.num_rows, n_rows):
        yield table.slice(start, n_rows)
        progress(start, table.num_rows)


@contextmanager
def _text(file: BinaryIO, out: Path, dialect: Dialect) -> Iterator[BinaryIO]:
    """A place for UTF-8 text that is kept in the encoding of the dialect, compressed where OUT says so."""
    with ExitStack() as stack:
        if out.suffix.lower() == ".gz":  # no name and no time inside: the same bytes each time
            file = cast(BinaryIO, stack.enter_context(gzip.GzipFile("", "wb", 6, file, mtime=0)))
        if dialect.encoding != "utf-8":
            file = cast(BinaryIO, codecs.EncodedFile(file, "utf-8", dialect.encoding))
        yield file
