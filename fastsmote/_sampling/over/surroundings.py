"""How rows of a class lie among the other classes, and which neighbours of their own class they have.

With an index in parts by class, the neighbours within the class come first, and bound the search for rows of
other classes: a row whose k nearest of other classes are nearer than the first of its own needs no more than
those. On 1,000,000 rows of make_fraud, 1,730 of a class, that takes 0.12 s where the k nearest of all rows
take 0.16, and the neighbours to interpolate with are known then.
"""

from typing import NamedTuple

import numpy as np

from fastsmote._neighbors import index, predicates
from fastsmote._neighbors.query import rows_by_code
from fastsmote._neighbors.spaces import Among, Numbers
from fastsmote._sampling.over.request import Task

_MANY = 32  # classes above which one search among all rows is faster than one in each part


class Known(NamedTuple):
    """Neighbours that were found already, to be asked for in the way of ``Among``."""

    rows: Numbers  # (m,) ascending
    neighbors: Numbers  # (m, k)

    def available(self, rows: Numbers, k: int) -> Numbers:
        return np.full(len(rows), k)

    def search(self, asked: Numbers, k: int) -> Numbers:
        return self.neighbors[np.searchsorted(self.rows, asked), :k]


class Everyone(NamedTuple):
    """All rows, by the index that there is."""

    all_rows: index.Index
    task: Task

    def available(self, rows: Numbers, k: int) -> Numbers:
        return np.full(len(rows), k)

    def search(self, asked: Numbers, k: int) -> Numbers:
        task = self.task
        return index.find_nearest(self.all_rows, k, rows=asked, n_jobs=task.n_jobs, progress=task.progress)[1]


class Surroundings:
    """All rows of a task, whatever their groups."""

    def __init__(self, task: Task) -> None:
        assert task.space is not None
        self._task = task
        n_classes = len(task.labels.counts)
        parts = rows_by_code(task.labels.codes, n_classes)
        self._index = task.space.index(parts, task.n_jobs) if n_classes <= _MANY else None
        self._everyone = task.among(everyone=True) if self._index is None else None

    def count_others(self, code: int, rows: Numbers, k: int, k_own: int) -> tuple[Numbers, Known | Among]:
        """Rows of other classes among the k nearest of some rows of a class, ascending.

        And who answers for the ``k_own`` nearest of their own class, in their own group.
        """
        task = self._task
        if self._index is None:
            assert self._everyone is not None
            others = (task.labels.codes[self._everyone.search(rows, k)] != code).sum(axis=1)
            return others, self._own(code)
        before, own = predicates.others_before(
            self._index, code, rows, k, n_jobs=task.n_jobs, progress=task.progress
        )
        # the j-th of the own class is one of the k nearest if at most k - j others come before it
        others = k - (np.arange(1, k + 1) + before <= k).sum(axis=1)
        return others, Known(rows, own) if task.group is None and k_own <= k else self._own(code)

    def everyone(self) -> "Everyone | Among":
        """Who answers for the neighbours among all rows, in their own group."""
        if self._index is None or self._task.group is not None:
            return self._task.among()
        return Everyone(self._index, self._task)

    def _own(self, code: int) -> Among:
        return self._task.among(np.flatnonzero(self._task.labels.codes == code))
