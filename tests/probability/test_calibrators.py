"""Calibrators: optimal by the gradient of what they minimise, and beside scikit-learn."""

import copy
import dataclasses
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import peer_in
from reference.probability import calibration as reference
from scipy.special import expit, logit
from sklearn import calibration as sklearn_calibration
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from fastsmote.calibration import (
    BetaCalibrator,
    IsotonicCalibrator,
    PlattCalibrator,
    TemperatureCalibrator,
    expected_calibration_error,
    fit_beta,
    fit_isotonic,
    fit_platt,
    fit_temperature,
    log_loss,
)

FITS = {"platt": fit_platt, "isotonic": fit_isotonic, "beta": fit_beta, "temperature": fit_temperature}


def make(n, seed=0, slope=2.0, intercept=-1.0):
    rng = np.random.default_rng(seed)
    score = rng.normal(size=n)
    return (rng.random(n) < expit(slope * score + intercept)).astype(np.int64), score


def platt_slopes(calibrator, y, score, w=None):
    """Gradient of Platt's loss, as a share of the most that it could be."""
    weights = np.ones(len(y)) if w is None else np.asarray(w, float)
    neg, pos = weights[y == 0].sum(), weights[y == 1].sum()
    targets = np.where(y == 1, (pos + 1) / (pos + 2), 1 / (neg + 2))
    features = np.c_[np.ones(len(y)), score]
    slopes, sizes = reference.logistic_slopes(
        [calibrator.intercept, calibrator.slope], features, targets, weights
    )
    return np.abs(slopes / sizes).astype(float)


