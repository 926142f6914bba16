"""Options of samplers: those of imbalanced-learn beside its own, and those that are ours alone."""

import inspect
from functools import cache, partial

import numpy as np

from .common import found, fraud, sizes, texts

_ROWS = sizes(2_000, 20_000, 200_000)
_SEED = {"random_state": 0}

# Option: our function, the class of imbalanced-learn, what both are called with.
_SHARED = {
    "borderline-2": ("borderline_smote", "over_sampling.BorderlineSMOTE", {"kind": "borderline-2"} | _SEED),
    "shrinkage": ("random_over_sample", "over_sampling.RandomOverSampler", {"shrinkage": 1.0} | _SEED),
    "ratio": ("smote", "over_sampling.SMOTE", {"sampling_strategy": 0.5} | _SEED),
    "replacement": (
        "random_under_sample",
        "under_sampling.RandomUnderSampler",
        {"replacement": True} | _SEED,
    ),
    "kind_sel": (
        "edited_nearest_neighbours",
        "under_sampling.EditedNearestNeighbours",
        {"kind_sel": "mode", "n_jobs": -1},
    ),
    "voting": ("cluster_centroids", "under_sampling.ClusterCentroids", {"voting": "hard"} | _SEED),
}


def _with(module, name, options):
    """Our function with options, of which earlier versions have not all."""
    function = found(module, name)
    lacking = options.keys() - inspect.signature(function).parameters
    if lacking:
        raise NotImplementedError(f"no {', '.join(lacking)} in this version")
    return partial(function, **options)


def _sampler(library, ours, theirs, options):
    if library == "fastsmote":
        return _with("fastsmote", ours, options)
    module, name = theirs.split(".")
    return found(f"imblearn.{module}", name)(**options).fit_resample


def _check_alike(n_rows, actual, expected):
    """As many rows of each class, but for one that the two round apart, and new rows in the same place."""
    assert abs(np.bincount(actual[1]) - np.bincount(expected[1])).max() <= 1
    if len(actual[1]) > n_rows + 1:
        ours, theirs = actual[0][n_rows:], expected[0][n_rows:]
        assert (abs(ours.mean(axis=0) - theirs.mean(axis=0)) <= 0.3 * theirs.std(axis=0)).all()


@cache
def _check_shared(option):
    X, y = fraud(2_000, 8, 0.05)
    _check_alike(
        len(y), *(_sampler(library, *_SHARED[option])(X, y) for library in ("fastsmote", "imbalanced-learn"))
    )


class Shared:
    params = (["fastsmote", "imbalanced-learn"], list(_SHARED), _ROWS)
    param_names = ("library", "option", "rows")
    timeout = 900
    covers = tuple(ours for ours, _, _ in _SHARED.values())
    reference = "imbalanced-learn"

    def setup(self, library, option, rows):
        if option == "voting" and rows > 20_000:
            raise NotImplementedError("10,000 clusters take minutes")
        if library != "fastsmote":  # to import the peer takes longer than to measure ours
            _check_shared(option)
        self.X, self.y = fraud(rows, 8, 0.05)
        self.resample = _sampler(library, *_SHARED[option])

    def time_resample(self, library, option, rows):
        self.resample(self.X, self.y)

    def peakmem_resample(self, library, option, rows):
        self.resample(self.X, self.y)


@cache
def _sparse(rows):
    """Counts of words in texts: 200 columns, ten to a row; each class prefers some."""
    rng = np.random.default_rng(0)
    y = (rng.random(rows) < 0.05).astype(np.int64)
    columns = np.floor(200 * rng.random((rows, 10)) ** (1.0 + y[:, np.newaxis])).astype(np.int64)
    counts = rng.integers(1, 5, size=columns.size).astype(np.float64)
    entries = (counts, (np.repeat(np.arange(rows), 10), columns.ravel()))
    return found("scipy.sparse", "csr_matrix")(entries, shape=(rows, 200)), y


