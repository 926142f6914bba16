"""Numbers of rows shared out, and which places among the rows of a class random under-sampling keeps."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.draw import draw_distinct, draw_with_replacement
from fastsmote._core.labels import Labels, rows_by_code
from fastsmote._core.typing import RowIds


def draw_places(
    labels: Labels, targets: RowIds, replacement: bool, seed: np.uint64, n_jobs: int | None
) -> dict[int, RowIds]:
    """Of each class that does not keep all its rows, which it keeps: places among them, ascending.

    Only counts are looked at.
    """
    draw = draw_with_replacement if replacement else draw_distinct
    return {
        code: np.sort(draw(seed, code, int(labels.counts[code]), int(targets[code]), n_jobs))
        for code in np.flatnonzero(targets != labels.counts).tolist()
    }


def draw_places_within(
    labels: Labels, clusters: RowIds, targets: RowIds, replacement: bool, seed: np.uint64, n_jobs: int | None
) -> dict[int, RowIds]:
    """The same where the rows of a class stay in proportion to its rows in each cluster.

    Each cluster draws from a stream of its own; that of the first is that of all rows without clusters.
    """
    draw = draw_with_replacement if replacement else draw_distinct
    n_classes, n_clusters = len(labels.counts), int(clusters.max()) + 1
    found = {}
    for code in np.flatnonzero(targets != labels.counts).tolist():
        members = rows_by_code(clusters[labels.codes == code], n_clusters)
        sizes = np.array([len(places) for places in members])
        kept = [
            places[draw(seed, code + n_classes * cluster, len(places), count, n_jobs)]
            for cluster, (places, count) in enumerate(
                zip(members, apportion(sizes, int(targets[code])).tolist(), strict=True)
            )
            if count
        ]
        found[code] = np.sort(np.concatenate([np.empty(0, np.int64), *kept]))
    return found


def apportion(weights: NDArray[Any], total: int) -> RowIds:
    """Whole numbers in proportion to ``weights`` with sum ``total``: largest remainder, ties to the first.

    Quotas of weights that are no integers are told apart down to 1e-12 of the total.
    """
    if weights.dtype.kind == "f":
        step = 1e-12 * (total + 1)
        relative = weights / weights.max()
        quotas = relative * (total / relative.sum())
        counts = np.floor(quotas + step).astype(np.int64)
        remainders = np.rint((quotas - counts) / step)
    else:
        counts, remainders = np.divmod(weights * total, weights.sum())
    left = total - int(counts.sum())
    counts[np.argsort(-remainders, kind="stable")[:left]] += 1
    return counts
