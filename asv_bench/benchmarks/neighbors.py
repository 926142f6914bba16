"""Exact neighbours beside scikit-learn, SciPy, FAISS (float32) and oneDAL, all cores."""

import math
import time

import numpy as np

from .common import FEATURES, LIBRARIES, ONEDAL, ROWS, Beside, found, fraud, later, normal, seconds, sizes

fastsmote = later("fastsmote")
brute = later("fastsmote._neighbors.brute")
build = later("fastsmote._neighbors.build")
distance = later("fastsmote._neighbors.distance")
index_module = later("fastsmote._neighbors.index")
search = later("fastsmote._neighbors.search")
metrics = later("sklearn.metrics")
neighbors = later("sklearn.neighbors")

K = 5
N_QUERIES = 10_000


def _evenly(rows, most):
    """At most so many of the rows, evenly spaced."""
    return rows[:: math.ceil(len(rows) / most)]


def _queries(X):
    """Rows of X, a little moved."""
    rng = np.random.default_rng(1)
    rows = rng.integers(0, len(X), min(N_QUERIES, len(X)))
    return X[rows] + 0.01 * rng.normal(size=(len(rows), X.shape[1]))


class Build:
    covers = ("NeighborIndex",)
    reference = "scikit-learn, SciPy, FAISS"
    params = (list(LIBRARIES), ROWS, FEATURES)
    param_names = ("library", "rows", "features")

    def setup(self, library, rows, features):
        self.X = fraud(rows, features)[0]
        LIBRARIES[library](self.X[:1000], K)

    def time_build(self, library, rows, features):
        LIBRARIES[library](self.X, K)

    def peakmem_build(self, library, rows, features):
        LIBRARIES[library](self.X, K)


class Query:
    """10,000 queries (or as many as there are rows) of an index that stands."""

    covers = ("NeighborIndex.query",)
    reference = "scikit-learn, SciPy, FAISS"
    params = (list(LIBRARIES), ROWS, FEATURES)
    param_names = ("library", "rows", "features")
    timeout = 900

    def setup(self, library, rows, features):
        self.X = fraud(rows, features)[0]
        self.Q = _queries(self.X)
        self.index = LIBRARIES[library](self.X, K)
        self.index.query(self.Q[:100])

    def time_query(self, library, rows, features):
        self.index.query(self.Q)

    def peakmem_query(self, library, rows, features):
        self.index.query(self.Q)

    def track_error(self, library, rows, features):
        """Largest relative error of a distance, by direct differences in float64, over 200 queries."""
        Q = self.Q[:200]
        expected = np.array([np.sort(np.sqrt(((self.X - q) ** 2).sum(axis=1)))[:K] for q in Q])
        return float(np.max(np.abs(self.index.query(Q)[0] / expected - 1)))


class SelfJoin:
    """The K nearest others of every row; peers are asked for K + 1, of a sample of the rows."""

    covers = ("nearest_neighbors",)
    reference = "scikit-learn, SciPy, FAISS, oneDAL"
    params = ([*LIBRARIES, *ONEDAL], ["fraud", "white noise", "8 features"], ROWS)
    param_names = ("library", "data", "rows")
    timeout = 1800
    unit = "queries/s"

    def setup(self, library, data, rows):
        if data != "fraud" and rows > 100_000:
            raise NotImplementedError("large sizes are for fraud-shaped data")
        if library in ("scipy", "onedal kd-tree") and data != "8 features":
            raise NotImplementedError("trees are for few features")
        self.X = fraud(rows, 30)[0] if data == "fraud" else normal(rows, 8 if data == "8 features" else 30)
        self.rows = _evenly(np.arange(rows), 20_000 if rows <= 100_000 else 2_000)
        self._build = (LIBRARIES | ONEDAL)[library]
        warm = self.X[:1000]
        if library == "fastsmote":
            fastsmote.nearest_neighbors(warm, K)
        else:
            self._build(warm, K + 1).query(warm)

    def peakmem_self_join(self, library, data, rows):
        """Of peers, with the sample."""
        self._run(library)

    def track_queries_per_second(self, library, data, rows):
        """Building included; the time of the sample stands for all rows."""
        building, asking = self._run(library)
        n_asked = rows if library == "fastsmote" else len(self.rows)
        return rows / (building + asking * rows / n_asked)

    def _run(self, library):
        """Seconds of building, and of asking."""
        start = time.perf_counter()
        if library == "fastsmote":
            fastsmote.nearest_neighbors(self.X, K)
            return 0.0, time.perf_counter() - start
        index = self._build(self.X, K + 1)
        built = time.perf_counter()
        index.query(self.X[self.rows])
        return built - start, time.perf_counter() - built


