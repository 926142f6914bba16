"""Rows of each class, as bars."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from fastsmote._core.check import check_flag
from fastsmote._core.labels import check_labels
from fastsmote._core.typing import VectorLike
from fastsmote.plot._axes import LEAST, broken, legible, put_legend, shrink_names, width_of
from fastsmote.plot._colours import colour_of, paper_of
from fastsmote.plot._curves import named_data, share_words
from fastsmote.plot._figure import axes_for, points_across, points_of, style_scale

LabelsLike: TypeAlias = VectorLike | Mapping[Any, VectorLike]

_HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo")  # tell bars apart without colour
_BAR = 0.26  # inches that a bar takes
_ONE = 0.5  # where logarithmic bars begin, so that one row shows
_GAP = 0.2  # of the room of a class, between its bars and those of the next


def draw_class_counts(y: Any, log: bool, ax: Axes | None, title: str | None) -> Axes:
    log = check_flag(log, "log")
    given = [
        (name, check_labels(one, name="y" if name is None else f"y[{name!r}]", min_classes=1))
        for name, _, one in named_data(y, None, None, "y")
    ]
    classes = list(dict.fromkeys(label for _, labels in given for label in labels.classes.tolist()))
    size = 5.6, (1.2 + _BAR * max(len(classes) * (len(given) + 0.5), 3)) / style_scale()
    with axes_for(ax, size) as axes:
        places = np.arange(len(classes))
        most, font = 0.4 * points_across(axes), FontProperties(size=rcParams["ytick.labelsize"])
        axes.set_yticks(places, [broken(legible(str(label)), most, font) for label in classes])
        thick = (1 - _GAP) / len(given)
        words = []
        for i, (name, labels) in enumerate(given):
            counts = np.zeros(len(classes), np.int64)
            counts[[classes.index(label) for label in labels.classes.tolist()]] = labels.counts
            at = places + thick * (i - (len(given) - 1) / 2)
            bars = axes.barh(
                at, counts, thick, color=colour_of(i), hatch=_HATCHES[i % len(_HATCHES)],
                edgecolor=paper_of(axes), linewidth=0.5,
            )  # fmt: skip
            if name is not None:
                bars[0].set_label(legible(name))
            for place, count in zip(at.tolist(), counts.tolist(), strict=True):
                share = share_words(*[count / len(labels.codes)] * 2)
                words.append(
                    axes.annotate(f"{count:,} ({share})", (count, place), (3, 0), textcoords="offset points")
                )
        axes.set(xlabel="rows", ylim=(len(classes) - 0.5, -0.5))
        if title is not None:
            axes.set_title(title)
        if len(given) > 1:
            put_legend(axes, grow=ax is None)
        _fit(axes, words, thick, log)
    return axes


def _fit(ax: Axes, words: list[Annotation], thick: float, log: bool) -> None:
    """Room for the words beside the longest bar, which shrink where bars are thin."""
    width, height = points_of(ax)
    of_class = height / abs(np.diff(ax.get_ylim()).item())
    shrink_names(ax.yaxis, of_class)
    size = min(rcParams["font.size"], max(thick * of_class, LEAST))
    font = FontProperties(size=size)
    room = 6 + max(width_of(one.get_text(), font) for one in words)
    share = 1 - min(room / width, 0.7)  # of the axis that the longest bar takes
    most = max(one.xy[0] for one in words)
    if log:
        ax.set_xscale("log")
        ax.set_xlim(_ONE, _ONE * (most / _ONE) ** (1 / share))
    else:
        ax.set_xlim(0, most / share)
        ax.xaxis.set_major_locator(MaxNLocator(max(int(width / (6 * size)), 1), integer=True))
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    for one in words:
        one.set(fontsize=size, verticalalignment="center", in_layout=False)
        one.xy = max(one.xy[0], ax.get_xlim()[0]), one.xy[1]
