"""Dask arrays of 16 chunks on threads, beside the function of the same name on one array."""

from operator import attrgetter

import numpy as np

from .common import found, fraud, later, sizes

fastsmote = later("fastsmote")
_GROWING = ["random_over_sample", "smote", "smotenc", "adasyn", "borderline_smote"]
_OTHERS = ["near_miss", "tomek_links", "edited_nearest_neighbours", "neighbourhood_cleaning_rule"]
_COMBINED = ["smote_tomek", "smote_enn"]
_METHODS = (*_GROWING, "random_under_sample", *_OTHERS, *_COMBINED)
_DECISIONS = tuple(f"{'plan' if name in _GROWING else 'select'}.{name}" for name in _METHODS)


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
        self.options = {} if name in _OTHERS else {"random_state": 0}
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
