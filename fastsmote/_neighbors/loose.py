"""Few rows, before the kernels of an index are compiled: they lie as they came, and NumPy compares them all.

To compile an index and its searches takes some five seconds, once for a machine; to compare 5,000 x 30 rows
with each other here takes a fifth of one. So where no compiled code is at hand, an index that is made for one
task keeps its rows ``Loose``, and a search looks at all pairs, as long as all such searches of this process
together cost less than compiling (``Allowance``): ``is_cheaper`` is the one place that says so. A larger
question, and what comes after too many small ones, makes leaves of the rows and goes by these.

Why it is exact. About the mean of the rows, a row y and a query x have the squared distance |y|^2 - 2 xy +
|x|^2. Products of BLAS come in any order, so that this is wrong by less than e = (d + 16) 2^-51 (|x|^2 +
|y|^2), some times the rounding of its 3 d + 30 terms, and by what underflows, far less than ``_TINY``. So the
k rows that it puts first bound the distance of the k-th, and no row that it puts beyond that by more than its
error can be one of the k. The others get the exact distance, in the order of its sums, and these decide.
Categories add the same terms to both.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.allowance import Allowance
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors import tree
from fastsmote._neighbors.distance import squares_of_differences
from fastsmote._neighbors.index import Loose

_PAIRS = 1 << 17  # of queries and rows looked at together: 1 MiB
_EXACT = 1 << 13  # exact distances computed together
_PRODUCT = 1 << 18  # multiply-adds of one product: too few for BLAS to wake threads of its own, which spin
_TINY = 2.0**-1000


def _kernel_for(dtype: np.dtype) -> tuple[Any, ...]:
    """The first kernel that rows of an index meet."""
    matrix, vector, rows = freeze(np.empty((1, 1))), freeze(np.empty(1)), freeze(np.empty(1, np.int64))
    frame, raw = tree.Frame(1.0, vector, matrix, rows, 1.0), np.empty((1, 1), dtype)
    return tree.coordinates, freeze(raw), rows, frame, raw, np.empty((1, 1)), 0, 0


allowance = Allowance(2.5e9, _kernel_for)  # an index and its searches take 5 to 6 s to compile


def is_cheaper(n_rows: int, d: int, n_queries: int) -> bool:
    """Whether all queries and rows are compared for less than it costs to compile."""
    return allowance.covers(_cost(n_rows, d, n_queries))


def _cost(n_rows: int, d: int, n_queries: int) -> float:
    """Nanoseconds of a search: a fixed part, and one for each pair."""
    return 2e5 + float(n_rows) * n_queries * (6.0 + 0.13 * d)


class _Queries(NamedTuple):
    """Queries of one block."""

    scaled: Floats  # (m, d)
    codes: NDArray[np.int32]  # (m, n_categorical)
    own: RowIds  # (m,) row of X to leave out, -1 for none


class _Rows(NamedTuple):
    """The rows that queries are compared with."""

    ids: RowIds
    columns: Floats  # (d, n) scaled
    centre: Floats  # (d,)
    centred: Floats  # (d, n) about the centre
    norms: Floats  # (n,) squared, about the centre
    codes: NDArray[np.int32]  # (n, n_categorical)
    cost: float
    error: float  # relative error of a distance, of the norms of both


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
    allowance.spend(_cost(len(ids), queries.shape[1], len(rows)))
    among = _rows_of(first, ids)

    def work(lo: int, hi: int) -> None:
        at = rows[lo:hi]
        scaled = queries[at].astype(np.float64) * first.scale
        codes = first.codes[at if first.codes.shape[1] else at[:0]]
        block = _Queries(scaled, codes, at if rows_are_indexed else np.full(len(at), -1))
        _answer(among, block, lists[0][lo:hi], lists[1][lo:hi], sign)

    run_ranges(work, len(rows), max(1, _PAIRS // max(1, len(ids))), n_jobs=n_jobs, progress=progress)


def _rows_of(first: Loose, ids: RowIds) -> _Rows:
    scaled = first.X[ids].astype(np.float64) * first.scale
    d = scaled.shape[1]
    centre = scaled.mean(axis=0) if len(ids) else np.zeros(d)
    centred = scaled - centre
    norms = (centred * centred).sum(axis=1)
    columns, centred = np.ascontiguousarray(scaled.T), np.ascontiguousarray(centred.T)
    return _Rows(ids, columns, centre, centred, norms, first.codes[ids], first.cost, (d + 16) * 2.0**-51)


def _answer(among: _Rows, block: _Queries, values: NDArray[Any], indices: RowIds, sign: float) -> None:
    """Let rows take their place in the lists (m, k) of a block of queries."""
    m, k = values.shape
    at, place = _candidates(among, block, k, sign)
    is_other = among.ids[place] != block.own[at]
    at, place = at[is_other], place[is_other]
    found = np.concatenate([sign * _exact(among, block, at, place), values.ravel()])
    row = np.concatenate([among.ids[place], indices.ravel()])
    query = np.concatenate([at, np.repeat(np.arange(m), k)])
    order = np.lexsort((row, found, query))
    first = np.searchsorted(query[order], np.arange(m))
    best = order[first[:, np.newaxis] + np.arange(k)]
    values[:], indices[:] = found[best], row[best]


def _candidates(among: _Rows, block: _Queries, k: int, sign: float) -> tuple[RowIds, RowIds]:
    """Queries of the block, and places of the rows that can be among the k first of each, or are itself."""
    m, n, error = len(block.own), len(among.ids), among.error
    if n <= k + 1:
        return np.repeat(np.arange(m), n), np.tile(np.arange(n), m)
    least = _lower_bounds(among, block, sign)
    kth = np.partition(least, k, axis=1)[:, k : k + 1]  # not k - 1: one of those before may be the query
    query, place = _places(least <= kth)
    limit = np.full(m, -np.inf)
    np.maximum.at(limit, query, least[query, place] + 2.0 * error * among.norms[place])
    centred = block.scaled - among.centre
    limit += 4.0 * error * ((centred * centred).sum(axis=1) + np.abs(limit)) + _TINY
    return _places(least <= limit[:, np.newaxis])


def _places(mask: NDArray[np.bool_]) -> tuple[RowIds, RowIds]:
    """Rows and columns where it is true; quicker than nonzero."""
    return np.divmod(np.flatnonzero(mask), mask.shape[1])


def _lower_bounds(among: _Rows, block: _Queries, sign: float) -> Floats:
    """Of squared distances times ``sign``, less the norm of the query (m, n); twice its error is missing."""
    m, (d, n) = len(block.scaled), among.centred.shape
    twice = (block.scaled - among.centre) * (-2.0 * sign)
    bounds = np.empty((m, n))
    step = max(64, _PRODUCT // (m * d))
    for start in range(0, n, step):
        part = slice(start, start + step)
        np.matmul(twice, among.centred[:, part], out=bounds[:, part])
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
    squared = np.empty(len(query))
    for start in range(0, len(query), _EXACT):
        part = slice(start, start + _EXACT)
        differences = among.columns[:, place[part]] - block.scaled[query[part]].T
        squared[part] = squares_of_differences(differences)
        if among.codes.shape[1]:
            squared[part] += _between_categories(among, block.codes[query[part]], place[part])
    return squared
