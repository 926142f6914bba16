"""Metrics on predicted labels: against the definition, scikit-learn and imbalanced-learn, and by laws."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.metrics import confusion as reference

from fastsmote import classification as metrics
from fastsmote._core import scores as scores_module
from fastsmote._metrics import confusion
from fastsmote.metrics import UndefinedMetricWarning

AVERAGES = [None, "macro", "micro", "weighted"]
DTYPES = [np.int8, np.int64, np.uint16, np.float32, np.float64]
LABELS = {
    "small": [0, 1, 2, 3],
    "signed": [-5, -1, 3, 90],
    "far apart": [-(2**63), 0, 7, 2**63 - 1],
    "floats": [-1.0, 0.0, 2.0, 5.0],
    "strings": ["ant", "bee", "cat", "dog"],
    "bools": [False, True],
    "unsigned": [0, 5, 2**63, 2**64 - 1],
}
WEIGHTS = {
    "none": lambda rng, n: None,
    "integers": lambda rng, n: rng.integers(0, 5, n),
    "quarters": lambda rng, n: rng.integers(0, 9, n) / 4,  # sums are exact, some are zero
}


def make(kind="small", n=60, seed=0):
    """Columns of labels in which the last class is rare and predictions are mostly right."""
    rng = np.random.default_rng(seed)
    labels = LABELS[kind]
    shares = np.array([0.6, 0.25, 0.1, 0.05])[: len(labels)]
    true = rng.choice(len(labels), n, p=shares / shares.sum())
    pred = np.where(rng.random(n) < 0.6, true, rng.integers(0, len(labels), n))
    dtype = {"unsigned": np.uint64, "strings": object}.get(kind)
    table = np.array(labels, dtype)
    return table[true], table[pred], rng


def quietly(function, *args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


def heard(function, *args, **kwargs):
    """Result, and how many warnings of which sort."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*args, **kwargs)
    return result, [w.category.__name__ for w in caught]


def assert_close(actual, expected):
    if not isinstance(expected, tuple):
        actual, expected = (actual,), (expected,)
    for a, e in zip(actual, expected, strict=True):
        if e is None:
            assert a is None
        else:
            assert np.shape(a) == np.shape(e)
            np.testing.assert_allclose(np.asarray(a, float), np.asarray(e, float), rtol=1e-12, atol=1e-15)


@pytest.fixture(params=["dense", "dense in blocks", "sparse"])
def path(request, monkeypatch):
    """Each way of counting, whatever the data would take."""
    if request.param == "dense in blocks":
        monkeypatch.setattr(scores_module, "BLOCK", 16)
        monkeypatch.setattr(confusion, "_ROWS_PER_CELL", 0)
    if request.param == "sparse":
        monkeypatch.setattr(confusion, "_MOST_CELLS", 0)


@pytest.mark.parametrize("weighting", WEIGHTS)
@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.one_in(3)
def test_matrix_by_definition(kind, weighting, path):
    y_true, y_pred, rng = make(kind)
    weights = WEIGHTS[weighting](rng, len(y_true))
    actual = metrics.confusion_matrix(y_true, y_pred, sample_weight=weights)
    given_weights = None if weights is None else weights.tolist()
    rows = reference.rows_of(y_true.tolist(), y_pred.tolist(), given_weights)
    expected = reference.matrix(rows, reference.labels_of(rows))
    assert actual.tolist() == [[float(cell) for cell in line] for line in expected]
    assert actual.dtype == (np.float64 if weighting == "quarters" else np.int64)


