"""Weights of rows: which are allowed is one rule, for every public function that takes them."""

import inspect
import math

import numpy as np
import pytest
from contract.public import as_taken, of_object, public_items
from matplotlib.figure import Figure

import fastsmote
from fastsmote import plot
from fastsmote._core.weights import finite_weights
from fastsmote.streaming import StreamingSweep

LIMIT = 2**53  # float64 holds all integers up to here


def _rows(n=40):
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2
    return {"y": y, "score": (rng.random(n) + y) / 2, "X": rng.normal(size=(n, 2)) + y[:, None]}


def _calls():
    """Every public function with weights, as a function of the weights alone."""
    rows = _rows()
    values = {
        "y_true": rows["y"], "y": rows["y"], "y_pred": rows["score"] > 0.5, "y_score": rows["score"],
        "y_prob": rows["score"], "p": rows["score"], "score": rows["score"], "X": rows["X"],
        "logits": rows["score"],
    }  # fmt: skip
    for name, function in public_items():
        parameters = inspect.signature(function).parameters
        if inspect.isclass(function) or of_object(parameters) or "sample_weight" not in parameters:
            continue
        needed = [
            key
            for key, one in parameters.items()
            if one.default is one.empty and key != "sample_weight" and one.kind is not one.VAR_KEYWORD
        ]
        needed += [key for key in ("y_prob",) if key in parameters and key not in needed]  # or y_proba
        given = {key: values[key] for key in needed if key in values}
        given |= {"beta": 1.0} if "beta" in needed else {}
        if name.endswith("class_thresholds"):  # a column for each class
            given["y_prob"] = np.column_stack([1 - rows["score"], rows["score"]])
        given |= {"categorical_features": [0]} if "categorical_features" in parameters else {}
        if set(needed) <= set(given):
            given = {key: as_taken(name, value) for key, value in given.items()}
            yield (
                name,
                lambda weights, name=name, function=function, given=given: function(
                    **given, sample_weight=as_taken(name, weights)
                ),
            )


CALLS = dict(_calls())
CALLS["best_threshold"] = lambda weights: fastsmote.best_threshold(
    _rows()["y"], _rows()["score"], sample_weight=weights
)
CALLS["StreamingSweep.update"] = lambda weights: StreamingSweep().update(
    _rows()["y"], _rows()["score"], weights
)
CALLS["StreamingCalibration.update"] = lambda weights: fastsmote.StreamingCalibration().update(
    _rows()["y"], _rows()["score"], weights
)
for _display in (plot.RocCurveDisplay, plot.CalibrationDisplay):
    CALLS[f"{_display.__name__}.from_predictions"] = lambda weights, draw=_display.from_predictions: draw(
        _rows()["y"], _rows()["score"], sample_weight=weights, ax=Figure().add_subplot()
    ).line_.get_xydata()


def test_all_functions_with_weights_are_here():
    asked = {
        name.rpartition(".")[2]
        for name, function in public_items()
        if not inspect.isclass(function)
        and not of_object(inspect.signature(function).parameters)
        and "sample_weight" in inspect.signature(function).parameters
    }
    left_out = asked - {name.rpartition(".")[2] for name in CALLS}
    assert left_out <= {"temperature"}, left_out
    assert len(CALLS) >= 30


def with_one(value, dtype=float):
    weights = np.ones(40, dtype)
    weights[3] = value
    return weights


@pytest.mark.parametrize("name", CALLS)
class TestEveryFunction:
    def test_negative_weights_are_refused__B7(self, name):
        """Precision of 2.0 otherwise (scikit-learn 9980)."""
        for weights in (with_one(-1.0), with_one(-1, int), with_one(-0.5).tolist(), -np.ones(40)):
            with pytest.raises(ValueError, match=r"sample_weight must not be negative\. Got -"):
                CALLS[name](weights)

    def test_weights_that_are_no_weights_are_refused__B7(self, name):
        for weights, match in (
            (with_one(math.nan), "NaN"),
            (with_one(math.inf), "infinity"),
            (np.ones(39), "39"),
            (np.ones((40, 2)), "one column|shape"),
            (np.array(["1"] * 40), "numbers"),
            (np.array([None, *[1.0] * 39], object), "NaN or missing"),
        ):
            with pytest.raises(ValueError, match=match):
                CALLS[name](weights)
        if "streaming_" not in name and not name.startswith("Streaming"):  # a chunk may weigh nothing
            with pytest.raises(ValueError, match="non-zero"):
                CALLS[name](np.zeros(40))

    def test_integers_that_float64_can_not_add_up_are_refused__B4b(self, name):
        for weights in (
            with_one(2**63 - 1, np.int64),
            with_one(2**64 - 1, np.uint64),
            with_one(LIMIT, np.int64),
            np.full(40, 2**62),
            [2**70] * 40,
        ):
            with pytest.raises(ValueError, match=r"add up to at most 2\*\*53"):
                CALLS[name](weights)
        CALLS[name](with_one(LIMIT - 39, np.int64))

    def test_sums_beyond_float64_are_never_infinite(self, name):
        """Metrics and calibrators refuse them; samplers and losses scale them."""
        try:
            words = str(CALLS[name](np.full(40, 1e308)))
        except ValueError as error:
            words = str(error)
            assert "scale all weights alike" in words
        assert not any(word in words for word in ("nan", " inf"))

    def test_bools_and_objects_are_numbers(self, name):
        assert CALLS[name](np.ones(40, bool)) is not None
        if "streaming_" not in name and not name.startswith("Streaming"):  # they return themselves
            objects = CALLS[name](np.ones(40).astype(object))
            assert str(objects) == str(CALLS[name](np.ones(40)))


def test_integer_weights_of_a_confusion_matrix_are_exact__B4b():
    weights = [LIMIT - 4, 1, 1, 2]
    cells = fastsmote.confusion_matrix([0, 1, 1, 0], [0, 1, 0, 1], sample_weight=weights)
    assert cells.tolist() == [[LIMIT - 4, 2], [1, 1]]
    with pytest.raises(ValueError, match=r"a sum of about 9\.22337e\+18; use a larger unit, or pass floats"):
        fastsmote.confusion_matrix([0, 1], [0, 1], sample_weight=[2**63 - 1, 1])
    floats = fastsmote.confusion_matrix([0, 1], [0, 1], sample_weight=[2.0**63, 1.0])
    assert floats.tolist() == [[2.0**63, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
@pytest.mark.parametrize(("n", "most"), [(1, LIMIT), (3, LIMIT - 2), (1 << 12, 2**41 + 5)])
def test_the_limit_is_exact__B4b(dtype, n, most):
    """Sums of 2**53, and one more."""
    weights = np.full(n, (LIMIT - most) // max(n - 1, 1), dtype)
    weights[0] = 0
    weights[0] = LIMIT - sum(weights.tolist())
    assert finite_weights(weights).tolist() == weights.tolist()
    weights[:1] += 1  # a single uint64 and an int are a float64 in NumPy 1
    with pytest.raises(ValueError, match="at most"):
        finite_weights(weights)
