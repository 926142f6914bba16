"""The neighbour index on canonical arrays: building it and searching it, block by block.

Nothing is checked here; ``neighbors`` is the public face, and ``plan`` and ``select`` ask here directly.

Every answer is exact: the k smallest under (squared distance, index), the squared distance being
``_kernels.distance.squared_distance`` in float64. The float32 leaves only decide what is worth computing
(see ``_kernels.search``), so results do not depend on how the index was built.
"""

import math
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.linalg import eigh

from fastsmote._kernels import distance, tree
from fastsmote._kernels.search import Leaves, nearest, new_batch, offer_all, prepare
from fastsmote._kernels.tile import BOX_DIMS, TILE_ROWS
from fastsmote._threads import Progress, run_blocks, run_ranges, split

LEAF_ROWS = 8 * TILE_ROWS
BATCH = 512  # queries at most that share a visit to a leaf: at 1M rows the leaves come from main memory
SPLIT_AXES = 8  # splits are made on the widest axes
ROTATE_UP_TO = 128  # features; above, axes are columns of X, because a rotation costs n * d^2
_SAMPLE = 8192  # rows that decide centre and axes
_BLOCK = 16384  # rows per block of the passes over X
_PACK = 32  # leaves per block
_WHOLE = 32  # nodes of one level from which on each is split to the end in one go


_columns, _middle = tree.columns.py_func, tree.middle.py_func  # as Python: nothing to compile


class Index(NamedTuple):
    """An index: what a search reads, and where a query's search begins."""

    leaves: Leaves
    split_axis: np.ndarray
    split_value: np.ndarray

    @property
    def n_rows(self) -> int:
        return self.leaves.ids.shape[0]


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


