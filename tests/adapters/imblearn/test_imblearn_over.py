"""Over-samplers of ``fastsmote.imblearn`` side by side with those of imbalanced-learn: the same numbers."""

import logging
import pickle
import warnings

import imblearn.over_sampling as parents
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imblearn.combine import SMOTEENN, SMOTETomek
from imblearn.ensemble import BalancedBaggingClassifier
from imblearn.pipeline import make_pipeline
from imblearn.utils.estimator_checks import _set_checking_parameters, parametrize_with_checks
from places import MAMMOGRAPHY
from scipy import sparse
from sklearn import datasets
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import OrdinalEncoder
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

import fastsmote
from fastsmote import imblearn as drop_ins
from fastsmote._kernels.sampling import shuffle
from fastsmote.imblearn import _nominal, _tally
from fastsmote.imblearn import _over as ours
from fastsmote.sklearn import NearestNeighbors as drop_in_neighbors

CLASSES = [
    "RandomOverSampler", "SMOTE", "BorderlineSMOTE", "SVMSMOTE", "KMeansSMOTE", "ADASYN", "SMOTENC", "SMOTEN",
]  # fmt: skip
NUMERIC = ["RandomOverSampler", "SMOTE", "BorderlineSMOTE", "ADASYN"]
REQUIRED = {"KMeansSMOTE": {"cluster_balance_threshold": 0.01}, "SMOTENC": {"categorical_features": [0]}}


@pytest.fixture(autouse=True)
def counts():
    _tally._tallies.clear()
    yield
    _tally._tallies.clear()


@pytest.fixture(autouse=True, scope="module")
def quiet_pools():
    """Threads of scikit-learn wait for each other by spinning: ten times slower where cores are shared."""
    with threadpool_limits(1):
        yield


def make(n=300, d=5, weights=(0.7, 0.2), seed=0, **kwargs):
    return datasets.make_classification(
        n, d, weights=list(weights), n_classes=len(weights) + 1, n_informative=d - 1, n_redundant=0,
        n_clusters_per_class=1, random_state=seed, **kwargs,
    )  # fmt: skip


def dense(X):
    return X.toarray() if sparse.issparse(X) else X


def outcome(module, name, X, y, **kwargs):
    """Result or error of a sampler, and the sampler."""
    kwargs = {**REQUIRED.get(name, {}), **kwargs}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # imbalanced-learn's own: SciPy's distance_matrix, empty clusters
        sampler = getattr(module, name)(**kwargs)
        try:
            return sampler.fit_resample(X, y), sampler
        except Exception as error:
            return (type(error), str(error)), sampler


def assert_alike(name, X, y, **kwargs):
    """Both give the same containers of the same values and types, or the same error."""
    state = kwargs.get("random_state")
    again = pickle.loads(pickle.dumps(state))
    expected, reference = outcome(parents, name, X, y, **kwargs)
    actual, sampler = outcome(drop_ins, name, X, y, **{**kwargs, "random_state": again})
    if isinstance(expected[0], type):
        assert actual == expected
        return sampler
    for one, other in zip(actual, expected, strict=True):
        assert type(one) is type(other)
        if isinstance(other, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other)
        elif isinstance(other, pd.Series):
            pd.testing.assert_series_equal(one, other)
        else:
            assert getattr(one, "dtype", None) == getattr(other, "dtype", None)
            assert getattr(one, "format", None) == getattr(other, "format", None)
            np.testing.assert_array_equal(dense(one), dense(other))
            if getattr(other, "dtype", np.dtype(int)).kind == "f":
                np.testing.assert_array_equal(np.signbit(dense(one)), np.signbit(dense(other)))
    assert sampler.sampling_strategy_ == reference.sampling_strategy_
    assert list(map(type, sampler.sampling_strategy_)) == list(map(type, reference.sampling_strategy_))
    fitted = {key for key in vars(reference) if key.endswith("_")}
    assert fitted <= {key for key in vars(sampler) if key.endswith("_")}
    assert sampler.n_features_in_ == reference.n_features_in_
    for key, rows in getattr(reference, "in_danger_indices", {}).items():
        np.testing.assert_array_equal(sampler.in_danger_indices[key], rows)
    if hasattr(reference, "categorical_encoder_"):
        both = (each.categorical_encoder_.categories_ for each in (sampler, reference))
        for one, other in zip(*both, strict=True):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)
    return sampler


