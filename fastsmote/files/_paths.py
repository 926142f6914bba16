"""Which files a path, a pattern or a folder names, and whether all have the same columns."""

import glob
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq

from fastsmote.files._csv import FORMAT, told

SUFFIXES = (".parquet", ".csv")
_HIDDEN = (".", "_")  # names that begin so are of programs: pyarrow, pandas and Spark read none of them
_TEXT = (".gz", ".tsv", ".txt", ".data", ".bz2", ".zst")


def names_files(source: Any) -> bool:
    """Whether it is a path, a pattern or a folder, or a list of these."""
    ones = source if isinstance(source, list | tuple) else [source]
    return all(isinstance(one, str | os.PathLike) for one in ones)


def _listed(source: Any) -> list[str]:
    return [checked(one, "source") for one in (source if isinstance(source, list | tuple) else [source])]


def checked(path: Any, parameter: str) -> str:
    """The text of a path; TypeError or ValueError for what can be none."""
    text = os.fspath(path) if isinstance(path, str | os.PathLike) else path
    if not isinstance(text, str):
        raise TypeError(f'{parameter} must be a path, such as "rows.parquet". Got {type(path).__name__}.')
    if not text or "\0" in text:
        raise ValueError(
            f'{parameter} must be a path, such as "rows.parquet". Got {text!r}; the current folder is ".".'
        )
    return text


def found(source: str, suffixes: Collection[str] = SUFFIXES) -> list[Path]:
    """The files that a path, a pattern or a folder names, by name."""
    path = Path(source)
    if path.is_dir():
        below = (one for one in path.rglob("*") if one.suffix.lower() in suffixes and one.is_file())
        return sorted(one for one in below if not _is_hidden(one.relative_to(path), ()))
    if not is_pattern(source):
        path.stat()  # its error names the path as it was given; that of resolve does not, since Python 3.13
        return [path.resolve()]
    own = Path(source).parts
    matched = map(Path, glob.glob(source, recursive=True))
    return sorted(one for one in matched if one.is_file() and not _is_hidden(one, own))


def is_pattern(source: str) -> bool:
    """Whether it is no path that is there, and has the marks of a pattern."""
    return glob.has_magic(source) and not os.path.exists(source)


def _is_hidden(path: Path, pattern: Sequence[str]) -> bool:
    """Whether a part of it begins with a point or a line, and the pattern does not say so."""
    fits_by_place = len(pattern) == len(path.parts) and "**" not in pattern
    for place, part in enumerate(path.parts):
        if not part.startswith(_HIDDEN) or part == "..":
            continue
        own = pattern[place : place + 1] if fits_by_place else pattern
        if not any(one[0] not in "*?" and fnmatch(part, one) for one in own):
            return True
    return False


def check_apart(source: Any, out: Path) -> None:
    """ValueError where a folder or a pattern of the source finds ``out``: what was written would be read."""
    if not names_files(source) or not out.exists():
        return
    for one in _listed(source):
        if (Path(one).is_dir() or is_pattern(one)) and any(out.samefile(file) for file in found(one)):
            raise ValueError(
                f"out must not be a file that a folder or a pattern of source finds: its rows would be read "
                f"as those of the source. Got {str(out)!r} in {one!r}; write to another place, or name the "
                "files of the source one by one."
            )


def files_of(source: Any) -> list[str]:
    """Files of one format."""
    paths = [str(path) for one in _listed(source) for path in found(one)]
    suffixes = sorted({Path(path).suffix.lower() for path in paths})
    if not paths:
        raise ValueError(
            f"source must name .parquet files or .csv files. Got no file for {source!r}; in folders and for "
            "patterns, names that begin with . or _ are left out."
        )
    if not set(suffixes) <= set(SUFFIXES) or len(suffixes) > 1:
        kinds = ", ".join(suffix or "nameless" for suffix in suffixes)
        raise ValueError(
            f"source must name .parquet files or .csv files. Got {kinds} files for {source!r}"
            f"{_of_others(suffixes, paths)}."
        )
    return paths


def _of_others(suffixes: list[str], paths: list[str]) -> str:
    """What to pass in the place of files of other formats."""
    other = next((suffix for suffix in suffixes if suffix not in SUFFIXES), None)
    if other is None:
        return "; pass the ones or the others"
    first = next(path for path in paths if Path(path).suffix.lower() == other)
    if other not in _TEXT:
        return "; pass a pyarrow Dataset or a polars LazyFrame of them"
    kind, more = '"csv"', ""
    if ".tsv" in Path(first).name.lower():
        kind = r'pyarrow.dataset.CsvFileFormat(pyarrow.csv.ParseOptions(delimiter="\t"))'
        more = r', separator="\t"'
    return (
        f"; pass pyarrow.dataset.dataset({first!r}, format={kind}), or polars.scan_csv({first!r}{more}), "
        "and so for several"
    )


def schema_of(paths: Sequence[str]) -> pa.Schema:
    """The columns that all files have; ValueError where they differ, or two columns share a name."""
    schema = _schema(paths[0])
    for path in paths[1:]:
        other = _schema(path)
        if not other.equals(schema):
            raise ValueError(
                f"source must be files of the same columns and types. Got {path} with others than "
                f"{paths[0]}: {_difference(other, schema)}; pass a pyarrow Dataset with the schema that "
                "holds for all, or write the files anew."
            )
    return schema


def _schema(path: str) -> pa.Schema:
    if path.lower().endswith(".csv"):
        with told(path):
            schema = FORMAT.inspect(path, pa.fs.LocalFileSystem())
            names = schema.names
    else:
        with readable_file(path):
            schema = pq.read_schema(path)
            names = schema.names
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            f"source must have columns of different names. Got {twice!r} more than once in {path}; rename it."
        )
    return schema


@contextmanager
def readable_file(path: str) -> Iterator[None]:
    """A file of Parquet that can not be read is named."""
    try:
        yield
    except pa.ArrowInvalid as error:
        raise ValueError(
            f"source must name files that can be read. Got {path}, which is damaged or no file of Parquet "
            f"({' '.join(str(error).split())}); write it anew, or leave it out."
        ) from error


def _difference(other: pa.Schema, first: pa.Schema) -> str:
    """The first column that differs, in words."""
    for name in first.names:
        if name not in other.names:
            return f"column {name!r} is missing"
    for name in other.names:
        if name not in first.names:
            return f"there is a column {name!r} more"
    for ours, its in ((first.field(name), other.field(name)) for name in first.names):
        if ours.type != its.type:
            return f"column {ours.name!r} is {its.type}, not {ours.type}"
        if ours.nullable != its.nullable:
            kinds = {True: "may be missing", False: "may not be missing"}
            return f"values of column {ours.name!r} {kinds[its.nullable]}, not so in the first file"
    return f"the columns have another order, {_shown(other.names)}"


def _shown(names: list[str], most: int = 10) -> str:
    return ", ".join(map(repr, names[:most])) + (", ..." if len(names) > most else "")


def folder_hint(source: Any, paths: Sequence[str], column: Any) -> str:
    """What to do where the column is one that the names of folders hold, as key=value."""
    keys = {part.partition("=")[0] for path in paths for part in Path(path).parts[:-1] if "=" in part}
    if column not in keys:
        return ""
    return (
        f" Folders are named {column}=...: pass pyarrow.dataset.dataset({source!r}, "
        'partitioning="hive"), which makes a column of that.'
    )
