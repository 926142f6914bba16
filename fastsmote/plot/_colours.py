"""Colours that the colour-blind and greyscale can tell apart, on light paper and on dark."""

from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.colors import to_rgba


class Palette(NamedTuple):
    """What pictures on one kind of paper are drawn with."""

    curves: tuple[str, ...]
    ink: str  # what must be seen first: marks
    grey: str  # lines to compare with
    shade: str  # ranges behind all lines
    points: tuple[tuple[str, str], ...]  # colour and marker of classes


# Those of Okabe and Ito, and one more for each paper, in an order in which neighbours, and those of the first
# seven that share a dash pattern, differ in luminance.
_INNER = ("#D55E00", "#56B4E9", "#0072B2", "#E69F00", "#009E73")


def _palette(ink: str, last: str, grey: str, shade: str) -> Palette:
    points = (
        ("0.72", "o"), ("#D55E00", "^"), (ink, "s"), ("#009E73", "D"), ("#0072B2", "v"), ("#E69F00", "P"),
    )  # fmt: skip
    return Palette((ink, *_INNER, last), ink, grey, shade, points)


LIGHT = _palette("#000000", "#882255", grey="0.45", shade="0.85")
DARK = _palette("#FFFFFF", "#F0E442", grey="0.65", shade="0.25")


def paper_of(ax: Axes) -> Any:
    """The colour behind axes; where nothing is, one against which their labels can be read."""
    for colour in (ax.get_facecolor(), ax.figure.get_facecolor()):
        if to_rgba(colour)[3] > 0.5:
            return colour
    return "black" if _luminance(ax.xaxis.label.get_color()) > 0.5 else "white"


def palette_of(ax: Axes) -> Palette:
    return DARK if _luminance(paper_of(ax)) < 0.4 else LIGHT


def _luminance(colour: Any) -> float:
    red, green, blue, _ = to_rgba(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