def ran(name):
    return {(tally.where, tally.reason): tally.calls for tally in _tally.report() if tally.name == name}


def bundled():
    for name in ("iris", "wine", "breast_cancer", "digits"):
        X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
        keep = np.flatnonzero((y != 1) | (np.arange(len(y)) % 4 == 0))
        yield name, X[keep], (y[keep] == 1).astype(int)
    file = np.load(MAMMOGRAPHY)
    yield "mammography", *[file[key] for key in file.files]
    for d in (5, 20):
        yield f"made {d}", *make(600, d, seed=d)
    X, y = fastsmote.make_fraud(3000, 30, fraud_rate=0.02, random_state=0)
    yield "fraud", X, y


DATA = {name: (X, y) for name, X, y in bundled()}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("name", NUMERIC)
def test_same_numbers(name, data):
    X, y = DATA[data]
    for seed in range(1 if data in ("digits", "mammography") else 20 if name == "SMOTE" else 6):
        dtype = np.float64 if seed % 2 else np.float32
        assert_alike(name, X.astype(dtype), y, random_state=seed)
    assert set(ran(name)) == {("compiled", "")}


@pytest.mark.parametrize("data", ["iris", "wine", "breast_cancer", "made 5", "made 20"])
@pytest.mark.parametrize("name", ["SVMSMOTE", "KMeansSMOTE"])
def test_same_numbers_with_a_model(name, data):
    X, y = DATA[data]
    for seed in range(2):
        assert_alike(name, X.astype(np.float32 if seed else np.float64), y, random_state=seed)
    assert set(ran(name)) == {("compiled", "")}