# Our function, the class of imbalanced-learn, what both are called with.
_ON_SPARSE = {
    "smote": ("smote", "over_sampling.SMOTE", _SEED),
    "random_under_sample": ("random_under_sample", "under_sampling.RandomUnderSampler", _SEED),
    "random_over_sample": ("random_over_sample", "over_sampling.RandomOverSampler", _SEED),
}


@cache
def _check_sparse(sampler):
    X, y = _sparse(2_000)
    actual, expected = (
        _sampler(library, *_ON_SPARSE[sampler])(X, y) for library in ("fastsmote", "imbalanced-learn")
    )
    assert type(actual[0]) is type(expected[0])
    _check_alike(len(y), (actual[0].toarray(), actual[1]), (expected[0].toarray(), expected[1]))


class Sparse:
    params = (["fastsmote", "imbalanced-learn"], list(_ON_SPARSE), _ROWS)
    param_names = ("library", "sampler", "rows")
    timeout = 900
    covers = tuple(_ON_SPARSE)
    reference = "imbalanced-learn"

    def setup(self, library, sampler, rows):
        if library != "fastsmote":
            _check_sparse(sampler)
        self.X, self.y = _sparse(rows)
        self.resample = _sampler(library, *_ON_SPARSE[sampler])

    def time_resample(self, library, sampler, rows):
        self.resample(self.X, self.y)

    def peakmem_resample(self, library, sampler, rows):
        self.resample(self.X, self.y)


# Our function, the class of imbalanced-learn, what both are called with.
_ON_TEXTS = {
    "tomek_links": ("tomek_links", "under_sampling.TomekLinks", {}),
    "edited_nearest_neighbours": (
        "edited_nearest_neighbours",
        "under_sampling.EditedNearestNeighbours",
        {},
    ),
    "near_miss": ("near_miss", "under_sampling.NearMiss", {}),
    "one_sided_selection": ("one_sided_selection", "under_sampling.OneSidedSelection", _SEED),
    "borderline_smote": ("borderline_smote", "over_sampling.BorderlineSMOTE", _SEED),
    "smote": ("smote", "over_sampling.SMOTE", _SEED),
    "adasyn": ("adasyn", "over_sampling.ADASYN", _SEED),
    "kmeans_smote": (
        "kmeans_smote",
        "over_sampling.KMeansSMOTE",
        {**_SEED, "cluster_balance_threshold": 0.01},
    ),
    "cluster_centroids": (
        "cluster_centroids",
        "under_sampling.ClusterCentroids",
        {**_SEED, "voting": "soft"},
    ),
}


class SparseNeighbors(Sparse):
    """Samplers that search."""

    params = (["fastsmote", "imbalanced-learn"], list(_ON_TEXTS), sizes(2_000, 10_000, 100_000))
    covers = tuple(_ON_TEXTS)

    def setup(self, library, sampler, rows):
        if rows > 10_000 and (library != "fastsmote" or sampler == "cluster_centroids"):
            raise NotImplementedError("it takes minutes")
        self.X, self.y = texts(rows)
        self.resample = _sampler(library, *_ON_TEXTS[sampler])


_OWN = ["none", "sample_weight", "groups", "columns", "return_weights", "Share", "Prior"]


def _own(option, X, y):
    """What smote is called with for an option."""
    draw = np.random.default_rng(0)
    if option == "sample_weight":
        return {"sample_weight": draw.random(len(y))}
    if option == "groups":
        return {"groups": draw.integers(5, size=len(y))}
    if option == "columns":
        low = float(np.quantile(X[y == 1, 2], 0.1))
        return {"columns": {0: "integer", 1: "immutable", 2: (low, None)}}
    if option == "return_weights":
        return {"return_weights": True}
    return {"sampling_strategy": found("fastsmote", option)(0.3)} if option in ("Share", "Prior") else {}


