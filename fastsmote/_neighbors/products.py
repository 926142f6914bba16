"""Products of queries and rows about a centre, by BLAS, and how wrong they may be.

About a centre a row y and a query x have the squared distance |y|^2 - 2 xy + |x|^2. ``Precision`` says in
which numbers products are formed, and bounds what is wrong with that sum by ``error`` (|x|^2 + |y|^2) +
``tiny``.

* **Double.** A product comes in any order: wrong by less than (d + 16) 2^-51 (|x|^2 + |y|^2), some times the
  rounding of its 3 d + 30 terms.
* **Single.** Half the time and half the bytes. Coordinates are rounded, relatively by 2^-24. Products of at
  most ``_PART`` features are added up, so that a term is rounded at most p = min(d, _PART) + d / _PART + 3
  times. By Cauchy and Schwarz 2 xy is wrong by p 2^-24 (|x|^2 + |y|^2), its sum with the norms by 4 2^-24
  more; the bound is twice as much. Values are at most 1 before they are centred, so that nothing overflows;
  what underflows is less than d 2^-140. The tile adds up all d products one after the other (``of_tiles``).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._kernels.neighbors import products as kernels
from fastsmote._kernels.neighbors.products import COLUMNS, Asking, BoundScratch, Compared
from fastsmote._kernels.neighbors.tile import GROUP

_PART = 1024  # features of one product in single precision
_SMALL = 1 << 18  # multiply-adds of one product: too few for BLAS to wake threads of its own, which spin
_IN_CACHE = 1 << 16  # values that NumPy centres together: 0.5 MiB
_CENTRED = 1 << 19  # values that a kernel centres, in one block: 0.3 ms
FROM_ALL = 0.6  # of the rows as queries: for more, products of all rows, half of them, are fewer
_FOR_CENTRE = 32  # rows that the centre is the mean of: any will do


class Precision(NamedTuple):
    """Numbers that products are formed in."""

    dtype: type[np.floating[Any]]
    unit: float  # power of two that rows scaled for exact distances, at most 2^500, are multiplied by
    error: float  # of a distance, relative to the norms of both
    tiny: float


class Centred(NamedTuple):
    """Rows about a centre."""

    rows: NDArray[Any]  # (n, d) in the numbers of the products
    norms: Floats  # (n,) squared

    def part(self, lo: int, hi: int) -> "Centred":
        return Centred(self.rows[lo:hi], self.norms[lo:hi])


def double(d: int) -> Precision:
    """Numbers of double precision."""
    return Precision(np.float64, 1.0, (d + 16) * 2.0**-51, 2.0**-1000)


def single(d: int) -> Precision:
    """Numbers of single precision."""
    return Precision(np.float32, 2.0**-500, (min(d, _PART) + d / _PART + 16) * 2.0**-23, d * 2.0**-120)


def of_tiles(d: int) -> Precision:
    """Numbers of single precision, as the tile adds them up."""
    return single(d)._replace(error=(d + 16) * 2.0**-23)


def centre_of(X: Matrix, rows: RowIds, scale: float, precision: Precision) -> Floats:
    """The mean (d,) of some of the rows, as ``centre`` wants it."""
    few = X[rows[:: split(max(1, len(rows)), _FOR_CENTRE)]]
    if not len(few):
        return np.zeros(X.shape[1])
    return np.multiply(few, scale * precision.unit, dtype=np.float64).mean(axis=0)


def centre(
    X: Matrix,
    rows: RowIds,
    scale: float,
    about: Floats,
    precision: Precision,
    n_jobs: int | None,
    *,
    is_compiled: bool,
) -> Centred:
    """Rows of X about a centre, in the units of a precision; ``scale`` is that of exact distances."""
    d, factor = X.shape[1], scale * precision.unit
    centred = Centred(np.empty((len(rows), d), precision.dtype), np.empty(len(rows)))
    if is_compiled:
        X, ids = freeze(X), freeze(np.ascontiguousarray(rows))

        def centre_block(lo: int, hi: int) -> None:
            point = np.zeros((1, 4 * split(d, 4)))
            kernels.centre(X, ids, factor, about, point, *centred, lo, hi)

        run_ranges(centre_block, len(rows), split(_CENTRED, d), n_jobs=n_jobs)
        return centred

    def work(lo: int, hi: int) -> None:
        part = np.multiply(_chosen(X, rows[lo:hi]), factor, dtype=np.float64)
        part -= about
        np.einsum("ij,ij->i", part, part, out=centred.norms[lo:hi])
        centred.rows[lo:hi] = part

    run_ranges(work, len(rows), split(_IN_CACHE, d), n_jobs=n_jobs)
    return centred


def _chosen(X: Matrix, rows: RowIds) -> Matrix:
    """Rows of X, without a copy where they follow each other."""
    first, stop = int(rows[0]), int(rows[0]) + len(rows)
    return X[first:stop] if np.array_equal(rows, np.arange(first, stop)) else X[rows]


def go_on_compiled(first: Any, k: int, sign: float) -> bool:
    """Whether the kernels that go on from products find the k first rows.

    What different categories add makes the farthest row any.
    """
    return k < COLUMNS and (sign > 0.0 or not first.codes.shape[1])


def compared_rows(first: Any, ids: RowIds, norms: Floats, precision: Precision, sign: float) -> Compared:
    """Rows of a part, with these squared norms, for the kernels that go on from their products."""
    low, high = (((sign + e) * norms).astype(precision.dtype) for e in (-precision.error, precision.error))
    more = first.codes.shape[1] * first.cost * precision.unit * precision.unit
    held = freeze(first.X), freeze(ids), first.scale
    return Compared(*held, low, high, precision.error, precision.tiny, freeze(first.codes), first.cost, more)


def asked(X: Matrix, rows: RowIds, own: RowIds, norms: Floats) -> Asking:
    """Queries for these kernels."""
    return Asking(X, np.ascontiguousarray(rows), np.ascontiguousarray(own), np.ascontiguousarray(norms))


def new_sums(n: int, dtype: type[np.floating[Any]]) -> BoundScratch:
    """Scratch for queries of n rows."""
    bounds = on_cache_lines(GROUP * split(n, GROUP), dtype)
    bounds[n:] = np.inf
    return BoundScratch(bounds, np.empty(COLUMNS, dtype))


def places_among(ids: RowIds, rows: RowIds) -> RowIds | None:
    """Where rows stand in ids, which ascend; None where one does not."""
    if not len(ids):
        return None
    places = np.minimum(np.searchsorted(ids, rows), len(ids) - 1)
    return places if np.array_equal(ids[places], rows) else None


def small_products(queries: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """Products of queries and rows (m, n), by several of BLAS."""
    m, (n, d) = len(queries), rows.shape
    products = np.empty((m, n))
    step = max(64, _SMALL // (m * d))
    for start in range(0, n, step):
        part = slice(start, start + step)
        np.matmul(queries, rows[part].T, out=products[:, part])
    return products


def room_for(m: int, n: int, d: int, precision: Precision) -> NDArray[Any]:
    """Memory for ``large_products`` of up to m queries."""
    return np.empty((1 if d <= _in_one(precision.dtype, d) else 2, m, n), precision.dtype)


def large_products(queries: NDArray[Any], rows: NDArray[Any], room: NDArray[Any]) -> NDArray[Any]:
    """Products of queries and rows (m, n), in the room for them.

    BLAS shares them out to threads itself. Where queries are the rows themselves, NumPy asks it for each pair
    only once.
    """
    d, m = rows.shape[1], len(queries)
    step = _in_one(rows.dtype, d)
    products = np.matmul(queries[:, :step], rows[:, :step].T, out=room[0, :m])
    for start in range(step, d, step):
        part = slice(start, start + step)
        products += np.matmul(queries[:, part], rows[:, part].T, out=room[1, :m])
    return products


def _in_one(dtype: DTypeLike, d: int) -> int:
    """Features of one product."""
    return min(d, _PART) if dtype == np.float32 else d
