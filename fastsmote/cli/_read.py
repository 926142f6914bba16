"""Reading tables: whole to be resampled, or two columns in parts to be swept.

One rule for all commands: what is missing is ``Dialect.missing_words`` without quotes, types are those of a
whole column, never of its first rows, and a label is the text of its cell.
"""

import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from fastsmote.cli._labels import NUMBER, PositiveText, as_written, number_pattern
from fastsmote.cli._show import UserError
from fastsmote.cli._source import Dialect, Source

_CELL = pa.large_binary()  # more than 2 GiB in a column
_NO_VIEWS = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}
_OTHER_DELIMITERS = ";\t|,"  # the first of them that a header holds is the guess
_BATCH = 1 << 20  # rows of a Parquet file that are read at a time
_WIDEST = 1 << 30  # characters of a cell that the search for a wrong row takes


@dataclass(frozen=True)
class Data:
    """A table as it was read: what the methods measure, and what goes along."""

    table: pa.Table  # labels of a CSV file and categories are text
    label: int
    cells: pa.Table | None  # of a CSV file, as they stand in it
    carried: tuple[int, ...]  # columns that are not measured
    categories: tuple[int, ...]
    schema: pa.Schema  # of the file, for a Parquet file
    dialect: Dialect

    @property
    def features(self) -> list[int]:
        """Columns that are measured."""
        return [i for i in range(self.table.num_columns) if i != self.label and i not in self.carried]

    @property
    def measured(self) -> tuple[pa.Table, int]:
        """The table without columns that ride along, and where the label is in it."""
        places = sorted([self.label, *self.features])
        return self.table.select(places), places.index(self.label)

    def typed(self, table: pa.Table, any_new: bool = False) -> pa.Table:
        """Rows of this table with the types of the file, for a CSV file those that its text has."""
        if self.cells is not None:
            return table.set_column(self.label, *as_written(table, self.label))
        field = self.schema.field(self.label)
        if pa.types.is_decimal(field.type):  # by way of text: no decimal of few digits takes integers
            table = table.set_column(self.label, field.name, table.column(self.label).cast(pa.string()))
        fields = list(self.schema)
        if any_new:  # where columns ride along, new rows have nothing
            fields = [f.with_nullable(f.nullable or i in self.carried) for i, f in enumerate(fields)]
        return table.cast(pa.schema(fields, self.schema.metadata))


def read(source: Source, target: str, carry: str | None = None, categorical: str | None = None) -> Data:
    """The whole file. ``carry`` and ``categorical`` name columns, separated by commas.

    Labels of a CSV file and its categories are the text of their cells.
    """
    if source.is_parquet:
        with _parquet(source) as file:
            table, cells = file.read(), None
        schema, table = table.schema, _without_views(table)
        names = table.column_names
    else:
        names = _names(source)
    places = [_place(source, names, target, "--target")]
    carried, categories = (
        tuple(_place(source, names, name, option) for name in listed(given, option))
        for option, given in (("--carry", carry), ("--categorical", categorical))
    )
    for option, chosen in (("--carry", carried), ("--categorical", categories)):
        if places[0] in chosen:
            raise UserError(f"{option}: column {target!r} is the target; leave it out.")
    if source.is_parquet:
        table = _as_text(table, categories)
        table = _with_labels(table, places[0])
    else:
        table, cells = _read_csv(source, names, [*places, *categories])
        schema = table.schema
    return Data(table, places[0], cells, carried, categories, schema, source.dialect)


def listed(names: str | None, option: str) -> list[str]:
    """Names of columns, which may have quotes as in a CSV file."""
    if names is None:
        return []
    try:
        return next(csv.reader([names])) or [""]
    except csv.Error:
        raise UserError(
            f"{option}: a name with a line break or a comma is put in double quotes, as in a CSV file. Got "
            f"{names!r}."
        ) from None


def _read_csv(source: Source, names: list[str], text: list[int]) -> tuple[pa.Table, pa.Table]:
    """The table with types, but for columns that are to stay text, and all its cells."""
    reading, parsing = _options(source)
    with _reading(source):
        # labels are kept as they are written: 007 and 1.0 are names, not numbers
        conversion = _conversion(source, column_types={names[i]: pa.string() for i in text})
        with source.records() as records:
            table = pyarrow.csv.read_csv(records, reading, parsing, conversion)
        as_bytes = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, _CELL), strings_can_be_null=False
        )
        with source.records() as records:
            cells = pyarrow.csv.read_csv(records, reading, parsing, as_bytes)
    if not source.dialect.header:
        table = table.rename_columns([str(i) for i in range(table.num_columns)])
    return table, cells


@contextmanager
def _parquet(source: Source) -> Iterator[pyarrow.parquet.ParquetFile]:
    with _reading(source), ExitStack() as stack:
        place = source.path if source.spooled is None else stack.enter_context(source.open())
        yield stack.enter_context(pyarrow.parquet.ParquetFile(place))


