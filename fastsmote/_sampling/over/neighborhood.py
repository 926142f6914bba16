"""How rows of a class lie among the other classes, and which neighbours of their own class they have.

With an index in parts by class, the neighbours within the class come first, and bound the search for rows of
other classes: a row whose k nearest of other classes are nearer than the first of its own needs no more than
those. On 1,000,000 rows of make_fraud, 1,730 of a class, that takes 0.12 s where the k nearest of all rows
take 0.16, and the neighbours to interpolate with are known then.
"""

from typing import NamedTuple, Protocol

import numpy as np

from fastsmote._core.labels import Labels, rows_by_code, rows_of
from fastsmote._core.typing import RowIds
from fastsmote._neighbors import index, predicates
from fastsmote._neighbors.index import MANY_CLASSES
from fastsmote._neighbors.search import find_nearest
from fastsmote._neighbors.spaces import CandidatePool
from fastsmote._sampling.over.request import Request


class KnownNeighbors(NamedTuple):
    """Neighbours that were found already, to be asked for in the way of ``Among``."""

    rows: RowIds  # (m,) ascending
    neighbors: RowIds  # (m, k)

    def available(self, rows: RowIds, k: int) -> RowIds:
        return np.full(len(rows), k)

    def search(self, queries: RowIds, k: int) -> RowIds:
        return self.neighbors[np.searchsorted(self.rows, queries), :k]


class AllRows(NamedTuple):
    """All rows, by the index that there is."""

    all_rows: index.Index
    request: Request

    def available(self, rows: RowIds, k: int) -> RowIds:
        return np.full(len(rows), k)

    def search(self, queries: RowIds, k: int) -> RowIds:
        n_jobs, progress = self.request.n_jobs, self.request.progress
        return find_nearest(self.all_rows, k, rows=queries, n_jobs=n_jobs, progress=progress)[1]


def others_among(before: RowIds) -> RowIds:
    """Rows of other classes among the k nearest, by how many come before each of the own class (m, k)."""
    k = before.shape[1]
    # the j-th of the own class is one of the k nearest if at most k - j others come before it
    return k - (np.arange(1, k + 1) + before <= k).sum(axis=1)


class OthersCounter(Protocol):
    """Who knows how rows of a class lie among the other classes."""

    def count_others(
        self, code: int, rows: RowIds, k: int, k_own: int
    ) -> tuple[RowIds, KnownNeighbors | CandidatePool]: ...


class Neighborhood:
    """All rows of a task, whatever their groups."""

    def __init__(self, request: Request) -> None:
        assert request.space is not None
        self._request = request
        n_classes = len(request.labels.counts)
        parts = rows_by_code(request.labels.codes, n_classes, request.n_jobs)
        self._index = request.space.build_index(parts, request.n_jobs) if n_classes <= MANY_CLASSES else None
        self._everyone = request.among(everyone=True) if self._index is None else None

    def count_others(
        self, code: int, rows: RowIds, k: int, k_own: int
    ) -> tuple[RowIds, KnownNeighbors | CandidatePool]:
        """Rows of other classes among the k nearest of some rows of a class, ascending.

        And who answers for the ``k_own`` nearest of their own class, in their own group.
        """
        request = self._request
        if self._index is None:
            assert self._everyone is not None
            others = (request.labels.codes[self._everyone.search(rows, k)] != code).sum(axis=1)
            return others, self._own(code)
        before, own = predicates.others_before(
            self._index, code, rows, k, n_jobs=request.n_jobs, progress=request.progress
        )
        is_found = request.group is None and k_own <= k
        return others_among(before), KnownNeighbors(rows, own) if is_found else self._own(code)

    def everyone(self) -> "AllRows | CandidatePool":
        """Who answers for the neighbours among all rows, in their own group."""
        if self._index is None or self._request.group is not None:
            return self._request.among()
        return AllRows(self._index, self._request)

    def _own(self, code: int) -> CandidatePool:
        return self._request.among(rows_of(self._request.labels.codes, code, self._request.n_jobs))


class SharedNeighborhood(NamedTuple):
    """How the rows of the smaller class lie, found once for samplers that ask for some neighbours at most."""

    before: RowIds  # (m, most) rows of other classes before each neighbour of the own
    own: KnownNeighbors

    @classmethod
    def of(cls, parted: index.Index, labels: Labels, most: int) -> "SharedNeighborhood":
        """From an index with a part for each class."""
        code = int(np.argmin(labels.counts))
        rows = np.flatnonzero(labels.codes == code)
        before, own = predicates.others_before(parted, code, rows, most, n_jobs=1)
        return cls(before, KnownNeighbors(rows, own))

    def count_others(self, code: int, rows: RowIds, k: int, k_own: int) -> tuple[RowIds, KnownNeighbors]:
        """As that of a Neighborhood, of all rows of the class."""
        return others_among(np.minimum(self.before[:, :k], k)), self.own
