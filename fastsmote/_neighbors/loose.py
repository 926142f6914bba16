"""Rows without an index: NumPy compares all of them with all queries, by products of BLAS.

Rows stay ``Loose`` where that is cheaper than leaves; ``is_cheaper`` is the one place that says so:

* **Before the kernels of an index are compiled.** To compile an index and its searches takes some five
  seconds, once for a machine; to compare 5,000 x 30 rows with each other here takes a fifth of one. So where
  no compiled code is at hand, as long as all such searches of this process together cost less than compiling
  (``Allowance``). A larger question, and what comes after too many small ones, makes leaves.
* **Wide rows.** A pair costs BLAS 0.06 ns per feature; leaves 0.1 ns at 1,000 features and 0.35 ns from 5,000
  on, where a tile of queries and rows no longer fits the cache. They have little to leave out there, and cost
  O(n d^2) to make. Seconds of one core (Zen 3), 5 neighbours of all rows, white noise: 500 x 20,000 0.24 for
  2.9, 2,000 x 5,000 0.60 for 2.9, 2,000 x 1,000 0.16 for 0.5, 5,000 x 512 0.85 for 1.0.

Why it is exact. About the mean of the rows, a row y and a query x have the squared distance |y|^2 - 2 xy +
|x|^2. Products of BLAS come in any order, so that this is wrong by less than e = (d + 16) 2^-51 (|x|^2 +
|y|^2), some times the rounding of its 3 d + 30 terms, and by what underflows, far less than ``_TINY``. So the
k rows that it puts first bound the distance of the k-th, and no row that it puts beyond that by more than its
error can be one of the k. The others get the exact distance, in the order of its sums, and these decide.
Categories add the same terms to both.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.allowance import Allowance
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import check_progress, run_ranges
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors import tree
from fastsmote._neighbors.distance import squared_distances, squares_of_differences
from fastsmote._neighbors.index import Loose

_PAIRS = 1 << 17  # of queries and rows looked at together: 1 MiB
_EXACT = 1 << 18  # differences of exact distances computed together: 2 MiB
_PRODUCT = 1 << 18  # multiply-adds of one product: too few for BLAS to wake threads of its own, which spin
_WIDE = 512  # features
_MOST_WIDE = 2e11  # multiply-adds of a search of wide rows: some seconds
_PAIRS_WIDE = 4096**2  # whose products are held together: 128 MiB
_GROUP = 16  # rows whose least bound is looked at first
_TINY = 2.0**-1000


def _kernel_for(dtype: np.dtype) -> tuple[Any, ...]:
    """The first kernel that rows of an index meet."""
    matrix, vector, rows = freeze(np.empty((1, 1))), freeze(np.empty(1)), freeze(np.empty(1, np.int64))
    frame, raw = tree.Frame(1.0, vector, matrix, rows, 1.0), np.empty((1, 1), dtype)
    return tree.coordinates, freeze(raw), rows, frame, raw, np.empty((1, 1)), 0, 0


allowance = Allowance(2.5e9, _kernel_for)  # an index and its searches take 5 to 6 s to compile


def is_cheaper(n_rows: int, d: int, n_queries: int) -> bool:
    """Whether to compare all queries and rows, in an index that may stay without leaves."""
    return _is_wide(n_rows, d, n_queries) or allowance.covers(_cost(n_rows, d, n_queries))


def stays_loose(n_rows: int, d: int, dtype: np.dtype) -> bool:
    """Whether an index for one task is to be made without leaves."""
    is_cold = not allowance.is_compiled(dtype)
    return _is_wide(n_rows, d, n_rows) or (is_cold and is_cheaper(n_rows, d, n_rows))


def _is_wide(n_rows: int, d: int, n_queries: int) -> bool:
    return d >= _WIDE and float(n_rows) * n_queries * d <= _MOST_WIDE


def _cost(n_rows: int, d: int, n_queries: int) -> float:
    """Nanoseconds of a search: a fixed part, and one for each pair."""
    return 2e5 + float(n_rows) * n_queries * (6.0 + 0.13 * d)


class _Queries(NamedTuple):
    """Queries of one block."""

    X: Matrix
    rows: RowIds  # (m,) of X
    centred: Floats  # (m, d) scaled, about the centre of the rows
    codes: NDArray[np.int32]  # (m, n_categorical)
    own: RowIds  # (m,) row of X to leave out, -1 for none

    def part(self, lo: int, hi: int) -> "_Queries":
        at = slice(lo, hi)
        return _Queries(self.X, self.rows[at], self.centred[at], self.codes[at], self.own[at])


class _Rows(NamedTuple):
    """The rows that queries are compared with."""

    X: Matrix
    ids: RowIds
    scale: float
    centre: Floats  # (d,) scaled
    centred: Floats  # (n, d) scaled, about the centre
    norms: Floats  # (n,) squared, about the centre
    codes: NDArray[np.int32]  # (n, n_categorical)
    cost: float
    error: float  # relative error of a distance, of the norms of both
    is_compiled: bool  # exact distances are


def search(
    parts: list[Loose],
    queries: Matrix,
    rows: RowIds,
    rows_are_indexed: bool,
    lists: tuple[NDArray[Any], NDArray[Any]],
    sign: float,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Put rows of some parts into the lists (squared distances times ``sign``, indices) (m, k) of queries.

    ``sign`` is 1 for the nearest and -1 for the farthest; the other arguments are those of
    ``search.find_nearest``. The lists are in order after.
    """
    first = parts[0]
    ids = np.concatenate([part.ids[part.visible] for part in parts])
    among = _rows_of(first, ids)

    are_rows = rows_are_indexed and np.array_equal(rows, ids)

    def block_of(lo: int, hi: int) -> _Queries:
        at = rows[lo:hi]
        codes = first.codes[at if first.codes.shape[1] else at[:0]]
        centred = among.centred[lo:hi] if are_rows else _scaled(queries, at, first.scale) - among.centre
        return _Queries(queries, at, centred, codes, at if rows_are_indexed else np.full(len(at), -1))

    def answer(block: _Queries, products: Floats, start: int) -> None:
        at = slice(start, start + len(products))
        _answer(among, block, _lower_bounds(among, block, products, sign), lists[0][at], lists[1][at], sign)

    if _is_wide(len(ids), queries.shape[1], len(rows)):
        _run_wide(answer, among, block_of, len(rows), n_jobs, progress)
        return
    allowance.spend(_cost(len(ids), queries.shape[1], len(rows)))

    def work(lo: int, hi: int) -> None:
        block = block_of(lo, hi)
        answer(block, _small_products(block.centred, among.centred), lo)

    run_ranges(work, len(rows), max(1, _PAIRS // max(1, len(ids))), n_jobs=n_jobs, progress=progress)


def _run_wide(
    answer: Callable[[_Queries, Floats, int], None],
    among: _Rows,
    block_of: Callable[[int, int], _Queries],
    m: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Large products in the calling thread, which BLAS shares out itself; what follows from them in blocks.

    Where up to 4,096 queries are the rows themselves, NumPy asks BLAS for each pair of them only once.
    """
    check_progress(progress)
    n = len(among.ids)
    step = max(1, _PAIRS_WIDE // max(1, n))
    memory = np.empty((min(m, step), n))
    for start in range(0, m, step):
        block = block_of(start, min(m, start + step))
        products = np.matmul(block.centred, among.centred.T, out=memory[: len(block.own)])

        def work(
            lo: int, hi: int, first: int = start, block: _Queries = block, products: Floats = products
        ) -> None:
            answer(block.part(lo, hi), products[lo:hi], first + lo)

        run_ranges(work, len(products), max(1, _PAIRS // max(1, n)), n_jobs=n_jobs)
        if progress is not None:
            progress(start + len(products), m)


def _scaled(X: Matrix, rows: RowIds, scale: float) -> Floats:
    chosen = X if np.array_equal(rows, np.arange(len(X))) else X[rows]
    return np.multiply(chosen, scale, dtype=np.float64)


def _rows_of(first: Loose, ids: RowIds) -> _Rows:
    d = first.X.shape[1]
    centred = _scaled(first.X, ids, first.scale)
    centre = centred.mean(axis=0) if len(ids) else np.zeros(d)
    centred -= centre
    norms = np.einsum("ij,ij->i", centred, centred)
    return _Rows(
        first.X, ids, first.scale, centre, centred, norms, first.codes[ids], first.cost, (d + 16) * 2.0**-51,
        allowance.is_compiled(first.X.dtype),
    )  # fmt: skip


def _answer(
    among: _Rows, block: _Queries, least: Floats, values: NDArray[Any], indices: RowIds, sign: float
) -> None:
    """Let rows take their place in the lists (m, k) of a block of queries, with bounds of their distances."""
    m, k = values.shape
    at, place = _candidates(among, block, least, k, sign)
    is_other = among.ids[place] != block.own[at]
    at, place = at[is_other], place[is_other]
    found = np.concatenate([sign * _exact(among, block, at, place), values.ravel()])
    row = np.concatenate([among.ids[place], indices.ravel()])
    query = np.concatenate([at, np.repeat(np.arange(m), k)])
    order = np.lexsort((row, found, query))
    first = np.searchsorted(query[order], np.arange(m))
    best = order[first[:, np.newaxis] + np.arange(k)]
    values[:], indices[:] = found[best], row[best]


def _candidates(among: _Rows, block: _Queries, least: Floats, k: int, sign: float) -> tuple[RowIds, RowIds]:
    """Queries of the block, and places of the rows that can be among the k first of each, or are itself."""
    m, n, error = len(block.own), len(among.ids), among.error
    if n <= k + 1:
        return np.repeat(np.arange(m), n), np.tile(np.arange(n), m)
    heads, norms_of_heads = _heads(least, among.norms, k + 1)
    kth = np.partition(heads, k, axis=1)[:, k : k + 1]  # not k - 1: one of those before may be the query
    query, head = _places(heads <= kth)
    limit = np.full(m, -np.inf)
    np.maximum.at(limit, query, heads[query, head] + 2.0 * error * norms_of_heads[head])
    norms = np.einsum("ij,ij->i", block.centred, block.centred)
    limit += 4.0 * error * (norms + np.abs(limit)) + _TINY
    return _places(least <= limit[:, np.newaxis])


def _heads(least: Floats, norms: Floats, n_needed: int) -> tuple[Floats, Floats]:
    """The least bound of each group of rows (m, groups), and its largest norm.

    As many groups as are needed hold as many rows at least within the bounds of them, and they are faster to
    look through: 16 rows each, or one where that leaves too few.
    """
    n_groups = least.shape[1] // _GROUP
    if n_groups < _GROUP * n_needed:
        return least, norms
    whole = n_groups * _GROUP  # the rest is left to the second look
    heads = least[:, :whole].reshape(len(least), _GROUP, n_groups).min(axis=1)
    return heads, norms[:whole].reshape(_GROUP, n_groups).max(axis=0)


def _places(mask: NDArray[np.bool_]) -> tuple[RowIds, RowIds]:
    """Rows and columns where it is true; quicker than nonzero."""
    return np.divmod(np.flatnonzero(mask), mask.shape[1])


def _small_products(queries: Floats, rows: Floats) -> Floats:
    """Products of queries and rows (m, n), by several of BLAS."""
    m, (n, d) = len(queries), rows.shape
    products = np.empty((m, n))
    step = max(64, _PRODUCT // (m * d))
    for start in range(0, n, step):
        part = slice(start, start + step)
        np.matmul(queries, rows[part].T, out=products[:, part])
    return products


def _lower_bounds(among: _Rows, block: _Queries, products: Floats, sign: float) -> Floats:
    """Of squared distances times ``sign``, less the norm of the query (m, n), written over the products.

    Twice the error of the query is missing.
    """
    bounds = np.multiply(products, -2.0 * sign, out=products)
    bounds += (sign - among.error) * among.norms
    if among.codes.shape[1]:
        bounds += (1.0 - among.error) * _between_categories(among, block.codes[:, :, np.newaxis], slice(None))
    return bounds


def _between_categories(among: _Rows, codes: NDArray[np.int32], place: Any) -> Floats:
    """What categories (m, n_categorical, ...) add to the squared distances of rows."""
    n_codes = codes.shape[1]
    n_different = sum((codes[:, c] != among.codes[place, c]).astype(np.intp) for c in range(n_codes))
    return np.append(0.0, np.arange(1, n_codes + 1) * among.cost)[n_different]  # 0 times inf is 0 here


def _exact(among: _Rows, block: _Queries, query: RowIds, place: RowIds) -> Floats:
    """Squared distances of pairs, to the last bit those of the kernels."""
    row, other = among.ids[place], block.rows[query]
    if among.is_compiled:
        squared = squared_distances(among.X, row, block.X, other, among.scale)
    else:
        squared = np.empty(len(query))
        step = max(1, _EXACT // among.X.shape[1])
        for start in range(0, len(query), step):
            part = slice(start, start + step)
            differences = np.multiply(among.X[row[part]].T, among.scale, dtype=np.float64, order="C")
            differences -= np.multiply(block.X[other[part]].T, among.scale, dtype=np.float64, order="C")
            squared[part] = squares_of_differences(differences)
    if among.codes.shape[1]:
        squared += _between_categories(among, block.codes[query], place)
    return squared
