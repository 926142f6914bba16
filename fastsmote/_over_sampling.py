"""Over-sampling decisions on canonical data: which rows a synthetic row is made of.

Each class that gets new rows is decided by itself: draws depend on the seed, its code and the number of the
new row within it.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote import _index
from fastsmote._check import Labels
from fastsmote._index import Index
from fastsmote._kernels import interpolate as kernels
from fastsmote._synthetic import Smoothing, SyntheticPlan
from fastsmote._threads import Progress, run_ranges

_DRAWS = 65536  # new rows per block when drawing


class Draft:
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


def require_class_size(labels: Labels, targets: NDArray[np.int64], k: int, name: str) -> None:
    for code in np.flatnonzero((targets > 0) & (labels.counts <= k)):
        count = int(labels.counts[code])
        smaller = f"set {name}={count - 1} or less, " if count > 1 else ""
        raise ValueError(
            f"{name}={k} needs at least {k + 1} rows of every class that gets new rows. Got class "
            f"{labels.classes.tolist()[code]!r} with {count} row{'s' * (count != 1)}: {smaller}"
            "leave the class out of sampling_strategy, or use random_over_sample for it."
        )


def decide_random(
    labels: Labels,
    targets: NDArray[np.int64],
    matrix: NDArray[Any] | None,
    shrinkage: NDArray[np.float64] | None,
    seed: np.uint64,
    n_jobs: int | None,
) -> SyntheticPlan:
    """Rows drawn with replacement; noise when ``shrinkage`` (K,) is given."""
    draft = Draft(labels, targets)
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


def decide_smote(
    matrix: NDArray[Any],
    labels: Labels,
    targets: NDArray[np.int64],
    k: int,
    seed: np.uint64,
    n_jobs: int | None,
    progress: Progress | None,
) -> SyntheticPlan:
    """Base rows, neighbour columns and gaps are drawn first, and only rows that were drawn are searched."""
    require_class_size(labels, targets, k, "k_neighbors")
    draft = Draft(labels, targets)
    for code, rows, new in draft.classes():
        base, neighbor, gap = draft.base[new], draft.neighbor[new], draft.gap[new]
        work = partial(kernels.draw_pairs, seed, code, len(rows), k, base, neighbor, gap)
        run_ranges(work, len(base), _DRAWS, n_jobs=n_jobs)
        _resolve(_index.build(matrix, [rows], n_jobs=n_jobs), rows, k, base, neighbor, n_jobs, progress)
    return draft.finish(matrix)


def _resolve(
    index: Index,
    rows: NDArray[np.int64],
    k: int,
    base: NDArray[np.int64],
    neighbor: NDArray[np.int64],
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Find neighbours of the rows that occur as base; put row numbers of X into the plan."""
    drawn = np.zeros(len(rows), bool)
    drawn[base] = True
    _, neighbors = _index.search(index, k, rows=rows[drawn], n_jobs=n_jobs, progress=progress)
    place = np.cumsum(drawn) - 1
    work = partial(kernels.resolve, rows, place, neighbors, base, neighbor)
    run_ranges(work, len(base), _DRAWS, n_jobs=n_jobs)