def _without_views(table: pa.Table) -> pa.Table:
    """Views of text and bytes as text and bytes: Arrow takes no rows of views."""
    for i, field in enumerate(table.schema):
        if field.type in _NO_VIEWS:
            table = table.set_column(i, field.name, table.column(i).cast(_NO_VIEWS[field.type]))
    return table


def _with_labels(table: pa.Table, label: int) -> pa.Table:
    """Decimal labels as integers, where they are whole, or floats: classes are no decimals."""
    column = table.column(label)
    if not pa.types.is_decimal(column.type):
        return table
    try:
        numbers = column.cast(pa.int64())
    except pa.ArrowException:
        numbers = column.cast(pa.float64())
    return table.set_column(label, table.column_names[label], numbers)


def _as_text(table: pa.Table, places: Iterable[int]) -> pa.Table:
    for i in places:
        name, column = table.column_names[i], table.column(i)
        if pa.types.is_dictionary(column.type):
            continue
        try:
            table = table.set_column(i, name, column.cast(pa.string()))
        except pa.ArrowException:
            raise UserError(f"--categorical: column {name!r} of {column.type} holds no categories.") from None
    return table


def _options(source: Source) -> tuple[pyarrow.csv.ReadOptions, pyarrow.csv.ParseOptions]:
    return (
        pyarrow.csv.ReadOptions(autogenerate_column_names=not source.dialect.header),
        pyarrow.csv.ParseOptions(delimiter=source.dialect.delimiter),
    )


def _conversion(source: Source, **options: Any) -> pyarrow.csv.ConvertOptions:
    """Without quotes an NA or nothing is a missing value; "NA" in quotes is text."""
    return pyarrow.csv.ConvertOptions(
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        null_values=source.dialect.missing_words,
        decimal_point=source.dialect.decimal,
        **options,
    )


def _names(source: Source) -> list[str]:
    """Names of the columns of a CSV file."""
    with (
        _reading(source),
        source.records() as records,
        pyarrow.csv.open_csv(records, *_options(source)) as reader,
    ):
        return reader.schema.names


def _place(source: Source, names: list[str], name: str, option: str) -> int:
    """Where a column is."""
    if not source.dialect.header:
        try:
            return range(len(names))[int(name)]
        except (ValueError, IndexError):
            raise UserError(
                f"{option}: with --no-header it is a position from 0 to {len(names) - 1}, or -1 for the last "
                f"column. Got {name!r}."
            ) from None
    if names.count(name) == 1:
        return names.index(name)
    if name in names:
        raise UserError(f"{option}: {names.count(name)} columns are named {name!r}; rename them.")
    shown = ", ".join(map(repr, names[:30])) + (", ..." if len(names) > 30 else "")
    hint = "" if source.is_parquet else _header_hint(source, names)
    raise UserError(f"{option}: there is no column {name!r}; the columns are {shown}.{hint}")


def _header_hint(source: Source, names: list[str]) -> str:
    """What the first line may be, if it is no header."""
    if hint := _comment_hint(names):
        return hint
    if any(re.fullmatch(NUMBER, name) for name in names):
        return " If the first line is data, not names, add --no-header."
    return _delimiter_hint(source, names)


def _comment_hint(names: list[str]) -> str:
    is_comment = names[0].startswith(("#", "%"))
    return f" If the first line is a comment, add --comment '{names[0][0]}'." if is_comment else ""


def _delimiter_hint(source: Source, names: list[str]) -> str:
    """Which delimiter a file seems to have that was read as one column."""
    others = [d for d in _OTHER_DELIMITERS if d != source.dialect.delimiter and d in names[0]]
    if len(names) > 1 or not others:
        return ""
    word = "tab" if others[0] == "\t" else f"'{others[0]}'"
    return f" Cells were separated by {source.dialect.delimiter!r}; if it is {word}, add --delimiter {word}."


def positive_label(source: Source, label: str, score: str, positive: str | None) -> Any:
    """Check that the columns are there; the positive label in the type of its column, None for 1."""
    schema = None
    if source.is_parquet:
        with _parquet(source) as file:
            schema = file.schema_arrow
    names = _names(source) if schema is None else schema.names
    place = _place(source, names, label, "--label")
    if _place(source, names, score, "--score") == place:
        raise UserError(f"--label and --score are two columns. Got {label!r} for both.")
    if positive is None or schema is None:
        return None
    kind = schema.field(place).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    try:
        return pa.array([positive]).cast(pa.float64() if pa.types.is_decimal(kind) else kind)[0].as_py()
    except pa.ArrowException:
        raise UserError(f"--positive {positive!r} is no {kind}, the type of column {label!r}.") from None


def read_scores(source: Source, label: str, score: str, positive: str | None) -> Iterator[pa.RecordBatch]:
    """Labels and scores in parts: a million rows of a Parquet file, of a CSV file parts as Arrow makes them.

    Labels of a CSV file are 1 where they are ``positive``, else 0.
    """
    positives = PositiveText(positive, source.dialect.decimal)
    asked = {"--label": label, "--score": score}
    start = 0
    with _reading(source, score):
        for batch in _score_batches(source, asked):
            _refuse_missing(source, asked, batch, start)
            labels, scores = batch.columns
            labels = _without_decimals(labels) if source.is_parquet else positives.codes(labels)
            yield pa.RecordBatch.from_arrays([labels, _without_decimals(scores)], batch.schema.names)
            start += batch.num_rows