@pytest.mark.parametrize("weighting", ["none", "integers", "quarters"])
@pytest.mark.parametrize("normalize", [None, "true", "pred", "all"])
@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("small", None),
        ("small", [2, 0]),
        ("small", [3, 7, 1]),
        ("small", [1]),
        ("strings", None),
        ("strings", ["dog", "ant", "owl"]),
        ("bools", [True, False]),
        ("floats", [5.0, -1.0]),
        ("signed", None),
    ],
)
@pytest.mark.one_in(4)
def test_matrix_as_sklearn(kind, labels, normalize, weighting):
    sklearn = pytest.importorskip("sklearn.metrics")
    y_true, y_pred, rng = make(kind)
    options = {
        "labels": labels,
        "sample_weight": WEIGHTS[weighting](rng, len(y_true)),
        "normalize": normalize,
    }
    expected, expected_warnings = heard(sklearn.confusion_matrix, y_true, y_pred, **options)
    actual, actual_warnings = heard(metrics.confusion_matrix, y_true, y_pred, **options)
    np.testing.assert_allclose(actual, expected, rtol=1e-14)
    assert actual.dtype == expected.dtype
    assert actual_warnings == expected_warnings


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("other", DTYPES)
def test_dtypes_may_differ(dtype, other):
    y_true, y_pred, _ = make("small", 200)
    expected = metrics.confusion_matrix(y_true.tolist(), y_pred.tolist())
    wide = np.zeros((200, 2), dtype)
    wide[:, 1] = y_true
    y_true, y_pred = wide[:, 1], y_pred.astype(other)[::-1][::-1]
    y_true.setflags(write=False)
    before = y_pred.copy()
    np.testing.assert_array_equal(metrics.confusion_matrix(y_true, y_pred), expected)
    np.testing.assert_array_equal(y_pred, before)


def test_containers():
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    for kind in ("small", "strings", "bools"):
        y_true, y_pred, _ = make(kind, 200)
        y_true, y_pred = y_true.tolist(), y_pred.tolist()
        expected = metrics.confusion_matrix(y_true, y_pred)
        for wrap in (
            np.array,
            pd.Series,
            lambda y: pd.Series(y).convert_dtypes(),
            lambda y: pd.Series(y, dtype="category"),
            lambda y: pd.DataFrame({"label": y}),
            pl.Series,
        ):
            np.testing.assert_array_equal(metrics.confusion_matrix(wrap(y_true), wrap(y_pred)), expected)
            np.testing.assert_array_equal(metrics.confusion_matrix(wrap(y_true), y_pred), expected)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("dtype", "early", "late"),
    [
        (np.int64, 0, 9),
        (np.int64, 5, -(2**63)),
        (np.int64, 2**63 - 1, -(2**63)),
        (np.int8, -128, 127),
        (np.uint8, 250, 0),
        (np.uint64, 1, 2**64 - 1),
        (np.uint64, 2**63 + 1, 1),
        (bool, False, True),
    ],
)
def test_labels_that_come_late(dtype, early, late, weighted, monkeypatch):
    """They are not in the table that is made for the labels of the first block of rows."""
    monkeypatch.setattr(scores_module, "BLOCK", 16)
    y_true, y_pred = np.full(100, early, dtype), np.full(100, early, dtype)
    y_true[[70, 90]] = y_pred[[90, 95, 97]] = late
    weights = np.arange(100) / 4 if weighted else None
    value = np.ones(100) if weights is None else weights
    cells = {
        (early, early): value.sum() - value[[70, 90, 95, 97]].sum(),
        (late, early): value[70],
        (late, late): value[90],
        (early, late): value[95] + value[97],
    }
    order = sorted([early, late])
    expected = [[cells[row, column] for column in order] for row in order]
    assert metrics.confusion_matrix(y_true, y_pred, sample_weight=weights).tolist() == expected


