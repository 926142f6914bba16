"""One weight per class: from counts, or from what the user names."""

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import Labels
from fastsmote._core.weights import completed, to_unit


def scheme_weights(labels: Labels, scheme: Any, beta: Any, given: np.ndarray | None) -> NDArray[np.float64]:
    """Weights of shape (n_classes,) by ``class_weights``' ``scheme``; ``given`` are checked row weights."""
    classes = labels.classes.tolist()
    if isinstance(scheme, Mapping):
        return completed(scheme, classes, "scheme")
    if not isinstance(scheme, str) or scheme not in ("balanced", "effective"):
        error = ValueError if isinstance(scheme, str) else TypeError
        raise error(f'scheme must be "balanced", "effective" or a mapping of labels. Got {scheme!r}.')
    unit, exponent = (None, 0) if given is None else to_unit(given)
    counts = np.bincount(labels.codes, unit, len(classes)).astype(np.float64)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):  # refused below
        if scheme == "balanced":
            weights = counts.sum() / (len(classes) * counts)
        else:
            weights = _rarities(np.ldexp(counts, exponent), beta)
            weights /= weights.max()  # so that their sum is finite
            weights *= len(classes) / weights.sum()
    if not np.isfinite(weights).all():
        _refuse(labels, int(counts.argmin()), given)
    return weights


def _refuse(labels: Labels, least: int, given: Any) -> NoReturn:
    label = labels.classes.tolist()[least]
    heaviest = given[labels.codes == least].max()
    if heaviest == 0:
        raise ValueError(
            f"sample_weight must be positive in some row of each class. Got 0 in all {labels.counts[least]} "
            f"rows of class {label!r}; drop these rows."
        )
    raise ValueError(
        f"sample_weight must not be so small in a whole class that its weight overflows. Got at most "
        f"{heaviest} in class {label!r}, and {given.max()} in all rows; drop these rows, or scale the "
        "weights to about 1."
    )


def _rarities(counts: NDArray[np.float64], beta: Any) -> NDArray[np.float64]:
    """(1 - beta) / (1 - beta ** count), without cancellation where beta ** count is near 1."""
    if not isinstance(beta, Real) or isinstance(beta, bool) or not 0 <= float(beta) < 1:
        raise ValueError(
            f'beta must be a number at least 0 and below 1. Got {beta!r}; scheme="balanced" is its limit.'
        )
    beta = float(beta)
    if beta == 0:
        return np.where(counts > 0, 1.0, np.inf)
    return (1 - beta) / -np.expm1(counts * math.log(beta))
