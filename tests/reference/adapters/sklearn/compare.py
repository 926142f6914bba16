"""Metrics of weighted rows by scikit-learn, and simultaneous intervals by loops."""

import numpy as np
from sklearn import metrics


def weighted(y, p, called, w, cost_fp, cost_fn):
    """All metrics of rows that count w times."""
    tp, fp = w[called & y].sum(), w[called & ~y].sum()
    edges = np.linspace(0, 1, 11)
    error = 0.0
    for i in range(10):
        low, high = edges[i], edges[i + 1]
        rows = (p <= high) & ((p > low) | (i == 0))
        error += abs((w[rows] * (y[rows] - p[rows])).sum()) / w.sum()
    return {
        "cost": cost_fp * fp + cost_fn * (w[y].sum() - tp),
        "average_precision": metrics.average_precision_score(y, p, sample_weight=w),
        "roc_auc": metrics.roc_auc_score(y, p, sample_weight=w),
        "brier": metrics.brier_score_loss(y, p, sample_weight=w),
        "log_loss": metrics.log_loss(y, p, sample_weight=w, labels=[False, True]),
        "calibration_error": error,
        "f1": metrics.f1_score(y, called, sample_weight=w, zero_division=0),
        "matthews_corrcoef": metrics.matthews_corrcoef(y, called, sample_weight=w),
    }


def intervals(found, drawn, base):
    """Of one metric, (low, high) of each method: found (n_methods,), drawn (n_resamples, n_methods)."""
    n, m = drawn.shape
    differences = [[drawn[b][j] - drawn[b][base[j]] for j in range(m)] for b in range(n)]
    errors = [np.std([row[j] for row in differences], ddof=1) for j in range(m)]
    largest = []
    for row in differences:
        relative = [
            abs(row[j] - (found[j] - found[base[j]])) / errors[j] if errors[j] else 0.0 for j in range(m)
        ]
        largest.append(max(relative))
    reach = np.quantile(largest, 0.95)
    return [
        (found[j] - found[base[j]] - reach * errors[j], found[j] - found[base[j]] + reach * errors[j])
        for j in range(m)
    ]