def test_many_classes():
    rng = np.random.default_rng(1)
    y_true, y_pred = rng.integers(0, 3000, 5000), rng.integers(0, 3000, 5000)
    weights = rng.integers(1, 9, 5000)
    counts = confusion.one_vs_rest(confusion.count_labels(y_true, y_pred, weights))
    classes = np.union1d(y_true, y_pred)
    for place in (0, 1, 700, len(classes) - 1):
        is_true, is_pred = y_true == classes[place], y_pred == classes[place]
        expected = [is_true & is_pred, ~is_true & is_pred, is_true & ~is_pred, ~is_true & ~is_pred]
        assert [count[place] for count in counts] == [weights[rows].sum() for rows in expected]
    assert [count[-1] for count in counts] == [0, 0, 0, weights.sum()]


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
@pytest.mark.parametrize("weighting", ["none", "quarters"])
@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [3, 0], [9, 2], [9]])
@pytest.mark.one_in(4)
def test_fscores_by_definition(labels, average, weighting, zero_division):
    y_true, y_pred, rng = make("small", 40, seed=3)
    y_pred[y_pred == 3] = 0  # a class that is never predicted
    weights = WEIGHTS[weighting](rng, 40)
    rows = reference.rows_of(y_true.tolist(), y_pred.tolist(), None if weights is None else weights.tolist())
    actual = metrics.precision_recall_fscore_support(
        y_true,
        y_pred,
        beta=0.5,
        labels=labels,
        average=average,
        sample_weight=weights,
        zero_division=zero_division,
    )
    empty = Fraction(zero_division)
    plain = "macro" if average == "weighted" and labels == [9] else average  # of no weight, the plain mean
    scores = [
        lambda c: reference.precision(c, empty),
        lambda c: reference.recall(c, empty),
        lambda c: reference.f_beta(c, 0.5, empty),
    ]
    for values, score in zip(actual, scores, strict=False):
        assert_close(values, np.array(reference.average(score, rows, labels, plain), float))
    if average is None:
        assert actual[3].tolist() == [sum(w for t, _, w in rows if t == label) for label in labels]


@pytest.mark.parametrize("weighting", ["none", "integers", "quarters"])
@pytest.mark.parametrize("zero_division", ["warn", 0, 1, np.nan])
@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("beta", [0, 0.5, 1, 2, np.inf])
@pytest.mark.one_in(5)
def test_fscores_as_sklearn(beta, average, zero_division, weighting):
    sklearn = pytest.importorskip("sklearn.metrics")
    y_true, y_pred, rng = make("strings", 50, seed=4)
    y_pred[y_pred == "dog"] = "ant"
    y_true[y_true == "cat"] = "bee"
    weights = WEIGHTS[weighting](rng, 50)
    for labels in (None, ["dog", "owl", "cat", "ant"], ["owl"]):
        options = {
            "beta": beta,
            "labels": labels,
            "average": average,
            "zero_division": zero_division,
            "sample_weight": weights,
        }
        expected = heard(sklearn.precision_recall_fscore_support, y_true, y_pred, **options)
        actual = heard(metrics.precision_recall_fscore_support, y_true, y_pred, **options)
        assert_close(actual[0], expected[0])
        assert actual[1] == expected[1]


def test_fbeta_at_its_ends():
    y_true, y_pred, _ = make("bools", 50, seed=4)
    precision, recall, _, _ = metrics.precision_recall_fscore_support(y_true, y_pred, average="binary")
    assert precision != recall
    for beta, expected in ((0, precision), (1e-200, precision), (1e200, recall), (np.inf, recall)):
        assert metrics.fbeta_score(y_true, y_pred, beta=beta) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("name", ["precision_score", "recall_score", "f1_score", "fbeta_score"])
@pytest.mark.parametrize("average", ["binary", *AVERAGES])
def test_single_scores_as_sklearn(name, average):
    sklearn = pytest.importorskip("sklearn.metrics")
    options = {"beta": 3.0} if name == "fbeta_score" else {}
    for kind, pos_label in (("bools", 1), ("bools", False)):
        y_true, y_pred, rng = make(kind, 80, seed=5)
        for pred in (y_pred, np.zeros(80, bool)):
            args = (y_true, pred)
            options.update(average=average, pos_label=pos_label, sample_weight=rng.random(80))
            expected = heard(getattr(sklearn, name), *args, **options)
            actual = heard(getattr(metrics, name), *args, **options)
            assert_close(actual[0], expected[0])
            assert actual[1] == expected[1]


