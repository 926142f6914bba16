"""Sizes, data and neighbour libraries that the benchmarks share."""

import abc
import contextlib
import ctypes
import functools
import gc
import os
import time
from importlib import import_module

import numpy as np

import fastsmote

with contextlib.suppress(ImportError):  # earlier versions compile for any size
    import_module("fastsmote._core.allowance").close()

FEATURES = [8, 30]
FRAUD_RATES = [0.00173, 0.01, 0.1]
_SKIP_SLOW = os.environ.get("ASV_SKIP_SLOW", "0") not in ("", "0")


def sizes(*rows):
    """The numbers of rows to run: up to 100,000 with ASV_SKIP_SLOW."""
    return [n for n in rows if n <= 100_000 or not _SKIP_SLOW]


def some(*values):
    """All values; with ASV_SKIP_SLOW the first and the last."""
    return [values[0], values[-1]] if _SKIP_SLOW else list(values)


def unless_quick(*values):
    """All values; with ASV_SKIP_SLOW none."""
    return [] if _SKIP_SLOW else list(values)


def found(module, name=None):
    """A module, or what it has under a name; asv leaves a benchmark out where it lacks."""
    try:
        loaded = import_module(module)
        return loaded if name is None else getattr(loaded, name)
    except (ImportError, AttributeError) as error:
        raise NotImplementedError(f"no {name or module} here: {error}") from error


class _Later:
    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        if name.startswith("__"):  # asv and Python look at everything there is in a module
            raise AttributeError(name)
        return found(self._module, name)


def later(module):
    """A module that is imported when something of it is first asked for.

    Benchmarks are found with any version of fastsmote, and without libraries that only some of them need.
    """
    return _Later(module)


def needs(module):
    """For one benchmark of a class: asv leaves it out where a module lacks, and runs the others."""

    def mark(benchmark):
        benchmark.setup = lambda *arguments: found(module)
        return benchmark

    return mark


def only_where(holds):
    """For one benchmark of a class: asv leaves out the parameters for which this does not hold."""

    def check(*params):
        if not holds(*params):
            raise NotImplementedError(f"not with {params}")

    def mark(benchmark):
        benchmark.setup = check
        return benchmark

    return mark


ROWS = sizes(10_000, 100_000, 1_000_000)


def _numbers(result):
    """What a call returned as one array: of tuples, lists and dicts the values, None left out."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, tuple | list):
        return np.concatenate([_numbers(part) for part in result if part is not None])
    return np.ravel(np.asarray(result, np.float64))


class Beside(abc.ABC):
    """A call of fastsmote beside one of a peer that gives the same numbers (abstract: asv leaves it out)."""

    libraries = ("fastsmote", "peer")  # the first parameter
    timeout = 300

    @abc.abstractmethod
    def calls(self, *params):
        """The two calls, without arguments, of what the other parameters say."""

    def setup(self, library, *params):
        self.ours, self.theirs = self.calls(*params)
        self.call = self.ours if library == "fastsmote" else self.theirs
        self.ours()  # compiles, or loads, the kernels

    def time_call(self, library, *params):
        self.call()

    def peakmem_call(self, library, *params):
        self.call()

    @only_where(lambda library, *params: library == "fastsmote")
    def track_error(self, library, *params):
        """Largest difference between the two, relative to the largest number."""
        actual, expected = _numbers(self.ours()), _numbers(self.theirs())
        differ = actual != expected  # infinite thresholds do not
        if not differ.any():
            return 0.0
        return float(np.abs(actual - expected)[differ].max() / np.abs(expected[np.isfinite(expected)]).max())


@functools.lru_cache(maxsize=2)
def fraud(rows, features, rate=0.00173):
    """Made outside what is measured; kept, because each repetition of a benchmark asks again."""
    return fastsmote.make_fraud(rows, features, fraud_rate=rate, random_state=0)


def categories(y, levels):
    """Codes of categories, of which the rare class prefers some."""
    rng = np.random.default_rng(1)
    return np.column_stack([np.floor(rng.random(len(y)) ** (1.0 + y) * n) for n in levels])


@functools.lru_cache(maxsize=2)
def normal(rows, features):
    return np.random.default_rng(0).standard_normal((rows, features))


def seconds(call):
    """The least time of a call, over at least half a second of calls."""
    times = []
    while sum(times) < 0.5:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


class _Fastsmote:
    def __init__(self, X, k):
        self.index, self.k = fastsmote.NeighborIndex(X), k

    def query(self, Q):
        return self.index.query(Q, self.k)


class _ScikitLearn:
    """scikit-learn's class, or oneDAL's of the same name and arguments."""

    def __init__(self, X, k, module="sklearn.neighbors", algorithm="brute", dtype=np.float64):
        try:
            NearestNeighbors = import_module(module).NearestNeighbors
        except ImportError as error:
            raise NotImplementedError(f"{module} is not installed") from error
        self.dtype = dtype
        self.index = NearestNeighbors(n_neighbors=k, algorithm=algorithm, n_jobs=-1)
        self.index.fit(X.astype(dtype, copy=False))

    def query(self, Q):
        return self.index.kneighbors(Q.astype(self.dtype, copy=False))


class _SciPy:
    def __init__(self, X, k):
        from scipy.spatial import cKDTree

        self.index, self.k = cKDTree(X), k

    def query(self, Q):
        return self.index.query(Q, self.k, workers=-1)


class _Faiss:
    def __init__(self, X, k):
        import faiss

        self.index, self.k = faiss.IndexFlatL2(X.shape[1]), k
        self.index.add(X.astype(np.float32))

    def query(self, Q):
        squared, indices = self.index.search(Q.astype(np.float32), self.k)
        return np.sqrt(squared), indices


_onedal = functools.partial(_ScikitLearn, module="sklearnex.neighbors")

# Each is called with (X, k), which builds an index; its query(Q) gives distances and indices.
LIBRARIES = {"fastsmote": _Fastsmote, "scikit-learn": _ScikitLearn, "scipy": _SciPy, "faiss": _Faiss}
ONEDAL = {
    "onedal": _onedal,
    "onedal float32": functools.partial(_onedal, dtype=np.float32),
    "onedal kd-tree": functools.partial(_onedal, algorithm="kd_tree"),
}


def _resident(field):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(field))


def peak_of(call):
    """What a call gives, and the bytes of memory that it took at its peak, beyond those that there were.

    Of the process: Arrow and polars allocate where tracemalloc does not look. Linux only.
    """
    if not os.path.exists("/proc/self/clear_refs"):
        raise NotImplementedError("peaks of memory are read from /proc")
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak from here on
    before = _resident("VmRSS")
    result = call()
    return result, _resident("VmHWM") - before


@functools.cache
def texts(rows):
    """Weights of words in texts: 10,000 columns, 50 to a row, some words common; each class prefers some."""
    rng = np.random.default_rng(0)
    y = (rng.random(rows) < 0.1).astype(np.int64)
    columns = np.floor(10_000 * rng.random((rows, 50)) ** (2.0 + y[:, np.newaxis])).astype(np.int64)
    entries = (rng.random(columns.size) + 0.1, (np.repeat(np.arange(rows), 50), columns.ravel()))
    return found("scipy.sparse", "csr_matrix")(entries, shape=(rows, 10_000)), y
