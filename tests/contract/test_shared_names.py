"""Functions that scikit-learn and imbalanced-learn have by the same name can be exchanged, call for call."""

import inspect
import warnings

import numpy as np
import pytest

import fastsmote
from fastsmote import calibration, classification, metrics

sklearn_metrics = pytest.importorskip("sklearn.metrics")
sklearn_calibration = pytest.importorskip("sklearn.calibration")
imblearn_metrics = pytest.importorskip("imblearn.metrics")

OURS = {
    name: getattr(module, name)
    for module in (fastsmote, metrics, classification, calibration)
    for name in module.__all__
}
SHARED = {
    name: (ours, getattr(theirs, name))
    for name, ours in OURS.items()
    for theirs in (sklearn_metrics, sklearn_calibration, imblearn_metrics)
    if inspect.isfunction(ours) and callable(getattr(theirs, name, None))
}
# Parameters that differ, and why.
EXCEPTIONS = {
    ("log_loss", "y_pred"): "is deprecated there, or will be",
    ("calibration_curve", "n_bins"): "is 10, as of the calibration error and the decomposition beside it",
}
if "y_proba" in inspect.signature(sklearn_metrics.log_loss).parameters:
    EXCEPTIONS["log_loss", "y_proba"] = "is y_prob in the second place, and y_proba as a keyword"
if "probas_pred" in inspect.signature(sklearn_metrics.precision_recall_curve).parameters:
    EXCEPTIONS["precision_recall_curve", "probas_pred"] = "is deprecated there"
    EXCEPTIONS["precision_recall_curve", "y_score"] = "has a default there, beside probas_pred"


def parameters(function):
    return inspect.signature(function).parameters


def test_the_names_that_are_shared():
    assert len(SHARED) >= 22
    assert {"calibration_curve", "log_loss", "roc_curve", "geometric_mean_score"} <= SHARED.keys()


@pytest.mark.parametrize("name", SHARED)
def test_parameters_have_the_same_places_and_defaults__C7c(name):
    ours, theirs = map(parameters, SHARED[name])
    wanted = {key: one for key, one in theirs.items() if (name, key) not in EXCEPTIONS}
    placed = [
        [key for key, one in given.items() if one.kind is not one.KEYWORD_ONLY and key != "y_proba"]
        for given in (ours, wanted)
    ]
    assert placed[0][: len(placed[1])] == placed[1]
    for key, one in wanted.items():
        assert key in ours
        assert ours[key].kind is one.kind
        assert ours[key].default == one.default


def test_the_exceptions_are_needed():
    for name, key in EXCEPTIONS:
        ours, theirs = map(parameters, SHARED[name])
        same = key in ours and (ours[key].kind, ours[key].default) == (theirs[key].kind, theirs[key].default)
        assert key in theirs
        assert not same


def _data():
    rng = np.random.default_rng(0)
    y = np.arange(60) % 3 % 2
    score = np.round((rng.random(60) + y) / 2, 2)
    pred = (score > 0.4).astype(int)
    return y, score, pred, rng.integers(0, 4, 60) / 2


def _calls(name):
    """Arguments of calls that both take."""
    y, score, pred, weights = _data()
    if name == "make_index_balanced_accuracy":
        return []
    second = pred if "y_pred" in parameters(OURS[name]) else score
    extra = {"beta": 0.5} if name == "fbeta_score" else {}
    extra |= {"n_bins": 7} if name == "calibration_curve" else {}
    calls = [((y, second), extra), ((y.tolist(), second.tolist()), extra)]
    known = parameters(SHARED[name][1])
    if "sample_weight" in known and SHARED[name][1].__module__.startswith("sklearn"):
        calls.append(((y, second), extra | {"sample_weight": weights}))
        if (
            name != "precision_recall_fscore_support"
        ):  # the support of whole weights is whole here, float64 there
            calls.append(((y, second), extra | {"sample_weight": (2 * weights).astype(int)}))
    words = np.array(["no", "yes"])
    if "pos_label" in known and "labels" not in known:
        calls.append(((words[y], second), extra | {"pos_label": "yes"}))
    if "average" in known and "y_pred" in known:
        other = np.arange(60) % 4
        calls += [((other, (other + pred) % 4), extra | {"average": one}) for one in (None, "macro", "micro")]
        calls.append(((words[y], words[pred]), extra | {"average": "binary", "pos_label": "yes"}))
    if name == "classification_report_imbalanced":
        calls = [(args, {"output_dict": True}) for args, _ in calls] + calls[:1]
    return calls


def assert_alike(actual, expected):
    """Of one kind, in as many parts, with the same dtypes, and close."""
    if isinstance(expected, tuple):
        assert isinstance(actual, tuple)
        first, *rest = actual  # it unpacks
        assert len([first, *rest]) == len(actual) == len(expected)
        for a, e in zip(actual, expected, strict=True):
            assert_alike(a, e)
    elif isinstance(expected, dict):
        assert actual.keys() == expected.keys()
        for key, value in expected.items():
            assert_alike(actual[key], value)
    elif isinstance(expected, np.ndarray):
        assert isinstance(actual, np.ndarray)
        assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
        np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-15)
    elif isinstance(expected, float | np.floating):
        assert isinstance(actual, float)
        assert actual == pytest.approx(float(expected), rel=1e-12)
    elif isinstance(expected, int | np.integer):
        assert isinstance(actual, int)
        assert actual == expected
    else:
        assert type(actual) is type(expected)
        assert actual == expected


@pytest.mark.parametrize("name", sorted(SHARED))
def test_results_unpack_as_theirs__C7c(name):
    ours, theirs = SHARED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for args, options in _calls(name):
            assert_alike(ours(*args, **options), theirs(*args, **options))


def test_a_calibration_curve_unpacks_and_has_more__C7c():
    y, score = _data()[:2]
    curve = fastsmote.calibration_curve(y, score)
    prob_true, prob_pred = curve
    assert prob_true is curve.prob_true is curve[0]
    assert prob_pred is curve.prob_pred is curve[1]
    assert len(curve.low) == len(curve.high) == len(curve.counts) == len(curve.edges) == len(prob_true)
    assert curve.counts.sum() == len(y)
    assert repr(curve).startswith("CalibrationCurve: 10 bins, ")