def _frame(X: np.ndarray, rows: np.ndarray, exponent: int) -> tuple[tree.Frame, int]:
    """Principal axes of a sample, and how many of them the first pass of the tile looks at."""
    d = X.shape[1]
    scale = math.ldexp(1.0, max(min(-exponent, 1000), -1000))
    sample = X[rows[:: max(1, len(rows) // _SAMPLE)]].astype(np.float64) * scale
    centre = sample.mean(axis=0, dtype=np.float64)
    centred = sample - centre
    if d <= ROTATE_UP_TO:
        variance, basis = eigh(_scatter(centred), driver="evd", check_finite=False)
        variance, basis = variance[::-1], np.pad(basis[:, ::-1], ((0, 0), (0, _columns(d) - d)))
        axes = np.arange(d)
    else:
        variance = (centred * centred).sum(axis=0)
        axes = np.argsort(-variance, kind="stable")
        variance, basis = variance[axes], np.empty((0, 0))
    frame = tree.Frame(scale, centre, basis, axes, (4 * d + 16) * 2.0**-53)
    return frame, _head(variance)


def _scatter(centred: np.ndarray) -> np.ndarray:
    """centred.T @ centred in products too small for BLAS to share out.

    BLAS threads spin for 0.1 s after their work, on the cores that the next steps want. For the same reason
    the axes come from SciPy's eigh, which wakes none at 30 and 64 features; NumPy's does.
    """
    d = centred.shape[1]
    step = max(1, 2**17 // d**2)
    total = np.zeros((d, d))
    for start in range(0, len(centred), step):
        part = centred[start : start + step]
        total += part.T @ part
    return total


def _head(variance: np.ndarray) -> int:
    """Leading dimensions for the first pass: those with 80 % of the variance, in fours, at least 12."""
    d = len(variance)
    total = variance.sum()
    needed = int(np.searchsorted(np.cumsum(variance), 0.8 * total)) + 1 if total > 0 else d
    head = max(12, 4 * split(needed, 4))
    return head if head < d - 3 else d


def build(X: np.ndarray, rows: np.ndarray | None = None, *, n_jobs: int | None = None) -> Index:
    """Index the given rows of X (ascending; all by default)."""
    d = X.shape[1]
    rows = np.arange(X.shape[0]) if rows is None else rows
    n = len(rows)
    largest = _largest_magnitude(X, rows, n_jobs)
    frame, head = _frame(X, rows, math.frexp(largest)[1])

    n_leaves = split(n, LEAF_ROWS)
    split_axis = np.zeros(n_leaves + 1, np.int64)
    split_value = np.zeros(n_leaves + 1, np.float32)
    ids = rows[_split(X, rows, frame, split_axis, split_value, n_jobs)]
    dims = head + 2 * split(d - head, 2)
    boxes = (n_leaves, BOX_DIMS * split(d, BOX_DIMS))
    panels = tree.Panels(
        panels=_aligned(n_leaves * dims * LEAF_ROWS),
        norms=_aligned(n_leaves * LEAF_ROWS),
        centres=np.empty((n_leaves, _columns(d))),
        low=np.empty(boxes, np.float32),
        high=np.empty(boxes, np.float32),
        slack=np.empty(n_leaves),
        spread=np.empty(n_leaves),
        first=np.empty(n_leaves, np.int64),
    )
    pack = partial(tree.pack, X, ids, LEAF_ROWS, head, dims, frame, panels)
    run_ranges(pack, n_leaves, _PACK, n_jobs=n_jobs)
    lows, highs = np.ascontiguousarray(panels.low.T[:d]), np.ascontiguousarray(panels.high.T[:d])
    leaves = Leaves(X, ids, LEAF_ROWS, head, dims, _exact_scale(largest), frame, panels, lows, highs)
    return Index(leaves, split_axis, split_value)


def _split(
    X: np.ndarray,
    rows: np.ndarray,
    frame: tree.Frame,
    split_axis: np.ndarray,
    split_value: np.ndarray,
    n_jobs: int | None,
) -> np.ndarray:
    """Places in ``rows`` in the order of the leaves; axes and values of the nodes are filled in."""
    n = len(rows)
    coordinates = np.empty((min(SPLIT_AXES, X.shape[1]), n), np.float32)
    lead = partial(tree.leading_coordinates, X, rows, frame, coordinates)
    run_ranges(lead, n, _BLOCK, n_jobs=n_jobs)
    places = np.arange(n)
    keys = np.empty(n, np.float32)
    nodes = [(0, len(split_axis) - 1)]
    while nodes:
        whole = len(nodes) >= _WHOLE

        def body(i: int, nodes: list = nodes, whole: bool = whole) -> None:
            lo, hi = nodes[i]
            tree.split(coordinates, places, keys, LEAF_ROWS, lo, hi, split_axis, split_value, whole)

        run_blocks(body, len(nodes), n_jobs=n_jobs)
        halves = [(lo, _middle(lo, hi), hi) for lo, hi in nodes if hi - lo > 1 and not whole]
        nodes = [part for lo, mid, hi in halves for part in ((lo, mid), (mid, hi))]
    return places


def _by_leaf(
    index: Index, Q: np.ndarray, rows: np.ndarray, n_jobs: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """The order in which queries share leaves, and the leaf of each in that order."""
    home = np.empty(len(rows), np.int64)
    locate = partial(tree.locate, Q, rows, index.leaves.frame, index.split_axis, index.split_value, home)
    run_ranges(locate, len(rows), _BLOCK, n_jobs=n_jobs)
    order = np.argsort(home, kind="stable")
    return order, home[order]


def _batch(n: int, d: int, m: int) -> tuple[int, int]:
    """Queries per batch, batches per block, for m queries of n rows.

    Where queries are few, 64 batches of at least 128, so that many threads have work; a block of a few
    milliseconds, 0.3 s at worst (white noise: 2 n d flop per query at 1e11 per second), so that Ctrl-C is
    quick.
    """
    queries = min(BATCH, max(128, split(m, 64)), max(8, 16_000_000_000 // (n * d)))
    return queries, max(1, min(16, 2**25 // (queries * n)))


def search(
    index: Index,
    n_neighbors: int,
    Q: np.ndarray | None = None,
    rows: np.ndarray | None = None,
    *,
    known: tuple[np.ndarray, np.ndarray] | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Squared scaled distances and row numbers in X of the nearest indexed rows, (m, k).

    Queries are ``rows`` of Q (all by default), or with Q None rows of the indexed X itself, each of which
    leaves itself out. ``known``, for k = 1, gives (distances, indices) (m, 1) of a candidate to start from;
    it is updated and returned.
    """
    leaves = index.leaves
    own_rows = Q is None
    Q = leaves.X if Q is None else Q
    if rows is None:
        rows = np.arange(Q.shape[0])
    m = len(rows)
    if known is None:
        distances = np.full((m, n_neighbors), np.inf)
        indices = np.full((m, n_neighbors), leaves.X.shape[0])
    else:
        distances, indices = known
    slots, home = _by_leaf(index, Q, rows, n_jobs)
    order = rows[slots]
    queries, batches = _batch(index.n_rows, Q.shape[1], m)

    def body(block: int) -> None:
        for batch in range(block * batches, (block + 1) * batches):
            lo, hi = batch * queries, min(m, (batch + 1) * queries)
            if lo < hi:
                queries_at = new_batch(leaves, order[lo:hi], slots[lo:hi], home[lo:hi], own_rows)
                prepare(leaves, Q, queries_at, distances)
                for me in np.flatnonzero(queries_at.limits[: hi - lo] < 0):
                    offer_all(leaves, Q, queries_at, me, distances, indices)
                nearest(leaves, Q, queries_at, distances, indices)

    run_blocks(body, split(m, queries * batches), n_jobs=n_jobs, progress=progress)
    return distances, indices


def _exact_scale(largest: float) -> float:
    """Power of two that brings the largest value to 2^500: squares do not overflow and hardly underflow."""
    return math.ldexp(1.0, min(500 - math.frexp(largest)[1], 1000))


def covering(index: Index, Q: np.ndarray, *, n_jobs: int | None = None) -> Index:
    """The index with a scale of exact distances that suits its rows and the queries Q."""
    scale = min(index.leaves.scale, _exact_scale(_largest_magnitude(Q, np.arange(len(Q)), n_jobs)))
    return index._replace(leaves=index.leaves._replace(scale=scale))


def to_distances(index: Index, squared: np.ndarray) -> np.ndarray:
    """Distances in the user's units, in place of squared scaled ones (inf above the largest float64)."""
    np.sqrt(squared, out=squared)
    with np.errstate(over="ignore"):
        squared /= index.leaves.scale
    return squared
