"""``compare``: out-of-fold probabilities, thresholds from the other folds, metrics, their intervals."""

from itertools import starmap
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import indexable

from fastsmote._core.categories import encode_values
from fastsmote._core.check import check_seed, is_number
from fastsmote._core.foreign import refuse_unread
from fastsmote._core.threads import check_progress, thread_count
from fastsmote._core.typing import Floats, Mask, Progress, RowIds
from fastsmote._core.warn import warn_user
from fastsmote.metrics import confusion_sweep
from fastsmote.sklearn._compare_fit import ComparedData, FoldScores, out_of_fold, read_estimators, read_folds
from fastsmote.sklearn._compare_fold import read_positive
from fastsmote.sklearn._compare_intervals import differences
from fastsmote.sklearn._compare_methods import read_methods
from fastsmote.sklearn._compare_result import Comparison, Row, Value
from fastsmote.sklearn._compare_scores import (
    METRICS,
    Metric,
    Predictions,
    estimates,
    prepare_draws,
    replicates,
)
from fastsmote.sklearn._compare_verdict import verdict_of
from fastsmote.thresholds import ThresholdChoice, best_threshold, cost_threshold

_FEW = 50  # positive rows


class CompareSettings(NamedTuple):
    """How to compare, as the user gave it."""

    estimators: Any
    samplers: Any
    ratios: Any
    cv: Any
    metrics: Any
    cost_fp: Any
    cost_fn: Any
    groups: Any
    random_state: Any
    n_jobs: int | None
    progress: Progress | None


def run(X: Any, y: Any, settings: CompareSettings) -> Comparison:
    """The comparison of :func:`fastsmote.compare`."""
    check_progress(settings.progress)
    thread_count(settings.n_jobs)
    seed = check_seed(settings.random_state)
    costs = _read_costs(settings.cost_fp, settings.cost_fn)
    chosen = _read_metrics(settings.metrics, costs is not None)
    methods = read_methods(settings.samplers, settings.ratios)
    for name, given in (("X", X), ("y", y), ("groups", settings.groups)):
        refuse_unread(given, name)
    labels, positive = read_positive(y)
    X, labels, groups = indexable(X, labels, settings.groups)
    truth = labels == positive
    models = read_estimators(settings.estimators, X)
    group = None if groups is None else encode_values(np.asarray(groups), "groups")
    folds = read_folds(settings.cv, labels, group, int(np.count_nonzero(truth)), seed)
    data = ComparedData(X, labels, positive, folds)
    scores = out_of_fold(data, methods, models, seed, settings.n_jobs, settings.progress)
    called = np.array([_called(truth, p, folds, costs) for p in scores.corrected])
    found = Predictions(truth, scores.corrected, called, *(costs or (0.0, 0.0)))
    names = [metric.name for metric in chosen]
    values = estimates(found, names)
    compared = differences(
        values,
        replicates(found, names, prepare_draws(truth, group), seed, settings.n_jobs),
        np.array([estimates(found.of(test), names) for _, test in folds]),
        base=np.arange(len(called)) // scores.n_methods * scores.n_methods,
        higher=np.array([metric.higher for metric in chosen]),
    )
    columns = zip(values.T, *(part.T for part in compared), scores.names, strict=True)
    rows = []
    for j, (*parts, (estimator, method)) in enumerate(columns):
        numbers = zip(*(part.tolist() for part in parts), strict=True)
        told = dict(zip(names, starmap(Value, numbers), strict=True))
        threshold = float(_choice(truth, scores.corrected[j], costs).threshold)
        spent = (float(part[j]) for part in (scores.n_rows, scores.sampling, scores.fitting))
        rows.append(Row(estimator, method.label, told, threshold, *spent))
    fold = np.empty(len(labels), np.int64)
    for number, (_, test) in enumerate(folds):
        fold[test] = number
    verdict, notes = verdict_of(rows, chosen[0]), _notes(scores, truth)
    arrays = truth, fold, scores.raw, scores.corrected, called
    return Comparison(rows, tuple(chosen), verdict, notes, positive, *arrays, costs=costs)


def _read_costs(cost_fp: Any, cost_fn: Any) -> tuple[float, float] | None:
    if cost_fp is None and cost_fn is None:
        return None
    costs = cost_fp, cost_fn
    if not all(is_number(cost) and 0 <= cost < np.inf for cost in costs) or not any(costs):
        raise ValueError(
            "cost_fp and cost_fn must be given both, numbers of at least 0 and not both 0: what a false "
            f"alarm and a missed positive cost. Got {cost_fp=}, {cost_fn=}."
        )
    return float(cost_fp), float(cost_fn)


def _read_metrics(metrics: Any, with_costs: bool) -> list[Metric]:
    """The metrics, without "cost" where nothing has a cost."""
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    wrong = [name for name in names if name not in METRICS]
    if wrong or not names or len(set(names)) < len(names):
        raise ValueError(
            f"metrics must be different names among {', '.join(METRICS)}. Got {names!r}; leave them out for "
            "all."
        )
    if names == ["cost"] and not with_costs:
        raise ValueError("metrics='cost' needs cost_fp and cost_fn. Got neither; pass both.")
    return [METRICS[name] for name in names if with_costs or name != "cost"]


def _choice(y: Mask, p: Floats, costs: tuple[float, float] | None) -> ThresholdChoice:
    sweep = confusion_sweep(y, p)
    return best_threshold(sweep, "f1") if costs is None else cost_threshold(sweep, *costs)


def _called(
    y: Mask, p: Floats, folds: list[tuple[RowIds, RowIds]], costs: tuple[float, float] | None
) -> Mask:
    """Whether rows are called positive, by the threshold that is best on all other folds."""
    called = np.empty(len(y), bool)
    for _, test in folds:
        others = np.ones(len(y), bool)
        others[test] = False
        called[test] = p[test] >= _choice(y[others], p[others], costs).threshold
    return called


def _notes(scores: FoldScores, y: Mask) -> tuple[str, ...]:
    """What a reader has to know, warned of as well."""
    notes = [f"{label} is left out: {why}" for label, why in scores.left_out.items()]
    n_pos = int(np.count_nonzero(y))
    if n_pos < _FEW:
        notes.append(f"Only {n_pos} rows are positive: intervals are wide, and rough.")
    for note in notes:
        warn_user(note)
    return tuple(notes)
