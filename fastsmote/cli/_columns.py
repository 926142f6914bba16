"""What columns may hold: refused by name is what can be no target, and no feature for a method."""

import json
import re
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from fastsmote._sampling.registry import Columns
from fastsmote.cli._labels import NUMBER, number_pattern
from fastsmote.cli._read import Data
from fastsmote.cli._show import UserError

_FEW = 5  # words that may stand for missing values in a column of numbers
_HEAD = 1_000  # rows that show, nearly always, that a column is of no such kind
_MANY = 20  # rows from which all different numbers are more than chance


def check_features(data: Data, columns: Columns) -> None:
    """Refuse, by column name, what is no target, or no feature for a method that takes such ``columns``."""
    _check_target(data)
    if columns == "any":
        return
    check_index(data)
    names, features = data.table.column_names, data.features
    measured = Counter(names[i] for i in features)
    for i in features:
        if measured[names[i]] > 1:
            raise UserError(f"{names.count(names[i])} columns are named {names[i]!r}; rename them.")
        _check_feature(data, i, columns)


def check_index(data: Data) -> None:
    """Refuse row numbers that a frame was saved with: of Parquet by name, of CSV where nothing names them."""
    pandas = json.loads((data.table.schema.metadata or {}).get(b"pandas", b"{}"))
    saved = [name for name in pandas.get("index_columns", []) if isinstance(name, str)]
    for i in data.features:
        name = data.table.field(i).name  # all names each time would be slow with thousands of columns
        unnamed = i == 0 and re.fullmatch(r"|Unnamed: 0|__index_level_0__", name) and _all_differ(data, i)
        if name in saved or unnamed:
            which = f"column {name!r}" if name else "the first column, which has no name,"
            raise UserError(
                f"{which} is the saved index of a pandas frame, not a feature; write the file with "
                f"index=False, or add --carry {name!r}, and it is not measured."
            )


def ids(data: Data) -> list[str]:
    """Features that hold another whole number in each row."""
    if data.table.num_rows < _MANY:
        return []
    names, types = data.table.column_names, data.table.schema.types
    return [names[i] for i in data.features if pa.types.is_integer(types[i]) and _all_differ(data, i)]


def nearly_numbers(data: Data) -> list[str]:
    """For each feature that would be numbers but for a few words, or a mark: what these may be."""
    return [words for i in data.features if (words := _nearly_numbers(data, i))]


def _all_differ(data: Data, i: int) -> bool:
    column = data.table.column(i)
    if not (pa.types.is_integer(column.type) or is_text(column.type)) or column.null_count:
        return False
    some = column.slice(0, _HEAD)
    return len(column) > 1 and all(pc.count_distinct(part).as_py() == len(part) for part in (some, column))


def _nearly_numbers(data: Data, i: int) -> str:
    if data.cells is None or not is_text(data.table.column(i).type) or i in data.categories:
        return ""
    return _other_decimals(data, i) or _words_among_numbers(data, i)


def _words_among_numbers(data: Data, i: int) -> str:
    column = data.table.column(i)
    number = number_pattern(data.dialect.decimal)
    first = pc.match_substring_regex(column.slice(0, _HEAD), f"^(?:{number})$")
    if not pc.mean(first).as_py() or pc.mean(first).as_py() < 0.5:
        return ""
    is_number = pc.match_substring_regex(column, f"^(?:{number})$")
    other = column.filter(pc.fill_null(pc.invert(is_number), False))
    words = pc.unique(other).to_pylist()
    if not 0 < len(words) <= _FEW or len(other) * 2 > len(column) - column.null_count:
        return ""
    name, row = data.table.column_names[i], pc.index(is_number, False).as_py()
    if words == [""]:
        return (
            f"column {name!r} holds numbers and cells of nothing in quotes (first in data row {row:,}), "
            "which is text; a missing value has no quotes."
        )
    shown = ", ".join(map(repr, words))
    return (
        f"column {name!r} holds numbers and {shown} (first in data row {row:,}), so it is text; if that "
        f"stands for a missing value, add --na-values '{','.join(words)}'."
    )


