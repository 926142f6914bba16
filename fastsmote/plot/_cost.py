"""Cost curves: the least cost that a threshold reaches, for all costs and prevalences at once."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from scipy.integrate import trapezoid

from fastsmote._metrics.sweep import Sweep, totals
from fastsmote.plot._axes import Look, check_choice, draw, draw_once, finish, mark, thin_line, unit_square
from fastsmote.plot._colours import ink_of
from fastsmote.plot._curves import curve_label, read_sweeps, share_words
from fastsmote.plot._figure import axes_for
from fastsmote.thresholds import ThresholdChoice


def draw_cost(
    data: Any, y_score: Any, choice: ThresholdChoice | None, pos_label: Any, ax: Axes | None, look: Look
) -> Axes:
    check_choice(choice)
    drawn = read_sweeps(data, y_score, pos_label, look.label)
    with axes_for(ax, (5.6, 5.0)) as axes:
        highest = 0.5
        for curve in drawn:
            x, y = cost_line(curve.sweep)
            area = float(trapezoid(y, x))
            draw(axes, x, y, curve_label(curve, "area", (area, area)), **look.line)
            prevalence = curve.sweep.prevalence
            words = f"equal costs: {share_words(prevalence, prevalence)}"
            draw_once(axes, [prevalence] * 2, [0, 1], words)
        draw_once(axes, [0, 0.5, 1], [0, 0.5, 0], "call nobody or everybody", (0, (1, 4)))
        if choice is not None:
            missed = 1 - choice.recall
            style = thin_line(axes, (0, (8, 3))) | {"color": ink_of(axes), "zorder": 2}
            axes.plot([0, 1], [choice.fpr, missed], **style)
            mark(axes, [0.5], [(choice.fpr + missed) / 2], choice)
            highest = max(highest, choice.fpr, missed)
        unit_square(axes, "probability cost", "normalised expected cost")
        axes.set_ylim(-0.01, highest + 0.02)
        finish(axes, look, grow=ax is None)
    return axes


def cost_line(sweep: Sweep) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the lower envelope of FNR x + FPR (1 - x) over all thresholds, x from 0 to 1.

    The thresholds on it are those of the convex hull of the ROC curve, which is the isotonic regression of
    the labels on the scores (Fawcett and Niculescu-Mizil 2007, doi:10.1007/s10994-007-5011-0).
    """
    from scipy.optimize import isotonic_regression

    n_neg, n_pos = totals(sweep)
    # in shares of the classes, so that sums of weights far from 1 stay finite
    fpr, recall = (
        np.concatenate([[0.0], counts / n]) for counts, n in ((sweep.fps, n_neg), (sweep.tps, n_pos))
    )
    right, wrong = np.diff(recall), np.diff(fpr)
    rows = right + wrong
    some = rows > 0
    fit = isotonic_regression(right[some] / rows[some], weights=rows[some], increasing=False)
    ends = np.concatenate([[0], np.flatnonzero(some) + 1])[fit.blocks]
    fpr, fnr = fpr[ends], 1 - recall[ends]
    right, wrong = -np.diff(fnr), np.diff(fpr)
    x = wrong / (right + wrong)  # where two neighbouring thresholds cost the same
    y = fpr[1:] * (1 - x) + fnr[1:] * x
    x, corners = np.unique(np.concatenate([[0.0], x, [1.0]]), return_index=True)
    return x, np.concatenate([[0.0], y, [0.0]])[corners]
