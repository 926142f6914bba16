"""Reading CSV and Parquet files: whole to be resampled, or two columns in parts to be swept.

Columns that can not be used are refused by name.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from fastsmote._sampling.registry import Columns
from fastsmote.cli._cells import quoted_as_read, read_cells
from fastsmote.cli._show import UserError

_NUMBER = r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*"

# In a CSV file an unquoted NA or nothing is a missing value; "NA" in quotes is text.
_CSV_MISSING = {"strings_can_be_null": True, "quoted_strings_can_be_null": False}


def check_suffix(path: Path) -> None:
    """Refuse what is neither CSV nor Parquet."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise UserError(f"{path}: only .csv and .parquet files are supported. Got {path.suffix!r}.")


def check_source(source: Path, header: bool) -> None:
    """Refuse what is no file that can be read."""
    check_suffix(source)
    if not source.is_file():
        raise UserError(f"{source}: no such file.")
    if not header and source.suffix.lower() != ".csv":
        raise UserError("--no-header is for CSV files; Parquet columns always have names.")


def read(source: Path, target: str, header: bool) -> tuple[pa.Table, int, pa.Table | None]:
    """The table, the position of the target column, and for a CSV file its cells, quoted where needed."""
    try:
        if source.suffix.lower() == ".parquet":
            table = pyarrow.parquet.ParquetFile(source).read()
            return table, _position(table.column_names, target), None
        reading = pyarrow.csv.ReadOptions(autogenerate_column_names=not header)
        with pyarrow.csv.open_csv(source, reading) as reader:
            names = reader.schema.names
        label = _csv_position(names, target, header)
        # labels are kept as they are written: 007 and 1.0 are names, not numbers
        conversion = pyarrow.csv.ConvertOptions(column_types={names[label]: pa.string()}, **_CSV_MISSING)
        table = pyarrow.csv.read_csv(source, reading, convert_options=conversion)
        cells = read_cells(source, reading, names)
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{source}: can not be read: {error}") from None
    if not header:
        table = table.rename_columns([str(i) for i in range(table.num_columns)])
    return table, label, quoted_as_read(cells, table)


def _position(names: list[str], name: str, hint: str = "", option: str = "--target") -> int:
    if names.count(name) == 1:
        return names.index(name)
    if name in names:
        raise UserError(f"{option}: {names.count(name)} columns are named {name!r}; rename them.")
    shown = ", ".join(map(repr, names[:30])) + (", ..." if len(names) > 30 else "")
    raise UserError(f"{option}: there is no column {name!r}; the columns are {shown}.{hint}")


def _csv_position(names: list[str], target: str, header: bool) -> int:
    if header:
        numeric = any(re.fullmatch(_NUMBER, name) for name in names)
        hint = " If the first line is data, not names, add --no-header." if numeric else ""
        return _position(names, target, hint)
    try:
        return range(len(names))[int(target)]
    except (ValueError, IndexError):
        raise UserError(
            f"--target: with --no-header it is a position from 0 to {len(names) - 1}, or -1 for the last "
            f"column. Got {target!r}."
        ) from None


def read_scores(source: Path, label: str, score: str, n_rows: int) -> Iterator[pa.RecordBatch]:
    """Two columns, about ``n_rows`` rows at a time; of a CSV file parts as Arrow makes them."""
    try:
        if source.suffix.lower() == ".parquet":
            batches = pyarrow.parquet.ParquetFile(source).iter_batches(n_rows, columns=[label, score])
        else:
            # types are those of the first part: it may hold whole numbers only
            conversion = pyarrow.csv.ConvertOptions(
                include_columns=[label, score], column_types={score: pa.float64()}
            )
            batches = pyarrow.csv.open_csv(source, convert_options=conversion)
        start = 0
        for batch in batches:
            chosen = batch.select([label, score])
            _refuse_missing(source, chosen, start)
            yield chosen
            start += chosen.num_rows
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{source}: can not be read: {error}") from None


def _refuse_missing(source: Path, batch: pa.RecordBatch, start: int) -> None:
    """Name the row of the file, not of the part of it, in which a label or a score is missing or infinite."""
    labels, scores = batch.columns
    wrong_label = pc.is_null(labels, nan_is_null=True)
    is_number = pa.types.is_floating(scores.type)
    wrong_score = pc.invert(pc.fill_null(pc.is_finite(scores), False)) if is_number else pc.is_null(scores)
    for option, name, wrong in zip(
        ("label", "score"), batch.schema.names, (wrong_label, wrong_score), strict=True
    ):
        row = pc.index(wrong, True).as_py()
        if row >= 0:
            value = batch.column(name)[row].as_py()
            raise UserError(
                f"{source}: --{option} {name!r} has {value!r} in row {start + row + 1:,} of the data. Drop "
                "these rows or fill them."
            )


