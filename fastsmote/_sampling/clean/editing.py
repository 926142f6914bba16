"""Edited nearest neighbours and its relatives on canonical data: which rows stay.

Rows are ordered around a row by (squared distance, index), the row itself left out by its index. A round asks
each row of the classes that are cleaned whether it stays among its k nearest:

* ``"all"``: if all of them are of its class;
* ``"mode"``: if its class is the most frequent of them, the lowest code among equally frequent ones.

How hardly any row needs its k nearest for that stands in ``rounds``.
"""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np

from fastsmote._core.check import check_flag, check_integer, check_word, is_number
from fastsmote._core.labels import Labels
from fastsmote._core.typing import Mask, Matrix, Progress, RowIds
from fastsmote._neighbors.index import Index
from fastsmote._sampling.apply import Selection
from fastsmote._sampling.clean.min_count import CleaningOptions, read_cleaning
from fastsmote._sampling.clean.rounds import Rounds


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
    threshold = check_threshold(threshold_cleaning)
    request = read_cleaning(X, y, k, **options)
    intake, cleaned, min_counts, n_jobs, progress = request
    matrix, labels = request.matrix, intake.labels
    return request.keep(decide_ncr(matrix, labels, cleaned, k, threshold, min_counts, n_jobs, progress))


def check_kind(kind_sel: Any) -> str:
    """How neighbours decide."""
    return check_word(kind_sel, "kind_sel", ("all", "mode"))


def check_threshold(threshold_cleaning: Any) -> float:
    """How many times the minority's rows a class may have that loses neighbours of the minority."""
    if not is_number(threshold_cleaning):
        raise TypeError(f"threshold_cleaning must be a number >= 0. Got {threshold_cleaning!r}.")
    if not threshold_cleaning >= 0:
        raise ValueError(f"threshold_cleaning must be a number >= 0. Got {threshold_cleaning!r}.")
    return float(threshold_cleaning)


def reducible_classes(cleaned: Mask, counts: RowIds, threshold_cleaning: float) -> Mask:
    """Cleaned classes with more rows than so many times the minority's."""
    return cleaned & (counts / counts.min() > threshold_cleaning)  # exact, unlike a product


def decide_enn(
    matrix: Matrix,
    labels: Labels,
    cleaned: Mask,
    n_neighbors: int,
    kind: str,
    min_counts: RowIds,
    n_jobs: int | None,
    progress: Progress | None,
    index: Index | None = None,
) -> RowIds:
    """Rows that stay in edited nearest neighbours (Wilson, 1972, doi:10.1109/TSMC.1972.4309137).

    ``cleaned`` (n_classes,) are the classes that lose rows; all rows of the others stay. ``min_counts``
    (n_classes,) are rows that a class keeps at least. Less than all rows must be asked for, ``n_neighbors <
    n_samples``. ``index`` is that of the rounds, where it is there already.
    """
    rounds = Rounds(matrix, labels, kind, n_jobs, progress, index)
    edit(rounds, labels, cleaned, [n_neighbors], 0, min_counts)
    return np.flatnonzero(rounds.left)


def decide_renn(
    matrix: Matrix,
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
    rounds = Rounds(matrix, labels, kind, n_jobs, progress)
    least = int(labels.counts.min())
    n_rounds = edit(rounds, labels, cleaned, [n_neighbors] * max_iter, least, min_counts)
    return np.flatnonzero(rounds.left), n_rounds


def decide_all_knn(
    matrix: Matrix,
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
    rounds = Rounds(matrix, labels, kind, n_jobs, progress)
    least = 0 if allow_minority else int(labels.counts.min())
    edit(rounds, labels, cleaned, range(1, n_neighbors + 1), least, min_counts)
    return np.flatnonzero(rounds.left)


def decide_ncr(
    matrix: Matrix,
    labels: Labels,
    cleaned: Mask,
    n_neighbors: int,
    threshold_cleaning: float,
    min_counts: RowIds,
    n_jobs: int | None,
    progress: Progress | None,
    doubtful: RowIds | None = None,
    index: Index | None = None,
) -> RowIds:
    """Rows that stay in the neighbourhood cleaning rule (Laurikkala, 2001, doi:10.1007/3-540-48229-6_9).

    Two sets go: what ``decide_enn`` removes with kind "mode"; and, of the ``n_neighbors`` nearest rows of
    each misclassified row of the minority, those of cleaned classes with more rows than
    ``threshold_cleaning`` times the minority's. Both look at all rows. As in imbalanced-learn, the row itself
    counts for its classification, as the first of ``n_neighbors``: with one it is never misclassified, with
    two where its neighbour's code is lower. The minority is the lowest code of the smallest classes
    (imbalanced-learn: the first in the order of rows); labels of any kind will do, where imbalanced-learn
    fails with strings; rows leave themselves out by index, where it drops the first of the neighbours.

    ``doubtful``, where they are known, are the rows that ``decide_enn`` removes with kind "all" and as many
    neighbours: all that it can remove with kind "mode" are among them. ``index`` is that of the rounds.
    """
    rounds = Rounds(matrix, labels, "mode", n_jobs, progress, index)
    removed = np.zeros(len(labels.codes), bool)
    if doubtful is None:
        rounds.start(cleaned, n_neighbors, True, is_only=True)
        removed[rounds.contradicted(cleaned, n_neighbors)] = True
    else:
        removed[rounds.contradicted_among(doubtful, n_neighbors)] = True
    codes, counts = labels.codes, labels.counts
    minority = int(np.argmin(counts))
    around = rounds.around_misclassified(np.flatnonzero(codes == minority), n_neighbors)
    reducible = reducible_classes(cleaned, counts, threshold_cleaning)
    removed[around[reducible[codes[around]]]] = True
    rounds.remove(rounds.removable(np.flatnonzero(removed), n_neighbors, min_counts))
    return np.flatnonzero(rounds.left)


def edit(
    rounds: Rounds,
    labels: Labels,
    cleaned: Mask,
    numbers: Sequence[int],
    least: int,
    min_counts: RowIds,
) -> int:
    """Go through rounds with these numbers of neighbours, which leave ``rounds.left``; how many there were.

    With another round to come, ends if a class is left without rows or, but for the minority, with fewer than
    ``least``; if one round is like the next and has removed nothing; if there are too few rows for it.
    """
    others = np.arange(len(labels.counts)) != np.argmin(labels.counts)
    same_k = numbers[0] == numbers[-1]
    rounds.start(cleaned, numbers[-1], same_k, is_only=len(numbers) == 1)
    for done, k in enumerate(numbers):
        if done:
            counts = labels.counts_of(rounds.left)
            if not counts.all() or (counts[others] < least).any() or counts.sum() <= k:
                return done
        removed = rounds.removable(rounds.contradicted(cleaned, k), k, min_counts)
        rounds.remove(removed)
        if same_k and not len(removed):
            return done + 1
    return len(numbers)
