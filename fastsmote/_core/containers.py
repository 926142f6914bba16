"""The user's containers: what kind a thing is, asked once, and rows taken or repeated in the same kind.

Known containers are NumPy arrays, lists, pandas, polars and pyarrow frames and columns, and SciPy sparse
matrices (rows taken or repeated only). Anything else that NumPy can read is read once, and comes back as a
NumPy array; what holds no rows in memory is refused (:mod:`fastsmote._core.foreign`).
None of the optional packages is imported: an object of theirs exists only where they were imported before.

:func:`kind_of` is the one place that looks at a type. What comes down from a face is wrapped once, in a
:class:`Container` (labels) or a :class:`fastsmote._core.tables.Table` (X), which knows its kind from then on.
"""

import enum
import sys
from collections.abc import Callable
from typing import Any

import narwhals as nw
import numpy as np

from fastsmote._core.foreign import read_foreign
from fastsmote._core.sparse_rows import take_rows
from fastsmote._core.sparse_structure import check_structure
from fastsmote._core.threads import run_blocks, split
from fastsmote._core.values import ColumnNumbers, objects, times_of, typed

_BLOCK_BYTES = 1 << 20
_LEAST_BYTES = 1 << 17  # of a block of what is small itself, such as labels


class Kind(enum.Enum):
    """What a container is; ``ARRAY`` is all that NumPy reads and nothing else here knows."""

    ARRAY = enum.auto()
    LIST = enum.auto()
    SPARSE = enum.auto()
    PANDAS = enum.auto()
    PANDAS_COLUMN = enum.auto()
    POLARS = enum.auto()
    POLARS_COLUMN = enum.auto()
    ARROW = enum.auto()
    ARROW_BATCH = enum.auto()
    ARROW_COLUMN = enum.auto()

    __hash__ = object.__hash__  # a call looks a kind up ten times; by its name it takes 0.3 us more


FRAMES = frozenset({Kind.PANDAS, Kind.POLARS, Kind.ARROW, Kind.ARROW_BATCH})
_COLUMNS = frozenset({Kind.PANDAS_COLUMN, Kind.POLARS_COLUMN, Kind.ARROW_COLUMN})
_PANDAS = frozenset({Kind.PANDAS, Kind.PANDAS_COLUMN})
_HAVE_TAKE = _PANDAS | {Kind.ARROW, Kind.ARROW_BATCH, Kind.ARROW_COLUMN}  # keeps everything about them
_POLARS = frozenset({Kind.POLARS, Kind.POLARS_COLUMN})
_CLASSES = (  # module, names of its classes, kind
    ("pandas", ("DataFrame",), Kind.PANDAS),
    ("pandas", ("Series", "Index"), Kind.PANDAS_COLUMN),
    ("pandas.api.extensions", ("ExtensionArray",), Kind.PANDAS_COLUMN),
    ("polars", ("DataFrame",), Kind.POLARS),
    ("polars", ("Series",), Kind.POLARS_COLUMN),
    ("pyarrow", ("Table",), Kind.ARROW),
    ("pyarrow", ("RecordBatch",), Kind.ARROW_BATCH),
    ("pyarrow", ("ChunkedArray", "Array"), Kind.ARROW_COLUMN),
)


