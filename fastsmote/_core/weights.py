"""``sample_weight``: of metrics, read and checked in steps that callers can share; of over-samplers.

Weights are float64 below. ``finite_weights`` is the one place that says which are allowed: none negative,
NaN or infinite, and integers only as far as their sum is exact.
"""

import math
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_number
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import shown
from fastsmote._core.scores import check_finite, read_column

_MOST_SUM = 2**53  # float64 holds every integer up to here


def check_weight(sample_weight: Any, n: int) -> NDArray[np.float64] | None:
    """One finite weight per row, none negative; their sum is whatever it is (:func:`to_unit`)."""
    if sample_weight is None:
        return None
    weights = some_weight(finite_weights(read_column(sample_weight, "sample_weight")))
    if len(weights) != n:
        raise ValueError(f"sample_weight must hold one weight per row of X, {n}. Got {len(weights)}.")
    return weights


def to_unit(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Weights times a power of two, so that the largest is in [0.5, 1), and its exponent: sums are finite."""
    exponent = int(np.frexp(weights.max(initial=0.0))[1])
    return np.ldexp(weights, -exponent), exponent


def check_weights(sample_weight: Any) -> NDArray[np.float64] | None:
    """What the user gave as weights that can be counted, or None."""
    return None if sample_weight is None else countable(read_column(sample_weight, "sample_weight"))


def countable(column: NDArray[Any]) -> NDArray[np.float64]:
    """A column that was read before as contiguous float64, some of it not 0, with a finite sum."""
    weights = some_weight(finite_weights(column))
    if float(weights.max()) * len(weights) == math.inf:
        with np.errstate(over="ignore"):
            total = weights.sum()
        if total == math.inf:
            raise ValueError(
                "sample_weight must add up to a finite number. Got a sum beyond float64; scale all weights "
                "alike."
            )
    return weights


def finite_weights(column: NDArray[Any]) -> NDArray[np.float64]:
    """A column that was read before as contiguous finite float64, none negative."""
    if column.dtype.kind == "O" and all(isinstance(weight, Integral) for weight in column):
        _raise_inexact(sum(column))  # Python's integers have no end
    if column.dtype.kind not in "biuf":
        raise ValueError(f"sample_weight must hold real numbers. Got {column.dtype}.")
    if column.dtype.kind in "iu":
        _check_exact(column)
    weights = np.ascontiguousarray(column, np.float64)
    check_finite(weights, "sample_weight")
    if weights.min() < 0:
        row = int(np.argmax(weights < 0))
        raise ValueError(f"sample_weight must not be negative. Got {column[row].item()} in row {row}.")
    return freeze(weights)


def _check_exact(integers: NDArray[Any]) -> None:
    """ValueError for integers of which float64 does not hold every sum."""
    most = int(integers.max())
    if most * len(integers) <= _MOST_SUM:
        return
    total = float(integers.sum(dtype=np.float64))
    # near the limit int64 holds the sum, and knows it exactly
    near = most <= _MOST_SUM and total < 2 * _MOST_SUM
    if not near or int(integers.sum(dtype=np.int64)) > _MOST_SUM:
        _raise_inexact(total)


def _raise_inexact(total: float) -> NoReturn:
    raise ValueError(
        "Integers in sample_weight must add up to at most 2**53, as far as float64 is exact. Got a sum of "
        f"about {total:.6g}; use a larger unit, or pass floats, whose sums are rounded."
    )


def some_weight(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights, unless all are 0."""
    if not weights.any():
        raise ValueError("Sample weights must contain at least one non-zero number.")
    return weights


def completed(weights: Mapping[Any, Any], classes: Sequence[Any], name: str) -> NDArray[np.float64]:
    """Weights of ``classes`` from a mapping of labels, 1 where it has none: scikit-learn's rule.

    A mapping may name labels that are not among the classes, unless some class is left out: then it is more
    likely that a label is misspelt.
    """
    missing = [label for label in classes if label not in weights]
    unknown = [label for label in weights if label not in classes]
    if missing and unknown:
        raise ValueError(
            f"{name} must name labels of y, which has {shown(list(classes))}. Got a weight for "
            f"{shown(unknown)} and none for {shown(missing)}."
        )
    return np.array([check_number(weights[c], f"{name}[{c!r}]") if c in weights else 1.0 for c in classes])
