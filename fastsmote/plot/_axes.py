"""Axes, line styles and legends that all plots share; nothing global is changed."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.cbook import normalize_kwargs
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator
from matplotlib.transforms import ScaledTranslation
from scipy.special import ndtr, ndtri

from fastsmote._metrics.choice import ThresholdChoice
from fastsmote.plot._colours import faded, ink_of, paper_of
from fastsmote.plot._curves import column_edges, thin
from fastsmote.plot._figure import make_room, points_across, style_scale

# Curves are thin and in these patterns, then wide and in these. Dots are left to the lines to compare with.
_DASHES: tuple[Any, ...] = (
    "-", (0, (4.5, 1.8)), (0, (7, 1.5, 1.2, 1.5)), (0, (11, 4)), (0, (7, 1.5, 1.2, 1.5, 1.2, 1.5)),
    (0, (2.2, 1)),
)  # fmt: skip
_WIDE = 2  # times the width of thin curves
_RATES = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999)  # ticks
_TALL = 4  # lines of a legend for which figures of the default width have room
_AXIS = 3  # lines that ticks and the label of an axis take
_HANDLE = 6  # sizes of the font that the sample of a line takes, with what is around it
LEAST = 4  # points of words, however little room they have
_EM = 0.55  # mean width of a character, in sizes of the font
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", "p", ">", "*", "h")
_CURVE = "fastsmote.curve"  # the gid of lines that later calls on the same axes must differ from


class Look(NamedTuple):
    """How the user wants curves to look: as the styles here, but for what is given."""

    label: str | None  # the name of a single curve
    title: str | None
    line: dict[str, Any]  # properties of matplotlib's lines


def read_look(label: Any, title: Any, line: dict[str, Any]) -> Look:
    """TypeError for what is no property of a line, such as a misspelt parameter, and for a value of none."""
    known = [name for name in line if hasattr(Line2D, f"set_{name}")]
    if len(known) < len(line):
        wrong = sorted(set(line) - set(known))
        raise TypeError(
            "Keywords must be parameters of the picture, or properties of matplotlib's lines such as color, "
            f"linewidth, linestyle and alpha. Got {', '.join(wrong)}."
        )
    for name, value in line.items():
        try:
            Line2D([], []).set(**{name: value})
        except (TypeError, ValueError, AttributeError) as error:
            raise type(error)(
                f"{name} must be what matplotlib's lines take. Got {value!r}: {error}"
            ) from None
    return Look(label, title, normalize_kwargs(line, Line2D))


def legible(words: str) -> str:
    """Words as they are: matplotlib leaves out those with an underscore in front, and sets formulas in $."""
    return f"{' ' * words.startswith('_')}{words}".replace("$", r"\$")


def curves_of(ax: Axes) -> list[Line2D]:
    """The curves on these axes, in the order in which they were drawn."""
    return [line for line in ax.lines if line.get_gid() == _CURVE]


def has_curves(ax: Axes) -> bool:
    """Whether a plot has drawn on these axes before."""
    return bool(curves_of(ax))


def draw(ax: Axes, x: np.ndarray, y: np.ndarray, label: str, markers: bool = False, **options: Any) -> Line2D:
    """A line in the next colour of the property cycle, and in the next style where the cycle names none."""
    rounds, i = divmod(len(curves_of(ax)), len(_DASHES))
    style: dict[str, Any] = {"label": legible(label), "gid": _CURVE, "zorder": 2.5}
    if markers:
        style["marker"] = MARKERS[(rounds * len(_DASHES) + i) % len(MARKERS)]
    line = ax.plot(x, y, **(style | options))[0]
    if "linestyle" not in options and line.get_linestyle() == "-":
        line.set_linestyle(_DASHES[i])
    if "linewidth" not in options and rounds % 2:
        line.set_linewidth(_WIDE * line.get_linewidth())
    return line


def draw_thin(
    ax: Axes, x: np.ndarray, y: np.ndarray, label: str, edges: np.ndarray | None = None, **options: Any
) -> None:
    """``draw`` what a picture can show of a curve with x ascending."""
    kept = thin(x, y, column_edges(x) if edges is None else edges)
    draw(ax, x[kept], y[kept], label, **options)


def draw_once(ax: Axes, x: Any, y: Any, label: str, linestyle: Any = ":") -> None:
    """A line to compare with, unless these axes have one of this name."""
    if label not in [line.get_label() for line in ax.lines]:
        ax.plot(x, y, **thin_line(ax, linestyle), label=label, zorder=1.9)


def thin_line(ax: Axes, linestyle: Any = ":") -> dict[str, Any]:
    """The style of lines to compare with, which takes nothing from the property cycle."""
    width = 0.8 * rcParams["lines.linewidth"]
    return {"color": faded(ax, 0.55), "linestyle": linestyle, "linewidth": width, "marker": ""}


def check_choice(choice: Any, n_sweeps: int = 1) -> None:
    if choice is not None and not isinstance(choice, ThresholdChoice):
        raise TypeError(f"choice must be a ThresholdChoice or None. Got {choice!r}; see best_threshold.")
    if choice is not None and n_sweeps > 1:
        raise TypeError(
            f"choice belongs to one sweep. Got one beside {n_sweeps}; without, each gets its own."
        )


def mark(ax: Axes, x: list[float], y: list[float], choice: ThresholdChoice, name: str | None = None) -> None:
    """Circles where a threshold lies on curves."""
    nobody = np.isposinf(choice.threshold)
    words = "call nobody" if nobody else f"score from {choice.threshold:.6g}"
    words = legible(f"chosen: {words}" if name is None else f"{name}, chosen: {words}")
    ax.plot(
        x, y, linestyle="none", marker="o", markersize=8, markerfacecolor=paper_of(ax),
        color=ink_of(ax), markeredgewidth=1.6, zorder=3, clip_on=False, label=words,
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
        shown = _apart([rate for rate in _RATES if low <= ndtri(rate) <= high], axis, low, high)
        axis.set_major_locator(FixedLocator(shown))
        axis.set_major_formatter(FixedFormatter([_percent(rate) for rate in shown]))
        axis.set_minor_locator(NullLocator())
        set_limits(*ndtr([low, high]))


def _percent(rate: float) -> str:
    return f"{100 * rate:.6f}".rstrip("0").rstrip(".")


def _apart(rates: list[float], axis: Axis, low: float, high: float) -> list[float]:
    """The rates whose labels do not touch, from the lowest on."""
    box, dpi = axis.axes.get_window_extent(), axis.axes.figure.dpi
    size = float(axis.get_ticklabels()[0].get_fontsize()) * dpi / 72
    across = axis is axis.axes.xaxis
    scale = (box.width if across else box.height) / (high - low)
    kept: list[float] = []
    end = -np.inf  # of the last label
    for rate in rates:
        half = 0.5 * size * (_EM * len(_percent(rate)) if across else 1.0)
        at = scale * (float(ndtri(rate)) - low)
        if at - half > end + 0.4 * size:
            kept.append(rate)
            end = at + half
    return kept


def shrink_names(axis: Axis, points: float) -> None:
    """Smaller labels of ticks, where these are so far from each other, in lines of words across the axis."""
    texts = axis.get_ticklabels()
    most = points / (1.25 * max(text.get_text().count("\n") + 1 for text in texts))
    if most < float(texts[0].get_fontsize()):
        axis.set_tick_params(labelsize=max(most, LEAST))


def _n_lines(texts: Sequence[str], n_columns: int) -> int:
    """Lines of a legend: it deals its entries to columns, one column after the other."""
    columns = np.array_split([text.count("\n") + 1 for text in texts], n_columns)
    return max(int(column.sum()) for column in columns)


def put_legend(ax: Axes, n_columns: int = 1, under: Axes | None = None, *, grow: bool = False) -> None:
    """Below the axes, or those ``under`` them, where it covers nothing; curves come first.

    Long names are broken. Of many short ones, two stand in a line. A figure that was made here may ``grow``.
    """
    lowest = ax if under is None else under
    lines = sorted(ax.get_legend_handles_labels()[0], key=lambda line: line.get_gid() != _CURVE)
    label = float(lowest.xaxis.label.get_fontsize())
    ticks = FontProperties(size=rcParams["xtick.labelsize"]).get_size_in_points()
    offset = ScaledTranslation(0, -(1.5 * label + 1.5 * ticks + 10) / 72, ax.figure.dpi_scale_trans)
    before = ax.get_legend()
    font = FontProperties(size=rcParams["legend.fontsize"])
    size, room = font.get_size_in_points(), points_across(ax)
    words = [str(line.get_label()) for line in lines]
    widths = [width_of(text, font) for text in words]
    pairs = n_columns == 2 or len(lines) > _TALL
    n_columns = 2 if pairs and len(lines) > 1 and max(widths) <= room / 2 - _HANDLE * size else 1
    most = room / n_columns - _HANDLE * size
    words = [broken(text, most, font) for text in words]
    ax.legend(
        handles=lines, labels=words, loc="upper center", bbox_to_anchor=(0.5, 0.0), borderaxespad=0,
        bbox_transform=lowest.transAxes + offset, frameon=False, ncols=n_columns, handlelength=3.2,
    )  # fmt: skip
    rows = _n_lines(words, n_columns)
    spare = (_AXIS + _TALL) * style_scale() - _AXIS
    if grow and rows > spare:
        figure = ax.figure.get_figure(root=True)
        figure.set_figheight(figure.get_figheight() + 1.5 * size / 72 * (rows - spare))
    # the margins that axes come with hold ticks, but hardly a label
    known = 0 if before is None else _n_lines([text.get_text() for text in before.get_texts()], n_columns)
    make_room(ax, 1.5 * size / 72 * (max(rows - known, 0) if known else rows + 1.5))


def width_of(text: str, font: FontProperties) -> float:
    """Points that a text of one line takes."""
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def broken(text: str, points: float, font: FontProperties) -> str:
    """A text in lines of so many points at most, or of 8 characters."""
    n_lines = width_of(text, font) / points
    if n_lines <= 1:
        return text
    return "\n".join(wrap(text, max(int(0.9 * len(text) / n_lines), 8), break_on_hyphens=False))


def finish(
    ax: Axes, look: Look, n_columns: int = 1, under: Axes | None = None, *, grow: bool = False
) -> None:
    """Title and legend, when all is drawn."""
    if look.title is not None:
        ax.set_title(look.title)
    put_legend(ax, n_columns, under, grow=grow)
