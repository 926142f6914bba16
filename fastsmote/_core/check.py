"""Input to canonical arrays: matrices, integers and seeds, checked once before any work.

Past this module a matrix is C-contiguous, native, aligned float32 or float64 without NaN or infinity, so
every kernel is compiled for two types at most.
"""

import math
import numbers
import operator
from numbers import Real
from typing import Any, NoReturn

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from fastsmote._core.containers import (
    Container,
    column_dtype,
    column_times,
    copy_rows,
    in_numpy,
    n_rows,
)
from fastsmote._core.freeze import freeze
from fastsmote._core.tables import Table, check_shape, raise_not_2d
from fastsmote._core.threads import run_blocks, split
from fastsmote._core.typing import RowIds
from fastsmote._core.values import MISSING_TYPES, is_number_type, is_time_type

_SCAN_BLOCK = 1 << 19  # numbers scanned at a time, 4 MiB of float64
_FILL_ROWS = 2048  # rows of a frame that are gathered at a time: the part written stays in cache


def check_matrix(
    X: Any,
    *,
    name: str = "X",
    finite: bool = True,
    missing: bool | None = None,
    n_jobs: int | None = None,
) -> np.ndarray:
    """``X`` as a C-contiguous (n_samples, n_features) matrix of finite native float32 or float64.

    float32 and float16 give float32; other numbers and bools give float64. A matrix that already is
    canonical is not copied. The result is a read-only view: nothing below can write to the user's data,
    and kernels are compiled for one kind of array. Objects that are numbers are converted;
    nullable columns are accepted where nothing is missing. ``missing=True`` allows missing values, which are
    NaN then, and False says that the caller's user could have allowed them; ``finite=False`` leaves out the
    search for them and for infinity, for data that was checked before. O(n d) time.

    Raises
    ------
    ValueError
        Not two-dimensional, ragged, no row or no column, NaN, missing or infinite values, complex numbers,
        or values that are not numbers (text, dates, categories); row and column are named.
    TypeError
        Sparse and masked matrices, np.matrix, structured arrays, and extended precision (longdouble).
    """
    table = X if isinstance(X, Table) else Table(X, name)
    name = table.name
    if table.is_sparse:
        raise TypeError(
            f"{name} must be dense. Got a SciPy sparse matrix of shape {table.given.shape}; "
            f"pass {name}.toarray() if that fits into memory."
        )
    values = table.frame_values if table.is_frame else None
    if table.is_frame and values is None:
        check_shape(table.given.shape, name)
        matrix = _from_columns(table, n_jobs)
    else:
        array = table.array if values is None else values
        _check_kind(array.dtype, name)
        if array.ndim != 2:
            raise_not_2d(table)
        check_shape(array.shape, name)
        matrix = _from_array(array, name, n_jobs)
    matrix = freeze(matrix)
    if finite:
        _check_finite(matrix, table, missing, n_jobs)
    return matrix


def _check_kind(dtype: np.dtype, where: str) -> None:
    """Refuse the types whose values are not real numbers."""
    if dtype.kind == "c":
        raise ValueError(
            f"Complex data not supported: {where} has type {dtype}. Pass real and imaginary parts."
        )
    if dtype.kind == "f" and dtype.itemsize > 8:
        raise TypeError(
            f"{where} must be float64 or narrower. Got {dtype}; convert it with .astype(np.float64)."
        )
    if dtype.kind == "V":
        raise TypeError(
            f"{where} must be a plain array of numbers. Got structured type {dtype}; pass its fields."
        )
    if dtype.kind in "mM":
        raise_times(where, str(dtype))
    if dtype.kind not in "biufO":
        raise ValueError(f"{where} must hold numbers. Got {dtype}; encode it as numbers first.")


def raise_times(where: str, kind: str) -> NoReturn:
    """One answer for dates, times, periods and durations wherever rows are measured."""
    raise ValueError(
        f"{where} must hold numbers. Got dates or times ({kind}): between them nothing is measured. Pass a "
        "number in their place, such as the days since a first day; or drop the column; or carry it along, "
        "named in categorical_features of smotenc. Samplers that only take rows (random_over_sample, "
        "random_under_sample) take it as it is."
    )


def working_dtype(dtype: np.dtype) -> np.dtype:
    """float32 for float32 and float16, float64 for all other numbers: kernels are compiled for these two."""
    return np.dtype(np.float32 if dtype.kind == "f" and dtype.itemsize <= 4 else np.float64)


def _from_array(array: np.ndarray, name: str, n_jobs: int | None) -> np.ndarray:
    target = working_dtype(array.dtype)
    if array.dtype.kind == "O":
        columns = [_from_objects(array[:, j], f"column {j} of {name}") for j in range(array.shape[1])]
        return np.column_stack(columns)
    if array.dtype == target and array.flags.c_contiguous and array.flags.aligned:
        return array
    matrix = np.empty(array.shape, target)
    copy_rows(matrix, array, n_jobs)
    return matrix


