"""One of every public object that can be pickled, how it is made, and what it answers."""

import importlib.util
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse

import fastsmote
from fastsmote import plan
from fastsmote.streaming import PositiveRanking

FOLDER = Path(__file__).parent / "recorded" / "pickles"
with np.load(FOLDER / "data.npz") as _data:
    X, y, P, WEIGHT = (_data[name] for name in ("X", "y", "P", "WEIGHT"))  # rows, labels, scores, weights
    CODED, WORDS = _data["CODED"], _data["WORDS"]  # X and a column of codes, two columns of words
LOGITS = np.log(P / (1 - P))
SPARSE = scipy.sparse.csr_array(X)
CURVE = ("prob_true", "prob_pred", "low", "high", "counts", "edges")


class Example(NamedTuple):
    make: Callable[[], Any]
    use: Callable[[Any], Any]  # numbers that tell whether a copy does what the object does


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


def _of_plan(data: Any) -> Callable[[Any], Any]:
    return lambda made: [made, made.rows(data)]


def _resampled(resampled: Any) -> Any:
    return [tuple(resampled), resampled.counts_before, resampled.counts_after]


def _swept(stream: Any) -> Any:
    return [tuple(stream.compute()), stream.roc_auc_bounds(), stream.average_precision_bounds()]


def _of_curve(curve: Any) -> Any:
    return [getattr(curve, name) for name in CURVE]


def _calibrated(stream: Any) -> Any:
    return [stream.brier_score(), stream.log_loss(), _of_curve(stream.compute())]


def _searched(index: Any) -> Any:
    return index.query(X[:7] + 0.5, n_neighbors=3)


def _gradients(objective: Any) -> Any:
    return objective(y, LOGITS)


CORE = {
    "plan.smote": Example(lambda: plan.smote(X, y, random_state=0), _of_plan(X)),
    "plan.random_over_sample-smoothed": Example(
        lambda: plan.random_over_sample(X, y, shrinkage=0.3, random_state=0), _of_plan(X)
    ),
    "plan.smotenc": Example(
        lambda: plan.smotenc(CODED, y, categorical_features=[4], random_state=0), _of_plan(CODED)
    ),
    "plan.smoten": Example(lambda: plan.smoten(WORDS, y, random_state=0), _of_plan(WORDS)),
    "plan.smote-rules": Example(
        lambda: plan.smote(X, y, columns={0: "integer", 1: "immutable", 2: (None, 3.0)}, random_state=0),
        _of_plan(X),
    ),
    "plan.smote-sparse": Example(lambda: plan.smote(SPARSE, y, random_state=0), _of_plan(SPARSE)),
    "plan.smote-words": Example(
        lambda: plan.smote(X, np.array(["no", "yes"])[y], random_state=0), _of_plan(X)
    ),
    "Resampled": Example(lambda: fastsmote.smote(X, y, random_state=0), _resampled),
    "Resampled-weights": Example(
        lambda: fastsmote.smote(X, y, sample_weight=WEIGHT, return_weights=True, random_state=0), _resampled
    ),
    "Share": Example(lambda: fastsmote.Share(0.3), lambda share: share.share),
    "Prior": Example(lambda: fastsmote.Prior({1: 0.2}), lambda prior: prior.share),
    "Sweep": Example(lambda: fastsmote.confusion_sweep(y, P), lambda sweep: [*sweep, sweep.recall]),
    "ThresholdChoice": Example(lambda: fastsmote.best_threshold(fastsmote.confusion_sweep(y, P)), list),
    "CutPoint": Example(lambda: fastsmote.confusion_sweep(y, P).at(0.5), list),
    "Savings": Example(lambda: fastsmote.savings(y, P > 0.5, cost_fp=1, cost_fn=9), list),
    "VennAbersCalibrator": Example(
        lambda: fastsmote.fit_venn_abers(y, P), lambda fit: [fit(P), *fit.interval(P)]
    ),
    "StreamingSweep": Example(lambda: _stream(False), _swept),
    "StreamingSweep-weighted": Example(lambda: _stream(True), _swept),
    "RefinedSweep": Example(
        _refined, lambda sweep: [sweep.roc_auc_bounds(), sweep.average_precision_bounds()]
    ),
    "PositiveRanking": Example(
        lambda: PositiveRanking(P[y == 1]).update(y, P), lambda ranking: ranking.roc_auc_score()
    ),
    "StreamingCalibration": Example(lambda: _calibration(False), _calibrated),
    "StreamingCalibration-weighted": Example(lambda: _calibration(True), _calibrated),
    "CalibrationCurve": Example(lambda: fastsmote.calibration_curve(y, P), _of_curve),
    "BrierDecomposition": Example(lambda: fastsmote.brier_decomposition(y, P), list),
    "PlattCalibrator": Example(lambda: fastsmote.fit_platt(y, LOGITS), lambda fit: fit(LOGITS)),
    "IsotonicCalibrator": Example(lambda: fastsmote.fit_isotonic(y, P), lambda fit: fit(P)),
    "BetaCalibrator": Example(lambda: fastsmote.fit_beta(y, P), lambda fit: fit(P)),
    "TemperatureCalibrator": Example(lambda: fastsmote.fit_temperature(y, LOGITS), lambda fit: fit(LOGITS)),
    "NeighborIndex": Example(lambda: fastsmote.NeighborIndex(X), _searched),
    "NeighborIndex-classes": Example(
        lambda: fastsmote.NeighborIndex(X, y), lambda index: [_searched(index), index.own_class_first(3)]
    ),
    "ValueDifferenceMetric": Example(
        lambda: fastsmote.ValueDifferenceMetric().fit(CODED[:, [4]], y),
        lambda made: made.pairwise(CODED[:9, [4]]),
    ),
    "BalancedSubsets": Example(_subsets, list),
    "PriorEstimate": Example(lambda: fastsmote.estimate_prior(np.column_stack([1 - P, P]), [0.5, 0.5]), list),
    "Advice": Example(lambda: fastsmote.advise(X, y), str),
    "LeakageReport": Example(
        lambda: fastsmote.leakage_report(X[:200], X[190:], y_train=y[:200], y_test=y[190:]), str
    ),
    "BootstrapResult": Example(
        lambda: fastsmote.bootstrap_interval(y, P, n_resamples=20, random_state=0),
        list,
    ),
    "FocalObjective": Example(fastsmote.FocalObjective, _gradients),
    "FocalObjective-classes": Example(
        lambda: fastsmote.cross_entropy_objective({0: 1.0, 1: 2.0}), _gradients
    ),
}
STREAMS = (
    "StreamingSweep",
    "StreamingSweep-weighted",
    "StreamingCalibration",
    "StreamingCalibration-weighted",
)

