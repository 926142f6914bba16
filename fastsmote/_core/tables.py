"""Tables as they came: looked at once, then asked for columns, numbers, and rows of their kind.

A :class:`Table` is what X is from the face on. It knows its kind (:mod:`fastsmote._core.containers`);
columns, names, types and shape are read when they are first needed, and kept.
"""

import numbers
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NoReturn

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from fastsmote._core.containers import (
    FRAMES,
    Container,
    Kind,
    column_numbers,
    column_times,
    dense,
    kind_of,
    plain_array,
    take_arrow,
)
from fastsmote._core.typing import RowIds
from fastsmote._core.values import ColumnNumbers, objects, rounded, times_of, typed

# the types of a nested list whose values an array of this kind keeps as they are
_TYPES: dict[str, set[type]] = {
    "b": {bool, np.bool_},
    "i": {int, np.int8, np.int16, np.int32, np.int64},
    "u": {int, np.uint8, np.uint16, np.uint32, np.uint64},
    "f": {float, np.float16, np.float32, np.float64},
    "U": {str, np.str_},
    "S": {bytes, np.bytes_},
    "M": {np.datetime64},
    "m": {np.timedelta64},
}


class Table(Container):
    """A table of the user's."""

    def __init__(self, given: Any, name: str = "X", like: "Table | None" = None) -> None:
        super().__init__(given, name)
        self.like = like  # the table that these are rows of: it says what a column holds
        self._held: dict[int, ColumnNumbers | None] = {}
        if type(given) is np.ndarray:
            self.array = given  # known: to find out takes a lock

    @cached_property
    def series_by_column(self) -> list[nw.Series]:
        """The columns of a frame."""
        frame = self.given
        if self.kind is Kind.PANDAS:  # narwhals refuses frames with repeated names
            natives = [dense(frame.iloc[:, j]) for j in range(frame.shape[1])]
        elif self.kind is Kind.POLARS:
            natives = frame.get_columns()
        elif self.kind is Kind.ARROW:
            natives = frame.columns
        else:
            natives = sys.modules["pyarrow"].Table.from_batches([frame]).columns
        return [nw.from_native(native, series_only=True) for native in natives]

    @cached_property
    def names(self) -> list[Any] | None:
        """Names of the columns of a frame, in order; None for what is not a frame."""
        if not self.is_frame:
            return None
        is_arrow = self.kind in (Kind.ARROW, Kind.ARROW_BATCH)
        return list(self.given.schema.names if is_arrow else self.given.columns)

    @cached_property
    def array(self) -> NDArray[Any]:
        """What is no frame, as an array whose numbers did not become text."""
        array = plain_array(self.given, self.name)
        if array.dtype.kind in "US" and self.kind is Kind.LIST:
            array = np.asarray(self.given, dtype=object)
        return array

    @cached_property
    def frame_values(self) -> NDArray[Any] | None:
        """Values of a pandas frame whose columns share a NumPy number type (usually a view), else None."""
        if self.kind is not Kind.PANDAS:
            return None
        dtypes = set(self.given.dtypes)
        if len(dtypes) != 1:
            return None
        dtype = dtypes.pop()
        return self.given.to_numpy() if isinstance(dtype, np.dtype) and dtype.kind in "biuf" else None

    @cached_property
    def cells(self) -> NDArray[Any]:
        """What is no frame, with every value as it is: the objects of a list that holds several types."""
        if self.kind is not Kind.LIST or self.array.dtype.kind == "O" or self._is_of_one_type():
            return self.array
        return np.asarray(self.given, dtype=object)

    def _is_of_one_type(self) -> bool:
        kinds: set[type] = set()
        for row in self.given:
            kinds.update([row.dtype.type] if isinstance(row, np.ndarray) else map(type, row))
        return len(kinds) == 1 and kinds <= _TYPES.get(self.array.dtype.kind, set())

    def held(self, j: int) -> ColumnNumbers | None:
        """What the numbers of a column are, None where it holds something else."""
        if self.like is not None:
            return self.like.held(j)
        if j not in self._held:
            self._held[j] = self._read_held(j)
        return self._held[j]

    def _read_held(self, j: int) -> ColumnNumbers | None:
        if self.is_frame:
            return column_numbers(self.series_by_column[j])
        cells = self.cells
        return objects(cells[:, j].tolist()) if cells.dtype.kind == "O" else typed(cells.dtype)

    def times(self, j: int) -> str | None:
        """The type of a column of dates, times, periods or durations; None where it holds no such values."""
        if self.is_frame:
            return column_times(self.series_by_column[j])
        return times_of(self.array[:, j])

    def may_share_memory(self, other: NDArray[Any]) -> bool:
        """Whether an array may lie where the values of a table that is not sparse do."""
        if self.frame_values is not None:
            parts: Any = [self.frame_values]
        else:
            parts = (s.to_numpy() for s in self.series_by_column) if self.is_frame else [self.array]
        return any(np.may_share_memory(part, other) for part in parts)

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns; ValueError unless there are two dimensions, with rows and columns."""
        if self.is_frame or self.is_sparse:
            shape = self.given.shape
        else:
            if self.array.ndim != 2:
                raise_not_2d(self)
            shape = self.array.shape
        check_shape(shape, self.name)
        return shape[0], shape[1]

    @property
    def is_numeric(self) -> bool:
        """Whether this is an array or nested list of numbers, categories included."""
        return not self.is_frame and self.array.dtype.kind in "biuf"

    @property
    def holds_numbers(self) -> bool:
        """Whether all columns are numbers or bools."""
        return self.is_numeric or all(self.held(j) is not None for j in range(self.shape[1]))

    @property
    def is_canonical(self) -> bool:
        """Whether ``check_matrix`` takes the memory as it is."""
        values = self.frame_values if self.is_frame else self.given
        return (
            isinstance(values, np.ndarray)
            and values.dtype in (np.float32, np.float64)
            and values.dtype.isnative
            and values.flags.c_contiguous
            and values.flags.aligned
        )

    def column_label(self, j: int) -> Any:
        """Name of a column in messages: its number where columns have no names."""
        return j if self.names is None else self.names[j]

    def part(self, columns: RowIds) -> "Table":
        """Some columns, by place."""
        if not self.is_frame:
            return Table(self.array[:, columns], self.name)
        places = columns.tolist()
        if self.kind is Kind.PANDAS:
            return Table(self.given.iloc[:, places], self.name)
        some = self.given[:, places] if self.kind is Kind.POLARS else self.given.select(places)
        return Table(some, self.name)

    def rows(self, rows: RowIds) -> "Table":
        """Some rows, as a table."""
        return Table(self.take(rows), self.name, like=self)

    def take_values(self, column: int, rows: RowIds) -> Any:
        """Values of a column, by place: of a frame in its own type."""
        if not self.is_frame:
            return self.cells[rows, column]
        if self.kind is Kind.PANDAS:
            return self.given.iloc[:, column].take(rows).reset_index(drop=True)
        if self.kind is Kind.POLARS:
            return self.given.to_series(column)[rows]
        return take_arrow(self.given.column(column), rows)

    def of_columns(self, values: list[Any], n: int) -> Any:
        """A table of the same kind, of columns that are arrays or, from ``take_values``, the frame's own.

        Empties the list: a column that was converted is not needed any more.
        """
        if not self.is_frame:
            array = np.empty((n, len(values)), self.cells.dtype)
            for j, column in enumerate(values):
                array[:, j] = column
            return array
        frame = self.given
        if self.kind is Kind.PANDAS:
            pd = sys.modules["pandas"]
            columns = {
                j: pd.Series(v).astype(dtype)
                for j, (v, dtype) in enumerate(zip(_emptied(values), frame.dtypes, strict=True))
            }
            new = pd.DataFrame(columns, copy=False)
            new.columns = frame.columns
            return like_frame(frame, new)
        # columns with missing values that are no NaN: so have the new ones
        have_nulls = [column.null_count() > 0 for column in self.series_by_column]
        if self.kind is Kind.POLARS:
            pl = sys.modules["polars"]
            return pl.DataFrame(
                [
                    pl.Series(c.name, v, nan_to_null=has_null).cast(c.dtype)
                    for c, v, has_null in zip(frame, _emptied(values), have_nulls, strict=True)
                ]
            )
        pa = sys.modules["pyarrow"]
        known = (pa.Array, pa.ChunkedArray)
        arrays = [
            (v if isinstance(v, known) else pa.array(v, from_pandas=has_null)).cast(f.type)
            for f, v, has_null in zip(frame.schema, _emptied(values), have_nulls, strict=True)
        ]
        table = pa.Table.from_arrays(arrays, schema=frame.schema)
        if self.kind is Kind.ARROW:
            return table
        batches = table.combine_chunks().to_batches()
        return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=frame.schema)

    def with_sparse(self, rows: Any) -> Any:
        """The rows of a sparse table, then rows in the same format, integers and bools rounded to nearest."""
        sparse, given = sys.modules["scipy.sparse"], self.given
        if given.dtype.kind != "f":
            rows = rows.copy()
            rows.data = rounded(rows.data, given.dtype)
            rows.eliminate_zeros()
        return sparse.vstack([given, rows], format=given.format, dtype=given.dtype)


def _emptied(values: list[Any]) -> Iterator[Any]:
    """The values of a list, which holds each no longer than it is looked at."""
    values.reverse()
    while values:
        yield values.pop()


def like_frame(frame: Any, new: Any) -> Any:
    """``new``, a plain frame or series of pandas, in the class of ``frame``, with its attrs.

    By ``_constructor``, pandas' protocol for subclasses, whose ``__init__`` may take anything.
    """
    return frame._constructor(new).__finalize__(frame)


def raise_not_2d(table: Table) -> NoReturn:
    name, array = table.name, table.array
    advice = (
        f" Use {name}.reshape(-1, 1) for a single feature or {name}.reshape(1, -1) for a single sample."
        if array.ndim == 1
        else ""
    )
    raise ValueError(
        f"{name} must have two dimensions (n_samples, n_features). Expected 2D array, got {array.ndim}D "
        f"array instead: {type(table.given).__name__} of shape {array.shape}.{advice}"
    )


def check_shape(shape: tuple[int, ...], name: str) -> None:
    for size, what in zip(shape, ("sample", "feature"), strict=True):
        if size == 0:
            message = f"Found array with 0 {what}(s) (shape={tuple(shape)}) while a minimum of 1 is required."
            raise ValueError(f"{message} Pass {name} with rows and columns.")


def column_number(column: Any, n_features: int, names: Sequence[Any] | None, parameter: str) -> int:
    """The place of a column that is given by name or number."""
    if names is not None and names.count(column) > 1:
        raise ValueError(f"{parameter} must name one column. Got {column!r}, the name of several; number it.")
    if names is not None and column in names:
        return names.index(column)
    if (
        isinstance(column, numbers.Integral)
        and not isinstance(column, bool)
        and 0 <= int(column) < n_features
    ):
        return int(column)
    known = f"one of {list(names)[:10]!r}, or " if names is not None else ""
    raise ValueError(
        f"{parameter} must name columns of X: {known}a number in [0, {n_features - 1}]. Got {column!r}."
    )


def frame_columns(container: Any) -> list[nw.Series] | None:
    """The columns of a frame, None for what is not a frame."""
    return Table(container).series_by_column if kind_of(container) in FRAMES else None


def frame_names(container: Any) -> list[Any] | None:
    """Names of the columns of a frame, None for what is not a frame."""
    return Table(container).names if kind_of(container) in FRAMES else None