HOSTILE = {
    "plain": lambda s, y: s,
    "huge": lambda s, y: s * 1e300,
    "tiny": lambda s, y: s * 1e-300,
    "offset": lambda s, y: np.round(s * 2**10) / 2**10 + 2**20,
    "integers": lambda s, y: np.round(s * 5).astype(int),
    "separable": lambda s, y: np.where(y == 1, 3 + np.abs(s), -np.abs(s)),
    "two values": lambda s, y: y * 2.0 - 1,
    "reversed": lambda s, y: -s,
    "outlier": lambda s, y: np.where(np.arange(len(s)) == 7, 1e12, s),
    "useless": lambda s, y: s[::-1].copy(),
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("weighted", [False, True])
def test_platt_is_optimal(kind, weighted):
    y, score = make(400, 1)
    score = HOSTILE[kind](score, y)
    w = np.random.default_rng(1).integers(0, 4, 400) if weighted else None
    calibrator = fit_platt(y, score, w)
    limit = 1e-9 if kind in ("offset", "outlier") else 1e-12  # slope * score and intercept cancel
    assert platt_slopes(calibrator, y, score, w).max() < limit
    p = calibrator(score)
    assert ((p >= 0) & (p <= 1)).all()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("share", [0.5, 0.02])
def test_platt_beside_scikit_learn(weighted, share):
    y, score = make(3000, 2, intercept=logit(share))
    w = np.random.default_rng(2).random(3000) if weighted else None
    theirs = sklearn_calibration._SigmoidCalibration().fit(score, y, w)
    ours = fit_platt(y, score, w)
    np.testing.assert_allclose([-ours.slope, -ours.intercept], [theirs.a_, theirs.b_], rtol=1e-4)
    np.testing.assert_allclose(ours(score), theirs.predict(score), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(ours(score), expit(ours.slope * score + ours.intercept), rtol=1e-15)


def test_platt_of_equal_scores_is_the_share_of_positives():
    y = np.array([0, 0, 0, 1])
    calibrator = fit_platt(y, np.full(4, 7.0))
    assert calibrator.slope == 0
    targets = (3 * (1 / 5) + 2 / 3) / 4
    np.testing.assert_allclose(calibrator([7.0, -1e308]), targets, rtol=1e-12)


def test_weights_count_as_repetitions():
    y, score = make(300, 3)
    w = np.random.default_rng(3).integers(0, 3, 300)
    again = np.repeat(np.arange(300), w)
    for fit, values in ((fit_platt, score), (fit_beta, expit(score)), (fit_temperature, score)):
        weighted, repeated = fit(y, values, w), fit(y[again], values[again])
        np.testing.assert_allclose(
            dataclasses.astuple(weighted), dataclasses.astuple(repeated), rtol=1e-9, atol=1e-12
        )
    weighted, repeated = fit_isotonic(y, score, w), fit_isotonic(y[again], score[again])
    assert weighted == repeated


small = st.lists(
    st.tuples(st.booleans(), st.integers(-4, 4), st.sampled_from([0, 1, 1, 2, 5])), min_size=2, max_size=14
)


@given(small)
def test_isotonic_by_definition(rows):
    rows = [(True, 1, 1), (False, 1, 1), *rows]
    y, score, w = (np.array(column) for column in zip(*rows, strict=True))
    scores, values = reference.isotonic(reference.rows_of(y, score, w))
    calibrator = fit_isotonic(y, score, w)
    np.testing.assert_allclose(calibrator([float(s) for s in scores]), [float(v) for v in values], rtol=1e-14)
    assert set(calibrator.thresholds) <= {float(s) for s in scores}
    unit = w > 0
    assert fit_isotonic(y[unit], score[unit]) == fit_isotonic(y[unit], score[unit], np.ones(unit.sum()))


@pytest.mark.parametrize("n", [2, 50, 5000])
@pytest.mark.parametrize("decimals", [1, 3, 15])
@pytest.mark.parametrize("weighted", [False, True])
def test_isotonic_beside_scikit_learn(n, decimals, weighted):
    y, score = make(n, 4, intercept=0)
    y[:2] = 0, 1
    score = score.round(decimals)
    w = np.random.default_rng(4).random(n) + 0.1 if weighted else None
    theirs = IsotonicRegression(out_of_bounds="clip").fit(score, y, w)
    ours = fit_isotonic(y, score, w)
    np.testing.assert_array_equal(ours.thresholds, theirs.X_thresholds_)
    np.testing.assert_allclose(ours.values, theirs.y_thresholds_, rtol=1e-12, atol=1e-15)
    new = np.linspace(-9, 9, 777)
    np.testing.assert_allclose(ours(new), theirs.predict(new), rtol=1e-9, atol=1e-12)


def test_isotonic_keeps_the_digits_of_light_weights():
    y, score = make(300, 5)
    w = np.where(score < 0, 1e-60, 1e60)
    light, heavy = score < 0, score >= 0
    joint = fit_isotonic(y, score, w)
    low = fit_isotonic(y[light], score[light])
    inside = score[light & (score < np.sort(score[light])[-60])]
    np.testing.assert_allclose(joint(inside), low(inside), rtol=1e-9, atol=1e-12)
    assert (np.diff(joint.values) >= 0).all()
    assert joint(score[heavy]).max() == fit_isotonic(y[heavy], score[heavy]).values.max()


@pytest.mark.parametrize("weighted", [False, True])
def test_beta_beside_logistic_regression(weighted):
    y, score = make(4000, 6)
    p = expit(1.5 * score + 0.5)
    w = np.random.default_rng(6).random(4000) if weighted else None
    features = np.c_[np.log(p), -np.log1p(-p)]
    model = LogisticRegression(C=1e11, tol=1e-10, max_iter=1000, solver="newton-cholesky")
    model.fit(features, y, w)
    calibrator = fit_beta(y, p, w)
    expected = [*model.coef_[0], model.intercept_[0]]
    np.testing.assert_allclose([calibrator.a, calibrator.b, calibrator.c], expected, rtol=1e-6)
    np.testing.assert_allclose(calibrator(p), model.predict_proba(features)[:, 1], rtol=1e-6)
    slopes, sizes = reference.logistic_slopes(
        [calibrator.c, calibrator.a, calibrator.b], np.c_[np.ones(4000), features], y, w
    )
    assert (np.abs(slopes) < 1e-12 * sizes).all()


def test_beta_leaves_calibrated_probabilities_nearly_alone():
    rng = np.random.default_rng(7)
    p = rng.beta(2, 5, 100_000)
    calibrator = fit_beta(rng.random(len(p)) < p, p)
    np.testing.assert_allclose([calibrator.a, calibrator.b, calibrator.c], [1, 1, 0], atol=0.1)


def test_beta_has_no_falling_slope():
    rng = np.random.default_rng(8)
    p = rng.random(20_000)
    bump = 0.5 * p * (1 - p) + 0.2 * p
    for truth, zero, kept in ((bump, "b", "a"), (1 - bump[::-1], "a", "b")):
        values = p if zero == "b" else 1 - p[::-1]
        y = rng.random(len(p)) < truth
        calibrator = fit_beta(y, values)
        assert getattr(calibrator, zero) == 0
        assert getattr(calibrator, kept) > 0.1
        feature = np.log(values) if kept == "a" else -np.log1p(-values)
        slopes, sizes = reference.logistic_slopes(
            [calibrator.c, getattr(calibrator, kept)], np.c_[np.ones(len(p)), feature], y
        )
        assert (np.abs(slopes) < 1e-12 * sizes).all()
    y = rng.random(len(p)) < p
    falling = fit_beta(~y, p)
    assert (falling.a, falling.b) == (0, 0)
    np.testing.assert_allclose(falling(p), (~y).mean(), rtol=1e-6)


@pytest.mark.parametrize("kind", ["separable", "ends", "equal", "nearly"])
def test_beta_is_finite_on_hard_data(kind):
    y, score = make(300, 9)
    p = {
        "separable": np.where(y == 1, 0.6, 0.1) + 0.1 * expit(score),
        "ends": (score > 0).astype(float),
        "equal": np.full(300, 0.25),
        "nearly": np.where(np.arange(300) == 3, 0.25 + 2**-50, 0.25),
    }[kind]
    calibrator = fit_beta(y, p)
    assert np.isfinite(dataclasses.astuple(calibrator)).all()
    assert log_loss(y, calibrator(p)) <= log_loss(y, np.full(300, y.mean())) + 1e-9
    if kind == "separable":
        assert log_loss(y, calibrator(p)) < 1e-6
        # where the ridge of 1e-11 on slopes and the loss pull alike
        features = np.c_[np.ones(len(y)), np.log(p), -np.log1p(-p)]
        slopes, _ = reference.logistic_slopes([calibrator.c, calibrator.a, calibrator.b], features, y)
        pulls = [
            (slope, 1e-11 * of) for slope, of in zip(slopes[1:], (calibrator.a, calibrator.b), strict=True)
        ]
        assert any(ridge for _, ridge in pulls)
        assert all(abs(slope + ridge) < 1e-3 * ridge for slope, ridge in pulls if ridge)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 8.0])