@pytest.mark.parametrize("weighting", WEIGHTS)
def test_correlation_and_balanced_accuracy(weighting):
    sklearn = pytest.importorskip("sklearn.metrics")
    for kind in ("small", "strings", "bools"):
        y_true, y_pred, rng = make(kind, 50, seed=6)
        weights = WEIGHTS[weighting](rng, 50)
        rows = reference.rows_of(
            y_true.tolist(), y_pred.tolist(), None if weights is None else weights.tolist()
        )
        for name, expected in (
            ("matthews_corrcoef", reference.matthews(rows)),
            ("balanced_accuracy_score", float(reference.balanced_accuracy(rows))),
        ):
            actual = getattr(metrics, name)(y_true, y_pred, sample_weight=weights)
            assert actual == pytest.approx(expected, rel=1e-12)
            peer = getattr(sklearn, name)(y_true, y_pred, sample_weight=weights)
            assert actual == pytest.approx(peer, rel=1e-10)
        assert metrics.balanced_accuracy_score(y_true, y_pred, adjusted=True) == pytest.approx(
            sklearn.balanced_accuracy_score(y_true, y_pred, adjusted=True), rel=1e-12
        )


def test_correlation_at_its_ends():
    y = [0, 0, 1, 2, 2, 2]
    assert metrics.matthews_corrcoef(y, y) == 1.0
    assert metrics.matthews_corrcoef([0, 0, 1], [1, 1, 0]) == -1.0
    assert metrics.matthews_corrcoef(y, [1] * 6) == 0.0
    assert metrics.matthews_corrcoef([0, 1, 0, 1], [0, 0, 1, 1]) == 0.0
    for scale in (1e300, 1e-300):  # products of such sums are infinite or 0
        weights = np.array([1, 2, 3, 4, 5, 6]) * scale
        assert metrics.matthews_corrcoef(y, y, sample_weight=weights) == 1.0


def test_balanced_accuracy_leaves_out_classes_that_are_only_predicted():
    with pytest.warns(UndefinedMetricWarning, match="classes not in y_true"):
        assert metrics.balanced_accuracy_score([0, 0, 1], [0, 2, 1]) == 0.75
    with pytest.warns(UndefinedMetricWarning, match="one class"):
        assert np.isnan(metrics.balanced_accuracy_score([0, 0], [0, 0], adjusted=True))


@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("labels", [None, [2, 0], [0, 9, 3], [9]])
@pytest.mark.parametrize(
    "name",
    ["sensitivity_specificity_support", "sensitivity_score", "specificity_score", "geometric_mean_score"],
)
@pytest.mark.one_in(4)
def test_imbalanced_scores_as_imblearn(name, labels, average):
    imblearn = pytest.importorskip("imblearn.metrics")
    y_true, y_pred, _ = make("small", 70, seed=7)
    y_pred[y_pred == 3] = 1
    expected = quietly(getattr(imblearn, name), y_true, y_pred, labels=labels, average=average)
    actual = quietly(getattr(metrics, name), y_true, y_pred, labels=labels, average=average)
    assert_close(actual, expected)


@pytest.mark.parametrize(
    "name",
    ["sensitivity_specificity_support", "sensitivity_score", "specificity_score", "geometric_mean_score"],
)
def test_binary_scores_as_imblearn(name):
    imblearn = pytest.importorskip("imblearn.metrics")
    y_true, y_pred, _ = make("bools", 70, seed=8)
    columns = [(y_true, y_pred, True), (y_true * 1, y_pred * 1, 0), ([0, 0], [0, 0], 1), ([1, 1], [1, 1], 1)]
    columns.append((np.where(y_true, "b", "a"), np.where(y_pred, "b", "a"), "b"))
    for true, pred, pos_label in columns:
        options = {"pos_label": pos_label, "average": "binary"}
        expected = quietly(getattr(imblearn, name), true, pred, **options)
        assert_close(quietly(getattr(metrics, name), true, pred, **options), expected)


@pytest.mark.parametrize("correction", [0.0, 0.001, 1])
@pytest.mark.parametrize("labels", [None, [0, 1], [2, 3, 9]])
def test_geometric_mean(labels, correction):
    imblearn = pytest.importorskip("imblearn.metrics")
    y_true, y_pred, rng = make("small", 70, seed=9)
    y_pred[y_pred == 3] = 1
    options = {"labels": labels, "correction": correction}
    actual = quietly(metrics.geometric_mean_score, y_true, y_pred, **options)
    assert actual == pytest.approx(
        quietly(imblearn.geometric_mean_score, y_true, y_pred, **options), rel=1e-12
    )
    weights = rng.integers(1, 9, 70) / 4
    rows = reference.rows_of(y_true.tolist(), y_pred.tolist(), weights.tolist())
    actual = quietly(metrics.geometric_mean_score, y_true, y_pred, sample_weight=weights, **options)
    expected = reference.geometric_mean(rows, labels or [0, 1, 2, 3], correction)
    assert actual == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [3, 1], [9, 2]])
