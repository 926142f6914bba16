"""Rows without an index: NumPy compares all of them with all queries, by products of BLAS.

Rows stay ``Loose`` where that is cheaper than leaves; ``is_cheaper`` is the one place that says so:

* **Before the kernels of an index are compiled.** To compile an index and its searches takes some five
  seconds, once for a machine; to compare 5,000 x 30 rows with each other here takes a fifth of one. So where
  no compiled code is at hand, as long as all such searches of this process together cost less than compiling
  (``Allowance``). A larger question, and what comes after too many small ones, makes leaves.
* **Few rows.** Compiled code compares them as they are (see ``few``).
* **Zeros and ones.** Compiled code counts bits (see ``bits``, which says when that is worth it).
* **Wide rows.** Leaves have little to leave out there, and cost O(n d^2) to make; BLAS shares out one large
  product. Milliseconds of two cores (Zen 4) with leaves and with products, 5 neighbours of all rows, white
  noise: 1,000 x 1,000 23 and 11, 1,000 x 2,000 55 and 22, 2,000 x 1,000 70 and 34; at 2,000 x 300 both take
  16.

Why it is exact. What is formed of products is wrong by less than e (|x|^2 + |y|^2), x a query and y a row
about their centre, and a ``tiny`` that underflows: see ``products``. So the k rows that it puts first bound
the distance of the k-th, and no row that it puts beyond that by more than its error can be one of the k. The
others get the exact distance, in the order of its sums, and these decide. Categories add the same terms to
both. What follows the products is compiled (``_kernels.neighbors.products``), or NumPy's where nothing is.

An index that is asked again and again (``lasting``) keeps its wide rows about their centre; leaves come with
the first question that is too large.

Wide rows are compared in single precision where a few queries show that it tells enough of them apart, which
halves the time; else in double precision.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.allowance import Allowance
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import check_progress, run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors import tree
from fastsmote._kernels.neighbors.products import Compared, Formed, choose
from fastsmote._neighbors import few
from fastsmote._neighbors.distance import squared_distances, squares_of_differences
from fastsmote._neighbors.index import Loose, visible_rows
from fastsmote._neighbors.products import (
    FROM_ALL,
    Centred,
    Precision,
    asked,
    centre,
    centre_of,
    compared_rows,
    double,
    go_on_compiled,
    large_products,
    new_sums,
    places_among,
    room_for,
    single,
    small_products,
)

_PAIRS = 1 << 17  # of queries and rows that NumPy looks at together: 1 MiB
_BLOCK = 4e5  # nanoseconds of what follows products, in one block
_EXACT = 1 << 18  # differences of exact distances computed together: 2 MiB
_WIDE = 512  # features
_MOST_WIDE = 2e11  # multiply-adds of a search of wide rows: some seconds
_PAIRS_WIDE = 4096**2  # whose products are held together: 128 MiB
_GROUP = 16  # rows whose least bound is looked at first
_ASKED = 16  # queries that tell whether single precision will do
_KEPT = 4  # copies of rows, of some parts in some precision
_WORTH = 16  # an exact distance takes as long as so many products of single precision in place of double


def _kernel_for(dtype: np.dtype) -> tuple[Any, ...]:
    """The first kernel that rows of an index meet."""
    matrix, vector, rows = freeze(np.empty((1, 1))), freeze(np.empty(1)), freeze(np.empty(1, np.int64))
    frame, raw = tree.Frame(1.0, vector, matrix, rows, 1.0), np.empty((1, 1), dtype)
    return tree.coordinates, freeze(raw), rows, frame, raw, np.empty((1, 1)), 0, 0


allowance = Allowance(2.5e9, _kernel_for)  # an index and its searches take 5 to 6 s to compile


def is_cheaper(n_rows: int, d: int, n_queries: int, dtype: np.dtype) -> bool:
    """Whether to compare all queries and rows, in an index that may stay without leaves."""
    if _is_wide(n_rows, d, n_queries) or allowance.covers(_cost(n_rows, d, n_queries)):
        return True
    return allowance.is_compiled(dtype) and are_few(n_rows, d, n_queries)


def stays_loose(n_rows: int, d: int, dtype: np.dtype) -> bool:
    """Whether an index for one task is to be made without leaves."""
    if allowance.is_compiled(dtype):
        return _is_wide(n_rows, d, n_rows) or are_few(n_rows, d, n_rows)
    return is_cheaper(n_rows, d, n_rows, dtype)


def compiles(n_rows: int, d: int, dtype: np.dtype) -> bool:
    """Whether an index for one task meets compiled code, at hand or not."""
    return allowance.is_compiled(dtype) or not allowance.covers(_cost(n_rows, d, n_rows))


def are_few(n_rows: int, d: int, n_queries: int | None = None) -> bool:
    """Whether compiled code compares all pairs of so few rows, with each other or with queries."""
    n_queries = n_rows if n_queries is None else n_queries
    return few.are_few(n_rows, d, n_queries, are_wide=_is_wide(n_rows, d, n_queries))


def _is_wide(n_rows: int, d: int, n_queries: int) -> bool:
    return d >= _WIDE and float(n_rows) * n_queries * d <= _MOST_WIDE


def _cost(n_rows: int, d: int, n_queries: int) -> float:
    """Nanoseconds of a search: a fixed part, and one for each pair."""
    return 2e5 + float(n_rows) * n_queries * (6.0 + 0.13 * d)


class _Queries(NamedTuple):
    """Queries of one block."""

    X: Matrix
    rows: RowIds  # (m,) of X
    centred: Centred  # about the centre of the rows
    codes: NDArray[np.int32]  # (m, n_categorical)
    own: RowIds  # (m,) row of X to leave out, -1 for none

    def part(self, lo: int, hi: int) -> "_Queries":
        at = slice(lo, hi)
        return _Queries(self.X, self.rows[at], self.centred.part(lo, hi), self.codes[at], self.own[at])


class _Rows(NamedTuple):
    """The rows that queries are compared with."""

    X: Matrix
    ids: RowIds
    scale: float  # of exact distances
    about: Floats  # (d,) the centre
    centred: Centred
    codes: NDArray[np.int32]  # (n, n_categorical)
    cost: float
    precision: Precision
    is_compiled: bool  # exact distances are


class _Search(NamedTuple):
    """Queries, and the rows that they are compared with, in one precision."""

    first: Loose  # of the parts
    among: _Rows
    compared: Compared | None  # the rows, for compiled code that goes on from products
    queries: Matrix
    rows: RowIds  # (m,) of the queries
    own: RowIds  # (m,) rows of X that they are, -1 for none
    places: RowIds | None  # (m,) of the queries among the rows, where all of them are there
    n_jobs: int | None

    @property
    def are_rows(self) -> bool:
        """Whether queries and rows are the same."""
        return self.places is not None and np.array_equal(self.places, np.arange(len(self.among.ids)))

    def block(self, lo: int, hi: int) -> _Queries:
        """Queries [lo, hi)."""
        at = slice(lo, hi)
        return self._block(at, self.among.centred.part(lo, hi) if self.are_rows else self._centred(at))

    def with_products(self) -> tuple[_Queries, NDArray[Any]]:
        """All queries, and their products with rows, of those of all rows: BLAS makes half of these."""
        rows, norms = self.among.centred
        products = large_products(
            rows, rows, room_for(len(rows), len(rows), rows.shape[1], self.among.precision)
        )
        block = self._block(slice(None), Centred(rows[:0], norms[self.places]))
        return block, products[self.places]

    def few(self) -> _Queries:
        """Queries that stand for all."""
        at = slice(None, None, split(max(1, len(self.rows)), _ASKED))
        return self._block(at, self._centred(at))

    def _centred(self, at: slice) -> Centred:
        among = self.among
        if self.places is not None:
            return Centred(*(of[self.places[at]] for of in among.centred))
        rows, how = self.rows[at], (among.scale, among.about, among.precision, self.n_jobs)
        return centre(self.queries, rows, *how, is_compiled=among.is_compiled)

    def _block(self, at: slice, centred: Centred) -> _Queries:
        rows, codes = self.rows[at], self.first.codes
        coded = codes[rows if codes.shape[1] else rows[:0]]
        return _Queries(self.queries, rows, centred, coded, self.own[at])


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
    ``search.find_nearest``. The lists are in order after, but for long ones, which may be heaps.
    """
    check_progress(progress)
    first, d = parts[0], queries.shape[1]
    ids = visible_rows(parts)  # in order, so that all rows of several parts are known to be the queries
    own = rows if rows_are_indexed else np.full(len(rows), -1)
    is_wide = _is_wide(len(ids), d, len(rows))
    keeps = is_wide and first.kept is not None  # what few rows would make for each question again
    if allowance.is_compiled(first.X.dtype) and not keeps and are_few(len(ids), d, len(rows)):
        few.search(first, ids, queries, rows, own, lists, sign, n_jobs, progress)
        return
    places = places_among(ids, rows) if rows_are_indexed else None

    def search_in(precision: Precision) -> _Search:
        among = _rows_of(parts, ids, precision, n_jobs)
        compared = None
        if among.is_compiled and go_on_compiled(first, lists[0].shape[1], sign):
            compared = compared_rows(first, ids, among.centred.norms, precision, sign)
        return _Search(first, among, compared, queries, rows, own, places, n_jobs)

    def answer(task: _Search, block: _Queries, products: NDArray[Any], start: int) -> None:
        at = slice(start, start + len(products))
        found = lists[0][at], lists[1][at]
        if task.compared is None:
            _answer(task.among, block, products, *found, sign)
        else:
            _choose(task.compared, block, products, *found, sign)

    if is_wide:
        task = search_in(double(d) if first.codes.shape[1] else single(d))
        if task.among.precision.dtype == np.float32 and not _tells_apart(task, lists[0].shape[1], sign):
            task = search_in(double(d))
        _run_wide(answer, task, progress)
        return
    allowance.spend(_cost(len(ids), d, len(rows)))
    task = search_in(double(d))

    def work(lo: int, hi: int) -> None:
        block = task.block(lo, hi)
        answer(task, block, small_products(block.centred.rows, task.among.centred.rows), lo)

    run_ranges(work, len(rows), max(1, _PAIRS // max(1, len(ids))), n_jobs=n_jobs, progress=progress)


def _tells_apart(task: _Search, k: int, sign: float) -> bool:
    """Whether products leave so few rows to exact distances that better ones would not pay."""
    block, among = task.few(), task.among
    room = room_for(len(block.own), len(among.ids), len(among.about), among.precision)
    products = large_products(block.centred.rows, among.centred.rows, room)
    if task.compared is None:
        n_exact = len(_candidates(among, block, _lower_bounds(among, block, products, sign), k)[0])
    else:
        lists = np.full((len(block.own), k), np.inf), np.full((len(block.own), k), len(among.X))
        n_exact = _choose(task.compared, block, products, *lists, sign)
    return n_exact <= len(block.own) * (2 * (k + 1) + len(among.ids) // _WORTH)


def _run_wide(
    answer: Callable[[_Search, _Queries, NDArray[Any], int], None], task: _Search, progress: Progress | None
) -> None:
    """Large products in the calling thread, which BLAS shares out; what follows from them in blocks."""
    m, n, among = len(task.rows), len(task.among.ids), task.among
    step = max(1, _PAIRS_WIDE // max(1, n))
    are_most = task.places is not None and n <= step and FROM_ALL * n < m < n
    room = room_for(0 if are_most else min(m, step), n, len(among.about), among.precision)
    for start in range(0, m, step):
        if are_most:
            block, products = task.with_products()
        else:
            block = task.block(start, min(m, start + step))
            products = large_products(block.centred.rows, among.centred.rows, room)

        def work(
            lo: int, hi: int, first: int = start, block: _Queries = block, products: Any = products
        ) -> None:
            answer(task, block.part(lo, hi), products[lo:hi], first + lo)

        size = _PAIRS // max(1, n)
        if task.compared is not None:
            size = int(_BLOCK / (0.5 * n + 2.0 * len(among.about)))
        run_ranges(work, len(products), max(1, size), n_jobs=task.n_jobs)
        if progress is not None:
            progress(start + len(products), m)


def _rows_of(parts: list[Loose], ids: RowIds, precision: Precision, n_jobs: int | None) -> _Rows:
    first = parts[0]
    about, centred = _about_centre(parts, ids, precision, n_jobs)
    is_compiled = allowance.is_compiled(first.X.dtype)
    return _Rows(
        first.X, ids, first.scale, about, centred, first.codes[ids], first.cost, precision, is_compiled
    )


def _about_centre(
    parts: list[Loose], ids: RowIds, precision: Precision, n_jobs: int | None
) -> tuple[Floats, Centred]:
    """The centre of the rows of some parts, and the rows about it: made once where the index is to last.

    For one query that takes longer than all the rest: 10,000 x 1,000 rows 16 ms of 20.
    """
    X, scale, kept = parts[0].X, parts[0].scale, parts[0].kept
    asked = tuple(id(part.ids) for part in parts), scale, precision
    found = None if kept is None else kept.get(asked)
    if found is None:
        about = centre_of(X, ids, scale, precision)
        is_compiled = allowance.is_compiled(X.dtype)
        found = about, centre(X, ids, scale, about, precision, n_jobs, is_compiled=is_compiled)
        if kept is not None:
            if len(kept) >= _KEPT:
                kept.clear()
            kept[asked] = found
    return found


def _choose(
    compared: Compared,
    block: _Queries,
    products: NDArray[Any],
    values: NDArray[Any],
    indices: RowIds,
    sign: float,
) -> int:
    """What ``_answer`` does, compiled; returns how many exact distances there were."""
    asking = asked(block.X, block.rows, block.own, block.centred.norms)
    m, n = products.shape
    kind = products.dtype.type
    formed = Formed(products.reshape(-1), n, np.arange(m), kind(-2.0 * sign))
    n_exact: int = choose(formed, compared, asking, sign, new_sums(n, kind), values, indices, 0, m)
    return n_exact


def _answer(
    among: _Rows, block: _Queries, products: NDArray[Any], values: NDArray[Any], indices: RowIds, sign: float
) -> None:
    """Let rows take their place in the lists (m, k) of a block; its products (m, n) are written over."""
    m, k = values.shape
    least = _lower_bounds(among, block, products, sign)
    at, place = _candidates(among, block, least, k)
    is_other = among.ids[place] != block.own[at]
    at, place = at[is_other], place[is_other]
    found = np.concatenate([sign * _exact(among, block, at, place), values.ravel()])
    row = np.concatenate([among.ids[place], indices.ravel()])
    query = np.concatenate([at, np.repeat(np.arange(m), k)])
    order = np.lexsort((row, found, query))
    first = np.searchsorted(query[order], np.arange(m))
    best = order[first[:, np.newaxis] + np.arange(k)]
    values[:], indices[:] = found[best], row[best]


def _candidates(among: _Rows, block: _Queries, least: NDArray[Any], k: int) -> tuple[RowIds, RowIds]:
    """Queries of the block, and places of the rows that can be among the k first of each, or are itself."""
    m, n, error = len(block.own), len(among.ids), among.precision.error
    if n <= k + 1:
        return np.repeat(np.arange(m), n), np.tile(np.arange(n), m)
    heads, norms_of_heads = _heads(least, among.centred.norms, k + 1)
    kth = np.partition(heads, k, axis=1)[:, k : k + 1]  # not k - 1: one of those before may be the query
    query, head = _places(heads <= kth)
    limit = np.full(m, -np.inf)
    np.maximum.at(limit, query, heads[query, head] + 2.0 * error * norms_of_heads[head])
    limit += 4.0 * error * (block.centred.norms + np.abs(limit)) + among.precision.tiny
    limit = np.nextafter(limit.astype(least.dtype), np.inf, dtype=least.dtype)
    return _places(least <= limit[:, np.newaxis])


def _heads(least: NDArray[Any], norms: Floats, n_needed: int) -> tuple[NDArray[Any], Floats]:
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


def _lower_bounds(among: _Rows, block: _Queries, products: NDArray[Any], sign: float) -> NDArray[Any]:
    """Of squared distances times ``sign``, less the norm of the query (m, n), written over the products.

    Twice the error of the query is missing.
    """
    bounds = np.multiply(products, -2.0 * sign, out=products)
    error = among.precision.error
    bounds += (sign - error) * among.centred.norms
    if among.codes.shape[1]:
        bounds += (1.0 - error) * _between_categories(among, block.codes[:, :, np.newaxis], slice(None))
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
