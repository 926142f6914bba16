"""Every sampler of the registry beside the class of imbalanced-learn's name, on the same small data."""

import inspect

import numpy as np

from .common import categories, fraud, later, sizes

fastsmote = later("fastsmote")
imblearn = later("imblearn")

try:
    from fastsmote._sampling.registry import SAMPLERS
except ImportError:  # earlier versions have no registry
    SAMPLERS = {}

_SEED = {"random_state": 0}


def registered(name):
    """A sampler's row of the registry."""
    try:
        return SAMPLERS[name]
    except KeyError as error:
        raise NotImplementedError(f"no {name} in the registry of this version") from error


def arguments(sampler, rows):
    """X and y, and what else the sampler needs."""
    X, y = fraud(rows, 8, 0.05)
    if sampler.columns in ("mixed", "categories"):
        codes = categories(y, (4, 6))
        X = codes if sampler.columns == "categories" else np.column_stack([X, codes])
    needed = {
        None: (),
        "support": (np.flatnonzero(np.arange(rows) % 7 == 0),),
        "probabilities": (np.column_stack([1 - 0.4 * y, 0.4 * y]),),
    }[sampler.needs]
    return X, y, needed


def options(function, sampler):
    """Places of categories, and a seed where there is one."""
    places = {"categorical_features": [8, 9]} if sampler.columns == "mixed" else {}
    return places | ({} if "random_state" not in inspect.signature(function).parameters else _SEED)


class Samplers:
    covers = tuple(SAMPLERS)
    reference = "imbalanced-learn"
    params = (["fastsmote", "imbalanced-learn"], list(SAMPLERS), sizes(5_000, 50_000))
    param_names = ("library", "sampler", "rows")
    timeout = 900

    def setup(self, library, name, rows):
        sampler = registered(name)
        X, y, needed = arguments(sampler, rows)
        if library == "fastsmote":
            self.resample = lambda: function(X, y, *needed, **options(function, sampler))
            function = getattr(fastsmote, name)
            self.resample()
            return
        if rows > 5_000 and name in ("smoten", "condensed_nearest_neighbour"):
            raise NotImplementedError("takes more than five minutes")
        modules = (imblearn.over_sampling, imblearn.under_sampling, imblearn.combine)
        theirs = next(getattr(m, sampler.drop_in) for m in modules if hasattr(m, sampler.drop_in))
        self.resample = lambda: theirs(**options(theirs, sampler)).fit_resample(X, y)

    def time_resample(self, library, name, rows):
        self.resample()

    def peakmem_resample(self, library, name, rows):
        self.resample()


_SMALL = (
    "random_over_sample", "smote", "borderline_smote", "adasyn", "random_under_sample", "near_miss",
    "tomek_links", "edited_nearest_neighbours", "cluster_centroids",
)  # fmt: skip


class SmallCalls(Samplers):
    """Calls of which checks and containers are a good part."""

    covers = _SMALL
    params = (["fastsmote", "imbalanced-learn"], list(_SMALL), sizes(200, 1_000))
