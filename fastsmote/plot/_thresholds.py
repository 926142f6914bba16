"""Metrics of a sweep against its thresholds."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes

from fastsmote._metrics.measures import Measure, find_measure, measures_of
from fastsmote._metrics.sweep import Sweep, evaluate_formula
from fastsmote.plot._axes import Look, check_choice, draw_thin, finish, has_curves, mark, thin_line
from fastsmote.plot._colours import faded
from fastsmote.plot._curves import column_edges, named_data, read_sweep
from fastsmote.plot._figure import axes_for
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
    look: Look,
) -> Axes:
    measures = _check_metrics(metrics)
    given = named_data(data, y_score, look.label, "y_score")
    check_choice(choice, len(given))
    sweeps = [(name, read_sweep(one, y_score, pos_label, where)) for name, where, one in given]
    with axes_for(ax, (6.4, 4.8)) as axes:
        lowest = [0.0, axes.get_ylim()[0] + 0.01 if has_curves(axes) else 0.0]
        for name, sweep in sweeps:
            lowest += _draw_metrics(axes, name, sweep, measures, look)
        for name, sweep in sweeps:
            _mark_choice(axes, name, sweep, best_threshold(sweep) if choice is None else choice, measures)
        axes.set_ylim(min(lowest) - 0.01, 1.01)
        axes.set(xlabel="threshold: scores from here on are called positive")
        finish(axes, look, 2, grow=ax is None)
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


def _draw_metrics(
    ax: Axes, name: str | None, sweep: Sweep, metrics: list[Measure], look: Look
) -> list[float]:
    """A line for each metric; returns the lowest values."""
    scores = sweep.thresholds[::-1].astype(np.float64)
    edges = column_edges(scores)
    lowest = []
    for measure in metrics:
        values = evaluate_formula(measure.formula, sweep)
        words = measure.title if name is None else f"{name}: {measure.title}"
        draw_thin(ax, scores, values[::-1], words, edges, **({"drawstyle": "steps-pre"} | look.line))
        lowest.append(float(values.min()))
    return lowest


def _mark_choice(
    ax: Axes, name: str | None, sweep: Sweep, choice: ThresholdChoice, metrics: list[Measure]
) -> None:
    """The threshold, where it lies on the lines, and those that are as good."""
    chosen = float(choice.threshold)
    if np.isposinf(chosen):
        mark(ax, [], [], choice, name)
        return
    ax.axvline(chosen, **thin_line(ax, "-"), zorder=2)
    mark(ax, [chosen] * len(metrics), [getattr(choice, measure.name) for measure in metrics], choice, name)
    lowest, highest = (float(score) for score in sweep.thresholds[[-1, 0]])
    if choice.lowest < choice.highest:
        ends = float(choice.lowest), min(float(choice.highest), highest)
        ax.axvspan(*ends, color=faded(ax, 0.15), zorder=0)
    if lowest > 0 and highest > _LOG_FROM * chosen:
        first = ax.get_xscale() != "log"
        ax.set_xscale("log")
        lowest_hit = float(sweep.thresholds[np.argmax(sweep.tps == sweep.tps[-1])])
        ends = min(lowest_hit, chosen) / 1.5, highest * 1.5  # further down, only precision falls
        ax.set_xlim(ends if first else (min(ends[0], ax.get_xlim()[0]), max(ends[1], ax.get_xlim()[1])))
