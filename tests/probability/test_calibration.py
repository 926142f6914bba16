"""Calibration curves, errors and scores: by definition, beside scikit-learn, and as streams."""

import copy
import inspect
import itertools
import pickle
from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.probability import calibration as reference
from scipy.stats import binomtest, norm
from sklearn import calibration as sklearn_calibration
from sklearn import metrics as sklearn_metrics

from fastsmote._probability.bins import quantile_bins
from fastsmote._probability.percentiles import percentiles
from fastsmote.calibration import (
    CalibrationCurve,
    StreamingCalibration,
    brier_decomposition,
    brier_score,
    calibration_curve,
    expected_calibration_error,
    fit_temperature,
    log_loss,
)

# scikit-learn before 1.7 has the Brier score of two classes only, and its log_loss does not warn of the order
IS_OLDER = "labels" not in inspect.signature(sklearn_metrics.brier_score_loss).parameters
SCORES_OF_CLASSES = [(log_loss, sklearn_metrics.log_loss)]
if not IS_OLDER:
    SCORES_OF_CLASSES.append((brier_score, sklearn_metrics.brier_score_loss))
CLOSE = {"rtol": 1e-13, "atol": 1e-15}


def make(n, seed=0, kind="beta"):
    rng = np.random.default_rng(seed)
    p = {
        "beta": lambda: rng.beta(1, 4, n),
        "ties": lambda: rng.integers(0, 11, n) / 10,
        "tiny": lambda: rng.random(n) * 10.0 ** -rng.integers(0, 320, n),
        "ends": lambda: rng.choice([0.0, -0.0, 5e-324, 1e-16, 1 - 2**-53, 1.0], n),
        "float32": lambda: rng.random(n).astype(np.float32),
    }[kind]()
    return (rng.random(n) < p).astype(np.int64), p


KINDS = ["beta", "ties", "tiny", "ends", "float32"]
probability = st.integers(0, 64).map(lambda i: i / 64) | st.floats(0, 1)
weight = st.sampled_from([0.0, 0.25, 1.0, 3.0, 1e-70, 1e70]) | st.floats(1e-3, 1e3)
some_rows = st.lists(st.tuples(st.booleans(), probability, weight), min_size=1, max_size=30)


def columns(rows):
    y, p, w = (list(column) for column in zip(*rows, strict=True))
    return y, p, w if any(w) else [1.0] * len(w)


def parts(curve):
    return [getattr(curve, name) for name in ("prob_true", "prob_pred", "low", "high", "counts", "edges")]


def same(a, b):
    return all(
        x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()
        for x, y in zip(parts(a), parts(b), strict=True)
    )


