"""Functions of references, some of which not every version has."""

import numpy as np
import pytest


def peer_in(module, name):
    """A name of a module; the test is skipped where its version has none, and so nothing to compare with."""
    found = getattr(pytest.importorskip(module), name, None)
    if found is None:
        pytest.skip(f"this version of {module} has no {name}")
    return found


def confusion_matrix_at_thresholds(y_true, y_score, *, pos_label=None, sample_weight=None):
    """scikit-learn's; before version 1.8 from what its curves are made of."""
    ranking = pytest.importorskip("sklearn.metrics._ranking")
    if hasattr(ranking, "confusion_matrix_at_thresholds"):
        return ranking.confusion_matrix_at_thresholds(
            y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
        )
    weights = None if sample_weight is None else sample_weight[::-1]
    fps, tps, thresholds = ranking._binary_clf_curve(  # which adds up rows of equal score from the last on
        y_true[::-1], y_score[::-1], pos_label=pos_label, sample_weight=weights
    )
    return fps[-1] - fps, fps, tps[-1] - tps, tps, thresholds


def metric_at_thresholds(y_true, y_score, metric):
    """scikit-learn's; before version 1.9 by a call for each threshold."""
    metrics = pytest.importorskip("sklearn.metrics")
    if hasattr(metrics, "metric_at_thresholds"):
        return metrics.metric_at_thresholds(y_true, y_score, metric)
    thresholds = np.unique(y_score)[::-1]
    return np.array([metric(y_true, y_score >= threshold) for threshold in thresholds]), thresholds
