"""Per call, each input is looked at once: its container, the labels, and whether numbers are finite."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from counting import counting

from fastsmote import (
    average_precision_score,
    bootstrap_difference,
    confusion_matrix,
    confusion_sweep,
    det_curve,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from fastsmote._core.labels import check_labels
from fastsmote._core.rows import ScoredRows
from fastsmote._core.scores import (
    check_binary,
    check_finite,
    label_kind,
    positives,
    read_columns,
    two_classes,
)
from fastsmote._core.tables import frame_columns
from fastsmote._metrics.ranked import to_ranked
from fastsmote.streaming import StreamingSweep

CONTAINERS = {
    "array": np.asarray,
    "list": list,
    "pandas": pd.Series,
    "polars": pl.Series,
    "pyarrow": pa.array,
}
SCORED = [
    average_precision_score,
    confusion_sweep,
    det_curve,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
]


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    y = (rng.random(1000) < 0.1).astype(int)
    return y, rng.random(1000) + 0.3 * y, rng.integers(0, 4, 1000).astype(float)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("score", SCORED, ids=lambda f: f.__name__)
@pytest.mark.one_in(3)
def test_scores_and_curves(score, weighted, container, rows):
    y, scores, weights = map(CONTAINERS[container], rows)
    given = [y, scores, weights] if weighted else [y, scores]
    with counting(read_columns, frame_columns, two_classes, label_kind, check_finite) as calls:
        score(y, scores, sample_weight=weights if weighted else None)
    assert [calls["read_columns", id(one)] for one in given] == [1] * len(given)
    assert calls["read_columns"] == len(given)
    assert calls["frame_columns"] == (score is confusion_sweep)  # of which columns may be models
    assert (calls["two_classes"], calls["label_kind"]) == (1, 0)
    assert calls["check_finite"] == len(given) - 1


def test_labels_and_weights_once_for_all_models(rows):
    y, scores, weights = rows
    with counting(read_columns, two_classes, check_finite) as calls:
        confusion_sweep(y, np.column_stack([scores, -scores, scores**2]), sample_weight=weights)
    assert (calls["read_columns"], calls["two_classes"], calls["check_finite"]) == (3, 1, 4)
    with counting(read_columns, two_classes, check_finite) as calls:
        bootstrap_difference(y, scores, -scores, n_resamples=2)
    assert (calls["read_columns"], calls["two_classes"], calls["check_finite"]) == (3, 1, 2)


def test_weights_once_for_all_labels(rows):
    """Multilabel: each column is a model of its own, but the rows' weights are one column."""
    y, scores, weights = rows
    with counting(read_columns, check_finite) as calls:
        roc_auc_score(np.column_stack([y, 1 - y]), np.column_stack([scores, scores]), sample_weight=weights)
    assert (calls["read_columns"], calls["check_finite"]) == (3, 3)


@pytest.mark.parametrize("container", CONTAINERS)
def test_predicted_labels(container, rows):
    y, _, weights = map(CONTAINERS[container], rows)
    with counting(read_columns, frame_columns, check_labels, check_finite) as calls:
        confusion_matrix(y, y, sample_weight=weights)
    assert calls["read_columns", id(weights)] == 1
    assert (calls["read_columns"], calls["frame_columns"]) == (3, 0)
    assert (calls["check_labels"], calls["check_finite"]) == (0, 1)  # integers are counted where they lie


@pytest.mark.parametrize("container", CONTAINERS)
def test_streams(container, rows):
    y, scores, weights = map(CONTAINERS[container], rows)
    with counting(read_columns, frame_columns, two_classes, check_finite) as calls:
        StreamingSweep().update(y, scores, weights)
    assert [calls["read_columns", id(one)] for one in (y, scores, weights)] == [1, 1, 1]
    assert (calls["frame_columns"], calls["two_classes"], calls["check_finite"]) == (0, 1, 2)


@pytest.mark.parametrize("pos_label", [0, 1])
def test_checked_labels_stay_as_they_are(pos_label):
    """One record of labels serves many models: neither the positive label nor weights write to it."""
    y, weights = np.array([0, 1, 1, 0]), np.array([1.0, 0.0, 2.0, 0.0])
    labels = check_binary(y, None)
    before = labels.is_second.copy()
    codes, n_positive = positives(labels, pos_label)
    assert (codes.tolist(), n_positive) == ((y == pos_label).tolist(), (y == pos_label).sum())
    ranked = to_ranked(ScoredRows(y, np.arange(4.0), weights), labels, pos_label)
    assert ranked.codes.tolist() == [int(pos_label == 0), 2, int(pos_label == 1), 2]
    np.testing.assert_array_equal(labels.is_second, before)
