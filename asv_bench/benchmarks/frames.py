"""Frames in and out: of pandas, polars and pyarrow, beside imbalanced-learn, and what memory they take."""

from functools import cache, partial

import numpy as np

from .common import found, fraud, later, peak_of, sizes

fastsmote = later("fastsmote")


def _frame(container, X):
    """X in a container, column by column."""
    columns = {f"c{j}": np.ascontiguousarray(column) for j, column in enumerate(X.T)}
    if container == "array":
        return X
    if container != "pandas":
        library = found(container)
        return library.table(columns) if container == "pyarrow" else library.DataFrame(columns)
    return found("pandas").DataFrame(columns).copy()


def _mixed(X, words):
    """Floats, every third column of integers, every fifth of bools, and one of words if they may be."""
    pandas = found("pandas")
    frame = _frame("pandas", X)
    for j in range(0, X.shape[1], 3):
        frame[f"c{j}"] = np.rint(10 * X[:, j]).astype(np.int64)
    for j in range(0, X.shape[1], 5):
        frame[f"c{j}"] = X[:, j] > 0
    if words:
        codes = (np.abs(10 * X[:, 5]) % 3).astype(int)
        frame["c5"] = pandas.Categorical.from_codes(codes, ["a", "b", "c"])
    return frame.copy()


def _column(container, y):
    """The labels as a column of the same library."""
    if container == "pyarrow":
        return found("pyarrow").array(y)
    return found(container.split(",")[0]).Series(y)


def _table(container, rows):
    X, y = fraud(rows, 30, 0.05)
    make = partial(_mixed, words=False) if container == "pandas, mixed" else partial(_frame, container)
    return make(X), _column(container, y)


_SEED = {"random_state": 0}
# Our function, its arguments; the class of imbalanced-learn, its arguments.
_SAMPLERS = {
    "smote": (_SEED, "over_sampling.SMOTE", _SEED),
    "tomek_links": ({}, "under_sampling.TomekLinks", {"n_jobs": -1}),
    "random_under_sample": (_SEED, "under_sampling.RandomUnderSampler", _SEED),
}


def _by_way_of_pandas(resample, container):
    """imbalanced-learn knows frames of pandas: others go there, and come back."""

    def call(X, y):
        X, y = resample(X.to_pandas(), y.to_pandas())
        if container == "polars":
            from_pandas = found("polars").from_pandas
            return from_pandas(X), from_pandas(y)
        arrow = found("pyarrow")
        return arrow.Table.from_pandas(X, preserve_index=False), arrow.Array.from_pandas(y)

    return call


def _sampler(library, container, sampler):
    ours, theirs, options = _SAMPLERS[sampler]
    if library == "fastsmote":
        return partial(found("fastsmote", sampler), **ours)
    module, name = theirs.split(".")
    resample = found(f"imblearn.{module}", name)(**options).fit_resample
    return resample if container.startswith("pandas") else _by_way_of_pandas(resample, container)


@cache
def _check(container, sampler):
    """Both give frames and columns of the types that came, and as many rows of each class."""
    X, y = _table(container, 2_000)
    results = [_sampler(library, container, sampler)(X, y) for library in ("fastsmote", "imbalanced-learn")]
    for X_resampled, y_resampled in results:
        assert (type(X_resampled), type(y_resampled)) == (type(X), type(y))
        assert X_resampled.shape == (len(y_resampled), 30)
    actual, expected = (np.bincount(np.asarray(labels)) for _, labels in results)
    np.testing.assert_array_equal(actual, expected)


class Frames:
    """30 columns, labels as a column of the same library; "mixed" are floats, whole numbers and bools."""

    params = (
        ["fastsmote", "imbalanced-learn"],
        ["pandas", "pandas, mixed", "polars", "pyarrow"],
        list(_SAMPLERS),
        sizes(2_000, 20_000, 200_000),
    )
    param_names = ("library", "container", "sampler", "rows")
    timeout = 900
    covers = tuple(_SAMPLERS)
    reference = "imbalanced-learn, polars and pyarrow by way of pandas"

    def setup(self, library, container, sampler, rows):
        if library != "fastsmote" and sampler == "tomek_links" and rows > 20_000:
            raise NotImplementedError("more than five minutes")
        _check(container, sampler)
        self.X, self.y = _table(container, rows)
        self.resample = _sampler(library, container, sampler)

    def time_resample(self, library, container, sampler, rows):
        self.resample(self.X, self.y)

    def peakmem_resample(self, library, container, sampler, rows):
        self.resample(self.X, self.y)


class PeakMemory:
    """The peak of a call beyond what there was before, in sizes of its output."""

    covers = ("random_over_sample", "smote", "adasyn", "smotenc")
    reference = None
    params = (
        ["random_over_sample", "smote", "adasyn", "smotenc"],
        ["array", "pandas", "pandas, mixed", "polars", "pyarrow"],
        sizes(10_000, 100_000, 400_000),
    )
    param_names = ("sampler", "container", "rows")
    timeout = 900
    share = 0.02  # of the rows are rare

    def setup(self, sampler, container, rows):
        self.call = partial(getattr(fastsmote, sampler), random_state=0)
        has_words = sampler == "smotenc"
        if has_words:
            self.call = partial(self.call, categorical_features=[5])
        mixed = container == "pandas, mixed"
        make = partial(_mixed, words=has_words) if mixed else partial(_frame, container)
        X, y = fraud(rows, 30, self.share)
        self.X, self.y = make(X), y
        self.call(make(X[:1000]), np.arange(1000) % 10 == 0)

    def track_peak(self, sampler, container, rows):
        (X, _), peak = peak_of(lambda: self.call(self.X, self.y))
        if container == "polars":
            return peak / X.estimated_size()
        return peak / (X.memory_usage(index=False).sum() if hasattr(X, "memory_usage") else X.nbytes)

    track_peak.unit = "outputs"
