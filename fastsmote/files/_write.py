"""Writing tables that come one after the other: in groups of rows, by a thread of its own."""

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

_NUMBER = re.compile(r"os error (\d+)")  # of an error

WRITERS: dict[str, Callable[[BinaryIO, pa.Schema], Any]] = {
    ".csv": pyarrow.csv.CSVWriter,
    ".parquet": pyarrow.parquet.ParquetWriter,
}


def write(tables: Iterable[pa.Table], schema: pa.Schema, file: BinaryIO, out: Path, n_rows: int) -> None:
    """``tables``, in groups of ``n_rows``; while one is written the next is made."""
    pending: Future[None] | None = None
    with _told(out):
        writer = WRITERS[out.suffix.lower()](file, schema)
    try:
        with ThreadPoolExecutor(1) as pool:
            for group in grouped(tables, n_rows):
                with _told(out):
                    if pending is not None:
                        pending.result()
                pending = pool.submit(writer.write_table, group)
            with _told(out):
                if pending is not None:
                    pending.result()
    except BaseException:
        with suppress(OSError):  # of a file that is given up
            writer.close()
        raise
    with _told(out):
        writer.close()
        file.flush()


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """An error of the disk names the file that is written."""
    try:
        yield
    except OSError as error:
        raise _of_disk(error, "Nothing was changed", out) from error


@contextmanager
def full_disk(spooled: Path, folder: Path) -> Iterator[None]:
    """A disk that takes no more of a temporary file; other errors are the source's."""
    try:
        yield
    except OSError as error:
        number = error.errno or _number(error)
        if number not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        words = (
            f"The rows of the source, which can be read only once, go to a temporary file in {folder} first: "
            "make room there, or write them to a file elsewhere and name that. Nothing was changed"
        )
        raise _of_disk(OSError(number, os.strerror(number)), words, spooled) from error


def _number(error: OSError) -> int:
    """That of an error of polars, which has it in its text alone."""
    match = _NUMBER.search(str(error))
    return int(match[1]) if match else 0


def _of_disk(error: OSError, rest: str, out: Path) -> OSError:
    why = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
    return OSError(error.errno, f"can not be written: {why}. {rest}", str(out))


def grouped(tables: Iterable[pa.Table], n_rows: int) -> Iterator[pa.Table]:
    """The same rows in tables of ``n_rows``, the last of which may have fewer."""
    held: list[pa.Table] = []
    n_held = 0
    for table in tables:
        held.append(table)
        n_held += table.num_rows
        while n_held >= n_rows:
            both = pa.concat_tables(held)
            yield both.slice(0, n_rows)
            held, n_held = [both.slice(n_rows)], n_held - n_rows
    if n_held:
        yield pa.concat_tables(held)
