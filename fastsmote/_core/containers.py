"""The user's containers: rows taken, rows repeated, synthetic rows added, in the container that was given.

Known containers are NumPy arrays, lists, pandas, polars and pyarrow frames and columns, and SciPy sparse
matrices (rows taken or repeated only). Anything else that NumPy can read comes back as a NumPy array.
None of the optional packages is imported: an object of theirs exists only where they were imported before.
"""

import sys
from collections.abc import Callable
from typing import Any

import narwhals as nw
import numpy as np

from fastsmote._core.threads import run_blocks, split

_BLOCK_BYTES = 1 << 20
_FILLED = 1 << 16  # synthetic rows made at a time where they are converted


def is_instance(container: Any, module: str, *names: str) -> bool:
    """Whether ``container`` is an instance of one of the ``names`` of ``module``, where that is imported."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(container, tuple(getattr(loaded, name) for name in names))


def is_sparse(container: Any) -> bool:
    """Whether ``container`` is a SciPy sparse matrix or array."""
    loaded = sys.modules.get("scipy.sparse")
    return loaded is not None and loaded.issparse(container)


def _has_take(container: Any) -> bool:
    """pandas and pyarrow objects: ``take(positions)`` keeps everything about them."""
    return (
        is_instance(container, "pandas", "DataFrame", "Series", "Index")
        or is_instance(container, "pandas.api.extensions", "ExtensionArray")
        or is_instance(container, "pyarrow", "Table", "RecordBatch", "ChunkedArray", "Array")
    )


def _is_polars(container: Any) -> bool:
    return is_instance(container, "polars", "DataFrame", "Series")


def plain_array(container: Any, name: str = "X") -> np.ndarray:
    """``container`` as a base-class NumPy array, without a copy where it is one.

    TypeError for np.matrix (other arithmetic) and masked arrays (the mask would be lost).
    """
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


def n_rows(container: Any) -> int:
    """Number of rows. TypeError for what has no length."""
    shape = getattr(container, "shape", None)
    if shape:
        return int(shape[0])
    try:
        return len(container)
    except TypeError:
        message = (
            f"An array, list, frame or sparse matrix is needed. Got {type(container).__name__}, without rows."
        )
        raise TypeError(message) from None


def _by_blocks(body: Callable[[slice], object], target: np.ndarray, n_jobs: int | None) -> None:
    """``body(rows)`` for blocks of about a megabyte of ``target``'s rows."""
    row_bytes = target.nbytes // max(1, len(target))
    size = max(1, _BLOCK_BYTES // max(1, row_bytes))
    run_blocks(lambda b: body(slice(b * size, (b + 1) * size)), split(len(target), size), n_jobs=n_jobs)


def copy_rows(target: np.ndarray, source: np.ndarray, n_jobs: int | None = None) -> None:
    """``target[:] = source`` in blocks of rows by threads, without a temporary."""
    _by_blocks(lambda rows: np.copyto(target[rows], source[rows], casting="same_kind"), target, n_jobs)


def _gather(target: np.ndarray, source: np.ndarray, indices: np.ndarray, n_jobs: int | None) -> None:
    """``target[:] = source[indices]``, indices within range."""

    def body(rows: slice) -> None:
        if source.flags.c_contiguous:
            np.take(source, indices[rows], axis=0, out=target[rows], mode="clip")  # "raise" would buffer out
        else:
            target[rows] = source[indices[rows]]  # np.take would first copy the whole source

    _by_blocks(body, target, n_jobs)


def take(container: Any, indices: np.ndarray, *, n_jobs: int | None = None) -> Any:
    """Rows ``indices`` (int64, each in 0..n_rows-1, repeats allowed) in the same kind of container.

    dtypes, names and categories are kept; pandas keeps the index labels of the rows taken; lists and
    tuples give a list; sparse matrices keep their format. O(rows taken) time and memory.
    """
    if isinstance(container, list | tuple):
        return [container[i] for i in indices.tolist()]
    if _has_take(container):
        taken = container.take(indices)
        if is_instance(container, "pandas", "DataFrame", "Series") and _is_all(indices, len(container)):
            return taken.copy()  # of all rows in order pandas gives a view
        return taken
    if _is_polars(container):
        return container[indices]
    if is_sparse(container):
        return container.tocsr()[indices].asformat(container.format)
    source = plain_array(container)
    taken = np.empty((len(indices), *source.shape[1:]), source.dtype)
    _gather(taken, source, indices, n_jobs)
    return taken


def _is_all(indices: np.ndarray, n: int) -> bool:
    """Whether these are all of n rows in order."""
    return len(indices) == n and bool((indices == np.arange(n)).all())


def append_rows(container: Any, indices: np.ndarray, *, n_jobs: int | None = None) -> Any:
    """All rows of ``container`` followed by its rows ``indices``, in the same kind of container.

    pandas objects get a fresh RangeIndex. Memory: the output, and for other containers than arrays and
    lists an int64 per row.
    """
    if isinstance(container, list | tuple):
        return [*container, *take(container, indices)]
    n = n_rows(container)
    if _has_take(container) or _is_polars(container) or is_sparse(container):
        result = take(container, np.concatenate([np.arange(n), indices]))
        if is_instance(container, "pandas", "DataFrame", "Series"):
            result.index = sys.modules["pandas"].RangeIndex(len(result))
        return result
    source = plain_array(container)
    result = np.empty((n + len(indices), *source.shape[1:]), source.dtype)
    copy_rows(result[:n], source, n_jobs)
    _gather(result[n:], source, indices, n_jobs)
    return result


def frame_array(container: Any) -> np.ndarray | None:
    """The values of a pandas frame whose columns share one NumPy number type (usually a view), else None."""
    if not is_instance(container, "pandas", "DataFrame"):
        return None
    dtypes = set(container.dtypes)
    if len(dtypes) != 1:
        return None
    dtype = dtypes.pop()
    return container.to_numpy() if isinstance(dtype, np.dtype) and dtype.kind in "biuf" else None


def frame_columns(container: Any) -> list[nw.Series] | None:
    """The columns of a frame, None for what is not a frame."""
    if is_instance(container, "pandas", "DataFrame"):  # narwhals refuses frames with repeated names
        natives = [container.iloc[:, j] for j in range(container.shape[1])]
    elif is_instance(container, "polars", "DataFrame"):
        natives = container.get_columns()
    elif is_instance(container, "pyarrow", "Table"):
        natives = container.columns
    elif is_instance(container, "pyarrow", "RecordBatch"):
        natives = sys.modules["pyarrow"].Table.from_batches([container]).columns
    else:
        return None
    return [nw.from_native(native, series_only=True) for native in natives]


def frame_names(frame: Any) -> list[Any]:
    """Column names of a frame, in order."""
    return list(
        frame.schema.names if is_instance(frame, "pyarrow", "Table", "RecordBatch") else frame.columns
    )


def names_of(X: Any) -> list[Any] | None:
    """Names of the columns of a frame, None for what is not a frame."""
    return None if frame_columns(X) is None else frame_names(X)


def column_dtypes(X: Any) -> list[np.dtype | None]:
    """NumPy types of the columns of a table, None where they are neither numbers nor bools."""
    columns = frame_columns(X)
    if columns is not None:
        return [column_dtype(column) for column in columns]
    array = plain_array(X)
    return [array.dtype if array.dtype.kind in "biuf" else None] * array.shape[1]


def column_dtype(column: nw.Series) -> np.dtype | None:
    """NumPy type for the values of a frame's column; None where they are neither numbers nor bools."""
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


def rounded(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Floats as ``dtype``: integers and bools rounded half to even, integers clipped.

    Missing values (NaN) of a column whose type knows other ones stay floats.
    """
    if dtype.kind in "biu" and np.isnan(values).any():
        return np.rint(values)
    if dtype.kind == "b":
        return np.rint(values) != 0
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        top = float(limits.max)
        if top > limits.max:  # 2**63 and 2**64: the float below is the largest that can be cast back
            top = float(np.nextafter(top, 0))
        values = np.rint(values).clip(float(limits.min), top)
    return values.astype(dtype, copy=False)


def _append_to_array(
    X: np.ndarray, n_new: int, fill: Callable[[np.ndarray, int], object], dtype: np.dtype, n_jobs: int | None
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


def append_sparse(X: Any, rows: Any) -> Any:
    """The rows of a sparse X, then rows in the same format, integers and bools rounded to nearest."""
    sparse = sys.modules["scipy.sparse"]
    rows = rows.copy()
    rows.data = rounded(rows.data, X.dtype)
    rows.eliminate_zeros()
    return sparse.vstack([X, rows], format=X.format, dtype=X.dtype)


def append_matrix(
    X: Any,
    n_new: int,
    fill: Callable[[np.ndarray, int], object],
    *,
    dtype: Any,
    n_jobs: int | None = None,
) -> Any:
    """The rows of ``X`` followed by ``n_new`` synthetic rows, in the same kind of container.

    ``fill(out, start)`` writes the synthetic rows from ``start`` on into all of ``out``, C-contiguous of
    ``dtype``, the type that ``check_matrix`` gives for ``X``. The rows of ``X`` are copied as they are.
    Synthetic values go to the type of their column: integers and bools are rounded to nearest (half to even)
    and clipped to the type's range. pandas frames get a fresh RangeIndex, lists and tuples give a list.
    For arrays the output is the only large allocation; frames need the synthetic rows once more.
    """
    dtype = np.dtype(dtype)
    if isinstance(X, list | tuple):
        return _append_to_array(plain_array(X), n_new, fill, dtype, n_jobs).tolist()
    values = frame_array(X)
    if values is not None:
        both = _append_to_array(values, n_new, fill, dtype, n_jobs)
        return type(X)(both, columns=X.columns, copy=False)
    columns = frame_columns(X)
    if columns is None:
        return _append_to_array(plain_array(X), n_new, fill, dtype, n_jobs)
    synthetic = np.empty((n_new, len(columns)), dtype)
    fill(synthetic, 0)
    return append_to_frame(X, [rounded(synthetic[:, j], _known(c)) for j, c in enumerate(columns)])


def _known(column: nw.Series) -> np.dtype:
    dtype = column_dtype(column)
    if dtype is None:
        raise TypeError(f"Column {column.name!r} of type {column.dtype} can not hold synthetic numbers.")
    return dtype


def frame_part(frame: Any, columns: list[int]) -> Any:
    """Some columns of a frame, by place."""
    if is_instance(frame, "pandas", "DataFrame"):
        return frame.iloc[:, columns]
    return frame[:, columns] if is_instance(frame, "polars", "DataFrame") else frame.select(columns)


def take_column(frame: Any, column: int, indices: np.ndarray) -> Any:
    """Rows of a frame's column, by place, in the frame's own type."""
    if is_instance(frame, "pandas", "DataFrame"):
        return frame.iloc[:, column].take(indices).reset_index(drop=True)
    if is_instance(frame, "polars", "DataFrame"):
        return frame.to_series(column)[indices]
    return frame.column(column).take(indices)


def new_frame(frame: Any, values: list[Any]) -> Any:
    """A frame like ``frame`` of columns that are arrays or, from ``take_column``, its own."""
    if is_instance(frame, "pandas", "DataFrame"):
        pd = sys.modules["pandas"]
        new = pd.DataFrame({j: pd.Series(v).astype(frame.dtypes.iloc[j]) for j, v in enumerate(values)})
        new.columns = frame.columns
        return new
    if is_instance(frame, "polars", "DataFrame"):
        pl = sys.modules["polars"]
        columns = [
            pl.Series(c.name, v, nan_to_null=has_null).cast(c.dtype)
            for c, v, has_null in zip(frame, values, _have_nulls(frame), strict=True)
        ]
        return pl.DataFrame(columns)
    pa = sys.modules["pyarrow"]
    known = (pa.Array, pa.ChunkedArray)
    arrays = [
        (v if isinstance(v, known) else pa.array(v, from_pandas=has_null)).cast(f.type)
        for f, v, has_null in zip(frame.schema, values, _have_nulls(frame), strict=True)
    ]
    table = pa.Table.from_arrays(arrays, schema=frame.schema)
    if not isinstance(frame, pa.RecordBatch):
        return table
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=frame.schema)


def _have_nulls(frame: Any) -> list[bool]:
    """Which columns have missing values that are no NaN: so have the new ones."""
    return [column.null_count() > 0 for column in frame_columns(frame) or []]


def append_to_frame(frame: Any, values: list[Any]) -> Any:
    """Rows added to a frame, column by column, in the frame's own types."""
    new = new_frame(frame, values)
    if is_instance(frame, "pandas", "DataFrame"):
        return sys.modules["pandas"].concat([frame, new], ignore_index=True)
    if is_instance(frame, "polars", "DataFrame"):
        return sys.modules["polars"].concat([frame, new])
    pa = sys.modules["pyarrow"]
    if isinstance(frame, pa.RecordBatch):
        return pa.concat_batches([frame, new])
    return pa.concat_tables([frame, new])
