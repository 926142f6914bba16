"""Resamples that are drawn as counts: from checked input to cells, from cells to replicates.

A cell is a place in the order of a model's scores that can not be told apart by the metric: between two
neighbouring positive scores, or at one of them; or between two thresholds. Rows of one class with the same
cell in every model are interchangeable.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, cast

import numpy as np

from fastsmote._core.check import check_word
from fastsmote._core.rows import ScoredRows
from fastsmote._core.scores import Scores, check_binary, check_lengths, check_scores, read_column
from fastsmote._core.threads import even_size, run_ranges, split
from fastsmote._core.typing import Progress
from fastsmote._kernels.metrics import bootstrap as kernels
from fastsmote._kernels.metrics.bootstrap import Urn, Urns
from fastsmote._kernels.metrics.sweep import new_scratch
from fastsmote._metrics import small
from fastsmote._metrics.measures import check_sweep_function, find_measure, measures_of
from fastsmote._metrics.ranked import Ranked, to_ranked
from fastsmote._metrics.ranking import keys_of, make_table
from fastsmote._metrics.sweep import Sweep, cuts_around, evaluate_formula

_EACH = 32  # rows for each place, from which on blocks count for themselves
BLOCK = 16  # replicates per block, which share scratch
ROWS = 1 << 17  # rows placed in one call
CROWD = 16  # a cell of more rows costs less as one binomial (about 50 ns) than row by row (3 ns a draw)

CURVES = {
    "roc_auc": kernels.ROC_AUC,
    "average_precision": kernels.AVERAGE_PRECISION,
    "precision_at_recall": kernels.PRECISION_AT_RECALL,
    "recall_at_fpr": kernels.RECALL_AT_FPR,
}
_EVALUATE = {
    kernels.ROC_AUC: kernels.roc_auc,
    kernels.AVERAGE_PRECISION: kernels.average_precision,
    kernels.PRECISION_AT_RECALL: kernels.precision_at_recall,
    kernels.RECALL_AT_FPR: kernels.recall_at_fpr,
}
# run as Python: what they call takes half the time to compile
_draw_positives, _draw_counts = kernels.draw_positives.py_func, kernels.draw_counts.py_func
AREAS = ("roc_auc", "average_precision")
Reader = Callable[[Sweep], Any]


class Entries(NamedTuple):
    """Entries of a Sweep: entry i calls all rows of the first ``n_cells[i]`` cells of a model positive."""

    n_cells: np.ndarray
    thresholds: np.ndarray  # descending


class Draws(NamedTuple):
    """All that replicates are made from; the cells of model m are bounds[m] .. bounds[m + 1] - 1."""

    metric: int | Reader  # of CURVES, or a function of a Sweep
    at: np.ndarray  # (n_points,) float64, ascending; one NaN for one number
    entries: list[Entries]  # of the Sweep of each model, for functions of it
    n_neg: int
    n_pos: int
    negatives: Urn
    positives: Urn
    bounds: np.ndarray  # (n_models + 1,) int64


def read_metric(metric: Any) -> int | Reader:
    """A curve of the kernels, or a function of a Sweep."""
    if callable(metric):
        check_sweep_function(metric)
        return cast(Reader, metric)
    measure = find_measure(metric, "bootstrap_interval")
    if measure is not None:
        return partial(evaluate_formula, measure.formula)
    check_word(metric, "metric", (*CURVES, *measures_of("bootstrap_interval")))
    return CURVES[metric]


def check_at(metric: Any, at: Any) -> np.ndarray:
    """Where ``metric``, as the user gave it, is taken: float64 of the shape given; one NaN for one number."""
    if isinstance(metric, str) and metric in AREAS and at is not None:
        raise ValueError(f"at must be None for metric={metric!r}, which is one number. Got {at!r}.")
    if at is None and (callable(metric) or metric in AREAS):
        return np.array(np.nan)
    what = (
        f"{metric.partition('_at_')[2]} values"
        if isinstance(metric, str) and metric in CURVES
        else "thresholds"
    )
    try:
        points = np.asarray(at)
    except ValueError:  # rows of different lengths
        points = np.empty((0, 0))
    if at is None or points.dtype.kind not in "biuf" or points.ndim > 1 or not points.size:
        raise ValueError(
            f"at must be a number or a list of numbers, the {what} at which {metric=} is taken. Got {at!r}."
        )
    points = points.astype(np.float64)
    if what == "recall values":
        wrong, allowed = ~((points > 0) & (points <= 1)), "within (0, 1]"
    elif what == "fpr values":
        wrong, allowed = ~((points >= 0) & (points <= 1)), "within [0, 1]"
    else:
        wrong, allowed = np.isnan(points), "numbers"
    if wrong.any():
        raise ValueError(f"at must hold {what} that are {allowed}. Got {points[wrong][0]}.")
    return points


def prepare_draws(
    y_true: Any,
    models: dict[str, np.ndarray],
    metric: int | Reader,
    at: np.ndarray,
    pos_label: Any,
    n_jobs: int | None,
) -> Draws:
    """Check labels and scores, and sort rows into urns; ``models`` are columns by parameter name."""
    labels = read_column(y_true, "y_true")
    check_lengths(y_true=labels, **models)
    first, *others = models
    ranked = to_ranked(
        ScoredRows(labels, models[first], None), check_binary(labels, pos_label), pos_label, first
    )
    scores = [ranked.scores, *(check_scores(models[name], name) for name in others)]
    if not ranked.n_pos or not ranked.n_neg:
        raise ValueError(
            f"y_true must hold rows of both classes. Got {ranked.n_pos} positive and {ranked.n_neg} negative "
            "rows; pass rows of both classes or another pos_label."
        )
    points = np.sort(np.atleast_1d(at))
    is_positive = ranked.codes.view(bool)
    if isinstance(metric, int) or np.isnan(points[0]):
        found = [_places(one, ranked, n_jobs) for one in scores]
        places, n_cells = [place for place, _ in found], [n for _, n in found]
        entries = [] if isinstance(metric, int) else [_entries(c[is_positive]) for c in models.values()]
    else:
        places = [len(points) - np.searchsorted(points, column, "right") for column in models.values()]
        n_cells = [len(points) + 1] * len(places)
        entries = [Entries(1 + np.arange(len(points)), points[::-1])] * len(places)
    bounds = np.concatenate([[0], np.cumsum(n_cells)])
    negatives = _urn(places, ~is_positive, bounds, n_jobs)
    positives = _urn(places, is_positive, bounds, n_jobs)
    return Draws(metric, points, entries, ranked.n_neg, ranked.n_pos, negatives, positives, bounds)


def _places(scores: Scores, ranked: Ranked, n_jobs: int | None) -> tuple[np.ndarray, int]:
    """Place of each row among the distinct positive scores, descending: 2i above the i-th, 2i + 1 at it."""
    bits, encoding = scores.bits, (scores.flip, scores.minus_zero)
    if small.is_cheaper("places", bits.dtype, len(bits)):
        keys = np.unique(small.to_keys(scores, bits[ranked.codes.view(bool)]))
        return small.places(scores, keys).astype(np.int32), 2 * len(keys) + 2
    keys = np.unique(keys_of(scores, bits[ranked.codes.view(bool)]))
    table = make_table(keys)
    places = np.empty(len(bits), np.int32)

    def work(lo: int, hi: int) -> None:
        kernels.place_rows(bits, lo, hi, encoding, table, new_scratch(), places)

    run_ranges(work, len(bits), even_size(len(bits), ROWS), n_jobs=n_jobs)
    return places, 2 * len(keys) + 2


def _entries(ahead: np.ndarray) -> Entries:
    """Nobody, then one entry just above each distinct positive score and one at it, and one below all."""
    thresholds, last = cuts_around(np.unique(ahead)[::-1])
    some = thresholds < np.inf
    return Entries(np.append(0, last[some] + 1), np.append(np.inf, thresholds[some]))


def _urn(places: list[np.ndarray], chosen: np.ndarray, bounds: np.ndarray, n_jobs: int | None) -> Urn:
    """Urn of the chosen rows, with one place per model, in the order of places: that of rows is no matter."""
    if len(places) == 1 and _EACH * bounds[-1] <= len(chosen):
        sizes = _count(places[0], chosen, int(bounds[-1]), n_jobs)
        found = np.flatnonzero(sizes)
        return _urn_of(found.astype(np.int32)[:, np.newaxis], sizes[found])
    places = [place[chosen] for place in places]
    widths = np.diff(bounds).tolist()
    joint = places[0].astype(np.int64)
    renamed = {}  # joint places of the models before this one, numbered anew where the next would overflow
    for model, place in enumerate(places[1:], start=1):
        if (int(joint.max(initial=0)) + 1) * widths[model] >= 2**63:
            renamed[model], joint = np.unique(joint, return_inverse=True)
        joint = joint * widths[model] + place
    joint, sizes = _tally(joint)
    cells = np.empty((len(joint), len(places)), np.int32)
    for model in reversed(range(1, len(places))):
        joint, place = np.divmod(joint, widths[model])
        cells[:, model] = bounds[model] + place
        if model in renamed:
            joint = renamed[model][joint]
    cells[:, 0] = joint
    return _urn_of(cells, sizes)


def _urn_of(cells: np.ndarray, sizes: np.ndarray) -> Urn:
    """Urn of so many rows with each of the joint places (m, n_models)."""
    crowd = sizes > CROWD
    return Urn(sizes[crowd], cells[crowd], np.repeat(cells[~crowd], sizes[~crowd], axis=0))


def _count(places: np.ndarray, chosen: np.ndarray, n_cells: int, n_jobs: int | None) -> np.ndarray:
    """How many of the chosen rows have each place."""
    size = even_size(len(places), ROWS)
    counts = np.zeros((split(len(places), size), n_cells), np.int64)

    def work(lo: int, hi: int) -> None:
        counts[lo // size] = np.bincount(places[lo:hi][chosen[lo:hi]], minlength=n_cells)

    run_ranges(work, len(places), size, n_jobs=n_jobs)
    return counts.sum(axis=0)


def _tally(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Different values, ascending, of some that are not negative, and how often each is there."""
    if values.max(initial=0) > len(values):
        return np.unique(values, return_counts=True)
    sizes = np.bincount(values)  # 1,000,000 numbers in 2 ms, where a sort takes 20
    found = np.flatnonzero(sizes)
    return found, sizes[found]


