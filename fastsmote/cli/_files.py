"""``fastsmote resample``: a file in, a file out, by way of Arrow tables."""

import csv
import errno
import io
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from rich.table import Table

from fastsmote.cli._cells import formatted, missing_words, with_points, write_cells
from fastsmote.cli._methods import CLEANS_WITH, INTERPOLATE, neighbors_option, takes
from fastsmote.cli._read import COPY_ROWS, check_csv, check_table, is_text, read
from fastsmote.cli._show import Steps, UserError, mistakes, output, seconds, undone_by_interrupt

# Rows per write: Ctrl-C and the progress bar are served in between; in Parquet each write is a row group.
_BATCH = {".csv": 65_536, ".parquet": 262_144}
_MAX_CLASSES = 20  # lines of the summary


def run(
    source: Path,
    out: Path,
    *,
    target: str,
    method: str,
    sampling_strategy: str,
    k_neighbors: int | None,
    min_count: str | None,
    random_state: int | None,
    header: bool,
    n_jobs: int | None,
    force: bool,
) -> None:
    check_paths(source, out, header, force)
    strategy = parse_strategy(sampling_strategy)
    options = _options(method, k_neighbors, min_count, random_state, n_jobs)
    start = time.perf_counter()
    with Steps() as steps:
        steps.start(f"reading {source.name}")
        table, label, cells = read(source, target, header)
        keep_text = out.suffix.lower() == ".csv"
        check_table(table, label, method)
        if cells is not None:
            check_csv(table, cells, label, typed=not keep_text or method not in COPY_ROWS)
        y = table.column(label)
        if isinstance(strategy, dict):
            strategy = _with_labels(strategy, y, table.column_names[label])
        elif isinstance(strategy, list):
            strategy = list(_with_labels(dict.fromkeys(strategy), y, table.column_names[label]))
        progress = steps.start(method)
        if takes(method, "progress"):
            options["progress"] = progress
        if cells is not None and keep_text:
            y_resampled, resampled = _resample_cells(table, cells, label, method, strategy, options)
        else:
            cells = None
            resampled = _resample(table, label, method, strategy, options)
            y_resampled = resampled.column(label)
        progress = steps.start(f"writing {out.name}")
        with replacing(out) as file:
            write(resampled, file, out.suffix.lower(), header, cells is not None, progress)
    _summary(y, y_resampled, table.column_names[label])
    output().print(
        f"{method}: {table.num_rows:,} rows -> {resampled.num_rows:,} rows "
        f"in {seconds(time.perf_counter() - start)}: {out}",
        soft_wrap=True,
    )


def check_paths(source: Path, out: Path, header: bool, force: bool) -> None:
    for path in (source, out):
        if path.suffix.lower() not in _BATCH:
            raise UserError(f"{path}: only .csv and .parquet files are supported. Got {path.suffix!r}.")
    if not source.is_file():
        raise UserError(f"{source}: no such file.")
    if not header and source.suffix.lower() != ".csv":
        raise UserError("--no-header is for CSV files; Parquet columns always have names.")
    if out.is_dir():
        raise UserError(f"{out}: is a folder; name a file.")
    if not out.resolve().parent.is_dir():
        raise UserError(f"{out}: the folder {out.resolve().parent} does not exist; create it first.")
    if out.exists() and not force:
        raise UserError(f"{out}: exists already; choose another file, or add --force to replace it.")


def parse_strategy(text: str) -> Any:
    """A float, a JSON object with a count per label, a JSON list of labels, or one of the names, as text."""
    try:
        return float(text)
    except ValueError:
        pass
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserError(
            f"--sampling-strategy must be a name, a number or JSON such as "
            f"""'{{"fraud": 5000}}'. Got {text!r} ({error})."""
        ) from None


def _with_labels(strategy: dict[str, Any], y: pa.ChunkedArray, name: str) -> dict[Any, Any]:
    """JSON keys are text: replace them by the labels that they spell."""
    labels: dict[str, Any] = {}
    for label in pc.unique(y).to_pylist():
        labels |= {str(label): label, json.dumps(label, default=str): label}
    unknown = [key for key in strategy if key not in labels]
    if unknown:
        known = sorted({repr(label) for label in labels.values()})
        quotes = any("'" in str(label) or '"' in str(label) for label in labels.values())
        hint = " The quotes inside a label are part of it: write them in the JSON key." if quotes else ""
        raise UserError(
            f"--sampling-strategy: column {name!r} has no label {unknown[0]!r}; its labels are "
            f"{', '.join(known)}.{hint}"
        )
    return {labels[key]: count for key, count in strategy.items()}


