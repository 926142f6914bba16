"""Where rows come from: files, folders, patterns, Datasets, readers and lazy frames, as one Arrow Dataset."""

import glob
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds

from fastsmote._blocks.block import Block

_NO_VIEWS = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}  # Arrow takes no rows
_VARIABLE_BYTES = 32  # of a value whose type has no width
_GROUP_ROWS = 262_144
_SHARE = 64  # of the memory is the most that a block fills: some are read ahead, some wait to be written
_FEWEST_ROWS = 1024
_FORMATS = {".parquet": "parquet", ".csv": "csv"}


class Rows:
    """A table that is read as often as it is needed, in blocks of ``block_rows`` rows at most."""

    def __init__(self, dataset: ds.Dataset, target: str, room: int) -> None:
        names = dataset.schema.names
        if target not in names:
            raise ValueError(f"target must be one of the columns {names}. Got {target!r}.")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"source must have columns of different names. Got {twice!r} more than once.")
        if len(names) < 2:
            raise ValueError(f"source must have columns beside target. Got {target!r} alone.")
        self._dataset, self._target = dataset, target
        self._place = names.index(target)
        fields = [field.with_type(_NO_VIEWS.get(field.type, field.type)) for field in dataset.schema]
        self.schema = pa.schema(fields, dataset.schema.metadata)
        width = sum(map(_width, fields))
        self.block_rows = max(_FEWEST_ROWS, min(_GROUP_ROWS, room // _SHARE // width))

    def blocks(self, *, labels_only: bool = False) -> Iterator[Block]:
        """The table, or the labels alone."""
        schema = pa.schema([self.schema.field(self._target)]) if labels_only else self.schema
        scanner = self._dataset.scanner(
            columns=schema.names,
            batch_size=self.block_rows,
            batch_readahead=2,
            fragment_readahead=1,
            fragment_scan_options=self._reading(),
        )
        place, first = schema.get_field_index(self._target), 0
        for batch in scanner.to_batches():
            table = pa.Table.from_batches([batch]).cast(schema)
            yield Block(table.remove_column(place), table.column(place), first, self._target)
            first += batch.num_rows

    def table(self, features: pa.Table, labels: Any) -> pa.Table:
        """Features and labels as a table of the schema."""
        return features.add_column(self._place, self.schema.field(self._place), labels)

    def _reading(self) -> ds.FragmentScanOptions | None:
        is_parquet = isinstance(getattr(self._dataset, "format", None), ds.ParquetFileFormat)
        return (
            ds.ParquetFragmentScanOptions(use_buffered_stream=True, pre_buffer=False) if is_parquet else None
        )


def _width(field: pa.Field) -> int:
    try:
        return max(1, int(field.type.bit_width) // 8)
    except ValueError:
        return _VARIABLE_BYTES


@contextmanager
def opened(source: Any, target: str, room: int, folder: Path) -> Iterator[Rows]:
    """``source`` as rows; what can be read only once goes to a file in ``folder`` first."""
    if isinstance(source, ds.Dataset):
        yield Rows(source, target, room)
    elif isinstance(source, str | os.PathLike) or _are_paths(source):
        yield Rows(_dataset_of(source), target, room)
    else:
        with tempfile.TemporaryDirectory(prefix=".fastsmote.", dir=folder) as own:
            spooled = Path(own) / "rows.arrow"
            _spool(source, spooled)
            yield Rows(ds.dataset(spooled, format="ipc"), target, room)


def _are_paths(source: Any) -> bool:
    return isinstance(source, list | tuple) and all(isinstance(one, str | os.PathLike) for one in source)


def _spool(source: Any, out: Path) -> None:
    """Everything that comes, in a file of Arrow's."""
    if hasattr(source, "sink_ipc"):  # a lazy frame of polars
        source.sink_ipc(out)
        return
    if not isinstance(source, pa.RecordBatchReader):
        if not hasattr(source, "__arrow_c_stream__"):
            raise TypeError(
                "source must be a path, a pattern or a folder of .parquet or .csv files, a list of paths, a "
                "pyarrow Dataset or RecordBatchReader, or a polars LazyFrame. "
                f"Got {type(source).__name__}; write it to a file first."
            )
        source = pa.RecordBatchReader.from_stream(source)
    with pa.OSFile(str(out), "wb") as file, pa.ipc.new_file(file, source.schema) as writer:
        for batch in source:
            writer.write_batch(batch)


def _dataset_of(source: Any) -> ds.Dataset:
    """Files as a Dataset: of one format, and of one schema."""
    paths = [path for one in (source if _are_paths(source) else [source]) for path in _files(os.fspath(one))]
    suffixes = sorted({path.suffix.lower() for path in paths})
    if not paths or not set(suffixes) <= set(_FORMATS) or len(suffixes) > 1:
        found = f"{', '.join(suffixes)} files" if paths else "no file"
        raise ValueError(f"source must name .parquet files or .csv files. Got {found} for {source!r}.")
    dataset = ds.dataset([str(path) for path in paths], format=_FORMATS[suffixes[0]])
    for fragment in dataset.get_fragments():
        if not fragment.physical_schema.equals(dataset.schema):
            raise ValueError(
                f"source must be files of the same columns and types. Got {fragment.path} with others than "
                f"{paths[0]}; pass a pyarrow Dataset with the schema that holds for all."
            )
    return dataset


def _files(source: str) -> list[Path]:
    """The files that a path, a pattern or a folder names, by name."""
    path = Path(source)
    if path.is_dir():
        return sorted(one for one in path.rglob("*") if one.suffix.lower() in _FORMATS)
    if path.exists() or not glob.has_magic(source):
        path.stat()  # its error names the path as it was given; that of resolve does not, since Python 3.13
        return [path.resolve()]
    return sorted(map(Path, glob.glob(source, recursive=True)))
