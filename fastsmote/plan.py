"""Over-sampling decisions: which rows a synthetic row is made of, before any row is made.

Every function here returns a :class:`SyntheticPlan`. Making the rows is :meth:`SyntheticPlan.rows` (some of
them), :meth:`SyntheticPlan.blocks` (one block after the other) or the function of the same name at top
level (all of them, behind the original rows, in the container that X came in).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote import _index
from fastsmote._check import (
    Labels,
    check_integer,
    check_labels,
    check_matrix,
    check_seed,
    check_table,
    check_X_y,
)
from fastsmote._kernels import interpolate as kernels
from fastsmote._synthetic import Smoothing, SyntheticPlan
from fastsmote._targets import over_targets
from fastsmote._threads import Progress, run_ranges

__all__ = ["SyntheticPlan", "adasyn", "random_over_sample", "smote"]

_DRAWS = 65536  # new rows per block when drawing


class _Draft:
    """Arrays of a plan while its classes are being decided, one after the other."""

    def __init__(self, labels: Labels, targets: NDArray[np.int64]) -> None:
        n_new = int(targets.sum())
        self.base = np.empty(n_new, np.int64)
        self.neighbor = np.empty(n_new, np.int64)
        self.gap = np.zeros(n_new)
        self._labels = labels
        self._targets = targets

    def classes(self) -> Iterator[tuple[np.uint64, NDArray[np.int64], slice]]:
        """Code, rows in X and place in the plan of each class that gets new rows."""
        stop = 0
        for code in np.flatnonzero(self._targets):
            start, stop = stop, stop + int(self._targets[code])
            yield np.uint64(code), np.flatnonzero(self._labels.codes == code), slice(start, stop)

    def finish(self, matrix: NDArray[Any] | None, smoothing: Smoothing | None = None) -> SyntheticPlan:
        label = np.repeat(self._labels.classes, self._targets)
        n, d = len(self._labels.codes), None if matrix is None else matrix.shape[1]
        return SyntheticPlan(self.base, self.neighbor, self.gap, label, n, d, smoothing)


def _require_class_size(labels: Labels, targets: NDArray[np.int64], k: int, name: str) -> None:
    for code in np.flatnonzero((targets > 0) & (labels.counts <= k)):
        count = int(labels.counts[code])
        smaller = f"set {name}={count - 1} or less, " if count > 1 else ""
        raise ValueError(
            f"{name}={k} needs at least {k + 1} rows of every class that gets new rows. Got class "
            f"{labels.classes.tolist()[code]!r} with {count} row{'s' * (count != 1)}: {smaller}"
            "leave the class out of sampling_strategy, or use random_over_sample for it."
        )


def _decide_random(
    labels: Labels,
    targets: NDArray[np.int64],
    matrix: NDArray[Any] | None,
    shrinkage: NDArray[np.float64] | None,
    seed: np.uint64,
    n_jobs: int | None,
) -> SyntheticPlan:
    """Rows drawn with replacement; noise when ``shrinkage`` (K,) is given."""
    draft = _Draft(labels, targets)
    for code, rows, new in draft.classes():
        base = draft.base[new]
        work = partial(kernels.draw_rows, seed, code, len(rows), base)
        run_ranges(work, len(base), _DRAWS, n_jobs=n_jobs)
        np.take(rows, base, out=base)
    draft.neighbor[:] = draft.base
    if shrinkage is None or matrix is None:
        return draft.finish(matrix)
    n, d = matrix.shape
    deviation = np.zeros((len(labels.classes), d))
    constant = (4 / ((d + 2) * n)) ** (1 / (d + 4))
    for code, rows, _ in draft.classes():
        deviation[code] = shrinkage[code] * constant * matrix[rows].std(axis=0, dtype=np.float64)
    group = np.repeat(np.arange(len(targets)), targets)
    return draft.finish(matrix, Smoothing(seed, group, np.cumsum(targets) - targets, deviation))


def _decide_smote(
    matrix: NDArray[Any],
    labels: Labels,
    targets: NDArray[np.int64],
    k: int,
    seed: np.uint64,
    n_jobs: int | None,
    progress: Progress | None,
) -> SyntheticPlan:
    """Base rows, neighbour columns and gaps are drawn first, and only rows that were drawn are searched."""
    _require_class_size(labels, targets, k, "k_neighbors")
    draft = _Draft(labels, targets)
    for code, rows, new in draft.classes():
        base, neighbor, gap = draft.base[new], draft.neighbor[new], draft.gap[new]
        work = partial(kernels.draw_pairs, seed, code, len(rows), k, base, neighbor, gap)
        run_ranges(work, len(base), _DRAWS, n_jobs=n_jobs)
        _resolve(matrix, rows, k, base, neighbor, n_jobs, progress)
    return draft.finish(matrix)


def _resolve(
    matrix: NDArray[Any],
    rows: NDArray[np.int64],
    k: int,
    base: NDArray[np.int64],
    neighbor: NDArray[np.int64],
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Find neighbours in the class of the base rows that occur; put row numbers into the plan."""
    drawn = np.zeros(len(rows), bool)
    drawn[base] = True
    index = _index.build(matrix, [rows], n_jobs=n_jobs)
    _, neighbors = _index.search(index, k, rows=rows[drawn], n_jobs=n_jobs, progress=progress)
    place = np.cumsum(drawn) - 1
    work = partial(kernels.resolve, rows, place, neighbors, base, neighbor)
    run_ranges(work, len(base), _DRAWS, n_jobs=n_jobs)