def _empty_counts(draws: Draws) -> np.ndarray:
    """Multiplicities by class and cell; 32 bits where they suffice, which halves the memory traffic."""
    kind = np.int32 if draws.n_neg + draws.n_pos < 2**31 else np.int64
    return np.empty((2, draws.bounds[-1]), kind)


def _sweep_of(draws: Draws, model: int, neg: np.ndarray, pos: np.ndarray) -> Sweep:
    """Sweep of the multiplicities of a model."""
    first, last = draws.bounds[model : model + 2]
    shown, thresholds = draws.entries[model]
    fps, tps = (np.append(0, np.cumsum(counts[first:last], dtype=np.int64)) for counts in (neg, pos))
    sweep = Sweep(fps[-1] - fps[shown], fps[shown], tps[-1] - tps[shown], tps[shown], thresholds)
    thresholds.flags.writeable = False  # shared by all resamples, and a user's function gets them
    return sweep


def _read(draws: Draws, read: Reader, counts: np.ndarray, out: np.ndarray) -> None:
    """Values of a function of a Sweep for each model into ``out``: (n_models, n_points)."""
    for model, row in enumerate(out):
        sweep = _sweep_of(draws, model, *counts)
        values = np.asarray(read(sweep))
        shape = () if np.isnan(draws.at[0]) else sweep.tps.shape
        if values.shape != shape or values.dtype.kind not in "biuf":
            wanted = f"numbers of shape {shape}, one per threshold of at" if shape else "one real number"
            raise ValueError(f"metric must return {wanted}. Got {values.dtype} of shape {values.shape}.")
        row[::-1] = values


