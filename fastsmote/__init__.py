"""fastsmote: exact, reproducible, multicore resampling for imbalanced classification.

Names are loaded on first use (PEP 562), so ``import fastsmote`` imports neither
numba nor numpy.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_MODULES = (
    "advice",
    "bootstrap",
    "borderline",
    "calibration",
    "classification",
    "cleaning",
    "datasets",
    "leakage",
    "losses",
    "metrics",
    "neighbors",
    "oversample",
    "plan",
    "priors",
    "resample",
    "select",
    "streaming",
    "thresholds",
    "undersample",
    "weights",
)

# these need packages of their own, so they are not for `import *`
_ADAPTERS = ("imblearn", "plot", "sklearn")
_HOME_IN_ADAPTERS = {
    "patch_imblearn": "imblearn._patch",
    "patch_report": "imblearn._patch",
    "patched_imblearn": "imblearn._patch",
    "unpatch_imblearn": "imblearn._patch",
}

_HOME = {
    "NeighborIndex": "neighbors",
    "nearest_neighbors": "neighbors",
    "random_over_sample": "oversample",
    "random_under_sample": "undersample",
    "smote": "oversample",
    "adasyn": "oversample",
    "smotenc": "oversample",
    "smoten": "oversample",
    "svm_smote": "borderline",
    "borderline_smote": "borderline",
    "kmeans_smote": "borderline",
    "smote_tomek": "resample",
    "smote_enn": "resample",
    "near_miss": "undersample",
    "condensed_nearest_neighbour": "undersample",
    "one_sided_selection": "undersample",
    "cluster_centroids": "undersample",
    "instance_hardness_threshold": "undersample",
    "tomek_links": "cleaning",
    "edited_nearest_neighbours": "cleaning",
    "repeated_edited_nearest_neighbours": "cleaning",
    "all_knn": "cleaning",
    "neighbourhood_cleaning_rule": "cleaning",
    "SyntheticPlan": "plan",
    "Share": "resample",
    "Sweep": "metrics",
    "confusion_sweep": "metrics",
    "precision_recall_curve": "metrics",
    "roc_curve": "metrics",
    "det_curve": "metrics",
    "average_precision_score": "metrics",
    "roc_auc_score": "metrics",
    "confusion_matrix_at_thresholds": "metrics",
    "precision_at": "metrics",
    "balanced_accuracy_score": "classification",
    "classification_report_imbalanced": "classification",
    "confusion_matrix": "classification",
    "f1_score": "classification",
    "fbeta_score": "classification",
    "geometric_mean_score": "classification",
    "macro_averaged_mean_absolute_error": "classification",
    "make_index_balanced_accuracy": "classification",
    "matthews_corrcoef": "classification",
    "precision_recall_fscore_support": "classification",
    "precision_score": "classification",
    "recall_score": "classification",
    "sensitivity_score": "classification",
    "sensitivity_specificity_support": "classification",
    "specificity_score": "classification",
    "ThresholdChoice": "thresholds",
    "best_threshold": "thresholds",
    "calibrated_threshold": "thresholds",
    "cost_threshold": "thresholds",
    "threshold_at": "thresholds",
    "StreamingSweep": "streaming",
    "BootstrapResult": "bootstrap",
    "bootstrap_difference": "bootstrap",
    "bootstrap_interval": "bootstrap",
    "Resampled": "resample",
    "StreamingCalibration": "calibration",
    "CalibrationCurve": "calibration",
    "BrierDecomposition": "calibration",
    "PlattCalibrator": "calibration",
    "IsotonicCalibrator": "calibration",
    "BetaCalibrator": "calibration",
    "TemperatureCalibrator": "calibration",
    "calibration_curve": "calibration",
    "expected_calibration_error": "calibration",
    "brier_score": "calibration",
    "brier_decomposition": "calibration",
    "log_loss": "calibration",
    "fit_platt": "calibration",
    "fit_isotonic": "calibration",
    "fit_beta": "calibration",
    "fit_temperature": "calibration",
    "PriorEstimate": "priors",
    "correct_prior": "priors",
    "correct_prior_from": "priors",
    "estimate_prior": "priors",
    "logit_offset": "priors",
    "BalancedSubsets": "weights",
    "balanced_subsets": "weights",
    "class_weights": "weights",
    "sample_weights": "weights",
    "FocalObjective": "losses",
    "cross_entropy_objective": "losses",
    "focal_loss": "losses",
    "focal_loss_derivatives": "losses",
    "weighted_cross_entropy": "losses",
    "weighted_cross_entropy_derivatives": "losses",
    "Advice": "advice",
    "advise": "advice",
    "LeakageReport": "leakage",
    "leakage_report": "leakage",
    "make_fraud": "datasets",
}

__all__ = [  # noqa: PLE0604
    "__version__",
    *_MODULES,
    *_HOME,
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name) or _HOME_IN_ADAPTERS.get(name)
    if home is not None:
        value = getattr(importlib.import_module(f"fastsmote.{home}"), name)
    elif name in _MODULES or name in _ADAPTERS:
        value = importlib.import_module(f"fastsmote.{name}")
    else:
        raise AttributeError(f"module 'fastsmote' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, *_ADAPTERS, *_HOME_IN_ADAPTERS])
