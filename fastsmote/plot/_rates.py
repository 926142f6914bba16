"""Curves of two rates: precision against recall, ROC, and detection error tradeoff."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from scipy.special import ndtr

from fastsmote._core.check import check_flag
from fastsmote.plot._axes import (
    Look,
    check_choice,
    deviates,
    draw_once,
    draw_thin,
    finish,
    has_curves,
    mark,
    set_probit,
    unit_square,
)
from fastsmote.plot._curves import COLUMNS, curve_label, read_sweeps, share_words
from fastsmote.plot._figure import axes_for
from fastsmote.thresholds import ThresholdChoice


def draw_precision_recall(
    data: Any, y_score: Any, choice: ThresholdChoice | None, pos_label: Any, ax: Axes | None, look: Look
) -> Axes:
    check_choice(choice)
    drawn = read_sweeps(data, y_score, pos_label, look.label)
    with axes_for(ax, (5.6, 5.4)) as axes:
        for curve in drawn:
            recall, precision = curve.sweep.recall, curve.sweep.precision
            x, y = np.concatenate([[0.0], recall]), np.concatenate([precision[:1], precision])
            draw_thin(
                axes,
                x,
                y,
                curve_label(curve, "AP", curve.average_precision),
                **({"drawstyle": "steps-pre"} | look.line),
            )
            prevalence = curve.sweep.prevalence
            draw_once(axes, [0, 1], [prevalence] * 2, f"prevalence {share_words(prevalence, prevalence)}")
        if choice is not None:
            mark(axes, [choice.recall], [choice.precision], choice)
        unit_square(axes, "recall", "precision")
        finish(axes, look, grow=ax is None)
    return axes


def draw_roc(
    data: Any,
    y_score: Any,
    choice: ThresholdChoice | None,
    log: bool,
    pos_label: Any,
    ax: Axes | None,
    look: Look,
) -> Axes:
    log = check_flag(log, "log")
    check_choice(choice)
    drawn = read_sweeps(data, y_score, pos_label, look.label)
    with axes_for(ax, (5.6, 5.4)) as axes:
        least = [axes.get_xlim()[0] if axes.get_xscale() == "log" and has_curves(axes) else 0.1]
        for curve in drawn:
            x, y = (np.concatenate([[0.0], rate]) for rate in (curve.sweep.fpr, curve.sweep.recall))
            draw_thin(axes, x, y, curve_label(curve, "AUC", curve.roc_auc), **look.line)
            least.append(x[x > 0][0])
        chance = np.concatenate(
            [[0.0], np.geomspace(1e-9, 1.0, 181)]
        )  # a curve where the axis is logarithmic
        draw_once(axes, chance, chance, "chance: 0.500")
        if choice is not None:
            mark(axes, [choice.fpr], [choice.recall], choice)
        unit_square(axes, "false positive rate", "true positive rate (recall)")
        if log:
            axes.set_xscale("log")
            axes.set_xlim(min(least), 1.1)
        finish(axes, look, grow=ax is None)
    return axes


def draw_det(
    data: Any, y_score: Any, choice: ThresholdChoice | None, pos_label: Any, ax: Axes | None, look: Look
) -> Axes:
    check_choice(choice)
    drawn = read_sweeps(data, y_score, pos_label, look.label)
    with axes_for(ax, (5.6, 5.4)) as axes:
        reach = [axes.get_xlim(), axes.get_ylim()] if has_curves(axes) else []
        rates = [(curve.sweep.fpr, 1 - curve.sweep.recall) for curve in drawn]
        ends = [deviates(i, rates, reach[i : i + 1]) for i in range(2)]
        edges = ndtr(np.linspace(*ends[0], 2 * COLUMNS + 1))
        for curve, pair in zip(drawn, rates, strict=True):
            x, y = (
                np.clip(np.concatenate([[start], rate]), *ndtr([low - 1, high + 1]))
                for start, rate, (low, high) in zip((0.0, 1.0), pair, ends, strict=True)
            )
            draw_thin(axes, x, y, curve_label(curve, "AUC", curve.roc_auc), edges, **look.line)
        line = ndtr(np.linspace(-9, 9, 3))
        draw_once(axes, line, line[::-1], "chance: 0.500")
        if choice is not None:
            mark(axes, [choice.fpr], [1 - choice.recall], choice)
        set_probit(axes, *ends)
        axes.set(xlabel="false positive rate (%)", ylabel="false negative rate (%)")
        finish(axes, look, grow=ax is None)
    return axes