def estimate(draws: Draws) -> np.ndarray:
    """The metric of the data: (n_models, n_points)."""
    bounds = draws.bounds
    counts = _empty_counts(draws)
    for urn, row in zip((draws.negatives, draws.positives), counts, strict=True):
        row[:] = np.bincount(urn.pool.ravel(), minlength=len(row))
        for places in urn.cells.T:
            np.add.at(row, places, urn.sizes)
    out = np.empty((len(bounds) - 1, len(draws.at)))
    if not isinstance(draws.metric, int):
        _read(draws, draws.metric, counts, out)
        return out
    for model, row in enumerate(out):
        first, last = bounds[model : model + 2]
        _EVALUATE[draws.metric](*counts, first, last, draws.n_neg, draws.n_pos, draws.at, row)
    return out


def replicates(
    draws: Draws,
    n_resamples: int,
    stratified: bool,
    seed: int,
    n_jobs: int | None,
    progress: Progress | None,
) -> np.ndarray:
    """The metric of each resample: (n_resamples, n_models, n_points)."""
    out = np.empty((n_resamples, len(draws.bounds) - 1, len(draws.at)))
    urns = Urns(draws.n_neg, draws.n_pos, stratified, draws.negatives, draws.positives)
    word, kind = np.uint64(seed), _empty_counts(draws).dtype
    in_one_go = isinstance(draws.metric, int) and not small.is_cheaper(
        "replicates", kind, n_resamples * len(draws.bounds)
    )

    def work(lo: int, hi: int) -> None:
        counts = _empty_counts(draws)
        if in_one_go:
            kernels.replicate(word, lo, hi, urns, draws.bounds, draws.metric, draws.at, *counts, out)
            return
        for b in range(lo, hi):
            _replicate(draws, urns, word, np.uint64(b), counts, out[b])

    run_ranges(work, n_resamples, BLOCK, n_jobs=n_jobs, progress=progress)
    return out


def _replicate(
    draws: Draws, urns: Urns, seed: np.uint64, stream: np.uint64, counts: np.ndarray, out: np.ndarray
) -> None:
    """One resample, step by step: as ``kernels.replicate``, or for a function of a Sweep."""
    n = urns.n_neg + urns.n_pos
    n_drawn = urns.n_pos if urns.stratified else _draw_positives(seed, stream, n, urns.n_pos)
    _draw_counts(seed, stream, n_drawn, urns, *counts)
    if not isinstance(draws.metric, int):
        _read(draws, draws.metric, counts, out)
        return
    for model, row in enumerate(out):
        cells = draws.bounds[model], draws.bounds[model + 1]
        _EVALUATE[draws.metric](*counts, *cells, n - n_drawn, n_drawn, draws.at, row)
