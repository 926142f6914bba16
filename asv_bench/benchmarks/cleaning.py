"""Under-sampling by neighbours, cleaning and combinations beside imbalanced-learn."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from .common import found, fraud, later, normal, only_where, sizes, some

fastsmote = later("fastsmote")
under_sampling = later("imblearn.under_sampling")

# The mammography set of Woods et al. (1993), OpenML 310: 11,183 x 6, 260 positives, 7,848 different rows
_MAMMOGRAPHY = Path(__file__).parent / "mammography.npz"
_SEED = {"random_state": 0}


@lru_cache(maxsize=2)
def _table(data, rows):
    if data == "mammography":
        with np.load(_MAMMOGRAPHY) as real:
            X, y = real["X"], real["y"]
        chosen = np.arange(rows) % len(X)
        jitter = np.random.default_rng(0).normal(scale=1e-3, size=(rows, X.shape[1]))
        jitter[: len(X)] = 0.0  # the rows of the set themselves, duplicates included
        return X[chosen] + jitter, y[chosen].astype(np.int64)
    if data == "white noise":
        return normal(rows, 30), (np.random.default_rng(1).random(rows) < 0.01).astype(np.int64)
    return fraud(rows, 30, float(data.removesuffix(" % fraud")) / 100)


# our function, its arguments; their class, its arguments; rows up to which they take less than 5 minutes
_METHODS = {
    "tomek_links": ({}, "TomekLinks", {}, 100_000),
    "edited_nearest_neighbours": ({}, "EditedNearestNeighbours", {}, 100_000),
    "repeated_edited_nearest_neighbours": ({}, "RepeatedEditedNearestNeighbours", {}, 100_000),
    "all_knn": ({}, "AllKNN", {}, 100_000),
    "neighbourhood_cleaning_rule": ({}, "NeighbourhoodCleaningRule", {}, 100_000),
    "condensed_nearest_neighbour": (_SEED, "CondensedNearestNeighbour", _SEED, 10_000),
    "one_sided_selection": (_SEED, "OneSidedSelection", _SEED, 100_000),
    "near_miss 1": ({"version": 1}, "NearMiss", {"version": 1}, 1_000_000),
    "near_miss 2": ({"version": 2}, "NearMiss", {"version": 2}, 100_000),
    "near_miss 3": ({"version": 3}, "NearMiss", {"version": 3}, 1_000_000),
    "smote_tomek": (_SEED, "SMOTETomek", _SEED, 100_000),
    "smote_enn": (_SEED, "SMOTEENN", _SEED, 100_000),
}


class Cleaning:
    covers = tuple(dict.fromkeys(method.split(" ", maxsplit=1)[0] for method in _METHODS))
    reference = "imbalanced-learn"
    params = (
        ["fastsmote", "imbalanced-learn"],
        list(_METHODS),
        some("1 % fraud", "0.173 % fraud", "10 % fraud", "white noise", "mammography"),
        sizes(5_000, 20_000, 100_000, 1_000_000),
    )
    param_names = ("library", "method", "data", "rows")
    timeout = 900

    def setup(self, library, method, data, rows):
        ours, sampler, theirs, most = _METHODS[method]
        if library != "fastsmote" and rows > most:
            raise NotImplementedError("takes too long, or too much memory")
        name = method.split(" ", maxsplit=1)[0]
        self.X, self.y = _table(data, rows)
        module = "combine" if name.startswith("smote") else "under_sampling"
        self.sampler = found(f"imblearn.{module}", sampler)(**theirs)
        self.ours = lambda X, y: getattr(fastsmote, name)(X, y, **ours)
        self.resample = self.ours if library == "fastsmote" else self.sampler.fit_resample
        self.ours(*_table(data, 5_000))

    def time_resample(self, library, method, data, rows):
        self.resample(self.X, self.y)

    def peakmem_resample(self, library, method, data, rows):
        self.resample(self.X, self.y)

    @only_where(lambda library, method, data, rows: rows <= _METHODS[method][3])
    def track_difference(self, library, method, data, rows):
        """Difference from the number of rows that imbalanced-learn keeps; random streams and ties differ."""
        return abs(len(self.ours(self.X, self.y)[1]) - len(self.sampler.fit_resample(self.X, self.y)[1]))


class CentroidSampling:
    """1,024 centres of 30 features."""

    covers = ("cluster_centroids",)
    reference = "imbalanced-learn"
    params = (["fastsmote", "imbalanced-learn"], sizes(2_000, 10_000, 100_000))
    param_names = ("library", "rows")
    timeout = 900

    def setup(self, library, rows):
        self.X, self.y = fraud(rows, 30, 0.2)
        self.kept = {"sampling_strategy": {0: min(1024, rows // 10)}, "random_state": 0}
        fastsmote.cluster_centroids(*fraud(1000, 30, 0.1), random_state=0)

    def _resample(self, library):
        if library == "fastsmote":
            return fastsmote.cluster_centroids(self.X, self.y, **self.kept)
        return under_sampling.ClusterCentroids(**self.kept).fit_resample(self.X, self.y)

    def time_resample(self, library, rows):
        self._resample(library)

    def peakmem_resample(self, library, rows):
        self._resample(library)

    def track_inertia(self, library, rows):
        """Sum of squared distances of the rows to their centres: which clusters are tighter."""
        X_resampled, y_resampled = self._resample(library)
        rows_of_class = self.X[self.y == 0]
        distances, _ = fastsmote.nearest_neighbors(X_resampled[y_resampled == 0], 1, queries=rows_of_class)
        return float((distances**2).sum())


class TomekLinkPairs:
    """The pairs themselves; imbalanced-learn tells of each row whether it is in one."""

    covers = ("select.tomek_link_pairs",)
    reference = "imbalanced-learn"
    params = (["fastsmote", "imbalanced-learn"], sizes(2_000, 10_000, 100_000))
    param_names = ("library", "rows")
    timeout = 900

    def setup(self, library, rows):
        self.X, self.y = fraud(rows, 30, 0.1)
        self.find = self.ours if library == "fastsmote" else self.theirs
        self.ours()

    def ours(self):
        return np.unique(fastsmote.select.tomek_link_pairs(self.X, self.y))

    def theirs(self):
        index = found("sklearn.neighbors", "NearestNeighbors")(n_neighbors=1, n_jobs=-1).fit(self.X)
        nearest = index.kneighbors(return_distance=False)[:, 0]
        is_tomek = found("imblearn.under_sampling", "TomekLinks").is_tomek
        return np.flatnonzero(is_tomek(self.y, nearest, [0, 1]))

    def time_find(self, library, rows):
        self.find()

    def peakmem_find(self, library, rows):
        self.find()

    def track_error(self, library, rows):
        """Share of the rows that only one of the two finds."""
        return len(np.setxor1d(self.ours(), self.theirs())) / rows
