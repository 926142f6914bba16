"""Colours that follow the style that is set: words, paper, and what lies between the two."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb, to_rgba

_READABLE = 4.5  # of two luminances, as WCAG 2.1 asks for words of any size


def colour_of(i: int) -> str:
    """Colour i of the property cycle, from its start again after its end."""
    return f"C{i}"


def paper_of(ax: Axes) -> Any:
    """The colour behind axes; where nothing is, one against which their labels can be read."""
    for colour in (ax.get_facecolor(), ax.figure.get_facecolor()):
        if to_rgba(colour)[3] > 0.5:
            return colour
    return _far_from(ax.xaxis.label.get_color())


def ink_of(ax: Axes) -> Any:
    """The colour of labels, for what must be seen first; another where it can not be read on the paper."""
    return readable_on(paper_of(ax), ax.xaxis.label.get_color())


def readable_on(behind: Any, *wanted: Any) -> Any:
    """The first of the wanted colours that can be read on another; black or white where none can."""
    return next((one for one in wanted if contrast(one, behind) >= _READABLE), _far_from(behind))


def faded(ax: Axes, share: float) -> tuple[float, float, float]:
    """So much of the ink on the paper."""
    mixed = share * np.array(to_rgb(ink_of(ax))) + (1 - share) * np.array(to_rgb(paper_of(ax)))
    red, green, blue = mixed.tolist()
    return red, green, blue


def contrast(one: Any, other: Any) -> float:
    """Of two colours, from 1 to 21 (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Any) -> float:
    """Relative luminance, 0 to 1."""
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _far_from(colour: Any) -> str:
    return max(("black", "white"), key=lambda one: contrast(one, colour))
