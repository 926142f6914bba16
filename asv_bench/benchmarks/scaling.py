"""How many times as fast functions would be on 2 to 64 cores, predicted from one; docs/scaling.md."""

import os
import time
from functools import partial
from unittest.mock import patch

from . import metrics, schedule
from .common import found, fraud, later, some, unless_quick

fastsmote = later("fastsmote")

CORES = some(2, 4, 8, 16, 32, 64)
_FEW_ROWS, _ROWS, _SCORES = unless_quick(100_000, 1_000_000, 10_000_000) or (10_000, 10_000, 100_000)
_SEED = {"random_state": 0}


def _resample(function, rows=_ROWS, rate=0.00173, **options):
    return partial(getattr(fastsmote, function), *fraud(rows, 30, rate), **options)


def _search(function, rows, *arguments):
    return partial(getattr(fastsmote, function), fraud(rows, 30)[0], *arguments)


def _measure(function, rows=_SCORES, **options):
    return partial(getattr(fastsmote, function), *metrics.labels_and_scores(rows, 0.0017), **options)


def _count():
    """Into a stream that has seen such scores."""
    labels, scores = metrics.labels_and_scores(_SCORES, 0.0017)
    return partial(fastsmote.StreamingSweep().update(labels, scores).update, labels, scores)


_CENTERS = {"sampling_strategy": {0: min(1024, _FEW_ROWS // 10)}}
# Each makes its data and gives what is run.
CALLS = {
    "random_over_sample": partial(_resample, "random_over_sample", **_SEED),
    "smote": partial(_resample, "smote", **_SEED),
    "smote 10 %": partial(_resample, "smote", _ROWS, 0.1, **_SEED),
    "borderline_smote": partial(_resample, "borderline_smote", **_SEED),
    "adasyn": partial(_resample, "adasyn", **_SEED),
    "tomek_links": partial(_resample, "tomek_links"),
    "tomek_links 10 %": partial(_resample, "tomek_links", _ROWS, 0.1),
    "edited_nearest_neighbours": partial(_resample, "edited_nearest_neighbours"),
    "one_sided_selection": partial(_resample, "one_sided_selection", **_SEED),
    "near_miss 1": partial(_resample, "near_miss", version=1),
    "near_miss 2": partial(_resample, "near_miss", version=2),
    "cluster_centroids": partial(_resample, "cluster_centroids", _FEW_ROWS, 0.2, **_CENTERS, **_SEED),
    "NeighborIndex": partial(_search, "NeighborIndex", _ROWS),
    "nearest_neighbors": partial(_search, "nearest_neighbors", _FEW_ROWS, 5),
    "precision_recall_curve": partial(_measure, "precision_recall_curve"),
    "roc_auc_score": partial(_measure, "roc_auc_score"),
    "StreamingSweep": _count,
    "bootstrap_interval": partial(_measure, "bootstrap_interval", _SCORES // 10, **_SEED),
}


def measured_speedup(call, cores, rounds=3):
    """Times as fast with so many threads as with one: the least times of rounds that alternate."""
    times = [(_seconds(call, 1), _seconds(call, cores)) for _ in range(rounds)]
    one, many = map(min, zip(*times, strict=True))
    return one / many


def _seconds(call, n_threads):
    with patch.dict(os.environ, {"FASTSMOTE_NUM_THREADS": str(n_threads)}):
        begin = time.perf_counter()
        call()
        return time.perf_counter() - begin


class Speedup:
    """A call on so many cores, against one thread."""

    covers = tuple(dict.fromkeys(name.split(" ", maxsplit=1)[0] for name in CALLS))
    reference = None
    params = (list(CALLS), CORES)
    param_names = ("function", "cores")
    timeout = 900
    unit = "times"

    def setup(self, function, cores):
        found("fastsmote._core.threads", "_share_out")  # else blocks can not be timed
        found("fastsmote._core.crew")  # nor threads
        self.call = CALLS[function]()
        self.call()  # compiles, or loads, the kernels

    def track_predicted_speedup(self, function, cores):
        return schedule.record(self.call).speedup(cores, *schedule.thread_seconds())

    def track_measured_speedup(self, function, cores):
        """Where there are so many cores."""
        usable = found("fastsmote._core.threads", "usable_cores")()
        return measured_speedup(self.call, cores) if cores <= usable else None
