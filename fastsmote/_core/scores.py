"""Checks of y_true, y_score and sample_weight: from what users have to arrays that kernels read.

Scores stay as they are where they are float32 or float64 (only viewed as integers); other numbers
become float32 (float16) or int64. Labels become one byte a row.
"""

from decimal import Decimal
from math import isnan
from numbers import Real
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import working_dtype
from fastsmote._core.containers import Container
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import shown
from fastsmote._core.tables import frame_columns
from fastsmote._core.threads import even_size, run_blocks, split
from fastsmote._core.values import MISSING_TYPES

BLOCK = 1 << 17  # rows per block: 1 MiB of float64, so that several passes over a block stay in L2
_LABEL_KINDS = "biufOUT"
_LABELS = ("y_true", "y_pred", "labels", "positives")  # classes: no Decimals, as in samplers


class Scores(NamedTuple):
    """Scores as the kernels read them; see ``_kernels/metrics/sweep.py`` for ``flip`` and ``minus_zero``."""

    bits: np.ndarray  # (n,) int32 or int64
    flip: int
    minus_zero: int
    dtype: np.dtype  # of the user's scores

    def values(self, bits: np.ndarray) -> np.ndarray:
        """Scores of the user's dtype from bits (the bits themselves may be reused)."""
        if self.dtype == np.uint64:
            return (bits ^ np.int64(-(2**63))).view(np.uint64)
        if self.flip:
            bits = bits.view(f"f{bits.itemsize}")
        return bits.astype(self.dtype, copy=False)


class Binary(NamedTuple):
    """Labels of at most two classes: ``is_second[i]`` is y[i] != classes[0], in order of appearance."""

    is_second: np.ndarray  # (n,) bool
    classes: list
    n_second: int


def read_column(values: Any, name: str) -> np.ndarray:
    """One-dimensional array of ``values``; a single column counts as one dimension."""
    return one_column(read_columns(values, name), name)


def one_column(array: np.ndarray, name: str) -> np.ndarray:
    """The array, unless it has several columns."""
    if array.ndim != 1:
        raise ValueError(
            f"{name} must have shape (n_samples,). Got an array of shape {array.shape}; pass one column."
        )
    return array


def read_columns(values: Any, name: str) -> np.ndarray:
    """Array of ``values`` with one or two dimensions; a single column counts as one dimension."""
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(
            f"{name} must be an array without a mask. Got a masked array; use `.filled()` or drop rows."
        )
    if isinstance(values, (str, bytes)):
        raise ValueError(f"{name} must be array-like. Got {values!r}.")
    values = Container(values, name).given
    if not (hasattr(values, "__array__") or hasattr(values, "__len__")):
        raise ValueError(f"{name} must be array-like. Got {values!r}.")
    array = _as_array(values, name)
    if array.ndim not in (1, 2):
        raise ValueError(f"{name} must have one or two dimensions. Got an array of shape {array.shape}.")
    if not len(array):
        raise ValueError(f"Found empty input: {name} must have a minimum of 1 sample. Got 0.")
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def read_models(y_score: Any) -> dict[str, np.ndarray]:
    """Scores of one model or of several by what errors call them; those of a frame keep their dtypes."""
    frame = frame_columns(y_score)
    if frame is not None and len({series.name for series in frame}) == len(frame) > 1:
        return {f"y_score[{s.name!r}]": read_column(s.to_native(), f"y_score[{s.name!r}]") for s in frame}
    scores = read_columns(y_score, "y_score")
    if scores.ndim == 1:
        return {"y_score": scores}
    if not scores.shape[1]:
        raise ValueError(f"y_score must have a column per model. Got shape {scores.shape}.")
    return {f"y_score[:, {j}]": column for j, column in enumerate(scores.T)}


def _as_array(values: Any, name: str) -> np.ndarray:
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be a regular array. Got rows of different lengths.") from error
    if array.dtype.kind == "U" and not hasattr(values, "dtype"):
        # a list that mixes strings and numbers would become all strings
        array = np.asarray(values, dtype=object)
    if array.dtype.kind == "O":
        array = _plain(array, name)
    return array


