"""Metrics of a sweep against its thresholds."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes

from fastsmote._metrics.measures import Measure, find_measure, measures_of
from fastsmote._metrics.sweep import Sweep, evaluate_formula
from fastsmote.plot._axes import GREY, check_choice, draw_thin, make_axes, mark, put_legend
from fastsmote.plot._curves import column_edges, read_sweep
from fastsmote.thresholds import ThresholdChoice, best_threshold

MetricName: TypeAlias = Literal[
    "precision",
    "recall",
    "f1",
    "specificity",
    "fpr",
    "balanced_accuracy",
    "geometric_mean",
    "matthews_corrcoef",
    "mcc",
]

_LOG_FROM = 10  # times the chosen threshold: with scores that reach further, it would lie at the edge


def draw_thresholds(
    data: Any,
    y_score: Any,
    choice: ThresholdChoice | None,
    metrics: Sequence[str],
    pos_label: Any,
    ax: Axes | None,
) -> Axes:
    check_choice(choice)
    measures = _check_metrics(metrics)
    if isinstance(data, Mapping):
        raise TypeError("thresholds draws one sweep. Got a mapping; draw each on axes of its own.")
    sweep = read_sweep(data, y_score, pos_label)
    axes = make_axes(ax, figsize=(6.4, 4.8))
    _draw_metrics(axes, sweep, best_threshold(sweep) if choice is None else choice, measures)
    axes.set(xlabel="threshold: scores from here on are called positive")
    put_legend(axes, 2)
    return axes


def _check_metrics(metrics: Sequence[str]) -> list[Measure]:
    if isinstance(metrics, str):
        raise TypeError(f"metrics must be a tuple of names. Got {metrics!r}; pass ({metrics!r},).")
    found = []
    for name in metrics:
        measure = find_measure(name, "plot.thresholds")
        if measure is None:
            names = ", ".join(measures_of("plot.thresholds"))
            raise ValueError(f"metrics must be among {names}. Got {name!r}.")
        found.append(measure)
    return found


def _draw_metrics(ax: Axes, sweep: Sweep, choice: ThresholdChoice, metrics: list[Measure]) -> None:
    scores = sweep.thresholds[::-1].astype(np.float64)
    edges = column_edges(scores)
    lowest = 0.0
    for measure in metrics:
        values = evaluate_formula(measure.formula, sweep)
        draw_thin(ax, scores, values[::-1], measure.title, edges, drawstyle="steps-pre")
        lowest = min(lowest, float(values.min()))
    ax.set_ylim(lowest - 0.01, 1.01)
    chosen = float(choice.threshold)
    if np.isposinf(chosen):
        mark(ax, [], [], choice)
        return
    ax.axvline(chosen, color=GREY, linewidth=1.2, zorder=2)
    mark(ax, [chosen] * len(metrics), [getattr(choice, measure.name) for measure in metrics], choice)
    if choice.lowest < choice.highest:
        ax.axvspan(float(choice.lowest), min(float(choice.highest), scores[-1]), color="0.85", zorder=0)
    if scores[0] > 0 and scores[-1] > _LOG_FROM * chosen:
        ax.set_xscale("log")
        lowest_hit = float(sweep.thresholds[np.argmax(sweep.tps == sweep.tps[-1])])
        ax.set_xlim(min(lowest_hit, chosen) / 1.5, scores[-1] * 1.5)  # further down, only precision falls
