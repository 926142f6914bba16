"""Weights of classes, from counts or from what the user names, and of rows."""

import math
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from fastsmote._core.check import check_within
from fastsmote._core.labels import Labels, check_labels, rows_by_code
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats
from fastsmote._core.weights import check_weight, completed, to_unit

_ROWS = 1 << 17  # rows per block: codes and weights of a block, 2 MiB, stay in cache


def class_weights(y: Any, scheme: Any, beta: Any, sample_weight: Any) -> dict[Any, float]:
    labels = check_labels(y, min_classes=1)
    return weights_of_classes(labels, scheme, beta, check_weight(sample_weight, len(labels.codes)))


def weights_of_classes(labels: Labels, scheme: Any, beta: Any, given: Floats | None) -> dict[Any, float]:
    """The same of labels and weights that were read; without weights, counts are enough."""
    weights = _scheme_weights(labels, scheme, beta, given)
    return dict(zip(labels.classes.tolist(), weights.tolist(), strict=True))


def weighted_entropy(y: Any, class_weight: Any, base: Any, sample_weight: Any) -> float:
    """Each sum rounded once."""
    base = check_within(base, "base", "(1, inf)")
    labels = check_labels(y, min_classes=1)
    given = check_weight(sample_weight, len(labels.codes))
    if given is None:
        sizes = labels.counts.astype(np.float64).tolist()
    else:
        rows = rows_by_code(labels.codes, len(labels.classes))
        sizes = [math.fsum(to_unit(given)[0][part].tolist()) for part in rows]
    total = math.fsum(sizes)
    known = {} if class_weight is None else class_weight
    weights = completed(known, labels.classes.tolist(), "class_weight").tolist()
    shares = [size / total for size in sizes]
    terms = (w * p * math.log(p) for w, p in zip(weights, shares, strict=True) if p)
    return -math.fsum(terms) / math.log(base) + 0.0


def sample_weights(y: Any, scheme: Any, beta: Any, sample_weight: Any, n_jobs: int | None) -> Floats:
    labels = check_labels(y, min_classes=1)
    given = check_weight(sample_weight, len(labels.codes))
    weights = _scheme_weights(labels, scheme, beta, given)
    result = np.empty(len(labels.codes))

    def fill(lo: int, hi: int) -> None:
        part = result[lo:hi]
        weights.take(labels.codes[lo:hi], out=part, mode="clip")  # "raise" would copy through a buffer
        if given is not None:
            part *= given[lo:hi]

    run_ranges(fill, len(result), _ROWS, n_jobs=n_jobs)
    return result


def _scheme_weights(labels: Labels, scheme: Any, beta: Any, given: Floats | None) -> Floats:
    """Weights of shape (n_classes,) by ``class_weights``' ``scheme``; ``given`` are checked row weights."""
    classes = labels.classes.tolist()
    if isinstance(scheme, Mapping):
        return completed(scheme, classes, "scheme")
    if not isinstance(scheme, str) or scheme not in ("balanced", "effective"):
        error = ValueError if isinstance(scheme, str) else TypeError
        raise error(f'scheme must be "balanced", "effective" or a mapping of labels. Got {scheme!r}.')
    counts: Floats = labels.counts.astype(np.float64)
    exponent = 0
    if given is not None:
        unit, exponent = to_unit(given)
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


def _rarities(counts: Floats, beta: Any) -> Floats:
    """(1 - beta) / (1 - beta ** count), without cancellation where beta ** count is near 1."""
    beta = check_within(beta, "beta", "[0, 1)", '; scheme="balanced" is its limit')
    if beta == 0:
        return np.where(counts > 0, 1.0, np.inf)
    return (1 - beta) / -np.expm1(counts * math.log(beta))
