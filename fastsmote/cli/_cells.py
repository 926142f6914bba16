"""CSV cells as they are written: rows that are kept or copied with the text that they had."""

import re
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from fastsmote.cli._read import Data
from fastsmote.cli._source import Dialect

_CELL = pa.large_binary()  # more than 2 GiB in a column
_FREE = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_fixed_size_binary,
    pa.types.is_string_view,
    pa.types.is_binary_view,
    pa.types.is_dictionary,
)
_NEVER_IN_NUMBERS = ",;\t|"  # delimiters that no cell of a number, truth value or time holds


def quoted_as_read(data: Data, written: Dialect) -> pa.Table:
    """The cells of a file with quotes where they are needed as they are ``written`` again."""
    assert data.cells is not None
    alike = data.dialect.delimiter == written.delimiter
    columns = [
        _quoted(text, column.is_valid(), written, i == 0)
        if not alike or _is_free(column.type, written)
        else text
        for i, (text, column) in enumerate(zip(data.cells, data.table, strict=True))
    ]
    return pa.Table.from_arrays(columns, names=data.table.column_names)


def formatted(table: pa.Table, written: Dialect) -> pa.Table:
    """Cells of numbers and labels: shortest text that gives the same number."""
    return as_cells(with_points(table), table.schema, written)


def formatted_as_read(table: pa.Table, data: Data, written: Dialect) -> pa.Table:
    """The same of new rows, with the words of the file for true and false."""
    assert data.cells is not None
    schema = table.schema
    for i, field in enumerate(schema):
        if pa.types.is_boolean(field.type):
            yes, no = (_word(data.table.column(i), data.cells.column(i), value) for value in (True, False))
            table = table.set_column(i, field.name, pc.if_else(table.column(i), yes, no))
    return as_cells(with_points(table), schema, written)


def _word(column: pa.ChunkedArray, cells: pa.ChunkedArray, value: bool) -> str:
    row = pc.index(column, value).as_py()
    return str(value).lower() if row < 0 else cells[row].as_py().decode()


def as_cells(table: pa.Table, schema: pa.Schema, written: Dialect) -> pa.Table:
    """The same of a part of a table ``with_points``; ``schema`` is that of the table without."""
    columns = []
    for i, (column, kind) in enumerate(zip(table, schema.types, strict=True)):
        text = column.cast(pa.large_string() if pa.types.is_large_binary(kind) else pa.string())
        if written.decimal != "." and (pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
            text = pc.replace_substring(text, ".", written.decimal)
        text = text.cast(_CELL)
        columns.append(_quoted(text, column.is_valid(), written, i == 0) if _is_free(kind, written) else text)
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


def write_cells(cells: pa.Table, file: BinaryIO, written: Dialect) -> None:
    """The rows of ``cells``, one line each; what is missing is nothing."""
    delimiter = pa.scalar(written.delimiter.encode(), _CELL)
    lines = pc.binary_join_element_wise(
        *cells.columns, delimiter, null_handling="replace", null_replacement=b""
    ).to_pylist()
    file.write(b"\n".join([*lines, b""]))


def _is_free(kind: pa.DataType, written: Dialect) -> bool:
    """True for text: the cells of numbers, booleans and times never need quotes."""
    return any(is_kind(kind) for is_kind in _FREE) or written.delimiter not in _NEVER_IN_NUMBERS


def _quoted(
    cells: pa.ChunkedArray, present: pa.ChunkedArray, written: Dialect, is_first: bool
) -> pa.ChunkedArray:
    pattern = '["\r\n' + re.escape(written.delimiter) + "]"
    if is_first and written.comment:
        pattern += "|^" + re.escape(written.comment)
    words = pa.array(written.missing_words).cast(_CELL)
    special = pc.or_(pc.match_substring_regex(cells, pattern), pc.and_(pc.is_in(cells, words), present))
    if not pc.any(special).as_py():
        return cells
    quote, nothing = pa.scalar(b'"', _CELL), pa.scalar(b"", _CELL)
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise(quote, doubled, quote, nothing), cells)