def _check_own(option, X, y):
    """The option does what it says to the new rows."""
    options = _own(option, X, y)
    result = _with("fastsmote", "smote", _SEED | options)(X, y)
    if option in ("none", "sample_weight", "groups"):
        plan = _with("fastsmote.plan", "smote", _SEED | options)(X, y)
        assert (y[plan.base] == 1).all()
    new = result[0][len(X) :]
    if option == "groups":
        groups = options["groups"]
        np.testing.assert_array_equal(groups[plan.base], groups[plan.neighbor])
    elif option == "sample_weight":
        weight = options["sample_weight"]
        assert weight[plan.base].mean() > weight[y == 1].mean()
    elif option == "columns":
        np.testing.assert_array_equal(new[:, 0], np.rint(new[:, 0]))
        assert np.isin(new[:, 1], X[y == 1, 1]).all()
        assert new[:, 2].min() >= options["columns"][2][0]
    elif option == "return_weights":
        np.testing.assert_allclose(np.bincount(result[1], result[2]), np.bincount(y))
    else:
        share = 0.3 if option in ("Share", "Prior") else 0.5
        np.testing.assert_allclose(result[1].mean(), share, atol=1 / len(y))


class Own:
    """What smote takes that imbalanced-learn has not: beside smote without it, "none"."""

    params = (_OWN, _ROWS)
    param_names = ("option", "rows")
    timeout = 900
    covers = ("smote", "Share", "Prior")
    reference = None

    def setup(self, option, rows):
        _check_own(option, *fraud(2_000, 8, 0.05))
        self.X, self.y = fraud(rows, 8, 0.05)
        self.resample = _with("fastsmote", "smote", _SEED | _own(option, self.X, self.y))

    def time_resample(self, option, rows):
        self.resample(self.X, self.y)

    def peakmem_resample(self, option, rows):
        self.resample(self.X, self.y)


@cache
def _with_gaps(rows):
    """One value in twenty is missing."""
    X, y = fraud(rows, 8, 0.05)
    return np.where(np.random.default_rng(0).random(X.shape) < 0.05, np.nan, X), y


def _smote_with_gaps(X, y):
    return _with("fastsmote.plan", "smote", {"missing": "nan-euclidean"} | _SEED)(X, y)


def _nan_neighbors(X, y):
    """The five nearest rows of each rare row among the others, and their distances."""
    rare = X[y == 1]
    neighbors = found("sklearn.neighbors", "NearestNeighbors")(
        n_neighbors=5, metric="nan_euclidean", algorithm="brute", n_jobs=-1
    )
    return neighbors.fit(rare).kneighbors()


@cache
def _check_missing():
    """No neighbour of ours is farther than the last of the five that scikit-learn finds."""
    X, y = _with_gaps(2_000)
    plan = _smote_with_gaps(X, y)
    farthest = _nan_neighbors(X, y)[0][:, -1]
    apart = found("sklearn.metrics.pairwise", "nan_euclidean_distances")(X[y == 1])
    place = np.cumsum(y == 1) - 1  # of a row among the rare ones
    base, neighbor = place[plan.base], place[plan.neighbor]
    assert (apart[base, neighbor] <= farthest[base] + 1e-6).all()


class Missing:
    """The plan of smote by distances over what two rows both have; scikit-learn only finds the neighbours."""

    params = (["fastsmote", "scikit-learn"], _ROWS)
    param_names = ("library", "rows")
    timeout = 900
    covers = ("plan.smote",)
    reference = "scikit-learn's NearestNeighbors with nan_euclidean"

    def setup(self, library, rows):
        _check_missing()
        self.X, self.y = _with_gaps(rows)
        self.search = _smote_with_gaps if library == "fastsmote" else _nan_neighbors

    def time_search(self, library, rows):
        self.search(self.X, self.y)

    def peakmem_search(self, library, rows):
        self.search(self.X, self.y)