def _plain(array: np.ndarray, name: str) -> np.ndarray:
    """Object array of numbers as numbers; of strings as it is; anything else is refused."""
    kinds = set(map(type, array.ravel().tolist()))
    if not kinds or kinds == {str}:
        return array
    if any(k.__name__ in MISSING_TYPES for k in kinds) or (
        float in kinds and any(isnan(v) for v in array.ravel().tolist() if type(v) is float)
    ):
        raise ValueError(f"{name} contains NaN or missing values. Drop or fill these rows.")
    if bytes in kinds:
        _raise_bytes(name)
    has_decimals = Decimal in kinds and name not in _LABELS
    if all(issubclass(k, (Real, np.bool_)) or (has_decimals and k is Decimal) for k in kinds):
        try:
            return array.astype(np.float64) if has_decimals else np.array(array.tolist())
        except (OverflowError, ValueError, TypeError) as error:
            raise ValueError(f"{name} holds numbers that fit no array dtype.") from error
    names = ", ".join(sorted(k.__name__ for k in kinds))
    raise ValueError(
        f"{name}: unknown format is not supported. All values must be numbers or all strings. Got {names}."
    )


def check_lengths(**arrays: np.ndarray | None) -> None:
    """ValueError unless all arrays that are given have one length."""
    lengths = {name: len(array) for name, array in arrays.items() if array is not None}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: {lengths}.")


def check_scores(y_score: np.ndarray, name: str = "y_score") -> Scores:
    """Scores of a 1-D array; ValueError for NaN, infinity, and what is no real number."""
    dtype = y_score.dtype
    kind = dtype.kind
    if kind == "c":
        raise ValueError(f"Complex data not supported: {name} must hold real numbers. Got {dtype}.")
    if kind not in "biuf" or dtype.itemsize > 8:
        raise ValueError(f"{name} must hold float16, float32, float64, integer or bool scores. Got {dtype}.")
    if kind != "f":
        bits = y_score.astype(np.uint64).view(np.int64) if kind == "u" else y_score
        if dtype.itemsize == 8 and kind == "u":
            bits = bits ^ np.int64(-(2**63))
        return Scores(freeze(np.ascontiguousarray(bits, np.int64)), 0, 0, dtype.newbyteorder("="))
    values = np.ascontiguousarray(y_score, working_dtype(dtype))
    check_finite(values, name)
    return finite_scores(values.view(np.int64 if values.itemsize == 8 else np.int32), dtype.newbyteorder("="))


def finite_scores(bits: NDArray[Any], dtype: np.dtype) -> Scores:
    """Scores from the bits of floats that were found to be finite."""
    info = np.iinfo(bits.dtype)
    return Scores(freeze(bits), int(info.max), int(info.min), dtype)


def check_finite(values: np.ndarray, name: str) -> None:
    """ValueError that names the first row with NaN or infinity."""
    size = even_size(len(values), BLOCK)
    n_blocks = split(len(values), size)
    finite = np.ones(n_blocks, bool)

    def body(block: int) -> None:
        finite[block] = np.isfinite(values[block * size : (block + 1) * size]).all()

    run_blocks(body, n_blocks)
    if not finite.all():
        row = int(np.argwhere(~np.isfinite(values))[0, 0])
        what = "NaN" if np.isnan(values[row]).any() else "infinity"
        raise ValueError(f"Input {name} contains {what} (row {row}). Drop these rows or replace the values.")


def check_binary(y_true: np.ndarray, pos_label: Any) -> Binary:
    """Which of at most two classes each row has; of more, with a ``pos_label``, that class and the rest."""
    labels = two_classes(y_true)
    if labels is not None:
        return labels
    kind = label_kind(y_true)
    if kind != "multiclass" or pos_label is None:
        raise ValueError(
            f"{kind} format is not supported: y_true must have two classes, or more and a pos_label."
        )
    is_positive = y_true == pos_label
    others = y_true[~is_positive][:1].tolist()
    return Binary(is_positive, [*others, pos_label], int(np.count_nonzero(is_positive)))


