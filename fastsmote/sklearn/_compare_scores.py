"""What predictions are measured by, and the bootstrap of all these measures on the same resampled rows.

Whatever a metric needs of a resample are sums over rows, each times how often it was drawn. So a block of
resamples is a matrix of such numbers, rows by resamples, and the sums of a method are products with it: a
sparse one that adds rows up between neighbouring positive scores and within bins of probabilities, and a
dense one for losses and for counts at the threshold. Average precision and area come from the former: they
depend only on how many rows lie between two positive scores, and at one. Sums are of float32, in which whole
numbers up to 2**24 are exact; only standard errors and quantiles are read from them.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

import fastsmote
from fastsmote._core.threads import run_ranges
from fastsmote._core.typing import Floats, Mask, RowIds


class Metric(NamedTuple):
    """A number that predictions are compared by."""

    name: str
    title: str
    higher: bool  # whether more is better


METRICS = {
    metric.name: metric
    for metric in (
        Metric("cost", "cost", False),
        Metric("average_precision", "average precision", True),
        Metric("roc_auc", "ROC AUC", True),
        Metric("brier", "Brier score", False),
        Metric("log_loss", "log loss", False),
        Metric("calibration_error", "calibration error", False),
        Metric("f1", "F1", True),
        Metric("matthews_corrcoef", "MCC", True),
    )
}
N_RESAMPLES = 1000
_N_BINS = 10  # of the calibration error, as of expected_calibration_error
_BLOCK_CELLS = 1 << 23  # rows times resamples that are summed at a time: 32 MB
_MOST_TOGETHER = 64
_EXACT = 1 << 24  # counts that float32 holds


class Predictions(NamedTuple):
    """Rows that no model was trained on: labels, and by method probabilities and calls."""

    y: Mask  # (n,)
    p: Floats  # (n_methods, n)
    called: Mask  # (n_methods, n)
    cost_fp: float
    cost_fn: float

    def of(self, rows: Any) -> "Predictions":
        """Some rows."""
        return self._replace(y=self.y[rows], p=self.p[:, rows], called=self.called[:, rows])


def estimates(found: Predictions, names: list[str]) -> Floats:
    """The metrics (n_metrics, n_methods) of all rows, which are of both classes."""
    tp, fp, n_pos, n_neg = np.array([_counts(found.y, called) for called in found.called], np.float64).T
    out = np.empty((len(names), len(found.p)))
    for row, name in zip(out, names, strict=True):
        if name in _OF_PROBABILITIES:
            row[:] = [_OF_PROBABILITIES[name](found.y, p) for p in found.p]
        else:
            row[:] = _at_threshold(name, tp, fp, n_pos, n_neg, found.cost_fp, found.cost_fn)
    return out


_OF_PROBABILITIES: dict[str, Any] = {
    "average_precision": fastsmote.average_precision_score,
    "roc_auc": fastsmote.roc_auc_score,
    "brier": fastsmote.brier_score,
    "log_loss": fastsmote.log_loss,
    "calibration_error": fastsmote.expected_calibration_error,
}


def _counts(y: Mask, called: Mask) -> tuple[int, int, int, int]:
    """True and false positives, all positives and negatives."""
    n_called, hits, n_pos = (int(np.count_nonzero(rows)) for rows in (called, called & y, y))
    return hits, n_called - hits, n_pos, len(y) - n_pos


def _at_threshold(name: str, tp: Any, fp: Any, n_pos: Any, n_neg: Any, cost_fp: float, cost_fn: float) -> Any:
    """A metric of counts; 0 where it is 0 / 0."""
    fn, tn = n_pos - tp, n_neg - fp
    if name == "cost":
        return cost_fp * fp + cost_fn * fn
    if name == "f1":
        return _ratio(2 * tp, 2 * tp + fp + fn)
    return _ratio(tp * tn - fp * fn, np.sqrt((tp + fp) * n_pos) * np.sqrt(n_neg * (tn + fn)))


def _ratio(part: Any, whole: Any) -> Any:
    return np.divide(part, whole, out=np.zeros(np.shape(whole)), where=whole != 0)


class RowDraws(NamedTuple):
    """What a resample is drawn from: units, which are rows or groups of them, within strata."""

    unit: RowIds | None  # (n,) of each row; None where each row is one
    strata: tuple[RowIds, ...]  # units, which are drawn as often as there are some
    n_units: int

    def weights(self, seed: int, lo: int, hi: int, dtype: type) -> NDArray[Any]:
        """How often each row is in resamples lo to hi: (n, hi - lo)."""
        drawn: NDArray[Any] = np.empty((hi - lo, self.n_units), dtype)
        for row, number in zip(drawn, range(lo, hi), strict=True):
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
            for units in self.strata:
                places = rng.integers(0, len(units), len(units), dtype=np.uint32)
                row[units] = np.bincount(places, minlength=len(units))
        by_unit = np.ascontiguousarray(drawn.T)
        return by_unit if self.unit is None else by_unit[self.unit]


def prepare_draws(y: Mask, group: RowIds | None) -> RowDraws:
    """Rows are drawn within their class; groups among those with a positive row, and those without."""
    if group is None:
        return RowDraws(None, (np.flatnonzero(~y), np.flatnonzero(y)), len(y))
    with_positive = np.bincount(group, weights=y) > 0
    strata = [np.flatnonzero(~with_positive), np.flatnonzero(with_positive)]
    return RowDraws(group, tuple(units for units in strata if len(units)), len(with_positive))


class _Sums(NamedTuple):
    """What is summed for a method: rows of ``cells`` are groups of rows of the table."""

    cells: csr_matrix  # (2 * n_scores + n_scores + 1 + n_bins, n)
    n_scores: int  # different positive scores, descending: positives and negatives at each, and between


def _method_sums(y: Mask, p: Floats, dtype: type) -> _Sums:
    scores = np.unique(p[y])
    m, n = len(scores), len(y)
    above = m - np.searchsorted(scores, p, side="right")  # positive scores that are higher
    at_score = m - np.searchsorted(scores, p, side="left") > above
    place = np.where(y, above, np.where(at_score, m + above, 2 * m + above))
    bins = np.searchsorted(np.linspace(0.0, 1.0, _N_BINS + 1)[1:-1], p) + 3 * m + 1
    values: NDArray[Any] = np.concatenate([np.ones(n), y - p]).astype(dtype)
    rows, columns = np.concatenate([place, bins]), np.tile(np.arange(n), 2)
    return _Sums(csr_matrix((values, (rows, columns)), shape=(3 * m + 1 + _N_BINS, n)), m)


def _ranking(sums: NDArray[Any], m: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Average precision, area, positives and negatives of each resample."""
    hits, ties, between = np.split(sums.astype(np.float64), [m, 2 * m])
    tp, fp = hits.cumsum(axis=0), (ties + between[:-1]).cumsum(axis=0)
    n_pos, n_neg = tp[-1], fp[-1] + between[-1]
    precision = _ratio(tp, tp + fp)
    area = (hits * (n_neg - fp + ties / 2)).sum(axis=0)
    return (hits * precision).sum(axis=0) / n_pos, _ratio(area, n_pos * n_neg), n_pos, n_neg


