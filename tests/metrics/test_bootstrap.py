"""Bootstrap: exact distributions of few rows, resampled rows, coverage, laws of reproducibility."""

import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.metrics import bootstrap as reference
from scipy import stats

from fastsmote import metrics
from fastsmote._kernels.metrics import bootstrap as kernels
from fastsmote._metrics import resamples
from fastsmote._metrics.measures import measures_of
from fastsmote.bootstrap import BootstrapResult, bootstrap_difference, bootstrap_interval

MEASURES = measures_of("bootstrap_interval")

POINTS = {
    "average_precision": None,
    "roc_auc": None,
    "precision": 0.25,
    "recall": 0.25,
    "fpr": 0.25,
    "precision_at_recall": 0.6,
    "recall_at_fpr": 0.3,
}
LEAST_P = 1e-3  # of a test at a fixed seed


def tied_data(n, rng, rate=0.3):
    """Labels, and the scores of two models, in steps so that classes tie."""
    y = rng.random(n) < rate
    y[:2] = False, True
    noise = rng.normal(size=(2, n))
    return y, np.round(y + noise[0], 1) / 4, np.round(y + 0.7 * noise[0] + 0.7 * noise[1], 1) / 4


# -- draws --------------------------------------------------------------------------------------------------


def draw_binomials(n, part, whole, size):
    seed, stream = np.uint64(5), np.uint64(7)
    return np.array([kernels.binomial(seed, stream, np.uint64(i), n, part, whole) for i in range(size)])


