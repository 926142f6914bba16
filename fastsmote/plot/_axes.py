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
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator
from matplotlib.transforms import Bbox, ScaledTranslation
from scipy.special import ndtr, ndtri

from fastsmote._metrics.choice import ThresholdChoice
from fastsmote.plot._colours import palette_of, paper_of
from fastsmote.plot._curves import column_edges, thin

# As many patterns as share no factor with the number of colours. Dots are left to the lines to compare with.
_DASHES: tuple[Any, ...] = (
    "-", (0, (4.5, 1.8)), (0, (7, 1.5, 1.2, 1.5)), (0, (7, 1.5, 1.2, 1.5, 1.2, 1.5)), (0, (15, 2.5)),
)  # fmt: skip
_RATES = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999)  # ticks
_TALL = 4  # lines of a legend for which figures have room
_HANDLE = 6  # sizes of the font that the sample of a line takes, with what is around it
_EM = 0.55  # mean width of a character, in sizes of the font
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
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


class Look(NamedTuple):
    """How the user wants curves to look: as the styles here, but for what is given."""

    label: str | None  # the name of a single curve
    title: str | None
    line: dict[str, Any]  # properties of matplotlib's lines


def read_look(label: Any, title: Any, line: dict[str, Any]) -> Look:
    """TypeError for what is no property of a line, such as a misspelt parameter."""
    known = [name for name in line if hasattr(Line2D, f"set_{name}")]
    if len(known) < len(line):
        wrong = sorted(set(line) - set(known))
        raise TypeError(
            "Keywords must be parameters of the picture, or properties of matplotlib's lines such as color, "
            f"linewidth, linestyle and alpha. Got {', '.join(wrong)}."
        )
    return Look(label, title, normalize_kwargs(line, Line2D))


def _curves(ax: Axes) -> list[Line2D]:
    return [line for line in ax.lines if line.get_gid() == _CURVE]


def has_curves(ax: Axes) -> bool:
    """Whether a plot has drawn on these axes before."""
    return bool(_curves(ax))


def legible(words: str) -> str:
    """Words as they are: matplotlib leaves out those with an underscore in front, and sets formulas in $."""
    return f"{' ' * words.startswith('_')}{words}".replace("$", r"\$")


def draw(ax: Axes, x: np.ndarray, y: np.ndarray, label: str, markers: bool = False, **options: Any) -> Line2D:
    """A line in the next style of these axes."""
    i = len(_curves(ax))
    colours = palette_of(ax).curves
    style: dict[str, Any] = {"color": colours[i % len(colours)], "linestyle": _DASHES[i % len(_DASHES)]}
    style |= {"linewidth": 1.6, "label": legible(label), "gid": _CURVE, "zorder": 2.5}
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
        ax.plot(x, y, color=palette_of(ax).grey, linestyle=linestyle, linewidth=1.2, label=label, zorder=1.9)


def check_choice(choice: Any) -> None:
    if choice is not None and not isinstance(choice, ThresholdChoice):
        raise TypeError(f"choice must be a ThresholdChoice or None. Got {choice!r}; see best_threshold.")


def mark(ax: Axes, x: list[float], y: list[float], choice: ThresholdChoice, name: str | None = None) -> None:
    """Circles where a threshold lies on curves."""
    nobody = np.isposinf(choice.threshold)
    words = "call nobody" if nobody else f"score from {choice.threshold:.6g}"
    words = legible(f"chosen: {words}" if name is None else f"{name}, chosen: {words}")
    ax.plot(
        x, y, linestyle="none", marker="o", markersize=8, markerfacecolor=paper_of(ax),
        markeredgecolor=palette_of(ax).ink, markeredgewidth=1.6, zorder=3, clip_on=False, label=words,
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
    label, ticks = (float(text.get_fontsize()) for text in (lowest.xaxis.label, lowest.get_xticklabels()[0]))
    offset = ScaledTranslation(0, -(1.5 * label + 1.5 * ticks + 10) / 72, ax.figure.dpi_scale_trans)
    before = ax.get_legend()
    font = FontProperties(size=rcParams["legend.fontsize"])
    size, room = font.get_size_in_points(), _points_across(ax)
    words = [str(line.get_label()) for line in lines]
    widths = [text_to_path.get_text_width_height_descent(text, font, False)[0] for text in words]
    pairs = n_columns == 2 or len(lines) > _TALL
    n_columns = 2 if pairs and len(lines) > 1 and max(widths) <= room / 2 - _HANDLE * size else 1
    most = room / n_columns - _HANDLE * size
    words = [_broken(text, width / most) for text, width in zip(words, widths, strict=True)]
    ax.legend(
        handles=lines, labels=words, loc="upper center", bbox_to_anchor=(0.5, 0.0), borderaxespad=0,
        bbox_transform=lowest.transAxes + offset, frameon=False, ncols=n_columns, handlelength=3.2,
    )  # fmt: skip
    rows = _n_lines(words, n_columns)
    if grow and rows > _TALL:
        figure = ax.figure.get_figure(root=True)
        figure.set_figheight(figure.get_figheight() + 1.5 * size / 72 * (rows - _TALL))
    # the margins that axes come with hold ticks, but hardly a label
    known = 0 if before is None else _n_lines([text.get_text() for text in before.get_texts()], n_columns)
    make_room(ax, 1.5 * size / 72 * (max(rows - known, 0) if known else rows + 1.5))


def _points_across(ax: Axes) -> float:
    """Width of the part of the figure that axes have."""
    spec = ax.get_subplotspec()
    n_beside = 1 if spec is None else spec.get_gridspec().ncols
    return float(72 * ax.figure.bbox.width / ax.figure.dpi / n_beside)


def _broken(text: str, n_lines: float) -> str:
    """A text that takes so many lines, in lines."""
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


class Place:
    """A locator of axes: their place in the figure, less inches at the bottom for what lies below them.

    The place itself stays, which ``tight_layout`` and ``subplots_adjust`` change.
    """

    def __init__(self, ax: Axes) -> None:
        self.ax = ax
        self.inches = 0.0

    def __call__(self, ax: Any, renderer: Any) -> Bbox:
        box = ax.get_position(original=True)
        share = min(self.inches * ax.figure.dpi / ax.figure.bbox.height, box.height / 2)
        return Bbox.from_extents(box.x0, box.y0 + share, box.x1, box.y1)

    def get_subplotspec(self) -> Any:
        return self.ax.get_subplotspec()


def make_room(ax: Axes, inches: float) -> None:
    """Take inches from the bottom of axes for what lies below them, unless a layout engine will do it."""
    engine, room = ax.figure.get_layout_engine(), ax.get_axes_locator()
    if engine is not None and not isinstance(engine, PlaceHolderLayoutEngine):
        return
    if room is None:
        room = Place(ax)
        ax.set_axes_locator(room)
    if isinstance(room, Place):
        room.inches += inches
        ax.apply_aspect(room(ax, None))