def _options(
    method: str,
    k_neighbors: int | None,
    min_count: str | None,
    random_state: int | None,
    n_jobs: int | None,
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if k_neighbors is not None:
        name = neighbors_option(method)
        if name is None:
            raise UserError(
                f"--k-neighbors is for methods that look at neighbours. Got --method {method}; leave it out."
            )
        options[name] = k_neighbors
    if min_count is not None:
        if not takes(method, "min_count"):
            raise UserError(f"--min-count is for cleaners. Got --method {method}; leave it out.")
        options["min_count"] = int(min_count) if min_count.isdecimal() else min_count
    for name, value in (("random_state", random_state), ("n_jobs", n_jobs)):
        if takes(method, name):
            options[name] = value
    return options


def _resample(table: pa.Table, label: int, method: str, strategy: Any, options: dict[str, Any]) -> pa.Table:
    """Rows of the result in the schema of ``table``."""
    import fastsmote

    features = table.drop_columns([table.column_names[label]])
    with mistakes(f"{method} by column {table.column_names[label]!r}: "):
        X, y = getattr(fastsmote, method)(
            features, table.column(label), sampling_strategy=strategy, **options
        )
    columns = X.columns
    columns.insert(label, y)
    return pa.Table.from_arrays(columns, schema=table.schema)


def _resample_cells(
    table: pa.Table, cells: pa.Table, label: int, method: str, strategy: Any, options: dict[str, Any]
) -> tuple[pa.ChunkedArray, pa.Table]:
    """Labels and cells of the result: the text of the file, and new numbers in shortest form."""
    name = table.column_names[label]
    if method in ("random_over_sample", "random_under_sample"):
        numbered = pa.table({f"row of {name}": np.arange(table.num_rows), name: table.column(label)})
        resampled = _resample(numbered, 1, method, strategy, options)
        return resampled.column(1), cells.take(resampled.column(0))
    if method in (*INTERPOLATE, *CLEANS_WITH):
        first = "smote" if method in CLEANS_WITH else method
        grown = _resample(
            table,
            label,
            first,
            strategy,
            {name: value for name, value in options.items() if takes(first, name)},
        )
        cells = pa.concat_tables([cells, formatted(grown.slice(table.num_rows))])
        if first == method:
            return grown.column(label), cells
        table, method, strategy = grown, CLEANS_WITH[method], "all"
        own = ("min_count", "n_jobs", "progress")
        options = {name: value for name, value in options.items() if name in own}
    return _select_cells(table, cells, label, method, strategy, options)


def _select_cells(
    table: pa.Table, cells: pa.Table, label: int, method: str, strategy: Any, options: dict[str, Any]
) -> tuple[pa.ChunkedArray, pa.Table]:
    import fastsmote

    name = table.column_names[label]
    with mistakes(f"{method} by column {name!r}: "):
        kept = getattr(fastsmote.select, method)(
            table.drop_columns([name]), table.column(label), sampling_strategy=strategy, **options
        )
    return table.column(label).take(pa.array(kept)), cells.take(pa.array(kept))


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
    if suffix == ".csv":
        if header:
            line = io.StringIO()
            csv.writer(line, lineterminator="\n").writerow(table.column_names)
            file.write(line.getvalue().encode())
        if cells:
            for start in range(0, table.num_rows, _BATCH[suffix]):
                write_cells(table.slice(start, _BATCH[suffix]), file)
                progress(start, table.num_rows)
            return
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


def _summary(before: pa.ChunkedArray, after: pa.ChunkedArray, name: str) -> None:
    counts = {str(pair["values"]): pair["counts"] for pair in pc.value_counts(after).to_pylist()}
    pairs = sorted(pc.value_counts(before).to_pylist(), key=lambda pair: -pair["counts"])
    table = Table()
    table.add_column(name)
    table.add_column("rows before", justify="right")
    table.add_column("rows after", justify="right")
    for pair in pairs[:_MAX_CLASSES]:
        label = str(pair["values"])
        table.add_row(label, f"{pair['counts']:,}", f"{counts.get(label, 0):,}")
    if len(pairs) > _MAX_CLASSES:
        table.caption = f"and {len(pairs) - _MAX_CLASSES:,} more classes"
    output().print(table)