def test_weighted_sensitivity_and_specificity_by_definition(labels, average):
    y_true, y_pred, rng = make("small", 50, seed=10)
    weights = rng.integers(0, 9, 50) / 4
    rows = reference.rows_of(y_true.tolist(), y_pred.tolist(), weights.tolist())
    sensitivity, specificity, support = quietly(
        metrics.sensitivity_specificity_support,
        y_true,
        y_pred,
        labels=labels,
        average=average,
        sample_weight=weights,
    )
    for actual, score in ((sensitivity, reference.recall), (specificity, reference.specificity)):
        assert_close(actual, np.array(reference.average(score, rows, labels, average), float))
    if average is None:
        assert support.tolist() == [sum(w for t, _, w in rows if t == label) for label in labels]


def test_specificity_with_weights_is_a_share():
    """Where imbalanced-learn counts rows and weights together (its issue 1180)."""
    y_true, y_pred, weights = [0, 0, 0, 1, 1], [0, 0, 1, 1, 0], [0.1, 0.1, 0.2, 0.1, 0.3]
    assert metrics.specificity_score(y_true, y_pred, sample_weight=weights) == pytest.approx(0.5, rel=1e-15)
    report = metrics.classification_report_imbalanced(y_true, y_pred, sample_weight=weights, output_dict=True)
    assert report["1"]["spe"] == pytest.approx(0.5, rel=1e-15)
    assert report["0"]["spe"] == pytest.approx(0.25, rel=1e-15)
    by_average = metrics.geometric_mean_score(y_true, y_pred, average="binary", sample_weight=weights)
    assert by_average == pytest.approx(np.sqrt(0.25 * 0.5), rel=1e-15)


def test_light_rows_count_beside_heavy_ones():
    """The rows outside class 0 weigh less than the rounding of the total."""
    y_true, y_pred = [0, 1, 1, 1, 2], [0, 1, 0, 2, 2]
    weights = [1e20, 1.0, 1.0, 1.0, 1.0]
    _, specificity, _ = metrics.sensitivity_specificity_support(y_true, y_pred, sample_weight=weights)
    assert specificity.tolist() == [0.75, 1.0, 1.0]


@pytest.mark.parametrize("squared", [True, False])
@pytest.mark.parametrize("alpha", [0, 0.1, 1.5, -0.5])
def test_index_balanced_accuracy_as_imblearn(alpha, squared):
    imblearn, sklearn = pytest.importorskip("imblearn.metrics"), pytest.importorskip("sklearn.metrics")
    y_true, y_pred, _ = make("bools", 60, seed=11)
    y_true, y_pred = y_true * 1, y_pred * 1
    theirs = imblearn.make_index_balanced_accuracy(alpha=alpha, squared=squared)
    ours = metrics.make_index_balanced_accuracy(alpha=alpha, squared=squared)
    for name, options in (
        ("geometric_mean_score", {}),
        ("geometric_mean_score", {"average": None}),
        ("geometric_mean_score", {"average": "weighted", "labels": [0]}),
        ("specificity_score", {"pos_label": 0}),
    ):
        expected = theirs(getattr(imblearn, name))(y_true, y_pred, **options)
        assert_close(ours(getattr(metrics, name))(y_true, y_pred, **options), expected)
    for score, options in (
        (sklearn.accuracy_score, {}),
        (sklearn.jaccard_score, {}),
        (sklearn.f1_score, {"average": "macro"}),
        (sklearn.matthews_corrcoef, {}),
    ):
        expected = theirs(score)(y_true, y_pred, **options)
        assert_close(ours(score)(y_true, y_pred, **options), expected)
    with pytest.raises(AttributeError, match="roc_auc_score takes scores"):
        ours(sklearn.roc_auc_score)(y_true, y_pred)


