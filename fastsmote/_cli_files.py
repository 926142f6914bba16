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

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from rich.table import Table

from fastsmote._cli_read import check_table, is_text, read
from fastsmote._cli_show import Steps, UserError, mistakes, output, seconds, undone_by_interrupt

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
    random_state: int | None,
    header: bool,
    n_jobs: int | None,
    force: bool,
) -> None:
    _check_paths(source, out, header, force)
    strategy = parse_strategy(sampling_strategy)
    options = _options(method, k_neighbors, random_state, n_jobs)
    start = time.perf_counter()
    with Steps() as steps:
        steps.start(f"reading {source.name}")
        table, label = read(source, target, header)
        check_table(table, label, method)
        y = table.column(label)
        if isinstance(strategy, dict):
            strategy = _with_labels(strategy, y, table.column_names[label])
        progress = steps.start(method)
        if method != "random_under_sample":
            options["progress"] = progress
        resampled = _resample(table, label, method, strategy, options)
        progress = steps.start(f"writing {out.name}")
        with _replacing(out) as file:
            _write(resampled, file, out.suffix.lower(), header, progress)
    _summary(y, resampled.column(label), table.column_names[label])
    output().print(
        f"{method}: {table.num_rows:,} rows -> {resampled.num_rows:,} rows "
        f"in {seconds(time.perf_counter() - start)}: {out}",
        soft_wrap=True,
    )


def _check_paths(source: Path, out: Path, header: bool, force: bool) -> None:
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
    """A float, a JSON object with a count per label, or one of the names, as text."""
    try:
        return float(text)
    except ValueError:
        pass
    if not text.lstrip().startswith("{"):
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
        known = ", ".join(sorted({str(label) for label in labels.values()}))
        raise UserError(
            f"--sampling-strategy: column {name!r} has no label {unknown[0]!r}; its labels are {known}."
        )
    return {labels[key]: count for key, count in strategy.items()}


def _options(
    method: str, k_neighbors: int | None, random_state: int | None, n_jobs: int | None
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if k_neighbors is not None:
        if method not in ("smote", "adasyn"):
            raise UserError(f"--k-neighbors is for smote and adasyn. Got --method {method}; leave it out.")
        options["k_neighbors" if method == "smote" else "n_neighbors"] = k_neighbors
    if method != "tomek_links":
        options["random_state"] = random_state
    if method != "random_under_sample":
        options["n_jobs"] = n_jobs
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


@contextmanager
def _replacing(out: Path) -> Iterator[BinaryIO]:
    """A new file beside ``out`` that takes its name when all is written, and is removed otherwise."""
    final = out.resolve()
    temporary = final.with_name(f".{final.name}.{uuid.uuid4().hex[:12]}.tmp")
    remove = partial(temporary.unlink, missing_ok=True)
    try:
        with undone_by_interrupt(remove):
            with open(temporary, "xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, final)
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise UserError(f"{out}: can not be written: {reason}. Nothing was changed.") from None
    except pa.ArrowException as error:
        raise UserError(f"{out}: can not be written: {error}. A .parquet file takes more types.") from None
    finally:
        remove()


def _write(
    table: pa.Table, file: BinaryIO, suffix: str, header: bool, progress: Callable[[int, int], None]
) -> None:
    if suffix == ".csv":
        if header:
            line = io.StringIO()
            csv.writer(line, lineterminator="\n").writerow(table.column_names)
            file.write(line.getvalue().encode())
        table = _as_text(table)
        quoting = "none" if all(map(_is_plain, table.columns)) else "needed"
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style=quoting)
        writer = pyarrow.csv.CSVWriter(file, table.schema, write_options=options)
    else:
        writer = pyarrow.parquet.ParquetWriter(file, table.schema)
    with writer:
        for start in range(0, table.num_rows, _BATCH[suffix]):
            writer.write_table(table.slice(start, _BATCH[suffix]))
            progress(start, table.num_rows)


def _as_text(table: pa.Table) -> pa.Table:
    """Float columns whose numbers are all whole get their ``.0``, or they would be read as integers."""
    for i, field in enumerate(table.schema):
        column = table.column(i)
        if pa.types.is_dictionary(field.type):
            table = table.set_column(i, field.name, column.cast(field.type.value_type))
        elif pa.types.is_floating(field.type) and pc.all(pc.equal(column, pc.trunc(column))).as_py():
            text = column.cast(pa.string())
            whole = pc.match_substring_regex(text, "^-?[0-9]+$")
            table = table.set_column(
                i, field.name, pc.if_else(whole, pc.binary_join_element_wise(text, "", ".0"), text)
            )
    return table


def _is_plain(column: pa.ChunkedArray) -> bool:
    """True if no text of the column needs quotes to be read back as it is."""
    if not is_text(column.type):
        return True
    missing = pa.array(pyarrow.csv.ConvertOptions().null_values, column.type)
    special = pc.or_(pc.match_substring_regex(column, '[",\r\n]'), pc.is_in(column, missing))
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
