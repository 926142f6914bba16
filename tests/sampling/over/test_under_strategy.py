"""under_strategy: over-sampling and then random under-sampling, in one call and without rows that go."""

import inspect
import tracemalloc
from collections import Counter
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from reference.sampling.over import random_sampling
from reference.sampling.over import smote as smote_reference
from scipy import sparse
from strategies import fraud, normal

import fastsmote
from fastsmote import Prior, Share
from fastsmote._sampling.over import materialize
from fastsmote._sampling.registry import SAMPLERS

OVER = [row.name for row in SAMPLERS.values() if row.kind == "over"]
STRATEGIES = [  # for classes of 210, 60 and 30 rows
    (0.4, 0.8),
    (0.5, "auto"),
    ("auto", {0: 20, 1: 190, 2: 7}),
    ({2: 100}, Prior({0: 0.5})),
    ({1: 150, 2: 90}, lambda y: {label: count // 2 for label, count in Counter(list(y)).items()}),
    (Share(0.3), Share(0.4)),
]


def given(name):
    """X, y and options that a sampler takes."""
    X, y = fraud(300, 4)
    options = {"random_state": 11}
    if name == "smoten":
        X = np.rint(X).astype(np.int64)
    if name == "smotenc":
        X[:, 3] = np.rint(X[:, 3])
        options["categorical_features"] = [3]
    if name == "svm_smote":
        options["support"] = np.arange(len(y))
    return X, y, options


def one_after_the_other(name, X, y, over, under, **options):
    both = getattr(fastsmote, name)(X, y, sampling_strategy=over, **options)
    return fastsmote.random_under_sample(*both, sampling_strategy=under, random_state=options["random_state"])


def cells(table):
    """A container as plain rows."""
    if sparse.issparse(table):
        return table.toarray().tolist()
    table = table.to_pandas() if isinstance(table, pa.Table | pl.DataFrame) else table
    return table.to_numpy().tolist() if isinstance(table, pd.DataFrame) else np.asarray(table).tolist()


@pytest.mark.parametrize(("over", "under"), STRATEGIES)
@pytest.mark.parametrize("name", OVER)
def test_the_bits_are_those_of_one_call_after_the_other(name, over, under):
    X, y, options = given(name)
    expected = one_after_the_other(name, X, y, over, under, **options)
    actual = getattr(fastsmote, name)(X, y, sampling_strategy=over, under_strategy=under, **options)
    assert actual[0].dtype == X.dtype
    assert actual[0].tobytes() == expected[0].tobytes()
    np.testing.assert_array_equal(actual[1], expected[1])
    assert actual.counts_before == Counter(y.tolist())
    assert actual.counts_after == expected.counts_after


def test_smote_by_its_definition_and_then_the_smallest_keys():
    X, y = fraud(150, 3)
    n_after, n_left = [105, 60, 42], [50, 60, 21]
    base, neighbor, gap = smote_reference.plan(X, y, [0, 30, 27], 5, 4)
    rows = np.concatenate([X, smote_reference.rows(X, base, neighbor, gap).astype(np.float64)])
    labels = np.concatenate([y, y[base]])
    kept = random_sampling.under(labels, n_left, 4)
    X_resampled, y_resampled = fastsmote.smote(
        X,
        y,
        sampling_strategy=dict(enumerate(n_after)),
        under_strategy=dict(enumerate(n_left)),
        random_state=4,
    )
    np.testing.assert_array_equal(y_resampled, labels[kept])
    np.testing.assert_allclose(X_resampled, rows[kept], rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize(
    "kind", ["float32", "int", "objects", "list", "pandas", "mixed", "polars", "arrow", "csc"]
)
@pytest.mark.parametrize("name", ["random_over_sample", "smote", "smotenc"])
def test_containers(name, kind):
    X, y, options = given(name)
    X = np.round(X, 2)
    if kind == "csc":
        if name == "smotenc":
            pytest.skip("takes no sparse rows")
        X = sparse.csc_matrix(X)
    elif kind in ("float32", "int"):
        X = X.astype(np.float32 if kind == "float32" else np.int64)
    elif kind == "objects":
        X = X.astype(object)
    elif kind == "list":
        X, y = X.tolist(), y.tolist()
    else:
        words = [f"column {j}" for j in range(4)]
        frame = pd.DataFrame(X, columns=words, index=range(500, 800))
        if kind == "mixed":
            frame = frame.astype({words[0]: np.int32, words[1]: "Float64"})
            y = pd.Series(y, frame.index, name="fraud")
        if name == "smotenc":
            frame[words[3]] = pd.Categorical.from_codes((X[:, 3] % 3).astype(int), list("abc"))
            frame.index = range(500, 800)
            options["categorical_features"] = [words[3]]
        X = {"polars": pl.from_pandas, "arrow": lambda f: pa.Table.from_pandas(f, preserve_index=False)}.get(
            kind, lambda f: f
        )(frame)
    strategies = {1: 100, 2: 90}, {0: 50, 2: 40}
    expected = one_after_the_other(name, X, y, *strategies, **options)
    actual = getattr(fastsmote, name)(
        X, y, sampling_strategy=strategies[0], under_strategy=strategies[1], **options
    )
    assert type(actual[0]) is type(expected[0])
    assert cells(actual[0]) == cells(expected[0])
    assert list(actual[1]) == list(expected[1])
    for one, other in zip(actual, expected, strict=True):
        if hasattr(one, "dtypes") and hasattr(one, "index"):
            assert one.index.equals(pd.RangeIndex(190))
            assert list(np.atleast_1d(one.dtypes)) == list(np.atleast_1d(other.dtypes))


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_missing_values(kind):
    X, y, options = given("smote")
    X[::7, 1] = np.nan
    frame = kind({f"x{j}": X[:, j] for j in range(4)})
    options["missing"] = "nan-euclidean"
    expected = one_after_the_other("smote", frame, y, 0.5, {0: 40, 1: 50}, **options)
    actual = fastsmote.smote(frame, y, sampling_strategy=0.5, under_strategy={0: 40, 1: 50}, **options)
    np.testing.assert_array_equal(actual[0].to_numpy(), expected[0].to_numpy())


def test_noise_is_that_of_the_row():
    X, y, options = given("random_over_sample")
    options["shrinkage"] = 0.7
    expected = one_after_the_other("random_over_sample", X, y, "auto", {1: 90, 2: 80}, **options)
    actual = fastsmote.random_over_sample(X, y, under_strategy={1: 90, 2: 80}, **options)
    assert actual[0].tobytes() == expected[0].tobytes()


def test_each_class_weighs_what_it_did():
    X, y, options = given("smote")
    rng = np.random.default_rng(0)
    weight = rng.random(len(y))
    _, y_resampled, w = fastsmote.smote(
        X, y, under_strategy={0: 9, 1: 30}, sample_weight=weight, return_weights=True, **options
    )
    assert len(w) == len(y_resampled)
    for label in range(3):
        before = sum(map(Fraction, weight[y == label].tolist()))
        assert float(before) == pytest.approx(w[y_resampled == label].sum(), rel=1e-12)


def test_rows_that_go_are_never_made(monkeypatch):
    made = []

    def fill(plan, *rest, fill=materialize.fill, **options):
        made.append(len(plan))
        return fill(plan, *rest, **options)

    monkeypatch.setattr(materialize, "fill", fill)
    X, y, options = given("smote")
    fastsmote.smote(X, y, sampling_strategy={2: 5000}, under_strategy={0: 10, 2: 60}, **options)
    assert made[0] <= 60


def test_memory_is_that_of_the_rows_that_stay():
    X, y = normal(50_000, 20), (np.arange(50_000) < 1_000).astype(int)
    options = {"sampling_strategy": 0.1, "random_state": 0}
    fastsmote.smote(X, y, under_strategy=0.5, **options)
    peaks = []
    for under in (None, 0.5):
        tracemalloc.start()
        fastsmote.smote(X, y, under_strategy=under, **options)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 0.6 * peaks[0]  # 14,700 rows instead of 53,900, of which 9,800 are twice there


@pytest.mark.parametrize("name", OVER)
def test_all_over_samplers_have_it_and_no_plan_has(name):
    assert inspect.signature(getattr(fastsmote, name)).parameters["under_strategy"].default is None
    assert "under_strategy" not in inspect.signature(getattr(fastsmote.plan, name)).parameters


@pytest.mark.parametrize(
    ("under", "error", "words"),
    [
        (
            0.01,
            ValueError,
            r"under_strategy is the sampling_strategy of .* asks for 4200 rows and the largest",
        ),
        ({7: 3}, ValueError, r"under_strategy .*\[7\] target class"),
        ({2: 1000}, ValueError, "under_strategy .* there is 42 samples and 1000"),
        ("some", ValueError, "under_strategy .* needs to be one of"),
        (2.0, ValueError, r"under_strategy .* range \(0, 1\]"),
        ([1], ValueError, "under_strategy .* cannot be a list"),
        (object(), TypeError, "under_strategy .* for under-samplers"),
        (len, TypeError, "under_strategy .* callable"),
    ],
)
def test_messages(under, error, words):
    X, y, options = given("smote")
    with pytest.raises(error, match=words):
        fastsmote.smote(X, y, sampling_strategy=0.2, under_strategy=under, **options)
