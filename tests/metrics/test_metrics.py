"""Sweeps, curves and scores: against the definition, against scikit-learn, and by laws."""

import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peers import confusion_matrix_at_thresholds
from reference.metrics import sweep as reference
from scipy.integrate import trapezoid

from fastsmote import confusion_sweep, metrics
from fastsmote._core import scores as scores_module
from fastsmote._kernels.metrics import sweep as sweep_module
from fastsmote._metrics import areas, ranking

CURVES = ["precision_recall_curve", "roc_curve", "det_curve"]
AREAS = ["roc_auc_score", "average_precision_score"]


def make_scores(kind, n, rng):
    return {
        "continuous": lambda: rng.random(n),
        "both signs": lambda: rng.normal(size=n),
        "ties": lambda: rng.integers(-3, 4, n) / 4,
        "two-valued": lambda: rng.integers(0, 2, n).astype(float),
        "constant": lambda: np.full(n, 0.25),
        "float32": lambda: rng.normal(size=n).astype(np.float32),
        "float16": lambda: rng.normal(size=n).astype(np.float16),
        "int64": lambda: rng.integers(-(2**63), 2**63 - 1, n, endpoint=True),
        "uint64": lambda: rng.integers(0, 2**64 - 1, n, dtype=np.uint64, endpoint=True),
        "int8": lambda: rng.integers(-128, 128, n).astype(np.int8),
        "bool": lambda: rng.random(n) < 0.5,
        "zeros of both signs": lambda: rng.choice([-0.0, 0.0, 1.0, -1.0], n),
        "subnormal": lambda: rng.integers(-9, 9, n) * 5e-324,
        "wide": lambda: rng.choice([-1.0, 1.0], n) * 10.0 ** rng.integers(-300, 300, n),
        "peak": lambda: np.where(rng.random(n) < 0.7, 0.5 + 1e-12 * rng.random(n), rng.normal(size=n)),
    }[kind]()


KINDS = [
    "continuous",
    "both signs",
    "ties",
    "two-valued",
    "constant",
    "float32",
    "float16",
    "int64",
    "uint64",
    "int8",
    "bool",
    "zeros of both signs",
    "subnormal",
    "wide",
    "peak",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 3, 40])