def test_duplicates_and_ties_are_decided_by_scikit_learn():
    """Of a row and its duplicate scikit-learn puts either first; imbalanced-learn leaves out whichever."""
    X, y = DATA["mammography"]
    assert len(np.unique(X[y == 1], axis=0)) < (y == 1).sum()
    assert_alike("SMOTE", X, y, random_state=0)
    assert ran("NearestNeighbors") == {("parent", "distances that tie"): 1}
    grid = np.random.default_rng(0).integers(0, 4, (400, 3)).astype(float)
    labels = (np.arange(400) % 5 == 0).astype(int)
    for name in NUMERIC:
        assert_alike(name, grid, labels, random_state=1)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(8, 60),
    st.integers(1, 18),
    st.sampled_from([1, 4, 1000]),
    st.sampled_from(NUMERIC),
)
def test_same_numbers_whatever_the_data(seed, n, d, levels, name):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, levels, (n, d)) / 8 + (rng.normal(size=(n, d)) if levels == 1 else 0)
    X += 10.0 ** rng.integers(0, 9)
    y = rng.permutation(np.r_[np.zeros(n // 2), np.ones(n // 4), np.full(n - n // 2 - n // 4, 2)]).astype(int)
    assert_alike(name, X.astype(rng.choice([np.float32, np.float64])), y, random_state=int(seed))


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize(
    "strategy", ["auto", "minority", "not minority", "all", {0: 230, 2: 90}, lambda y: {1: 200}]
)
@pytest.mark.one_in(3)
def test_sampling_strategy(name, strategy):
    X, y = make()
    if name == "SMOTEN":
        X = X.astype(int)
    assert_alike(name, X, y, sampling_strategy=strategy, random_state=3)


@pytest.mark.parametrize("name", NUMERIC)
def test_share_of_two_classes(name):
    X, y = make(weights=(0.8,))
    for share in (0.1, 0.5, 1.0):
        assert_alike(name, X, y, sampling_strategy=share, random_state=0)
    assert_alike(name, *make(), sampling_strategy=0.9, random_state=0)


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("SMOTE", {"k_neighbors": 1}),
        ("SMOTE", {"k_neighbors": 20}),
        ("SMOTE", {"k_neighbors": 29}),
        ("SMOTE", {"k_neighbors": NearestNeighbors(n_neighbors=4)}),
        ("BorderlineSMOTE", {"kind": "borderline-2"}),
        ("BorderlineSMOTE", {"k_neighbors": 3, "m_neighbors": 4}),
        ("BorderlineSMOTE", {"k_neighbors": 3, "m_neighbors": 299}),
        ("SVMSMOTE", {"k_neighbors": 3, "m_neighbors": 6, "out_step": 0.1}),
        ("KMeansSMOTE", {"k_neighbors": 4, "kmeans_estimator": 3, "density_exponent": 2.0}),
        ("ADASYN", {"n_neighbors": 12}),
        ("SMOTENC", {"k_neighbors": 2}),
        ("SMOTEN", {"k_neighbors": 7}),
    ],
)
def test_parameters(name, kwargs):
    X, y = make()
    X[:, 0] = X[:, 0].round()
    assert_alike(name, X.round() if name == "SMOTEN" else X, y, random_state=5, **kwargs)
    assert ("compiled", "") in ran(name)


@pytest.mark.parametrize("name", CLASSES)
def test_a_random_state_is_drawn_from_in_the_same_order(name):
    X, y = make()
    X = X.round(1 if name == "SMOTEN" else 6)
    X[:, 0] = X[:, 0].round()
    assert_alike(name, X, y, random_state=np.random.RandomState(7))
    actual, expected = np.random.RandomState(7), np.random.RandomState(7)
    outcome(drop_ins, name, X, y, random_state=actual)
    outcome(parents, name, X, y, random_state=expected)
    assert actual.randint(2**31) == expected.randint(2**31)


def hostile(X):
    big_endian, unaligned = X.astype(">f8"), np.frombuffer(b"\0" + X.tobytes(), np.uint8)[1:]
    read_only = X.copy()
    read_only.flags.writeable = False
    return {
        "F order": np.asfortranarray(X),
        "F order, float32": np.asfortranarray(X.astype(np.float32)),
        "reversed": X[::-1, ::-1],
        "read-only": read_only,
        "big-endian": big_endian,
        "unaligned": unaligned.view(np.float64).reshape(X.shape),
        "float16": X.astype(np.float16),
        "integers": (100 * X).astype(np.int64),
        "small integers": (20 * X).astype(np.int8),
        "unsigned": (100 * np.abs(X)).astype(np.uint16),
        "bool": X > 0,
        "list": X.tolist(),
        "objects": X.astype(object),
        "csr": sparse.csr_matrix(np.where(X > 0, X, 0)),
        "csc": sparse.csc_array(np.where(X > 0, X, 0)),
        "frame": pd.DataFrame(X, columns=list("abcde"), index=np.arange(len(X)) * 3),
        "frame, float32": pd.DataFrame(X.astype(np.float32)),
        "frame, types": pd.DataFrame(X, columns=list("abcde")).assign(b=1.5, c=range(len(X))),
        "frame, nullable": pd.DataFrame(X).convert_dtypes(),
        "frame, sparse": pd.DataFrame(np.where(X > 0, X, 0)).astype(pd.SparseDtype(float, 0.0)),
        "NaN": np.where(X > 2, np.nan, X),
        "inf": np.where(X > 2, np.inf, X),
        "text": X.astype(str),
        "complex": X.astype(complex),
        "one-dimensional": X[:, 0],
        "large": X * 1e200,
        "far away, one constant": np.c_[X[:, 1:] + 1e12, np.ones(len(X))],
    }


@pytest.mark.parametrize("kind", list(hostile(make()[0])))
@pytest.mark.parametrize("name", NUMERIC)
@pytest.mark.one_in(3)
def test_containers_and_hostile_values(name, kind):
    X, y = make()
    X = hostile(X)[kind]
    before = pickle.dumps(X)
    assert_alike(name, X, y, random_state=2)
    assert pickle.dumps(X) == before


def words(n=400, d=60, seed=0):
    """Weights of words in texts, three classes; some texts are there twice, some are empty."""
    rng = np.random.default_rng(seed)
    y = rng.choice(3, n, p=[0.7, 0.2, 0.1])
    columns = np.floor(d * rng.random((n, 9)) ** (1.0 + y[:, np.newaxis] / 2)).astype(int)
    entries = rng.normal(size=columns.size), (np.repeat(np.arange(n), 9), columns.ravel())
    X = sparse.csr_array(entries, shape=(n, d)).toarray()
    X[20:30] = X[10:20]
    X[30:40] = 0
    return X, y


def disordered(X):
    """CSR whose rows name their columns from the last to the first."""
    parts = sparse.csr_matrix(X[:, ::-1])
    return sparse.csr_matrix((parts.data, X.shape[1] - 1 - parts.indices, parts.indptr), X.shape)


SPARSE = {
    "csr": sparse.csr_matrix,
    "csr array, float32": lambda X: sparse.csr_array(X.astype(np.float32)),
    "csc": sparse.csc_matrix,
    "csc array, float32": lambda X: sparse.csc_array(X.astype(np.float32)),
    "counts": lambda X: sparse.csr_matrix(np.rint(2 * X).astype(np.int64)),
    "whole numbers": lambda X: sparse.csr_matrix(np.rint(2 * X)),
    "bytes, csc": lambda X: sparse.csc_matrix(np.rint(2 * X).astype(np.int8)),
    "disorder": disordered,
    "twice": lambda X: twice(sparse.csr_matrix(X)),
    "one column": lambda X: sparse.csr_array(X[:, :1]),
    "full": lambda X: sparse.csr_array(X + 1.0),
    "zeros": lambda X: sparse.csr_array(X.shape),
    "large": lambda X: sparse.csr_array(X * 1e200),
    "small, float32": lambda X: sparse.csr_array((X * 1e-30).astype(np.float32)),
    "NaN": lambda X: sparse.csr_array(np.where(X > 2, np.nan, X)),
}


@pytest.mark.parametrize("kind", SPARSE)
@pytest.mark.parametrize("name", [*NUMERIC, "SVMSMOTE", "KMeansSMOTE"])
@pytest.mark.one_in(2)
def test_sparse_rows(name, kind):
    X, y = words()
    X = SPARSE[kind](X)
    before = [part.copy() for part in (X.data, X.indices, X.indptr)]
    kwargs = {"cluster_balance_threshold": 0.01} if name == "KMeansSMOTE" else {}
    for seed in range(2):
        assert_alike(name, X, y, random_state=seed, **kwargs)
    if name != "SVMSMOTE":  # scikit-learn's SVC sorts what the parent gives to it
        for now, then in zip((X.data, X.indices, X.indptr), before, strict=True):
            np.testing.assert_array_equal(now, then)
    if kind not in ("twice", "NaN") and name != "SVMSMOTE":  # an error may end it before it is counted
        assert {where for where, _ in ran(name)} == {"compiled"}


def test_an_svc_sorts_a_copy():
    X, y = words()
    X = SPARSE["disorder"](X)
    before = X.indices.copy()
    assert not X.has_sorted_indices
    drop_ins.SVMSMOTE(random_state=0).fit_resample(X, y)
    np.testing.assert_array_equal(X.indices, before)


@pytest.mark.parametrize("make", [sparse.csr_array, sparse.csc_matrix])
@pytest.mark.parametrize("name", NUMERIC)
def test_sparse_rows_and_parameters(name, make):
    X, y = words(seed=1)
    X = make(X)
    for strategy in ("minority", "not minority", "all", {2: 300}):
        assert_alike(name, X, y, random_state=0, sampling_strategy=strategy)
    if name == "RandomOverSampler":
        return
    parameter = "n_neighbors" if name == "ADASYN" else "k_neighbors"
    others = [NearestNeighbors(n_neighbors=4, algorithm=kind) for kind in ("kd_tree", "brute")]
    for neighbors in (1, 12, *others, NearestNeighbors(n_neighbors=4, metric="cosine")):
        assert_alike(name, X, y, random_state=0, **{parameter: neighbors})
    if name == "BorderlineSMOTE":
        assert_alike(name, X, y, random_state=0, kind="borderline-2")


@pytest.mark.parametrize("name", ["SMOTENC", "SMOTEN"])
def test_containers_with_categories(name):
    X, y = make()
    X[:, 0] = X[:, 0].round()
    X[:, 3] = X[:, 3].round()
    X[:, 1:3] = X[:, 1:3].round(1)
    mixed = X.astype(object)
    mixed[:, 0] = [f"v{value:g}" for value in X[:, 0]]
    frame = pd.DataFrame(mixed, columns=list("abcde")).astype({"a": "category", "d": "category"})
    frame[["b", "c", "e"]] = frame[["b", "c", "e"]].astype(float)
    for data in (
        X,
        X.astype(np.float32),
        mixed,
        frame,
        sparse.csr_matrix(X),
        (10 * X).astype(int),
        X.tolist(),
    ):
        kwargs = {"categorical_features": [0, 3]} if name == "SMOTENC" else {}
        assert_alike(name, data, y, random_state=4, **kwargs)
    if name == "SMOTENC":
        assert_alike(name, frame, y, categorical_features="auto", random_state=0)
        assert_alike(name, X, y, categorical_features=[True, False, False, True, False], random_state=0)
        X[:, [1, 2, 4]] = 1.0  # the median deviation is 0
        assert_alike(name, X, y, categorical_features=[0, 3], random_state=0)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda X: X[:, 0].__imul__(-1), id="minus zero among categories"),
        pytest.param(lambda X: X[:, 1].__imul__(0.0), id="minus zero among numbers"),
        pytest.param(lambda X: X[:300:7, 3].fill(np.nan), id="missing categories"),
        pytest.param(lambda X: X[150:, 3].__setitem__(..., np.arange(len(X) - 150)), id="late categories"),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_arrays_with_categories(change, dtype, monkeypatch):
    monkeypatch.setattr(_nominal, "_SAMPLED", 100)
    monkeypatch.setattr(_nominal, "_CODED", 64)
    monkeypatch.setattr(_nominal, "_WRITTEN", 32)
    X, y = make()
    X[:, [0, 3]] = X[:, [0, 3]].round()
    change(X)
    X = X.astype(dtype)
    for data in (X, np.asfortranarray(X), X[::2], np.repeat(X, 2, axis=1)[:, ::2]):
        for columns in ([0, 3], [3, 0]):
            assert_alike("SMOTENC", data, y[: len(data)], random_state=5, categorical_features=columns)


