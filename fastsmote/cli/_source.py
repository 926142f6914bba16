"""Where a table comes from: a CSV or Parquet file, or standard input, and how its text is written."""

import codecs
import glob
import gzip
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow.csv

from fastsmote.cli._records import Records
from fastsmote.cli._show import UserError

STANDARD = Path("-")  # standard input, or output
_TEXT = {".csv": ",", ".data": ",", ".tsv": "\t"}  # what separates cells, unless the user says
_WORDS = {"tab": "\t", "\\t": "\t", "space": " "}  # of --delimiter
_FOR_NAMES = ("idna", "punycode")  # encodings of Python that keep no text, and do not say so
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"  # how files begin


@dataclass(frozen=True)
class Dialect:
    """How the text of a CSV file is written. No delimiter: that of the file's name."""

    delimiter: str = ""
    encoding: str = "utf-8"
    decimal: str = "."
    comment: str = ""
    na_values: tuple[str, ...] = ()
    header: bool = True  # else columns are called 0, 1, ...

    def of(self, path: Path) -> "Dialect":
        """With the delimiter of this file."""
        return replace(self, delimiter=self.delimiter or _TEXT.get(suffix_of(path), ","))

    def written(self, source: "Source", out: Path) -> "Dialect":
        """How ``out`` is written: as the source, with the delimiter that its own name asks for."""
        if not is_text_file(out):
            return self
        dialect = source.dialect if out == STANDARD and not source.is_parquet else self.of(out)
        _check_marks(dialect, str(out))
        return dialect

    @property
    def other_decimal(self) -> str:
        """The mark that decimals may have where they do not have that of the dialect."""
        return "." if self.decimal == "," else ","

    @property
    def decimal_advice(self) -> str:
        """What to do about numbers with the other mark."""
        if self.other_decimal == self.delimiter:
            return f"write it as a point, or separate cells by another character than {self.delimiter!r}"
        return f"add --decimal '{self.other_decimal}'"

    @property
    def missing_words(self) -> list[str]:
        """What stands for a missing value where it has no quotes, nothing included."""
        return [*pyarrow.csv.ConvertOptions().null_values, *self.na_values]


def dialect_of(
    delimiter: str | None,
    encoding: str,
    decimal: str,
    comment: str | None,
    na_values: str | None,
    header: bool,
) -> Dialect:
    """Options of the command as a dialect."""
    delimiter = _WORDS.get(delimiter or "", delimiter or "")
    if delimiter and (len(delimiter) > 1 or not delimiter.isascii() or delimiter in '"\r\n\0'):
        raise UserError(f"--delimiter must be one ASCII character, or the word tab. Got {delimiter!r}.")
    if len(decimal) != 1 or not decimal.isascii() or decimal.isalnum() or decimal in '"\r\n\0+-':
        raise UserError(f"--decimal must be one character, such as a comma. Got {decimal!r}.")
    if decimal == delimiter:
        raise UserError(f"--delimiter and --decimal must differ. Got {decimal!r} for both.")
    try:
        "".encode(encoding)
        name = codecs.lookup(encoding).name
        if name in _FOR_NAMES:
            raise LookupError
    except (LookupError, ValueError):
        raise UserError(
            f"--encoding must be one that Python knows, such as utf-8, latin-1 or cp1252. Got {encoding!r}."
        ) from None
    if comment is not None and (not comment or '"' in comment or not comment.isprintable()):
        raise UserError(f"--comment must be what lines begin with, such as '#'. Got {comment!r}.")
    words = tuple(na_values.split(",")) if na_values else ()
    return Dialect(delimiter, name, decimal, comment or "", words, header)


