"""Streams of scores: counting chunks, reading scores off the bins, and the second pass."""

import functools

import numpy as np

from .common import later, sizes

fastsmote = later("fastsmote")
streaming = later("fastsmote.streaming")

SCORES = ["beta", "normal", "float32", "one bin"]


@functools.lru_cache(maxsize=4)
def labels_and_scores(n, kind):
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.0017).astype(np.int64)
    y[:2] = 0, 1
    scores = {
        "beta": lambda: np.where(y == 1, rng.beta(5, 2, n), rng.beta(2, 6, n)),
        "normal": lambda: rng.normal(size=n) + y,
        "float32": lambda: np.where(y == 1, rng.beta(5, 2, n), rng.beta(2, 6, n)).astype(np.float32),
        "one bin": lambda: np.full(n, 0.3),
    }[kind]()
    return y, scores


class _Chunks:
    params = (sizes(10_000, 1_000_000), SCORES, [False, True])
    param_names = ("n", "scores", "weighted")

    def setup(self, n, scores, weighted):
        self.y, self.scores = labels_and_scores(n, scores)
        self.weights = np.random.default_rng(1).random(n) if weighted else None
        self.stream = fastsmote.StreamingSweep().update(self.y, self.scores, self.weights)


class Update(_Chunks):
    """A chunk into a stream that has seen such scores; the reference counts the same bins with NumPy."""

    covers = ("StreamingSweep", "StreamingSweep.update")
    reference = "NumPy"

    def time_ours(self, n, scores, weighted):
        self.stream.update(self.y, self.scores, self.weights)

    def time_numpy(self, n, scores, weighted):
        cells = self.scores.astype(np.float64).view(np.uint64) >> np.uint64(42)
        np.bincount(cells.astype(np.int64) * 2 + self.y, self.weights, 1 << 23)

    def peakmem_ours(self, n, scores, weighted):
        for _ in range(20):
            self.stream.update(self.y, self.scores, self.weights)


class Window(_Chunks):
    """A chunk in, a chunk out."""

    covers = ("StreamingSweep.revert",)
    reference = None

    def time_ours(self, n, scores, weighted):
        self.stream.update(self.y, self.scores, self.weights)
        self.stream.revert(self.y, self.scores, self.weights)


class Read:
    """What is asked of a stream."""

    covers = (
        "StreamingSweep.compute",
        "StreamingSweep.roc_auc_bounds",
        "StreamingSweep.average_precision_bounds",
        "StreamingSweep.merge",
        "StreamingSweep.to_bytes",
        "StreamingSweep.from_bytes",
    )
    reference = None
    params = (SCORES, [False, True])
    param_names = ("scores", "weighted")

    def setup(self, scores, weighted):
        y, values = labels_and_scores(100_000, scores)
        weights = np.random.default_rng(1).random(len(y)) if weighted else None
        self.stream = fastsmote.StreamingSweep().update(y, values, weights)
        self.bytes = self.stream.to_bytes()

    def time_compute(self, scores, weighted):
        self.stream.compute()

    def time_roc_auc_bounds(self, scores, weighted):
        self.stream.roc_auc_bounds()

    def time_average_precision_bounds(self, scores, weighted):
        self.stream.average_precision_bounds()

    def time_merge(self, scores, weighted):
        fastsmote.StreamingSweep().merge(self.stream)

    def time_to_and_from_bytes(self, scores, weighted):
        fastsmote.StreamingSweep.from_bytes(self.stream.to_bytes())

    def track_bytes(self, scores, weighted):
        return len(self.bytes)

    track_bytes.unit = "bytes"


class SecondPass:
    """Scores made exact, against the functions that hold all scores in memory."""

    covers = (
        "StreamingSweep.refine",
        "streaming.RefinedSweep",
        "streaming.RefinedSweep.update",
        "streaming.RefinedSweep.merge",
    )
    reference = "fastsmote with all scores in memory"
    params = (sizes(100_000, 1_000_000), SCORES)
    param_names = ("n", "scores")

    def setup(self, n, scores):
        self.y, self.scores = labels_and_scores(n, scores)
        self.first = fastsmote.StreamingSweep().update(self.y, self.scores)
        self.second = self.first.refine().update(self.y, self.scores)
        fastsmote.roc_auc_score(self.y, self.scores)
        fastsmote.average_precision_score(self.y, self.scores)

    def time_ours(self, n, scores):
        second = self.first.refine().update(self.y, self.scores)
        second.roc_auc_bounds()
        second.average_precision_bounds()

    def time_merge(self, n, scores):
        self.first.refine().merge(self.second)

    def time_in_memory(self, n, scores):
        fastsmote.roc_auc_score(self.y, self.scores)
        fastsmote.average_precision_score(self.y, self.scores)

    def track_error(self, n, scores):
        """Largest distance of a bound from the score in memory."""
        second = self.first.refine().update(self.y, self.scores)
        pairs = [
            (second.roc_auc_bounds(), fastsmote.roc_auc_score(self.y, self.scores)),
            (second.average_precision_bounds(), fastsmote.average_precision_score(self.y, self.scores)),
        ]
        return max(abs(bound - exact) for bounds, exact in pairs for bound in bounds)


class KnownPositives:
    """Negatives counted among positives that are known; exact, against the functions on all scores."""

    covers = (
        "streaming.PositiveRanking",
        "streaming.PositiveRanking.update",
        "streaming.PositiveRanking.merge",
        "streaming.PositiveRanking.compute",
        "streaming.PositiveRanking.roc_auc_score",
        "streaming.PositiveRanking.average_precision_score",
    )
    reference = "fastsmote with all scores in memory"
    params = (sizes(100_000, 1_000_000), SCORES)
    param_names = ("n", "scores")

    def setup(self, n, scores):
        self.y, self.scores = labels_and_scores(n, scores)
        self.make = streaming.PositiveRanking
        self.full = self.counted()

    def counted(self):
        return self.make(self.scores[self.y == 1]).update(self.y, self.scores)

    def time_update(self, n, scores):
        self.counted()

    def time_merge(self, n, scores):
        self.make(self.scores[self.y == 1]).merge(self.full)

    def time_compute(self, n, scores):
        self.full.compute()

    def time_scores(self, n, scores):
        self.full.roc_auc_score()
        self.full.average_precision_score()

    def time_in_memory(self, n, scores):
        fastsmote.roc_auc_score(self.y, self.scores)
        fastsmote.average_precision_score(self.y, self.scores)

    def peakmem_update(self, n, scores):
        self.counted()

    def track_error(self, n, scores):
        """Largest distance from the scores in memory."""
        return max(
            abs(self.full.roc_auc_score() - fastsmote.roc_auc_score(self.y, self.scores)),
            abs(self.full.average_precision_score() - fastsmote.average_precision_score(self.y, self.scores)),
        )
