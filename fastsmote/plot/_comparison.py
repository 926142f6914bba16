"""Three pictures of a comparison of methods: precision against recall, calibration, differences."""

from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from fastsmote._core.typing import Floats, Mask
from fastsmote.plot._axes import Look, broken, legible, thin_line
from fastsmote.plot._colours import ink_of, paper_of
from fastsmote.plot._figure import are_stacked, axes_for, points_across
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
        draw_reliability(data, None, 10, "quantile", True, True, axes[1], look, with_error=False)
        _draw_differences(axes[2], title, differences, inside=ax is None and are_stacked(axes))
    return np.asarray(axes)


def _draw_differences(
    ax: Axes, title: str, differences: list[tuple[str, float, float, float, int]], inside: bool
) -> None:
    """A line for each method, from above in the order given; what differs is filled.

    Names stand ``inside`` the axes where the pictures above would lose the room that they take beside.
    """
    ink = ink_of(ax)
    places = -np.arange(len(differences))
    ax.axvline(0, **thin_line(ax))
    for place, (_, difference, low, high, verdict) in zip(places, differences, strict=True):
        ax.plot([low, high], [place, place], **thin_line(ax, "-") | {"color": ink})
        face = ink if verdict else paper_of(ax)
        ax.plot(difference, place, marker="o", color=ink, markerfacecolor=face)
    names = [legible(name) for name, *_ in differences]
    if inside:
        ax.set_yticks(places, [""] * len(names))
        ax.set_ylim(-len(names) + 0.5, 0.5)
        for place, name in zip(places, names, strict=True):
            at: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points"}
            ax.annotate(name, (0, place), (4, 5), **at)
    else:
        ax.set_yticks(places, names)
    most, font = 0.8 * points_across(ax), FontProperties(size=rcParams["axes.labelsize"])
    words = (f"{title}: difference to none", "(95 % for all together; filled: better or worse)")
    ax.set_xlabel("\n".join(broken(line, most, font) for line in words))