def test_macro_averaged_error():
    imblearn = pytest.importorskip("imblearn.metrics")
    for kind in ("small", "signed", "floats"):
        y_true, y_pred, rng = make(kind, 200, seed=12)
        expected = imblearn.macro_averaged_mean_absolute_error(y_true, y_pred)
        actual = metrics.macro_averaged_mean_absolute_error(y_true, y_pred)
        assert actual == pytest.approx(expected, rel=1e-12)
        weights = rng.integers(1, 9, 200) / 4
        expected = imblearn.macro_averaged_mean_absolute_error(y_true, y_pred, sample_weight=weights)
        actual = metrics.macro_averaged_mean_absolute_error(y_true, y_pred, sample_weight=weights)
        assert actual == pytest.approx(expected, rel=1e-12)
        rows = reference.rows_of(y_true.tolist(), y_pred.tolist(), weights.tolist())
        assert actual == pytest.approx(float(reference.macro_mean_absolute_error(rows)), rel=1e-12)
    assert metrics.macro_averaged_mean_absolute_error([1, 1, 2], [1, 5, 2]) == 1.0
    weighted = metrics.macro_averaged_mean_absolute_error([1, 1, 2], [1, 5, 9], sample_weight=[3, 1, 0])
    assert weighted == 1.0
    with pytest.raises(ValueError, match="must hold ordered numbers"):
        metrics.macro_averaged_mean_absolute_error(["1", "2"], ["1", "2"])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"labels": [3, 0, 2]},
        {"labels": [0, 9]},
        {"target_names": ["the first of the classes", "b", "c", "d"]},
        {"digits": 4, "alpha": 0.7},
        {"digits": 0},
        {"digits": 14},
        {"zero_division": 1},
    ],
)
def test_report_as_imblearn(options):
    imblearn = pytest.importorskip("imblearn.metrics")
    for kind in ("small", "floats", "strings"):
        y_true, y_pred, _ = make(kind, 70, seed=13)
        if kind == "strings" and "labels" in options:
            continue
        y_pred[y_pred == LABELS[kind][3]] = LABELS[kind][1]
        args, name = (y_true, y_pred), "classification_report_imbalanced"
        expected = quietly(getattr(imblearn, name), *args, **options)
        assert quietly(getattr(metrics, name), *args, **options) == expected
        expected = quietly(getattr(imblearn, name), *args, output_dict=True, **options)
        actual = quietly(getattr(metrics, name), *args, output_dict=True, **options)
        assert actual.keys() == expected.keys()
        for key, value in expected.items():
            assert actual[key] == pytest.approx(value, rel=1e-12)


def test_report_with_weights_is_made_of_the_scores():
    y_true, y_pred, rng = make("strings", 80, seed=14)
    weights = rng.random(80)
    report = metrics.classification_report_imbalanced(y_true, y_pred, sample_weight=weights, output_dict=True)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        y_true, y_pred, sample_weight=weights
    )
    _, specificity, _ = metrics.sensitivity_specificity_support(y_true, y_pred, sample_weight=weights)
    gmean = metrics.geometric_mean_score(y_true, y_pred, average=None, sample_weight=weights)
    balanced = metrics.make_index_balanced_accuracy()(metrics.geometric_mean_score)
    iba = balanced(y_true, y_pred, average=None, sample_weight=weights)
    columns = {"pre": precision, "rec": recall, "spe": specificity, "f1": f1, "geo": gmean, "iba": iba}
    for key, values in columns.items():
        shown = [report[label][key] for label in LABELS["strings"]]
        assert shown == pytest.approx(values.tolist(), rel=1e-14)
        mean = sum(v * s for v, s in zip(values, support, strict=True)) / support.sum()
        assert report[f"avg_{key}"] == pytest.approx(mean, rel=1e-12)
    assert report["total_support"] == pytest.approx(weights.sum(), rel=1e-12)


rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=40)