def test_temperature_beside_scikit_learn(weighted, temperature):
    rng = np.random.default_rng(10)
    w = rng.random(2000) if weighted else None
    y, score = make(2000, 10, intercept=0)
    theirs = peer_in("sklearn.calibration", "_TemperatureScaling")().fit(score * temperature, y, w)
    ours = fit_temperature(y, score * temperature, w)
    np.testing.assert_allclose(ours.temperature, 0.5 / theirs.beta_, rtol=1e-6)
    np.testing.assert_allclose(ours(score), theirs.predict(score)[:, 1], rtol=1e-6)
    logits = rng.normal(size=(2000, 4)) - 3
    p = reference.softmax(logits).astype(float)
    y = (p.cumsum(axis=1) < rng.random((2000, 1))).sum(axis=1)
    theirs = peer_in("sklearn.calibration", "_TemperatureScaling")().fit(logits * temperature, y, w)
    ours = fit_temperature(y, logits * temperature, w)
    np.testing.assert_allclose(ours.temperature, 1 / theirs.beta_, rtol=1e-6)
    np.testing.assert_allclose(ours(logits), reference.softmax(logits / ours.temperature), rtol=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e-3, 50.0])
def test_temperature_is_optimal(scale):
    y, score = make(500, 11, intercept=0.3)
    beta = 1 / fit_temperature(y, score * scale).temperature
    slopes, sizes = reference.logistic_slopes([beta], np.c_[score * scale], y)
    assert abs(slopes[0]) < 1e-11 * sizes[0]
    two = fit_temperature(y, np.c_[np.zeros(500), score * scale])
    np.testing.assert_allclose(two.temperature, 1 / beta, rtol=1e-11)


