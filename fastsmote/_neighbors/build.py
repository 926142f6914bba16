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
from fastsmote._neighbors.distance import ROWS_PER_BLOCK, largest_magnitude, scale_for
from fastsmote._neighbors.index import Index, Loose, Part, dense, leaves_of, loose_of, rescaled

LEAF_ROWS = 8 * TILE_ROWS
SPLIT_AXES = tree.LEADING  # splits are made on the widest axes
_LEAVES_PER_BLOCK = 32
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
    coded = _coded(0, len(X), groups)
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
    new = _coded(len(index.X), len(X), groups)
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


def _coded(first: int, stop: int, groups: Sequence[RowIds] | None) -> list[tuple[int, RowIds]]:
    """Codes and rows of the parts to build: of each group with rows, or of rows from first to stop as one."""
    coded = [(-1, np.arange(first, stop))] if groups is None else list(enumerate(groups))
    return [(code, rows) for code, rows in coded if len(rows)]


def _build(X: Matrix, coded: list[tuple[int, RowIds]], n_jobs: int | None) -> Index:
    n = sum(len(rows) for _, rows in coded)
    if n >= 2**32:  # a place is half of a word while rows are split
        raise ValueError(f"X must have fewer than 2**32 rows. Got {n}; resample it in parts.")
    rows = np.arange(n) if n == len(X) else np.sort(np.concatenate([rows for _, rows in coded]))
    largest = largest_magnitude(X, rows, n_jobs)
    frame, head = choose_coordinates(X, rows, largest)
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
        for first, end, z in coordinate_blocks(X, ids, frame, lo * size, stop, _LEAVES_TOGETHER * size):
            tree.pack(z, ids, size, head, frame.rounding, box, panels, first // size, split(end, size))

    run_ranges(pack, n_leaves, _LEAVES_PER_BLOCK, n_jobs=n_jobs)
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

    run_ranges(lead, n, ROWS_PER_BLOCK, n_jobs=n_jobs)
    nodes = [(0, len(split_axis) - 1)]
    while nodes:
        whole = len(nodes) >= _MANY_NODES
        dealt = n // len(nodes) >= _DEALT

        def body(i: int, nodes: list = nodes, whole: bool = whole) -> None:
            lo, hi = nodes[i]
            stack = np.empty((64, 2), np.int64)
            tree.split(coordinates, words, spare, size, lo, hi, split_axis, split_value, stack, whole)

        if dealt:
            for lo, hi in nodes:  # of some hundred leaves each
                mid = _middle(lo, hi)
                part = lo * size, mid * size, min(hi * size, n)
                split_axis[mid], split_value[mid] = _halve(coordinates, words, spare, *part, n_jobs)
        else:
            run_blocks(body, len(nodes), n_jobs=n_jobs)
        halves = [(lo, _middle(lo, hi), hi) for lo, hi in nodes if hi - lo > 1 and not whole]
        nodes = [part for lo, mid, hi in halves for part in ((lo, mid), (mid, hi))]

    def take(lo: int, hi: int) -> None:
        np.take(rows, words[lo:hi].astype(np.uint32), out=ids[lo:hi])

    run_ranges(take, n, ROWS_PER_BLOCK, n_jobs=n_jobs)
    return ids


def _halve(
    coordinates: NDArray[np.float32],
    words: NDArray[np.uint64],
    spare: NDArray[np.uint64],
    lo: int,
    nth: int,
    hi: int,
    n_jobs: int | None,
) -> tuple[int, np.float32]:
    """Split the node of words[lo:hi] before place nth, as ``tree.split`` does; its axis and value.

    Blocks deal out their rows to both sides of the middle, and what is left, an eighth of them, is selected
    from. A sample that is wrong about the middle costs time.
    """
    pivots = np.empty(_PIVOTS, np.uint64)
    axis = tree.sample(coordinates, words, lo, hi, pivots)
    pivots.sort()
    rank = (nth - lo) * _PIVOTS // (hi - lo)
    low, high = pivots[max(0, rank - _OFF_MIDDLE)], pivots[min(_PIVOTS - 1, rank + _OFF_MIDDLE)]
    starts = np.append(np.arange(lo, hi, _DEALT_TOGETHER), hi)
    counts = np.empty((len(starts) - 1, 3), np.int64)

    def deal(i: int) -> None:
        n_below, n_between = tree.deal(coordinates, axis, words, spare, low, high, starts[i], starts[i + 1])
        counts[i] = n_below, n_between, starts[i + 1] - starts[i] - n_below - n_between

    run_blocks(deal, len(counts), n_jobs=n_jobs)
    between = np.concatenate([words[at : at + n] for at, n in zip(starts, counts[:, 1], strict=False)])
    first = lo + int(counts[:, 0].sum())
    last = first + len(between)
    below = lo + np.cumsum(counts[:, 0]) - counts[:, 0]
    above = last + np.cumsum(counts[:, 2]) - counts[:, 2]

    def gather(i: int) -> None:
        n_below, _, n_above = counts[i]
        words[below[i] : below[i] + n_below] = spare[starts[i] : starts[i] + n_below]
        words[above[i] : above[i] + n_above] = spare[starts[i + 1] - n_above : starts[i + 1]]

    run_blocks(gather, len(counts), n_jobs=n_jobs)
    words[first:last] = between
    lo, hi = (first, last) if first <= nth < last else (lo, first) if nth < first else (last, hi)
    tree.select(words, spare, lo, hi, nth)
    return axis, coordinates[axis, int(words[nth] & np.uint64(2**32 - 1))]