def chi_square(observed, expected):
    """p-value; outcomes of which fewer than 5 are expected count as one."""
    rare = expected < 5
    observed = np.append(observed[~rare], observed[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    kept = expected > 0
    assert not observed[~kept].any()
    return stats.chisquare(observed[kept], expected[kept] * (observed.sum() / expected.sum())).pvalue


@pytest.mark.parametrize(
    ("n", "part", "whole"),
    [
        (1, 1, 3), (7, 1, 2), (40, 1, 40), (1000, 9, 1000), (1000, 995, 1000),  # by inversion
        (20, 1, 2), (25, 2, 5), (100, 70, 100), (200, 11, 200), (5000, 1, 3), (10**6, 30, 10**6),  # by BTRS
    ],
)  # fmt: skip
def test_binomial_has_its_probabilities(n, part, whole):
    size = 20_000
    drawn = draw_binomials(n, part, whole, size)
    assert drawn.min() >= 0
    assert drawn.max() <= n
    top = int(max(drawn.max(), stats.binom.isf(1e-9, n, part / whole))) + 1
    expected = size * stats.binom.pmf(np.arange(top), n, part / whole)
    expected = np.append(expected, max(0.0, size - expected.sum()))
    assert chi_square(np.bincount(drawn, minlength=top + 1), expected) > LEAST_P


@pytest.mark.parametrize(("n", "p"), [(20, 0.5), (25, 0.4), (110, 0.1), (1000, 0.31), (10**6, 1e-4)])
def test_ratio_of_binomial_probabilities(n, p):
    """Of the accepted outcomes, against gamma functions; the factorials below 10 come from a table."""
    mode = int((n + 1) * p)
    shown = np.arange(max(0, mode - 40), min(n, mode + 40) + 1)
    actual = [kernels.log_ratio(float(n), p / (1 - p), float(mode), float(k)) for k in shown]
    log_pmf = stats.binom.logpmf
    np.testing.assert_allclose(actual, log_pmf(shown, n, p) - log_pmf(mode, n, p), rtol=1e-7, atol=2e-9)


def test_large_binomials_follow_their_distribution():
    n = 10**12
    drawn = draw_binomials(n, 3, 10, 5000)  # the steps of 1 are far below the spread of 458,257
    normal = stats.norm(0.3 * n, np.sqrt(0.21 * n))
    assert stats.kstest(drawn, normal.cdf).pvalue > LEAST_P


def test_sure_and_impossible_binomials():
    assert set(draw_binomials(50, 4, 4, 20)) == {50}
    assert set(draw_binomials(50, 0, 4, 20)) == {0}
    assert set(draw_binomials(0, 2, 4, 20)) == {0}


@pytest.mark.parametrize("crowds", [[], [20, 3000]])
@pytest.mark.parametrize("n_pool", [1, 3, 2048, 2049, 5000])
def test_rows_are_drawn_alike(n_pool, crowds):
    sizes = np.array(crowds, np.int64)
    cells = n_pool + np.arange(len(sizes), dtype=np.int32)[:, None]
    urn = (sizes, cells, np.arange(n_pool, dtype=np.int32)[:, None])
    shares = np.append(np.ones(n_pool), sizes)
    n_rows, n_draws, n_streams = int(shares.sum()), 6000, 60
    counts = np.zeros((n_streams, len(shares)), np.int32)
    for stream, row in enumerate(counts):
        kernels.draw_class(np.uint64(1), np.uint64(stream), np.uint64(0), n_draws, n_rows, urn, row)
    assert set(counts.sum(axis=1)) == {n_draws}
    expected = n_draws * shares / n_rows
    if n_rows > 1:  # totals over streams, and the spread within streams, are those of a multinomial draw
        assert chi_square(counts.sum(axis=0), n_streams * expected) > LEAST_P
        statistic = ((counts - expected) ** 2 / expected).sum()
        freedom = n_streams * (len(shares) - 1)
        assert LEAST_P < stats.norm.cdf((statistic - freedom) / np.sqrt(2 * freedom)) < 1 - LEAST_P


def test_parts_of_the_pool_and_replicates_are_independent():
    n_rows, n_draws, n_streams, part = 6144, 6000, 300, 2048
    urn = (np.empty(0, np.int64), np.empty((0, 1), np.int32), np.arange(n_rows, dtype=np.int32)[:, None])
    counts = np.zeros((n_streams, n_rows), np.int32)
    for stream, row in enumerate(counts):
        kernels.draw_class(np.uint64(1), np.uint64(stream), np.uint64(0), n_draws, n_rows, urn, row)
    parts = counts.reshape(n_streams, 3, part)
    totals = parts.sum(axis=2)
    for i, other in [(0, 1), (0, 2), (1, 2)]:
        assert abs(np.corrcoef(parts[:, i].ravel(), parts[:, other].ravel())[0, 1]) < 5 / np.sqrt(300 * part)
        assert np.corrcoef(totals[:, i], totals[:, other])[0, 1] == pytest.approx(-1 / 2, abs=0.2)
    assert abs(np.corrcoef(counts[:-1].ravel(), counts[1:].ravel())[0, 1]) < 5 / np.sqrt(counts.size)


# -- distributions ------------------------------------------------------------------------------------------

TINY = np.array([1, 0, 0, 1, 0, 1, 0]) == 1
TINY_SCORES = np.array([[4, 3, 3, 3, 1, 1, 0], [1, 4, 2, 4, 0, 3, 2]]) / 8  # classes tie in both
CROWDS = {"cells": 0, "mixed": 1, "rows": 10**9}


@functools.cache
def exact(metric, n_models, stratified=False):
    return reference.distribution(metric, TINY, TINY_SCORES[:n_models], POINTS[metric], stratified)


def assert_distribution(replicates, expected):
    values = np.round(replicates, 9) + 0.0
    found, observed = np.unique(values, return_counts=True)
    assert set(found.tolist()) <= set(expected)
    counts = dict(zip(found.tolist(), observed.tolist(), strict=True))
    keys = sorted(expected)
    wanted = np.array([float(expected[key]) for key in keys]) * len(replicates)
    assert chi_square(np.array([counts.get(key, 0) for key in keys]), wanted) > LEAST_P


@pytest.mark.slow
@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("metric", POINTS)
def test_exact_distribution_of_few_rows(metric, stratified, crowd, monkeypatch):
    monkeypatch.setattr(resamples, "CROWD", CROWDS[crowd])
    options = {"metric": metric, "at": POINTS[metric], "stratified": stratified}
    result = bootstrap_interval(TINY, TINY_SCORES[0], n_resamples=20_000, random_state=0, **options)
    assert_distribution(result.replicates, exact(metric, 1, stratified))


@pytest.mark.slow
@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("metric", POINTS)
def test_exact_distribution_of_differences(metric, crowd, monkeypatch):
    monkeypatch.setattr(resamples, "CROWD", CROWDS[crowd])
    options = {"metric": metric, "at": POINTS[metric]}
    result = bootstrap_difference(TINY, *TINY_SCORES, n_resamples=20_000, random_state=1, **options)
    assert_distribution(result.replicates, exact(metric, 2))


@pytest.mark.slow
@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("metric", POINTS)
def test_replicates_are_distributed_as_resampled_rows(metric, paired):
    rng = np.random.default_rng(20)
    y, *columns = tied_data(150, rng)
    if not paired:
        columns = columns[:1]
    at = POINTS[metric]
    expected = reference.replicates(metric, y, columns, at, 1500, rng)
    bootstrap = bootstrap_difference if paired else bootstrap_interval
    actual = bootstrap(y, *columns, metric=metric, at=at, n_resamples=4000, random_state=3).replicates
    assert stats.ks_2samp(actual, expected).pvalue > LEAST_P


def test_points_of_a_curve_share_their_resamples():
    rng = np.random.default_rng(21)
    y, scores, _ = tied_data(120, rng)
    at = [0.0, 0.25]
    actual = bootstrap_interval(y, scores, metric="recall", at=at, n_resamples=4000, random_state=0)
    assert (actual.replicates[:, 0] >= actual.replicates[:, 1]).all()
    rows = rng.integers(0, len(y), (4000, len(y)))
    drawn = [y[rows] & (scores[rows] >= point) for point in at]
    expected = np.column_stack([one.sum(axis=1) / y[rows].sum(axis=1) for one in drawn])
    difference = np.corrcoef(actual.replicates.T)[0, 1] - np.corrcoef(expected.T)[0, 1]
    assert abs(difference) < 0.06  # four standard errors of a correlation of 4,000


# -- functions of a Sweep, many models ---------------------------------------------------------------------


@pytest.mark.parametrize("metric", ["precision", "recall", "fpr", "f1", "mcc", "balanced_accuracy"])
def test_a_function_with_thresholds_is_the_metric_of_that_name(metric):
    y, scores, other = tied_data(300, np.random.default_rng(1))
    name = {"mcc": "matthews_corrcoef"}.get(metric, metric)
    at = [0.5, -9.0, 0.25, 9.0]
    options = {"at": at, "n_resamples": 60, "random_state": 4}

    def function(sweep):
        assert sweep.thresholds.tolist() == sorted(at, reverse=True)
        assert set((sweep.tns + sweep.fps + sweep.fns + sweep.tps).tolist()) == {300}
        return sweep.f_beta(1) if name == "f1" else getattr(sweep, name)

    for bootstrap, models in ((bootstrap_interval, [scores]), (bootstrap_difference, [scores, other])):
        actual = bootstrap(y, *models, metric=function, **options)
        expected = bootstrap(y, *models, metric=metric, **options)
        np.testing.assert_array_equal(actual.replicates, expected.replicates)
        np.testing.assert_array_equal(actual.estimate, expected.estimate)


def test_f1_at_a_threshold_by_definition():
    peer = pytest.importorskip("sklearn.metrics")
    y, scores, _ = tied_data(300, np.random.default_rng(1))
    result = bootstrap_interval(y, scores, metric="f1", at=0.25, n_resamples=2, random_state=0)
    assert result.estimate == pytest.approx(peer.f1_score(y, scores >= 0.25), rel=1e-14)


@pytest.mark.parametrize("spread", [4, 1e-15, 1e300])  # neighbouring scores may be neighbouring floats
@pytest.mark.parametrize("area", ["average_precision", "roc_auc"])
def test_a_function_without_thresholds_sees_the_curve(area, spread):
    y, scores, _ = tied_data(300, np.random.default_rng(1))
    scores = 1 + scores * spread if spread < 1 else scores * spread

    def function(sweep):
        assert (np.diff(sweep.thresholds) < 0).all()
        return getattr(sweep, area)

    options = {"n_resamples": 60, "random_state": 4}
    actual = bootstrap_interval(y, scores, metric=function, **options)
    expected = bootstrap_interval(y, scores, metric=area, **options)
    np.testing.assert_allclose(actual.replicates, expected.replicates, rtol=1e-13)
    assert actual.estimate == pytest.approx(expected.estimate, rel=1e-13)


def test_a_function_without_thresholds_sees_nobody_called_and_may_not_write():
    def function(sweep):
        assert (sweep.thresholds[0], sweep.tps[0], sweep.fps[0]) == (np.inf, 0, 0)
        assert (sweep.thresholds[-1], sweep.fns[-1], sweep.tns[-1]) == (-np.inf, 0, 0)
        return (sweep.tps - 5 * sweep.fps).max()

    y, scores = [0, 1] * 10, [2, 1] * 10
    assert bootstrap_interval(y, scores, metric=function, n_resamples=5).estimate == 0
    largest = [0, np.finfo(float).max, 1, 2]
    assert bootstrap_interval([0, 1, 0, 1], largest, metric=function, n_resamples=5).estimate == 2

    def write(sweep):
        sweep.thresholds[0] -= 1

    with pytest.raises(ValueError, match="read-only"):
        bootstrap_interval(y, scores, metric=write, n_resamples=5)


def test_scores_that_float64_does_not_tell_apart_share_an_entry():
    def function(sweep):
        assert (np.diff(sweep.thresholds) < 0).all()
        assert sweep.tps[sweep.thresholds == 2.0**60].tolist() == [2]
        return 0.0

    scores = np.array([0, 2**60, 1, 2**60 + 1])
    draws = resamples.prepare_draws([0, 1, 0, 1], {"y_score": scores}, function, np.array(np.nan), None, None)
    assert resamples.estimate(draws).item() == 0.0


def test_best_f1_of_resamples():
    """The highest F1 of a resample is at a positive score: as of rows repeated and swept."""
    y, scores, _ = tied_data(40, np.random.default_rng(1))
    best = bootstrap_interval(
        y, scores, metric=lambda sweep: sweep.f_beta(1).max(), n_resamples=4000, random_state=4
    )
    rng = np.random.default_rng(2)
    expected = []
    for rows in rng.integers(0, 40, (1500, 40)):
        if y[rows].any():
            expected.append(metrics.confusion_sweep(y[rows], scores[rows]).f_beta(1).max())
    assert best.estimate == metrics.confusion_sweep(y, scores).f_beta(1).max()
    assert stats.ks_2samp(best.replicates, expected).pvalue > LEAST_P


@pytest.mark.parametrize("metric", [*POINTS, "mcc", "matthews_corrcoef"])
def test_two_columns_are_two_models_on_the_same_resamples(metric):
    y, scores, other = tied_data(400, np.random.default_rng(1))
    options = {"metric": metric, "at": POINTS.get(metric, 0.25), "n_resamples": 30, "random_state": 4}
    both = bootstrap_interval(y, np.column_stack([scores, other]), **options)
    one = bootstrap_interval(y, scores, **options)
    difference = bootstrap_difference(y, scores, other, **options)
    assert both.estimate[0] == one.estimate
    assert both.low.shape == both.standard_error.shape == (2,)
    np.testing.assert_array_equal(both.replicates[:, 0] - both.replicates[:, 1], difference.replicates)


def test_more_models_than_joint_places_can_be_numbered():
    rng = np.random.default_rng(3)
    y = rng.random(4000) < 0.3
    columns = rng.normal(size=(4000, 9)) + y[:, None]
    columns[:, 8] = columns[:, 0]
    options = {"metric": "roc_auc", "n_resamples": 400, "random_state": 0}
    result = bootstrap_interval(y, columns, at=None, **options)
    np.testing.assert_array_equal(result.replicates[:, 8], result.replicates[:, 0])
    for j in range(9):
        alone = bootstrap_interval(y, columns[:, j], **options)
        assert result.estimate[j] == alone.estimate
        assert result.standard_error[j] == pytest.approx(alone.standard_error, rel=0.2)
    spread = np.corrcoef(result.replicates.T)[0, 1:8]
    assert np.abs(spread).max() < 0.25  # models with noise of their own
    points = bootstrap_interval(y, columns[:, :3], metric="recall", at=[0.5, 0.1], n_resamples=5)
    assert points.replicates.shape == (5, 3, 2)
    assert (points.estimate[:, 0] < points.estimate[:, 1]).all()


@pytest.mark.parametrize(
    ("metric", "at", "message"),
    [
        (lambda sweep: sweep.precision, None, "one real number. Got float64 of shape"),
        (lambda sweep: sweep.precision.max(), [0.1, 0.2], r"shape \(2,\)"),
        (lambda sweep: "high", None, "one real number"),
        (lambda sweep: np.nan, None, "Got NaN in 1000 of 1000 resamples"),
    ],
)
def test_functions_that_return_something_else(metric, at, message):
    with pytest.raises(ValueError, match=message):
        bootstrap_interval([0, 1, 0, 1], [0.1, 0.4, 0.35, 0.8], metric=metric, at=at)


# -- coverage -----------------------------------------------------------------------------------------------


def assert_coverage(n_covered, n_sets, level):
    """Within chance of the level; percentile intervals of 300 rows may cover 1 % less."""
    assert stats.binom.ppf(1e-3, n_sets, level - 0.01) <= n_covered <= stats.binom.isf(1e-3, n_sets, level)


@pytest.mark.slow
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_coverage_of_a_known_area(level):
    rng = np.random.default_rng(30)
    n_sets, shift = 400, 1.2
    auc = stats.norm.cdf(shift / np.sqrt(2))  # of two unit normals
    covered = 0
    for seed in range(n_sets):
        y = rng.random(300) < 0.3
        result = bootstrap_interval(
            y, rng.normal(size=300) + shift * y, metric="roc_auc", n_resamples=500, confidence_level=level,
            random_state=seed, n_jobs=1,
        )  # fmt: skip
        covered += result.low <= auc <= result.high
    assert_coverage(covered, n_sets, level)


def test_coverage_of_a_known_difference():
    rng = np.random.default_rng(31)
    n_sets, level = 400, 0.9
    shifts = np.array([1.5, 1.0])
    areas = stats.norm.cdf(shifts / np.sqrt(2))
    covered, narrow, wide = 0, 0.0, 0.0
    for seed in range(n_sets):
        y = rng.random(300) < 0.3
        noise = rng.normal(size=300)
        scores = [noise * 0.8 + 0.6 * rng.normal(size=300) + shift * y for shift in shifts]
        options = {"metric": "roc_auc", "n_resamples": 300, "random_state": seed, "n_jobs": 1}
        result = bootstrap_difference(y, *scores, confidence_level=level, **options)
        covered += result.low <= areas[0] - areas[1] <= result.high
        narrow += result.standard_error
        if seed < 20:
            wide += np.hypot(*(bootstrap_interval(y, one, **options).standard_error for one in scores)) / 20
    assert_coverage(covered, n_sets, level)
    assert narrow / n_sets < 0.75 * wide  # pairing takes out what the two models share


# -- values -------------------------------------------------------------------------------------------------


@given(st.data())
def test_metrics_of_multiplicities_by_definition(data):
    """Cells, and the reading of curves from multiplicities of 0, 1 and more, against repeated rows."""
    n = data.draw(st.integers(2, 12))
    y = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    multiplicity = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    y[:2] = False, True
    multiplicity[:2] = np.maximum(multiplicity[:2], 1)
    scores = np.array(data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))) / 4
    metric = data.draw(st.sampled_from(sorted(POINTS)))
    points = {"precision_at_recall": [0.01, 0.5, 2 / 3, 1.0], "recall_at_fpr": [0.0, 0.25, 1.0]}
    at = None if POINTS[metric] is None else points.get(metric, [-9.0, -0.0, 0.25, 0.3, 9.0])
    points, reader = resamples.check_at(metric, at), resamples.read_metric(metric)
    models = {"y_score": np.repeat(scores, multiplicity)}
    draws = resamples.prepare_draws(np.repeat(y, multiplicity), models, reader, points, None, None)
    expected = [
        reference.value(metric, np.repeat(y, multiplicity), np.repeat(scores, multiplicity), point)
        for point in (at or [None])
    ]
    np.testing.assert_allclose(resamples.estimate(draws)[0], expected, rtol=1e-14)
    # the same from cells of the rows once each, multiplicities added up: some thresholds do not occur
    draws = resamples.prepare_draws(y, {"y_score": scores}, reader, points, None, None)
    if metric in MEASURES:
        place = np.array([sum(point > score for point in at) for score in scores])
    else:
        keys = -np.unique(scores[y])[::-1]
        place = np.array([2 * (keys < -score).sum() + (keys == -score).sum() for score in scores])
    neg, pos = (
        np.bincount(place[rows], multiplicity[rows], draws.bounds[-1]).astype(np.int32) for rows in (~y, y)
    )
    out = np.empty((1, len(draws.at)))
    if metric in MEASURES:
        resamples._read(draws, draws.metric, np.array([neg, pos]), out)
    else:
        sizes = neg.sum(), pos.sum()
        kernels.evaluate(draws.metric, neg, pos, 0, draws.bounds[-1], *sizes, draws.at, out[0])
    np.testing.assert_allclose(out[0], expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int64, np.uint64, np.int8, bool])
