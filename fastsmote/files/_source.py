"""Where rows come from: files, folders, patterns, Datasets, readers and lazy frames, in batches of Arrow."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from fastsmote._blocks.block import Block
from fastsmote._blocks.outcomes import Columns
from fastsmote._core.containers import schema_without_views
from fastsmote.files import _csv
from fastsmote.files._paths import files_of, folder_hint, names_files, readable_file, schema_of
from fastsmote.files._write import full_disk

_VARIABLE_BYTES = 32  # of a value whose type has no width
_GROUP_ROWS = 262_144
_SHARE = 64  # of the memory is the most that a block fills: one is read ahead, some wait to be written
_WIDE = 3  # blocks that are searched as one, at most
_WIDE_SHARE = 32  # of the memory beyond ``_APART`` is the most that these fill
_APART = 100_000_000  # bytes
_GROUPS = (
    24  # of the memory is the most that a group of rows fills which is written: a block and two of these
)
_FEWEST_ROWS = 64
_BUFFER = 1 << 16  # bytes of a column that are read at a time

Batches: TypeAlias = Iterator[pa.RecordBatch]


class BatchReader(Protocol):
    """Reads some columns, None for all, in batches of so many rows at most; may give more columns.

    One column alone is that of the labels.
    """

    def __call__(self, columns: list[str] | None, n_rows: int) -> Batches: ...


class Reader(Protocol):
    """The same in tables, of about as many rows where there are so many."""

    def __call__(self, columns: list[str] | None, n_rows: int) -> Iterator[pa.Table]: ...


class Blocks(Protocol):
    """A table that is read as often as it is needed, or only its labels; ``wide`` blocks are for searches."""

    def blocks(self, *, labels_only: bool = False, wide: bool = False) -> Iterator[Block]: ...


class Rows:
    """A table that is read as often as it is needed, in blocks of ``block_rows`` rows at most.

    Wide ones have several times as many: what a search in a block costs grows slower than its rows.
    """

    def __init__(self, schema: pa.Schema, read: Reader, target: str, room: int) -> None:
        names = schema.names
        check_column(target, "target", names)
        if len(names) < 2:
            raise ValueError(f"source must have columns beside target. Got {target!r} alone.")
        self._read, self._target = read, target
        self._place = names.index(target)
        self.schema = readable(schema)
        self.block_rows, self.wide_rows, self.group_rows = sizes(self.schema, room)

    def blocks(self, *, labels_only: bool = False, wide: bool = False) -> Iterator[Block]:
        """The table, or the labels alone; the next batch is read while a block is used."""
        schema = pa.schema([self.schema.field(self._target)]) if labels_only else self.schema
        columns = [self._target] if labels_only else None
        place, first = schema.get_field_index(self._target), 0
        for rows in self._read(columns, self.wide_rows if wide else self.block_rows):
            table = rows.select(schema.names).cast(schema)
            yield Block(table.remove_column(place), table.column(place), first, self._target)
            first += table.num_rows

    def table(self, features: pa.Table, labels: Any) -> pa.Table:
        """Features and labels as a table of the schema."""
        return features.add_column(self._place, self.schema.field(self._place), labels)


class NamedColumns:
    """Labels, scores and weights of a table, by the names of their parameters: no other column is read."""

    def __init__(self, schema: pa.Schema, read: Reader, names: dict[str, str], room: int) -> None:
        self._read, self._names = read, list(names.values())
        self._schema = readable(pa.schema([schema.field(name) for name in chosen(schema.names, names)]))
        self._block_rows, self._wide_rows, _ = sizes(self._schema, room)

    def blocks(self, *, labels_only: bool = False, wide: bool = False) -> Iterator[Block]:
        """Blocks of :mod:`fastsmote._blocks.outcomes`; without scores where these are not asked for."""
        names = self._names[:1] if labels_only else self._names
        different, first = list(dict.fromkeys(names)), 0
        schema = pa.schema([self._schema.field(name) for name in different])
        for rows in self._read(different, self._wide_rows if wide else self._block_rows):
            table = rows.select(different).cast(schema)
            labels, scores, weights, *_ = (*map(table.column, names), None, None)
            yield Block(Columns(scores, weights), labels, first, "y_true")
            first += table.num_rows


class NoColumnError(ValueError):
    """There is no such column; where the source comes from may tell why."""

    def __init__(self, message: str, column: Any) -> None:
        super().__init__(message)
        self.column = column


def check_column(name: Any, parameter: str, names: list[str]) -> None:
    """ValueError for a name that none of the columns has, and for columns that share one."""
    if not isinstance(name, str) or name not in names:
        raise NoColumnError(f"{parameter} must be one of the columns {names}. Got {name!r}.", name)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"source must have columns of different names. Got {twice!r} more than once.")


def chosen(names: list[str], asked: dict[str, str]) -> list[str]:
    """The columns that parameters ask for, each once."""
    for parameter, name in asked.items():
        check_column(name, parameter, names)
    return list(dict.fromkeys(asked.values()))


def readable(schema: pa.Schema) -> pa.Schema:
    """The schema as blocks have it."""
    return schema_without_views(schema)


def sizes(schema: pa.Schema, room: int) -> tuple[int, int, int]:
    """Rows of a block, of a wide one and of a group that is written, for so much memory.

    ValueError where these are too few. Powers of two cut the usual groups of rows evenly.
    """
    width = sum(map(_width, schema))
    block_rows, group_rows = (min(_GROUP_ROWS, room // share // width) for share in (_SHARE, _GROUPS))
    if block_rows < _FEWEST_ROWS:
        raise ValueError(
            f"memory_limit must hold {_SHARE} blocks of {_FEWEST_ROWS} rows of about {width:,} bytes, beside "
            f"what Python and its libraries take. There is room for {room:,} bytes; pass a memory_limit that "
            f"is larger by {_SHARE * _FEWEST_ROWS * width - room:,}, or fewer columns."
        )
    block_rows = _whole_power(block_rows)
    wide_rows = min(_WIDE * block_rows, (room - _APART) // _WIDE_SHARE // width)
    return block_rows, max(block_rows, wide_rows), _whole_power(group_rows)


def _whole_power(n: int) -> int:
    return 1 << (n.bit_length() - 1) if n < _GROUP_ROWS else n


def _tables(read: BatchReader, columns: list[str] | None, n_rows: int) -> Iterator[pa.Table]:
    """The batches, as many in one table as have no more than so many rows: those of CSV are small."""
    together: list[pa.RecordBatch] = []
    n_together = 0
    for batch in read(columns, n_rows):
        if together and n_together + batch.num_rows > n_rows:
            yield pa.Table.from_batches(together)
            together, n_together = [], 0
        together.append(batch)
        n_together += batch.num_rows
    if together:
        yield pa.Table.from_batches(together)


def _ahead(
    pool: ThreadPoolExecutor, read: BatchReader, columns: list[str] | None, n_rows: int
) -> Iterator[pa.Table]:
    """The same tables; a thread makes the next one while one is used.

    The pool is the caller's, who waits for it: what ends with this generator may end wherever the garbage
    collector meets it, also while a lock of :mod:`threading` is held, and must neither wait nor lock.
    """
    tables = _tables(read, columns, n_rows)
    following = pool.submit(next, tables, None)
    while (table := following.result()) is not None:
        following = pool.submit(next, tables, None)
        yield table


def _width(field: pa.Field) -> int:
    try:
        return max(1, int(field.type.bit_width) // 8)
    except ValueError:
        return _VARIABLE_BYTES


@contextmanager
def opened(
    source: Any, room: int, folder: Path, asked: dict[str, str] | None = None
) -> Iterator[tuple[pa.Schema, Reader]]:
    """``source``, to be read as often as needed, one batch ahead; the end waits for a read under way.

    What can be read only once goes to a file in ``folder`` first, with the columns that parameters ask for,
    or all.
    """
    try:
        with _found(source, room, folder, asked) as (schema, read), ThreadPoolExecutor(1) as pool:
            yield schema, partial(_ahead, pool, read)
    except NoColumnError as error:
        raise ValueError(f"{error}{_hint(source, error.column)}") from None


def _hint(source: Any, column: Any) -> str:
    """What files may have in the place of a column."""
    if not names_files(source):
        return ""
    paths = files_of(source)
    if _is_csv(paths) and (hint := _csv.delimiter_hint(paths[0], schema_of(paths[:1]).names)):
        return hint
    return folder_hint(source, paths, column)


@contextmanager
def _found(
    source: Any, room: int, folder: Path, asked: dict[str, str] | None
) -> Iterator[tuple[pa.Schema, BatchReader]]:
    if isinstance(source, ds.Dataset):
        yield source.schema, partial(_of_dataset, source)
    elif names_files(source):
        paths = files_of(source)
        schema = schema_of(paths)
        yield schema, partial(_of_csv, paths, schema) if _is_csv(paths) else partial(_of_parquet, paths)
    else:
        with tempfile.TemporaryDirectory(prefix=".fastsmote.", dir=folder) as own:
            spooled = Path(own) / "rows.arrow"
            with full_disk(spooled, folder):
                _spool(source, spooled, room, asked)
            with pa.OSFile(str(spooled)) as file:
                yield pa.ipc.open_file(file).schema, partial(_of_spooled, file)


def _is_csv(paths: Sequence[str]) -> bool:
    return paths[0].lower().endswith(".csv")


def _of_dataset(dataset: ds.Dataset, columns: list[str] | None, n_rows: int) -> Batches:
    """A Dataset decodes groups of rows as wholes, and may read one ahead."""
    is_parquet = isinstance(getattr(dataset, "format", None), ds.ParquetFileFormat)
    reading = (
        ds.ParquetFragmentScanOptions(use_buffered_stream=True, pre_buffer=False) if is_parquet else None
    )
    scanner = dataset.scanner(
        columns=columns,
        batch_size=n_rows,
        batch_readahead=1,
        fragment_readahead=1,
        fragment_scan_options=reading,
    )
    options = _csv.convert_options(dataset)
    if options is None:
        yield from scanner.to_batches()
        return
    with _csv.told(None, dataset.schema.names):
        batches = scanner.to_batches()
        yield from _csv.labels_of(batches, options) if columns and len(columns) == 1 else batches


def _of_csv(paths: Sequence[str], schema: pa.Schema, columns: list[str] | None, n_rows: int) -> Batches:
    """Files of CSV, of which an error names the one."""
    for path in paths:
        with _csv.told(path, schema.names):
            dataset = ds.dataset([path], format=_csv.FORMAT, schema=schema)
            batches = dataset.scanner(columns=columns, batch_size=n_rows, batch_readahead=1).to_batches()
            is_labels = columns is not None and len(columns) == 1
            yield from _csv.labels_of(batches, _csv.convert_options(dataset), path) if is_labels else batches


def _of_parquet(paths: Sequence[str], columns: list[str] | None, n_rows: int) -> Batches:
    """Files of Parquet, of whose groups of rows no more than a batch is decoded."""
    for path in paths:
        with (
            readable_file(path),
            pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) as file,
        ):
            yield from file.iter_batches(n_rows, columns=columns)


def _of_spooled(file: pa.NativeFile, columns: list[str] | None, n_rows: int) -> Batches:
    """All columns of a file of Arrow's."""
    reader = pa.ipc.open_file(file)
    for i in range(reader.num_record_batches):
        batch = reader.get_batch(i)
        for start in range(0, batch.num_rows, n_rows):
            yield batch.slice(start, n_rows)


