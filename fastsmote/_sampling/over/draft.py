"""Over-sampling decisions on canonical data: which rows a synthetic row is made of.

Each class that gets new rows is decided by itself: draws depend on the seed, its code and the number of the
new row within it. So any part of a plan can be decided alone.
"""

import itertools
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_integer
from fastsmote._core.labels import rows_of
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import RowIds
from fastsmote._core.weights import to_unit
from fastsmote._kernels import draw
from fastsmote._kernels.sampling import interpolate as kernels
from fastsmote._neighbors.spaces import CandidatePool
from fastsmote._sampling.over.neighborhood import AllRows, KnownNeighbors
from fastsmote._sampling.over.plan import SyntheticPlan, drafted
from fastsmote._sampling.over.records import Donors, Smoothing
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.places import apportion
from fastsmote._sampling.result import by_label

_DRAWS = 65536  # new rows per block when drawing


class DrawnNeighbors(NamedTuple):
    """Base rows that were drawn, ascending, and their neighbours."""

    rows: RowIds  # (m,)
    neighbors: RowIds  # (m, k), nearest first; n where a row has no more


class Draft:
    """Arrays of a plan, or of its new rows [start, stop), while classes are decided, one after the other."""

    def __init__(self, request: Request, start: int = 0, stop: int | None = None) -> None:
        targets = request.targets.tolist()
        ends = list(itertools.accumulate(targets))
        stop = ends[-1] if stop is None else stop
        self.base = np.empty(stop - start, np.int64)
        self.neighbor = np.empty(stop - start, np.int64)
        self.gap = np.zeros(stop - start)
        self._request = request
        # where the new rows of each class end here, and begin: those below 0 come before
        self._stops = [min(max(end, start), stop) - start for end in ends]
        self._begins = [end - n - start for end, n in zip(ends, targets, strict=True)]

    def classes(self) -> Iterator[tuple[int, RowIds, slice]]:
        """Code, rows in X and place here of each class that gets new rows."""
        codes, n_jobs = self._request.labels.codes, self._request.n_jobs
        for code, (begin, stop) in enumerate(zip(self._begins, self._stops, strict=True)):
            start = max(begin, 0)
            if start < stop:
                yield code, rows_of(codes, code, n_jobs), slice(start, stop)

    def _first(self, code: int) -> np.uint64:
        """The number, within its class, of the first new row here."""
        return np.uint64(max(0, -self._begins[code]))

    def draw_rows(self, code: int, new: slice, rows: RowIds) -> None:
        """Set the base rows of new rows: drawn from ``rows`` with replacement, by weight if there is any."""
        self._draw_places(code, new, rows, code)
        base = self.base[new]

        def look_up(lo: int, hi: int) -> None:
            base[lo:hi] = rows[base[lo:hi]]

        run_ranges(look_up, len(base), _DRAWS, n_jobs=self._request.n_jobs)

    def _draw_places(self, code: int, new: slice, candidates: RowIds, stream: int) -> None:
        """Base rows as places in ``candidates``, for now."""
        request, base = self._request, self.base[new]
        word, first = np.uint64(stream), self._first(code)
        if request.weight is None:
            work = partial(draw.draw_rows, request.seed, word, first, len(candidates), base)
        else:
            cumulative = np.cumsum(to_unit(request.weight[candidates])[0])
            if not cumulative[-1] > 0:
                raise ValueError(
                    f"sample_weight is 0 for all {len(candidates)} rows of class {self.name_of(code)} that "
                    "new rows could be made from. Give some of them weight, or leave the class out of "
                    "sampling_strategy."
                )
            work = partial(draw.draw_weighted_rows, request.seed, word, first, cumulative, base)
        run_ranges(work, len(base), _DRAWS, n_jobs=request.n_jobs)

    def make(
        self,
        code: int,
        new: slice,
        candidates: RowIds,
        among: CandidatePool | KnownNeighbors | AllRows,
        k: int,
        shares: NDArray[Any] | None = None,
        stream: int | None = None,
    ) -> DrawnNeighbors:
        """Draw base rows from the candidates, and for each one of its k neighbours and a gap.

        With ``shares``, candidates get new rows in proportion to them instead of at random. ``stream`` of the
        draws is the code of the class; where a class is made in parts, each needs its own.
        """
        request = self._request
        base, neighbor, gap = self.base[new], self.neighbor[new], self.gap[new]
        stream = code if stream is None else stream
        if shares is None and request.weight is None and request.group is None:
            pair = partial(draw.draw_pairs, request.seed, np.uint64(stream), self._first(code))
            drawn = np.zeros(len(candidates), bool)

            def draw_some(lo: int, hi: int) -> None:
                pair(len(candidates), k, base, neighbor, gap, lo, hi)
                drawn[base[lo:hi]] = True

            run_ranges(draw_some, len(base), _DRAWS, n_jobs=request.n_jobs)
        else:
            available = among.available(candidates, k)
            candidates = self._draw_unequal(code, new, candidates, available, shares, stream)
            drawn = np.zeros(len(candidates), bool)
            drawn[base] = True
        rows = candidates[drawn]
        neighbors = among.search(rows, k)
        work = partial(kernels.resolve, candidates, drawn.cumsum() - 1, neighbors, base, neighbor)
        run_ranges(work, len(base), _DRAWS, n_jobs=request.n_jobs)
        return DrawnNeighbors(rows, neighbors)

    def _draw_unequal(
        self,
        code: int,
        new: slice,
        candidates: RowIds,
        available: RowIds,
        shares: NDArray[Any] | None,
        stream: int,
    ) -> RowIds:
        """Draw base rows, as places in the candidates that come back, neighbours and gaps: see ``make``.

        ``available`` (n_candidates,) neighbours are there for each; who has none is no candidate.
        """
        request, base = self._request, self.base[new]
        if request.group is not None:
            partnered = available > 0
            if not partnered.any():
                raise ValueError(
                    f"groups leaves no two rows of class {self.name_of(code)} in one group, so that none can "
                    "be interpolated. Use coarser groups, or random_over_sample."
                )
            candidates, available = candidates[partnered], available[partnered]
            shares = None if shares is None else shares[partnered]
        first = self._first(code)
        if shares is None:
            self._draw_places(code, new, candidates, stream)
        else:
            start, ends = int(first), np.cumsum(self._counts(code, shares, candidates))
            ends = np.clip(ends, start, start + len(base))
            base[:] = np.repeat(np.arange(len(candidates)), ends - np.append(start, ends[:-1]))
        chosen = partial(draw.draw_columns, request.seed, np.uint64(stream), first, available, base)
        work = partial(chosen, self.neighbor[new], self.gap[new])
        run_ranges(work, len(base), _DRAWS, n_jobs=request.n_jobs)
        return candidates

    def _counts(self, code: int, shares: NDArray[Any], candidates: RowIds) -> RowIds:
        weight = self._request.weight
        shares = shares if weight is None else shares * to_unit(weight[candidates])[0]
        if not shares.any():
            raise ValueError(
                f"sample_weight or groups leave no row of class {self.name_of(code)} that a new row could be "
                "made from. Give weight to rows near other classes, or use smote."
            )
        return apportion(shares, int(self._request.targets[code]))

    def name_of(self, code: int) -> str:
        """The label of a class, for messages."""
        return repr(self._request.labels.classes.tolist()[code])

    def finish(
        self,
        *,
        n_features: int | None = None,
        smoothing: Smoothing | None = None,
        donors: Donors | None = None,
    ) -> SyntheticPlan:
        """The plan, for X of the task's matrix or of ``n_features``."""
        request, n_new = self._request, len(self.base)
        classes, counts = request.labels.classes, request.labels.counts
        grown = request.targets.nonzero()[0]
        if len(grown) == 1:  # one label for all: no memory
            label = _repeated(classes[grown], n_new)
        else:
            ends = zip(self._begins, self._stops, strict=True)
            label = np.repeat(classes, [max(0, stop - max(0, begin)) for begin, stop in ends])
        n, d = len(request.labels.codes), request.n_features if n_features is None else n_features
        known = smoothing, donors, request.rules, by_label(classes, counts)
        return drafted(self.base, self.neighbor, self.gap, label, n, d, *known)


