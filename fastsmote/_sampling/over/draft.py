"""Over-sampling decisions on canonical data: which rows a synthetic row is made of.

Each class that gets new rows is decided by itself: draws depend on the seed, its code and the number of the
new row within it.
"""

import numbers
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_integer, check_word
from fastsmote._core.containers import by_label
from fastsmote._core.threads import run_ranges
from fastsmote._core.weights import to_unit
from fastsmote._kernels.sampling import interpolate as kernels
from fastsmote._neighbors.query import check_rows
from fastsmote._neighbors.spaces import Among, Numbers
from fastsmote._sampling.over.plan import Donors, Smoothing, SyntheticPlan
from fastsmote._sampling.over.request import Task
from fastsmote._sampling.over.surroundings import Everyone, Known, Surroundings
from fastsmote._sampling.strategy import shown

_DRAWS = 65536  # new rows per block when drawing


class Asked(NamedTuple):
    """Base rows that were drawn, ascending, and their neighbours."""

    rows: Numbers  # (m,)
    neighbors: Numbers  # (m, k), nearest first; n where a row has no more


class Draft:
    """Arrays of a plan while its classes are being decided, one after the other."""

    def __init__(self, task: Task) -> None:
        n_new = int(task.targets.sum())
        self.base = np.empty(n_new, np.int64)
        self.neighbor = np.empty(n_new, np.int64)
        self.gap = np.zeros(n_new)
        self._task = task

    def classes(self) -> Iterator[tuple[int, Numbers, slice]]:
        """Code, rows in X and place in the plan of each class that gets new rows."""
        stop = 0
        for code in np.flatnonzero(self._task.targets):
            start, stop = stop, stop + int(self._task.targets[code])
            yield int(code), np.flatnonzero(self._task.labels.codes == code), slice(start, stop)

    def draw_rows(self, code: int, new: slice, candidates: Numbers, stream: int | None = None) -> Numbers:
        """Candidates for new rows, as places in ``candidates``: with replacement, by weight if there are."""
        task, base = self._task, self.base[new]
        word = np.uint64(code if stream is None else stream)
        if task.weight is None:
            work = partial(kernels.draw_rows, task.seed, word, len(candidates), base)
        else:
            cumulative = np.cumsum(to_unit(task.weight[candidates])[0])
            if not cumulative[-1] > 0:
                raise ValueError(
                    f"sample_weight is 0 for all {len(candidates)} rows of class {self._name(code)} that new "
                    "rows could be made from. Give some of them weight, or leave the class out of "
                    "sampling_strategy."
                )
            work = partial(kernels.draw_weighted_rows, task.seed, word, cumulative, base)
        run_ranges(work, len(base), _DRAWS, n_jobs=task.n_jobs)
        return base

    def make(
        self,
        code: int,
        new: slice,
        candidates: Numbers,
        among: Among | Known | Everyone,
        k: int,
        shares: NDArray[Any] | None = None,
        stream: int | None = None,
    ) -> Asked:
        """Draw base rows from the candidates, and for each one of its k neighbours and a gap.

        With ``shares``, candidates get new rows in proportion to them instead of at random. ``stream`` of the
        draws is the code of the class; where a class is made in parts, each needs its own.
        """
        task = self._task
        base, neighbor, gap = self.base[new], self.neighbor[new], self.gap[new]
        word = np.uint64(code if stream is None else stream)
        available = among.available(candidates, k)
        if task.group is not None:
            partnered = available > 0
            if not partnered.any():
                raise ValueError(
                    f"groups leaves no two rows of class {self._name(code)} in one group, so that none can "
                    "be interpolated. Use coarser groups, or random_over_sample."
                )
            candidates, available = candidates[partnered], available[partnered]
            shares = None if shares is None else shares[partnered]
        if shares is None and task.weight is None and task.group is None:
            work = partial(kernels.draw_pairs, task.seed, word, len(candidates), k, base, neighbor, gap)
        else:
            if shares is None:
                self.draw_rows(code, new, candidates, stream)
            else:
                base[:] = np.repeat(np.arange(len(candidates)), self._counts(code, shares, candidates, new))
            work = partial(kernels.draw_columns, task.seed, word, available, base, neighbor, gap)
        run_ranges(work, len(base), _DRAWS, n_jobs=task.n_jobs)
        drawn = np.zeros(len(candidates), bool)
        drawn[base] = True
        rows = candidates[drawn]
        neighbors = among.search(rows, k)
        work = partial(kernels.resolve, candidates, np.cumsum(drawn) - 1, neighbors, base, neighbor)
        run_ranges(work, len(base), _DRAWS, n_jobs=task.n_jobs)
        return Asked(rows, neighbors)

    def _counts(self, code: int, shares: NDArray[Any], candidates: Numbers, new: slice) -> Numbers:
        weight = self._task.weight
        shares = shares if weight is None else shares * to_unit(weight[candidates])[0]
        if not shares.any():
            raise ValueError(
                f"sample_weight or groups leave no row of class {self._name(code)} that a new row could be "
                "made from. Give weight to rows near other classes, or use smote."
            )
        return apportion(shares, new.stop - new.start)

    def _name(self, code: int) -> str:
        return repr(self._task.labels.classes.tolist()[code])

    def finish(
        self,
        *,
        n_features: int | None = None,
        smoothing: Smoothing | None = None,
        donors: Donors | None = None,
    ) -> SyntheticPlan:
        """The plan, for X of the task's matrix or of ``n_features``."""
        task = self._task
        grown = np.flatnonzero(task.targets)
        if len(grown) == 1:  # one label for all: no memory
            label = np.broadcast_to(task.labels.classes[grown], len(self.base))
        else:
            label = np.repeat(task.labels.classes, task.targets)
        n, d = len(task.labels.codes), task.n_features if n_features is None else n_features
        counts = by_label(task.labels.classes, task.labels.counts)
        return SyntheticPlan(
            self.base, self.neighbor, self.gap, label, n, d, smoothing, donors, task.rules, counts
        )