def _other_decimals(data: Data, i: int) -> str:
    """What to say where a column holds numbers with another mark before decimals than the dialect has."""
    name, column, mark = data.table.field(i).name, data.table.column(i), data.dialect.other_decimal
    pattern = f"^(?:{number_pattern(mark)})$"
    for part in (column.slice(0, _HEAD), column):
        if not pc.all(pc.match_substring_regex(part, pattern)).as_py() or part.null_count == len(part):
            return ""
    row = pc.index(pc.match_substring(column, mark), True).as_py()
    if row < 0:
        return ""
    return (
        f"column {name!r} holds numbers with {mark!r} in them (first in data row {row:,}), so it is text; if "
        f"that stands before decimals, {data.dialect.decimal_advice}."
    )


def _check_target(data: Data) -> None:
    table, label, names = data.table, data.label, data.table.column_names
    kind = table.schema.field(label).type
    if not (_is_number(kind) or is_text(kind) or pa.types.is_dictionary(kind)):
        raise UserError(
            f"column {names[label]!r} can not be the target: labels are text, numbers, booleans or "
            f"categories. Got {kind}; convert it."
        )
    if table.column(label).null_count:
        raise _missing(data, label, "label these rows or remove them")
    if table.num_rows == 0:
        raise UserError("the file has no rows.")
    if not data.features:
        raise UserError(f"column {names[label]!r} is the only column; features are needed beside the target.")


def _check_feature(data: Data, i: int, columns: Columns) -> None:
    """Refuse text that is not taken as categories, missing values and infinite ones."""
    name, column = data.table.field(i).name, data.table.column(i)
    is_category = is_text(column.type) or pa.types.is_dictionary(column.type)
    if not (_is_number(column.type) or (is_category and columns != "numbers")):
        if column.null_count == len(column):
            raise UserError(f"column {name!r} has no values at all; drop it.")
        if words := _nearly_numbers(data, i):
            raise UserError(words)
        text = "smotenc, which takes text as categories, or " if is_category else ""
        raise UserError(
            f"column {name!r} is not numeric ({column.type}); encode it as numbers or drop it, let it ride "
            f"along with --carry, or use --method {text}random_over_sample or random_under_sample, which "
            "only copy rows."
        )
    if pc.any(column.is_null(nan_is_null=True)).as_py():
        raise _missing(data, i, "fill them or drop the rows")
    if pa.types.is_floating(column.type) and pc.any(pc.is_inf(column)).as_py():
        row = pc.index(pc.is_inf(column), True).as_py()
        raise UserError(
            f"column {name!r} has an infinite value in data row {row:,}; replace it by a number or drop the "
            "row."
        )


def check_csv(data: Data, typed: bool) -> None:
    """Refuse labels that are measurements and, where numbers are ``typed``, integers that become floats."""
    if data.cells is None:
        return
    name = data.table.column_names[data.label]
    labels = pc.unique(data.table.column(data.label)).to_pylist()
    if all(re.fullmatch(NUMBER, text) for text in labels):
        fractional = [text for text in labels if not float(text).is_integer()]
        if fractional:
            raise UserError(
                f"column {name!r} can not be the target: Unknown label type: 'continuous'. Labels are "
                f"text or whole numbers. Got {fractional[0]}; bin the values into classes first."
            )
    if typed:
        for name, column, text in zip(data.table.column_names, data.table, data.cells, strict=True):
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
    is_scalar = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return is_scalar or pa.types.is_boolean(kind)


def is_text(kind: pa.DataType) -> bool:
    """Text, which is no number."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _missing(data: Data, i: int, remedy: str) -> UserError:
    where = data.table.column(i).is_null(nan_is_null=True)
    count, row = pc.sum(where).as_py(), pc.index(where, True).as_py()
    word = b"" if data.cells is None else data.cells.column(i)[row].as_py()
    told = f" (the word {word.decode()}, which counts as missing without quotes)" if word else ""
    return UserError(
        f"column {data.table.column_names[i]!r} has {count:,} missing values, the first in data row "
        f"{row:,}{told}; {remedy}."
    )
