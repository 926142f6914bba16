"""Random over-sampling: rows that are repeated, with noise on top where it is asked for."""

import numbers
from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.labels import shown
from fastsmote._sampling.apply import OverSampling
from fastsmote._sampling.over.draft import Draft
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.records import Smoothing
from fastsmote._sampling.over.request import Options, Request, read_row_request


def plan_random(X: Any, y: Any, *, shrinkage: Any, **options: Unpack[Options]) -> OverSampling:
    """The decision of :func:`fastsmote.random_over_sample`."""
    request = read_row_request(X, y, as_numbers=shrinkage is not None, **options)
    return OverSampling(request, decide_random(request, shrinkage))


def _check_shrinkage(shrinkage: Any, request: Request) -> NDArray[np.float64] | None:
    """Shrinkage per class from a number or a mapping."""
    if shrinkage is None:
        return None
    classes = request.labels.classes.tolist()
    if isinstance(shrinkage, Mapping):
        missing = [
            classes[code] for code in np.flatnonzero(request.targets) if classes[code] not in shrinkage
        ]
        if missing:
            raise ValueError(
                "shrinkage as a mapping must have a factor for each class that gets new rows. "
                f"Missing: {missing}. Add them, or give one number for all."
            )
        unknown = [label for label in shrinkage if label not in classes]
        if unknown:
            raise ValueError(f"shrinkage must name classes of y, {shown(classes)}. Got {unknown}.")
        values = [shrinkage.get(label, 0.0) for label in classes]
    else:
        values = [shrinkage] * len(classes)
    if not all(isinstance(value, numbers.Real) and not isinstance(value, bool) for value in values):
        raise TypeError(
            f"shrinkage must be None, a number or a mapping of label to number. Got {shrinkage!r}."
        )
    factors = np.array(values, dtype=np.float64)
    if not (factors >= 0).all() or not np.isfinite(factors).all():
        raise ValueError(
            f"shrinkage must be finite and not negative. Got {shrinkage!r}; 0 repeats rows exactly."
        )
    return factors


def decide_random(request: Request, shrinkage: Any) -> SyntheticPlan:
    """Rows drawn with replacement; noise when ``shrinkage`` is given."""
    draft, labels = Draft(request), request.labels
    factors = _check_shrinkage(shrinkage, request)
    if factors is None:
        return draft_repeated(draft)
    _draw_repeated(draft)
    n, d = request.matrix.shape
    n_classes = len(labels.classes)
    deviation = np.zeros((n_classes, d))
    constant = (4 / ((d + 2) * n)) ** (1 / (d + 4))
    for code, rows, _ in draft.classes():
        with np.errstate(over="ignore"):
            deviation[code] = factors[code] * constant * _deviations(request.matrix[rows])
    np.minimum(deviation, np.finfo(np.float64).max, out=deviation)
    group = np.repeat(np.arange(n_classes), request.targets)
    first = np.cumsum(request.targets) - request.targets
    streams = np.arange(n_classes, dtype=np.uint64)
    return draft.finish(
        smoothing=Smoothing(np.full(n_classes, request.seed), streams, group, first, deviation)
    )


def draft_repeated(draft: Draft) -> SyntheticPlan:
    """The plan of all or some new rows, each of which repeats a row."""
    _draw_repeated(draft)
    return draft.finish()


def _draw_repeated(draft: Draft) -> None:
    for code, rows, new in draft.classes():
        draft.draw_rows(code, new, rows)
    draft.neighbor[:] = draft.base


def _deviations(rows: NDArray[Any]) -> NDArray[np.float64]:
    """Standard deviation per column, scaled on the way so that squares neither overflow nor vanish."""
    exponents = np.frexp(np.abs(rows).max(axis=0).astype(np.float64))[1]
    return np.ldexp(np.ldexp(rows.astype(np.float64), -exponents).std(axis=0), exponents)
