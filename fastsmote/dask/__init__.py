"""Dask arrays and frames, resampled and measured where their partitions are, as one piece would be.

Needs dask and distributed: ``pip install "fastsmote[dask]"``.

At the call the labels are computed once, and only counts come back. All else is a graph: partitions come out
in their order, followed by partitions of new rows. The rows of the smaller classes are gathered by a task, so
that a worker that is lost is made up for by Dask. Draws depend on the seed and row numbers, so that no result
depends on the partitions, on the workers, or on how often a task was run. Compute X and y in one call,
``dask.compute(X_resampled, y_resampled)``, or keep them on the workers with ``dask.persist``: two calls do
the work twice. Samplers of two passes or more hold the partitions on the workers in between.

:mod:`fastsmote.dask.select` and :mod:`fastsmote.dask.plan` give the decisions alone.

Scores, curves and weights of classes (``roc_auc_score``, ``calibration_curve``, ``class_weights``, ...) are
computed at the call, as numbers and NumPy arrays: they take labels and scores as Dask's arrays, or as names
of columns of ``frame=``. So are ``leakage_report`` and ``equal_rows`` of two parts.
"""

from typing import TYPE_CHECKING

from fastsmote._core.extras import require

require("dask", "fastsmote.dask", "dask", "distributed", "pandas")

from fastsmote.dask import plan, select
from fastsmote.dask._absent import absent
from fastsmote.dask._clean import edited_nearest_neighbours, neighbourhood_cleaning_rule, tomek_links
from fastsmote.dask._combine import smote_enn, smote_tomek
from fastsmote.dask._leakage import equal_rows, leakage_report
from fastsmote.dask._metrics import (
    average_precision_score,
    confusion_sweep,
    det_curve,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
    streaming_sweep,
)
from fastsmote.dask._over import adasyn, borderline_smote, random_over_sample, smote, smotenc
from fastsmote.dask._probabilities import (
    brier_decomposition,
    brier_score,
    calibration_curve,
    class_weights,
    estimate_prior,
    expected_calibration_error,
    log_loss,
    streaming_calibration,
)
from fastsmote.dask._under import near_miss, random_under_sample

__all__ = [
    "adasyn",
    "average_precision_score",
    "borderline_smote",
    "brier_decomposition",
    "brier_score",
    "calibration_curve",
    "class_weights",
    "confusion_sweep",
    "det_curve",
    "edited_nearest_neighbours",
    "equal_rows",
    "estimate_prior",
    "expected_calibration_error",
    "leakage_report",
    "log_loss",
    "near_miss",
    "neighbourhood_cleaning_rule",
    "plan",
    "precision_recall_curve",
    "random_over_sample",
    "random_under_sample",
    "roc_auc_score",
    "roc_curve",
    "select",
    "smote",
    "smote_enn",
    "smote_tomek",
    "smotenc",
    "streaming_calibration",
    "streaming_sweep",
    "tomek_links",
]

if not TYPE_CHECKING:  # a type checker would take any name

    def __getattr__(name: str) -> object:
        raise absent(__name__, name)
