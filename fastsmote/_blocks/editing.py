"""Edited nearest neighbours on blocks: most rows of the largest class are proven to stay within their block.

A row stays if so many of its k nearest rows are of its class (``fastsmote._sampling.clean.rounds``). Further
rows of its class push out none of it but by others of it: so where the k nearest among the few and the rows
of its block prove it, those among all rows do. The proof is first looked for at home, in the leaf that the
row falls into. Rows without a proof are gathered, with the k nearest that they have so far, and meet all
other blocks in one more pass, until they have a proof or all blocks were seen. Then their k nearest rows
vote. Where they fill memory they are put beside each other before that: they lie where classes meet, and most
of them prove each other.

Nearest rows are the k smallest under (squared distance, row number): how the table is cut does not matter.
"""

from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from fastsmote._blocks.block import Block, ClassCounts
from fastsmote._blocks.decision import Decision, of_counts, without
from fastsmote._blocks.join import NO_ROW, Nearer, ascending
from fastsmote._blocks.passes import Passes
from fastsmote._blocks.rest import Held, Rest, gather_held
from fastsmote._core.check import check_integer
from fastsmote._core.typing import Floats, Mask, Matrix, RowIds
from fastsmote._neighbors.index import Index
from fastsmote._neighbors.predicates import at_least_precede
from fastsmote._neighbors.search import find_nearest
from fastsmote._sampling.clean.editing import check_kind, check_threshold, reducible_classes
from fastsmote._sampling.clean.min_count import check_min_count, require_neighbors, within_min_count
from fastsmote._sampling.clean.rounds import are_confirmed, are_misclassified, entanglement, least_own
from fastsmote._sampling.strategy import clean_targets

LISTS = 5  # of nearest rows, while they change: before, of blocks before, at work, and what differs, twice


def edited_nearest_neighbours(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 3,
    kind_sel: str = "all",
    min_count: Any = None,
    n_jobs: int | None = None,
) -> Decision:
    """Three passes: the few; proofs within the blocks; rows without a proof beside all blocks."""
    k, kind = check_integer(n_neighbors, "n_neighbors"), check_kind(kind_sel)
    cleaned = clean_targets(of_counts(sampling_strategy), known.labels, None)
    min_counts = check_min_count(min_count, known.labels)
    require_neighbors(k, int(known.counts.sum()))
    held, editor = _gathered(known, passes, room, k, kind, n_jobs)
    asked = editor.ask(passes, np.flatnonzero(cleaned[held.codes]), bool(cleaned[held.largest]), room)
    return without(*contradicted(asked, held, kind, known.counts - min_counts), known)


def neighbourhood_cleaning_rule(
    known: ClassCounts,
    passes: Passes,
    room: int | None,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 3,
    threshold_cleaning: float = 0.5,
    min_count: Any = None,
    n_jobs: int | None = None,
) -> Decision:
    """Three passes, as those of edited nearest neighbours; two more where a class would lose too many."""
    k, threshold = check_integer(n_neighbors, "n_neighbors"), check_threshold(threshold_cleaning)
    cleaned = clean_targets(of_counts(sampling_strategy), known.labels, None)
    min_counts = check_min_count(min_count, known.labels)
    require_neighbors(k, int(known.counts.sum()))
    held, editor = _gathered(known, passes, room, k, "mode", n_jobs)
    minority = int(known.counts.argmin())
    own = np.flatnonzero(cleaned[held.codes] | (held.codes == minority))
    asked = editor.ask(passes, own, bool(cleaned[held.largest]), room)
    removed = asked.some(cleaned[asked.codes] & ~asked.are_confirmed(held, "mode")).rows
    smallest = asked.some(asked.codes == minority)
    around = smallest.found[are_misclassified(held.codes_of(smallest.found), smallest.codes)].ravel()
    reducible = reducible_classes(cleaned, known.counts, threshold)
    removed = np.union1d(removed, around[reducible[held.codes_of(around)]])
    codes, most = held.codes_of(removed), known.counts - min_counts
    if (np.bincount(codes, minlength=len(most)) <= most).all():
        return without(removed, codes, known)
    others = editor.look_up(passes, np.setdiff1d(removed, asked.rows), room)
    gone = _joined([asked.some(np.isin(asked.rows, removed)), others])
    return without(*most_entangled(gone, held, most), known)


class Asked(NamedTuple):
    """Rows that may go, and the k nearest rows that they have among those that were read so far."""

    matrix: Matrix
    rows: RowIds  # (m,) their numbers
    codes: RowIds  # (m,)
    squared: Floats  # (m, k)
    found: RowIds  # (m, k) numbers

    def some(self, which: Any) -> "Asked":
        return Asked(*(part[which] for part in self))

    @property
    def nbytes(self) -> int:
        """Bytes while a pass goes on: rows in parts and put together, lists as they were, are and become."""
        return 2 * self.matrix.nbytes + LISTS * (self.squared.nbytes + self.found.nbytes)

    def are_confirmed(self, held: Held, kind: str) -> Mask:
        """Whether rows stay by the votes of these rows."""
        return are_confirmed(held.codes_of(self.found), self.codes, kind)