def test_temperature_is_bounded():
    y, score = make(200, 12)
    for logits in (score, np.c_[-score, score]):
        sign = 1 if logits.ndim == 1 else np.array([1, 1])
        right = np.abs(logits) * (y * 2 - 1 if logits.ndim == 1 else np.c_[1 - 2 * y, 2 * y - 1]) * sign
        assert fit_temperature(y, right).temperature == np.exp(-10.0)
        assert fit_temperature(y, -right).temperature == np.exp(10.0)
        for huge in (right * 1e300, right / np.abs(right).max() * 1.7e308):
            calibrator = fit_temperature(y, huge)
            assert calibrator.temperature == np.exp(-10.0)
            p = calibrator(huge)
            assert np.array_equal(p if p.ndim == 1 else p[:, 1], y)


def test_temperature_of_named_classes():
    rng = np.random.default_rng(13)
    logits = rng.normal(size=(300, 3))
    codes = (logits + rng.gumbel(size=(300, 3))).argmax(axis=1)
    expected = fit_temperature(codes, logits)
    names = np.array(["eggs", "ham", "spam"])
    assert fit_temperature(names[codes], logits) == expected
    some = codes < 2
    assert fit_temperature(names[codes][some], logits[some], labels=names) == fit_temperature(
        codes[some], logits[some], labels=[0, 1, 2]
    )


@pytest.mark.parametrize("name", FITS)
def test_calibrators_are_values(name):
    y, score = make(300, 14)
    calibrator = FITS[name](y, expit(score))
    again = FITS[name](list(y), expit(score).tolist())
    for other in (again, pickle.loads(pickle.dumps(calibrator)), copy.deepcopy(calibrator)):
        assert calibrator == other
        assert hash(calibrator) == hash(other)
        assert calibrator(expit(score)).tobytes() == other(expit(score)).tobytes()
        for array in vars(other).values():
            assert not (isinstance(array, np.ndarray) and array.flags.writeable)
    assert calibrator != FITS[name](1 - y, expit(score))
    assert calibrator != "a"
    field = dataclasses.fields(calibrator)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(calibrator, field, 1.0)


@pytest.mark.parametrize("name", FITS)
def test_bits_do_not_depend_on_threads_or_layout(name, monkeypatch):
    y, score = make(200_000, 15)
    values = expit(score)
    wide = np.repeat(values, 2)[::2]
    w = np.random.default_rng(15).random(len(y))
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("FASTSMOTE_NUM_THREADS", threads)
        plain, weighted = FITS[name](y, wide), FITS[name](y, values, w)
        results.append((plain, weighted, plain(values).tobytes(), weighted(wide).tobytes()))
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize("every", [1, 64])
def test_optimal_where_a_sample_misleads(every):
    """Rows at a fixed distance, as a sample takes them, are of the other class."""
    y, score = make(200_000, 17)
    y[::every] = 1 - y[::every]
    assert platt_slopes(fit_platt(y, score), y, score).max() < 1e-12
    p = expit(score)
    beta = fit_beta(y, p)
    if every > 1:
        features = np.c_[np.ones(len(y)), np.log(p), -np.log1p(-p)]
        slopes, sizes = reference.logistic_slopes([beta.c, beta.a, beta.b], features, y)
        assert (np.abs(slopes) < 1e-12 * sizes).all()
        inverse = 1 / fit_temperature(y, score).temperature
        slopes, sizes = reference.logistic_slopes([inverse], np.c_[score], y)
        assert abs(slopes[0]) < 1e-11 * sizes[0]
    else:
        assert (beta.a, beta.b) == (0, 0)
        assert fit_temperature(y, score).temperature == np.exp(10.0)