def _score_batches(source: Source, asked: dict[str, str]) -> Iterator[pa.RecordBatch]:
    """The columns that options ask for, in their order."""
    columns = list(asked.values())
    if source.is_parquet:
        with _parquet(source) as file:
            for batch in file.iter_batches(_BATCH, columns=columns):
                yield batch.select(columns)
        return
    if not source.dialect.header:
        names = _names(source)
        columns = [names[_place(source, names, name, option)] for option, name in asked.items()]
    types = dict(zip(columns, (pa.string(), pa.float64()), strict=True))
    conversion = _conversion(source, include_columns=columns, column_types=types)
    with (
        source.records() as records,
        pyarrow.csv.open_csv(records, *_options(source), conversion) as batches,
    ):
        yield from batches


def _without_decimals(column: pa.Array) -> pa.Array:
    """What is measured is measured in float64."""
    return column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column


def _refuse_missing(source: Source, asked: dict[str, str], batch: pa.RecordBatch, start: int) -> None:
    """Name the row of the file, not of the part of it, in which a label or a score is missing or infinite."""
    labels, scores = batch.columns
    wrong_label = pc.is_null(labels, nan_is_null=True)
    is_number = pa.types.is_floating(scores.type)
    wrong_score = pc.invert(pc.fill_null(pc.is_finite(scores), False)) if is_number else pc.is_null(scores)
    for (option, name), column, wrong in zip(
        asked.items(), batch.columns, (wrong_label, wrong_score), strict=True
    ):
        row = pc.index(wrong, True).as_py()
        if row >= 0:
            value = repr(column[row].as_py())
            if not source.is_parquet and value == "None":
                word = _cell(source, _place(source, _names(source), name, option), start + row)
                value = f"the word {word} without quotes, which counts as missing," if word else "no value"
            raise UserError(
                f"{source.name}: {option} {name!r} has {value} in data row {start + row:,}. Drop these "
                "rows or fill them."
            )


@contextmanager
def _reading(source: Source, score: str | None = None) -> Iterator[None]:
    """What can not be read is the user's to mend; memory is for the net under all commands."""
    try:
        yield
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, EOFError, zlib.error) as error:
        raise _explained(source, error, score) from None


def _explained(source: Source, error: Exception, score: str | None = None) -> UserError:
    """The row that Arrow does not take, which it can not always name."""
    if source.is_parquet or not isinstance(error, pa.ArrowInvalid):
        return UserError(f"{source.name}: can not be read: {_one_line(error)}")
    rows = _rows(source)
    line, first = next(rows, (0, []))
    if not first:
        return UserError(f"{source.name}: can not be read: there is no line in it.")
    column = None if score is None else _place(source, first, score, "--score")
    if not source.dialect.header:
        rows = chain([(line, first)], rows)
    number = number_pattern(source.dialect.decimal) + r"|[-+]?(inf|infinity|nan)"
    is_number = re.compile(number, re.IGNORECASE).fullmatch
    has_other_mark = re.compile(number_pattern(source.dialect.other_decimal)).fullmatch
    words = set(source.dialect.missing_words)
    for i, (line, cells) in enumerate(rows):
        if len(cells) != len(first):
            what = (
                f"has {len(cells):,} cells, the first row has {len(first):,}; where the text of a cell holds "
                f"{source.dialect.delimiter!r}, it needs quotes."
                f"{_comment_hint(first) or _delimiter_hint(source, first)}"
            )
        elif column is not None and not is_number(cells[column]) and cells[column] not in words:
            hint = "If it stands for a missing value, drop these rows."
            if has_other_mark(cells[column]):
                mark = source.dialect.other_decimal
                hint = f"If {mark!r} stands before decimals, {source.dialect.decimal_advice}."
            what = f"has {cells[column]!r} for --score {score!r}, which is no number. {hint}"
        else:
            continue
        return UserError(f"{source.name}: can not be read: data row {i:,} (line {line:,}) {what}")
    return UserError(f"{source.name}: can not be read: {_one_line(error)}")


def _cell(source: Source, place: int, row: int) -> str:
    """A cell of a data row that is there."""
    _, cells = next(islice(_rows(source), row + source.dialect.header, None))
    return cells[place]


def _rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row ends, and its cells, the header too; slowly, for messages."""
    limit = csv.field_size_limit(_WIDEST)
    try:
        with source.records() as records:
            texts = (io.StringIO(bytes(block).decode(), newline="") for block in iter(records.read, b""))
            reader = csv.reader(chain.from_iterable(texts), delimiter=source.dialect.delimiter)
            yield from ((reader.line_num, row) for row in reader if row)
    finally:
        csv.field_size_limit(limit)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
