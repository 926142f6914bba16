"""Labels to int64 codes: what the user calls the classes, as column numbers of everything that counts."""

import numbers
from typing import Any, NamedTuple, NoReturn

import narwhals as nw
import numpy as np

from fastsmote._core.containers import Kind, in_numpy, plain_array
from fastsmote._core.tables import Table
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Mask, RowIds
from fastsmote._core.values import is_missing_or_nan
from fastsmote._core.warn import warn_user

_FEW_CODES = 4  # a pass for each: of a million codes of two classes 0.6 ms to count, 1.4 ms to list the rows
_BLOCK = 1 << 15  # labels that are looked at together, in cache
_BLOCKWISE = 64  # codes that each block counts by itself; more are counted at once
_FEW_ROWS = 1024  # that one pass counts sooner than many


class Labels(NamedTuple):
    """The labels of ``n`` rows as codes into the sorted ``classes``."""

    codes: np.ndarray
    classes: np.ndarray
    counts: np.ndarray

    def counts_of(self, rows: RowIds | Mask) -> RowIds:
        """How many of some rows are of each class (n_classes,)."""
        n_codes = len(self.classes)
        if n_codes > _BLOCKWISE or len(rows) <= _BLOCK:
            return count_codes(self.codes[rows], n_codes)
        counts = np.zeros((split(len(rows), _BLOCK), n_codes), np.int64)

        def count(lo: int, hi: int) -> None:
            codes = self.codes[lo:hi] if rows.dtype == bool else self.codes
            counts[lo // _BLOCK] = count_codes(codes[rows[lo:hi]], n_codes)

        run_ranges(count, len(rows), _BLOCK)
        return counts.sum(axis=0)


def check_labels(
    y: Any,
    n_samples: int | None = None,
    *,
    name: str = "y",
    min_classes: int = 2,
    n_jobs: int | None = None,
) -> Labels:
    """``y`` as int64 codes into its sorted distinct labels, with their counts.

    Labels are integers, bools, floats with integral values, strings or categories (levels without rows are
    ignored), by position. A column vector (n, 1) is taken with a UserWarning; a one-hot indicator
    (n, n_classes >= 2) stands for its column numbers. O(n) time for strings and for integers of a limited
    range; O(n log n_classes) otherwise.

    Raises
    ------
    ValueError
        No rows, another length than ``n_samples``, missing values, continuous or otherwise unknown labels,
        multilabel or multioutput targets, fewer than ``min_classes`` classes.
    TypeError
        Labels of bytes, strings mixed with numbers, sparse and masked targets, np.matrix.
    """
    values = _label_values(y if isinstance(y, Table) else Table(y, name), name)
    if n_samples is not None and len(values) != n_samples:
        raise ValueError(
            f"X and {name} have inconsistent numbers of samples: {n_samples} and {len(values)}. "
            f"Pass one label per row of X."
        )
    if len(values) == 0:
        raise ValueError(f"{name} must have at least one label. Got 0 sample(s).")
    labels = _encode(values, name, n_jobs)
    require_classes(labels, min_classes, name)
    return labels


def require_classes(labels: Labels, min_classes: int, name: str) -> None:
    """ValueError where there are fewer classes."""
    n_classes = len(labels.classes)
    if n_classes < min_classes:
        found = ", ".join(
            f"{c!r} with {n} samples" for c, n in zip(labels.classes.tolist(), labels.counts, strict=True)
        )
        raise ValueError(
            f"The target {name!r} needs to have at least {min_classes} classes. Got {n_classes} class "
            f"instead: {found}. Pass data that holds rows of every class."
        )


def _label_values(table: Table, name: str) -> np.ndarray:
    """The labels as a one-dimensional array, one-hot rows as column numbers."""
    y = table.given
    if table.is_sparse:
        raise TypeError(
            f"{name} must be dense. Got a SciPy sparse matrix of shape {y.shape}; pass {name}.toarray()."
        )
    if table.is_frame:
        arrays = [_series_values(column, name) for column in table.series_by_column]
        values = np.column_stack(arrays) if arrays else np.empty((len(y), 0))
    else:
        column = table.series
        values = plain_array(y, name) if column is None else _series_values(column, name)
    if values.ndim == 1 and values.dtype.kind in "US" and table.kind is Kind.LIST:
        values = np.empty(len(y), object)  # NumPy would have made strings of numbers
        values[:] = y
    if values.ndim == 2 and values.shape[1] == 1:
        warn_user(
            f"A column vector {name} of shape {values.shape} was passed when a 1d array was expected; "
            f"{name}.ravel() avoids this warning."
        )
        return values[:, 0]
    if values.ndim == 2 and values.shape[1] >= 2:
        return _one_hot_codes(values, name)
    if values.ndim != 1:
        raise ValueError(
            f"{name} must be of shape (n_samples,). Got {type(y).__name__} of shape {values.shape}."
        )
    return values


def _series_values(column: nw.Series, name: str) -> np.ndarray:
    if column.null_count():
        _raise_missing(name, int(np.flatnonzero(column.is_null().to_numpy())[0]))
    return in_numpy(column).to_numpy()


def _one_hot_codes(values: np.ndarray, name: str) -> np.ndarray:
    if values.dtype.kind in "biuf":
        codes = values.argmax(axis=1)
        largest = values[np.arange(len(values)), codes]
        if values.size and values.min() == 0 and np.all(largest == 1) and np.all(values.sum(axis=1) == 1):
            return codes
    raise ValueError(
        f"Multilabel and multioutput targets are not supported. {name} must be of shape (n_samples,), or a "
        f"one-hot indicator with a single 1 in each row. Got shape {values.shape} and type {values.dtype}."
    )


def _raise_missing(name: str, row: int) -> NoReturn:
    raise ValueError(
        f"Input {name} contains NaN (a missing label) at row {row}. Drop the rows without a label."
    )


def _raise_unknown(name: str, kind: str, example: object) -> NoReturn:
    raise ValueError(
        f"Unknown label type: {kind!r}. {name} must hold classes (integers, bools or strings). "
        f"Got {example!r}; bin or encode the target."
    )


def _raise_bytes(name: str) -> NoReturn:
    raise TypeError(
        f"Support for labels represented as bytes is not supported. Decode {name} to str or integers."
    )


def _encode(values: np.ndarray, name: str, n_jobs: int | None) -> Labels:
    kind = values.dtype.kind
    if kind in "UTO":
        return _encode_objects(values, name)
    if kind == "S":
        _raise_bytes(name)
    if kind not in "biuf":
        _raise_unknown(name, str(values.dtype), values[0])
    if kind == "f":
        finite = np.isfinite(values)
        if not finite.all():
            row = int(np.argmin(finite))
            if np.isnan(values[row]):
                _raise_missing(name, row)
            _raise_unknown(name, "continuous", float(values[row]))
        fractional = values != np.trunc(values)
        if fractional.any():
            _raise_unknown(name, "continuous", float(values[np.argmax(fractional)]))
    return _encode_numbers(values, n_jobs)


def _encode_numbers(values: np.ndarray, n_jobs: int | None) -> Labels:
    low, high = _range_of(values, n_jobs)
    if high - low < max(4096, len(values)) and -(2**53) < low <= high < 2**53:
        offsets, table = _offsets(values, low, high - low + 1, n_jobs)
        present = table.nonzero()[0]
        if len(present) < len(table):
            lookup = np.empty(len(table), np.int64)
            lookup[present] = np.arange(len(present))

            def look_up(lo: int, hi: int) -> None:
                offsets[lo:hi] = lookup[offsets[lo:hi]]

            run_ranges(look_up, len(offsets), _BLOCK, n_jobs=n_jobs)
        classes = (present + low if low else present).astype(values.dtype.newbyteorder("="), copy=False)
        return Labels(offsets, classes, table[present])
    classes = np.unique(values)
    codes = np.searchsorted(classes, values)
    return Labels(codes, classes, np.bincount(codes))


def _range_of(values: np.ndarray, n_jobs: int | None) -> tuple[int, int]:
    """The smallest and the largest label."""
    if len(values) <= _BLOCK:
        return int(np.minimum.reduce(values)), int(np.maximum.reduce(values))
    lows, highs = np.empty((2, split(len(values), _BLOCK)), values.dtype)

    def look(lo: int, hi: int) -> None:
        part = values[lo:hi]
        lows[lo // _BLOCK], highs[lo // _BLOCK] = part.min(), part.max()

    run_ranges(look, len(values), _BLOCK, n_jobs=n_jobs)
    return int(lows.min()), int(highs.max())


def _offsets(values: np.ndarray, low: int, n_codes: int, n_jobs: int | None) -> tuple[RowIds, RowIds]:
    """How far each label is above the lowest one, and how often each of these numbers occurs."""
    if len(values) <= _BLOCK:
        offsets = values.astype(np.int64)
        if low:
            offsets -= low
        return offsets, count_codes(offsets, n_codes)
    offsets = np.empty(len(values), np.int64)
    counts = np.zeros((split(len(values), _BLOCK), n_codes if n_codes <= _BLOCKWISE else 0), np.int64)

    def put(lo: int, hi: int) -> None:
        part = offsets[lo:hi]
        part[:] = values[lo:hi]
        part -= low
        if n_codes <= _BLOCKWISE:
            counts[lo // _BLOCK] = count_codes(part, n_codes)

    run_ranges(put, len(values), _BLOCK, n_jobs=n_jobs)
    return offsets, counts.sum(axis=0) if n_codes <= _BLOCKWISE else count_codes(offsets, n_codes)


def _encode_objects(values: np.ndarray, name: str) -> Labels:
    """Labels that are Python objects, through a dict: no sort of n objects."""
    items = values.tolist()
    try:
        distinct = list(dict.fromkeys(items))
    except TypeError:
        _raise_unknown(name, "unknown", items[0])
    for label in distinct:
        if is_missing_or_nan(label):
            _raise_missing(name, next(i for i, item in enumerate(items) if item is label))
        if isinstance(label, bytes):
            _raise_bytes(name)
        if not isinstance(label, str | numbers.Real | np.bool_):
            _raise_unknown(name, "unknown", label)
    text = next((label for label in distinct if isinstance(label, str)), None)
    for label in distinct:
        if isinstance(label, str):
            continue
        if text is not None:
            raise TypeError(
                f"{name} must hold labels of one kind. Got strings and numbers, e.g. {text!r} and {label!r}; "
                "convert all of them to str."
            )
        if not isinstance(label, numbers.Integral | np.bool_) and not float(label).is_integer():
            _raise_unknown(name, "continuous", label)
    distinct.sort()
    code_of = {label: code for code, label in enumerate(distinct)}
    codes = np.fromiter(map(code_of.__getitem__, items), np.int64, len(items))
    classes = np.empty(len(distinct), values.dtype)
    classes[:] = distinct
    return Labels(codes, classes, np.bincount(codes))


def count_codes(codes: RowIds, n_codes: int) -> RowIds:
    """How often each code occurs (n_codes,)."""
    if n_codes > _FEW_CODES or len(codes) <= _FEW_ROWS:
        return np.bincount(codes, minlength=n_codes)
    return np.array([np.count_nonzero(codes == code) for code in range(n_codes)], np.int64)


def rows_by_code(codes: RowIds, n_codes: int, n_jobs: int | None = None) -> list[RowIds]:
    """The places of each code, ascending."""
    if n_codes <= _FEW_CODES:
        return _places(codes, range(n_codes), n_jobs)
    keys = codes.astype(np.uint16) if n_codes <= 2**16 else codes  # numpy sorts 16 bits by radix
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.cumsum(count_codes(codes, n_codes))[:-1])


def rows_of(codes: RowIds | Mask, code: int, n_jobs: int | None = None) -> RowIds:
    """The places of one code, ascending; with code 1 those where a mask is true."""
    return _places(codes, range(code, code + 1), n_jobs)[0]


def _places(codes: RowIds | Mask, wanted: range, n_jobs: int | None) -> list[RowIds]:
    """The places of some codes: each block counts them, and then knows where to write its own."""
    n_blocks = split(len(codes), _BLOCK)
    if n_blocks <= 1:
        return [(codes == code).nonzero()[0] for code in wanted]
    counts = np.zeros((len(wanted), n_blocks + 1), np.int64)

    def count(lo: int, hi: int) -> None:
        part = codes[lo:hi]
        counts[:, lo // _BLOCK + 1] = [np.count_nonzero(part == code) for code in wanted]

    run_ranges(count, len(codes), _BLOCK, n_jobs=n_jobs)
    starts = np.cumsum(counts, axis=1)
    places = [np.empty(n, np.int64) for n in starts[:, -1].tolist()]

    def list_places(lo: int, hi: int) -> None:
        part, block = codes[lo:hi], lo // _BLOCK
        for code, own, ends in zip(wanted, places, starts, strict=True):
            np.add(np.flatnonzero(part == code), lo, out=own[ends[block] : ends[block + 1]])

    run_ranges(list_places, len(codes), _BLOCK, n_jobs=n_jobs)
    return places


def first_of_each(codes: RowIds, n_codes: int) -> RowIds:
    """The first row of each code (n_codes,), -1 of one without rows."""
    first = np.full(n_codes, -1)
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # of several, the last that is written stays
    return first


def shown(classes: list[Any]) -> str:
    return repr(classes) if len(classes) <= 10 else f"{classes[:10]!r} and {len(classes) - 10} more"
