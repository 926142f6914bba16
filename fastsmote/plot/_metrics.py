"""Metrics of a sweep against its thresholds."""

import numpy as np
from matplotlib.axes import Axes

from fastsmote._metrics.measures import Measure, find_measure, measures_of
from fastsmote._metrics.sweep import Sweep, evaluate
from fastsmote.plot._axes import GREY, draw_thin, mark
from fastsmote.plot._curves import column_edges
from fastsmote.thresholds import ThresholdChoice

_LOG_FROM = 10  # times the chosen threshold: with scores that reach further, it would lie at the edge


def check_metrics(metrics: tuple[str, ...]) -> list[Measure]:
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


def draw_metrics(ax: Axes, sweep: Sweep, choice: ThresholdChoice, metrics: list[Measure]) -> None:
    scores = sweep.thresholds[::-1].astype(np.float64)
    edges = column_edges(scores)
    lowest = 0.0
    for measure in metrics:
        values = evaluate(measure.formula, sweep)
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