def positive_label(source: Path, label: str, score: str, positive: str | None) -> Any:
    """Check that the columns are there; the positive label in the type of its column, None for 1."""
    check_suffix(source)
    try:
        if source.suffix.lower() == ".parquet":
            schema = pyarrow.parquet.ParquetFile(source).schema_arrow
        else:
            with pyarrow.csv.open_csv(source) as reader:
                schema = reader.schema
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{source}: can not be read: {error}") from None
    kind = schema.field(_position(schema.names, label, option="--label")).type
    if _position(schema.names, score, option="--score") == schema.names.index(label):
        raise UserError(f"--label and --score are two columns. Got {label!r} for both.")
    if positive is None:
        return None
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    try:
        return pa.array([positive]).cast(kind)[0].as_py()
    except pa.ArrowException:
        raise UserError(f"--positive {positive!r} is no {kind}, the type of column {label!r}.") from None


def check_table(table: pa.Table, label: int, columns: Columns) -> None:
    """Refuse, by column name, what is no target, or no feature for a method that takes such ``columns``."""
    _check_target(table, label)
    if columns == "any":
        return
    names = table.column_names
    indexes = json.loads((table.schema.metadata or {}).get(b"pandas", b"{}")).get("index_columns", [])
    for i, name in enumerate(names):
        if i == label:
            continue
        if names.count(name) > 1:
            raise UserError(f"{names.count(name)} columns are named {name!r}; rename them.")
        if name in indexes:
            raise UserError(
                f"column {name!r} is the saved index of a pandas frame, not a feature; write the file with "
                "index=False."
            )
        _check_feature(table.column(i), name, columns)


def _check_target(table: pa.Table, label: int) -> None:
    names = table.column_names
    kind = table.schema.field(label).type
    if not (_is_number(kind) or is_text(kind) or pa.types.is_dictionary(kind)):
        raise UserError(
            f"column {names[label]!r} can not be the target: labels are text, numbers, booleans or "
            f"categories. Got {kind}; convert it."
        )
    if table.column(label).null_count:
        raise _missing(table.column(label).is_null(), names[label], "label these rows or remove them")
    if table.num_rows == 0:
        raise UserError("the file has no rows.")
    if table.num_columns < 2:
        raise UserError(f"column {names[label]!r} is the only column; features are needed beside the target.")


def _check_feature(column: pa.ChunkedArray, name: str, columns: Columns) -> None:
    """Refuse text that is not taken as categories, missing values and infinite ones."""
    is_category = is_text(column.type) or pa.types.is_dictionary(column.type)
    if not (_is_number(column.type) or (is_category and columns != "numbers")):
        if column.null_count == len(column):
            raise UserError(f"column {name!r} has no values at all; drop it.")
        text = "smotenc, which takes text as categories, or " if is_category else ""
        raise UserError(
            f"column {name!r} is not numeric ({column.type}); encode it as numbers or drop it, or use "
            f"--method {text}random_over_sample or random_under_sample, which only copy rows."
        )
    missing = column.is_null(nan_is_null=True)
    if pc.any(missing).as_py():
        raise _missing(missing, name, "fill them or drop the rows")
    if pa.types.is_floating(column.type) and pc.any(pc.is_inf(column)).as_py():
        raise UserError(
            f"column {name!r} has an infinite value in data row {pc.index(pc.is_inf(column), True)}; "
            "replace it by a number or drop the row."
        )


def check_csv(table: pa.Table, cells: pa.Table, label: int, typed: bool) -> None:
    """Refuse labels that are measurements and, where numbers are ``typed``, integers that become floats."""
    name = table.column_names[label]
    labels = pc.unique(table.column(label)).to_pylist()
    if all(re.fullmatch(_NUMBER, text) for text in labels):
        fractional = [text for text in labels if not float(text).is_integer()]
        if fractional:
            raise UserError(
                f"column {name!r} can not be the target: Unknown label type: 'continuous'. Labels are "
                f"text or whole numbers. Got {fractional[0]}; bin the values into classes first."
            )
    if typed:
        for name, column, text in zip(table.column_names, table.columns, cells.columns, strict=True):
            _check_integers(name, column, text)


def _check_integers(name: str, column: pa.ChunkedArray, text: pa.ChunkedArray) -> None:
    """Refuse a column of floats whose cells are integers that 64 bits can not hold."""
    if not pa.types.is_float64(column.type):
        return
    row = pc.index(pc.greater_equal(pc.abs(column), 2.0**63), True).as_py()
    if row < 0:
        return
    if pc.all(pc.or_(column.is_null(), pc.match_substring_regex(text, r"^\s*-?[0-9]+\s*$"))).as_py():
        raise UserError(
            f"column {name!r} has integers that 64 bits can not hold, the first "
            f"{text[row].as_py().decode().strip()} in data row {row}; drop or shorten them, or copy "
            "rows with --method random_over_sample or random_under_sample into a .csv file."
        )


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)


def is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _missing(where: pa.ChunkedArray, name: str, remedy: str) -> UserError:
    count = pc.sum(where).as_py()
    row = pc.index(where, True).as_py()
    return UserError(f"column {name!r} has {count:,} missing values, the first in data row {row}; {remedy}.")