def require_class_size(task: Task, k: int, name: str) -> None:
    """Every class that gets new rows has more than k rows; in groups, fewer neighbours do."""
    if task.group is not None:
        return
    labels = task.labels
    for code in np.flatnonzero((task.targets > 0) & (labels.counts <= k)):
        count = int(labels.counts[code])
        smaller = f"set {name}={count - 1} or less, " if count > 1 else ""
        raise ValueError(
            f"{name}={k} needs at least {k + 1} rows of every class that gets new rows. Got class "
            f"{labels.classes.tolist()[code]!r} with {count} row{'s' * (count != 1)}: {smaller}"
            "leave the class out of sampling_strategy, or use random_over_sample for it."
        )


def _check_shrinkage(shrinkage: Any, task: Task) -> NDArray[np.float64] | None:
    """Shrinkage per class from a number or a mapping."""
    if shrinkage is None:
        return None
    classes = task.labels.classes.tolist()
    if isinstance(shrinkage, Mapping):
        missing = [classes[code] for code in np.flatnonzero(task.targets) if classes[code] not in shrinkage]
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


def decide_random(task: Task, shrinkage: Any) -> SyntheticPlan:
    """Rows drawn with replacement; noise when ``shrinkage`` is given."""
    draft, labels = Draft(task), task.labels
    factors = _check_shrinkage(shrinkage, task)
    for code, rows, new in draft.classes():
        base = draft.draw_rows(code, new, rows)
        np.take(rows, base, out=base)
    draft.neighbor[:] = draft.base
    if factors is None:
        return draft.finish()
    n, d = task.matrix.shape
    n_classes = len(labels.classes)
    deviation = np.zeros((n_classes, d))
    constant = (4 / ((d + 2) * n)) ** (1 / (d + 4))
    for code, rows, _ in draft.classes():
        with np.errstate(over="ignore"):
            deviation[code] = factors[code] * constant * _deviations(task.matrix[rows])
    np.minimum(deviation, np.finfo(np.float64).max, out=deviation)
    group = np.repeat(np.arange(n_classes), task.targets)
    first = np.cumsum(task.targets) - task.targets
    streams = np.arange(n_classes, dtype=np.uint64)
    return draft.finish(smoothing=Smoothing(np.full(n_classes, task.seed), streams, group, first, deviation))


def _deviations(rows: NDArray[Any]) -> NDArray[np.float64]:
    """Standard deviation per column, scaled on the way so that squares neither overflow nor vanish."""
    exponents = np.frexp(np.abs(rows).max(axis=0).astype(np.float64))[1]
    return np.ldexp(np.ldexp(rows.astype(np.float64), -exponents).std(axis=0), exponents)


def decide_smote(task: Task, k_neighbors: int) -> SyntheticPlan:
    """Base rows, neighbour columns and gaps are drawn first, and only rows that were drawn are searched."""
    k = check_integer(k_neighbors, "k_neighbors")
    require_class_size(task, k, "k_neighbors")
    draft = Draft(task)
    for code, rows, new in draft.classes():
        draft.make(code, new, rows, task.among(rows), k)
    return draft.finish()


def _check_neighbors(task: Task, value: Any, name: str) -> int:
    """A number of neighbours among all rows."""
    k, n = check_integer(value, name), len(task.labels.codes)
    if k >= n:
        raise ValueError(
            f"{name} must be at most {n - 1}, the number of rows other than the row itself. Got {k}; pass "
            "fewer neighbours."
        )
    return k