def _dense(found: Predictions, dtype: type) -> NDArray[Any]:
    """Columns (n, 4 * n_methods): calls that are right and wrong, squared errors, log losses."""
    y, p, eps = found.y, found.p, np.finfo(np.float64).eps
    out: NDArray[Any] = np.empty((4, len(p), len(y)), dtype)
    out[0], out[1] = found.called & y, found.called & ~y
    out[2] = (p - y) ** 2
    out[3] = -np.log(np.clip(np.where(y, p, 1 - p), eps, 1 - eps))
    return out.reshape(-1, len(y)).T


def replicates(
    found: Predictions,
    names: list[str],
    draws: RowDraws,
    seed: int,
    n_jobs: int | None,
) -> Floats:
    """The metrics of each resample, the same rows for all methods: (n_resamples, n_metrics, n_methods)."""
    n, n_methods = len(found.y), len(found.p)
    dtype = np.float32 if n < _EXACT else np.float64
    sums = [_method_sums(found.y, p, dtype) for p in found.p]
    dense = _dense(found, dtype)
    out = np.empty((N_RESAMPLES, len(names), n_methods))

    def work(lo: int, hi: int) -> None:
        weights = draws.weights(seed, lo, hi, dtype)
        total = weights.sum(axis=0, dtype=np.float64)
        columns = (weights.T @ dense).astype(np.float64).reshape(hi - lo, 4, n_methods)
        for j, (cells, m) in enumerate(sums):
            inner = cells @ weights
            precision, area, n_pos, n_neg = _ranking(inner[: 3 * m + 1], m)
            tp, fp, squared, losses = columns[:, :, j].T
            values = {
                "average_precision": precision,
                "roc_auc": area,
                "brier": squared / total,
                "log_loss": losses / total,
                "calibration_error": np.abs(inner[3 * m + 1 :], dtype=np.float64).sum(axis=0) / total,
            }
            for i, name in enumerate(names):
                out[lo:hi, i, j] = (
                    values[name]
                    if name in values
                    else _at_threshold(name, tp, fp, n_pos, n_neg, found.cost_fp, found.cost_fn)
                )

    size = min(max(_BLOCK_CELLS // n, 1), _MOST_TOGETHER)
    run_ranges(work, N_RESAMPLES, size, n_jobs=n_jobs)
    return out