ADAPTED: dict[str, Example] = {}  # these pickle as scikit-learn's estimators do, so none of them is stored
if importlib.util.find_spec("imblearn") and importlib.util.find_spec("sklearn"):
    from sklearn.linear_model import LogisticRegression

    import fastsmote.imblearn
    import fastsmote.sklearn

    def _fitted(name: str, *arguments: Any) -> Any:
        sampler = getattr(fastsmote.imblearn, name)(*arguments)
        sampler.fit_resample(CODED, y)
        return sampler

    def _again(sampler: Any) -> Any:
        if hasattr(sampler, "random_state"):
            sampler.set_params(random_state=0)
        return sampler.fit_resample(CODED, y)

    def _parameters(sampler: Any) -> Any:
        return sampler.get_params()["k_neighbors"]

    def _predicting(model: Any) -> Example:
        return Example(
            lambda: model.set_params(random_state=0).fit(X, y), lambda model: model.predict_proba(X)
        )

    def _named(name: str) -> Example:
        arguments = ([4],) if name == "SMOTENC" else ()
        return Example(lambda: _fitted(name, *arguments), _again)

    ADAPTED = {
        **{
            f"imblearn.{name}": _named(name)
            for name in fastsmote.imblearn.__all__
            if name != "KMeansSMOTE" and not name.endswith("Classifier")
        },
        **{
            f"imblearn.{name}": _predicting(getattr(fastsmote.imblearn, name)(n_estimators=2))
            for name in fastsmote.imblearn.__all__
            if name.endswith("Classifier")
        },
        **{
            f"sklearn.{name}": _predicting(getattr(fastsmote.sklearn, name)(n_estimators=2))
            for name in (
                "BalanceCascadeClassifier",
                "BalancedBaggingClassifier",
                "EasyEnsembleClassifier",
                "SelfPacedEnsembleClassifier",
            )
        },
        "sklearn.ResampledClassifier": _predicting(
            fastsmote.sklearn.ResampledClassifier(LogisticRegression(), "smote", random_state=0)
        ),
        "sklearn.Comparison": Example(
            lambda: fastsmote.compare(X, y, samplers=["smote"], cv=2, random_state=0),
            lambda comparison: [comparison.raw, comparison.corrected],
        ),
        "sklearn.InstanceHardnessCV": Example(
            lambda: fastsmote.sklearn.InstanceHardnessCV(LogisticRegression()),
            lambda folds: [test for _, test in folds.split(X, y)],
        ),
        "imblearn.KMeansSMOTE": Example(fastsmote.imblearn.KMeansSMOTE, _parameters),
        "patch_report": Example(
            lambda: [_fitted("TomekLinks"), fastsmote.patch_report()][1], lambda report: report.patched
        ),
        "sklearn.NearestNeighbors": Example(
            lambda: fastsmote.sklearn.NearestNeighbors(n_neighbors=3).fit(X),
            lambda model: model.kneighbors(X),
        ),
        "sklearn.KNeighborsTransformer": Example(
            lambda: fastsmote.sklearn.KNeighborsTransformer(n_neighbors=3).fit(X),
            lambda model: model.transform(X),
        ),
        "sklearn.ThresholdClassifier": Example(
            lambda: fastsmote.sklearn.ThresholdClassifier(LogisticRegression()).fit(X, y),
            lambda model: model.predict(X),
        ),
        "sklearn.PriorCorrectedClassifier": Example(
            lambda: fastsmote.sklearn.PriorCorrectedClassifier(
                LogisticRegression(), fastsmote.imblearn.SMOTE(random_state=0)
            ).fit(X, y),
            lambda model: model.predict_proba(X),
        ),
    }

if importlib.util.find_spec("matplotlib"):
    from matplotlib.figure import Figure

    import fastsmote.plot

    def _display(name: str) -> Example:
        """Before it is drawn; how figures are pickled is matplotlib's."""
        display = getattr(fastsmote.plot, name)
        return Example(
            lambda: display(display.from_predictions(y, P, ax=Figure().add_subplot()).data),
            lambda made: [
                line.get_xydata() for line in display(made.data).plot(Figure().add_subplot()).ax_.lines
            ],
        )

    ADAPTED |= {f"plot.{name}": _display(name) for name in fastsmote.plot.__all__ if name.endswith("Display")}
    del ADAPTED["plot.CurveDisplay"]  # what they share


def make(example: Example) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return example.make()
