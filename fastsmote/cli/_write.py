"""Writing CSV and Parquet files: beside the place, and into it when all is written."""

import csv
import errno
import io
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from fastsmote.cli._cells import missing_words, with_points, write_cells
from fastsmote.cli._read import check_suffix, is_text
from fastsmote.cli._show import UserError, undone_by_interrupt

# Rows per write: Ctrl-C and the progress bar are served in between; in Parquet each write is a row group.
_BATCH = {".csv": 65_536, ".parquet": 262_144}


def check_out(out: Path, force: bool) -> None:
    """Refuse a place that no file can be written to, or that holds one."""
    check_suffix(out)
    if out.is_dir():
        raise UserError(f"{out}: is a folder; name a file.")
    if not out.resolve().parent.is_dir():
        raise UserError(f"{out}: the folder {out.resolve().parent} does not exist; create it first.")
    if out.exists() and not force:
        raise UserError(f"{out}: exists already; choose another file, or add --force to replace it.")


@contextmanager
def replacing(out: Path) -> Iterator[BinaryIO]:
    """A new file beside ``out`` that takes its name when all is written, and is removed otherwise."""
    final = out.resolve()
    temporary = final.with_name(f".{final.name}.{uuid.uuid4().hex[:12]}.tmp")
    remove = partial(temporary.unlink, missing_ok=True)
    try:
        with undone_by_interrupt(remove):
            try:
                with open(temporary, "xb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, final)
            finally:
                remove()
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise UserError(f"{out}: can not be written: {reason}. Nothing was changed.") from None
    except pa.ArrowException as error:
        raise UserError(f"{out}: can not be written: {error}. A .parquet file takes more types.") from None


def write(
    table: pa.Table,
    file: BinaryIO,
    suffix: str,
    header: bool,
    cells: bool,
    progress: Callable[[int, int], None],
) -> None:
    """``table`` in a CSV or Parquet file; ``cells``: it holds the text of CSV cells."""
    if suffix == ".csv" and header:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(table.column_names)
        file.write(line.getvalue().encode())
    if suffix == ".csv" and cells:
        for start in range(0, table.num_rows, _BATCH[suffix]):
            write_cells(table.slice(start, _BATCH[suffix]), file)
            progress(start, table.num_rows)
        return
    writer: pyarrow.csv.CSVWriter | pyarrow.parquet.ParquetWriter
    if suffix == ".csv":
        table = with_points(table)
        quoting = "none" if all(map(_is_plain, table.columns)) else "needed"
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style=quoting)
        writer = pyarrow.csv.CSVWriter(file, table.schema, write_options=options)
    else:
        writer = pyarrow.parquet.ParquetWriter(file, table.schema)
    with writer:
        for start in range(0, table.num_rows, _BATCH[suffix]):
            writer.write_table(table.slice(start, _BATCH[suffix]))
            progress(start, table.num_rows)


def _is_plain(column: pa.ChunkedArray) -> bool:
    """True if no text of the column needs quotes to be read back as it is."""
    if not is_text(column.type):
        return True
    special = pc.or_(
        pc.match_substring_regex(column, '[",\r\n]'), pc.is_in(column, missing_words(column.type))
    )
    return not pc.any(pc.and_(special, column.is_valid())).as_py()