@dataclass(frozen=True)
class Source:
    """A file to read: ``open`` gives its bytes from the start, decompressed, as often as they are needed."""

    path: Path
    dialect: Dialect
    is_parquet: bool
    spooled: BinaryIO | None = None  # what standard input held

    @property
    def name(self) -> str:
        """What messages call it."""
        return "standard input" if self.path == STANDARD else str(self.path)

    @contextmanager
    def open(self) -> Iterator[BufferedIOBase]:
        """The bytes of the file."""
        with ExitStack() as stack:
            if self.spooled is not None:
                file = stack.enter_context(open(self.spooled.fileno(), "rb", closefd=False))
                file.seek(0)
            else:
                file = stack.enter_context(open(self.path, "rb"))
            if self.path.suffix.lower() == ".gz" or (self.spooled and file.peek(2)[:2] == _GZIP):
                yield stack.enter_context(gzip.GzipFile(fileobj=file))
            else:
                yield file

    @contextmanager
    def records(self) -> Iterator[Records]:
        """The records of a CSV file."""
        dialect = self.dialect
        with self.open() as file:
            yield Records(file, self.name, dialect.delimiter, dialect.encoding, dialect.comment)


def open_source(path: Path, dialect: Dialect) -> Source:
    """Refuse what is no file that can be read."""
    spooled = None
    if path == STANDARD:
        spooled = _spool()
        is_parquet = spooled.read(len(_PARQUET)) == _PARQUET
    else:
        is_parquet = suffix_of(path) == ".parquet"
        if path.is_dir():
            raise UserError(f"{path}: is a folder; name a file.")
        check_suffix(path)
        if not path.is_file():
            if path.exists():
                raise UserError(
                    f"{path}: is a device or a pipe; name a file, or send its rows to standard "
                    "input, which is -."
                )
            raise UserError(f"{path}: no such file.")
    if is_parquet and not dialect.header:
        raise UserError("--no-header is for CSV files; Parquet columns always have names.")
    dialect = dialect.of(path)
    if not is_parquet:
        _check_marks(dialect, str(path))
    return Source(path, dialect, is_parquet, spooled)


def _check_marks(dialect: Dialect, name: str) -> None:
    if dialect.decimal == dialect.delimiter:
        raise UserError(
            f"{name}: cells are separated by {dialect.delimiter!r}, which can not be --decimal too; pass "
            "--delimiter, such as ';'."
        )


def require_one(sources: Sequence[Path]) -> None:
    """Several files are read in blocks only, and so are folders and patterns."""
    is_folder, limit = sources[0].is_dir(), "--memory-limit, such as --memory-limit 2GB"
    if is_folder or (glob.has_magic(str(sources[0])) and not sources[0].exists()):
        kind = "is a folder; its .parquet files are" if is_folder else "is a pattern; what it finds is"
        raise UserError(f"{sources[0]}: {kind} read with {limit}. Add it, or name one file.")
    if len(sources) > 1:
        raise UserError(f"{sources[1]}: several files are read with {limit}. Add it, or name one file.")


def is_text_file(path: Path) -> bool:
    """Whether a file holds CSV."""
    return suffix_of(path) in _TEXT


def suffix_of(path: Path) -> str:
    """The suffix that says what the file holds: .csv of a.csv.gz; that of standard output is .csv."""
    name = path.name.lower()
    return ".csv" if path == STANDARD else Path(name.removesuffix(".gz")).suffix


def check_suffix(path: Path) -> None:
    """Refuse what is neither CSV nor Parquet."""
    suffix = suffix_of(path)
    is_zipped = path.suffix.lower() == ".gz"
    of_system = "; standard input and output are -" if path.parts[:2] == ("/", "dev") else ""
    if suffix not in _TEXT and (suffix != ".parquet" or is_zipped):
        raise UserError(
            f"{path}: only .csv and .parquet files are supported, .tsv and .data with text in them, and "
            f"text that ends in .gz{of_system}. Got {path.suffix!r}."
        )


def _spool() -> BinaryIO:
    """What standard input holds, in a file without a name: it is read more than once."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UserError(
            "-: standard input is closed or a terminal; send a file to it, as in: fastsmote ... - < in.csv"
        )
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  (it lives as long as the command)
    shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
    file.seek(0)
    return file