def two_classes(y_true: np.ndarray) -> Binary | None:
    """Which of at most two classes each row has, None where y_true is not of at most two.

    One pass: rows unlike the first row must all be alike. Nothing is sorted.
    """
    refuse_bytes(y_true)
    if y_true.dtype.kind not in _LABEL_KINDS:
        return None
    is_second = np.empty(len(y_true), bool)
    first = y_true[0]
    size = even_size(len(y_true), BLOCK)
    n_blocks = split(len(y_true), size)
    others: list = [None] * n_blocks
    n_second = np.zeros(n_blocks, np.int64)
    n_alike = np.zeros(n_blocks, np.int64)

    def body(block: int) -> None:
        labels = y_true[block * size : (block + 1) * size]
        differs = is_second[block * size : (block + 1) * size]
        differs[:] = labels != first
        n_second[block] = np.count_nonzero(differs)
        if n_second[block]:
            others[block] = labels[differs.argmax()]
            n_alike[block] = np.count_nonzero(labels == others[block])

    run_blocks(body, n_blocks)
    found = [other for other, n in zip(others, n_second, strict=True) if n]
    classes = [first, *found[:1]]
    if (n_alike != n_second).any() or any(other != found[0] for other in found) or _not_labels(classes):
        return None
    return Binary(is_second, [c.item() if hasattr(c, "item") else c for c in classes], int(n_second.sum()))


def _not_labels(classes: list) -> bool:
    return any(isinstance(c, np.inexact) and (not np.isfinite(c) or c != int(c.real)) for c in classes)


def refuse_bytes(y_true: np.ndarray) -> None:
    if y_true.dtype.kind == "S":
        _raise_bytes("y_true")


def _raise_bytes(name: str) -> NoReturn:
    raise TypeError(
        f"{name} holds bytes: support for labels represented as bytes is not supported. "
        "Decode them to strings or use integers."
    )


def label_kind(y_true: np.ndarray) -> str:
    """scikit-learn's name for a kind of labels: "binary", "multiclass", "multilabel-indicator", ..."""
    refuse_bytes(y_true)
    kind = y_true.dtype.kind
    if kind not in _LABEL_KINDS or y_true.ndim not in (1, 2):
        return "unknown"
    suffix = "-multioutput" if y_true.ndim == 2 and y_true.shape[1] > 1 else ""
    if kind == "f":
        if not np.isfinite(y_true).all():
            raise ValueError("Input y_true contains NaN or infinity. Drop these rows or relabel them.")
        if (y_true != np.trunc(y_true)).any():
            return "continuous" + suffix
    n_classes = len(np.unique(y_true))
    if suffix:
        return "multilabel-indicator" if n_classes < 3 and kind in "biuf" else "multiclass-multioutput"
    return "binary" if n_classes < 3 else "multiclass"


def infer_pos_label(classes: list, pos_label: Any) -> Any:
    """``pos_label``, or 1 where the classes are within {0, 1} or {-1, 1}."""
    if pos_label is None:
        numbers = [c for c in classes if not isinstance(c, str)]
        if len(numbers) < len(classes) or not (set(numbers) <= {0, 1} or set(numbers) <= {-1, 1}):
            shown = ", ".join(sorted(map(repr, classes)))
            raise ValueError(
                f"y_true takes value in {{{shown}}} and pos_label is not specified: either make y_true "
                "take value in {0, 1} or {-1, 1} or pass pos_label explicitly."
            )
        return 1
    if not isinstance(pos_label, (Real, str, np.bool_)):
        raise ValueError(f"pos_label must be a number, a string, a bool or None. Got {pos_label!r}.")
    return pos_label


def positives(labels: Binary, pos_label: Any) -> tuple[NDArray[np.uint8], int]:
    """One byte a row, 1 where positive, and the number of positives (0 for an absent label).

    The bytes may be those of the labels: they are read, never written to.
    """
    n = len(labels.is_second)
    if labels.classes[0] == pos_label:
        return np.logical_not(labels.is_second).view(np.uint8), n - labels.n_second
    if len(labels.classes) == 2 and labels.classes[1] == pos_label:
        return labels.is_second.view(np.uint8), labels.n_second
    return np.zeros(n, np.uint8), 0


def check_occurs(y_true: np.ndarray, pos_label: Any) -> None:
    """Called where no row is positive: ValueError unless all rows have one label."""
    found = two_classes(y_true)
    if found is None or len(found.classes) == 2:
        raise ValueError(
            f"pos_label={pos_label!r} is not a valid label. It should be one of "
            f"{shown(np.unique(y_true).tolist())}."
        )