def _from_objects(values: np.ndarray, where: str) -> np.ndarray:
    """A column of Python numbers as float64, None and NA as NaN."""
    items = values.tolist()
    kinds = set(map(type, items))
    missing = {kind for kind in kinds if kind.__name__ in MISSING_TYPES}
    strange = {kind for kind in kinds - missing if not is_number_type(kind)}
    for kind in sorted(filter(is_time_type, strange), key=repr)[:1]:
        raise_times(where, kind.__name__)
    for i, value in enumerate(items if strange else []):
        if type(value) in strange:
            if isinstance(value, numbers.Complex):
                raise ValueError(f"Complex data not supported: {where}, row {i}, holds {value!r}.")
            raise ValueError(
                f"{where} must hold numbers. Got {value!r} of type {type(value).__name__} in row {i}; "
                "encode it as numbers first."
            )
    try:
        if not missing:
            return np.array(list(map(float, items)))
        return np.array([np.nan if type(v) in missing else float(v) for v in items])
    except OverflowError:
        raise ValueError(
            f"{where} holds an integer outside the range of float64. Rescale the column."
        ) from None


def _from_columns(table: Table, n_jobs: int | None) -> np.ndarray:
    arrays = [
        _column_values(column, f"column {table.column_label(j)!r} of {table.name}")
        for j, column in enumerate(table.series_by_column)
    ]
    n = table.given.shape[0]
    matrix = np.empty((n, len(arrays)), max(working_dtype(values.dtype) for values in arrays))

    def fill(block: int) -> None:
        rows = slice(block * _FILL_ROWS, (block + 1) * _FILL_ROWS)
        for j, values in enumerate(arrays):
            matrix[rows, j] = values[rows]

    run_blocks(fill, split(n, _FILL_ROWS), n_jobs=n_jobs)
    return matrix


def _column_values(column: nw.Series, where: str) -> np.ndarray:
    """One column of a frame as a NumPy array, missing values as NaN."""
    dtype = column_dtype(column)
    native_dtype = getattr(column.to_native(), "dtype", column.dtype)
    if (kind := column_times(column)) is not None:
        raise_times(where, kind)
    if dtype is None:
        raise ValueError(f"{where} must hold numbers. Got {native_dtype}; encode it as numbers or drop it.")
    _check_kind(dtype, where)
    if not isinstance(native_dtype, np.dtype):
        column = column.cast(nw.Float64) if column.null_count() else in_numpy(column)
    values = column.to_numpy()
    return _from_objects(values, where) if values.dtype.kind == "O" else values


