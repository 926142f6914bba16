"""Tables of zeros and ones, as of one-hot categories: rows as bits, compared with all queries.

The float32 leaves can not tell which of many rows at one distance come first, so that each gets an exact
distance; and boxes around rows of zeros and ones leave little out. Counted bits are exact and some ten times
as fast as a tile (``_kernels.neighbors.bits``). Bits take a 64th of the memory of the rows.

Seconds of one core (Zen 4) for an index and the 5 nearest others of every row, drawn from categories:

| rows | features | levels of a category | bits | leaves |
| --- | --- | --- | --- | --- |
| 5,000 | 30 | 10 | 0.007 | 0.026 |
| 20,000 | 30 | 10 | 0.07 | 0.04 |
| 50,000 | 30 | 2 | 0.45 | 0.78 |
| 20,000 | 60 | 10 | 0.08 | 0.63 |
| 50,000 | 100 | 10 | 0.64 | 5.6 |
| 20,000 | 500 | 2 | 0.41 | 4.7 |
| 20,000 | 500 | 100 | 0.30 | 5.5 |
| 100,000 | 100 | 50 | 3.2 | 0.57 |

In the last, one row of six repeats another: leaves of equal rows are small, and that is looked for.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix, Progress, RowIds
from fastsmote._kernels.neighbors.bits import WORD, BitQueries, BitRows, offer_bits, pack
from fastsmote._neighbors.index import Loose

_LEAST = 64  # features: leaves are good at fewer
_MOST = 1e11  # words of pairs, some 20 s of one core: leaves may find something to leave out
_MANY = 2e9  # words of pairs, from which on it is looked whether rows repeat
_SAMPLE = 1024
_REPEATED = 0.1  # of the sample
_NEAR = 2.0**500  # the scale of ones is not larger
_ROWS = 1024  # of a block that is packed
_WORDS = 1 << 21  # of the pairs of a block: half a millisecond


def are_worth_it(n_rows: int, d: int, n_queries: int) -> bool:
    """Whether to compare all queries with all rows, where these are bits."""
    return d >= _LEAST and _words_of_pairs(n_rows, d, n_queries) <= _MOST


def _words_of_pairs(n_rows: int, d: int, n_queries: int) -> float:
    return float(n_rows) * n_queries * split(d, WORD)


def words_of(X: Matrix, rows: RowIds, n_jobs: int | None) -> NDArray[np.uint64] | None:
    """Rows of X as bits (m, n_words); None where they hold other values than 0 and 1."""
    first, d, rows = X[rows[:1]], X.shape[1], np.ascontiguousarray(rows)
    if not ((first == 0.0) | (first == 1.0)).all():  # most tables show it here
        return None
    words = np.empty((len(rows), split(d, WORD)), np.uint64)
    are_bits = np.ones(split(len(rows), _ROWS), bool)

    def work(lo: int, hi: int) -> None:
        are_bits[lo // _ROWS] = pack(X, rows, words, lo, hi)

    run_ranges(work, len(rows), _ROWS, n_jobs=n_jobs)
    return words if are_bits.all() else None


def are_bits(X: Matrix, n_jobs: int | None) -> bool:
    """Whether rows hold zeros and ones alone."""
    return words_of(X, np.arange(len(X)), n_jobs) is not None


def index_rows(X: Matrix, groups: Sequence[RowIds], n_jobs: int | None) -> list[NDArray[np.uint64]] | None:
    """The groups of rows as bits, for ``offer_bits``; None where leaves are better."""
    n, d, found = sum(map(len, groups)), X.shape[1], []
    if not are_worth_it(n, d, n):
        return None
    for rows in groups:
        words = words_of(X, rows, n_jobs)
        if words is None:
            return None
        found.append(words)
    if _words_of_pairs(n, d, n) > _MANY and _repeat(max(found, key=len)):
        return None
    return list(map(_planes, found))


def _repeat(words: NDArray[np.uint64]) -> bool:
    """Whether many rows repeat others: then leaves are small."""
    sample = words[:: split(max(1, len(words)), _SAMPLE)]
    return len(np.unique(sample, axis=0)) < (1.0 - _REPEATED) * len(sample)


def _planes(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Rows (n, n_words) 64 by 64."""
    n, n_words = words.shape
    planes = np.zeros((split(n, WORD) * WORD, n_words), np.uint64)
    planes[:n] = words
    return freeze(planes.reshape(-1, WORD, n_words).swapaxes(1, 2).reshape(-1, WORD * n_words))


def serve(parts: list[Loose], n_queries: int) -> bool:
    """Whether so many queries are to be compared with rows of these parts as bits, if they are such."""
    if not parts or any(part.planes is None for part in parts) or parts[0].codes.shape[1]:
        return False
    return are_worth_it(sum(len(part.ids) for part in parts), parts[0].X.shape[1], n_queries)


def search(
    parts: list[Loose],
    words: NDArray[np.uint64],
    own: RowIds,
    lists: tuple[Floats, RowIds],
    sign: float,
    n_jobs: int | None,
    progress: Progress | None,
) -> None:
    """Let rows take their place in the lists (squared distances times ``sign``, indices) (m, k) of queries.

    Queries are bits, see ``words_of``; ``own`` (m,) are rows that they leave out, -1 for none. ``sign`` is 1
    for the nearest and -1 for the farthest. Long lists are left as heaps.
    """
    held = [_held(part) for part in parts if len(part.ids)]
    asked = BitQueries(freeze(words), freeze(np.ascontiguousarray(own)))

    def work(lo: int, hi: int) -> None:
        counts = np.empty(WORD, np.float32)
        for rows in held:
            offer_bits(rows, asked, sign, counts, *lists, lo, hi)

    for_a_query = sum(rows.planes.size for rows in held)
    run_ranges(work, len(words), max(1, _WORDS // max(1, for_a_query)), n_jobs=n_jobs, progress=progress)


def _held(part: Loose) -> BitRows:
    planes: Any = part.planes
    start = np.full(WORD * len(planes), np.inf, np.float32)
    start[: len(part.ids)][part.visible] = 0.0
    unit = min(part.scale, _NEAR) ** 2  # rows without a one have a larger scale, and are all the same
    return BitRows(planes, freeze(part.ids), freeze(start), unit)
