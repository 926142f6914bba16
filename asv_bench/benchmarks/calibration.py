"""Calibration curves, scores and calibrators, against scikit-learn's."""

import functools

import numpy as np

from .common import found, later, sizes

ours = later("fastsmote.calibration")
theirs = later("sklearn.calibration")
metrics = later("sklearn.metrics")


@functools.lru_cache(maxsize=2)
def outcomes(n):
    """Labels, probabilities that are right, scores, and weights."""
    rng = np.random.default_rng(0)
    p = rng.beta(1, 30, n)
    y = (rng.random(n) < p).astype(np.int64)
    y[:2] = 0, 1
    return y, p, rng.normal(size=n) + 2 * y, rng.random(n) + 0.5


class _Rows:
    params = (sizes(10_000, 1_000_000, 10_000_000),)
    param_names = ("n",)

    def setup(self, n):
        self.y, self.p, self.score, self.weights = outcomes(n)


class Curve(_Rows):
    covers = ("calibration_curve",)
    reference = "scikit-learn"
    params = (*_Rows.params, ["uniform", "quantile"])
    param_names = ("n", "strategy")

    def setup(self, n, strategy):
        super().setup(n)
        ours.calibration_curve(self.y, self.p, strategy=strategy)

    def time_ours(self, n, strategy):
        ours.calibration_curve(self.y, self.p, strategy=strategy)

    def time_ours_weighted(self, n, strategy):
        ours.calibration_curve(self.y, self.p, strategy=strategy, sample_weight=self.weights)

    def time_sklearn(self, n, strategy):
        theirs.calibration_curve(self.y, self.p, n_bins=10, strategy=strategy)

    def peakmem_ours(self, n, strategy):
        ours.calibration_curve(self.y, self.p, strategy=strategy)

    def peakmem_sklearn(self, n, strategy):
        theirs.calibration_curve(self.y, self.p, n_bins=10, strategy=strategy)

    def track_error(self, n, strategy):
        actual = ours.calibration_curve(self.y, self.p, strategy=strategy)[:2]
        expected = theirs.calibration_curve(self.y, self.p, n_bins=10, strategy=strategy)
        return max(np.abs(a - b).max() for a, b in zip(actual, expected, strict=True))


class Scores(_Rows):
    covers = ("brier_score", "log_loss")
    reference = "scikit-learn"

    def time_brier_score(self, n):
        ours.brier_score(self.y, self.p)

    def time_brier_score_sklearn(self, n):
        metrics.brier_score_loss(self.y, self.p)

    def time_log_loss(self, n):
        ours.log_loss(self.y, self.p)

    def time_log_loss_sklearn(self, n):
        metrics.log_loss(self.y, self.p)

    def track_error(self, n):
        return max(
            abs(ours.brier_score(self.y, self.p) - metrics.brier_score_loss(self.y, self.p)),
            abs(ours.log_loss(self.y, self.p) - metrics.log_loss(self.y, self.p)),
        )


class BinnedScores(_Rows):
    covers = ("expected_calibration_error", "brier_decomposition")
    reference = None

    def time_expected_calibration_error(self, n):
        ours.expected_calibration_error(self.y, self.p, debiased=True)

    def time_brier_decomposition(self, n):
        ours.brier_decomposition(self.y, self.p)


class Stream(_Rows):
    """Chunks counted in bins, and what is read off them."""

    covers = (
        "StreamingCalibration",
        "StreamingCalibration.update",
        "StreamingCalibration.merge",
        "StreamingCalibration.compute",
        "StreamingCalibration.brier_score",
        "StreamingCalibration.brier_decomposition",
        "StreamingCalibration.expected_calibration_error",
        "StreamingCalibration.log_loss",
        "StreamingCalibration.to_bytes",
        "StreamingCalibration.from_bytes",
    )
    reference = None

    def setup(self, n):
        super().setup(n)
        self.stream = ours.StreamingCalibration().update(self.y, self.p)

    def time_update(self, n):
        self.stream.update(self.y, self.p)

    def time_merge(self, n):
        ours.StreamingCalibration().merge(self.stream)

    def time_compute(self, n):
        self.stream.compute()

    def time_scores(self, n):
        self.stream.brier_score()
        self.stream.brier_decomposition()
        self.stream.expected_calibration_error()
        self.stream.log_loss()

    def time_to_and_from_bytes(self, n):
        ours.StreamingCalibration.from_bytes(self.stream.to_bytes())

    def peakmem_update(self, n):
        self.stream.update(self.y, self.p)

    def track_error(self, n):
        """Largest distance from scikit-learn's scores."""
        return max(
            abs(self.stream.brier_score() - metrics.brier_score_loss(self.y, self.p)),
            abs(self.stream.log_loss() - metrics.log_loss(self.y, self.p)),
        )


FITS = {
    "platt": ("sklearn.calibration", "_SigmoidCalibration", {}),
    "isotonic": ("sklearn.isotonic", "IsotonicRegression", {"out_of_bounds": "clip"}),
    "temperature": ("sklearn.calibration", "_TemperatureScaling", {}),
}


class Fit(_Rows):
    covers = (
        "fit_platt",
        "fit_isotonic",
        "fit_temperature",
        "PlattCalibrator",
        "IsotonicCalibrator",
        "TemperatureCalibrator",
    )
    reference = "scikit-learn"
    params = (sizes(10_000, 1_000_000), list(FITS))
    param_names = ("n", "method")

    def setup(self, n, method):
        super().setup(n)
        self.fit = getattr(ours, f"fit_{method}")
        module, name, options = FITS[method]
        self.estimator = found(module, name)(**options)
        self.calibrator = self.fit(self.y, self.score)

    def _reference(self):
        return self.estimator.fit(self.score, self.y)

    def time_ours(self, n, method):
        self.fit(self.y, self.score)

    def time_sklearn(self, n, method):
        self._reference()

    def time_predict(self, n, method):
        self.calibrator(self.score)

    def peakmem_ours(self, n, method):
        self.fit(self.y, self.score)

    def track_error(self, n, method):
        """Largest distance to scikit-learn's probabilities."""
        expected = self._reference().predict(self.score)
        expected = expected[:, 1] if expected.ndim == 2 else expected
        return float(np.abs(self.calibrator(self.score) - expected).max())


class FitBeta(_Rows):
    """Which scikit-learn does not have."""

    covers = ("fit_beta", "BetaCalibrator")
    reference = None
    params = (sizes(10_000, 1_000_000),)

    def setup(self, n):
        super().setup(n)
        ours.fit_beta(self.y, self.p)

    def time_ours(self, n):
        ours.fit_beta(self.y, self.p)

    def peakmem_ours(self, n):
        ours.fit_beta(self.y, self.p)


class FitVennAbers(_Rows):
    """Intervals, which scikit-learn does not have."""

    covers = ("fit_venn_abers", "VennAbersCalibrator", "VennAbersCalibrator.interval")
    reference = None
    params = (sizes(10_000, 1_000_000),)

    def setup(self, n):
        super().setup(n)
        self.calibrator = ours.fit_venn_abers(self.y, self.score)

    def time_fit(self, n):
        ours.fit_venn_abers(self.y, self.score)

    def time_interval(self, n):
        self.calibrator.interval(self.score)

    def peakmem_fit(self, n):
        ours.fit_venn_abers(self.y, self.score)
