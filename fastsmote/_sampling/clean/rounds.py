"""Rounds of editing: which rows their neighbours contradict, asked again as rows are removed.

Rows are ordered around a row by (squared distance, index), the row itself left out by its index.

Hardly any row needs its k nearest for that. *At least s of the k nearest are of the own class* says the
same as *the s-th row of the own class precedes the (k - s + 1)-th of the others*: if it does, it is preceded
by s - 1 own rows and at most k - s others; if it does not, by at least k - s + 1 others, and so is out of the
k nearest. "all" is s = k. "mode" is s = more than the half of k, or the half for code 0, which wins every
tie: with two classes exactly; with more it proves that the row stays, and the rest vote with their k nearest.

1. *Proof at home.* The s nearest rows of the own class in the leaf that the row falls into, and whether fewer
   than k - s + 1 others precede the last of them. The s-th of the whole class can only come earlier, so that
   is a proof; it takes one leaf, and boxes of the other classes' parts.
2. *The rest.* The (k - s + 1)-th nearest of the others is a bound, and the search for s rows of the own class
   that precede it ends when it has them or when the ball is seen to hold fewer.

**Rounds.** Each proof has *witnesses*: the s own rows, or the k nearest of a vote. A row that stays, stays in
the next round too while none of its witnesses is removed: s own rows still precede the bound, and of the
others no more than before; the k nearest of what is left are still the same k rows. So a round asks only rows
whose proof has lost a witness. Where k grows from round to round, a proof for s = K, the last k, is one for
every k, as every own row up to its last comes before all others; rows without one are asked in each round.

**Least counts.** Where a class would keep fewer rows than it must, as many go as may, the most entangled
first: those with most rows of other classes among their k nearest of the round, of these the nearest to
such a row, then by row number.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.labels import Labels, rows_by_code
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.typing import Floats, Mask, Matrix, Progress, RowIds
from fastsmote._neighbors import loose, predicates
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index, hide_rows
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.clean.min_count import within_min_count

# A part costs each query of another class a leaf. With a part per class against one for all, in CPU seconds:
# 40,000 x 30 fraud-shaped rows of two classes, 1 %, 0.15 and 0.54; of nine classes, 4 % outside the largest,
# 0.39 and 0.56; 40,000 x 20 normal clusters of four equal classes 0.22 and 0.17, of eleven 0.54 and 0.25;
# 2,000 rows of two classes 0.009 and 0.007.
_MOST_PARTS = 8
_PART_ROWS = 256  # rows per class, on average, from which on classes get parts: one leaf


def have_parts(matrix: Any, labels: Labels) -> bool:
    """Whether the index has a part for each class.

    A query of sparse or few rows looks at all rows in any case, and is asked once where there are no parts.
    """
    n_classes = len(labels.counts)
    is_large = n_classes <= _MOST_PARTS and len(labels.codes) >= _PART_ROWS * n_classes
    return is_large and not isinstance(matrix, SparseMatrix) and not loose.are_few(*matrix.shape)


def index_for_rounds(matrix: Matrix, labels: Labels, n_jobs: int | None) -> Index:
    """The index that rounds look at."""
    apart = have_parts(matrix, labels)
    groups = rows_by_code(labels.codes, len(labels.counts), n_jobs) if apart else None
    return build_index(matrix, groups, n_jobs=n_jobs)


class Rounds:
    """Rounds of editing, whose caller chooses which classes a round cleans and what it removes.

    Proofs of earlier rounds are kept. From the second round on rows are taken out of the index: one that
    others look at as well is for a single round.

    Parameters
    ----------
    matrix : (n, d) canonical
    labels : Labels
    kind : {"all", "mode"}
        Which neighbours keep a row.
    index : Index, optional
        What :func:`index_for_rounds` gave, where it is there already.

    Attributes
    ----------
    left : (n,) bool
        The rows that are left.
    """

    def __init__(
        self,
        matrix: Matrix,
        labels: Labels,
        kind: str,
        n_jobs: int | None = None,
        progress: Progress | None = None,
        index: Index | None = None,
    ) -> None:
        self._apart = have_parts(matrix, labels)
        self._index = index_for_rounds(matrix, labels, n_jobs) if index is None else index
        self._labels, self._kind = labels, kind
        self._n_jobs, self._progress = n_jobs, progress
        self._same_k = self._keeps_witnesses = True
        n = len(matrix)
        self.left: Mask = np.ones(n, bool)
        self._proven, self._witnesses = np.zeros(n, bool), np.zeros((n, 0), np.int64)

    def start(self, cleaned: Mask, most: int, same_k: bool, *, is_only: bool = False) -> None:
        """Look the rows of some classes up at home, for rounds with ``most`` neighbours, or up to as many.

        ``is_only`` says that there is one round: nobody will ask who the witnesses were.
        """
        self._same_k, self._keeps_witnesses = same_k, not is_only
        if not is_only:  # a row is its own witness for nothing
            self._witnesses = np.repeat(np.arange(len(self.left))[:, np.newaxis], most, axis=1)
        self._prove(np.flatnonzero(cleaned[self._labels.codes]), most)

    def contradicted(self, cleaned: Mask, k: int) -> RowIds:
        """Rows of the cleaned classes that do not stay among their k nearest of the rows that are left."""
        if not self.left.all():
            hide_rows(self._index, ~self.left)
        rows = np.flatnonzero(self.left & cleaned[self._labels.codes])
        known = self._proven[rows]
        if not self.left.all():
            known &= self.left[self._witnesses[rows]].all(axis=1)
        unknown = rows[~known]
        stays, witnesses = self._stay(unknown, k)
        if self._same_k and self._keeps_witnesses:
            self._proven[unknown], self._witnesses[unknown] = stays, witnesses
        return unknown[~stays]

    def contradicted_among(self, rows: RowIds, k: int) -> RowIds:
        """Which of some rows do not stay among their k nearest of all rows, before any are removed."""
        return rows[~self._stay(rows, k)[0]]

    def removable(self, rows: RowIds, k: int, min_counts: RowIds) -> RowIds:
        """Of the rows that a round would remove, those that may go: see **Least counts**."""
        codes = self._labels.codes
        room = np.bincount(codes[self.left], minlength=len(min_counts)) - min_counts
        if (np.bincount(codes[rows], minlength=len(room)) <= np.maximum(room, 0)).all():
            return rows
        squared, found = self._find(k, rows)
        other = codes[found] != codes[rows][:, np.newaxis]
        return within_min_count(rows, entanglement(squared, other), codes, room)

    def remove(self, rows: RowIds) -> None:
        """Take rows out of the rounds that follow."""
        self.left[rows] = False

    def around_misclassified(self, rows: RowIds, k: int) -> RowIds:
        """The k nearest of each of ``rows`` that its neighbours misclassify; a row can come several times."""
        codes = self._labels.codes
        _, found = self._find(k, rows)
        return found[are_misclassified(codes[found], codes[rows])].ravel()

    def _find(self, k: int, rows: RowIds, **among: Any) -> tuple[Any, RowIds]:
        """Squared distances and row numbers of the k nearest."""
        return find_nearest(self._index, k, rows=rows, n_jobs=self._n_jobs, progress=self._progress, **among)

    def _by_class(self, rows: RowIds) -> Iterator[tuple[int, RowIds, Index, Index]]:
        """Each class among the rows: its code, their places, its parts and those of the other classes."""
        codes = self._labels.codes[rows]
        for code in np.flatnonzero(np.bincount(codes)).tolist():
            at = np.flatnonzero(codes == code)
            yield code, at, self._index.of_class(code), self._index.of_others(code)

    def _prove(self, rows: RowIds, k: int) -> None:
        """Note which rows have a proof for all rounds up to k neighbours, and its witnesses."""
        kind = self._kind if self._same_k else "all"
        if not self._apart:
            if not self._same_k:  # there is more than one round
                self._proven[rows], self._witnesses[rows] = self._vote(rows, k, kind)
            return
        for code, at, same_class, others in self._by_class(rows):
            share = least_own(kind, k, code)
            squared, found = self._find(share, rows[at], among=same_class, homes_only=True)
            bound = squared[:, -1], found[:, -1]
            outdone = predicates.at_least_precede(
                self._index,
                others,
                rows[at],
                k - share + 1,
                bound,
                n_jobs=self._n_jobs,
                progress=self._progress,
            )
            yes = ~outdone & np.isfinite(bound[0])
            self._proven[rows[at]] = yes
            if self._keeps_witnesses:
                self._witnesses[rows[at[yes]], :share] = found[yes]

    def _stay(self, rows: RowIds, k: int) -> tuple[Mask, RowIds]:
        """Whether rows stay in a round (m,), and the witnesses of those that do (m, k)."""
        if not self._apart or (self._kind == "mode" and len(self._labels.counts) > 2):
            return self._vote(rows, k, self._kind)
        stays = np.zeros(len(rows), bool)
        witnesses = np.repeat(rows[:, np.newaxis], k, axis=1)
        for code, at, same_class, others in self._by_class(rows):
            share = least_own(self._kind, k, code)
            squared, found = self._find(k - share + 1, rows[at], among=others)
            bound = squared[:, -1], found[:, -1]
            before, nearest = self._find(share, rows[at], among=same_class, known=bound, stop=bound[0])
            stays[at] = (nearest[:, -1] != found[:, -1]) | (before[:, -1] != squared[:, -1])
            witnesses[at, :share] = nearest
        return stays, witnesses

    def _vote(self, rows: RowIds, k: int, kind: str) -> tuple[Mask, RowIds]:
        """Whether rows stay by their k nearest rows, and these."""
        _, found = self._find(k, rows)
        return are_confirmed(self._labels.codes[found], self._labels.codes[rows], kind), found


def least_own(kind: str, k: int, code: int) -> int:
    """How many of the k nearest suffice if they are of the same class."""
    return k if kind == "all" else (k + 1 + (code > 0)) // 2


def are_confirmed(voters: RowIds, codes: RowIds, kind: str) -> Mask:
    """Whether rows of some classes (m,) stay by the classes of their k nearest (m, k)."""
    return (voters == codes[:, np.newaxis]).all(axis=1) if kind == "all" else modes(voters) == codes


def are_misclassified(voters: RowIds, codes: RowIds) -> Mask:
    """Whether rows are outvoted by their k nearest, the first of which gives its vote to the row itself."""
    return modes(np.concatenate([codes[:, np.newaxis], voters[:, :-1]], axis=1)) != codes


def entanglement(squared: Floats, other: Mask) -> list[NDArray[Any]]:
    """Keys of ``within_min_count``: squared distances (m, k), and which of the rows are of other classes."""
    return [np.where(other, squared, np.inf).min(axis=1), -other.sum(axis=1)]


def modes(codes: RowIds) -> RowIds:
    """The most frequent code of each row of an array, the lowest of equally frequent ones."""
    ordered = np.sort(codes, axis=1)
    winners, most, run = ordered[:, 0].copy(), np.ones(len(codes), np.int64), np.ones(len(codes), np.int64)
    for before, here in pairwise(ordered.T):
        run = np.where(here == before, run + 1, 1)
        winners[run > most] = here[run > most]
        most = np.maximum(most, run)
    return winners