@given(rows.filter(lambda drawn: any(w for _, _, w in drawn)))
def test_integer_weights_repeat_rows(drawn):
    y_true, y_pred, weights = map(np.array, zip(*drawn, strict=True))
    labels = [0, 1, 2, 3, 4]
    kept = weights > 0
    repeated = np.repeat(y_true, weights), np.repeat(y_pred, weights)
    for name in ("precision_recall_fscore_support", "sensitivity_specificity_support"):
        expected = quietly(getattr(metrics, name), *repeated, labels=labels)
        actual = quietly(getattr(metrics, name), y_true, y_pred, labels=labels, sample_weight=weights)
        for a, e in zip(actual, expected, strict=True):
            assert a.tolist() == e.tolist()
    actual = metrics.matthews_corrcoef(y_true[kept], y_pred[kept], sample_weight=weights[kept])
    assert actual == metrics.matthews_corrcoef(*repeated)


@given(rows, st.floats(1e-6, 1e6))
def test_laws_of_weights(drawn, spread):
    y_true, y_pred, seeds = map(np.array, zip(*drawn, strict=True))
    weights = spread ** (seeds - 1.0) / 3
    scores = quietly(metrics.sensitivity_specificity_support, y_true, y_pred, sample_weight=weights)
    for rates in scores[:2]:
        assert (rates >= 0).all()
        assert (rates <= 1).all()
    scaled = quietly(metrics.sensitivity_specificity_support, y_true, y_pred, sample_weight=weights * 2.0**9)
    assert [s.tolist() for s in scaled[:2]] == [s.tolist() for s in scores[:2]]
    assert -1 - 1e-12 <= metrics.matthews_corrcoef(y_true, y_pred, sample_weight=weights) <= 1 + 1e-12


@given(rows, st.permutations(range(5)), st.randoms())
def test_names_and_order_of_rows_do_not_matter(drawn, names, random):
    y_true, y_pred, _ = map(np.array, zip(*drawn, strict=True))
    expected = metrics.matthews_corrcoef(y_true, y_pred)
    order = random.sample(range(len(drawn)), len(drawn))
    table = np.array([f"class {name}" for name in names], object)
    renamed = table[y_true][order], table[y_pred][order]
    assert metrics.matthews_corrcoef(*renamed) == expected
    assert metrics.matthews_corrcoef(y_pred, y_true) == expected
    recall = quietly(metrics.recall_score, y_true, y_pred, average=None, labels=range(5))
    by_name = quietly(metrics.recall_score, *renamed, average=None, labels=table.tolist())
    assert by_name.tolist() == recall.tolist()
    precision = quietly(metrics.precision_score, y_pred, y_true, average=None, labels=range(5))
    assert precision.tolist() == recall.tolist()


def test_threads_do_not_matter(monkeypatch):
    monkeypatch.setattr(scores_module, "BLOCK", 1 << 10)
    y_true, y_pred, rng = make("small", 50_000, seed=15)
    weights = rng.random(50_000) * 10.0 ** rng.integers(-9, 9, 50_000)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("FASTSMOTE_NUM_THREADS", threads)
        results.append(metrics.confusion_matrix(y_true, y_pred, sample_weight=weights).tobytes())
    assert len(set(results)) == 1