@pytest.mark.parametrize("name", FITS)
def test_rising_and_better(name):
    y, score = make(20_000, 16, slope=1.0, intercept=-2.0)
    values = expit(3 * score) if name == "beta" else 3 * score
    p = FITS[name](y, values)(values)
    order = np.argsort(score)
    assert (np.diff(p[order]) >= 0).all()
    before = values if name == "beta" else expit(values)
    assert log_loss(y, p) < log_loss(y, before)
    if name != "temperature":  # which can not move the share of positives
        assert expected_calibration_error(y, p) < 0.02 < expected_calibration_error(y, before)
        assert abs(p.mean() - y.mean()) < 1e-3


@pytest.mark.parametrize("name", FITS)
def test_errors(name):
    fit = FITS[name]
    with pytest.raises(ValueError, match=r"rows of both classes in y_true, with weight. Got no positive"):
        fit([0, 0], [0.1, 0.2])
    with pytest.raises(ValueError, match="Got no negative"):
        fit([1, 1], [0.1, 0.2])
    with pytest.raises(ValueError, match="Got no positive"):
        fit([0, 1], [0.1, 0.2], [1, 0])
    with pytest.raises(ValueError, match="pos_label is not specified"):
        fit(["a", "b"], [0.1, 0.2])
    with pytest.raises(ValueError, match=r"NaN|nan"):
        fit([0, 1], [0.1, np.nan])
    with pytest.raises(ValueError, match="inf"):
        fit([0, 1], [0.1, np.inf])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        fit([0, 1, 1], [0.1, 0.2])
    with pytest.raises(ValueError, match="sample_weight"):
        fit([0, 1], [0.1, 0.2], [1, -1])
    calibrator = fit(["a", "b"], [0.1, 0.2], pos_label="b")
    with pytest.raises(ValueError, match=r"NaN|nan"):
        calibrator([np.nan])


def test_errors_of_single_parameters():
    with pytest.raises(ValueError, match=r"y_prob must hold probabilities in \[0, 1\]. Got 1.5"):
        fit_beta([0, 1], [0.5, 1.5])
    with pytest.raises(ValueError, match=r"probabilities in \[0, 1\]"):
        BetaCalibrator(1.0, 1.0, 0.0)([2.0])
    with pytest.raises(ValueError, match="labels names the columns"):
        fit_temperature([0, 1], [0.5, 1.5], labels=[0, 1])
    with pytest.raises(ValueError, match="pos_label belongs to one column"):
        fit_temperature([0, 1], [[0.5, 1.5], [1.0, 2.0]], pos_label=1)
    with pytest.raises(ValueError, match=r"one column for each label. Got 2 columns and the 3 labels"):
        fit_temperature([0, 1, 2], [[0.5, 1.5]] * 3)


