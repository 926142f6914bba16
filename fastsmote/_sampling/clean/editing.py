"""Edited nearest neighbours and its relatives on canonical data: which rows stay.

Rows are ordered around a row by (squared distance, index), the row itself left out by its index. A round asks
each row of the classes that are cleaned whether it stays among its k nearest:

* ``"all"``: if all of them are of its class;
* ``"mode"``: if its class is the most frequent of them, the lowest code among equally frequent ones.

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

**Floors.** Where a class would keep fewer rows than its floor, as many go as may, the most entangled first:
those with most rows of other classes among their k nearest of the round, of these the nearest to such a row,
then by row number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_flag, check_integer, check_word, is_number
from fastsmote._core.labels import Labels, rows_by_code
from fastsmote._core.typing import Mask, Progress, RowIds
from fastsmote._neighbors import predicates
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import Index, hide_rows
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.clean.min_count import CleaningOptions, read_cleaning, within_min_count

# A part costs each query of another class a leaf. With a part per class against one for all, in CPU seconds:
# 40,000 x 30 fraud-shaped rows of two classes, 1 %, 0.15 and 0.54; of nine classes, 4 % outside the largest,
# 0.39 and 0.56; 40,000 x 20 normal clusters of four equal classes 0.22 and 0.17, of eleven 0.54 and 0.25;
# 2,000 rows of two classes 0.009 and 0.007.
_MOST_PARTS = 8
_PART_ROWS = 256  # rows per class, on average, from which on classes get parts: one leaf


@dataclass(frozen=True)
class Editing:
    """What all rounds share; the index belongs to the task alone, because rows are taken out of it."""

    index: Index
    labels: Labels
    kind: str
    n_jobs: int | None
    progress: Progress | None

    @property
    def apart(self) -> bool:
        """Whether each class has a part of its own."""
        return self.index.parts[0].code >= 0


def select_enn(
    X: Any, y: Any, *, n_neighbors: Any, kind_sel: Any, **options: Unpack[CleaningOptions]
) -> Selection:
    """The decision of :func:`fastsmote.edited_nearest_neighbours`."""
    k = check_integer(n_neighbors, "n_neighbors")
    kind = check_kind(kind_sel)
    request = read_cleaning(X, y, k, **options)
    intake, cleaned, min_counts, n_jobs, progress = request
    matrix, labels = request.matrix, intake.labels
    return request.keep(decide_enn(matrix, labels, cleaned, k, kind, min_counts, n_jobs, progress))


def select_renn(
    X: Any, y: Any, *, n_neighbors: Any, max_iter: Any, kind_sel: Any, **options: Unpack[CleaningOptions]
) -> Selection:
    """The decision of :func:`fastsmote.repeated_edited_nearest_neighbours`."""
    k = check_integer(n_neighbors, "n_neighbors")
    max_iter = check_integer(max_iter, "max_iter")
    kind = check_kind(kind_sel)
    request = read_cleaning(X, y, k, **options)
    intake, cleaned, min_counts, n_jobs, progress = request
    matrix, labels = request.matrix, intake.labels
    kept, _ = decide_renn(matrix, labels, cleaned, k, kind, max_iter, min_counts, n_jobs, progress)
    return request.keep(kept)


def select_all_knn(
    X: Any,
    y: Any,
    *,
    n_neighbors: Any,
    kind_sel: Any,
    allow_minority: Any,
    **options: Unpack[CleaningOptions],
) -> Selection:
    """The decision of :func:`fastsmote.all_knn`."""
    k = check_integer(n_neighbors, "n_neighbors")
    kind = check_kind(kind_sel)
    allow_minority = check_flag(allow_minority, "allow_minority")
    request = read_cleaning(X, y, k, **options)
    intake, cleaned, min_counts, n_jobs, progress = request
    matrix, labels = request.matrix, intake.labels
    return request.keep(
        decide_all_knn(matrix, labels, cleaned, k, kind, allow_minority, min_counts, n_jobs, progress)
    )


def select_ncr(
    X: Any, y: Any, *, n_neighbors: Any, threshold_cleaning: Any, **options: Unpack[CleaningOptions]
) -> Selection:
    """The decision of :func:`fastsmote.neighbourhood_cleaning_rule`."""
    k = check_integer(n_neighbors, "n_neighbors")
    if not is_number(threshold_cleaning):
        raise TypeError(f"threshold_cleaning must be a number >= 0. Got {threshold_cleaning!r}.")
    if not threshold_cleaning >= 0:
        raise ValueError(f"threshold_cleaning must be a number >= 0. Got {threshold_cleaning!r}.")
    request = read_cleaning(X, y, k, **options)
    intake, cleaned, min_counts, n_jobs, progress = request
    matrix, labels, threshold = request.matrix, intake.labels, float(threshold_cleaning)
    return request.keep(decide_ncr(matrix, labels, cleaned, k, threshold, min_counts, n_jobs, progress))


def check_kind(kind_sel: Any) -> str:
    """How neighbours decide."""
    return check_word(kind_sel, "kind_sel", ("all", "mode"))


def decide_enn(
    matrix: NDArray,
    labels: Labels,
    cleaned: Mask,
    n_neighbors: int,
    kind: str,
    min_counts: RowIds,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """Rows that stay in edited nearest neighbours (Wilson, 1972, doi:10.1109/TSMC.1972.4309137).

    ``cleaned`` (n_classes,) are the classes that lose rows; all rows of the others stay. ``floors``
    (n_classes,) are rows that a class keeps at least. Less than all rows must be asked for, ``n_neighbors <
    n_samples``.
    """
    editing = new_editing(matrix, labels, kind, n_jobs, progress)
    return np.flatnonzero(edit(editing, cleaned, [n_neighbors], 0, min_counts)[0])


def decide_renn(
    matrix: NDArray,
    labels: Labels,
    cleaned: Mask,
    n_neighbors: int,
    kind: str,
    max_iter: int,
    min_counts: RowIds,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[RowIds, int]:
    """Rows that stay when edited nearest neighbours is repeated on what it leaves, and the number of rounds.

    Ends after a round that removes nothing, or that leaves a class no rows or fewer than the minority had at
    first, whose removals count; before a round that has ``n_neighbors`` rows or fewer to look at; after
    ``max_iter`` rounds (Tomek, 1976, doi:10.1109/TSMC.1976.4309523, without the limits).

    imbalanced-learn decides anew in each round which classes ``cleaned`` stands for, which differs when
    counts become equal, or the largest class changes; takes for the minority the first of equally small
    classes in the order of rows, here the lowest code; raises an error where too few rows are left; and
    gives wrong ``sample_indices_`` when the first round removes nothing and ``y`` is not sorted.
    """
    editing = new_editing(matrix, labels, kind, n_jobs, progress)
    left, n_rounds = edit(editing, cleaned, [n_neighbors] * max_iter, int(labels.counts.min()), min_counts)
    return np.flatnonzero(left), n_rounds


def decide_all_knn(
    matrix: NDArray,
    labels: Labels,
    cleaned: Mask,
    n_neighbors: int,
    kind: str,
    allow_minority: bool,
    min_counts: RowIds,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """Rows that stay after rounds with 1, 2, ... ``n_neighbors`` neighbours, each on what the last one left.

    Ends as ``decide_renn`` does, but not when a round removes nothing, and with ``allow_minority`` not when a
    class becomes smaller than the minority was (Tomek, 1976, doi:10.1109/TSMC.1976.4309523). After that
    imbalanced-learn's "auto" spares that class and takes rows of the minority; here ``cleaned`` holds.
    """
    editing = new_editing(matrix, labels, kind, n_jobs, progress)
    least = 0 if allow_minority else int(labels.counts.min())
    return np.flatnonzero(edit(editing, cleaned, range(1, n_neighbors + 1), least, min_counts)[0])


def decide_ncr(
    matrix: NDArray,
    labels: Labels,
    cleaned: Mask,
    n_neighbors: int,
    threshold_cleaning: float,
    min_counts: RowIds,
    n_jobs: int | None,
    progress: Progress | None,
) -> RowIds:
    """Rows that stay in the neighbourhood cleaning rule (Laurikkala, 2001, doi:10.1007/3-540-48229-6_9).

    Two sets go: what ``decide_enn`` removes with kind "mode"; and, of the ``n_neighbors`` nearest rows of
    each misclassified row of the minority, those of cleaned classes with more rows than
    ``threshold_cleaning`` times the minority's. Both look at all rows. As in imbalanced-learn, the row itself
    counts for its classification, as the first of ``n_neighbors``: with one it is never misclassified, with
    two where its neighbour's code is lower. The minority is the lowest code of the smallest classes
    (imbalanced-learn: the first in the order of rows); labels of any kind will do, where imbalanced-learn
    fails with strings; rows leave themselves out by index, where it drops the first of the neighbours.
    """
    editing = new_editing(matrix, labels, "mode", n_jobs, progress)
    stays = edit(editing, cleaned, [n_neighbors], 0, np.zeros_like(min_counts))[0]
    codes, counts = labels.codes, labels.counts
    minority = int(np.argmin(counts))
    rows = np.flatnonzero(codes == minority)
    around = around_misclassified(editing.index, rows, codes, n_neighbors, n_jobs, progress)
    reducible = cleaned & (counts > threshold_cleaning * counts[minority])
    stays[around[reducible[codes[around]]]] = False
    left = np.ones(len(codes), bool)
    left[_above_floors(editing, np.flatnonzero(~stays), left, n_neighbors, min_counts)] = False
    return np.flatnonzero(left)


def new_editing(
    matrix: NDArray, labels: Labels, kind: str, n_jobs: int | None, progress: Progress | None
) -> Editing:
    n_classes = len(labels.counts)
    apart = n_classes <= _MOST_PARTS and len(matrix) >= _PART_ROWS * n_classes
    groups = rows_by_code(labels.codes, n_classes) if apart else None
    return Editing(build_index(matrix, groups, n_jobs=n_jobs), labels, kind, n_jobs, progress)


def edit(
    editing: Editing, cleaned: Mask, rounds: Sequence[int], least: int, min_counts: RowIds
) -> tuple[Mask, int]:
    """Which rows are left (n,) after rounds with so many neighbours, and how many rounds there were.

    With another round to come, ends if a class is left without rows or, but for the minority, with fewer than
    ``least``; if one round is like the next and has removed nothing; if there are too few rows for it.
    """
    codes, counts = editing.labels.codes, editing.labels.counts
    others = np.arange(len(counts)) != np.argmin(counts)
    alike = rounds[0] == rounds[-1]
    queries = np.flatnonzero(cleaned[codes])
    left = np.ones(len(codes), bool)
    proven, witnesses = prove(editing, queries, rounds[-1], alike)
    for done, k in enumerate(rounds):
        if done:
            counts = np.bincount(codes[left], minlength=len(counts))
            if not counts.all() or (counts[others] < least).any() or counts.sum() <= k:
                return left, done
            hide_rows(editing.index, ~left)
        open_ = np.flatnonzero(left[queries] & ~(proven & left[witnesses].all(axis=1)))
        stays, found = stay(editing, queries[open_], k)
        if alike:
            proven[open_] = stays
            witnesses[open_] = found
        removed = _above_floors(editing, queries[open_[~stays]], left, k, min_counts)
        left[removed] = False
        if alike and not len(removed):
            return left, done + 1
    return left, len(rounds)


def _above_floors(editing: Editing, removed: RowIds, left: Mask, k: int, min_counts: RowIds) -> RowIds:
    """Of the rows that a round would remove, those that may go."""
    codes = editing.labels.codes
    room = np.bincount(codes[left], minlength=len(min_counts)) - min_counts
    if (np.bincount(codes[removed], minlength=len(room)) <= np.maximum(room, 0)).all():
        return removed
    squared, found = find_nearest(
        editing.index, k, rows=removed, n_jobs=editing.n_jobs, progress=editing.progress
    )
    other = codes[found] != codes[removed][:, np.newaxis]
    nearest = np.where(other, squared, np.inf).min(axis=1)
    return within_min_count(removed, [nearest, -other.sum(axis=1)], codes, room)


def _share(kind: str, k: int, code: int) -> int:
    """How many of the k nearest suffice if they are of the own class."""
    return k if kind == "all" else (k + 1 + (code > 0)) // 2


def prove(editing: Editing, rows: RowIds, k: int, alike: bool) -> tuple[Mask, RowIds]:
    """Which rows have a proof that holds in all rounds up to k neighbours (m,), and its witnesses (m, k)."""
    proven = np.zeros(len(rows), bool)
    witnesses = np.repeat(rows[:, np.newaxis], k, axis=1)  # a row is its own witness for nothing
    kind = editing.kind if alike else "all"
    if not editing.apart:
        return (proven, witnesses) if alike else _vote(editing, rows, k, kind)
    for code, at, own, others in _by_class(editing, rows):
        share = _share(kind, k, code)
        squared, found = find_nearest(
            editing.index,
            share,
            rows=rows[at],
            among=own,
            homes_only=True,
            n_jobs=editing.n_jobs,
            progress=editing.progress,
        )
        bound = squared[:, -1].copy(), found[:, -1].copy()
        outdone = predicates.at_least_precede(
            editing.index,
            others,
            rows[at],
            k - share + 1,
            bound,
            n_jobs=editing.n_jobs,
            progress=editing.progress,
        )
        yes = ~outdone & np.isfinite(bound[0])
        proven[at] = yes
        witnesses[at[yes], :share] = found[yes]
    return proven, witnesses


def stay(editing: Editing, rows: RowIds, k: int) -> tuple[Mask, RowIds]:
    """Whether rows stay in a round (m,), and the witnesses of those that do (m, k)."""
    if not editing.apart or (editing.kind == "mode" and len(editing.labels.counts) > 2):
        return _vote(editing, rows, k, editing.kind)
    stays = np.zeros(len(rows), bool)
    witnesses = np.repeat(rows[:, np.newaxis], k, axis=1)
    for code, at, own, others in _by_class(editing, rows):
        share = _share(editing.kind, k, code)
        squared, found = find_nearest(
            editing.index,
            k - share + 1,
            rows=rows[at],
            among=others,
            n_jobs=editing.n_jobs,
            progress=editing.progress,
        )
        known = [np.repeat(place[:, -1:], share, axis=1) for place in (squared, found)]
        before, nearest = find_nearest(
            editing.index,
            share,
            rows=rows[at],
            among=own,
            known=(known[0], known[1]),
            stop=squared[:, -1].copy(),
            n_jobs=editing.n_jobs,
            progress=editing.progress,
        )
        stays[at] = (nearest[:, -1] != found[:, -1]) | (before[:, -1] != squared[:, -1])
        witnesses[at, :share] = nearest
    return stays, witnesses


def _by_class(editing: Editing, rows: RowIds) -> Iterator[tuple[int, RowIds, Index, Index]]:
    """Each class among the rows: its code, their places, its parts and those of the other classes."""
    codes = editing.labels.codes[rows]
    for code in np.unique(codes).tolist():
        yield code, np.flatnonzero(codes == code), editing.index.of_class(code), editing.index.of_others(code)


def _vote(editing: Editing, rows: RowIds, k: int, kind: str) -> tuple[Mask, RowIds]:
    """Whether rows stay by their k nearest rows, and these."""
    _, found = find_nearest(editing.index, k, rows=rows, n_jobs=editing.n_jobs, progress=editing.progress)
    voters, own = editing.labels.codes[found], editing.labels.codes[rows]
    return (voters == own[:, np.newaxis]).all(axis=1) if kind == "all" else modes(voters) == own, found


def modes(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most frequent code of each row of an array, the lowest of equally frequent ones."""
    ordered = np.sort(codes, axis=1)
    winners, most, run = ordered[:, 0].copy(), np.ones(len(codes), np.int64), np.ones(len(codes), np.int64)
    for before, here in pairwise(ordered.T):
        run = np.where(here == before, run + 1, 1)
        winners[run > most] = here[run > most]
        most = np.maximum(most, run)
    return winners