def _decide_adasyn(
    matrix: NDArray[Any],
    labels: Labels,
    targets: NDArray[np.int64],
    k: int,
    seed: np.uint64,
    n_jobs: int | None,
    progress: Progress | None,
) -> SyntheticPlan:
    """Counts per base row follow the share of other classes among its k nearest, by largest remainder."""
    _require_class_size(labels, targets, k, "n_neighbors")
    draft = _Draft(labels, targets)
    if not targets.any():
        return draft.finish(matrix)
    index = _index.build(matrix, n_jobs=n_jobs)
    for code, rows, new in draft.classes():
        base, neighbor, gap = draft.base[new], draft.neighbor[new], draft.gap[new]
        _, near = _index.search(index, k, rows=rows, n_jobs=n_jobs, progress=progress)
        n_other = (labels.codes[near] != code).sum(axis=1)
        if not n_other.any():
            raise RuntimeError(
                f"ADASYN makes new rows where classes meet, but none of the {k} nearest neighbours of any "
                f"row of class {labels.classes.tolist()[code]!r} belongs to another class. Use smote, or a "
                "larger n_neighbors."
            )
        base[:] = np.repeat(np.arange(len(rows)), _apportion(n_other, len(base)))
        work = partial(kernels.draw_columns, seed, code, k, neighbor, gap)
        run_ranges(work, len(base), _DRAWS, n_jobs=n_jobs)
        _resolve(matrix, rows, k, base, neighbor, n_jobs, progress)
    return draft.finish(matrix)