def test_a_column_named_twice_comes_twice_as_in_imbalanced_learn():
    X, y = make()
    X[:, [0, 3]] = X[:, [0, 3]].round()
    sampler = assert_alike("SMOTENC", X, y, random_state=0, categorical_features=[0, 3, 0])
    assert sampler.fit_resample(X, y)[0].shape[1] == X.shape[1] + 1


@pytest.mark.parametrize("scale", [1e-23, 1e-19, 1e18, 1e19])
def test_numbers_whose_squares_float32_can_not_hold(scale):
    X, y = make(80)
    X[:, [0, 3]] = X[:, [0, 3]].round()
    X[:, [1, 2, 4]] *= scale
    assert_alike("SMOTENC", X.astype(np.float32), y, random_state=0, categorical_features=[0, 3])


def test_votes_that_fail_are_told(monkeypatch):
    X, y = make(3000)
    X[:, [0, 3]] = X[:, [0, 3]].round()
    votes, failed = _nominal._votes, []

    def fail_once(*args):
        if not failed:
            failed.append(True)
            raise MemoryError("votes")
        return votes(*args)

    monkeypatch.setattr(_nominal, "_votes", fail_once)
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", "3")
    sampler = drop_ins.SMOTENC([0, 3, 1], random_state=0)
    with pytest.raises(MemoryError, match="votes"):
        sampler.fit_resample(X, y)
    assert_alike("SMOTENC", X, y, random_state=0, categorical_features=[0, 3, 1])