def assert_curve(curve, expected, exact):
    share, mean, total, _, left, right = (list(column) for column in zip(*expected, strict=True))
    assert curve.edges.tolist() == [list(pair) for pair in zip(left, right, strict=True)]
    np.testing.assert_allclose(curve.prob_true, np.array(share, float), rtol=0 if exact else 1e-15)
    np.testing.assert_allclose(
        curve.prob_pred, np.array(mean, float), rtol=0 if exact else 1e-15, atol=1e-300
    )
    np.testing.assert_allclose(curve.counts, np.array(total, float), rtol=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_bins", [1, 2, 3, 10, 17])
def test_curve_by_definition(kind, n_bins):
    y, p = make(60, 1, kind)
    expected = reference.curve(reference.rows_of(y, p), np.linspace(0, 1, n_bins + 1))
    curve = calibration_curve(y, p, n_bins=n_bins)
    assert isinstance(curve, CalibrationCurve)
    assert curve.counts.dtype == np.int64
    assert_curve(curve, expected, exact=True)


@given(some_rows, st.integers(1, 12))
def test_weighted_curve_by_definition(rows, n_bins):
    y, p, w = columns(rows)
    expected = reference.curve(reference.rows_of(y, p, w), np.linspace(0, 1, n_bins + 1))
    curve = calibration_curve(y, p, n_bins=n_bins, sample_weight=w)
    assert curve.counts.dtype == np.float64
    assert_curve(curve, expected, exact=False)


@pytest.mark.parametrize("n_bins", range(1, 60))
@pytest.mark.one_in(3)
def test_every_edge_and_its_neighbours_fall_where_a_search_puts_them(n_bins):
    edges = np.linspace(0, 1, n_bins + 1)
    p = np.concatenate([edges, np.nextafter(edges, 0), np.nextafter(edges, 2).clip(0, 1)])
    counts = np.bincount(np.searchsorted(edges[1:-1], p), minlength=n_bins)
    curve = calibration_curve(np.zeros(len(p), int), p, n_bins=n_bins)
    assert curve.counts.tolist() == counts[counts > 0].tolist()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("n_bins", [1, 2, 7, 10, 33])
@pytest.mark.one_in(5)
def test_curve_beside_scikit_learn(kind, strategy, n_bins):
    y, p = make(2000, 2, kind)
    curve = calibration_curve(y, p, n_bins=n_bins, strategy=strategy)
    prob_true, prob_pred = curve[:2]
    expected = sklearn_calibration.calibration_curve(y, p, n_bins=n_bins, strategy=strategy)
    np.testing.assert_allclose(prob_true, expected[0], **CLOSE)
    np.testing.assert_allclose(prob_pred, expected[1], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("kind", ["beta", "ties", "tiny", "ends"])
@pytest.mark.parametrize("n", [1, 2, 3, 10, 999, 4096, 600_001])
def test_quantile_edges_are_numpys(kind, n):
    _, p = make(n, 3, kind)
    for n_bins in (1, 2, 3, 7, 10, 101):
        percents = np.linspace(0, 1, n_bins + 1) * 100
        np.testing.assert_array_equal(percentiles(p, percents), np.percentile(p, percents))


@pytest.mark.skipif(not hasattr(np, "trapezoid"), reason="quantiles with weights came with NumPy 2")
@pytest.mark.parametrize("n_bins", [1, 2, 7, 64])
def test_weighted_quantile_edges_are_numpys(n_bins):
    rng = np.random.default_rng(3)
    for p in (rng.random(500), rng.integers(0, 9, 500) / 8, np.array([0.25])):
        shares = np.linspace(0, 1, n_bins + 1)
        for weights in (rng.random(len(p)), rng.integers(1, 4, len(p)) / 1.0):
            expected = np.quantile(p, shares, weights=weights, method="inverted_cdf")
            np.testing.assert_array_equal(quantile_bins(p, weights, n_bins).edges, expected)


def test_weighted_quantile_bins_hold_equal_weight():
    rng = np.random.default_rng(0)
    p, w = rng.random(4000), rng.integers(0, 5, 4000)
    curve = calibration_curve(rng.random(4000) < p, p, n_bins=8, strategy="quantile", sample_weight=w)
    assert np.abs(curve.counts - w.sum() / 8).max() <= w.max()


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_intervals_are_wilsons(level):
    y, p = make(500, 3)
    curve = calibration_curve(y, p, confidence_level=level)
    for share, low, high, n in zip(curve.prob_true, curve.low, curve.high, curve.counts, strict=True):
        expected = binomtest(round(share * n), int(n)).proportion_ci(level, method="wilson")
        np.testing.assert_allclose([low, high], [expected.low, expected.high], rtol=1e-12, atol=1e-15)


def test_weighted_intervals_are_wilsons_for_the_effective_number_of_rows():
    y, p = make(300, 4)
    plain, weighted = calibration_curve(y, p), calibration_curve(y, p, sample_weight=np.full(300, 0.3))
    np.testing.assert_allclose(weighted.low, plain.low, rtol=1e-12)
    w = np.where(np.arange(300) % 2, 1.0, 9.0)
    curve = calibration_curve(y, p, sample_weight=w)
    expected = reference.curve(reference.rows_of(y, p, w), np.linspace(0, 1, 11))
    n = np.array([float(rows) for _, _, _, rows, _, _ in expected])
    assert (n <= plain.counts).all()
    assert n[0] < plain.counts[0]
    for bound in (curve.low, curve.high):
        inside = (bound > 0) & (bound < 1)
        left, right = (curve.prob_true - bound) ** 2, norm.ppf(0.975) ** 2 * bound * (1 - bound) / n
        np.testing.assert_allclose(left[inside], right[inside], rtol=1e-12)


def test_intervals_without_and_with_only_positives():
    curve = calibration_curve([0, 0, 1, 1], [0.1, 0.1, 0.9, 0.9])
    assert curve.low[0] == 0 < curve.high[0] < 1
    assert 0 < curve.low[1] < curve.high[1] == 1


@given(some_rows, st.integers(1, 8))
def test_errors_and_decomposition_by_definition(rows, n_bins):
    y, p, w = columns(rows)
    rows, edges = reference.rows_of(y, p, w), np.linspace(0, 1, n_bins + 1)
    given = {"n_bins": n_bins, "sample_weight": w}
    actual = expected_calibration_error(y, p, **given)
    np.testing.assert_allclose(actual, float(reference.calibration_error(rows, edges)), **CLOSE)
    parts = brier_decomposition(y, p, **given)
    expected = [float(part) for part in reference.decomposition(rows, edges)]
    np.testing.assert_allclose(parts, expected, **CLOSE)
    total = parts.reliability - parts.resolution + parts.uncertainty
    assert abs(total + parts.within_variance - parts.within_covariance - parts.score) < 1e-15
    assert brier_score(y, p, sample_weight=w) == parts.score


@pytest.mark.parametrize("weighted", [False, True])
def test_debiased_error_by_definition(weighted):
    y, p = make(200, 5)
    w = np.random.default_rng(5).integers(1, 4, 200) if weighted else None
    rows = reference.rows_of(y, p, w)
    for n_bins in (1, 5, 40, 200):  # of which some hold a single row
        expected = float(reference.debiased_error(rows, np.linspace(0, 1, n_bins + 1)))
        actual = expected_calibration_error(y, p, n_bins=n_bins, debiased=True, sample_weight=w)
        np.testing.assert_allclose(actual, expected, **CLOSE)


@pytest.mark.parametrize("weights", [None, [1, 2, 4, 1], [0.1, 0.2, 0.7, 5.0]])
@pytest.mark.parametrize("truth", [0.1, 0.5, 0.8])
def test_debiased_error_is_unbiased(weights, truth):
    """Over all outcomes of rows whose probability is 0.3, its mean is the squared distance to the truth."""
    terms, plain = [], []
    for y in itertools.product([0, 1], repeat=4):
        chance = np.prod([truth if one else 1 - truth for one in y])
        given = {"pos_label": 1, "n_bins": 1, "sample_weight": weights}
        terms.append(chance * expected_calibration_error(y, [0.3] * 4, debiased=True, **given))
        plain.append(chance * expected_calibration_error(y, [0.3] * 4, **given) ** 2)
    assert abs(sum(terms) - (truth - 0.3) ** 2) < 1e-15
    assert sum(plain) > sum(terms) + 1e-3


def test_a_single_row_counts_nothing_in_the_debiased_error():
    assert expected_calibration_error([1], [0.3], debiased=True) == 0
    for weight in np.random.default_rng(0).random(50):  # whose square is rounded up or down
        assert expected_calibration_error([1], [0.3], debiased=True, sample_weight=[weight]) == 0
    assert expected_calibration_error([1], [0.25]) == 0.75


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weighted", [False, True])
def test_scores_beside_scikit_learn(kind, weighted):
    y, p = make(1000, 6, kind)
    w = np.random.default_rng(6).random(1000) if weighted else None
    rtol = 1e-5 if kind == "float32" else 1e-12
    expected = sklearn_metrics.brier_score_loss(y, p, sample_weight=w)
    np.testing.assert_allclose(brier_score(y, p, sample_weight=w), expected, rtol=rtol, atol=1e-16)
    expected = sklearn_metrics.log_loss(y, p, sample_weight=w)
    np.testing.assert_allclose(log_loss(y, p, sample_weight=w), expected, rtol=rtol)
    eps = float(np.finfo(p.dtype).eps)
    expected = float(reference.log_loss(y, p, eps, w))
    np.testing.assert_allclose(log_loss(y, p, sample_weight=w), expected, rtol=1e-14)


@pytest.mark.parametrize("n_classes", [2, 3, 5])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("weighted", [False, True])
def test_scores_of_classes_beside_scikit_learn(n_classes, dtype, weighted):
    rng = np.random.default_rng(7)
    p = rng.dirichlet(np.ones(n_classes), 500).astype(dtype)
    p[0], p[1] = np.eye(n_classes, dtype=dtype)[:2]  # certain, and wrong
    y = np.array(["ham", "spam", "eggs", "bacon", "toast"])[rng.integers(0, n_classes, 500)]
    w = rng.random(500) if weighted else None
    rtol = 1e-5 if dtype == np.float32 else 1e-12
    for ours, theirs in SCORES_OF_CLASSES:
        np.testing.assert_allclose(ours(y, p, sample_weight=w), theirs(y, p, sample_weight=w), rtol=rtol)
    squares = ((p - (y[:, None] == np.unique(y))) ** 2).sum(axis=1)
    expected = np.average(squares, weights=w) / (2 if n_classes == 2 else 1)
    np.testing.assert_allclose(brier_score(y, p, sample_weight=w), expected, rtol=rtol)


def test_labels_that_y_true_lacks():
    y, p = [2, 0], [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]
    for ours, theirs in SCORES_OF_CLASSES:
        assert abs(ours(y, p, labels=[0, 1, 2]) - theirs(y, p, labels=[0, 1, 2])) < 1e-15
    for ours in (log_loss, brier_score):
        with pytest.raises(ValueError, match=r"3 columns and the 2 labels \[0, 2\]"):
            ours(y, p)
        with pytest.raises(ValueError, match=r"labels must hold every label of y_true.*without \[2\]"):
            ours(y, p, labels=[0, 1, 3])


@pytest.mark.parametrize("labels", [[2, 1, 0], [0, 2, 1], [0, 1, 1, 2], ["b", "a", "c"]])
def test_labels_are_sorted(labels):
    y = ["a", "b"] if "a" in labels else [2, 0]
    with pytest.raises(ValueError, match=r"labels must be sorted.*Got \[.*the columns in that order"):
        fit_temperature(y, [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]], labels=labels)


@pytest.mark.parametrize("labels", [[2, 1, 0], [0, 2, 1], ["b", "a", "c"]])
def test_labels_in_any_order__C7b(labels):
    """Columns are in sorted order; scikit-learn warns as well."""
    y, p = ["a", "b"] if "a" in labels else [2, 0], [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]
    for ours, theirs in SCORES_OF_CLASSES:
        with pytest.warns(UserWarning, match="sorted order of the labels"):
            actual = ours(y, p, labels=labels)
        with nullcontext() if IS_OLDER else pytest.warns(UserWarning, match="ordered lexicographically"):
            assert actual == pytest.approx(theirs(y, p, labels=labels), rel=1e-14)


def test_two_labels_beside_one_column__C7b():
    """As scikit-learn's log_loss: the greater is positive, also where only one of them occurs."""
    p = [0.2, 0.7, 0.9]
    for y, labels in (([1, 1, 0], [0, 1]), (["b", "b", "b"], ["a", "b"]), (["a", "a", "a"], ["a", "b"])):
        assert log_loss(y, p, labels=labels) == pytest.approx(
            sklearn_metrics.log_loss(y, p, labels=labels), rel=1e-14
        )
        for score in (log_loss, brier_score):
            expected = score(y, p, pos_label=labels[1])
            assert score(y, p, labels=labels) == score(y, p, labels=labels[::-1]) == expected
    assert brier_score(["a", "b"], [0.9, 0.2], labels=["a", "b"], pos_label="a") == pytest.approx(0.025)


def test_sums_of_log_losses__C7b():
    y, p, weights = [0, 1, 1], [0.2, 0.7, 0.9], [2.0, 0.5, 1.0]
    expected = sklearn_metrics.log_loss(y, p, normalize=False, sample_weight=weights)
    assert log_loss(y, p, normalize=False, sample_weight=weights) == pytest.approx(expected, rel=1e-14)
    assert log_loss(y, p, normalize=False) == pytest.approx(3 * log_loss(y, p), rel=1e-14)
    with pytest.raises(TypeError, match="normalize must be True or False"):
        log_loss(y, p, normalize="all")


@pytest.mark.parametrize("score", [log_loss, brier_score])
def test_probabilities_by_the_name_of_scikit_learn__C7b(score):
    y, p = [0, 1, 1], [0.2, 0.7, 0.9]
    assert score(y, y_proba=p) == score(y, p) == score(y, y_prob=p)
    for names in ({}, {"y_prob": p, "y_proba": p}):
        with pytest.raises(TypeError, match=r"y_prob must be given, by this name or as y_proba. Got (n|b)"):
            score(y, **names)


@pytest.mark.parametrize(
    "score", [log_loss, brier_score, expected_calibration_error, calibration_curve, brier_decomposition]
)
def test_a_positive_label_that_does_not_occur(score):
    p = [0.1, 0.9, 0.8]
    for y, wrong, shown in (("aba", "B", "'a', 'b'"), ([0, 1, 0], 2, "0, 1"), ("abc", "d", "'a', 'b', 'c'")):
        message = rf"pos_label={wrong!r} is not a valid label. It should be one of \[{shown}\]"
        with pytest.raises(ValueError, match=message):
            score(list(y), p, pos_label=wrong)
    score(["a"] * 3, p, pos_label="b")  # rows of one class may all be negative
    score(["a", "b", "a"], p, pos_label="b", sample_weight=[1, 0, 1])


def test_rows_that_do_not_add_up_warn():
    with pytest.warns(UserWarning, match=r"should add up to 1. Got 0.75 in row 1") as caught:
        log_loss([0, 1], [[0.5, 0.5], [0.25, 0.5]])
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("labels", "pos_label"),
    [([0, 1], None), ([-1, 1], None), ([False, True], None), (["a", "b"], "b"), ([7, 3], 3), ([1.0, 0.0], 0)],
)
def test_labels_of_any_kind(labels, pos_label):
    y, p = make(200, 8)
    expected = calibration_curve(y, p)
    named = np.array(labels)[y]
    assert same(calibration_curve(named, p, pos_label=pos_label), expected)
    assert same(calibration_curve(named.tolist(), list(p), pos_label=pos_label), expected)
    assert log_loss(named, p, pos_label=pos_label) == log_loss(y, p)


