"""CSV files: how they are read, which labels are missing, and what errors of Arrow's mean."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.dataset as ds

FORMAT = ds.CsvFileFormat(pyarrow.csv.ParseOptions(newlines_in_values=True))
_OTHER_DELIMITERS = ";\t|"
_OTHER_TYPE = re.compile(
    r"In CSV column #(\d+): (?:Row #(\d+): )?CSV conversion error to (\S+): invalid value '(.*)'", re.DOTALL
)
_HEADER = 1 << 16  # bytes of a file in which its first line is looked for
_DATASET = "pyarrow.dataset.dataset({path!r}, format=pyarrow.dataset.CsvFileFormat({options}))"


def convert_options(dataset: ds.Dataset) -> Any:
    """How the cells of a Dataset become values; None for one that is not of CSV."""
    form = getattr(dataset, "format", None)
    return form.default_fragment_scan_options.convert_options if isinstance(form, ds.CsvFileFormat) else None


def labels_of(
    batches: Iterator[pa.RecordBatch], conversion: pyarrow.csv.ConvertOptions, path: str | None = None
) -> Iterator[pa.RecordBatch]:
    """Batches of labels; ValueError for what stands for no label.

    Arrow's text columns hold what stands in the file, nothing and NA too: each would be a class. Features
    keep it, and what is written has it.
    """
    first = 0
    for batch in batches:
        if pa.types.is_binary(batch.schema.types[0]):
            raise _refusal(_not_utf8(path), path)
        missing = _are_missing(batch.column(0), conversion)
        row = -1 if missing is None else pc.index(missing, True).as_py()
        if row >= 0:
            name, where = batch.schema.names[0], "" if path is None else f" of {path}"
            cell = batch.column(0)[row].as_py()
            options = "convert_options=pyarrow.csv.ConvertOptions(null_values=[''])"
            raise ValueError(
                f"Input {name} contains NaN (a missing label) at row {first + row}{where}: the cell is "
                f"{'empty' if not cell else repr(cell)}. Drop the rows without a label; where such a word is "
                f"a class, pass {_dataset(path, options)}."
            )
        yield batch
        first += batch.num_rows


def _are_missing(labels: pa.Array, conversion: pyarrow.csv.ConvertOptions) -> pa.Array | None:
    """Which labels are no text, or a word for missing values that was left as text; None of numbers."""
    kind = labels.type.value_type if pa.types.is_dictionary(labels.type) else labels.type
    if pa.types.is_null(kind):
        return labels.is_null()
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        return None
    if conversion.strings_can_be_null:  # the words were looked for, and quotes may count
        return labels.is_null()
    words = pa.array(conversion.null_values, pa.large_string())
    return pc.or_kleene(labels.is_null(), pc.is_in(labels.cast(pa.large_string()), words))


def delimiter_hint(path: str, names: Sequence[str]) -> str:
    """Which delimiter a file seems to have that was read as one column."""
    others = [mark for mark in _OTHER_DELIMITERS if len(names) == 1 and mark in names[0]]
    if not others:
        return ""
    options = f"pyarrow.csv.ParseOptions(delimiter={others[0]!r})"
    return f" If cells are separated by {others[0]!r}, pass {_dataset(path, options)}."


@contextmanager
def told(path: str | None, names: Sequence[str] = ()) -> Iterator[None]:
    """Errors of Arrow's, with the file, the column, and what to do."""
    try:
        yield
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise _refusal(_meaning(str(error), path, names), path) from error


def _refusal(meaning: str, path: str | None) -> ValueError:
    where = "the Dataset" if path is None else path
    return ValueError(f"source must name files that can be read. Got {where}{meaning}")


def _meaning(words: str, path: str | None, names: Sequence[str]) -> str:
    if match := _OTHER_TYPE.search(words):
        return _of_type(match, path, names)
    twice = words.rpartition(" named ")[2]
    longer = _dataset(path, "read_options=pyarrow.csv.ReadOptions(block_size=1 << 26)")
    known = {
        "UTF8": _not_utf8(path),
        "codec": _not_utf8(path),
        "Empty CSV file": ", which is empty; leave it out.",
        "multiple columns named": f" with several columns named {twice!r}; rename them in its first line.",
        "straddling": (
            ", where a row is longer than a block of 1 MiB, or a quote has no end. Mend the quote, or pass "
            f"{longer}."
        ),
    }
    for part, meaning in known.items():
        if part in words:
            return meaning
    what = " ".join(words.rpartition("Invalid: ")[2].split())
    header = "" if path is None else _header(path)
    if "\0" in header:
        return _not_utf8(path, "utf-16")
    hint = "" if path is None else delimiter_hint(path, [header])
    return f" ({what}). Where the text of a cell holds a comma, it needs quotes; mend that row.{hint}"


def _of_type(match: re.Match[str], path: str | None, names: Sequence[str]) -> str:
    """A cell that is of another type than those above it."""
    place, line, kind, cell = match.groups()
    column = names[int(place)] if int(place) < len(names) else f"number {place}"
    row = f" in row {int(line) - 2}" if line else ""
    options = f"convert_options=pyarrow.csv.ConvertOptions(column_types={{{column!r}: pyarrow.string()}})"
    return (
        f" with {cell!r}{row} of column {column!r}, whose first rows hold "
        f"{'nothing' if kind == 'null' else kind}. Say what type it has, such as pyarrow.float64() or "
        f"pyarrow.string(): pass {_dataset(path, options)}."
    )


def _not_utf8(path: str | None, encoding: str = "latin-1") -> str:
    options = f"read_options=pyarrow.csv.ReadOptions(encoding={encoding!r})"
    return f", whose text is not UTF-8. Say what it is, such as {encoding}: pass {_dataset(path, options)}."


def _dataset(path: str | None, options: str) -> str:
    """The call that reads the files otherwise, to be copied; of several files, all are named in it."""
    return _DATASET.format(path="in.csv" if path is None else path, options=options)


def _header(path: str) -> str:
    """The first line."""
    with open(path, "rb") as file:
        return file.readline(_HEADER).decode(errors="replace").rstrip("\r\n")
