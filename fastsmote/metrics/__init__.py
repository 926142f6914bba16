"""Threshold sweeps and the curves and scores read from them, with scikit-learn's signatures and values.

The functions take what scikit-learn 1.9 takes and return the same numbers; they differ in cost. Without
weights nothing is argsorted: scores are partitioned and sorted as integers in cache, on all cores;
``roc_auc_score`` and ``average_precision_score`` only look up each negative's place among the positives where
positives are few. Results are the same for any number of threads.

At every threshold ``score >= threshold`` is positive; equal scores share one threshold, and -0.0 equals
0.0. Scores may be float16, float32, float64, integer or bool, in any column (NumPy, list, pandas,
polars, pyarrow); labels bool, integer, integral float or string. Inputs are never written to.
"""

from fastsmote._metrics.cut_point import CutPoint
from fastsmote._metrics.sweep import Sweep
from fastsmote._metrics.undefined import UndefinedMetricWarning
from fastsmote.metrics._areas import average_precision_score, roc_auc_score
from fastsmote.metrics._curves import (
    confusion_matrix_at_thresholds,
    confusion_sweep,
    det_curve,
    precision_at,
    precision_recall_curve,
    roc_curve,
)

__all__ = [
    "CutPoint",
    "Sweep",
    "UndefinedMetricWarning",
    "average_precision_score",
    "confusion_matrix_at_thresholds",
    "confusion_sweep",
    "det_curve",
    "precision_at",
    "precision_recall_curve",
    "roc_auc_score",
    "roc_curve",
]