def _repeated(label: NDArray[Any], n: int) -> NDArray[Any]:
    """A label (1,) for n rows, in the memory of one."""
    if label.dtype.kind not in "biufU":  # objects have no buffer
        return np.broadcast_to(label, n)
    repeated = np.ndarray((n,), label.dtype, label, strides=(0,))  # 2 us less
    repeated.setflags(write=False)
    return repeated


def require_class_size(request: Request, k: int, name: str) -> None:
    """Every class that gets new rows has more than k rows; in groups, fewer neighbours do."""
    if request.group is not None:
        return
    labels = request.labels
    for code, (new, count) in enumerate(zip(request.targets.tolist(), labels.counts.tolist(), strict=True)):
        if new <= 0 or count > k:
            continue
        smaller = f"set {name}={count - 1} or less, " if count > 1 else ""
        raise ValueError(
            f"{name}={k} needs at least {k + 1} rows of every class that gets new rows. Got class "
            f"{labels.classes.tolist()[code]!r} with {count} {'row' if count == 1 else 'rows'}: {smaller}"
            "leave the class out of sampling_strategy, or use random_over_sample for it."
        )


def check_neighbors(request: Request, value: Any, name: str) -> int:
    """A number of neighbours among all rows."""
    k, n = check_integer(value, name), int(request.labels.counts.sum())
    if k >= n:
        raise ValueError(
            f"{name} must be at most {n - 1}, the number of rows other than the row itself. Got {k}; pass "
            "fewer neighbours."
        )
    return k