def test_sweep_counts_by_definition(kind, n):
    rng = np.random.default_rng(n)
    scores = make_scores(kind, n, rng)
    y = (rng.random(n) < 0.4).astype(int)
    actual = metrics.confusion_sweep(y, scores)
    expected = reference.confusion(y, scores.tolist())
    assert actual.thresholds.dtype == scores.dtype
    assert actual.thresholds.tolist() == [row[0] for row in expected]
    counts = [actual.tns, actual.fps, actual.fns, actual.tps]
    assert all(count.dtype == np.int64 for count in counts)
    assert [list(row) for row in zip(*(c.tolist() for c in counts), strict=True)] == [
        list(row[1:]) for row in expected
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_weighted_sweep_by_definition(kind):
    rng = np.random.default_rng(7)
    scores = make_scores(kind, 60, rng)
    y = rng.random(60) < 0.3
    weights = rng.integers(0, 5, 60) / 4  # sums are exact; some are zero
    actual = metrics.confusion_sweep(y, scores, sample_weight=weights)
    expected = reference.confusion(y, scores.tolist(), weights.tolist())
    assert actual.thresholds.tolist() == [row[0] for row in expected]
    for column, count in enumerate(actual[:4], start=1):
        assert count.dtype == np.float64
        assert count.tolist() == [float(row[column]) for row in expected]


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_areas_by_definition(kind, few, monkeypatch):
    monkeypatch.setattr(areas, "few_positives", lambda n_pos, n_neg: few)
    rng = np.random.default_rng(3)
    scores = make_scores(kind, 80, rng)
    y = (rng.random(80) < 0.3).astype(int)
    auc = reference.roc_auc(y, scores.tolist())
    assert metrics.roc_auc_score(y, scores) == float(auc)
    average_precision = reference.average_precision(y, scores.tolist())
    assert metrics.average_precision_score(y, scores) == pytest.approx(float(average_precision), rel=1e-14)


def call(module, name, *args, **kwargs):
    """Result and warnings' categories, or the error's type."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = getattr(module, name)(*args, **kwargs)
    return result, [issubclass(w.category, UserWarning) for w in caught]


def assert_as_sklearn(name, *args, **kwargs):
    sklearn_metrics = pytest.importorskip("sklearn.metrics")
    is_older = not hasattr(sklearn_metrics, "confusion_matrix_at_thresholds")  # before 1.8
    actual, actual_warnings = call(metrics, name, *args, **kwargs)
    if is_older and name == "det_curve" and kwargs.pop("drop_intermediate", False):
        pytest.skip("an older scikit-learn, whose det_curve keeps all points")
    expected, expected_warnings = call(sklearn_metrics, name, *args, **kwargs)
    assert actual_warnings == expected_warnings
    if not isinstance(expected, tuple):
        expected, actual = (expected,), (actual,)
    elif is_older and name != "precision_recall_curve":
        expected = (*expected[:2], expected[2].astype(np.float64))  # it kept float32 and integers
        n_points = len(expected[2])
        if name == "det_curve":  # and left out what is above the highest score with a negative
            assert len(actual[2]) == n_points or actual[2][-1] == np.inf
            actual = tuple(part[:n_points] for part in actual)
    for a, e in zip(actual, expected, strict=True):
        np.testing.assert_allclose(a, e, rtol=1e-12, atol=1e-15)
        assert np.asarray(a).dtype == np.asarray(e).dtype


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("drop_intermediate", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CURVES)
@pytest.mark.one_in(4)
def test_curves_as_sklearn(name, kind, drop_intermediate, weighted):
    rng = np.random.default_rng(11)
    n = 300
    scores = make_scores(kind, n, rng)
    y = (rng.random(n) < 0.2).astype(int)
    weights = np.where(rng.random(n) < 0.2, 0.0, rng.random(n)) if weighted else None
    assert_as_sklearn(name, y, scores, drop_intermediate=drop_intermediate, sample_weight=weights)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ("bool", "uint64", "int64")])
@pytest.mark.parametrize("name", AREAS)
@pytest.mark.one_in(2)
def test_areas_as_sklearn(name, kind, weighted):
    rng = np.random.default_rng(12)
    scores = make_scores(kind, 300, rng)
    y = (rng.random(300) < 0.2).astype(int)
    weights = np.where(rng.random(300) < 0.2, 0.0, rng.random(300)) if weighted else None
    assert_as_sklearn(name, y, scores, sample_weight=weights)


@pytest.mark.parametrize("max_fpr", [1e-3, 0.1, 0.5, 0.999, 1, 1.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_partial_auc_as_sklearn(max_fpr, weighted):
    rng = np.random.default_rng(5)
    y = rng.integers(0, 2, 200)
    weights = rng.random(200) if weighted else None
    assert_as_sklearn(
        "roc_auc_score", y, (rng.random(200) + y).round(1), max_fpr=max_fpr, sample_weight=weights
    )


@pytest.mark.parametrize("y", [[0, 0, 0], [1, 1, 1]])
@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 0.5]])
@pytest.mark.parametrize("name", ["precision_recall_curve", "roc_curve", *AREAS])
def test_one_class_as_sklearn(name, y, weights):
    assert_as_sklearn(name, y, [0.1, 0.2, 0.3], sample_weight=weights)


def test_det_curve_needs_both_classes():
    with pytest.raises(ValueError, match="Only one class is present in y_true"):
        metrics.det_curve([1, 1], [0.1, 0.2])


@pytest.mark.parametrize(
    ("y", "pos_label"),
    [
        (["no", "yes", "no", "yes"], "yes"),
        (["no", "yes", "no", "yes"], "no"),
        ([-1, 1, -1, 1], None),
        ([True, False, True, True], None),
        ([0.0, 1.0, 1.0, 0.0], None),
        ([3, 7, 7, 3], 3),
        ([1, 1, 0, 0], 0),
    ],
)
@pytest.mark.parametrize("name", [*CURVES, "average_precision_score"])
def test_labels_as_sklearn(name, y, pos_label):
    if name == "average_precision_score" and pos_label is None:
        pos_label = 1
    assert_as_sklearn(name, np.array(y), np.array([0.3, 0.2, 0.9, 0.5]), pos_label=pos_label)


def test_roc_auc_takes_the_greater_label_as_positive():
    assert_as_sklearn("roc_auc_score", np.array(["b", "a", "b", "a"]), np.array([0.9, 0.3, 0.2, 0.1]))


def multiclass_case(rng, n=150):
    y = rng.integers(0, 4, n)
    scores = rng.random((n, 4)).round(2) + 0.5 * np.eye(4)[y]
    return y, scores / scores.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("strings", [False, True])
@pytest.mark.parametrize(
    ("multi_class", "average", "weighted"),
    [("ovr", a, w) for a in ("macro", "weighted", "micro", None) for w in (False, True)]
    + [("ovo", a, False) for a in ("macro", "weighted")],
)
def test_multiclass_roc_auc_as_sklearn(multi_class, average, weighted, strings):
    rng = np.random.default_rng(8)
    y, scores = multiclass_case(rng)
    y = np.array(["a", "b", "c", "d"])[y] if strings else y
    weights = rng.random(len(y)) if weighted else None
    assert_as_sklearn(
        "roc_auc_score", y, scores, multi_class=multi_class, average=average, sample_weight=weights
    )


@pytest.mark.parametrize("multi_class", ["ovr", "ovo"])
def test_multiclass_labels_name_the_columns(multi_class):
    y, scores = multiclass_case(np.random.default_rng(9))
    for absent in ([2], [1, 2]):
        rows = ~np.isin(y, absent)
        assert_as_sklearn(
            "roc_auc_score", y[rows], scores[rows], multi_class=multi_class, labels=[0, 1, 2, 3]
        )


@pytest.mark.parametrize("average", ["macro", "weighted", "micro", "samples", None])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", AREAS)
def test_multilabel_as_sklearn(name, average, weighted):
    rng = np.random.default_rng(10)
    y = rng.integers(0, 2, (60, 3))
    y[:, 0], y[:, 1] = 1 - y[:, 1], y[:, 1]  # every row has a positive and a negative
    weights = rng.random(60) if weighted else None
    assert_as_sklearn(name, y, rng.random((60, 3)).round(1), average=average, sample_weight=weights)


@pytest.mark.parametrize("average", ["macro", "weighted", "micro", "samples", None])
def test_multiclass_average_precision_as_sklearn(average):
    y, scores = multiclass_case(np.random.default_rng(13))
    assert_as_sklearn("average_precision_score", y, scores, average=average)


def test_undefined_columns_are_warned_about():
    y = np.array([[0, 1], [0, 0], [0, 1]])
    scores = np.array([[0.1, 0.2], [0.3, 0.1], [0.2, 0.7]])
    for average in ("macro", "weighted", None):
        assert_as_sklearn("roc_auc_score", y, scores, average=average)
    with pytest.warns(metrics.UndefinedMetricWarning):
        metrics.roc_auc_score(y, scores)


@pytest.mark.parametrize("rate", [0.002, 0.5])
@pytest.mark.parametrize("kind", KINDS)
def test_many_rows_as_sklearn(kind, rate, monkeypatch):
    """Several runs, groups and blocks, whatever the distribution of scores."""
    for module, name, value in [(ranking, "RUN", 64), (ranking, "GROUP", 300), (ranking, "BLOCK", 1000)]:
        monkeypatch.setattr(module, name, value)
    rng = np.random.default_rng(14)
    n = 5000
    scores, y = make_scores(kind, n, rng), (rng.random(n) < rate).astype(int)
    weights = np.where(rng.random(n) < 0.1, 0.0, rng.random(n))
    for w in (None, weights):
        expected = confusion_matrix_at_thresholds(y, scores, sample_weight=w)
        actual = metrics.confusion_sweep(y, scores, sample_weight=w)
        for a, e in zip(actual, expected, strict=True):
            np.testing.assert_array_equal(a, e)
    assert_as_sklearn("precision_recall_curve", y, scores)


def everything(y, scores, weights):
    results = [
        *metrics.confusion_sweep(y, scores),
        *metrics.confusion_sweep(y, scores, sample_weight=weights),
    ]
    for name in CURVES:
        results += getattr(metrics, name)(y, scores)
    results += [getattr(metrics, name)(y, scores) for name in AREAS]
    results += [getattr(metrics, name)(y, scores, sample_weight=weights) for name in AREAS]
    return [np.asarray(r) for r in results]


@pytest.mark.parametrize("kind", ["both signs", "ties", "peak", "float32"])
@pytest.mark.parametrize("few", [True, False])
def test_threads_and_blocks_do_not_show(kind, few, monkeypatch):
    monkeypatch.setattr(areas, "few_positives", lambda n_pos, n_neg: few)
    rng = np.random.default_rng(15)
    n = 20_000
    scores, y, weights = make_scores(kind, n, rng), (rng.random(n) < 0.1).astype(int), rng.random(n)
    expected = everything(y, scores, weights)
    for threads, block, run, group in [
        (1, 777, 100, 1000),
        (2, 4096, 64, 64),
        (3, 10**6, 10**6, 1),
        (7, 50, 512, 4000),
    ]:
        monkeypatch.setenv("FASTSMOTE_NUM_THREADS", str(threads))
        monkeypatch.setattr(ranking, "BLOCK", block)
        monkeypatch.setattr(scores_module, "BLOCK", block)
        monkeypatch.setattr(ranking, "RUN", run)
        monkeypatch.setattr(ranking, "GROUP", group)
        for a, e in zip(everything(y, scores, weights), expected, strict=True):
            assert a.tobytes() == e.tobytes()


binary_rows = st.lists(
    st.tuples(st.booleans(), st.sampled_from([-2.5, -0.0, 0.0, 5e-324, 0.1, 0.5, 1e300]) | st.floats(-1, 1)),
    min_size=2,
    max_size=40,
).filter(lambda rows: len({label for label, _ in rows}) == 2)


@settings(max_examples=60, deadline=None)
@given(rows=binary_rows)
def test_laws(rows):
    y, scores = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    sweep = metrics.confusion_sweep(y, scores)
    assert (sweep.tps + sweep.fns == y.sum()).all()
    assert (sweep.fps + sweep.tns == (~y).sum()).all()
    assert (np.diff(sweep.thresholds) < 0).all()
    assert (np.diff(sweep.tps + sweep.fps) > 0).all()
    assert sweep.fns[-1] == sweep.tns[-1] == 0
    _, recall, _ = metrics.precision_recall_curve(y, scores)
    assert (np.diff(recall) <= 0).all()
    auc = metrics.roc_auc_score(y, scores)
    assert auc == float(reference.roc_auc(y, scores.tolist()))
    assert metrics.roc_auc_score(~y, scores) == pytest.approx(1 - auc, abs=1e-15)
    fpr, tpr, _ = metrics.roc_curve(y, scores)
    assert trapezoid(tpr, fpr) == pytest.approx(auc, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(rows=binary_rows, seed=st.integers(0, 2**31))
def test_a_weight_of_two_is_a_row_twice(rows, seed):
    y, scores = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    weights = np.random.default_rng(seed).integers(1, 4, len(rows))
    expected = metrics.confusion_sweep(np.repeat(y, weights), np.repeat(scores, weights))
    actual = metrics.confusion_sweep(y, scores, sample_weight=weights)
    for a, e in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(a, e)


def test_rows_in_any_order():
    rng = np.random.default_rng(16)
    y, scores = (rng.random(3000) < 0.1).astype(int), rng.normal(size=3000).round(2)
    order = rng.permutation(3000)
    for a, e in zip(
        metrics.confusion_sweep(y[order], scores[order]), metrics.confusion_sweep(y, scores), strict=True
    ):
        np.testing.assert_array_equal(a, e)


@pytest.mark.parametrize("half_tied", [False, True], ids=["whole cells", "splitters"])
def test_rows_without_weight_at_the_lowest_scores(half_tied):
    rng = np.random.default_rng(0)
    n = 700_000
    scores = rng.random(n)
    if half_tied:
        scores[rng.random(n) < 0.5] = 0.5
    y, weights = rng.random(n) < 0.05, rng.random(n)
    weights[scores < 0.3] = 0
    kept = weights > 0
    expected = confusion_sweep(y[kept], scores[kept], sample_weight=weights[kept])
    for _ in range(5):
        for ours, theirs in zip(confusion_sweep(y, scores, sample_weight=weights), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_rows_without_weight_are_not_counted():
    bits = np.arange(1000, dtype=np.int64)
    table = ranking.make_table(np.array([-600, -300], np.int64))
    counts, slots = np.zeros(8, np.int64), np.empty(1000, np.uint16)
    codes = np.full(1000, 2, np.uint8)
    sweep_module.count_runs(bits, codes, 0, 1000, (0, 0), table, sweep_module.new_scratch(), slots, counts)
    assert not counts.any()
    codes[::2] = 1
    sweep_module.count_runs(bits, codes, 0, 1000, (0, 0), table, sweep_module.new_scratch(), slots, counts)
    np.testing.assert_array_equal(counts, [0, 200, 0, 150, 0, 150, 0, 0])


def test_base_rate_ambush():
    """10,000 people, 1 % ill, 90 % recall, 8 % false alarms: one alarm in ten is right."""
    y = np.repeat([1, 0], [100, 9900])
    scores = np.repeat([1.0, 0.0, 1.0, 0.0], [90, 10, 792, 9108])
    sweep = metrics.confusion_sweep(y, scores)
    assert (sweep.tps[0], sweep.fps[0], sweep.fns[0], sweep.tns[0]) == (90, 792, 10, 9108)
    precision, recall, thresholds = metrics.precision_recall_curve(y, scores)
    assert thresholds.tolist() == [0.0, 1.0]
    assert (precision[1], recall[1]) == (5 / 49, 0.9)


@pytest.mark.parametrize(("tau", "counts"), [(0.5, (88, 625)), (0.3, (100, 3264)), (0.1, (100, 8439))])
def test_threshold_listing(tau, counts):
    """The rare-event listing: 100 of 10,000 positive, beta scores, called positive where score > tau."""
    rng = np.random.default_rng(3)
    score = np.r_[np.clip(rng.beta(5, 2, 100), 0, 1), np.clip(rng.beta(2, 6, 9900), 0, 1)]
    y = np.r_[np.ones(100), np.zeros(9900)].astype(int)
    called = score > tau
    by_definition = (int((called & (y == 1)).sum()), int((called & (y == 0)).sum()))
    sweep = metrics.confusion_sweep(y, score)
    last = np.searchsorted(-sweep.thresholds, -tau) - 1  # the lowest threshold above tau
    assert (sweep.tps[last], sweep.fps[last]) == by_definition == counts


def test_warnings_are_seen_as_those_of_scikit_learn__C7b():
    from sklearn.exceptions import UndefinedMetricWarning

    with pytest.warns(UndefinedMetricWarning, match="Only one class") as caught:
        metrics.roc_auc_score([0, 0], [0.1, 0.2])
    assert caught[0].category is metrics.UndefinedMetricWarning
    restored = pickle.loads(pickle.dumps(caught[0].message))
    assert type(restored) is metrics.UndefinedMetricWarning
    assert isinstance(restored, UndefinedMetricWarning)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        assert np.isnan(metrics.roc_auc_score([0, 0], [0.1, 0.2]))


@pytest.mark.slow
@pytest.mark.parametrize("first", ["fastsmote.metrics", "sklearn.exceptions"])
def test_warnings_are_one_class_whichever_is_imported_first__C7b(first):
    """Also where scikit-learn comes after a first warning."""
    code = f"""
import pickle, warnings
import {first}
import fastsmote, fastsmote.metrics
warnings.simplefilter("always")
with warnings.catch_warnings(record=True) as caught:
    fastsmote.precision_score([0, 1], [0, 0])
    from sklearn.exceptions import UndefinedMetricWarning
    fastsmote.recall_score([0, 0], [0, 1])
assert all(type(w.message) is fastsmote.metrics.UndefinedMetricWarning for w in caught), caught
assert len(caught) == 2
assert all(isinstance(pickle.loads(pickle.dumps(w.message)), UndefinedMetricWarning) for w in caught)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
