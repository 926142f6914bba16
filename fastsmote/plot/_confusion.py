"""A confusion matrix, with the numbers in cells that shares colour."""

from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties

from fastsmote._core.typing import Matrix
from fastsmote._metrics.confusion import check_label_list, confusion_matrix, count_labels
from fastsmote.plot._axes import LEAST, broken, legible, shrink_names, width_of
from fastsmote.plot._colours import ink_of, paper_of, readable_on
from fastsmote.plot._curves import share_words
from fastsmote.plot._figure import axes_for, points_across, points_of

_NUMBERS = 30  # classes up to which cells have numbers: more are dust
_CELL, _AROUND, _SIDE = 0.45, 2.0, 5.0  # inches of a cell, of what is around all, of the smallest picture


def draw_confusion_matrix(
    y_true: Any, y_pred: Any, labels: Any, sample_weight: Any, normalize: Any, ax: Axes | None, title: Any
) -> Axes:
    classes = count_labels(y_true, y_pred, sample_weight).classes
    wanted = classes if labels is None else check_label_list(labels, classes)
    cells, shares = (
        confusion_matrix(y_true, y_pred, wanted, sample_weight, how)
        for how in (normalize, normalize if normalize == "pred" else "true")
    )
    side = max(_SIDE, _AROUND + _CELL * len(wanted))
    with axes_for(ax, (side, side)) as axes:
        image = axes.imshow(shares, vmin=0, vmax=1)
        axes.grid(False)
        axes.set(xlabel="predicted label", ylabel="true label")
        if title is not None:
            axes.set_title(title)
        upright = _name(axes, [legible(str(label)) for label in wanted])
        cell = points_of(axes)[0] / len(wanted)
        shrink_names(axes.yaxis, cell)
        if upright:
            shrink_names(axes.xaxis, cell)
        if len(wanted) <= _NUMBERS:
            _number(axes, _words(cells, normalize is not None), image.cmap(image.norm(shares)), cell)
    return axes


def _name(ax: Axes, names: list[str]) -> bool:
    """Names of the classes at both axes; whether those below stand upright, where they have no room."""
    font = FontProperties(size=rcParams["xtick.labelsize"])
    across = points_across(ax)
    cell = 0.6 * across / len(names)
    words = [broken(name, across / 4, font) for name in names]
    widths = [width_of(line, font) for text in words for line in text.split("\n")]
    upright = max(widths) > 0.9 * cell
    ax.set_xticks(range(len(names)), words, rotation=90 if upright else 0)
    ax.set_yticks(range(len(names)), words)
    return upright


def _words(cells: Matrix, are_shares: bool) -> list[str]:
    """Shares in three decimals, rows as they are, sums of weights in four digits; cell by cell."""
    if are_shares:
        return [share_words(value, value) for value in cells.ravel().tolist()]
    return [f"{value:,}" if isinstance(value, int) else f"{value:,.4g}" for value in cells.ravel().tolist()]


def _number(ax: Axes, words: list[str], colours: Any, cell: float) -> None:
    """The numbers in the cells, in the style's colour that can be read there."""
    size = FontProperties(size=rcParams["font.size"]).get_size_in_points()
    widest = max(width_of(word, FontProperties(size=size)) for word in words)
    size = max(min(size, 0.85 * cell / widest * size, 0.7 * cell), LEAST)
    inks = ink_of(ax), paper_of(ax)
    for (i, j), word in zip(np.ndindex(colours.shape[:2]), words, strict=True):
        colour = readable_on(colours[i, j], *inks)
        text = ax.text(j, i, word, ha="center", va="center", fontsize=size, color=colour)
        text.set_in_layout(False)  # it lies inside, and takes time
