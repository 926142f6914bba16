"""The neighbour index on canonical arrays: building it, extending it, and searching it block by block.

Nothing is checked here; ``neighbors`` is the public face, and ``plan`` and ``select`` ask here directly.

An index is a tuple of *parts*: kd leaves over some rows of X, all in the same coordinates. A part holds rows
of one class when the builder was given classes, so that "own class", "other classes" and "all" are choices of
parts; rows that are appended become parts too (after Bentley and Saxe, 1980: a new part swallows those of
its class that are at most twice as large, the smallest first, so that there are at most log2(n) of them and
most of what stands is not built again).

Every answer is exact: the k smallest under (squared distance, index), the squared distance being
``_kernels.neighbors.distance.squared_distance`` in float64. The float32 leaves only decide what is worth computing
(see ``_kernels.neighbors.search``), so results do not depend on how the index was built.

How the time of a self-join grows: seconds for an index and the 5 nearest of every row of ``make_fraud``, on
two cores, and p of the fit time ~ rows ** p. (A row looks at more leaves, and from 500,000 rows on these come
from main memory. ``asv run --bench 'neighbors.Growth'`` repeats it.)

| features | 50,000 | 100,000 | 200,000 | 500,000 | 1,000,000 | p |
| --- | --- | --- | --- | --- | --- | --- |
| 4 | 0.07 | 0.16 | 0.36 | 1.0 | 2.7 | 1.18 |
| 8 | 0.14 | 0.39 | 0.96 | 2.7 | 6.4 | 1.25 |
| 16 | 0.27 | 0.76 | 2.3 | 11 | 38 | 1.65 |
| 30 | 0.56 | 1.5 | 4.3 | 22 | 73 | 1.63 |
| 64 | 0.80 | 2.3 | 6.6 | 32 | 104 | 1.63 |
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core.threads import Progress, run_blocks, run_ranges, split
from fastsmote._kernels.neighbors import distance, tree
from fastsmote._kernels.neighbors import farthest as far
from fastsmote._kernels.neighbors.search import (
    SORTED_UP_TO,
    Batch,
    Leaves,
    find_homes,
    new_batch,
    offer_all,
    prepare,
    seed,
    sweep,
)
from fastsmote._kernels.neighbors.tile import BOX_DIMS, TILE_ROWS
from fastsmote._neighbors.coordinates import choose_frame

LEAF_ROWS = 8 * TILE_ROWS
BATCH = 512  # queries at most that share a visit to a leaf: at 1M rows the leaves come from main memory
SPLIT_AXES = 8  # splits are made on the widest axes
_BLOCK = 16384  # rows per block of the passes over X
_PACK = 32  # leaves per block
_PAIRS = 65536  # pairs per block of distances
_MANY = 8  # more rows than one in this many: a pass over all rows costs less than a descent for each
_OUTGROWN = 2.0**39  # new rows this much larger than the indexed ones: float32 would not hold their squares
_WHOLE = 32  # nodes of one level from which on each is split to the end in one go


_columns, _middle = tree.columns.py_func, tree.middle.py_func  # as Python: nothing to compile


class Part(NamedTuple):
    """Leaves over rows of one class, or of all when the index knows no classes (code -1)."""

    code: int
    leaves: Leaves


class Index(NamedTuple):
    """An index: parts over disjoint rows of X."""

    parts: tuple[Part, ...]

    @property
    def X(self) -> np.ndarray:
        return self.parts[0].leaves.X

    @property
    def scale(self) -> float:
        """Power of two that exact coordinates are multiplied by."""
        return self.parts[0].leaves.scale

    def of_class(self, code: int) -> "Index":
        """The parts that hold a class."""
        return Index(tuple(part for part in self.parts if part.code == code))

    def of_others(self, code: int) -> "Index":
        """The parts that hold the other classes."""
        return Index(tuple(part for part in self.parts if part.code != code))

    def rows(self) -> np.ndarray:
        """All indexed rows, near ones together."""
        return np.concatenate([part.leaves.ids for part in self.parts])


def _aligned(n: int) -> np.ndarray:
    """n float32 on a cache line border: vector loads of a panel never straddle two lines."""
    memory = np.empty(n * 4 + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + n * 4].view(np.float32)


def _largest_magnitude(X: np.ndarray, rows: np.ndarray, n_jobs: int | None) -> float:
    largest = np.zeros(split(len(rows), _BLOCK))

    def work(lo: int, hi: int) -> None:
        largest[lo // _BLOCK] = distance.largest_magnitude(X, rows, lo, hi)

    run_ranges(work, len(rows), _BLOCK, n_jobs=n_jobs)
    return float(largest.max())


def build_index(
    X: np.ndarray, groups: Sequence[np.ndarray] | None = None, *, n_jobs: int | None = None
) -> Index:
    """Index all rows of X, or groups of rows (each ascending), group i as the part of code i."""
    return _build(X, _coded(np.arange(len(X)), groups), n_jobs)


def with_categories(index: Index, codes: np.ndarray, cost: float) -> Index:
    """An index whose distances of rows of X to each other also count different categories.

    ``codes`` (n, n_categorical) are int32 and contiguous; each pair of different ones adds ``cost`` to a
    squared scaled distance.
    """
    codes = _read_only(codes)
    return Index(tuple(Part(code, leaves._replace(codes=codes, cost=cost)) for code, leaves in index.parts))


def extend_index(
    index: Index, X: np.ndarray, groups: Sequence[np.ndarray] | None = None, *, n_jobs: int | None = None
) -> Index:
    """The index of a longer X, whose first rows are those of the indexed X, with further rows.

    ``groups`` as for ``build``, of the new rows only; without them, all rows that X has more.
    """
    new = _coded(np.arange(len(index.X), len(X)), groups)
    largest = max((_largest_magnitude(X, rows, n_jobs) for _, rows in new), default=0.0)
    first = index.parts[0].leaves
    if largest * first.frame.scale > _OUTGROWN:
        old = [(code, leaves.ids) for code, leaves in index.parts]
        codes = sorted({code for code, _ in old + new})
        return _build(X, [(code, _union(old + new, code)) for code in codes], n_jobs)
    scale = min(index.scale, _exact_scale(largest))
    stay, made = list(index.parts), []
    for code, new_rows in new:
        rows = new_rows
        for part in sorted(stay, key=lambda part: len(part.leaves.ids)):
            if part.code == code and len(part.leaves.ids) <= 2 * len(rows):
                stay = [other for other in stay if other is not part]
                rows = np.sort(np.concatenate([part.leaves.ids, rows]))
        made.append(Part(code, _build_leaves(X, rows, first.frame, first.head, scale, n_jobs)))
    return Index((*(Part(code, leaves._replace(X=X, scale=scale)) for code, leaves in stay), *made))


def _union(coded: list[tuple[int, np.ndarray]], code: int) -> np.ndarray:
    return np.sort(np.concatenate([rows for own, rows in coded if own == code]))


def _coded(rows: np.ndarray, groups: Sequence[np.ndarray] | None) -> list[tuple[int, np.ndarray]]:
    coded = [(-1, rows)] if groups is None else list(enumerate(groups))
    return [(code, rows) for code, rows in coded if len(rows)]


def _build(X: np.ndarray, coded: list[tuple[int, np.ndarray]], n_jobs: int | None) -> Index:
    n = sum(len(rows) for _, rows in coded)
    if n >= 2**32:  # a place is half of a word while rows are split
        raise ValueError(f"X must have fewer than 2**32 rows. Got {n}; resample it in parts.")
    rows = np.arange(n) if n == len(X) else np.sort(np.concatenate([rows for _, rows in coded]))
    largest = _largest_magnitude(X, rows, n_jobs)
    frame, head = choose_frame(X, rows, largest)
    scale = _exact_scale(largest)
    made = [Part(code, _build_leaves(X, rows, frame, head, scale, n_jobs)) for code, rows in coded]
    return Index(tuple(made))


def _build_leaves(
    X: np.ndarray, rows: np.ndarray, frame: tree.Frame, head: int, scale: float, n_jobs: int | None
) -> Leaves:
    n, d = len(rows), X.shape[1]
    size = min(LEAF_ROWS, TILE_ROWS * split(n, TILE_ROWS))
    n_leaves = split(n, size)
    split_axis = np.zeros(n_leaves + 1, np.int64)
    split_value = np.zeros(n_leaves + 1, np.float32)
    ids = rows[_split(X, rows, frame, size, split_axis, split_value, n_jobs)]
    boxes = (n_leaves, BOX_DIMS * split(d, BOX_DIMS))
    panels = tree.Panels(
        panels=_aligned(n_leaves * d * size),
        norms=_aligned(n_leaves * size),
        tails=_aligned(n_leaves * size),
        centres=np.empty((n_leaves, _columns(d))),
        low=np.empty(boxes, np.float32),
        high=np.empty(boxes, np.float32),
        slack=np.empty(n_leaves),
        spread=np.empty(n_leaves),
        first=np.empty(n_leaves, np.int64),
    )

    def pack(lo: int, hi: int) -> None:
        tree.pack(X, ids, size, head, frame, panels, tree.new_scratch(size, X), lo, hi)

    run_ranges(pack, n_leaves, _PACK, n_jobs=n_jobs)
    lows, highs = np.ascontiguousarray(panels.low.T[:d]), np.ascontiguousarray(panels.high.T[:d])
    codes = np.empty((0, 0), np.int32)
    return _read_only(
        Leaves(X, ids, size, head, scale, frame, panels, lows, highs, split_axis, split_value, codes, 0.0)
    )


def _read_only(leaves: Any) -> Any:
    """Every array of a nest of tuples as a plain read-only one: kernels compile for one kind."""
    if isinstance(leaves, np.ndarray):
        plain = leaves.view(np.ndarray)
        plain.setflags(write=False)
        return plain
    return type(leaves)(*map(_read_only, leaves)) if isinstance(leaves, tuple) else leaves


def frozen(index: Index) -> Index:
    """The index as ``build`` makes it, after pickling, from a memory map, or by whatever way it came."""
    return Index(tuple(Part(code, _read_only(leaves)) for code, leaves in index.parts))


def _split(
    X: np.ndarray,
    rows: np.ndarray,
    frame: tree.Frame,
    size: int,
    split_axis: np.ndarray,
    split_value: np.ndarray,
    n_jobs: int | None,
) -> np.ndarray:
    """Places in ``rows`` in the order of the leaves; axes and values of the nodes are filled in."""
    n, n_axes = len(rows), min(SPLIT_AXES, X.shape[1])
    # one piece, because smaller ones stay with the allocator: 30 MB at a million rows that nobody uses again
    room = np.empty((2 + split(n_axes, 2)) * n, np.uint64)
    words, spare = room[:n], room[n : 2 * n]
    words[:] = np.arange(n)
    coordinates = room[2 * n :].view(np.float32)[: n_axes * n].reshape(n_axes, n)

    def lead(lo: int, hi: int) -> None:
        tree.leading_coordinates(X, rows, frame, coordinates, tree.new_scratch(1, X), lo, hi)

    run_ranges(lead, n, _BLOCK, n_jobs=n_jobs)
    nodes = [(0, len(split_axis) - 1)]
    while nodes:
        whole = len(nodes) >= _WHOLE

        def body(i: int, nodes: list = nodes, whole: bool = whole) -> None:
            lo, hi = nodes[i]
            scratch = tree.new_scratch(1, X)
            tree.split(coordinates, words, spare, size, lo, hi, split_axis, split_value, scratch, whole)

        run_blocks(body, len(nodes), n_jobs=n_jobs)
        halves = [(lo, _middle(lo, hi), hi) for lo, hi in nodes if hi - lo > 1 and not whole]
        nodes = [part for lo, mid, hi in halves for part in ((lo, mid), (mid, hi))]
    return (words & np.uint64(2**32 - 1)).astype(np.int64)


def _by_leaf(index: Index, Q: np.ndarray, rows: np.ndarray, own_rows: bool, n_jobs: int | None) -> np.ndarray:
    """The order of the queries in which those near each other meet.

    Many rows of X itself go by the leaf that holds them, others by the leaf of the largest part that they
    fall into. (Rows of X that are not indexed come first, in any order.)
    """
    n_leaves = 0
    if own_rows and len(rows) > len(Q) // _MANY:
        leaf = np.zeros(len(Q), np.int64)
        for _, leaves in index.parts:
            leaf[leaves.ids] = n_leaves + np.arange(len(leaves.ids)) // leaves.size
            n_leaves += leaves.lows.shape[1]
        home = leaf[rows]
    else:
        leaves = max((part.leaves for part in index.parts), key=lambda leaves: len(leaves.ids))
        n_leaves = leaves.lows.shape[1]
        home = np.empty(len(rows), np.int64)

        def locate(lo: int, hi: int) -> None:
            scratch = tree.new_scratch(1, Q)
            tree.locate(Q, rows, leaves.frame, leaves.split_axis, leaves.split_value, home, scratch, lo, hi)

        run_ranges(locate, len(rows), _BLOCK, n_jobs=n_jobs)
    if n_leaves <= 2**16:
        home = home.astype(np.uint16)  # numpy sorts 16 bits by radix, eight times faster
    return np.argsort(home, kind="stable")


def _batch(n: int, d: int, k: int, m: int) -> tuple[int, int]:
    """Queries per batch, batches per block, for m queries of n rows.

    Where queries are few, 32 batches of at least 128, so that many threads have work; a block of a few
    milliseconds, 0.3 s at worst (white noise: 2 n d flop per query at 1e11 per second), so that Ctrl-C is
    quick. A row that enters a heap of neighbours costs up to 100 multiply-adds per level.
    """
    work = d if k <= SORTED_UP_TO else d + 100 * k.bit_length()
    queries = min(BATCH, max(128, split(m, 32)), max(8, 16_000_000_000 // (n * work)))
    return queries, max(1, min(16, 2**25 // (queries * n)))


def find_nearest(
    index: Index,
    n_neighbors: int,
    Q: np.ndarray | None = None,
    rows: np.ndarray | None = None,
    *,
    among: Index | None = None,
    known: tuple[np.ndarray, np.ndarray] | None = None,
    stop: np.ndarray | None = None,
    homes_only: bool = False,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Squared scaled distances and row numbers in X of the nearest indexed rows, (m, k).

    Queries are ``rows`` of Q (all by default), or with Q None rows of the indexed X itself, each of which
    leaves itself out.

    Parameters
    ----------
    among : parts of the index that are searched, all by default; they may be none.
    known : (distances, indices) (m, k) that lists start from, which are updated and returned: with all k
        entries of a row equal to a bound (d2, i), the rows found are those that precede it.
    stop : (m,) squared distances; a query ends once the last distance of its list is below.
    homes_only : look at the leaves that the queries fall into, so that the lists are upper bounds.
    """
    parts = [part.leaves for part in (index if among is None else among).parts]
    own_rows = Q is None
    Q = index.X if Q is None else Q
    rows = np.arange(len(Q)) if rows is None else rows
    m = len(rows)
    if known is None:
        distances = np.full((m, n_neighbors), np.inf)
        indices = np.full((m, n_neighbors), len(index.X))
    else:
        distances, indices = known
    stop = np.zeros(m) if stop is None else stop

    def answer(batch: Batch) -> None:
        prepare(parts[0], Q, batch, distances, indices)
        for me in np.flatnonzero(np.isinf(batch.slack)):
            for part in parts:
                offer_all(part, Q, batch, me, distances, indices)
        pairs = [(part, batch._replace(home=np.empty_like(batch.rows))) for part in parts]
        for part, in_part in pairs:
            find_homes(part, in_part)
            seed(part, Q, in_part, np.argsort(in_part.home, kind="stable"), distances, indices)
        if not homes_only:
            for part, in_part in pairs:
                sweep(part, Q, in_part, distances, indices)

    _run_batches(answer, index, parts, Q, rows, own_rows, n_neighbors, stop, n_jobs, progress)
    return ascending(distances, indices)


