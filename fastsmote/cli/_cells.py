"""CSV cells as they stand in a file: rows that are kept or copied come back with the text that they had."""

from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

_CELL = pa.large_binary()  # any encoding, and more than 2 GiB in a column


def read_cells(source: Any, reading: pyarrow.csv.ReadOptions, names: list[str]) -> pa.Table:
    """Every cell of a CSV file, without its quotes."""
    conversion = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(names, _CELL), strings_can_be_null=False
    )
    return pyarrow.csv.read_csv(source, reading, convert_options=conversion)


def quoted_as_read(cells: pa.Table, table: pa.Table) -> pa.Table:
    """``cells`` with quotes where needed; ``table`` is the same file with types and missing values."""
    columns = [
        _quoted(text, column.is_valid()) if _is_free(column.type) else text
        for text, column in zip(cells.columns, table.columns, strict=True)
    ]
    return pa.Table.from_arrays(columns, names=table.column_names)


def formatted(table: pa.Table) -> pa.Table:
    """Cells of numbers and labels: shortest text that gives the same number."""
    columns = []
    for column in with_points(table).columns:
        text = column.cast(pa.string()).cast(_CELL)
        columns.append(_quoted(text, column.is_valid()) if _is_free(column.type) else text)
    return pa.Table.from_arrays(columns, names=table.column_names)


def with_points(table: pa.Table) -> pa.Table:
    """Float columns whose numbers are all whole as text with ``.0``, or they would be read as integers."""
    for i, field in enumerate(table.schema):
        column = table.column(i)
        if pa.types.is_dictionary(field.type):
            table = table.set_column(i, field.name, column.cast(field.type.value_type))
        elif pa.types.is_floating(field.type):
            if pa.types.is_float16(field.type):  # Arrow can neither round nor print it
                column = column.cast(pa.float32())
                table = table.set_column(i, field.name, column)
            if pc.all(pc.equal(column, pc.trunc(column))).as_py():
                text = column.cast(pa.string())
                whole = pc.match_substring_regex(text, "^-?[0-9]+$")
                table = table.set_column(
                    i, field.name, pc.if_else(whole, pc.binary_join_element_wise(text, "", ".0"), text)
                )
    return table


def write_cells(cells: pa.Table, file: BinaryIO) -> None:
    """The rows of ``cells``, one line each."""
    comma = pa.scalar(b",", _CELL)
    lines = pc.binary_join_element_wise(*cells.columns, comma).to_pylist()
    file.write(b"\n".join([*lines, b""]))


def missing_words(kind: pa.DataType) -> pa.Array:
    """What stands for a missing value in a CSV file when it has no quotes, nothing included."""
    return pa.array(pyarrow.csv.ConvertOptions().null_values).cast(kind)


def _is_free(kind: pa.DataType) -> bool:
    """True for text: the cells of numbers, booleans and times never need quotes."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind)


def _quoted(cells: pa.ChunkedArray, present: pa.ChunkedArray) -> pa.ChunkedArray:
    special = pc.or_(
        pc.match_substring_regex(cells, '[",\r\n]'),
        pc.and_(pc.is_in(cells, missing_words(cells.type)), present),
    )
    if not pc.any(special).as_py():
        return cells
    quote, nothing = pa.scalar(b'"', _CELL), pa.scalar(b"", _CELL)
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise(quote, doubled, quote, nothing), cells)