def test_one_class_is_no_error():
    assert calibration_curve([0, 0], [0.1, 0.2]).prob_true.tolist() == [0, 0]
    assert expected_calibration_error([1, 1], [0.5, 0.5]) == 0.5
    assert brier_decomposition([1, 1], [0.5, 0.5]).uncertainty == 0
    assert log_loss([1, 1], [1.0, 1.0]) < 1e-15


def test_inputs_of_many_containers_are_alike_and_left_alone():
    y, p = make(300, 9)
    expected = calibration_curve(y, p)
    p.flags.writeable = y.flags.writeable = False
    for values in (p.tolist(), np.asfortranarray(np.c_[p]), np.repeat(p, 2)[::2], p.astype(">f8")):
        assert same(calibration_curve(y, values), expected)
    order = np.random.default_rng(0).permutation(300)
    assert same(calibration_curve(y[order], p[order]), expected)
    assert brier_score(y[order], p[order]) == brier_score(y, p)


BAD = [
    (([0, 1], [0.5, 1.5]), {}, r"y_prob must hold probabilities in \[0, 1\]. Got 1.5 in row 1"),
    (([0, 1], [0.5, -1e-300]), {}, r"Got -1e-300 in row 1"),
    (([0, 1], [np.nan, 0.5]), {}, r"Got nan in row 0"),
    (([0, 1], [0.5, np.inf]), {}, r"Got inf in row 1"),
    (([0, 1], ["a", "b"]), {}, "y_prob must hold numbers"),
    (([0, 1], [0.5, 1j]), {}, "y_prob must hold numbers"),
    (([0, 1], [0.5]), {}, "inconsistent numbers of samples: {'y_true': 2, 'y_prob': 1}"),
    (([], []), {}, "minimum of 1 sample"),
    (([0, 1, 2], [0.1, 0.2, 0.3]), {}, "multiclass format is not supported"),
    ((["a", "b"], [0.1, 0.2]), {}, "pos_label is not specified"),
    (([0, 1], [0.1, 0.2]), {"sample_weight": [1]}, "inconsistent numbers of samples"),
    (([0, 1], [0.1, 0.2]), {"sample_weight": [1, -1]}, "sample_weight must not be negative"),
    (([0, 1], [0.1, 0.2]), {"sample_weight": [1, np.nan]}, "sample_weight contains NaN"),
    (([0, 1], [0.1, 0.2]), {"sample_weight": [0, 0]}, "at least one non-zero"),
]