def _check_order() -> None:
    """Before 1.25, what polars wrote of several files had their groups of rows in another order."""
    version = sys.modules["polars"].__version__
    if tuple(map(int, version.split(".")[:2])) < (1, 25):
        raise ValueError(
            "source must be files or a reader where polars is older than 1.25, which writes lazy frames in "
            f"another order than that of their rows. Got a LazyFrame of polars {version}; update it, or name "
            "the files."
        )


def _spool(source: Any, out: Path, room: int, asked: dict[str, str] | None) -> None:
    """Everything that comes, or some columns of it, in a file of Arrow's."""
    if hasattr(source, "sink_ipc"):  # a lazy frame of polars
        _check_order()
        if asked is not None:
            source = source.select(chosen(source.collect_schema().names(), asked))
        source.sink_ipc(out)
        return
    if not isinstance(source, pa.RecordBatchReader):
        if not hasattr(source, "__arrow_c_stream__"):
            kind = type(source)
            is_of_dask = kind.__module__.partition(".")[0] == "dask"
            way = "call the function of fastsmote.dask" if is_of_dask else "write it to a file first"
            raise TypeError(
                "source must be a path, a pattern or a folder of .parquet or .csv files, a list of paths, a "
                "pyarrow Dataset or RecordBatchReader, or a polars LazyFrame. "
                f"Got {'dask.' if is_of_dask else ''}{kind.__name__}; {way}."
            )
        source = pa.RecordBatchReader.from_stream(source)
    names = None if asked is None else chosen(source.schema.names, asked)
    schema = source.schema if names is None else pa.schema([source.schema.field(name) for name in names])
    n_rows, *_ = sizes(schema, room)
    with pa.OSFile(str(out), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for batch in source:
            table = pa.Table.from_batches([batch])
            writer.write_table(table if names is None else table.select(names), n_rows)