def decide_borderline(task: Task, k_neighbors: int, m_neighbors: int, kind: str) -> SyntheticPlan:
    """SMOTE from rows in danger: of their m nearest rows at least half, but not all, are of other classes.

    Neighbours are of the own class, or with "borderline-2" of any, and then the gap to a row of another class
    is halved.
    """
    check_word(kind, "kind", ("borderline-1", "borderline-2"))
    k = _check_neighbors(task, k_neighbors, "k_neighbors")
    m = _check_neighbors(task, m_neighbors, "m_neighbors")
    if kind == "borderline-1":
        require_class_size(task, k, "k_neighbors")
    draft = Draft(task)
    if not task.targets.any():
        return draft.finish()
    surroundings = Surroundings(task)
    for code, rows, new in draft.classes():
        n_other, own = surroundings.count_others(code, rows, m, k)
        danger = rows[(2 * n_other >= m) & (n_other < m)]
        if not len(danger):
            raise RuntimeError(
                f"Borderline-SMOTE makes new rows from rows in danger, but no row of class "
                f"{task.labels.classes.tolist()[code]!r} has at least half, and not all, of its {m} nearest "
                f"neighbours in other classes; {np.count_nonzero(n_other == m)} of {len(rows)} have all. "
                "Use smote, or another m_neighbors."
            )
        draft.make(code, new, danger, own if kind == "borderline-1" else surroundings.everyone(), k)
        draft.gap[new][task.labels.codes[draft.neighbor[new]] != code] *= 0.5
    return draft.finish()


def decide_svm(
    task: Task, support: Any, k_neighbors: int, m_neighbors: int, out_step: float
) -> SyntheticPlan:
    """SMOTE from support vectors: towards neighbours of the class from those in danger, away from safe ones.

    Support vectors whose m nearest rows are all of other classes are noise, and left out.
    """
    k = check_integer(k_neighbors, "k_neighbors")
    m = _check_neighbors(task, m_neighbors, "m_neighbors")
    if isinstance(out_step, bool) or not isinstance(out_step, numbers.Real):
        raise TypeError(f"out_step must be a number in [0, 1]. Got {out_step!r}.")
    if not 0 <= out_step <= 1:
        raise ValueError(f"out_step must be a number in [0, 1]. Got {out_step!r}.")
    support = np.unique(check_rows(support, len(task.labels.codes), "support"))
    require_class_size(task, k, "k_neighbors")
    draft = Draft(task)
    if not task.targets.any():
        return draft.finish()
    surroundings = Surroundings(task)
    is_safe = np.zeros(len(task.labels.codes), bool)
    for code, _, new in draft.classes():
        vectors = support[task.labels.codes[support] == code]
        n_other, own = surroundings.count_others(code, vectors, m, k)
        is_safe[vectors] = 2 * n_other < m
        vectors = vectors[n_other < m]
        if not len(vectors):
            raise RuntimeError(
                f"SVM-SMOTE makes new rows from support vectors, but class "
                f"{task.labels.classes.tolist()[code]!r} has none with a row of its class among its {m} "
                "nearest neighbours. Use smote, or a larger m_neighbors."
            )
        draft.make(code, new, vectors, own, k)
        draft.gap[new][is_safe[draft.base[new]]] *= -out_step
    return draft.finish()


def decide_adasyn(task: Task, n_neighbors: int) -> SyntheticPlan:
    """Counts per base row follow the share of other classes among its k nearest, by largest remainder."""
    k = check_integer(n_neighbors, "n_neighbors")
    require_class_size(task, k, "n_neighbors")
    draft = Draft(task)
    if not task.targets.any():
        return draft.finish()
    surroundings = Surroundings(task)
    for code, rows, new in draft.classes():
        n_other, own = surroundings.count_others(code, rows, k, k)
        if not n_other.any():
            raise RuntimeError(
                f"ADASYN makes new rows where classes meet, but none of the {k} nearest neighbours of any "
                f"row of class {task.labels.classes.tolist()[code]!r} belongs to another class. Use smote, "
                "or a larger n_neighbors."
            )
        draft.make(code, new, rows, own, k, shares=n_other)
    return draft.finish()


def apportion(weights: NDArray[Any], total: int) -> Numbers:
    """Whole numbers in proportion to ``weights`` with sum ``total``: largest remainder, ties to the first.

    Quotas of weights that are no integers are told apart down to 1e-12 of the total.
    """
    if weights.dtype.kind == "f":
        step = 1e-12 * (total + 1)
        relative = weights / weights.max()
        quotas = relative * (total / relative.sum())
        counts = np.floor(quotas + step).astype(np.int64)
        remainders = np.rint((quotas - counts) / step)
    else:
        counts, remainders = np.divmod(weights * total, weights.sum())
    left = total - int(counts.sum())
    counts[np.argsort(-remainders, kind="stable")[:left]] += 1
    return counts
