"""Exact neighbours beside scikit-learn, SciPy and FAISS (float32), all cores."""

import numpy as np
from scipy.spatial import cKDTree
from sklearn.neighbors import NearestNeighbors

import fastsmote

from .common import FEATURES, ROWS, fraud

K = 6
N_QUERIES = 10_000


class _Fastsmote:
    def __init__(self, X):
        self.index = fastsmote.NeighborIndex(X)

    def query(self, Q):
        return self.index.query(Q, K)


class _ScikitLearn:
    def __init__(self, X):
        self.index = NearestNeighbors(n_neighbors=K, algorithm="brute", n_jobs=-1).fit(X)

    def query(self, Q):
        return self.index.kneighbors(Q)


class _SciPy:
    def __init__(self, X):
        self.index = cKDTree(X)

    def query(self, Q):
        return self.index.query(Q, K, workers=-1)


class _Faiss:
    def __init__(self, X):
        import faiss

        self.index = faiss.IndexFlatL2(X.shape[1])
        self.index.add(X.astype(np.float32))

    def query(self, Q):
        squared, indices = self.index.search(Q.astype(np.float32), K)
        return np.sqrt(squared), indices


LIBRARIES = {"fastsmote": _Fastsmote, "scikit-learn": _ScikitLearn, "scipy": _SciPy, "faiss": _Faiss}


def _queries(X):
    """Rows of X, a little moved."""
    rng = np.random.default_rng(1)
    rows = rng.integers(0, len(X), min(N_QUERIES, len(X)))
    return X[rows] + 0.01 * rng.normal(size=(len(rows), X.shape[1]))


class Build:
    params = (list(LIBRARIES), ROWS, FEATURES)
    param_names = ("library", "rows", "features")

    def setup(self, library, rows, features):
        self.X = fraud(rows, features)[0]
        LIBRARIES[library](self.X[:1000])

    def time_build(self, library, rows, features):
        LIBRARIES[library](self.X)

    def peakmem_build(self, library, rows, features):
        LIBRARIES[library](self.X)


class Query:
    """10,000 queries (or as many as there are rows) of an index that stands."""

    params = (list(LIBRARIES), ROWS, FEATURES)
    param_names = ("library", "rows", "features")
    timeout = 900

    def setup(self, library, rows, features):
        self.X = fraud(rows, features)[0]
        self.Q = _queries(self.X)
        self.index = LIBRARIES[library](self.X)
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


class AllNeighbors:
    """Every row asks and leaves itself out."""

    params = (["fastsmote", "scikit-learn"], ROWS, FEATURES)
    param_names = ("library", "rows", "features")
    timeout = 1800

    def setup(self, library, rows, features):
        if library == "scikit-learn" and rows > 100_000:
            raise NotImplementedError("more than half an hour")
        self.X = fraud(rows, features)[0]
        fastsmote.nearest_neighbors(self.X[:1000], K)

    def _run(self, library):
        if library == "fastsmote":
            return fastsmote.nearest_neighbors(self.X, K)
        return NearestNeighbors(n_neighbors=K, algorithm="brute", n_jobs=-1).fit(self.X).kneighbors()

    def time_all(self, library, rows, features):
        self._run(library)

    def peakmem_all(self, library, rows, features):
        self._run(library)