@pytest.mark.parametrize("n", [2, 60, 3000])
def test_estimates_as_scikit_learn(dtype, n):
    sklearn_metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(n)
    y, scores, other = tied_data(n, rng)
    scores, other = ((np.abs(one) * 8).astype(dtype) for one in (scores, other))
    options = {"n_resamples": 2, "random_state": 0}
    for metric in ("roc_auc", "average_precision"):
        score = getattr(sklearn_metrics, f"{metric}_score")
        expected = score(y, scores)
        actual = bootstrap_interval(y, scores, metric=metric, **options).estimate
        assert actual == pytest.approx(expected, rel=1e-12)
        actual = bootstrap_difference(y, scores, other, metric=metric, **options).estimate
        assert actual == pytest.approx(expected - score(y, other), abs=1e-12)
    precision, recall, thresholds = sklearn_metrics.precision_recall_curve(y, scores)
    for metric, expected in (("precision", precision), ("recall", recall)):
        actual = bootstrap_interval(y, scores, metric=metric, at=thresholds.astype(float), **options).estimate
        np.testing.assert_allclose(actual, expected[:-1], rtol=1e-12)
    at = [0.1, 0.5, 0.9, 1.0]
    actual = bootstrap_interval(y, scores, metric="precision_at_recall", at=at, **options).estimate
    expected = [precision[:-1][recall[:-1] >= point].max() for point in at]
    np.testing.assert_allclose(actual, expected, rtol=1e-12)
    fpr, tpr, _ = sklearn_metrics.roc_curve(y, scores, drop_intermediate=False)
    actual = bootstrap_interval(y, scores, metric="recall_at_fpr", at=at, **options).estimate
    np.testing.assert_allclose(actual, [tpr[fpr <= point].max() for point in at], rtol=1e-12)