@pytest.mark.parametrize(("args", "given", "message"), BAD)
@pytest.mark.parametrize(
    "function", [calibration_curve, expected_calibration_error, brier_decomposition, brier_score, log_loss]
)
def test_errors(function, args, given, message):
    with pytest.raises(ValueError, match=message):
        function(*args, **given)


def test_errors_of_single_parameters():
    y, p = [0, 1], [0.1, 0.8]
    for wrong in (0.0, 1.0, np.nan):
        with pytest.raises(ValueError, match="confidence_level must be"):
            calibration_curve(y, p, confidence_level=wrong)
    with pytest.raises(ValueError, match='strategy must be "uniform" or "quantile"'):
        calibration_curve(y, p, strategy="kmeans")
    with pytest.raises(ValueError, match=r"n_bins must be an integer >= 1. Got 0"):
        expected_calibration_error(y, p, n_bins=0)
    with pytest.raises(TypeError, match="n_bins"):
        StreamingCalibration(n_bins=2.0)
    with pytest.raises(TypeError, match="debiased must be True or False"):
        expected_calibration_error(y, p, debiased="yes")
    with pytest.raises(ValueError, match=r"y_prob must have shape \(n_samples,\)"):
        calibration_curve(y, [[0.9, 0.1], [0.2, 0.8]])
    with pytest.raises(ValueError, match=r"labels must hold the two labels .* Got \[0, 1, 2\]"):
        log_loss(y, p, labels=[0, 1, 2])
    with pytest.raises(ValueError, match=r"Got \[0, 2\] without \[1\]"):
        log_loss(y, p, labels=[0, 2])
    with pytest.raises(ValueError, match="pos_label belongs to one column"):
        log_loss(y, [[0.9, 0.1], [0.2, 0.8]], pos_label=1)