def around_misclassified(
    index: Index, rows: RowIds, codes: RowIds, k: int, n_jobs: int | None, progress: Progress | None
) -> RowIds:
    """The k nearest rows of each of ``rows`` that its neighbours misclassify; a row can come several times.

    A row itself votes for its class, as the first of k neighbours.
    """
    _, found = find_nearest(index, k, rows=rows, n_jobs=n_jobs, progress=progress)
    voters = np.concatenate([rows[:, np.newaxis], found[:, :-1]], axis=1)
    return found[modes(codes[voters]) != codes[rows]].ravel()


class Rounds:
    """Rounds of editing for a caller that chooses the classes of each round and the rows that it removes.

    Proofs of earlier rounds are kept, see the head of this file. ``left`` (n,) are the rows that are left.

    Parameters
    ----------
    editing : Editing
        Its index belongs to these rounds alone.
    cleaned : (n_classes,) bool
        Classes that the first round cleans: their rows are looked up at home before.
    most, same_k
        Neighbours of the last round, and whether all rounds have as many.
    """

    def __init__(self, editing: Editing, cleaned: Mask, most: int, same_k: bool) -> None:
        self._editing, self._same_k = editing, same_k
        n = len(editing.labels.codes)
        self.left: Mask = np.ones(n, bool)
        self._proven, self._witnesses = np.zeros(n, bool), np.zeros((n, most), np.int64)
        queries = np.flatnonzero(cleaned[editing.labels.codes])
        self._proven[queries], self._witnesses[queries] = prove(editing, queries, most, same_k)

    def contradicted(self, cleaned: Mask, k: int) -> RowIds:
        """Rows of the cleaned classes that do not stay among their k nearest of the rows that are left."""
        if not self.left.all():
            hide_rows(self._editing.index, ~self.left)
        queries = np.flatnonzero(self.left & cleaned[self._editing.labels.codes])
        known = self._proven[queries] & self.left[self._witnesses[queries]].all(axis=1)
        unknown = queries[~known]
        stays, witnesses = stay(self._editing, unknown, k)
        if self._same_k:
            self._proven[unknown], self._witnesses[unknown] = stays, witnesses
        return unknown[~stays]

    def remove(self, rows: RowIds) -> None:
        """Take rows out of the rounds that follow."""
        self.left[rows] = False