HOSTILE = {
    "zeros of both signs": [-0.0, 0.0, 1.0, -0.0],
    "subnormal": [5e-324, 0.0, 1e-310, 5e-324],
    "extremes": [np.finfo(float).max, np.finfo(float).min, 0.0, np.finfo(float).min],
    "whole range of int64": np.array([2**63 - 1, -(2**63), 0, -(2**63)]),
    "constant": [0.5, 0.5, 0.5, 0.5],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_scores_are_their_ranks(kind):
    scores = np.tile(HOSTILE[kind], 9)
    y = np.arange(36) % 5 == 0
    ranks = np.unique(scores, return_inverse=True)[1]
    for metric in ("roc_auc", "average_precision"):
        expected = bootstrap_interval(y, ranks, metric=metric, n_resamples=50, random_state=0)
        actual = bootstrap_interval(y, scores, metric=metric, n_resamples=50, random_state=0)
        np.testing.assert_array_equal(actual.replicates, expected.replicates)


def test_thresholds_are_compared_exactly():
    scores = np.array([0.1, 0.2], np.float32)
    at = [float(scores[0]), np.nextafter(float(scores[0]), 1)]
    result = bootstrap_interval([1, 0], scores, metric="recall", at=at, n_resamples=5, random_state=0)
    assert result.estimate.tolist() == [1.0, 0.0]


def test_result_is_read_from_the_replicates():
    y, scores, _ = tied_data(200, np.random.default_rng(1))
    result = bootstrap_interval(y, scores, confidence_level=0.8, n_resamples=301, random_state=4)
    assert isinstance(result, BootstrapResult)
    assert result.replicates.shape == (301,)
    assert (result.low, result.high) == pytest.approx(np.quantile(result.replicates, [0.1, 0.9]))
    assert result.standard_error == pytest.approx(result.replicates.std(ddof=1))
    assert result.low < result.estimate < result.high
    assert result.estimate == pytest.approx(metrics.average_precision_score(y, scores), rel=1e-12)
    assert {type(value) for value in result[:4]} == {float}


def test_points_come_back_in_their_order():
    y, scores, other = tied_data(200, np.random.default_rng(1))
    at = [0.9, 0.2, 0.5, 0.2]
    for metric in ("precision", "precision_at_recall", "recall_at_fpr"):
        for bootstrap in (bootstrap_interval, bootstrap_difference):
            models = (scores, other)[: 1 + (bootstrap is bootstrap_difference)]
            options = {"metric": metric, "n_resamples": 40, "random_state": 4}
            result = bootstrap(y, *models, at=at, **options)
            ascending = bootstrap(y, *models, at=sorted(at), **options)
            order = [3, 0, 2, 1]
            np.testing.assert_array_equal(result.replicates, ascending.replicates[:, order])
            for actual, expected in zip(result[:4], ascending[:4], strict=True):
                np.testing.assert_array_equal(actual, expected[order])
            assert bootstrap(y, *models, at=0.9, **options).replicates.shape == (40,)


def test_a_model_against_itself():
    y, scores, _ = tied_data(400, np.random.default_rng(2))
    result = bootstrap_difference(y, scores, 2 * scores, n_resamples=50, random_state=0)
    assert not result.replicates.any()


@pytest.mark.parametrize("y", [[0, 1], [0, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 0, 0]])
def test_one_row_of_a_class(y):
    scores = np.arange(len(y)) % 3
    for metric, at in POINTS.items():
        result = bootstrap_interval(y, scores, metric=metric, at=at, n_resamples=200, random_state=0)
        assert ((result.replicates >= 0) & (result.replicates <= 1)).all()


def test_stratified_keeps_the_classes():
    y, scores, _ = tied_data(500, np.random.default_rng(3))
    options = {"metric": "precision", "at": -9.0, "n_resamples": 400, "random_state": 0}  # all are called
    assert set(bootstrap_interval(y, scores, stratified=True, **options).replicates) == {y.mean()}
    error = bootstrap_interval(y, scores, **options).standard_error
    assert error == pytest.approx(np.sqrt(y.mean() * (1 - y.mean()) / 500), rel=0.15)


# -- reproducibility ----------------------------------------------------------------------------------------


def both(y, scores, other, **options):
    return (
        bootstrap_interval(y, scores, **options).replicates,
        bootstrap_difference(y, scores, other, **options).replicates,
    )


@pytest.mark.parametrize("metric", POINTS)
def test_same_bits_however_computed(metric, monkeypatch):
    y, scores, other = tied_data(6000, np.random.default_rng(5))
    scores = scores + np.arange(6000) * 1e-9  # mostly distinct: the pool has several parts
    options = {"metric": metric, "at": POINTS[metric], "n_resamples": 50, "random_state": 9}
    expected = both(y, scores, other, **options)
    order = np.random.default_rng(6).permutation(6000)
    frozen = [np.asfortranarray(one[:, None]) for one in (y, scores, other)]
    for one in frozen:
        one.flags.writeable = False
    variants = [
        both(y, scores, other, n_jobs=1, **options),
        both(y, scores, other, n_jobs=5, **options),
        both(y[order], scores[order], other[order], **options),
        both(np.where(y, "fraud", "fine"), scores, other, pos_label="fraud", **options),
        both(*frozen, **options),
    ]
    monkeypatch.setattr(resamples, "BLOCK", 3)
    monkeypatch.setattr(resamples, "ROWS", 700)
    variants.append(both(y, scores, other, **options))
    if metric not in MEASURES:
        variants.append(both(y, np.exp(scores), 5 * other - 2, **options))
    for variant in variants:
        for actual, wanted in zip(variant, expected, strict=True):
            np.testing.assert_array_equal(actual, wanted)
    first = bootstrap_interval(y, scores, **{**options, "n_resamples": 20}).replicates
    np.testing.assert_array_equal(first, expected[0][:20])
    assert (both(y, scores, other, **{**options, "random_state": 10})[0] != expected[0]).any()


def test_random_states():
    y, scores, _ = tied_data(100, np.random.default_rng(5))

    def run(random_state):
        return bootstrap_interval(y, scores, n_resamples=20, random_state=random_state).replicates.tolist()

    generator = np.random.default_rng(3)
    assert run(generator) != run(generator)
    assert run(np.random.default_rng(3)) == run(np.random.default_rng(3))
    assert run(None) != run(None)


def test_progress_counts_blocks():
    y, scores, _ = tied_data(100, np.random.default_rng(5))
    seen = []
    bootstrap_interval(y, scores, n_resamples=100, random_state=0, progress=lambda *step: seen.append(step))
    assert seen[-1] == (7, 7)
    assert seen == sorted(seen)


# -- errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"metric": "auc"}, ValueError, "metric"),
        ({"at": 0.5}, ValueError, "at must be None for metric='average_precision'"),
        ({"metric": "recall"}, ValueError, "thresholds at which metric='recall'.*Got None"),
        ({"metric": "recall", "at": []}, ValueError, "at must be"),
        ({"metric": "recall", "at": [[0.5]]}, ValueError, "at must be"),
        ({"metric": "recall", "at": "high"}, ValueError, "at must be"),
        ({"metric": "recall", "at": [[1], [2, 3]]}, ValueError, "at must be"),
        ({"metric": "recall", "at": np.nan}, ValueError, "Got nan"),
        ({"metric": "precision_at_recall", "at": [0.5, 0.0]}, ValueError, r"recall values .*\(0, 1\]. Got 0"),
        ({"metric": "precision_at_recall", "at": [np.nan]}, ValueError, "Got nan"),
        ({"metric": "recall_at_fpr", "at": 1.5}, ValueError, r"fpr values .*\[0, 1\]. Got 1.5"),
        ({"n_resamples": 1}, ValueError, "n_resamples"),
        ({"n_resamples": 10.0}, TypeError, "n_resamples"),
        ({"confidence_level": 95}, ValueError, "confidence_level"),
        ({"confidence_level": np.nan}, ValueError, "confidence_level"),
        ({"confidence_level": "95%"}, TypeError, "confidence_level"),
        ({"stratified": 1}, TypeError, "stratified"),
        ({"pos_label": 7}, ValueError, "not a valid label"),
        ({"random_state": -1}, ValueError, "random_state"),
        ({"n_jobs": 0}, ValueError, "n_jobs"),
    ],
)
def test_wrong_options(options, error, message):
    with pytest.raises(error, match=message):
        bootstrap_interval([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], **options)
    with pytest.raises(error, match=message):
        bootstrap_difference([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.1, 0.2, 0.3, 0.4], **options)