READINGS = {
    "error": lambda stream: stream.expected_calibration_error(),
    "debiased": lambda stream: stream.expected_calibration_error(debiased=True),
    "brier": lambda stream: stream.brier_score(),
    "parts": lambda stream: stream.brier_decomposition(),
    "log loss": lambda stream: stream.log_loss(),
}


def readings(stream):
    """All that a stream tells, to compare bits (NaN is equal to itself)."""
    return tuple(a.tobytes() for a in stream.compute()), [repr(read(stream)) for read in READINGS.values()]


def chunks(n, cuts):
    ends = sorted({0, n, *(cut % (n + 1) for cut in cuts)})
    return [slice(a, b) for a, b in itertools.pairwise(ends)]


@given(some_rows, st.lists(st.integers(0, 30), max_size=4), st.booleans(), st.integers(1, 5))
def test_streams_have_the_bits_of_memory_however_cut_and_merged(rows, cuts, weighted, n_bins):
    y, p, w = columns(rows)
    given = [y, p, w] if weighted else [y, p]
    parts = [
        StreamingCalibration(n_bins=n_bins).update(*(column[part] for column in given))
        for part in chunks(len(y), cuts)
    ]
    whole = StreamingCalibration(n_bins=n_bins).update(*given)
    left, right = StreamingCalibration(n_bins=n_bins), StreamingCalibration(n_bins=n_bins)
    for part in parts:
        before = readings(part)
        left.merge(part)
        assert readings(part) == before
    for part in reversed(parts):
        right = copy.deepcopy(part).merge(right)
    assert readings(left) == readings(right) == readings(whole)
    weights = w if weighted else None
    assert same(whole.compute(), calibration_curve(y, p, n_bins=n_bins, sample_weight=weights))
    memory = {"n_bins": n_bins, "sample_weight": weights}
    assert whole.expected_calibration_error() == expected_calibration_error(y, p, **memory)
    assert whole.expected_calibration_error(True) == expected_calibration_error(y, p, debiased=True, **memory)
    assert whole.brier_decomposition() == brier_decomposition(y, p, **memory)
    assert whole.brier_score() == brier_score(y, p, sample_weight=weights)
    assert whole.log_loss() == log_loss(y, p, sample_weight=weights)