def contradicted(asked: Asked, held: Held, kind: str, most: RowIds) -> tuple[RowIds, RowIds]:
    """Rows that go, by the votes of their nearest rows: their numbers, ascending, and classes."""
    return most_entangled(asked.some(~asked.are_confirmed(held, kind)), held, most)


def most_entangled(gone: Asked, held: Held, most: RowIds) -> tuple[RowIds, RowIds]:
    """Of rows that may go, at most ``most`` (n_classes,) of each class: their numbers and classes."""
    gone = gone.some(np.argsort(gone.rows))
    keys = entanglement(gone.squared, held.codes_of(gone.found) != gone.codes[:, np.newaxis])
    chosen = np.sort(within_min_count(np.arange(len(gone.rows)), keys, gone.codes, most))
    return gone.rows[chosen], gone.codes[chosen]


def _gathered(
    known: ClassCounts, passes: Passes, room: int | None, k: int, kind: str, n_jobs: int | None
) -> tuple[Held, "Editor"]:
    """The rows that are held, by a pass, and who asks the others.

    Of equally large classes the last one streams past: the first is the minority where all are.
    """
    largest = len(known.counts) - 1 - int(known.counts[::-1].argmax())
    held, index, rest = gather_held(known, passes, largest, room, n_jobs)
    return held, Editor(held, index, rest, k, kind, n_jobs)


