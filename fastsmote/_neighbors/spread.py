"""Few queries of many rows: a visit of a leaf serves as many of them as can be, and visits go side by side.

Queries that lie far apart visit most leaves, whatever batch they are in. In batches of 128, so that many
threads have work, 1,730 queries read a million rows from memory 14 times. Here a batch holds up to 2,048, and
its leaves are dealt out: each block goes through every R-th, near ones first, and keeps lists of its own,
which take their place in those of all at the end. First come the leaves that the queries fall into, whose
rows bound all lists.

Blocks share the radii of the queries, without a lock. What one writes is the distance to its k-th row, never
less than that to the k-th of all: whoever wrote last, and whatever a block reads, no row is passed over that
belongs to the k. So the work depends on who comes first, and the lists do not. (Without it, 1,000 queries of
a million rows take as long as in batches of 128.)

Milliseconds of one core (Intel with AVX-512) for the 5 nearest of some rows of ``make_fraud``, 30 features,
in batches of 128 to 512 and this way:

| queries | of 300,000 rows | | of 1,000,000 rows | |
| --- | --- | --- | --- | --- |
| 173 | 14 | 17 | 44 | 43 |
| 1,000 | 62 | 65 | 190 | 143 |
| 5,000 | 258 | 269 | 783 | 605 |
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Floats, Progress, RowIds
from fastsmote._kernels.neighbors.lists import SORTED_UP_TO, merge
from fastsmote._kernels.neighbors.search import (
    Batch,
    Contents,
    contents_of,
    new_room,
    sweep,
)
from fastsmote._neighbors.batches import (
    LARGE_BATCH,
    MANY_ROWS,
    SearchTask,
    at_home,
    go_on_from,
    leaves_within_reach,
    start,
)

NO_ORDER = np.empty(0, np.int64)
_FEWEST = 32  # queries: for fewer, 2 ms more than in one block, for threads and lists
_MOST = 8192  # queries
_BLOCKS = 32  # of a search, so that many threads have work, and none waits long for the last
_MERGED = 64  # queries whose lists are merged in one block


class _Way(NamedTuple):
    """What a batch goes through of one part."""

    contents: Contents
    home: RowIds  # (m,) leaves that were visited
    near: RowIds  # leaves
    reach: NDArray[np.float32]


def suits(task: SearchTask, n_neighbors: int) -> bool:
    """Whether a search is to be finished by ``go_on``."""
    is_sorted = n_neighbors <= SORTED_UP_TO
    return is_sorted and _FEWEST <= len(task.rows) <= _MOST and task.n_searched >= MANY_ROWS


def go_on(
    task: SearchTask, distances: Floats, indices: RowIds, n_jobs: int | None, progress: Progress | None
) -> None:
    """Let rows of all leaves but the homes, whose rows were offered, take their place in the lists (m, k)."""
    m, k = distances.shape
    n_batches = split(m, LARGE_BATCH)
    n_ranges = split(_BLOCKS, n_batches)
    found = np.empty((n_ranges, m, k)), np.empty((n_ranges, m, k), np.int64)
    batches = [task.order[at : at + LARGE_BATCH] for at in range(0, m, LARGE_BATCH)]
    begun: list[Any] = [None] * n_batches

    def begin(i: int) -> None:
        begun[i] = _begin(task, batches[i], distances, indices)

    run_blocks(begin, n_batches, n_jobs=n_jobs)

    def look(block: int) -> None:
        i, step = divmod(block, n_ranges)
        at, (batch, ways) = batches[i], begun[i]
        lists = found[0][step], found[1][step]
        lists[0][at], lists[1][at] = distances[at, -1:], indices[at, -1:]
        room = new_room(*batch.points.shape)
        for way in ways:
            near, reach = (np.ascontiguousarray(of[step::n_ranges]) for of in (way.near, way.reach))
            asking = batch._replace(queries=batch.queries._replace(home=way.home), room=room)
            sweep(way.contents, task.queries, asking, near, reach, NO_ORDER, *lists)

    run_blocks(look, n_batches * n_ranges, n_jobs=n_jobs, progress=progress)
    run_ranges(lambda lo, hi: merge(distances, indices, *found, lo, hi), m, _MERGED, n_jobs=n_jobs)


def _begin(task: SearchTask, at: RowIds, distances: Floats, indices: RowIds) -> tuple[Batch, list[_Way]]:
    """A batch behind its homes, and what it goes through."""
    batch, first = task.batch(at), task.parts[0]
    start(first, batch)
    go_on_from(first, batch.queries, distances[at, -1], indices[at, -1])
    ways = []
    for leaves in task.parts:
        in_part = at_home(batch, leaves)
        near, reach = leaves_within_reach(leaves, in_part)
        ways.append(_Way(contents_of(leaves), in_part.queries.home, near, reach))
    return batch, ways
