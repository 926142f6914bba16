"""Writing CSV and Parquet files: beside the place, and into it when all is written."""

import codecs
import csv
import errno
import gzip
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet

from fastsmote.cli._cells import as_cells, with_points, write_cells
from fastsmote.cli._print import OutputLostError, reason
from fastsmote.cli._show import UserError, finished, undone_by_interrupt
from fastsmote.cli._source import STANDARD, Dialect, check_suffix, is_text_file
from fastsmote.files import _place

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
        _place.check_place(out)
    except _place.NoPlaceError as error:
        raise UserError(f"{out}: {error}.") from None
    except OSError as error:
        raise UserError(f"{out}: can not be written: {reason(error)}.") from None


@contextmanager
def replacing(out: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``out`` when all is written; what goes wrong is told in one line."""
    if out == STANDARD:
        yield from _standard_output()
        return
    with written(out), _place.replaced(out, undone_by_interrupt) as file:
        yield file
    finished.append(str(out))


@contextmanager
def written(out: Path) -> Iterator[None]:
    """Errors of writing as mistakes that the user can mend."""
    try:
        yield
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


def _standard_output() -> Iterator[BinaryIO]:
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except OSError as error:
        raise OutputLostError(reason(error)) from error


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