def test_an_empty_stream_is_neutral():
    stream = StreamingCalibration().update([], [])
    curve = stream.compute()
    assert [len(a) for a in parts(curve)] == [0] * 6
    assert curve.counts.dtype == np.int64
    assert all(np.isnan(read(stream)).all() for read in READINGS.values())
    y, p = make(50, 10)
    full = StreamingCalibration().update(y, p)
    before = readings(full)
    assert readings(full.merge(stream)) == before == readings(stream.merge(full))
    weightless = StreamingCalibration().update(y, p, np.zeros(50))
    assert [len(a) for a in parts(weightless.compute())] == [0] * 6


def test_streams_merge_with_themselves_and_add_rows_and_weights():
    y, p = make(50, 11)
    twice = StreamingCalibration().update(y, p)
    twice.merge(twice)
    weighted = StreamingCalibration().update(y, p, np.full(50, 2.0))
    np.testing.assert_array_equal(twice.compute().counts, weighted.compute().counts)
    assert twice.brier_score() == weighted.brier_score()
    mixed = StreamingCalibration().update(y, p).update(y, p, np.ones(50))
    assert mixed.compute().counts.dtype == np.float64
    np.testing.assert_array_equal(mixed.compute().low, twice.compute().low)


def test_streams_pickle_and_refuse_what_differs():
    y, p = make(50, 12)
    stream = StreamingCalibration(n_bins=4).update(y, p)
    assert readings(pickle.loads(pickle.dumps(stream))) == readings(stream)
    before = readings(stream)
    with pytest.raises(TypeError, match=r"other must be a StreamingCalibration. Got str"):
        stream.merge("a")
    for other in (StreamingCalibration(n_bins=5), StreamingCalibration(n_bins=4, pos_label=1)):
        with pytest.raises(ValueError, match=r"n_bins and the pos_label of this stream, \(4, None\)"):
            stream.merge(other)
    for wrong in ([0.5, 2.0], [0.5]):
        with pytest.raises(ValueError, match="y_prob"):
            stream.update([0, 1], wrong)
    with pytest.raises(ValueError, match="pos_label must be a number"):
        StreamingCalibration(pos_label=[1])
    assert readings(stream) == before