def decide_borderline(
    matrix: NDArray[Any],
    labels: Labels,
    targets: NDArray[np.int64],
    k: int,
    m: int,
    kind: str,
    seed: np.uint64,
    n_jobs: int | None,
    progress: Progress | None,
) -> SyntheticPlan:
    """SMOTE from rows in danger: of their m nearest rows at least half, but not all, are of other classes.

    Neighbours are of the own class, or with "borderline-2" of any, and then the gap to a row of another class
    is halved.
    """
    if kind == "borderline-1":
        require_class_size(labels, targets, k, "k_neighbors")
    draft = Draft(labels, targets)
    if not targets.any():
        return draft.finish(matrix)
    index = _index.build(matrix, n_jobs=n_jobs)
    for code, rows, new in draft.classes():
        base, neighbor, gap = draft.base[new], draft.neighbor[new], draft.gap[new]
        _, near = _index.search(index, m, rows=rows, n_jobs=n_jobs, progress=progress)
        n_other = (labels.codes[near] != code).sum(axis=1)
        danger = rows[(2 * n_other >= m) & (n_other < m)]
        if not len(danger):
            raise RuntimeError(
                f"Borderline-SMOTE makes new rows from rows in danger, but no row of class "
                f"{labels.classes.tolist()[code]!r} has at least half, and not all, of its {m} nearest "
                f"neighbours in other classes; {np.count_nonzero(n_other == m)} of {len(rows)} have all. "
                "Use smote, or another m_neighbors."
            )
        work = partial(kernels.draw_pairs, seed, code, len(danger), k, base, neighbor, gap)
        run_ranges(work, len(base), _DRAWS, n_jobs=n_jobs)
        among = _index.build(matrix, [rows], n_jobs=n_jobs) if kind == "borderline-1" else index
        _resolve(among, danger, k, base, neighbor, n_jobs, progress)
        gap[labels.codes[neighbor] != code] *= 0.5
    return draft.finish(matrix)


def decide_svm(
    matrix: NDArray[Any],
    labels: Labels,
    targets: NDArray[np.int64],
    support: NDArray[np.int64],
    k: int,
    m: int,
    out_step: float,
    seed: np.uint64,
    n_jobs: int | None,
    progress: Progress | None,
) -> SyntheticPlan:
    """SMOTE from support vectors: towards neighbours of the class from those in danger, away from safe ones.

    Support vectors whose m nearest rows are all of other classes are noise, and left out.
    """
    require_class_size(labels, targets, k, "k_neighbors")
    draft = Draft(labels, targets)
    if not targets.any():
        return draft.finish(matrix)
    index = _index.build(matrix, n_jobs=n_jobs)
    for code, rows, new in draft.classes():
        base, neighbor, gap = draft.base[new], draft.neighbor[new], draft.gap[new]
        vectors = support[labels.codes[support] == code]
        _, near = _index.search(index, m, rows=vectors, n_jobs=n_jobs, progress=progress)
        n_other = (labels.codes[near] != code).sum(axis=1)
        vectors, n_other = vectors[n_other < m], n_other[n_other < m]
        if not len(vectors):
            raise RuntimeError(
                f"SVM-SMOTE makes new rows from support vectors, but class {labels.classes.tolist()[code]!r} "
                f"has none with a row of its class among its {m} nearest neighbours. Use smote, or a larger "
                "m_neighbors."
            )
        work = partial(kernels.draw_pairs, seed, code, len(vectors), k, base, neighbor, gap)
        run_ranges(work, len(base), _DRAWS, n_jobs=n_jobs)
        gap[2 * n_other[base] < m] *= -out_step
        _resolve(_index.build(matrix, [rows], n_jobs=n_jobs), vectors, k, base, neighbor, n_jobs, progress)
    return draft.finish(matrix)


def decide_adasyn(
    matrix: NDArray[Any],
    labels: Labels,
    targets: NDArray[np.int64],
    k: int,
    seed: np.uint64,
    n_jobs: int | None,
    progress: Progress | None,
) -> SyntheticPlan:
    """Counts per base row follow the share of other classes among its k nearest, by largest remainder."""
    require_class_size(labels, targets, k, "n_neighbors")
    draft = Draft(labels, targets)
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
        _resolve(_index.build(matrix, [rows], n_jobs=n_jobs), rows, k, base, neighbor, n_jobs, progress)
    return draft.finish(matrix)


def _apportion(weights: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to ``weights`` with sum ``total``: largest remainder, ties to the first."""
    counts, remainders = np.divmod(weights * total, weights.sum())
    left = total - int(counts.sum())
    counts[np.argsort(-remainders, kind="stable")[:left]] += 1
    return counts
