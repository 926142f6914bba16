"""Dask arrays of 16 chunks on threads, beside the function of the same name on one array."""

import numpy as np

from .common import found, fraud, later, sizes

fastsmote = later("fastsmote")
_GROWING = ["random_over_sample", "smote", "smotenc", "adasyn", "borderline_smote"]
_OTHERS = ["near_miss", "tomek_links", "edited_nearest_neighbours", "neighbourhood_cleaning_rule"]


class Partitions:
    """0.173 % of the rows are rare."""

    covers = tuple(f"dask.{name}" for name in (*_GROWING, "random_under_sample", *_OTHERS))
    reference = "the function for tables in memory"
    params = (
        ["fastsmote.dask", "fastsmote"],
        [*_GROWING, "random_under_sample", *_OTHERS],
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
        self.options = {} if method in _OTHERS else {"random_state": 0}
        if method == "smotenc":
            self.options["categorical_features"] = [0]

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
