"""Dask arrays of 16 chunks on threads, beside the function of the same name on arrays in memory."""

from operator import attrgetter

import numpy as np

from .common import found, fraud, later, sizes

fastsmote = later("fastsmote")
_GROWING = ["random_over_sample", "smote", "smotenc", "adasyn", "borderline_smote"]
_OTHERS = ["near_miss", "tomek_links", "edited_nearest_neighbours", "neighbourhood_cleaning_rule"]
_COMBINED = ["smote_tomek", "smote_enn"]
_METHODS = (*_GROWING, "random_under_sample", *_OTHERS, *_COMBINED)
_PAIRS = "select.tomek_link_pairs"
_DECISIONS = (*(f"{'plan' if name in _GROWING else 'select'}.{name}" for name in _METHODS), _PAIRS)


class Partitions:
    """0.173 % of the rows are rare."""

    covers = tuple(f"dask.{name}" for name in _METHODS)
    reference = "the function for tables in memory"
    params = (
        ["fastsmote.dask", "fastsmote"],
        list(_METHODS),
        sizes(20_000, 1_000_000),
    )
    param_names = ("library", "method", "rows")
    timeout = 900

    def setup(self, library, method, rows):
        found("fastsmote.dask")
        X, y = fraud(rows, 30, 0.00173)
        self.X, self.y = np.ascontiguousarray(X, np.float32), y
        array, size = found("dask.array"), -(-rows // 16)
        self.parts = array.from_array(self.X, (size, -1)), array.from_array(self.y, size)
        name = method.rpartition(".")[2]
        self.options = {} if method == _PAIRS or name in _OTHERS else {"random_state": 0}
        if name == "smotenc":
            self.options["categorical_features"] = [0]
        if name in _COMBINED:
            self.options["sampling_strategy"] = 0.05  # new rows are held in memory

    def _run(self, library, method):
        if library == "fastsmote":
            return getattr(fastsmote, method)(self.X, self.y, **self.options)
        lazy = getattr(found("fastsmote.dask"), method)(*self.parts, **self.options)
        return found("dask").compute(*lazy)

    def time_resample(self, library, method, rows):
        self._run(library, method)

    def track_values_that_differ(self, library, method, rows):
        """Of the features and labels, from those in memory."""
        pairs = zip(self._run("fastsmote.dask", method), self._run("fastsmote", method), strict=True)
        return sum(int((a != b).sum()) for a, b in pairs)


class Decisions(Partitions):
    """The same, without the rows."""

    covers = tuple(f"dask.{name}" for name in _DECISIONS)
    params = (["fastsmote.dask", "fastsmote"], list(_DECISIONS), sizes(20_000, 1_000_000))

    def _run(self, library, method):
        if library == "fastsmote":
            return attrgetter(method)(fastsmote)(self.X, self.y, **self.options)
        return attrgetter(method)(found("fastsmote.dask"))(*self.parts, **self.options).compute()

    def track_values_that_differ(self, library, method, rows):
        """Of the numbers of rows, from those in memory."""
        actual, expected = self._run("fastsmote.dask", method), self._run("fastsmote", method)
        if method.startswith("plan."):
            actual, expected = (np.append(made.base, made.neighbor) for made in (actual, expected))
        return int((actual != expected).sum())


_SWEPT = ["confusion_sweep", "precision_recall_curve", "roc_curve", "det_curve"]
_AREAS = ["roc_auc_score", "average_precision_score"]
_CALIBRATED = [
    "calibration_curve",
    "expected_calibration_error",
    "brier_score",
    "brier_decomposition",
    "log_loss",
]
_STREAMS = {"streaming_sweep": "StreamingSweep", "streaming_calibration": "StreamingCalibration"}
_SCORES = [*_SWEPT, *_AREAS, *_CALIBRATED, *_STREAMS, "class_weights", "estimate_prior"]


class ScoresInPartitions:
    """0.173 % of the rows are positive."""

    covers = tuple(f"dask.{name}" for name in _SCORES)
    reference = "the function for rows in memory"
    params = (["fastsmote.dask", "fastsmote"], _SCORES, sizes(20_000, 10_000_000))
    param_names = ("library", "function", "rows")
    timeout = 900

    def setup(self, library, function, rows):
        found("fastsmote.dask", "roc_auc_score")
        rng = np.random.default_rng(0)
        labels = (rng.random(rows) < 0.00173).astype(np.int64)
        scores = np.clip((rng.random(rows) + labels) / 2, 0, 1)
        arrays = {"class_weights": [labels], "estimate_prior": [scores]}.get(function, [labels, scores])
        if library == "fastsmote.dask":
            array = found("dask.array")
            arrays = [array.from_array(one, -(-rows // 16)) for one in arrays]
        self.given = [*arrays, 0.5] if function == "estimate_prior" else arrays

    def _run(self, library, function):
        if library == "fastsmote.dask":
            return getattr(found("fastsmote.dask"), function)(*self.given)
        if function in _STREAMS:
            return getattr(fastsmote, _STREAMS[function])().update(*self.given)
        return getattr(fastsmote, function)(*self.given)

    def time_scores(self, library, function, rows):
        self._run(library, function)


class _TwoParts:
    """A fifth of the rows are the test part, and a thousandth of these equal a train row."""

    params = (["fastsmote.dask", "fastsmote"], sizes(20_000, 1_000_000))
    param_names = ("library", "rows")
    timeout = 900
    are_near = False  # as many others

    def setup(self, library, rows):
        found("fastsmote.dask", self.covers[0].removeprefix("dask."))
        X, _ = fraud(rows, 30, 0.00173)
        train, test = X[rows // 5 :], X[: rows // 5].copy()
        test[::1000] = train[: len(test[::1000])]
        if self.are_near:
            test[1::1000] = train[: len(test[1::1000])] * (1 + 1e-6)
        self.parts = train, test
        if library == "fastsmote.dask":
            self.parts = tuple(found("dask.array").from_array(X, (-(-len(X) // 16), -1)) for X in self.parts)


class LeaksInPartitions(_TwoParts):
    """Rows of the test part that equal a train row, and as many that are near one."""

    covers = ("dask.leakage_report",)
    reference = "the function for rows in memory"
    are_near = True

    def time_leakage_report(self, library, rows):
        module = fastsmote if library == "fastsmote" else found("fastsmote.dask")
        module.leakage_report(*self.parts)


class EqualRowsInPartitions(_TwoParts):
    """Rows of the test part that equal a train row."""

    covers = ("dask.equal_rows",)
    reference = "the function for rows in memory, which looks for more"

    def time_equal_rows(self, library, rows):
        if library == "fastsmote":
            fastsmote.leakage_report(*self.parts)
        else:
            found("fastsmote.dask").equal_rows(*self.parts)