@pytest.mark.parametrize("generator", [np.random.MT19937, np.random.PCG64])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 10_000])
def test_places_shuffle_as_random_state_does(n, generator):
    theirs, ours = (np.random.RandomState(generator(7)) for _ in range(2))
    items = np.arange(n)
    shuffle.shuffle(items, _nominal._places(ours, n))
    np.testing.assert_array_equal(items, theirs.permutation(n))
    assert ours.randint(2**31) == theirs.randint(2**31)


@pytest.mark.parametrize("name", NUMERIC)
def test_labels(name):
    X, y = make()
    for labels in (
        y.astype(np.int8),
        y.astype(float),
        y > 0,
        np.array(["a", "b", "cc"])[y],
        np.array(["a", "b", "cc"], dtype=object)[y],
        pd.Series(y, name="target", index=np.arange(len(y))[::-1]),
        pd.Series(np.array(["a", "b", "c"])[y], dtype="category"),
        pd.DataFrame({"target": y}),
        y.reshape(-1, 1),
        np.eye(3, dtype=int)[y],
        y.tolist(),
        y.astype(">i4"),
        y.astype(">f8"),
        -y,
    ):
        assert_alike(name, X, labels, random_state=1)
        assert_alike(name, pd.DataFrame(X), labels, random_state=1)