@pytest.mark.parametrize(
    ("y", "scores", "message"),
    [
        ([1, 1, 1], [1.0, 2.0, 3.0], "both classes. Got 3 positive and 0 negative"),
        ([0, 0, 0], [1.0, 2.0, 3.0], "both classes. Got 0 positive and 3 negative"),
        ([0, 1], [1.0, 2.0, 3.0], "inconsistent numbers of samples"),
        ([0, 1, 1], [1.0, np.inf, 3.0], "score contains infinity"),
        ([0, 1, 1], [1.0, np.nan, 3.0], "score contains NaN"),
        ([0, 1, 2], [1.0, 2.0, 3.0], "multiclass"),
        ([], [], "empty"),
        ([0, 1, 1], np.ones((3, 2, 1)), "one or two dimensions"),
    ],
)
def test_wrong_data(y, scores, message):
    with pytest.raises(ValueError, match=message):
        bootstrap_interval(y, scores)
    with pytest.raises(ValueError, match=message):
        bootstrap_difference(y, scores, scores)
    if len(y) == 3:
        with pytest.raises(ValueError, match=message):
            bootstrap_difference(y, [1.0, 2.0, 3.0], scores)


@pytest.mark.parametrize("most", [1, 50, 1000, 2**62])
def test_values_are_tallied(most):
    values = np.random.default_rng(0).integers(0, most, 300)
    expected = np.unique(values, return_counts=True)
    assert [part.tolist() for part in resamples._tally(values)] == [part.tolist() for part in expected]
    assert [len(part) for part in resamples._tally(values[:0])] == [0, 0]