class Wide:
    """The K nearest others of every row where features are many; the peer compares all rows too."""

    covers = ("nearest_neighbors",)
    reference = "scikit-learn"
    params = (
        ["fastsmote", "scikit-learn"],
        ["float64", "float32"],
        ["500 x 20000", "2000 x 5000", "2000 x 1000"],
    )
    param_names = ("library", "dtype", "shape")
    _table = staticmethod(normal)

    def setup(self, library, dtype, shape):
        rows, features = map(int, shape.split(" x "))
        X = self._table(rows, features).astype(dtype)
        if library == "fastsmote":
            self.run = lambda: fastsmote.nearest_neighbors(X, K)
        else:
            index = neighbors.NearestNeighbors(n_neighbors=K, algorithm="brute")
            self.run = lambda: index.fit(X).kneighbors()
        self.run()

    def time_self_join(self, library, dtype, shape):
        self.run()

    def peakmem_self_join(self, library, dtype, shape):
        self.run()


def one_hot(rows, features):
    """Ten columns to a category."""
    X = np.zeros((rows, features // 10, 10))
    levels = np.random.default_rng(0).integers(10, size=X.shape[:2])
    np.put_along_axis(X, levels[:, :, np.newaxis], 1.0, axis=2)
    return X.reshape(rows, features)


class ZerosAndOnes(Wide):
    """The same of one-hot tables."""

    params = (["fastsmote", "scikit-learn"], ["float64", "float32"], ["3000 x 500", "20000 x 200"])
    _table = staticmethod(one_hot)


class FewAgainstFew(Wide):
    """So few rows that no index pays; the peer compares all of them too."""

    params = (
        ["fastsmote", "scikit-learn"],
        ["float64", "float32"],
        ["2000 x 64", "1000 x 150", "1000 x 64", "500 x 300", "400 x 100", "200 x 600"],
    )


class WideIndex(Wide):
    """An index of many features, asked for all its rows, and for one other row again and again."""

    covers = ("NeighborIndex",)

    def setup(self, library, dtype, shape):
        rows, features = map(int, shape.split(" x "))
        X, Q = (normal(n, features).astype(dtype) for n in (rows, 1))
        if library == "fastsmote":
            self.run = lambda: fastsmote.NeighborIndex(X).query(n_neighbors=K)
            index = fastsmote.NeighborIndex(X)
            self.ask = lambda: index.query(Q, K)
        else:
            index = neighbors.NearestNeighbors(n_neighbors=K, algorithm="brute").fit(X)
            self.run = index.kneighbors
            self.ask = lambda: index.kneighbors(Q)
        self.run()
        self.ask()

    def time_one_query(self, library, dtype, shape):
        self.ask()


class LongLists:
    """A good part of all rows for every row, and all the others: 3,000 x 5."""

    covers = ("nearest_neighbors",)
    reference = "scikit-learn"
    params = (["fastsmote", "scikit-learn"], [100, 300, 2999])
    param_names = ("library", "neighbors")

    def setup(self, library, n_neighbors):
        X = normal(3000, 5)
        if library == "fastsmote":
            self.run = lambda: fastsmote.nearest_neighbors(X, n_neighbors)
        else:
            index = neighbors.NearestNeighbors(n_neighbors=n_neighbors)
            self.run = lambda: index.fit(X).kneighbors()
        self.run()

    def time_self_join(self, library, n_neighbors):
        self.run()

    def peakmem_self_join(self, library, n_neighbors):
        self.run()


class Threads:
    """The self-join on one thread and two."""

    covers = ("nearest_neighbors",)
    reference = None
    params = ([1, 2], ROWS)
    param_names = ("n_jobs", "rows")
    timeout = 1800

    def setup(self, n_jobs, rows):
        self.X = fraud(rows, 30)[0]
        fastsmote.nearest_neighbors(self.X[:1000], K)

    def _run(self, n_jobs):
        fastsmote.nearest_neighbors(self.X, K, n_jobs=n_jobs)

    def time_self_join(self, n_jobs, rows):
        self._run(n_jobs)

    def peakmem_self_join(self, n_jobs, rows):
        self._run(n_jobs)

    def track_queries_per_second(self, n_jobs, rows):
        return rows / seconds(lambda: self._run(n_jobs))

    track_queries_per_second.unit = "queries/s"

    def track_speedup(self, n_jobs, rows):
        """Times as fast as one thread."""
        return seconds(lambda: self._run(1)) / seconds(lambda: self._run(n_jobs))

    track_speedup.unit = "times"


class FewAgainstMany:
    """Neighbours of the minority, 10,000 rows (1,000 of 10,000), among all rows; building included."""

    covers = ("NeighborIndex.query",)
    reference = "scikit-learn"
    params = (["fastsmote", "scikit-learn"], ROWS)
    param_names = ("library", "rows")
    timeout = 900
    unit = "queries/s"

    def setup(self, library, rows):
        self.X, y = fraud(rows, 30, 0.01 if rows > 100_000 else 0.1)
        self.minority = np.flatnonzero(y == 1)
        self.sample = self.minority if library == "fastsmote" else _evenly(self.minority, 2_000)
        LIBRARIES[library](self.X[:1000], K + 1).query(self.X[:1000])

    def _run(self, library):
        """Seconds of building, and of asking."""
        start = time.perf_counter()
        if library == "fastsmote":
            index = fastsmote.NeighborIndex(self.X)
            built = time.perf_counter()
            index.query(rows=self.sample, n_neighbors=K)
        else:
            index = LIBRARIES[library](self.X, K + 1)
            built = time.perf_counter()
            index.query(self.X[self.sample])
        return built - start, time.perf_counter() - built

    def peakmem_few(self, library, rows):
        self._run(library)

    def track_queries_per_second(self, library, rows):
        """The time of scikit-learn's sample of 2,000 stands for all."""
        building, asking = self._run(library)
        n = len(self.minority)
        return n / (building + asking * n / len(self.sample))


def _self_join_seconds(rows, features):
    """Seconds of building an index, and of asking it per row: 8 runs of 625 rows in the order of the leaves.

    The rows of a run are near each other, as they are when all rows ask; the runs are spread over the data,
    whose clusters differ.
    """
    X = fraud(rows, features)[0]
    building = seconds(lambda: fastsmote.NeighborIndex(X))
    index = fastsmote.NeighborIndex(X)
    runs = np.array_split(index._labelled.index.rows(), 8)
    sample = np.concatenate([run[:625] for run in runs])
    index.query(rows=sample[:100], n_neighbors=K)
    return building, seconds(lambda: index.query(rows=sample, n_neighbors=K)) / len(sample)


GROWTH_ROWS = sizes(50_000, 100_000, 200_000, 500_000, 1_000_000)
GROWTH_FEATURES = [4, 8, 16, 30, 64]


class Growth:
    """How the time of a row of the self-join grows with the rows."""

    covers = ("nearest_neighbors",)
    reference = None
    params = (GROWTH_FEATURES, GROWTH_ROWS)
    param_names = ("features", "rows")
    unit = "microseconds"

    def setup(self, features, rows):
        fraud(rows, features)
        fastsmote.nearest_neighbors(fraud(1000, features)[0], K)

    def track_microseconds_per_row(self, features, rows):
        """Of an index that stands."""
        return 1e6 * _self_join_seconds(rows, features)[1]


class GrowthExponent:
    """p of the fit time ~ rows ** p: the least-squares slope in logarithms, over the sizes of Growth."""

    covers = ("nearest_neighbors",)
    reference = None
    params = GROWTH_FEATURES
    param_names = ("features",)
    timeout = 900
    unit = "exponent"

    def setup(self, features):
        fastsmote.nearest_neighbors(fraud(1000, features)[0], K)

    def _exponent(self, with_building, features):
        times = [_self_join_seconds(rows, features) for rows in GROWTH_ROWS]
        totals = [
            building * with_building + rows * per_row
            for rows, (building, per_row) in zip(GROWTH_ROWS, times, strict=True)
        ]
        return float(np.polyfit(np.log(GROWTH_ROWS), np.log(totals), 1)[0])

    def track_exponent(self, features):
        """Of the questions of all rows, building left out."""
        return self._exponent(False, features)

    def track_exponent_with_building(self, features):
        return self._exponent(True, features)


class _Question:
    """A question of a resampler by its own method, and plainly; what a run returns compares."""

    def __init__(self, X, y):
        self.X, self.y, self.index = X, y, fastsmote.NeighborIndex(X, y)
        self.minority = np.flatnonzero(y == 1)
        self.some = _evenly(np.arange(len(y)), 100_000)


class _Farthest(_Question):
    """NearMiss-2: the distances from some rows of the majority to the 3 farthest of the minority."""

    def __init__(self, X, y):
        super().__init__(X, y)
        self.some = _evenly(np.flatnonzero(y == 0), 100_000)

    def own(self):
        return self.index.farthest(rows=self.some, n_neighbors=3, among=1)[0]

    def plain(self):
        chunks = metrics.pairwise_distances_chunked(
            self.X[self.some],
            self.X[self.minority],
            reduce_func=lambda distances, start: np.partition(distances, -3, axis=1)[:, -3:],
            n_jobs=-1,
        )
        return np.sort(np.concatenate(list(chunks)), axis=1)[:, ::-1]


class _CountOtherClasses(_Question):
    """ADASYN, Borderline-SMOTE: how many of the K nearest of a row of the minority are of the majority."""

    def own(self):
        counts = self.index.count_other_classes(K, rows=self.minority)
        return K - (counts + np.arange(1, K + 1) <= K).sum(axis=1)

    def plain(self):
        return (self.y[self.index.query(rows=self.minority, n_neighbors=K)[1]] != 1).sum(axis=1)


class _OwnClassFirst(_Question):
    """Edited nearest neighbours: are the 3 nearest of a row all of its class?"""

    def own(self):
        return self.index.own_class_first(3, rows=self.some)

    def plain(self):
        found = self.index.query(rows=self.some, n_neighbors=3)[1]
        return (self.y[found] == self.y[self.some, None]).all(axis=1)


class _IsNearest(_Question):
    """Tomek links: is a row of the minority the nearest of its nearest row of the majority?"""

    def __init__(self, X, y):
        super().__init__(X, y)
        self.neighbors = self.index.query(rows=self.minority, n_neighbors=1, among=0)[1][:, 0]

    def own(self):
        return self.index.is_nearest(self.neighbors, self.minority)

    def plain(self):
        return self.index.query(rows=self.neighbors, n_neighbors=1)[1][:, 0] == self.minority


QUESTIONS = {
    "farthest": _Farthest,
    "count_other_classes": _CountOtherClasses,
    "own_class_first": _OwnClassFirst,
    "is_nearest": _IsNearest,
}


class Questions:
    """On an index that stands, at most 100,000 rows asking: the method, and what would do without it.

    That is scikit-learn's matrix of distances for farthest, and ``query`` for the others.
    """

    covers = tuple(f"NeighborIndex.{question}" for question in QUESTIONS)
    reference = "scikit-learn's matrix of distances, or all the neighbours"
    params = (list(QUESTIONS), ["own", "plain"], ROWS)
    param_names = ("question", "method", "rows")
    timeout = 900

    def setup(self, question, method, rows):
        rate = {10_000: 0.1, 100_000: 0.01, 1_000_000: 0.00173}[rows]
        self.question = QUESTIONS[question](*fraud(rows, 30, rate))
        self.run = getattr(self.question, method)
        getattr(QUESTIONS[question](*fraud(1000, 30, 0.1)), method)()

    def time_ask(self, question, method, rows):
        self.run()

    def peakmem_ask(self, question, method, rows):
        self.run()

    def track_error(self, question, method, rows):
        """Largest difference between the answers of both; farthest in parts of the largest distance."""
        own, plain = self.question.own().astype(float), self.question.plain().astype(float)
        return float(np.abs(own - plain).max() / max(1.0, np.abs(own).max()))


# Rows, features, queries: the table in fastsmote/_neighbors/brute.py. As many queries as rows: all rows ask.
_GRID = [
    (100, 30, 100),
    (300, 30, 300),
    (1_000, 4, 1_000),
    (1_000, 30, 128),
    (1_000, 30, 1_000),
    (10_000, 30, 8),
    (10_000, 30, 128),
    (100_000, 30, 32),
    (100_000, 30, 128),
    (1_000_000, 4, 128),
    (1_000_000, 30, 1),
    (1_000_000, 30, 32),
    (1_000_000, 30, 128),
]
GRID = {f"{n} x {d}, {m} queries": (n, d, m) for n, d, m in _GRID if n in sizes(n)}


class Methods:
    """Without an index and with one, building included, on both sides of where the choice changes."""

    covers = ("nearest_neighbors",)
    reference = None
    params = (["brute", "leaves"], list(GRID))
    param_names = ("method", "size")

    def setup(self, method, size):
        n, d, m = GRID[size]
        self.X = normal(n, d)
        self.Q = None if m == n else np.random.default_rng(1).standard_normal((m, d))
        self.run = self._brute if method == "brute" else self._leaves
        self.run(self.X[:1000])

    def _brute(self, X):
        return brute.compare_all(X, K, self.Q)

    def _leaves(self, X):
        index = build.build_index(X)
        if self.Q is not None:
            index = index_module.rescaled_for(index, self.Q)
        squared, indices = search.find_nearest(index, K, self.Q)
        return distance.to_distances(squared, index.scale), indices

    def time_answer(self, method, size):
        self.run(self.X)

    def peakmem_answer(self, method, size):
        self.run(self.X)

    def track_error(self, method, size):
        """Largest difference from the distances of the other method: both are exact."""
        return float(np.abs(self._brute(self.X)[0] - self._leaves(self.X)[0]).max())


class Append:
    """1,000 further rows for an index that stands, or all rows indexed anew."""

    covers = ("NeighborIndex.append",)
    reference = None
    params = (["append", "anew"], ROWS)
    param_names = ("method", "rows")

    def setup(self, method, rows):
        self.X = fraud(rows, 30)[0]
        self.new = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=1)[0]
        self.index = fastsmote.NeighborIndex(self.X)
        self.run = self._append if method == "append" else self._anew
        self.run()

    def _append(self):
        return self.index.append(self.new)

    def _anew(self):
        return fastsmote.NeighborIndex(np.concatenate([self.X, self.new]))

    def time_index(self, method, rows):
        self.run()

    def peakmem_index(self, method, rows):
        self.run()


class ValueDifference(Beside):
    """Distances of all pairs of rows of five categorical columns."""

    params = (Beside.libraries, sizes(500, 5000))
    param_names = ("library", "n")
    covers = ("ValueDifferenceMetric", "ValueDifferenceMetric.fit", "ValueDifferenceMetric.pairwise")
    reference = "imbalanced-learn"

    def calls(self, n):
        rng = np.random.default_rng(0)
        X, y = rng.integers(0, 20, (n, 5)), rng.integers(0, 2, n)
        ours, theirs = (
            found(module, "ValueDifferenceMetric") for module in ("fastsmote", "imblearn.metrics.pairwise")
        )
        return lambda: ours().fit(X, y).pairwise(X), lambda: theirs().fit(X, y).pairwise(X)