def find_farthest(
    index: Index,
    n_neighbors: int,
    Q: np.ndarray | None = None,
    rows: np.ndarray | None = None,
    *,
    among: Index | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Squared scaled distances and row numbers in X of the farthest rows, (m, k); otherwise as ``search``."""
    parts = [part.leaves for part in (index if among is None else among).parts]
    own_rows = Q is None
    Q = index.X if Q is None else Q
    rows = np.arange(len(Q)) if rows is None else rows
    m = len(rows)
    distances = np.zeros((m, n_neighbors))
    indices = np.full((m, n_neighbors), len(index.X))

    def answer(batch: Batch) -> None:
        prepare(parts[0], Q, batch, distances, indices)
        for part in parts:
            for me in np.flatnonzero(np.isinf(batch.slack)):
                far.offer_all_far(part, Q, batch, me, distances, indices)
            far.reach(part, batch)
            order = np.argsort(-batch.reach[: part.lows.shape[1]], kind="stable")
            far.farthest(part, Q, batch, order, distances, indices)

    _run_batches(answer, index, parts, Q, rows, own_rows, n_neighbors, np.zeros(m), n_jobs, progress)
    distances, indices = ascending(distances, indices)
    return np.negative(distances, out=distances), indices


def ascending(distances: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lists in the order of (squared distance, index), which long ones are not yet."""
    if distances.shape[1] > SORTED_UP_TO:
        for distance_list, index_list in zip(distances, indices, strict=True):
            order = np.lexsort((index_list, distance_list))
            distance_list[:], index_list[:] = distance_list[order], index_list[order]
    return distances, indices


def _run_batches(
    answer: Callable[[Batch], None],
    index: Index,
    parts: list[Leaves],
    Q: np.ndarray,
    rows: np.ndarray,
    own_rows: bool,
    n_neighbors: int,
    stop: np.ndarray,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Answer the queries in batches of near ones."""
    m = len(rows)
    if not parts or not m:
        return
    slots = _by_leaf(index, Q, rows, own_rows, n_jobs)
    most_leaves = max(part.lows.shape[1] for part in parts)
    queries, batches = _batch(sum(len(part.ids) for part in parts), Q.shape[1], n_neighbors, m)

    def body(block: int) -> None:
        for start in range(block * batches * queries, min(m, (block + 1) * batches * queries), queries):
            at = slots[start : start + queries]
            own = rows[at] if own_rows else np.full(len(at), -1)
            answer(new_batch(parts[0], most_leaves, rows[at], own, at, stop[at]))

    run_blocks(body, split(m, queries * batches), n_jobs=n_jobs, progress=progress)


def exact_scale(X: np.ndarray, n_jobs: int | None = None) -> float:
    """Power of two for the exact distances of rows like those of X."""
    return _exact_scale(_largest_magnitude(X, np.arange(len(X)), n_jobs))


def _exact_scale(largest: float) -> float:
    return math.ldexp(1.0, int(exact_exponents(np.array(largest))))


def exact_exponents(largest: np.ndarray) -> np.ndarray:
    """Powers of two that bring values to 2^500, so that squares do not overflow and hardly underflow."""
    return np.where(largest == 0.0, 1000, np.minimum(500 - np.frexp(largest)[1], 1000))


def covering(index: Index, Q: np.ndarray, *, n_jobs: int | None = None) -> Index:
    """The index with a scale of exact distances that suits its rows and the queries Q."""
    return rescaled(index, min(index.scale, exact_scale(Q, n_jobs)))


def squared_distances(
    X: np.ndarray,
    rows: np.ndarray,
    Y: np.ndarray,
    others: np.ndarray,
    scale: float,
    n_jobs: int | None = None,
) -> np.ndarray:
    """Squared scaled distances of rows[i] of X to others[i] of Y (m,)."""
    squared = np.empty(len(rows))
    work = partial(distance.pair_distances, X, rows, Y, others, scale, squared)
    run_ranges(work, len(rows), _PAIRS, n_jobs=n_jobs)
    return squared


def rescaled(index: Index, scale: float) -> Index:
    return Index(tuple(Part(code, leaves._replace(scale=scale)) for code, leaves in index.parts))


def to_distances(squared: np.ndarray, scale: float) -> np.ndarray:
    """Distances in the user's units, in place of squared scaled ones (inf above the largest float64)."""
    np.sqrt(squared, out=squared)
    with np.errstate(over="ignore"):
        squared /= scale
    return squared