def _apportion(weights: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to ``weights`` with sum ``total``: largest remainder, ties to the first."""
    counts, remainders = np.divmod(weights * total, weights.sum())
    left = total - int(counts.sum())
    counts[np.argsort(-remainders, kind="stable")[:left]] += 1
    return counts


def _check_shrinkage(
    shrinkage: Any, labels: Labels, targets: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """Shrinkage per class from a number or a mapping."""
    if shrinkage is None:
        return None
    classes = labels.classes.tolist()
    if hasattr(shrinkage, "keys"):
        missing = [classes[code] for code in np.flatnonzero(targets) if classes[code] not in shrinkage]
        if missing:
            raise ValueError(
                "shrinkage as a mapping must have a factor for each class that gets new rows. "
                f"Missing: {missing}. Add them, or give one number for all."
            )
        values = [shrinkage.get(label, 0.0) for label in classes]
    else:
        values = [shrinkage] * len(classes)
    try:
        factors = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(
            f"shrinkage must be None, a number or a mapping of label to number. Got {shrinkage!r}."
        ) from None
    if not (factors >= 0).all() or not np.isfinite(factors).all():
        raise ValueError(
            f"shrinkage must be finite and not negative. Got {shrinkage!r}; 0 repeats rows exactly."
        )
    return factors


def plan_random(
    X: Any, y: Any, sampling_strategy: Any, shrinkage: Any, random_state: Any, n_jobs: int | None
) -> tuple[NDArray[Any] | None, SyntheticPlan]:
    """Check and decide, for both faces of a function: the canonical matrix, if needed, and the plan."""
    seed = np.uint64(check_seed(random_state))
    matrix = None if shrinkage is None else check_matrix(X, n_jobs=n_jobs)
    labels = check_labels(y, check_table(X))
    targets = over_targets(sampling_strategy, labels, y)
    return matrix, _decide_random(
        labels, targets, matrix, _check_shrinkage(shrinkage, labels, targets), seed, n_jobs
    )


def plan_smote(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    k_neighbors: int,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[NDArray[Any], SyntheticPlan]:
    """Check and decide: the canonical matrix and the plan."""
    k = check_integer(k_neighbors, "k_neighbors")
    seed = np.uint64(check_seed(random_state))
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    targets = over_targets(sampling_strategy, labels, y)
    return matrix, _decide_smote(matrix, labels, targets, k, seed, n_jobs, progress)


def plan_adasyn(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    n_neighbors: int,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[NDArray[Any], SyntheticPlan]:
    """Check and decide: the canonical matrix and the plan."""
    k = check_integer(n_neighbors, "n_neighbors")
    seed = np.uint64(check_seed(random_state))
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    targets = over_targets(sampling_strategy, labels, y)
    return matrix, _decide_adasyn(matrix, labels, targets, k, seed, n_jobs, progress)


def random_over_sample(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    shrinkage: Any = None,
    random_state: Any = None,
    n_jobs: int | None = None,
) -> SyntheticPlan:
    """Decide which rows to repeat: rows of each class drawn uniformly with replacement.

    Parameters, errors and sources are those of :func:`fastsmote.random_over_sample`.

    Returns
    -------
    SyntheticPlan
        With ``neighbor`` equal to ``base`` and ``gap`` 0.

    Examples
    --------
    >>> import fastsmote
    >>> made = fastsmote.plan.random_over_sample([[0.0], [1.0], [2.0]], ["a", "a", "b"], random_state=0)
    >>> made.base.tolist(), made.label.tolist()
    ([2], ['b'])
    """
    return plan_random(X, y, sampling_strategy, shrinkage, random_state, n_jobs)[1]


def smote(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide SMOTE's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.smote`.

    Returns
    -------
    SyntheticPlan

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.arange(20.0).reshape(10, 2)
    >>> made = fastsmote.plan.smote(X, [0] * 7 + [1] * 3, k_neighbors=2, random_state=0)
    >>> len(made), set(made.base.tolist()) <= {7, 8, 9}
    (4, True)
    """
    return plan_smote(X, y, sampling_strategy, k_neighbors, random_state, n_jobs, progress)[1]


def adasyn(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 5,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide ADASYN's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.adasyn`.

    Returns
    -------
    SyntheticPlan

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0], [2.5], [3.5], [9.0]])
    >>> made = fastsmote.plan.adasyn(X, [0] * 6 + [1] * 3, n_neighbors=2, random_state=0)
    >>> made.base.tolist()
    [6, 7, 8]
    """
    return plan_adasyn(X, y, sampling_strategy, n_neighbors, random_state, n_jobs, progress)[1]