@pytest.mark.parametrize(
    ("y_true", "y_pred", "options", "error", "message"),
    [
        ([], [], {}, ValueError, "empty input"),
        ([0, 1], [0, 1, 1], {}, ValueError, "inconsistent numbers of samples"),
        ([0, 1], ["a", "b"], {}, ValueError, "mix of strings and numbers"),
        ([0, "b"], [0, 1], {}, ValueError, "y_true"),
        ([0.5, 1], [0, 1], {}, ValueError, "continuous"),
        ([0, np.nan], [0, 1], {}, ValueError, "y_true contains NaN"),
        ([0, 1], [0, np.inf], {}, ValueError, "y_pred"),
        ([0, None], [0, 1], {}, ValueError, "missing"),
        ([b"a", b"b"], [b"a", b"b"], {}, TypeError, "bytes"),
        (np.ma.masked_array([0, 1], [0, 1]), [0, 1], {}, TypeError, "mask"),
        ([[0, 1], [1, 0]], [0, 1], {}, ValueError, "must hold one label a row"),
        ([0, 1], [0, 1], {"sample_weight": [1]}, ValueError, "inconsistent numbers of samples"),
        ([0, 1], [0, 1], {"sample_weight": [1, np.nan]}, ValueError, "sample_weight contains NaN"),
        ([0, 1], [0, 1], {"sample_weight": [0, 0]}, ValueError, "non-zero"),
        ([0, 1], [0, 1], {"normalize": "rows"}, ValueError, "normalize"),
        ([0, 1], [0, 2], {"labels": [2, 3]}, ValueError, "must be in y_true"),
        ([0, 1], [0, 1], {"labels": []}, ValueError, "labels must have a minimum"),
        ([0, 1], [0, 1], {"labels": ["a"]}, ValueError, "labels must be of the kind"),
    ],
)
def test_what_is_refused(y_true, y_pred, options, error, message):
    with pytest.raises(error, match=message):
        metrics.confusion_matrix(y_true, y_pred, **options)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("precision_recall_fscore_support", {"average": "samples"}, "average"),
        ("precision_recall_fscore_support", {"beta": -1}, "beta must be"),
        ("precision_recall_fscore_support", {"beta": np.nan}, "beta must be"),
        ("precision_recall_fscore_support", {"zero_division": 0.5}, "zero_division must be"),
        ("precision_recall_fscore_support", {"pos_label": [1]}, "pos_label must be"),
        ("f1_score", {}, "Target is multiclass"),
        ("sensitivity_score", {}, "Target is multiclass"),
        ("geometric_mean_score", {"correction": -0.1}, "correction must be"),
        ("geometric_mean_score", {"average": "samples"}, "average"),
        ("classification_report_imbalanced", {"digits": -1}, "digits must be"),
        ("classification_report_imbalanced", {"alpha": "a"}, "alpha must be"),
        ("classification_report_imbalanced", {"zero_division": 2}, "zero_division must be"),
        ("classification_report_imbalanced", {"target_names": ["a"]}, "target_names must hold"),
    ],
)
def test_options_that_are_refused(name, options, message):
    with pytest.raises(ValueError, match=message):
        getattr(metrics, name)([0, 1, 2], [0, 1, 1], **options)
    with pytest.raises(ValueError, match="not a valid label"):
        metrics.specificity_score([0, 2], [0, 2])


def test_decorator_options_that_are_refused():
    with pytest.raises(ValueError, match="alpha must be"):
        metrics.make_index_balanced_accuracy(alpha="a")
    with pytest.raises(ValueError, match="squared"):
        metrics.make_index_balanced_accuracy(squared="yes")


def test_warnings_point_here():
    y_true, y_pred = [0, 1, 2], [0, 1, 1]
    for function, options in (
        (metrics.precision_score, {"average": "macro"}),
        (metrics.precision_recall_fscore_support, {"pos_label": 2, "zero_division": 0}),
        (metrics.recall_score, {"pos_label": 2, "average": None}),
        (metrics.sensitivity_score, {"pos_label": 2, "average": None}),
        (metrics.sensitivity_score, {"labels": [9], "average": None}),
        (metrics.geometric_mean_score, {"labels": [0, 9]}),
        (metrics.classification_report_imbalanced, {}),
        (metrics.confusion_matrix, {"labels": [0]}),
    ):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            function(y_true, y_pred, **options)
        assert [w.filename for w in caught] == [__file__]


@pytest.mark.parametrize(
    "name", ["precision_score", "recall_score", "f1_score", "precision_recall_fscore_support"]
)
def test_multilabel_indicators_are_refused_in_the_first_line__C7b(name):
    """scikit-learn averages them by sample."""
    function = getattr(metrics, name)
    assert "no multilabel indicators" in function.__doc__.splitlines()[0]
    columns = [[0, 1], [1, 1], [0, 0]]
    for average in ("samples", "macro", None):
        with pytest.raises(ValueError, match=r"one label a row: multilabel .* Got shape \(3, 2\)"):
            function(columns, columns, average=average)
    with pytest.raises(ValueError, match="average must be"):
        function([0, 1], [0, 1], average="samples")
