"""One of every public object, small and made anew at each call: what pickles and stored fixtures are made of."""

import importlib.util
import warnings
from typing import Any

import numpy as np
import scipy.sparse

import fastsmote
from fastsmote import plan
from fastsmote.streaming import PositiveRanking

_rng = np.random.default_rng(12)
X, y = fastsmote.make_fraud(300, fraud_rate=0.1, random_state=0)
X = np.round(X[:, :4], 3)
P = np.round(np.clip(0.4 * y + 0.5 * _rng.random(300), 0.01, 0.99), 3)
WEIGHT = np.round(_rng.random(300) + 0.5, 2)
CODED = np.column_stack([X, _rng.integers(0, 3, 300)])
WORDS = np.array(["low", "mid", "high"])[_rng.integers(0, 3, (300, 2))]


def _stream(weighted: bool) -> fastsmote.StreamingSweep:
    stream = fastsmote.StreamingSweep()
    return stream.update(y, P, sample_weight=WEIGHT if weighted else None)


def _refined() -> Any:
    return _stream(True).refine().update(y, P, sample_weight=WEIGHT)


def _calibration(weighted: bool) -> fastsmote.StreamingCalibration:
    stream = fastsmote.StreamingCalibration(n_bins=7)
    return stream.update(y, P, sample_weight=WEIGHT if weighted else None)


def _subsets() -> fastsmote.BalancedSubsets:
    subsets = fastsmote.balanced_subsets(y, 3, random_state=0)
    assert len(subsets[1])  # a round is dealt
    return subsets


def _leakage() -> fastsmote.LeakageReport:
    return fastsmote.leakage_report(X[:200], X[190:], y_train=y[:200], y_test=y[190:])


def _calibrators() -> dict[str, Any]:
    logits = np.log(P / (1 - P))
    return {
        "fit_platt": lambda: fastsmote.fit_platt(y, logits),
        "fit_isotonic": lambda: fastsmote.fit_isotonic(y, P),
        "fit_beta": lambda: fastsmote.fit_beta(y, P),
        "fit_temperature": lambda: fastsmote.fit_temperature(y, logits),
        "fit_temperature of classes": lambda: fastsmote.fit_temperature(
            y, np.column_stack([-logits, logits]), labels=[0, 1]
        ),
    }


OBJECTS: dict[str, Any] = {
    "plan.smote": lambda: plan.smote(X, y, random_state=0),
    "plan.random_over_sample, smoothed": lambda: plan.random_over_sample(X, y, shrinkage=0.3, random_state=0),
    "plan.smotenc": lambda: plan.smotenc(CODED, y, categorical_features=[4], random_state=0),
    "plan.smoten": lambda: plan.smoten(WORDS, y, random_state=0),
    "plan with rules": lambda: plan.smote(
        X, y, columns={0: "integer", 1: "immutable", 2: (None, 3.0)}, random_state=0
    ),
    "plan of a sparse X": lambda: plan.smote(scipy.sparse.csr_array(X), y, random_state=0),
    "plan of words": lambda: plan.smote(X, np.array(["no", "yes"])[y], random_state=0),
    "Resampled": lambda: fastsmote.smote(X, y, random_state=0),
    "Resampled with weights": lambda: fastsmote.smote(
        X, y, sample_weight=WEIGHT, return_weights=True, random_state=0
    ),
    "Share": lambda: fastsmote.Share(0.3),
    "Sweep": lambda: fastsmote.confusion_sweep(y, P),
    "ThresholdChoice": lambda: fastsmote.best_threshold(fastsmote.confusion_sweep(y, P)),
    "StreamingSweep": lambda: _stream(False),
    "StreamingSweep, weighted": lambda: _stream(True),
    "RefinedSweep": _refined,
    "PositiveRanking": lambda: PositiveRanking(P[y == 1]).update(y, P),
    "StreamingCalibration": lambda: _calibration(False),
    "StreamingCalibration, weighted": lambda: _calibration(True),
    "CalibrationCurve": lambda: fastsmote.calibration_curve(y, P),
    "BrierDecomposition": lambda: fastsmote.brier_decomposition(y, P),
    **_calibrators(),
    "NeighborIndex": lambda: fastsmote.NeighborIndex(X),
    "NeighborIndex of classes": lambda: fastsmote.NeighborIndex(X, y),
    "BalancedSubsets": _subsets,
    "PriorEstimate": lambda: fastsmote.estimate_prior(np.column_stack([1 - P, P]), [0.5, 0.5]),
    "Advice": lambda: fastsmote.advise(X, y),
    "LeakageReport": _leakage,
    "BootstrapResult": lambda: fastsmote.bootstrap_interval(y, P, n_resamples=20, random_state=0),
    "FocalObjective": fastsmote.FocalObjective,
    "FocalObjective of classes": lambda: fastsmote.cross_entropy_objective({0: 1.0, 1: 2.0}),
}
if importlib.util.find_spec("imblearn") and importlib.util.find_spec("sklearn"):
    import sklearn.linear_model

    import fastsmote.imblearn
    import fastsmote.sklearn

    OBJECTS |= {
        "patch_report": lambda: fastsmote.patch_report(),
        **{
            f"imblearn.{name}": getattr(fastsmote.imblearn, name)
            for name in fastsmote.imblearn.__all__
            if name != "SMOTENC"
        },
        "imblearn.SMOTENC": lambda: fastsmote.imblearn.SMOTENC([4]),
        "imblearn.SMOTE, fitted": lambda: _fitted(fastsmote.imblearn.SMOTE(random_state=0)),
        "sklearn.NearestNeighbors": lambda: fastsmote.sklearn.NearestNeighbors(3).fit(X),
        "sklearn.KNeighborsTransformer": lambda: fastsmote.sklearn.KNeighborsTransformer(n_neighbors=3).fit(
            X
        ),
        "sklearn.ThresholdClassifier": lambda: fastsmote.sklearn.ThresholdClassifier(
            sklearn.linear_model.LogisticRegression()
        ).fit(X, y),
        "sklearn.PriorCorrectedClassifier": lambda: fastsmote.sklearn.PriorCorrectedClassifier(
            sklearn.linear_model.LogisticRegression(), fastsmote.imblearn.SMOTE(random_state=0)
        ).fit(X, y),
    }


def _fitted(sampler: Any) -> Any:
    sampler.fit_resample(X, y)
    return sampler


def make(name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return OBJECTS[name]()