def test_rows_without_a_label_are_counted_as_imbalanced_learn_counts_them():
    X, y = make(weights=(0.8,))
    sampler, reference = (m.RandomOverSampler(random_state=0) for m in (drop_ins, parents))
    for one, other in zip(sampler.fit_resample(X, y[:-1]), reference.fit_resample(X, y[:-1]), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(sampler.sample_indices_, reference.sample_indices_)


@pytest.mark.parametrize("name", CLASSES)
def test_errors(name):
    X, y = make(90)
    for data, labels in [
        (X, np.zeros(90, int)),
        (X, y[:-1]),
        (X, y + 0.5),
        (X, np.where(y, np.nan, 1.0)),
        (X, np.eye(2, dtype=int)[[0] * 90] + 1),
        (X, np.arange(90)),
        (X[:0], y[:0]),
        (X, None),
        (sparse.coo_matrix(X), y),
    ]:
        assert_alike(name, data, labels, random_state=0)
    for strategy in (0.5, "majority", "most", {9: 100}, {0: 1}, {0: -1}, [0], 2.0, None):
        assert_alike(name, X, y, sampling_strategy=strategy, random_state=0)
    assert_alike(name, X, y, random_state="seed")
    if name != "RandomOverSampler":
        parameter = "n_neighbors" if name == "ADASYN" else "k_neighbors"
        for value in (0, 89, 90, 1000, 2.5, "many"):
            assert_alike(name, X, y, random_state=0, **{parameter: value})


def test_errors_of_adasyn():
    X = np.r_[np.arange(50.0), np.arange(20.0) + 1000.0].reshape(-1, 1)
    y = np.r_[np.zeros(50, int), np.ones(20, int)]
    expected, _ = outcome(parents, "ADASYN", X, y)
    assert expected[0] is RuntimeError
    assert_alike("ADASYN", X, y)
    X, y = DATA["digits"]
    assert outcome(parents, "ADASYN", X, y, sampling_strategy={1: 50})[0][0] is ValueError
    assert_alike("ADASYN", X, y, sampling_strategy={1: 50})


OTHER = "{} is a {} of another kind"


def twice(matrix):
    """The same matrix with every value in two halves."""
    parts = np.repeat(matrix.data / 2, 2), np.repeat(matrix.indices, 2), matrix.indptr * 2
    return type(matrix)(parts, shape=matrix.shape)


class OwnNeighbors(NearestNeighbors):
    """A neighbours object of the user's."""


@pytest.mark.parametrize(
    ("name", "kwargs", "data", "reason"),
    [
        ("SMOTE", {"k_neighbors": OwnNeighbors(n_neighbors=4)}, np.asarray,
         OTHER.format("k_neighbors", "OwnNeighbors")),
        ("SMOTE", {"k_neighbors": NearestNeighbors(n_neighbors=4, metric="manhattan")}, np.asarray,
         OTHER.format("k_neighbors", "NearestNeighbors")),
        ("ADASYN", {"n_neighbors": OwnNeighbors(n_neighbors=4)}, np.asarray,
         OTHER.format("n_neighbors", "OwnNeighbors")),
        ("BorderlineSMOTE", {"m_neighbors": OwnNeighbors(n_neighbors=4)}, np.asarray,
         OTHER.format("m_neighbors", "OwnNeighbors")),
        ("SMOTE", {}, lambda X: twice(sparse.csr_matrix(X)), "X holds entries twice"),
        ("SMOTE", {}, lambda X: X.astype(np.longdouble), "X holds float128"),
        ("RandomOverSampler", {"shrinkage": 0.5}, np.asarray, "shrinkage makes noise"),
        ("SMOTEN", {"categorical_encoder": OrdinalEncoder(dtype=np.int64)}, np.round, "categorical_encoder"),
    ],
)  # fmt: skip
def test_what_is_not_covered_runs_in_the_parent_visibly(name, kwargs, data, reason, caplog):
    X, y = make(weights=(0.8,))
    with caplog.at_level(logging.DEBUG, "fastsmote.imblearn"):
        assert_alike(name, data(X), y, random_state=0, **kwargs)
    assert ran(name) == {("parent", reason): 1}
    assert f"{name}: parent ({reason})" in caplog.text


@pytest.mark.parametrize("data", ["made 20", "iris"])
@pytest.mark.parametrize(
    "neighbors",
    [
        drop_in_neighbors(n_neighbors=4),
        *[NearestNeighbors(n_neighbors=4, algorithm=name) for name in ("kd_tree", "ball_tree", "brute")],
        NearestNeighbors(n_neighbors=4, metric="l2"),
    ],
    ids=str,
)
def test_neighbours_of_any_algorithm_are_compiled(neighbors, data):
    X, y = DATA[data]
    for name, parameter in (
        ("SMOTE", "k_neighbors"), ("ADASYN", "n_neighbors"), ("BorderlineSMOTE", "m_neighbors"),
        ("KMeansSMOTE", "k_neighbors"), ("SVMSMOTE", "k_neighbors"),
    ):  # fmt: skip
        for dtype in (np.float64, np.float32):
            assert_alike(name, X.astype(dtype), y, random_state=0, **{parameter: neighbors})
        assert all(where == "compiled" for where, _ in ran(name))


@pytest.mark.parametrize("name", ["SMOTENC", "SMOTEN"])
def test_neighbours_that_compare_no_categories_are_left_to_imbalanced_learn(name):
    X, y = make(weights=(0.8,))
    X[:, 0] = X[:, 0].round()
    X = X if name == "SMOTENC" else X.round()
    brute = NearestNeighbors(n_neighbors=4, algorithm="brute")
    for neighbors, where in (
        (drop_in_neighbors(n_neighbors=4), "parent"),
        (NearestNeighbors(n_neighbors=4, algorithm="kd_tree"), "parent"),
        (brute, "compiled"),
    ):
        _tally._tallies.clear()
        assert_alike(name, X, y, random_state=0, k_neighbors=neighbors)
        assert {key[0] for key in ran(name)} == {where}


def with_hook(parent, hook):
    """A subclass that notes the calls of a method."""

    def method(self, *args, **kwargs):
        self.called = True
        return getattr(parent, hook)(self, *args, **kwargs)

    return type("My", (parent,), {hook: method})


HOOKS = [
    ("SMOTE", "_make_samples"), ("SMOTE", "_generate_samples"), ("BorderlineSMOTE", "_make_samples"),
    ("BorderlineSMOTE", "_in_danger_noise"), ("SVMSMOTE", "_generate_samples"),
    ("KMeansSMOTE", "_find_cluster_sparsity"),
    ("ADASYN", "_validate_estimator"), ("SMOTENC", "_make_samples"), ("SMOTEN", "_make_samples"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "hook"), HOOKS)
def test_methods_that_a_subclass_overrides_are_called(name, hook):
    X, y = make(weights=(0.8,))
    X[:, 0] = X[:, 0].round()
    X = X if name != "SMOTEN" else X.round()
    given = {"random_state": 0, **REQUIRED.get(name, {})}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = with_hook(getattr(drop_ins, name), hook)(**given)
        actual = sampler.fit_resample(X, y)
        expected = getattr(parents, name)(**given).fit_resample(X, y)
    assert sampler.called
    np.testing.assert_array_equal(actual[0], expected[0])
    assert ran("My")["parent", f"a subclass overrides {hook}"] == 1


@pytest.mark.parametrize("hook", ["_check_X_y", "_fit_resample", "fit_resample"])
@pytest.mark.parametrize("name", ["SMOTE", "RandomOverSampler", "RandomUnderSampler", "TomekLinks"])
def test_steps_around_the_work_are_called_and_the_work_is_compiled(name, hook):
    X, y = make(weights=(0.8,))
    sampler = with_hook(getattr(drop_ins, name), hook)()
    sampler.fit_resample(X, y)
    assert sampler.called
    assert set(ran("My")) == {("compiled", "")}


def test_a_subclass_without_methods_of_its_own_is_compiled():
    X, y = make(weights=(0.8,))
    type("My", (drop_ins.SMOTE,), {"report": lambda self: None})().fit_resample(X, y)
    assert set(ran("My")) == {("compiled", "")}


def test_calls_are_counted_and_timed():
    X, y = make()
    for _ in range(3):
        drop_ins.SMOTE(random_state=0).fit_resample(X, y)
    with pytest.raises(ValueError, match="Expected n_neighbors <= n_samples_fit"):
        drop_ins.SMOTE(k_neighbors=200).fit_resample(X, y)
    tallies = _tally.report()
    assert [tally[:4] for tally in tallies] == [
        ("SMOTE", "compiled", "", 3),
        ("SMOTE", "compiled", "raised", 1),
    ]
    assert all(tally.seconds > 0 for tally in tallies)


def test_the_compiled_path_is_taken(monkeypatch):
    """No test above passes because the work was the parent's all along."""
    called = []
    monkeypatch.setattr(ours.segment, "points", lambda *args: called.append(args))
    X, y = make()
    for name in ("SMOTE", "BorderlineSMOTE", "SVMSMOTE", "KMeansSMOTE", "ADASYN", "SMOTENC"):
        called.clear()
        kwargs = REQUIRED.get(name, {})
        X[:, 0] = X[:, 0].round()
        getattr(drop_ins, name)(random_state=0, **kwargs).fit_resample(X, y)
        assert called


@pytest.mark.parametrize("name", CLASSES)
def test_estimator_protocol(name):
    X, y = make()
    X = X.round()
    parent = getattr(parents, name)
    sampler = getattr(drop_ins, name)(random_state=0, **REQUIRED.get(name, {}))
    reference = parent(random_state=0, **REQUIRED.get(name, {}))
    assert isinstance(sampler, parent)
    assert type(sampler).__name__ == name
    assert sampler.get_params(deep=False) == reference.get_params(deep=False)
    assert repr(sampler) == repr(reference)
    assert sampler.__sklearn_tags__() == reference.__sklearn_tags__()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = clone(sampler).fit_resample(X, y)
        sampler.fit_resample(X, y)
        again = pickle.loads(pickle.dumps(sampler))
        actual = again.fit_resample(X, y)
    np.testing.assert_array_equal(actual[0], expected[0])
    sampler.fit(X, y)
    assert list(sampler.get_feature_names_out()) == [f"x{i}" for i in range(5)]


def test_names_of_features_are_forgotten():
    X, y = make()
    sampler = drop_ins.SMOTE(random_state=0)
    sampler.fit_resample(pd.DataFrame(X, columns=list("abcde")), y)
    assert list(sampler.feature_names_in_) == list("abcde")
    sampler.fit_resample(X, y)
    assert not hasattr(sampler, "feature_names_in_")


def test_neighbours_are_fitted_as_scikit_learns():
    X, y = make(weights=(0.8,))
    sampler = drop_ins.SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    expected = NearestNeighbors(n_neighbors=6).fit(X[y == 1])
    assert isinstance(sampler.nn_k_, NearestNeighbors)
    assert sampler.nn_k_.n_neighbors == 6
    assert sampler.nn_k_.n_samples_fit_ == (y == 1).sum()
    for actual, wanted in zip(sampler.nn_k_.kneighbors(X), expected.kneighbors(X), strict=True):
        np.testing.assert_array_equal(actual, wanted)
    np.testing.assert_array_equal(sampler.nn_k_.kneighbors(), expected.kneighbors())
    assert (sampler.nn_k_.kneighbors_graph(X) != expected.kneighbors_graph(X)).nnz == 0


def test_n_threads_do_not_matter(monkeypatch):
    X, y = fastsmote.make_fraud(30_000, 8, fraud_rate=0.2, random_state=0)
    results = []
    for threads in ("1", "3"):
        monkeypatch.setenv("FASTSMOTE_NUM_THREADS", threads)
        results.append(
            [getattr(drop_ins, name)(random_state=0).fit_resample(X, y)[0] for name in ("SMOTE", "ADASYN")]
        )
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_in_combinations_pipelines_and_searches():
    X, y = make(600, weights=(0.85,))
    for combine, part in ((SMOTEENN, "smote"), (SMOTETomek, "smote")):
        expected = combine(random_state=0, **{part: parents.SMOTE(random_state=0)}).fit_resample(X, y)
        actual = combine(random_state=0, **{part: drop_ins.SMOTE(random_state=0)}).fit_resample(X, y)
        np.testing.assert_array_equal(actual[0], expected[0])
    scores = []
    for module in (parents, drop_ins):
        pipe = make_pipeline(module.SMOTE(random_state=0), DecisionTreeClassifier(random_state=0))
        n_jobs = 2 if module is drop_ins else 1
        search = GridSearchCV(pipe, {"smote__k_neighbors": [3, 5]}, cv=3, n_jobs=n_jobs).fit(X, y)
        bag = BalancedBaggingClassifier(sampler=module.SMOTE(), n_estimators=3, random_state=0).fit(X, y)
        scores.append((search.cv_results_["mean_test_score"], bag.predict_proba(X)))
    for actual, expected in zip(*scores, strict=True):
        np.testing.assert_array_equal(actual, expected)


CHECKS = list(parametrize_with_checks(
    [getattr(drop_ins, name)(random_state=0, **({"categorical_features": [0]} if name == "SMOTENC" else {}))
     for name in CLASSES]
).args[1])  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("estimator", "check"), CHECKS)
def test_checks_of_imbalanced_learn(estimator, check):
    _set_checking_parameters(estimator)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(estimator, drop_ins.SMOTENC) and "string" in str(check):
            with pytest.raises(ValueError, match="only with categorical features"):
                check(estimator)
        else:
            check(estimator)
