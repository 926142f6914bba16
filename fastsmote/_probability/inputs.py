"""What users pass, as arrays that kernels read: tables of probabilities or scores, and rows with outcomes."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core import scores
from fastsmote._core.check import working_dtype
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import Labels, check_labels, shown
from fastsmote._core.rows import BinaryRows, check_range, encode_rows
from fastsmote._core.threads import run_blocks, split
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._core.warn import warn_user
from fastsmote._core.weights import check_weights, some_weight

SUM_TOLERANCE = 1e-3  # of the sum of a row of probabilities, which may come as float16
_BLOCK = 1 << 17  # probabilities, or rows of them, that one call looks at


def read_numbers(values: Any, name: str) -> Matrix:
    """Probabilities or scores, (n,) or (n, n_classes), as float32 or float64; not yet their values."""
    numbers = scores.read_columns(values, name)
    if numbers.dtype.kind not in "biuf" or numbers.dtype.itemsize > 8:
        raise ValueError(f"{name} must hold numbers as float64 or narrower. Got {numbers.dtype}.")
    if numbers.ndim == 2 and numbers.shape[1] < 2:
        raise ValueError(
            f"{name} must have one column per class, or be one column. Got shape {numbers.shape}."
        )
    return np.ascontiguousarray(numbers, working_dtype(numbers.dtype))


def finite_numbers(values: NDArray[Any], name: str) -> Floats:
    """An array that was read, of finite numbers, as float64."""
    scores.check_scores(values.reshape(-1), name)
    return np.ascontiguousarray(values, np.float64)


def read_probabilities(y_prob: Any) -> Matrix:
    """``y_prob`` as numbers in [0, 1]; ValueError that names a wrong row."""
    values = read_numbers(y_prob, "y_prob")
    n_blocks = split(len(values), _BLOCK)
    inside = np.ones(n_blocks, bool)

    def body(block: int) -> None:
        part = values[block * _BLOCK : (block + 1) * _BLOCK]
        inside[block] = part.min() >= 0 and part.max() <= 1  # False for NaN

    run_blocks(body, n_blocks)
    if not inside.all():
        wrong = ~((values >= 0) & (values <= 1))
        place = np.argwhere(wrong)[0]
        raise ValueError(
            f"y_prob must hold probabilities in [0, 1]. Got {values[tuple(place)]} in row {place[0]}; "
            "pass scores through a calibrator first, and drop rows without a score."
        )
    return values


def read_probability(y_prob: Any) -> Matrix:
    """Probabilities (n,) of the positive class."""
    values = read_probabilities(y_prob)
    if values.ndim != 1:
        raise ValueError(
            f"y_prob must have shape (n_samples,), the positive class. Got {values.shape}; pass one column."
        )
    return values


def check_outcomes(
    y_true: Any,
    values: Matrix,
    pos_label: Any,
    sample_weight: Any,
    name: str = "y_prob",
    *,
    some: bool = True,
) -> BinaryRows:
    """Rows of one number each; with ``some``, at least one has weight, and of two labels one is positive.

    Only probabilities, which ``read_probabilities`` has looked at, are taken as they are.
    """
    outcomes = scores.read_column(y_true, "y_true")
    weights = None if sample_weight is None else scores.read_column(sample_weight, "sample_weight")
    scores.check_lengths(y_true=outcomes, **{name: values}, sample_weight=weights)
    rows = encode_rows(outcomes, values, pos_label, weights, known_finite=name == "y_prob")
    if some and rows.weights is not None:
        some_weight(rows.weights.view(np.float64))
    none = some and pos_label is not None and not np.bitwise_or.reduce(rows.codes) & 1  # no code is 1
    if none and not (outcomes == pos_label).any():  # nor would be but for its zero weight
        scores.check_occurs(outcomes, pos_label)
    return rows


def check_two_labels(y_true: Any, labels: Any, pos_label: Any) -> Any:
    """The positive one of two ``labels``, the greater, unless ``pos_label`` says which."""
    classes = np.unique(scores.read_column(labels, "labels")).tolist()
    if len(classes) != 2:
        raise ValueError(
            f"labels must hold the two labels of y_true beside one column of y_prob. Got {shown(classes)}."
        )
    found = check_labels(y_true, name="y_true", min_classes=1).classes.tolist()
    missing = [
        label for label in [*found, *([] if pos_label is None else [pos_label])] if label not in classes
    ]
    if missing:
        raise ValueError(
            f"labels must hold all of y_true, and pos_label. Got {classes!r} without {shown(missing)}."
        )
    return classes[1] if pos_label is None else pos_label


class ClassRows(NamedTuple):
    """Checked rows with one number per class."""

    values: Matrix  # (n, n_classes)
    codes: RowIds  # (n,) columns
    weights: Floats | None


def check_class_rows(y_true: Any, values: Matrix, labels: Any, sample_weight: Any, name: str) -> ClassRows:
    """Rows with a column of ``values`` for each label, in sorted order: ``labels`` must be sorted, too."""
    found = check_labels(y_true, name="y_true", min_classes=1)
    weights = check_weights(sample_weight)
    scores.check_lengths(**{"y_true": found.codes, name: values}, sample_weight=weights)
    if weights is not None:
        check_range(weights)
    classes = found.classes if labels is None else _sorted_labels(labels, name)
    if len(classes) != values.shape[1]:
        raise ValueError(
            f"{name} must have one column for each label. Got {values.shape[1]} columns and the "
            f"{len(classes)} labels {shown(classes.tolist())}; pass labels= if y_true lacks some."
        )
    codes = found.codes if labels is None else _codes_among(found, classes, labels)
    return ClassRows(freeze(values), freeze(codes), weights)


def _sorted_labels(labels: Any, name: str) -> NDArray[Any]:
    named = scores.read_column(labels, "labels")
    classes = np.unique(named)
    if not np.array_equal(named, classes):
        raise ValueError(
            f"labels must be sorted, each once, as the columns of {name} are. Got {named.tolist()}; pass "
            f"{classes.tolist()}, and the columns in that order."
        )
    return classes


def _codes_among(found: Labels, classes: NDArray[Any], labels: Any) -> RowIds:
    """Codes into ``classes`` instead of those that occur."""
    column_of = {label: column for column, label in enumerate(classes.tolist())}
    missing = [label for label in found.classes.tolist() if label not in column_of]
    if missing:
        raise ValueError(
            f"labels must hold every label of y_true. Got {shown(classes.tolist())} without {shown(missing)}."
        )
    return np.array([column_of[label] for label in found.classes.tolist()], np.int64)[found.codes]


def check_class_probabilities(y_true: Any, y_prob: Matrix, labels: Any, sample_weight: Any) -> ClassRows:
    """As ``check_class_rows``; a UserWarning where the probabilities of a row do not add up to 1.

    ``labels`` may have any order, as in scikit-learn, whose columns are always in sorted order.
    """
    if labels is not None:
        named = scores.read_column(labels, "labels")
        labels = np.unique(named)
        if not np.array_equal(named, labels):
            warn_user(
                "The columns of y_prob are taken in the sorted order of the labels. Got labels="
                f"{shown(named.tolist())}; pass {shown(labels.tolist())}, and the columns in that order."
            )
    rows = check_class_rows(y_true, y_prob, labels, sample_weight, "y_prob")
    tolerance = math.sqrt(np.finfo(y_prob.dtype).eps)
    off = np.abs(y_prob.sum(axis=1) - 1.0) > tolerance
    if off.any():
        row = int(off.argmax())
        warn_user(f"The rows of y_prob should add up to 1. Got {y_prob[row].sum()} in row {row}.")
    return rows


def class_totals(rows: BinaryRows) -> tuple[float, float]:
    """Weights of the negatives and of the positives; ValueError unless there are both."""
    if rows.weights is None:
        n_pos = int(np.count_nonzero(rows.codes))
        totals = (float(len(rows.codes) - n_pos), float(n_pos))
    else:
        weights = rows.weights.view(np.float64)
        totals = (float(weights[rows.codes == 0].sum()), float(weights[rows.codes == 1].sum()))
    neg, pos = totals
    if not neg or not pos:
        raise ValueError(
            "A calibrator needs rows of both classes in y_true, with weight. Got "
            f"{'no positive' if neg else 'no negative'} ones; pass pos_label, or rows of the other class."
        )
    return totals
