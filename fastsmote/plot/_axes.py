"""Axes, line styles and legends that all plots share; nothing global is changed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator
from matplotlib.transforms import ScaledTranslation
from scipy.special import ndtr, ndtri

from fastsmote._metrics.choice import ThresholdChoice
from fastsmote.plot._curves import column_edges, thin

# Colours of Okabe and Ito, which the colour-blind can tell apart, and a dark red, in an order in which
# neighbours, and those of the first seven that share a dash pattern, differ in luminance; with a number of
# patterns that shares no factor with that of colours. Dots are left to the lines to compare with.
_COLOURS = ("#000000", "#D55E00", "#56B4E9", "#0072B2", "#E69F00", "#009E73", "#882255")
_DASHES: tuple[Any, ...] = (
    "-", (0, (4.5, 1.8)), (0, (7, 1.5, 1.2, 1.5)), (0, (7, 1.5, 1.2, 1.5, 1.2, 1.5)), (0, (15, 2.5)),
)  # fmt: skip
_RATES = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999)  # ticks of deviates
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
GREY = "0.45"
_CURVE = "fastsmote.curve"  # the gid of lines that later calls on the same axes must differ from


def make_axes(ax: Any, n_rows: int = 1, n_columns: int = 1, **options: Any) -> Any:
    """``ax``, or new axes of a pyplot figure, which notebooks show."""
    n = n_rows * n_columns
    if ax is None:
        import matplotlib.pyplot as plt

        return plt.subplots(n_rows, n_columns, layout="constrained", **options)[1]
    given = [ax] if n == 1 else list(ax) if isinstance(ax, Sequence | np.ndarray) else []
    if len(given) != n or not all(isinstance(one, Axes) for one in given):
        wanted = "a matplotlib Axes" if n == 1 else f"{n} matplotlib Axes"
        raise TypeError(f"ax must be {wanted} or None. Got {ax!r}; see plt.subplots.")
    return ax


def _curves(ax: Axes) -> list[Line2D]:
    return [line for line in ax.lines if line.get_gid() == _CURVE]


def has_curves(ax: Axes) -> bool:
    """Whether a plot has drawn on these axes before."""
    return bool(_curves(ax))


def draw(ax: Axes, x: np.ndarray, y: np.ndarray, label: str, markers: bool = False, **options: Any) -> Line2D:
    """A line in the next style of these axes."""
    i = len(_curves(ax))
    style: dict[str, Any] = {"color": _COLOURS[i % len(_COLOURS)], "linestyle": _DASHES[i % len(_DASHES)]}
    style |= {"linewidth": 1.6, "label": label, "gid": _CURVE, "zorder": 2.5}
    if markers:
        style["marker"] = _MARKERS[i % len(_MARKERS)]
    return ax.plot(x, y, **(style | options))[0]


def draw_thin(
    ax: Axes, x: np.ndarray, y: np.ndarray, label: str, edges: np.ndarray | None = None, **options: Any
) -> None:
    """``draw`` what a picture can show of a curve with x ascending."""
    kept = thin(x, y, column_edges(x) if edges is None else edges)
    draw(ax, x[kept], y[kept], label, **options)


def draw_once(ax: Axes, x: Any, y: Any, label: str, linestyle: Any = ":") -> None:
    """A line to compare with, unless these axes have one of this name."""
    if label not in [line.get_label() for line in ax.lines]:
        ax.plot(x, y, color=GREY, linestyle=linestyle, linewidth=1.2, label=label, zorder=1.9)


def check_choice(choice: Any) -> None:
    if choice is not None and not isinstance(choice, ThresholdChoice):
        raise TypeError(f"choice must be a ThresholdChoice or None. Got {choice!r}; see best_threshold.")


def mark(ax: Axes, x: list[float], y: list[float], choice: ThresholdChoice) -> None:
    """Circles where a threshold lies on curves."""
    nobody = np.isposinf(choice.threshold)
    words = "chosen: call nobody" if nobody else f"chosen: score from {choice.threshold:.6g}"
    ax.plot(
        x, y, linestyle="none", marker="o", markersize=8, markerfacecolor="white",
        markeredgecolor="black", markeredgewidth=1.6, zorder=3, clip_on=False, label=words,
    )  # fmt: skip


def unit_square(ax: Axes, xlabel: str, ylabel: str) -> None:
    """Two rates from 0 to 1, with room for lines and marks at the ends."""
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale="linear", xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))


def deviates(
    i: int, rates: list[tuple[np.ndarray, np.ndarray]], reach: list[tuple[float, float]]
) -> tuple[float, float]:
    """Ends of axis i in normal deviates: all points at which both rates are errors, ``reach``, 1 to 50 %."""
    inner = [pair[i][(pair[0] > 0) & (pair[1] > 0) & (pair[0] < 1) & (pair[1] < 1)] for pair in rates]
    values = np.concatenate([*inner, *reach, [0.01, 0.5]])
    low, high = _probit(np.array([values.min(), values.max()])).tolist()
    room = 0.03 * (high - low)
    return low - room, high + room


def _probit(rates: np.ndarray) -> np.ndarray:
    """Normal deviates; matplotlib asks for those of limits outside (0, 1) before it gets ours."""
    return ndtri(np.clip(rates, 1e-15, 1 - 1e-15))


def set_probit(ax: Axes, *ends: tuple[float, float]) -> None:
    """Scales of rates by normal deviates, with ticks in percent."""
    scales: list[tuple[Any, Any, Axis]] = [
        (ax.set_xscale, ax.set_xlim, ax.xaxis),
        (ax.set_yscale, ax.set_ylim, ax.yaxis),
    ]
    for (set_scale, set_limits, axis), (low, high) in zip(scales, ends, strict=True):
        set_scale("function", functions=(_probit, ndtr))
        shown = [rate for rate in _RATES if low <= ndtri(rate) <= high]
        axis.set_major_locator(FixedLocator(shown))
        axis.set_major_formatter(FixedFormatter([f"{100 * rate:g}" for rate in shown]))
        axis.set_minor_locator(NullLocator())
        set_limits(*ndtr([low, high]))


def put_legend(ax: Axes, n_columns: int = 1, under: Axes | None = None) -> None:
    """Below the axes, or those ``under`` them, where it covers nothing; curves come first."""
    lowest = ax if under is None else under
    lines = sorted(ax.get_legend_handles_labels()[0], key=lambda line: line.get_gid() != _CURVE)
    label, ticks = (float(text.get_fontsize()) for text in (lowest.xaxis.label, lowest.get_xticklabels()[0]))
    offset = ScaledTranslation(0, -(1.5 * label + 1.5 * ticks + 10) / 72, ax.figure.dpi_scale_trans)
    before, rows = ax.get_legend(), -(-len(lines) // n_columns)
    legend = ax.legend(
        handles=lines, loc="upper center", bbox_to_anchor=(0.5, 0.0), borderaxespad=0,
        bbox_transform=lowest.transAxes + offset, frameon=False, ncols=n_columns, handlelength=3.2,
    )  # fmt: skip
    size = float(legend.get_texts()[0].get_fontsize())
    # the margins that axes come with hold ticks, but hardly a label
    added = rows + 1.5 if before is None else max(rows - -(-len(before.get_texts()) // n_columns), 0)
    make_room(ax, 1.5 * size / 72 * added)


def make_room(ax: Axes, height: float) -> None:
    """Take inches from the bottom of axes for what lies below them, unless a layout engine will do it."""
    if ax.figure.get_layout_engine() is None:
        box = ax.get_position()
        share = min(height * ax.figure.dpi / ax.figure.bbox.height, box.height / 2)
        ax.set_position((box.x0, box.y0 + share, box.width, box.height - share))