def is_instance(container: Any, module: str, *names: str) -> bool:
    """Whether ``container`` is an instance of one of the ``names`` of ``module``, where that is imported."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(container, tuple(getattr(loaded, name) for name in names))


def is_sparse(container: Any) -> bool:
    """Whether ``container`` is a SciPy sparse matrix or array."""
    loaded = sys.modules.get("scipy.sparse")
    return loaded is not None and loaded.issparse(container)


def kind_of(container: Any) -> Kind:
    """What kind of container this is."""
    if isinstance(container, np.ndarray):
        return Kind.ARRAY
    if isinstance(container, list | tuple):
        return Kind.LIST
    for module, names, kind in _CLASSES:
        if is_instance(container, module, *names):
            return kind
    return Kind.SPARSE if is_sparse(container) else Kind.ARRAY


class Container:
    """What the user gave, and what it is."""

    def __init__(self, given: Any, name: str = "X") -> None:
        self.kind = kind_of(given)
        is_known = self.kind is not Kind.ARRAY or isinstance(given, np.ndarray)
        self.given = given if is_known else read_foreign(given, name)
        self.name = name  # of the argument, for messages

    @property
    def is_frame(self) -> bool:
        return self.kind in FRAMES

    @property
    def is_sparse(self) -> bool:
        return self.kind is Kind.SPARSE

    @property
    def series(self) -> nw.Series | None:
        """A column of a frame's library, None for anything else."""
        if self.kind not in _COLUMNS:
            return None
        native = self.given
        if self.kind is Kind.PANDAS_COLUMN:
            is_series = is_instance(native, "pandas", "Series")
            native = dense(native if is_series else sys.modules["pandas"].Series(native))
        elif is_instance(native, "pyarrow", "Array"):
            native = sys.modules["pyarrow"].chunked_array([native])
        return nw.from_native(native, series_only=True)

    def take(self, rows: np.ndarray, *, n_jobs: int | None = None) -> Any:
        """``rows`` (int64, each in 0..n_rows-1, repeats allowed) in the same kind of container.

        dtypes, names and categories are kept; pandas keeps the index labels of the rows taken; lists and
        tuples give a list; sparse matrices keep their format. O(rows taken) time and memory.
        """
        given = self.given
        if self.kind is Kind.LIST:
            return [given[i] for i in rows.tolist()]
        if self.kind in _HAVE_TAKE:
            taken = given.take(rows) if self.kind in _PANDAS else take_arrow(given, rows)
            # of all rows in order pandas gives a view
            is_view = self.kind in _PANDAS and hasattr(taken, "iloc") and _is_all(rows, len(given))
            return taken.copy() if is_view else taken
        if self.kind in _POLARS:
            return given[rows]
        if self.is_sparse:
            check_structure(given, self.name)
            return take_rows(given, rows, n_jobs)
        source = plain_array(given)
        taken = np.empty((len(rows), *source.shape[1:]), source.dtype)
        gather_rows(taken, source, rows, n_jobs)
        return taken

    def take_anew(self, rows: np.ndarray, *, n_jobs: int | None = None) -> Any:
        """As ``take``, but pandas objects get a fresh RangeIndex."""
        result = self.take(rows, n_jobs=n_jobs)
        if self.kind in _PANDAS and hasattr(result, "iloc"):
            result.index = sys.modules["pandas"].RangeIndex(len(result))
        return result

    def with_rows(self, rows: np.ndarray, *, n_jobs: int | None = None) -> Any:
        """All rows followed by ``rows`` once more, in the same kind of container.

        pandas objects get a fresh RangeIndex. Memory: the output, and for other containers than arrays and
        lists an int64 per row.
        """
        given = self.given
        if self.kind is Kind.LIST:
            return [*given, *self.take(rows)]
        n = n_rows(given)
        if self.kind is not Kind.ARRAY:
            return self.take_anew(np.concatenate([np.arange(n), rows]), n_jobs=n_jobs)
        source = plain_array(given)
        result = np.empty((n + len(rows), *source.shape[1:]), source.dtype)
        copy_rows(result[:n], source, n_jobs)
        gather_rows(result[n:], source, rows, n_jobs)
        return result


def dense(series: Any) -> Any:
    """A column of pandas, with every value in memory where it is of a sparse type."""
    is_stored = is_instance(series.dtype, "pandas", "SparseDtype")
    return series.sparse.to_dense() if is_stored else series


def plain_array(container: Any, name: str = "X") -> np.ndarray:
    """``container`` as a base-class NumPy array, without a copy where it is one.

    TypeError for np.matrix (other arithmetic) and masked arrays (the mask would be lost).
    """
    if type(container) is np.ndarray:
        return container
    if isinstance(container, np.matrix):
        raise TypeError(f"{name} must be an array, not np.matrix. Pass np.asarray({name}).")
    if isinstance(container, np.ma.MaskedArray):
        raise TypeError(
            f"{name} must be an array without a mask. Drop or fill the masked values: {name}.filled(...)."
        )
    try:
        return np.asarray(container)
    except ValueError as error:  # a ragged nested list
        raise ValueError(
            f"{name} must have rows of equal length. Got {type(container).__name__}: {error}"
        ) from error


def n_rows(container: Any, name: str = "X") -> int:
    """Number of rows. TypeError for what has no length."""
    shape = getattr(container, "shape", None)
    if shape:
        return int(shape[0])
    try:
        return len(container)
    except TypeError:
        raise TypeError(
            f"{name} must be an array, list, frame or sparse matrix. Got {type(container).__name__}, without "
            "rows."
        ) from None


def _is_one_block(target: np.ndarray, n_jobs: int | None) -> bool:
    """Whether to write it at once: of a small call that is a good part of a copy."""
    return n_jobs is None and target.nbytes <= _BLOCK_BYTES