def test_a_stream_knows_its_positive_label():
    stream = StreamingCalibration(pos_label="b").update(["a", "a"], [0.1, 0.2]).update(["b"], [0.3])
    assert stream.compute().prob_true.tolist() == [0, 0, 1]


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_bits_do_not_depend_on_threads(strategy, monkeypatch):
    y, p = make(300_000, 13)
    w = np.random.default_rng(13).random(len(y))
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("FASTSMOTE_NUM_THREADS", threads)
        curve = calibration_curve(y, p, strategy=strategy, sample_weight=w)
        results.append((*(a.tobytes() for a in curve), brier_score(y, p), log_loss(y, p, sample_weight=w)))
    assert results[0] == results[1] == results[2]
    edges = np.linspace(0, 1, 11)
    bins = np.searchsorted(edges[1:-1], p)
    if strategy == "uniform":
        np.testing.assert_allclose(curve.counts, np.bincount(bins, w), rtol=1e-12)


def test_moving_the_share_of_positives_costs_calibration():
    """Probabilities that are right, and those of a model that saw as many positives as negatives."""
    rng = np.random.default_rng(14)
    p = rng.beta(1, 9, 50_000)
    y = rng.random(len(p)) < p
    odds = p / (1 - p) * (1 - p.mean()) / p.mean()
    balanced = odds / (1 + odds)
    assert expected_calibration_error(y, p) < 0.01
    assert expected_calibration_error(y, balanced) > 0.2
    right, wrong = brier_decomposition(y, p), brier_decomposition(y, balanced)
    assert right.reliability < 1e-3
    assert wrong.reliability > 0.05
    assert right.uncertainty == wrong.uncertainty
