"""Building an index, and building on: leaves of rows that lie together, and the boxes around them.

Rows that are appended become parts (after Bentley and Saxe, 1980): a new part swallows those of its class
that are at most twice as large, the smallest first, so that there are at most log2(n) of them and most of
what stands is not built again.

How an index is built decides how long a search takes, never what it finds: see ``search``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Matrix, RowIds
from fastsmote._kernels.neighbors import tree
from fastsmote._kernels.neighbors.search import Leaves
from fastsmote._kernels.neighbors.tile import BOX_DIMS, TILE_ROWS
from fastsmote._neighbors import bits, inverted, loose
from fastsmote._neighbors.coordinates import choose_coordinates, compute_leading, coordinate_blocks
from fastsmote._neighbors.distance import ROWS_PER_BLOCK, largest_magnitude, rows_per_block, scale_for
from fastsmote._neighbors.index import Index, Loose, Part, dense, leaves_of, loose_of, rescaled

LEAF_ROWS = 8 * TILE_ROWS
SPLIT_AXES = tree.LEADING  # splits are made on the widest axes
_LEAVES_PER_BLOCK, _BLOCKS = 32, 64  # at most, and blocks for many threads
_LEAVES_TOGETHER = 4  # whose coordinates are made and packed together: 0.25 MB of them at 30 features
_OUTGROWN = 2.0**39  # new rows this much larger than the indexed ones: float32 would not hold their squares
_DEALT = 200_000  # rows of a node that all threads split together: fewer are not worth their start
_DEALT_TOGETHER = 1 << 15
_PIVOTS = 1024  # rows that tell which ones may be in the middle, and how far these are from it at most
_OFF_MIDDLE = 64
_MANY_NODES = 32  # of one level, from which on each is split to the end in one go

_columns, _middle = tree.columns.py_func, tree.middle.py_func  # run as Python, so that nothing is compiled


def build_index(
    X: Any,
    groups: Sequence[RowIds] | None = None,
    *,
    lasting: bool = False,
    n_jobs: int | None = None,
) -> Index:
    """Index all rows of X, or groups of rows (each ascending), group i as the part of code i.

    Rows are left ``Loose`` where that is cheaper, unless the index is ``lasting``, made for questions without
    end. Sparse rows are indexed by their features.
    """
    coded = _coded(0, len(X), groups, n_jobs)
    if isinstance(X, SparseMatrix):
        return inverted.build(X, coded, n_jobs)
    sizes = sum(len(rows) for _, rows in coded), X.shape[1]
    if lasting:
        return _build(X, coded, n_jobs)
    if loose.compiles(*sizes, X.dtype):
        planes = bits.index_rows(X, [rows for _, rows in coded], n_jobs)
        if planes is not None:
            return _left_loose(X, coded, planes, n_jobs)
    if loose.stays_loose(*sizes, X.dtype):
        return _left_loose(X, coded, [None] * len(coded), n_jobs)
    return _build(X, coded, n_jobs)


def _left_loose(
    X: Matrix,
    coded: list[tuple[int, RowIds]],
    planes: Sequence[NDArray[np.uint64] | None],
    n_jobs: int | None,
) -> Index:
    largest = max((largest_magnitude(X, rows, n_jobs) for _, rows in coded), default=0.0)
    codes, scale = np.empty((len(X), 0), np.int32), scale_for(largest)
    return Index(
        tuple(
            Part(code, Loose(X, rows, scale, codes, 0.0, np.ones(len(rows), bool), None, some))
            for (code, rows), some in zip(coded, planes, strict=True)
        )
    )


def with_leaves(index: Index, n_jobs: int | None) -> Index:
    """The index with leaves in place of the rows that searches find, for a question that is worth it."""
    visible = [(code, part.ids[part.visible]) for code, part in index.parts if isinstance(part, Loose)]
    coded = [(code, rows) for code, rows in visible if len(rows)]
    if not coded:
        return Index(())
    first = loose_of(index)[0]
    built = _build(first.X, coded, n_jobs)
    return with_categories(rescaled(built, first.scale), first.codes, first.cost)


def with_categories(index: Index, codes: NDArray[np.int32], cost: float) -> Index:
    """An index whose distances of rows of X to each other also count different categories.

    ``codes`` (n, n_categorical) are int32 and contiguous; each pair of different ones adds ``cost`` to a
    squared scaled distance.
    """
    codes = freeze(codes)
    parts = ((code, dense(leaves)) for code, leaves in index.parts)
    return Index(tuple(Part(code, leaves._replace(codes=codes, cost=cost)) for code, leaves in parts))


def extend_index(
    index: Index, X: Matrix, groups: Sequence[RowIds] | None = None, *, n_jobs: int | None = None
) -> Index:
    """The index of a longer X, whose first rows are those of the indexed X, with further rows.

    ``groups`` as for ``build_index``, of the new rows only; without them, all rows that X has more.
    """
    new = _coded(len(index.X), len(X), groups, n_jobs)
    largest = max((largest_magnitude(X, rows, n_jobs) for _, rows in new), default=0.0)
    first = leaves_of(index)[0]
    if largest * first.frame.scale > _OUTGROWN:
        old = [(code, leaves.ids) for code, leaves in index.parts]
        codes = sorted({code for code, _ in old + new})
        return _build(X, [(code, _union(old + new, code)) for code in codes], n_jobs)
    scale = min(index.scale, scale_for(largest))
    kept, built = list(index.parts), []
    for code, new_rows in new:
        rows = new_rows
        for part in sorted(kept, key=lambda part: len(part.leaves.ids)):
            if part.code == code and len(part.leaves.ids) <= 2 * len(rows):
                kept = [other for other in kept if other is not part]
                rows = np.sort(np.concatenate([part.leaves.ids, rows]))
        built.append(Part(code, _build_leaves(X, rows, first.frame, first.head, scale, n_jobs)))
    held = ((code, dense(leaves)) for code, leaves in kept)
    return Index((*(Part(code, leaves._replace(X=X, scale=scale)) for code, leaves in held), *built))


def _union(coded: list[tuple[int, RowIds]], code: int) -> RowIds:
    """All rows of one code, ascending."""
    return np.sort(np.concatenate([rows for other, rows in coded if other == code]))


def _coded(
    first: int, stop: int, groups: Sequence[RowIds] | None, n_jobs: int | None
) -> list[tuple[int, RowIds]]:
    """Codes and rows of the parts to build: of each group with rows, or of rows from first to stop as one."""
    coded = [(-1, _from_to(first, stop, n_jobs))] if groups is None else list(enumerate(groups))
    return [(code, rows) for code, rows in coded if len(rows)]


def _from_to(first: int, stop: int, n_jobs: int | None) -> RowIds:
    """Rows from first to stop, in blocks: new memory is slow where it is first written."""
    rows = np.empty(stop - first, np.int64)

    def count(lo: int, hi: int) -> None:
        rows[lo:hi] = np.arange(first + lo, first + hi)

    run_ranges(count, len(rows), ROWS_PER_BLOCK, n_jobs=n_jobs)
    return rows


def _build(X: Matrix, coded: list[tuple[int, RowIds]], n_jobs: int | None) -> Index:
    n = sum(len(rows) for _, rows in coded)
    if n >= 2**32:  # a place is half of a word while rows are split
        raise ValueError(f"X must have fewer than 2**32 rows. Got {n}; resample it in parts.")
    rows = None if n == len(X) else np.sort(np.concatenate([rows for _, rows in coded]))
    largest = largest_magnitude(X, rows, n_jobs)
    frame, head = choose_coordinates(X, rows, largest, n_jobs)
    scale = scale_for(largest)
    parts = [Part(code, _build_leaves(X, rows, frame, head, scale, n_jobs)) for code, rows in coded]
    return Index(tuple(parts))


def _build_leaves(
    X: Matrix, rows: RowIds, frame: tree.Frame, head: int, scale: float, n_jobs: int | None
) -> Leaves:
    n = len(rows)
    size = min(LEAF_ROWS, TILE_ROWS * split(n, TILE_ROWS))
    n_leaves = split(n, size)
    split_axis = np.zeros(n_leaves + 1, np.int64)
    split_value = np.zeros(n_leaves + 1, np.float32)
    ids = _split(X, rows, frame, size, split_axis, split_value, n_jobs)
    return pack_leaves(X, ids, size, head, scale, frame, split_axis, split_value, n_jobs)


def pack_leaves(
    X: Matrix,
    ids: RowIds,
    size: int,
    head: int,
    scale: float,
    frame: tree.Frame,
    split_axis: RowIds,
    split_value: NDArray[np.float32],
    n_jobs: int | None = None,
) -> Leaves:
    """Leaves without categories, of rows in the order of the leaves; every array becomes a read-only one."""
    ids, frame = freeze(ids), _frozen(frame)  # one kind of array, whether they were made or read
    n_leaves, d = len(split_axis) - 1, X.shape[1]
    boxes = (n_leaves, BOX_DIMS * split(d, BOX_DIMS))
    panels = tree.Panels(
        panels=on_cache_lines(n_leaves * d * size, np.float32),
        norms=on_cache_lines(n_leaves * size, np.float32),
        tails=on_cache_lines(n_leaves * size, np.float32),
        centres=np.zeros((n_leaves, _columns(d))),
        low=np.full(boxes, -np.inf, np.float32),
        high=np.full(boxes, np.inf, np.float32),
        slack=np.empty(n_leaves),
        spread=np.empty(n_leaves),
        first=np.empty(n_leaves, np.int64),
    )
    last = n_leaves - 1  # it may be short: rows at distance inf fill it up
    panels.panels[last * d * size :] = 0.0
    panels.norms[last * size :] = np.inf
    panels.tails[last * size :] = 0.0

    def pack(lo: int, hi: int) -> None:
        box, stop = np.empty((2, d)), min(len(ids), hi * size)
        for first, end, z in coordinate_blocks(X, ids, frame, lo * size, stop, together * size):
            tree.pack(z, ids, size, head, frame.rounding, box, panels, first // size, split(end, size))

    together = min(_LEAVES_TOGETHER, split(n_leaves, 2))
    size_of_block = min(_LEAVES_PER_BLOCK, max(together, split(n_leaves, _BLOCKS)))
    run_ranges(pack, n_leaves, size_of_block, n_jobs=n_jobs)
    lows, highs = np.ascontiguousarray(panels.low.T[:d]), np.ascontiguousarray(panels.high.T[:d])
    codes = np.empty((0, 0), np.int32)
    return _frozen(
        Leaves(X, ids, size, head, scale, frame, panels, lows, highs, split_axis, split_value, codes, 0.0)
    )


def _frozen(record: Any) -> Any:
    """Every array of a nest of tuples as a plain read-only one: kernels are compiled for one kind."""
    if isinstance(record, np.ndarray):
        return freeze(record.view(np.ndarray))
    return type(record)(*map(_frozen, record)) if isinstance(record, tuple) else record


def _split(
    X: Matrix,
    rows: RowIds,
    frame: tree.Frame,
    size: int,
    split_axis: RowIds,
    split_value: NDArray[np.float32],
    n_jobs: int | None,
) -> RowIds:
    """The rows in the order of the leaves; fills ``split_axis`` and ``split_value``."""
    n, n_axes = len(rows), min(SPLIT_AXES, X.shape[1])
    ids = np.empty(n, np.int64)  # before what goes again: behind it the allocator would keep a hole
    # one piece, because smaller ones stay with the allocator: 30 MB at a million rows that nobody uses again
    room = np.empty((2 + split(n_axes, 2)) * n, np.uint64)
    words, spare = room[:n], room[n : 2 * n]
    coordinates = room[2 * n :].view(np.float32)[: n_axes * n].reshape(n_axes, n)

    def lead(lo: int, hi: int) -> None:
        words[lo:hi] = np.arange(lo, hi)
        compute_leading(X, rows, frame, coordinates, lo, hi)

    run_ranges(lead, n, rows_per_block(n), n_jobs=n_jobs)
    nodes = [(0, len(split_axis) - 1)]
    while nodes:
        whole = len(nodes) >= _MANY_NODES
        dealt = n // len(nodes) >= _DEALT

        def body(i: int, nodes: list = nodes, whole: bool = whole) -> None:
            lo, hi = nodes[i]
            stack = np.empty((64, 2), np.int64)
            tree.split(coordinates, words, spare, size, lo, hi, split_axis, split_value, stack, whole)

        if dealt:
            middles = [_middle(*node) for node in nodes]  # of some hundred leaves each
            ends = [(lo * size, min(hi * size, n)) for lo, hi in nodes]
            parts = [(lo, mid * size, hi) for mid, (lo, hi) in zip(middles, ends, strict=True)]
            for mid, half in zip(middles, _halve(coordinates, words, spare, parts, n_jobs), strict=True):
                split_axis[mid], split_value[mid] = half.axis, half.value(coordinates, words, mid * size)
        else:
            run_blocks(body, len(nodes), n_jobs=n_jobs)
        halves = [(lo, _middle(lo, hi), hi) for lo, hi in nodes if hi - lo > 1 and not whole]
        nodes = [part for lo, mid, hi in halves for part in ((lo, mid), (mid, hi))]

    def take(lo: int, hi: int) -> None:
        np.take(rows, words[lo:hi].astype(np.uint32), out=ids[lo:hi])

    run_ranges(take, n, rows_per_block(n), n_jobs=n_jobs)
    return ids


class _Half:
    """A node of the rows words[lo:hi] while it is split before place nth."""

    def __init__(
        self, coordinates: NDArray[np.float32], words: NDArray[np.uint64], lo: int, nth: int, hi: int
    ) -> None:
        self._part = lo, nth, hi
        pivots = np.empty(_PIVOTS, np.uint64)
        self.axis = tree.sample(coordinates, words, lo, hi, pivots)
        pivots.sort()
        rank = (nth - lo) * _PIVOTS // (hi - lo)
        self.bounds = pivots[max(0, rank - _OFF_MIDDLE)], pivots[min(_PIVOTS - 1, rank + _OFF_MIDDLE)]
        self.starts = np.append(np.arange(lo, hi, _DEALT_TOGETHER), hi)
        self.counts = np.empty((len(self.starts) - 1, 3), np.int64)  # of each block: below, between, above

    def settle(self, words: NDArray[np.uint64]) -> None:
        """Where the rows of each block go, all of which are dealt; those between the bounds are set aside."""
        lo, _, _ = self._part
        counts = self.counts
        self.between = np.concatenate(
            [words[at : at + n] for at, n in zip(self.starts, counts[:, 1], strict=False)]
        )
        self.first = lo + int(counts[:, 0].sum())
        self.below = lo + np.cumsum(counts[:, 0]) - counts[:, 0]
        self.above = self.first + len(self.between) + np.cumsum(counts[:, 2]) - counts[:, 2]

    def select(self, words: NDArray[np.uint64], spare: NDArray[np.uint64]) -> None:
        """Put the rows between the bounds back, and the row in its place that is to be at nth."""
        lo, nth, hi = self._part
        first, last = self.first, self.first + len(self.between)
        words[first:last] = self.between
        lo, hi = (first, last) if first <= nth < last else (lo, first) if nth < first else (last, hi)
        tree.select(words, spare, lo, hi, nth)

    def value(self, coordinates: NDArray[np.float32], words: NDArray[np.uint64], nth: int) -> np.float32:
        """The coordinate at which the node is split."""
        value: np.float32 = coordinates[self.axis, int(words[nth] & np.uint64(2**32 - 1))]
        return value


def _halve(
    coordinates: NDArray[np.float32],
    words: NDArray[np.uint64],
    spare: NDArray[np.uint64],
    parts: list[tuple[int, int, int]],
    n_jobs: int | None,
) -> list[_Half]:
    """Split each node of words[lo:hi] before place nth, as ``tree.split`` does.

    Blocks deal out their rows to both sides of the middle, and what is left, an eighth of them, is selected
    from. A sample that is wrong about the middle costs time. Nodes of a level go together: each step is one
    job for all of them.
    """
    found: list[Any] = [None] * len(parts)

    def look(i: int) -> None:
        found[i] = _Half(coordinates, words, *parts[i])

    run_blocks(look, len(parts), n_jobs=n_jobs)
    halves: list[_Half] = found
    blocks = [(half, i) for half in halves for i in range(len(half.counts))]

    def deal(block: int) -> None:
        half, i = blocks[block]
        lo, hi = half.starts[i], half.starts[i + 1]
        n_below, n_between = tree.deal(coordinates, half.axis, words, spare, *half.bounds, lo, hi)
        half.counts[i] = n_below, n_between, hi - lo - n_below - n_between

    def gather(block: int) -> None:
        half, i = blocks[block]
        n_below, _, n_above = half.counts[i]
        below, above, lo, hi = half.below[i], half.above[i], half.starts[i], half.starts[i + 1]
        words[below : below + n_below] = spare[lo : lo + n_below]
        words[above : above + n_above] = spare[hi - n_above : hi]

    run_blocks(deal, len(blocks), n_jobs=n_jobs)
    run_blocks(lambda i: halves[i].settle(words), len(halves), n_jobs=n_jobs)
    run_blocks(gather, len(blocks), n_jobs=n_jobs)
    run_blocks(lambda i: halves[i].select(words, spare), len(halves), n_jobs=n_jobs)
    return halves