def test_calibrators_may_be_made_by_hand():
    assert PlattCalibrator(1.0, 0.0)([0.0, 1e308])[0] == 0.5
    assert np.isfinite(fit_platt([0, 1, 1], [0.0, 5e-324, 1e-323])([0.0, 1e-323, 1.0])).all()
    assert PlattCalibrator(1e10, 0.0)([-1e308, 1e308]).tolist() == [0, 1]
    np.testing.assert_allclose(BetaCalibrator(1.0, 1.0, 0.0)([0.2, 0.9]), [0.2, 0.9])
    assert BetaCalibrator(2.0, 3.0, 0.0)([0.0, 1.0]).tolist() == pytest.approx([0, 1])
    np.testing.assert_allclose(TemperatureCalibrator(2.0)([2.0]), expit(1.0))
    assert IsotonicCalibrator([0.0, 2.0], [0.1, 0.5])([1.0]).tolist() == pytest.approx([0.3])
    assert IsotonicCalibrator([-1.7e308, 1.7e308], [0, 1]).values.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("make_one", "error", "words"),
    [
        (lambda: PlattCalibrator("a", 0), TypeError, "slope must be a number. Got 'a'"),
        (lambda: PlattCalibrator(1.0, None), TypeError, "intercept must be a number"),
        (lambda: PlattCalibrator(True, 0.0), TypeError, "slope must be a number. Got True"),
        (lambda: PlattCalibrator(np.inf, 0.0), ValueError, "slope must be finite. Got inf"),
        (lambda: BetaCalibrator(1.0, np.nan, 0.0), ValueError, "b must be finite. Got nan"),
        (lambda: TemperatureCalibrator([1.0]), TypeError, "temperature must be a number"),
        (lambda: TemperatureCalibrator(0.0), ValueError, "temperature must be above 0. Got 0.0"),
        (lambda: TemperatureCalibrator(-2), ValueError, "temperature must be above 0"),
        (lambda: IsotonicCalibrator([2, 1], [0.1, 0.5]), ValueError, "thresholds must hold ascending"),
        (lambda: IsotonicCalibrator([1, 1], [0.1, 0.5]), ValueError, "thresholds must hold ascending"),
        (lambda: IsotonicCalibrator([], []), ValueError, "thresholds must hold ascending"),
        (lambda: IsotonicCalibrator([1, np.nan], [0.1, 0.5]), ValueError, "thresholds contains NaN"),
        (lambda: IsotonicCalibrator([1, 2, 3], [0.1, 0.5]), ValueError, "inconsistent numbers of samples"),
        (lambda: IsotonicCalibrator([1, 2], [0.5, 0.1]), ValueError, "values must hold ascending prob"),
        (lambda: IsotonicCalibrator([1, 2], [-0.1, 0.1]), ValueError, "values must hold ascending prob"),
        (lambda: IsotonicCalibrator([1, 2], [0.5, 1.1]), ValueError, "values must hold ascending prob"),
    ],
)
def test_nonsense_is_refused_when_made(make_one, error, words):
    with pytest.raises(error, match=words):
        make_one()


def test_numbers_of_any_type_are_kept_as_floats():
    assert PlattCalibrator(np.float32(0.5), 1) == PlattCalibrator(0.5, 1.0)
    assert type(PlattCalibrator(np.float32(0.5), 1).intercept) is float


@pytest.mark.parametrize(
    "calibrator",
    [
        PlattCalibrator(1.0, 0.0),
        BetaCalibrator(1.0, 1.0, 0.0),
        TemperatureCalibrator(2.0),
        IsotonicCalibrator([1.0, 2.0], [0.1, 0.5]),
    ],
)
def test_nothing_gives_nothing(calibrator):
    for nothing in ([], (), np.empty(0), np.empty(0, np.float32), pd.Series([], dtype=float), pl.Series([])):
        p = calibrator(nothing)
        assert p.shape == (0,)
        assert p.dtype == np.float64
    for wrong in ("", np.array(0.5), 0.5):
        with pytest.raises(ValueError, match="must"):
            calibrator(wrong)
    assert TemperatureCalibrator(2.0)(np.empty((0, 3))).shape == (0, 3)


@pytest.mark.parametrize(
    ("y", "logits"),
    [
        ([0, 1], [0.0, 0.0]),
        ([0, 1], [1e-320, 1e-320]),
        ([0, 1], [3.0, 3.0]),
        ([0, 1], [[3.7, 3.7], [-1.0, -1.0]]),
        ([0, 2, 1], np.zeros((3, 3))),
        ([0, 1] * 200_000, np.zeros(400_000)),
    ],
)
def test_useless_logits_end_at_the_upper_bound(y, logits):
    calibrator = fit_temperature(y, logits)
    assert calibrator.temperature == np.exp(10.0)
    assert calibrator([0.1])[0] == pytest.approx(0.5, abs=1e-5)