def _by_blocks(body: Callable[[slice], object], target: np.ndarray, n_jobs: int | None) -> None:
    """``body(rows)`` for blocks of about a megabyte of ``target``'s rows, or 64 blocks."""
    row_bytes = target.nbytes // max(1, len(target))
    block_bytes = min(max(target.nbytes // 64, _LEAST_BYTES), _BLOCK_BYTES)
    size = max(1, block_bytes // max(1, row_bytes))
    run_blocks(lambda b: body(slice(b * size, (b + 1) * size)), split(len(target), size), n_jobs=n_jobs)


def copy_rows(target: np.ndarray, source: np.ndarray, n_jobs: int | None = None) -> None:
    """``target[:] = source`` in blocks of rows by threads, without a temporary."""
    if _is_one_block(target, n_jobs):
        np.copyto(target, source, casting="same_kind")
        return
    _by_blocks(lambda rows: np.copyto(target[rows], source[rows], casting="same_kind"), target, n_jobs)


def gather_rows(target: np.ndarray, source: np.ndarray, indices: np.ndarray, n_jobs: int | None) -> None:
    """``target[:] = source[indices]``, indices within range."""
    is_plain = source.flags.c_contiguous and source.flags.aligned

    def gather(target: np.ndarray, indices: np.ndarray) -> None:
        if is_plain:
            source.take(indices, axis=0, out=target, mode="clip")  # "raise" would buffer out
        else:
            target[:] = source[indices]  # take would first copy the whole source

    if _is_one_block(target, n_jobs):
        gather(target, indices)
        return
    _by_blocks(lambda rows: gather(target[rows], indices[rows]), target, n_jobs)


def take(container: Any, rows: np.ndarray, *, n_jobs: int | None = None) -> Any:
    """:meth:`Container.take` of what was not looked at yet."""
    return Container(container).take(rows, n_jobs=n_jobs)


def take_arrow(given: Any, rows: np.ndarray) -> Any:
    """Rows of what pyarrow holds, by way of what it takes rows of."""
    if not hasattr(given, "schema"):
        plain = _without_views(given.type)
        return given.take(rows) if plain == given.type else given.cast(plain).take(rows).cast(given.type)
    schema = schema_without_views(given.schema)
    return given.take(rows) if schema == given.schema else given.cast(schema).take(rows).cast(given.schema)


def schema_without_views(schema: Any) -> Any:
    """A schema of pyarrow's with text and bytes in place of views of them, of which it takes no rows."""
    pa = sys.modules["pyarrow"]
    return pa.schema([field.with_type(_without_views(field.type)) for field in schema], schema.metadata)


def _without_views(kind: Any) -> Any:
    pa = sys.modules["pyarrow"]
    return {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}.get(kind, kind)


def _is_all(indices: np.ndarray, n: int) -> bool:
    """Whether these are all of n rows in order."""
    return len(indices) == n and bool((indices == np.arange(n)).all())


def append_rows(container: Any, rows: np.ndarray, *, n_jobs: int | None = None) -> Any:
    """:meth:`Container.with_rows` of what was not looked at yet."""
    return Container(container).with_rows(rows, n_jobs=n_jobs)


def column_dtype(column: nw.Series) -> np.dtype | None:
    """NumPy type for the values of a frame's column; of other libraries None unless numbers or bools."""
    native = getattr(column.to_native(), "dtype", None)
    if isinstance(native, np.dtype):
        return native
    kind = column.dtype
    if kind == nw.Boolean:
        return np.dtype(bool)
    if not kind.is_numeric():
        return None
    if isinstance(kind, nw.Decimal):
        return np.dtype(np.float64)
    return np.dtype(str(kind).lower().replace("128", "64"))


def column_numbers(column: nw.Series) -> ColumnNumbers | None:
    """What the numbers of a frame's column are; None where it holds something else."""
    dtype = column_dtype(column)
    if dtype is None or dtype.kind not in "biufO":
        return None
    if dtype.kind == "O":
        return objects(column.to_native().tolist())
    if "128" in str(column.dtype):  # wider than what NumPy has
        return ColumnNumbers("i", np.dtype(np.float64))
    held = typed(dtype)
    is_native = isinstance(getattr(column.to_native(), "dtype", None), np.dtype)
    return held if held is None or is_native else held._replace(has_gaps=column.null_count() > 0)


def in_numpy(column: nw.Series) -> nw.Series:
    """A column as one whose values NumPy has a type for.

    Decimals and integers of 128 bits become float64, pyarrow's dictionaries their values: pyarrow 26 gives an
    array with other values in place of missing ones, and 19 refuses the unsigned codes of polars.
    """
    native = column.to_native()
    kind: Any = getattr(native, "type", None)
    if is_instance(kind, "pyarrow", "DictionaryType"):
        return nw.from_native(native.cast(kind.value_type), series_only=True)
    is_wider = isinstance(column.dtype, nw.Decimal) or "128" in str(column.dtype)
    return column.cast(nw.Float64) if is_wider else column


def column_times(column: nw.Series) -> str | None:
    """The type of a frame's column of dates, times, periods or durations; None for another column."""
    native = getattr(column.to_native(), "dtype", column.dtype)
    if isinstance(native, np.dtype) and native.kind == "O":
        return times_of(column.to_native().to_numpy())
    is_time = column.dtype.is_temporal() or is_instance(native, "pandas", "PeriodDtype")
    return str(native) if is_time else None
