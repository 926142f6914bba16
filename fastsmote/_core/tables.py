"""Tables as they came: looked at once, then asked for columns, numbers, and rows of their kind.

A :class:`Table` is what X is from the face on. It knows its kind (:mod:`fastsmote._core.containers`);
columns, names, types and shape are read when they are first needed, and kept.
"""

import numbers
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NoReturn

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from fastsmote._core.containers import (
    FRAMES,
    Container,
    Kind,
    column_dtype,
    copy_rows,
    dense,
    kind_of,
    plain_array,
    rounded,
)
from fastsmote._core.typing import RowIds

_FILLED = 1 << 16  # synthetic rows made at a time where they are converted

Fill = Callable[[np.ndarray, int], object]  # fill(out, start): rows from ``start`` on into all of ``out``


class Table(Container):
    """A table of the user's."""

    def __init__(self, given: Any, name: str = "X") -> None:
        super().__init__(given, name)

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
    def dtypes(self) -> list[np.dtype | None]:
        """NumPy types of the columns, None where they are neither numbers nor bools."""
        if self.is_frame:
            return [column_dtype(column) for column in self.series_by_column]
        dtype = self.array.dtype
        return [dtype if dtype.kind in "biuf" else None] * self.array.shape[1]

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
        return self.is_numeric or None not in self.dtypes

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
        return Table(self.take(rows), self.name)

    def take_values(self, column: int, rows: RowIds) -> Any:
        """Values of a column, by place: of a frame in its own type."""
        if not self.is_frame:
            return self.array[rows, column]
        if self.kind is Kind.PANDAS:
            return self.given.iloc[:, column].take(rows).reset_index(drop=True)
        if self.kind is Kind.POLARS:
            return self.given.to_series(column)[rows]
        return self.given.column(column).take(rows)

    def of_columns(self, values: list[Any], n: int) -> Any:
        """A table of the same kind, of columns that are arrays or, from ``take_values``, the frame's own."""
        if not self.is_frame:
            array = np.empty((n, len(values)), self.array.dtype)
            for j, column in enumerate(values):
                array[:, j] = column
            return array
        frame = self.given
        if self.kind is Kind.PANDAS:
            pd = sys.modules["pandas"]
            new = pd.DataFrame({j: pd.Series(v).astype(frame.dtypes.iloc[j]) for j, v in enumerate(values)})
            new.columns = frame.columns
            return like_frame(frame, new)
        # columns with missing values that are no NaN: so have the new ones
        have_nulls = [column.null_count() > 0 for column in self.series_by_column]
        if self.kind is Kind.POLARS:
            pl = sys.modules["polars"]
            columns = [
                pl.Series(c.name, v, nan_to_null=has_null).cast(c.dtype)
                for c, v, has_null in zip(frame, values, have_nulls, strict=True)
            ]
            return pl.DataFrame(columns)
        pa = sys.modules["pyarrow"]
        known = (pa.Array, pa.ChunkedArray)
        arrays = [
            (v if isinstance(v, known) else pa.array(v, from_pandas=has_null)).cast(f.type)
            for f, v, has_null in zip(frame.schema, values, have_nulls, strict=True)
        ]
        table = pa.Table.from_arrays(arrays, schema=frame.schema)
        if self.kind is Kind.ARROW:
            return table
        batches = table.combine_chunks().to_batches()
        return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=frame.schema)

    def with_columns(self, values: list[Any], n: int) -> Any:
        """Rows added to a frame, column by column, in the frame's own types."""
        frame, new = self.given, self.of_columns(values, n)
        if self.kind is Kind.PANDAS:
            return sys.modules["pandas"].concat([frame, new], ignore_index=True).__finalize__(frame)
        if self.kind is Kind.POLARS:
            return sys.modules["polars"].concat([frame, new])
        pa = sys.modules["pyarrow"]
        return (pa.concat_batches if self.kind is Kind.ARROW_BATCH else pa.concat_tables)([frame, new])

    def with_numbers(self, n_new: int, fill: Fill, dtype: Any, *, n_jobs: int | None = None) -> Any:
        """All rows followed by ``n_new`` synthetic rows, in the same kind of container.

        ``fill(out, start)`` writes the synthetic rows from ``start`` on into all of ``out``, C-contiguous of
        ``dtype``, the type that ``check_matrix`` gives. The rows that there are are copied as they are.
        Synthetic values go to the type of their column: integers and bools are rounded to nearest (half to
        even) and clipped to the type's range. pandas frames get a fresh RangeIndex, lists and tuples give a
        list. For arrays the output is the only large allocation; frames need the synthetic rows once more.
        """
        dtype = np.dtype(dtype)
        if self.kind is Kind.LIST:
            return _append_to_array(self.array, n_new, fill, dtype, n_jobs).tolist()
        if self.frame_values is not None:
            both = _append_to_array(self.frame_values, n_new, fill, dtype, n_jobs)
            frame = sys.modules["pandas"].DataFrame(both, columns=self.given.columns, copy=False)
            return like_frame(self.given, frame)
        if not self.is_frame:
            return _append_to_array(self.array, n_new, fill, dtype, n_jobs)
        synthetic = np.empty((n_new, len(self.dtypes)), dtype)
        fill(synthetic, 0)
        values = [rounded(synthetic[:, j], self._number_type(j)) for j in range(len(self.dtypes))]
        return self.with_columns(values, n_new)

    def _number_type(self, j: int) -> np.dtype:
        dtype = self.dtypes[j]
        if dtype is None:
            column = self.series_by_column[j]
            raise TypeError(f"Column {column.name!r} of type {column.dtype} can not hold synthetic numbers.")
        return dtype

    def with_sparse(self, rows: Any) -> Any:
        """The rows of a sparse table, then rows in the same format, integers and bools rounded to nearest."""
        sparse, given = sys.modules["scipy.sparse"], self.given
        rows = rows.copy()
        rows.data = rounded(rows.data, given.dtype)
        rows.eliminate_zeros()
        return sparse.vstack([given, rows], format=given.format, dtype=given.dtype)


def _append_to_array(
    X: np.ndarray, n_new: int, fill: Fill, dtype: np.dtype, n_jobs: int | None
) -> np.ndarray:
    n, d = X.shape
    result = np.empty((n + n_new, d), X.dtype)
    copy_rows(result[:n], X, n_jobs)
    tail = result[n:]
    if X.dtype == dtype:
        fill(tail, 0)
        return result
    synthetic = np.empty((min(n_new, _FILLED), d), dtype)
    for start in range(0, n_new, _FILLED):
        block = tail[start : start + _FILLED]
        fill(synthetic[: len(block)], start)
        block[:] = rounded(synthetic[: len(block)], X.dtype)
    return result


def like_frame(frame: Any, new: Any) -> Any:
    """``new``, a plain frame of pandas, in the class of ``frame``, with its attrs.

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
