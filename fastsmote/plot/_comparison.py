"""Three pictures of a comparison of methods: precision against recall, calibration, differences."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from fastsmote._core.typing import Floats, Mask
from fastsmote.plot._axes import Look, legible, thin_line
from fastsmote.plot._colours import ink_of, paper_of
from fastsmote.plot._figure import axes_for
from fastsmote.plot._rates import draw_precision_recall
from fastsmote.plot._reliability import draw_reliability


def draw_comparison(
    probabilities: dict[str, Floats],
    y: Mask,
    title: str,
    differences: list[tuple[str, float, float, float, int]],
    ax: Any,
) -> NDArray[Any]:
    """Pictures on three axes.

    ``differences`` are name, difference of the metric ``title`` to the data as they are, its interval, and
    whether it is better (1), worse (-1) or neither (0).
    """
    with axes_for(ax, (17, 7.5), 3) as axes:
        data = {name: (y, p) for name, p in probabilities.items()}
        look = Look(None, None, {})
        draw_precision_recall(data, None, None, True, axes[0], look)
        draw_reliability(data, None, 10, "quantile", True, True, axes[1], look)
        _draw_differences(axes[2], title, differences)
    return np.asarray(axes)


def _draw_differences(ax: Axes, title: str, differences: list[tuple[str, float, float, float, int]]) -> None:
    """A line for each method, from above in the order given; what differs is filled."""
    ink = ink_of(ax)
    places = -np.arange(len(differences))
    ax.axvline(0, **thin_line(ax))
    for place, (_, difference, low, high, verdict) in zip(places, differences, strict=True):
        ax.plot([low, high], [place, place], **thin_line(ax, "-") | {"color": ink})
        face = ink if verdict else paper_of(ax)
        ax.plot(difference, place, marker="o", color=ink, markerfacecolor=face)
    ax.set_yticks(places, [legible(name) for name, *_ in differences])
    ax.set_xlabel(f"{title}: difference to none\n(95 % for all together; filled: better or worse)")