class Editor:
    """Asks rows for their k nearest, as far as it is not proven that they stay."""

    def __init__(self, held: Held, index: Index, rest: Rest, k: int, kind: str, n_jobs: int | None) -> None:
        self._held, self._index, self._rest, self._n_jobs = held, index, rest, n_jobs
        self._k, self._enough = k, least_own(kind, k, held.largest)

    def ask(self, passes: Passes, own: RowIds, is_largest_cleaned: bool, room: int | None) -> Asked:
        """Rows with their k nearest of all: some of those held, and those of the largest class without proof.

        Two passes at most.
        """
        asked = passes.once(partial(self._of_held, own))
        if is_largest_cleaned:
            asked = _joined([asked, *passes.found(self._certified, partial(self._condensed, room))[1]])
        asked = self._among_all(passes, asked, True)
        is_largest = asked.codes == self._held.largest
        return asked.some(~(is_largest & self._are_proven(asked.squared, asked.found)))

    def look_up(self, passes: Passes, numbers: RowIds, room: int | None) -> Asked:
        """Rows of the largest class by their numbers, ascending, with their k nearest of all: two passes."""
        if not len(numbers):
            return self._of_held(numbers)
        _, parts = passes.found(partial(self._picked, numbers), partial(_together, room))
        return self._among_all(passes, _joined(list(parts)), False)

    def _among_all(self, passes: Passes, asked: Asked, ends_by_proof: bool) -> Asked:
        """A pass that brings rows together with all blocks; a proof may do for rows of the largest class."""
        if not len(asked.rows):
            return asked
        nearest = asked.squared, asked.found
        nearer = passes.improved(partial(self._meet, asked, ends_by_proof), Nearer.merged)
        squared, found = nearer.over(nearest)
        return asked._replace(squared=squared, found=found)

    def _certified(self, block: Block) -> "_Parts":
        asked = self.certify(block)
        return asked.nbytes, (asked,)

    def _condensed(self, room: int | None, one: "_Parts", other: "_Parts") -> "_Parts":
        """The rows of all blocks; of what fills half of the room those without a proof among them.

        They lie where classes meet, so that most of them have enough of their class among the others.
        """
        n_bytes, parts = one[0] + other[0], one[1] + other[1]
        n_since = sum(part.nbytes for part in parts[1:])  # came since the last time
        if room is not None and n_bytes > room // 2 and (n_since > n_bytes // 4 or n_bytes > room):
            asked = self._beside_each_other(_joined(list(parts)))
            n_bytes, parts = asked.nbytes, (asked,)
        return _within(room, n_bytes, parts)

    def _beside_each_other(self, asked: Asked) -> Asked:
        """Rows of the largest class, by their numbers ascending, that each other do not prove to stay."""
        n, k = len(asked.rows), self._k
        index = self._rest.index_of(asked.matrix)
        bound = np.repeat(asked.squared[:, -1:], k, axis=1), np.full((n, k), n)
        squared, places = find_nearest(index, k, known=bound, n_jobs=self._n_jobs)
        squared[places == n] = np.inf
        every = np.arange(n)
        beside = Nearer(every, squared, np.append(asked.rows, NO_ROW)[places])
        _, squared, found = Nearer(every, asked.squared, asked.found).merged(beside)
        return asked._replace(squared=squared, found=found).some(~self._are_proven(squared, found))

    def _picked(self, numbers: RowIds, block: Block) -> "_Parts":
        start, stop = np.searchsorted(numbers, [block.first, block.first + len(block.labels)])
        index = self._rest.index(block) if start < stop else None
        if index is None:
            asked = self._of_held(np.empty(0, np.int64))
        else:
            asked = self._beside(index, numbers[start:stop] - block.first, block.first)
        return asked.nbytes, (asked,)

    def _of_held(self, own: RowIds) -> Asked:
        held = self._held
        squared, places = find_nearest(self._index, self._k, rows=own, n_jobs=self._n_jobs)
        return Asked(held.matrix[own], held.rows[own], held.codes[own], squared, held.numbers(places))

    def certify(self, block: Block) -> Asked:
        """The rows of the largest class that the few and their block do not prove to stay."""
        index = self._rest.index(block)
        if index is None:
            return self._of_held(np.empty(0, np.int64))
        rows = self._unproven_at_home(index, np.sort(index.rows()), block.first)
        asked = self._beside(index, rows, block.first)
        return asked.some(~self._are_proven(asked.squared, asked.found))

    def _beside(self, index: Index, rows: RowIds, first: int) -> Asked:
        """Rows of a block with their k nearest among the few and the block."""
        squared, places = find_nearest(self._index, self._k, index.X, rows, n_jobs=self._n_jobs)
        found = self._held.numbers(places) - first
        squared, found = find_nearest(index, self._k, rows=rows, known=(squared, found), n_jobs=self._n_jobs)
        codes = np.full(len(rows), self._held.largest)
        found += first
        return Asked(index.X[rows], rows + first, codes, squared, found)

    def _unproven_at_home(self, index: Index, rows: RowIds, first: int) -> RowIds:
        """Rows whose leaf holds not enough of their class before those of the few that may come first."""
        enough = self._enough
        squared, found = find_nearest(index, enough, rows=rows, homes_only=True, n_jobs=self._n_jobs)
        last = squared[:, -1].copy()
        bound = last, np.searchsorted(self._held.rows, found[:, -1] + first)
        n_others = self._k - enough + 1
        outdone = at_least_precede(
            self._index, self._index, rows, n_others, bound, queries=index.X, n_jobs=self._n_jobs
        )
        return rows[outdone | ~np.isfinite(last)]

    def _are_proven(self, squared: Floats, found: RowIds) -> Mask:
        """Whether enough of the nearest rows so far are of the largest class, for rows of it."""
        of_largest = (self._held.codes_of(found) == self._held.largest) & np.isfinite(squared)
        return of_largest.sum(axis=1) >= self._enough

    def _meet(self, asked: Asked, ends_by_proof: bool, block: Block, so_far: Nearer | None) -> Nearer:
        """What a block is nearest to, but for rows that lie in it: these have met it.

        Rows of the block that others have met already, in ``_beside_each_other``, are looked for again.
        """
        nearest = asked.squared, asked.found
        squared, found = (so_far or Nearer.nothing(self._k)).over(nearest)
        is_largest = asked.codes == self._held.largest
        is_here = (asked.rows >= block.first) & (asked.rows < block.first + len(block.labels))
        is_proven = ends_by_proof & self._are_proven(squared, found)
        at = np.flatnonzero(~(is_largest & (is_here | is_proven)))
        squared_at, found_at = squared[at], found[at]
        self._forget(squared_at, found_at, block)
        self._rest.come_nearer(asked.matrix, at, squared_at, found_at, block)
        squared[at], found[at] = squared_at, found_at
        return Nearer.of((squared, found), nearest)

    def _forget(self, squared: Floats, found: RowIds, block: Block) -> None:
        """Take rows of a block that are of the largest class out of lists."""
        is_here = (found >= block.first) & (found < block.first + len(block.labels))
        is_here &= self._held.codes_of(found) == self._held.largest
        at = np.flatnonzero(is_here.any(axis=1))
        squared[is_here], found[is_here] = np.inf, NO_ROW
        squared[at], found[at] = ascending(squared[at], found[at])


_Parts: TypeAlias = tuple[int, tuple[Asked, ...]]  # bytes, and the rows of each block


def _together(room: int | None, one: _Parts, other: _Parts) -> _Parts:
    """The rows of all blocks."""
    return _within(room, one[0] + other[0], one[1] + other[1])


def _within(room: int | None, n_bytes: int, parts: tuple[Asked, ...]) -> _Parts:
    """ValueError where rows fill more than ``room`` bytes."""
    if room is not None and n_bytes > room:
        raise ValueError(
            "memory_limit must hold the rows of the largest class that lie among others, with their "
            f"neighbours. Those of the first blocks take {n_bytes:,} bytes already, and there is room for "
            f"{room:,}; pass a larger memory_limit, or fewer neighbours."
        )
    return n_bytes, parts


def _joined(parts: list[Asked]) -> Asked:
    return Asked(*map(np.concatenate, zip(*parts, strict=True)))
