"""Precision and recall of one threshold, where another share of the rows is positive."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from fastsmote.metrics import precision_at
from fastsmote.plot._axes import Look, check_choice, draw, draw_once, finish, has_curves, mark
from fastsmote.plot._curves import named_data, read_sweep, share_words
from fastsmote.plot._figure import axes_for
from fastsmote.thresholds import ThresholdChoice, best_threshold

_POINTS = 400  # of a curve without corners
_BELOW = 100  # times rarer than in the rows: as far as the axis goes


def draw_prevalence(
    data: Any, y_score: Any, choice: ThresholdChoice | None, pos_label: Any, ax: Axes | None, look: Look
) -> Axes:
    given = named_data(data, y_score, look.label, "y_score")
    check_choice(choice, len(given))
    sweeps = [(name, read_sweep(one, y_score, pos_label, where)) for name, where, one in given]
    chosen = [best_threshold(sweep) if choice is None else choice for _, sweep in sweeps]
    with axes_for(ax, (5.6, 5.0)) as axes:
        lowest = min(sweep.prevalence for _, sweep in sweeps) / _BELOW
        if has_curves(axes):
            lowest = min(lowest, axes.get_xlim()[0])
        shares = np.geomspace(lowest, 1.0, _POINTS)
        for (name, sweep), one in zip(sweeps, chosen, strict=True):
            for title, values in (
                ("precision", precision_at(one.recall, one.fpr, shares)),
                ("recall", np.full(_POINTS, one.recall)),
            ):
                draw(axes, shares, values, title if name is None else f"{name}: {title}", **look.line)
            here = sweep.prevalence
            draw_once(axes, [here] * 2, [0, 1], f"prevalence {share_words(here, here)}")
            mark(axes, [here] * 2, [precision_at(one.recall, one.fpr, here), one.recall], one, name)
        axes.set(xscale="log", xlim=(lowest, 1.0), ylim=(-0.01, 1.01), xlabel="prevalence")
        finish(axes, look, 2, grow=ax is None)
    return axes
