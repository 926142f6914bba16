"""KMeans-SMOTE: which clusters of X get new rows of a class, and how many.

A cluster is used for a class if the class has at least a share of its rows, and more than k of them. Where
there is none and the user gave no share, any cluster with more than k rows of the class is used, and where
there is none, the class as a whole: what SMOTE can do is not refused. The new rows are shared out by
sparsity: the mean distance of the class's rows in the cluster, to the power of an exponent, divided by their
number.
"""

import math
import numbers
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_integer
from fastsmote._core.labels import check_labels, rows_by_code
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import RowIds
from fastsmote._kernels.neighbors.distance import PANEL
from fastsmote._kernels.neighbors.sparse import SUMS
from fastsmote._kernels.sampling.centroids import sum_distances
from fastsmote._kernels.sampling.sparse_centres import distances_to_later
from fastsmote._neighbors.distance import exact_scale, in_panels
from fastsmote._sampling.apply import OverSampling
from fastsmote._sampling.over.draft import Draft
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Options, Request, read_request
from fastsmote._sampling.places import apportion
from fastsmote._sampling.under import centroids

_FARTHEST = 8192  # rows of a cluster whose mean distance is taken, evenly spaced; 1 s for 30 columns
_FARTHEST_SPARSE = 512  # of sparse rows: 0.1 s for 50 values in each
_ROWS = 16  # of these per block of distances
_DISTANCES = 1 << 17  # per block, some 0.2 ms


def plan_kmeans(
    X: Any,
    y: Any,
    *,
    k_neighbors: int,
    clusters: Any,
    cluster_balance_threshold: Any,
    density_exponent: Any,
    **options: Unpack[Options],
) -> OverSampling:
    """The decision of :func:`fastsmote.kmeans_smote`."""
    request = read_request(X, y, may_be_sparse=True, **options)
    plan = decide_kmeans(request, k_neighbors, clusters, cluster_balance_threshold, density_exponent)
    return OverSampling(request, plan)


def decide_kmeans(
    request: Request,
    k_neighbors: Any,
    clusters: Any,
    cluster_balance_threshold: Any,
    density_exponent: Any,
) -> SyntheticPlan:
    """SMOTE within the clusters that hold enough of a class, more of it in sparse ones."""
    k = check_integer(k_neighbors, "k_neighbors")
    threshold = _check_number(cluster_balance_threshold, "cluster_balance_threshold")
    exponent = _check_number(density_exponent, "density_exponent")
    cluster = _check_clusters(clusters, request)
    draft = Draft(request)
    if not request.targets.any():
        return draft.finish()
    if cluster is None:
        cluster = centroids.clusters(
            request.matrix, int(clusters), int(request.seed), request.n_jobs, request.progress
        )
    sizes = np.bincount(cluster)
    for code, rows, new in draft.classes():
        n_new = new.stop - new.start
        members = [rows[at] for at in rows_by_code(cluster[rows], len(sizes))]
        least = n_new / (2 * int(request.targets.sum())) if threshold is None else threshold
        least = -math.inf if len(sizes) == 1 else least
        can_grow = [c for c in range(len(sizes)) if len(members[c]) > k and _can_grow(request, members[c])]
        # a quotient of counts equals the number that is written so, a product with it need not
        usable = [c for c in can_grow if len(members[c]) / sizes[c] >= least]
        if not usable and threshold is None:
            usable = can_grow
            if not usable and len(rows) > k and _can_grow(request, rows):
                members, usable = [rows], [0]
        if not usable:
            share = "" if least == -math.inf else f"at least {least:.2g} of their rows, and "
            raise RuntimeError(
                f"KMeans-SMOTE makes new rows in clusters with {share}more than {k} rows, of class "
                f"{request.labels.classes.tolist()[code]!r}. No clusters found: none of the {len(sizes)} is "
                "such. Use smote, a lower k_neighbors or cluster_balance_threshold, or another number of "
                "clusters."
            )
        sparsity = _sparsity(request, [members[c] for c in usable], exponent)
        start = new.start
        for c, count in zip(usable, apportion(sparsity, n_new).tolist(), strict=True):
            if count:
                stream = code + len(request.targets) * (c + 1)
                place = slice(start, start + count)
                draft.make(code, place, members[c], request.among(members[c]), k, stream=stream)
                start += count
    return draft.finish()


def _can_grow(request: Request, rows: RowIds) -> bool:
    """Whether some row has weight and another of its group."""
    group, weight = request.group, request.weight
    partnered = np.ones(len(rows), bool) if group is None else np.bincount(group[rows])[group[rows]] > 1
    return bool(partnered.any() if weight is None else weight[rows][partnered].any())


def _check_number(value: Any, name: str) -> float | None:
    """A number, or None for "auto"."""
    if isinstance(value, str) and value == "auto":
        return None
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        raise ValueError(f'{name} must be "auto" or a finite number. Got {value!r}.')
    return float(value)


def _check_clusters(clusters: Any, request: Request) -> RowIds | None:
    """The cluster of each row where clusters are given by row."""
    if isinstance(clusters, numbers.Integral | float):
        check_integer(clusters, "clusters", maximum=len(request.labels.codes))
        return None
    return check_labels(clusters, len(request.labels.codes), name="clusters", min_classes=1).codes


def _sparsity(request: Request, members: list[RowIds], exponent: float | None) -> NDArray[np.float64]:
    """Sparsity of each cluster relative to the sparsest, by logarithms: powers of distances overflow."""
    scale = exact_scale(request.matrix, request.n_jobs)
    logs = []
    for rows in members:
        n = len(rows)
        power = math.log(n, 1.6) ** 1.8 * 0.16 if exponent is None else exponent
        mean = _mean_distance(request, rows, scale) / scale
        log = math.log(mean) if mean > 0 else -math.inf
        logs.append((power * log if power else 0.0) - math.log(n))
    sparsity = np.array(logs)
    if np.isinf(sparsity.max()):  # duplicates only, or with a negative exponent some clusters of duplicates
        return (sparsity == sparsity.max()).astype(np.float64)
    return np.exp(sparsity - sparsity.max())


def _mean_distance(request: Request, rows: RowIds, scale: float) -> float:
    """Mean scaled distance of different rows."""
    if isinstance(request.matrix, SparseMatrix):
        rows = rows[:: split(len(rows), _FARTHEST_SPARSE)]
        matrix, distances = request.matrix.rows, np.zeros((len(rows), len(rows)))

        def measure(lo: int, hi: int) -> None:
            distances_to_later(matrix, rows, scale, np.empty(SUMS), distances, lo, hi)

        run_ranges(measure, len(rows), _ROWS, n_jobs=request.n_jobs)
        distances += distances.T
        sums = np.zeros(len(rows))
        for to_one in distances:  # in the order of rows
            sums += to_one
        return float(sums.sum() / (len(rows) * (len(rows) - 1)))
    rows = rows[:: split(len(rows), _FARTHEST)]
    n, points = len(rows), np.multiply(request.matrix[rows], scale, dtype=np.float64)
    panels = in_panels(points)
    sums = np.empty(len(panels) * PANEL)

    def work(lo: int, hi: int) -> None:
        sum_distances(panels, points, np.empty(PANEL), sums, lo, hi)

    run_ranges(work, len(panels), max(1, _DISTANCES // (n * PANEL)), n_jobs=request.n_jobs)
    return float(sums[:n].sum() / (n * (n - 1)))