def first_gap(matrix: np.ndarray, missing: bool = False, n_jobs: int | None = None) -> int | None:
    """Place of the first NaN or infinity (with ``missing``, infinity) in contiguous floats, row by row."""
    from fastsmote._kernels.scan import first_nonfinite, words_of

    bits, exponent = words_of(freeze(matrix) if matrix.flags.writeable else matrix)
    mask = bits.dtype.type(np.iinfo(bits.dtype).max // 2) if missing else exponent
    if bits.size <= _SCAN_BLOCK and n_jobs is None:
        place = first_nonfinite(bits, exponent, mask, 0, bits.size)
        return None if place < 0 else int(place)
    first = np.full(split(bits.size, _SCAN_BLOCK), -1, np.int64)

    def scan(block: int) -> None:
        lo = block * _SCAN_BLOCK
        first[block] = first_nonfinite(bits, exponent, mask, lo, min(lo + _SCAN_BLOCK, bits.size))

    run_blocks(scan, len(first), n_jobs=n_jobs)
    found = first[first >= 0]
    return int(found[0]) if len(found) else None


def _check_finite(matrix: np.ndarray, table: Table, missing: bool | None, n_jobs: int | None) -> None:
    place = first_gap(matrix, bool(missing), n_jobs)
    if place is None:
        return
    row, column = divmod(place, matrix.shape[1])
    label = table.column_label(column)
    is_nan = np.isnan(matrix[row, column])
    what = "NaN (a missing value)" if is_nan else "infinity (inf)"
    advice = ", or smote them with missing='nan-euclidean'" if is_nan and missing is False else ""
    raise ValueError(
        f"Input {table.name} contains {what} at row {row}, column {label!r}. All values must be finite: "
        f"drop or impute such rows{advice}."
    )


def check_columns_of_numbers(
    table: Table, columns: RowIds, *, missing: bool | None, n_jobs: int | None
) -> np.ndarray:
    """A canonical matrix of some columns; of an array of numbers, of all."""
    if table.is_numeric:
        return check_matrix(table, missing=missing, n_jobs=n_jobs)
    if table.is_frame:
        return check_matrix(table.part(columns), missing=missing, n_jobs=n_jobs)
    parts = [
        check_matrix(Table(table.array[:, [j]], f"column {j} of X"), missing=missing, n_jobs=n_jobs)
        for j in columns.tolist()
    ]
    return freeze(np.hstack(parts))


def check_table(table: Table) -> int:
    """Number of rows of a table of any dtype, of which only rows will be taken; two-dimensional."""
    name, shape = table.name, getattr(table.given, "shape", None)
    if shape is not None and len(shape) != 2:
        raise ValueError(
            f"{name} must have two dimensions (n_samples, n_features). Got {type(table.given).__name__} of "
            f"shape {shape}; for a single feature use {name}.reshape(-1, 1) or a frame with one column."
        )
    return n_rows(table.given, name)


def is_number(value: Any) -> bool:
    """Whether a value is a real number, which bools are not."""
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def check_level(confidence_level: Any) -> float:
    """``confidence_level`` as a float in (0, 1)."""
    if not is_number(confidence_level):
        raise TypeError(f"confidence_level must be a number in (0, 1). Got {confidence_level!r}.")
    level = float(confidence_level)
    if not 0 < level < 1:
        raise ValueError(f"confidence_level must be in (0, 1), for example 0.95 for 95 %. Got {level}.")
    return level


def check_integer(value: Any, name: str, *, minimum: int = 1, maximum: int | None = None) -> int:
    """``value`` as an int within [minimum, maximum]; TypeError for bools and floats, ValueError outside."""
    is_integer = type(value) is int or (isinstance(value, numbers.Integral) and not isinstance(value, bool))
    number = operator.index(value) if is_integer else minimum - 1
    if number >= minimum and (maximum is None or number <= maximum):
        return number
    allowed = f"an integer >= {minimum}" if maximum is None else f"an integer in [{minimum}, {maximum}]"
    if not is_integer:
        raise TypeError(f"{name} must be {allowed}. Got {value!r} of type {type(value).__name__}.")
    raise ValueError(f"{name} must be {allowed}. Got {number}.")


def check_word(value: Any, name: str, words: tuple[str | bool | None, ...]) -> Any:
    """``value`` if it is one of the words, or of the bools and None among them."""
    if not isinstance(value, str | int | np.bool_ | None) or value not in words:
        *first, last = (f'"{word}"' if isinstance(word, str) else f"{word}" for word in words)
        raise ValueError(f"{name} must be {', '.join(first)} or {last}. Got {value!r}.")
    return value


def check_flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False. Got {value!r}.")
    return bool(value)


def check_seed(random_state: Any) -> int:
    """The 64-bit key of the counter-based generator for a ``random_state``.

    None: fresh entropy. An int below 2**64 is the key; a larger one is hashed by SeedSequence. A
    SeedSequence is read, not advanced. A Generator or RandomState gives its next 64 bits, so that two
    calls differ.
    """
    if random_state is None:
        random_state = np.random.SeedSequence()
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(0, 2**64 - 1, dtype=np.uint64, endpoint=True))
    if isinstance(random_state, np.random.RandomState):
        return int.from_bytes(random_state.bytes(8), "little")
    if type(random_state) is int or (
        isinstance(random_state, numbers.Integral) and not isinstance(random_state, bool)
    ):
        if random_state < 0:
            raise ValueError(f"random_state must be an integer >= 0. Got {random_state}.")
        if random_state < 2**64:
            return int(random_state)
        random_state = np.random.SeedSequence(int(random_state))
    if isinstance(random_state, np.random.SeedSequence):
        return int(random_state.generate_state(1, np.uint64)[0])
    raise TypeError(
        "random_state must be None, an integer >= 0, a numpy.random.Generator, RandomState or SeedSequence. "
        f"Got {random_state!r}."
    )


def check_number(value: Any, name: str, most: float = math.inf) -> float:
    """``value`` as a finite float in [0, most]."""
    if not is_number(value) or not 0 <= float(value) <= most or math.isinf(value):
        allowed = "at least 0 and finite" if math.isinf(most) else f"within [0, {most:g}]"
        raise ValueError(f"{name} must be a number {allowed}. Got {value!r}.")
    return float(value)


def check_within(value: Any, name: str, interval: str, advice: str = "") -> float:
    """``value`` as a float within an interval as mathematicians write it, "(0, 1]" or "[0, inf)"."""
    low, high = map(float, interval[1:-1].split(","))
    ends = (low,) * (interval[0] == "[") + (high,) * (interval[-1] == "]")
    if not is_number(value) or not (low < float(value) < high or float(value) in ends):
        raise ValueError(f"{name} must be a number in {interval}. Got {value!r}{advice}.")
    return float(value)


def check_row_numbers(rows: Any, n: int, name: str = "rows", of: str = "X") -> NDArray[np.int64]:
    """Row numbers of a matrix, or of a plan, of n rows; all for None."""
    if rows is None:
        return np.arange(n)
    given = Container(rows, name).given
    if isinstance(given, np.ma.MaskedArray):
        raise TypeError(f"{name} must be an array without a mask. Got a masked array; use `.compressed()`.")
    numbers = np.asarray(given)
    if numbers.size == 0:
        numbers = numbers.astype(np.int64)
    if numbers.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must be row numbers, integers. Got {numbers.dtype}; for a mask pass "
            "np.flatnonzero(mask)."
        )
    if numbers.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional. Got shape {numbers.shape}.")
    if numbers.size and (numbers.min() < 0 or numbers.max() >= n):
        raise ValueError(
            f"{name} must be row numbers of {of}, in [0, {n - 1}]. Got {numbers.min()} to {numbers.max()}."
        )
    return numbers.astype(np.int64)
