"""Per call, each input is looked at once: its container, the labels, and whether numbers are finite."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from counting import counting

from fastsmote import (
    brier_score,
    calibration_curve,
    fit_beta,
    fit_isotonic,
    fit_platt,
    fit_temperature,
    log_loss,
)
from fastsmote._core.labels import check_labels
from fastsmote._core.scores import check_finite, label_kind, read_columns, two_classes
from fastsmote._core.tables import frame_columns
from fastsmote._probability.inputs import read_probabilities
from fastsmote.calibration import StreamingCalibration
from fastsmote.losses import focal_loss, focal_loss_derivatives

CONTAINERS = {
    "array": np.asarray,
    "list": list,
    "pandas": pd.Series,
    "polars": pl.Series,
    "pyarrow": pa.array,
}
OF_SCORES = [fit_isotonic, fit_platt, fit_temperature]
OF_PROBABILITIES = [brier_score, calibration_curve, fit_beta, log_loss]
LOOKS = read_columns, frame_columns, two_classes, label_kind, check_labels, check_finite, read_probabilities


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    y = (rng.random(1000) < 0.3).astype(int)
    return y, np.clip(rng.random(1000) + 0.1 * y, 0, 1), rng.integers(1, 4, 1000).astype(float)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("function", [*OF_SCORES, *OF_PROBABILITIES], ids=lambda f: f.__name__)
@pytest.mark.one_in(5)
def test_fits_and_scores(function, weighted, container, rows):
    y, p, weights = map(CONTAINERS[container], rows)
    given = [y, p, weights] if weighted else [y, p]
    with counting(*LOOKS) as calls:
        function(y, p, sample_weight=weights if weighted else None)
    assert [calls["read_columns", id(one)] for one in given] == [1] * len(given)
    assert (calls["read_columns"], calls["frame_columns"]) == (len(given), 0)
    assert (calls["two_classes"], calls["label_kind"], calls["check_labels"]) == (1, 0, 0)
    of_scores = function in OF_SCORES  # probabilities within [0, 1] are finite
    assert calls["check_finite"] == of_scores + weighted
    assert calls["read_probabilities"] == (not of_scores)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("function", [brier_score, log_loss, fit_temperature], ids=lambda f: f.__name__)
def test_several_classes(function, weighted, rows):
    _, p, weights = rows
    y, table = np.arange(1000) % 3, np.column_stack([p / 2, p / 2, 1 - p])
    with counting(*LOOKS) as calls:
        function(y, table, sample_weight=weights if weighted else None)
    assert (calls["read_columns"], calls["two_classes"], calls["check_labels"]) == (1 + weighted, 0, 1)
    assert calls["check_finite"] == (function is fit_temperature) + weighted


@pytest.mark.parametrize("container", CONTAINERS)
def test_streams(container, rows):
    y, p, weights = map(CONTAINERS[container], rows)
    with counting(*LOOKS) as calls:
        StreamingCalibration().update(y, p, weights)
    assert [calls["read_columns", id(one)] for one in (y, p, weights)] == [1, 1, 1]
    assert (calls["frame_columns"], calls["two_classes"], calls["check_finite"]) == (0, 1, 1)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("function", [focal_loss, focal_loss_derivatives], ids=lambda f: f.__name__)
def test_losses(function, container, rows):
    y, p, weights = map(CONTAINERS[container], rows)
    with counting(*LOOKS) as calls:
        function(y, p, sample_weight=weights)
    assert [calls["read_columns", id(one)] for one in (y, p, weights)] == [1, 1, 1]
    assert (calls["frame_columns"], calls["two_classes"], calls["check_finite"]) == (0, 1, 1)
