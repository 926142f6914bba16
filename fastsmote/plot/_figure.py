"""Figures and axes: those that are given, new ones, and the room below them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib import rcParams, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.transforms import Bbox

_NARROW = 0.75  # of the default width: up to there pictures stand below each other


def style_scale() -> float:
    """Width of figures in the style that is set, by the default width."""
    return float(rcParams["figure.figsize"][0] / rcParamsDefault["figure.figsize"][0])


@contextmanager
def axes_for(ax: Any, size: tuple[float, float], n: int = 1, **options: Any) -> Iterator[Any]:
    """``ax``, or new axes of a pyplot figure, which notebooks show. It is closed where drawing fails.

    The ``size`` of n axes side by side is in inches, for figures of the default width; others are scaled.
    """
    if ax is not None:
        _check_axes(ax, n)
        yield ax
        return
    import matplotlib.pyplot as plt

    scale = style_scale()
    width, height = scale * size[0], scale * size[1]
    rows, columns = 1, n
    if scale < _NARROW:
        widest = rcParams["figure.figsize"][0]
        shrunk = min(1.0, widest * n / width)
        rows, columns, height = n, 1, n * height * shrunk
        width = widest if n > 1 else width * shrunk
    figure, axes = plt.subplots(rows, columns, layout="constrained", figsize=(width, height), **options)
    try:
        yield axes
    except BaseException:
        plt.close(figure)
        raise


def are_stacked(axes: Any) -> bool:
    """Whether axes that were made here stand below each other."""
    return bool(axes[0].get_subplotspec().get_gridspec().nrows > 1)


def _check_axes(ax: Any, n: int) -> None:
    given = [ax] if n == 1 else list(ax) if isinstance(ax, Sequence | np.ndarray) else []
    wanted = "a matplotlib Axes" if n == 1 else f"{n} matplotlib Axes"
    if len(given) != n or not all(isinstance(one, Axes) for one in given):
        raise TypeError(f"ax must be {wanted} or None. Got {ax!r}; see plt.subplots.")
    for one in given:
        if one.name != "rectilinear":
            raise TypeError(
                f"ax must be {wanted} with straight x and y. Got the projection {one.name!r}; make axes "
                "without projection=, or leave ax out."
            )
        if one.figure is None:
            raise ValueError("ax must be part of a figure. Got axes that were removed; make new ones.")


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


def points_across(ax: Axes) -> float:
    """Width of the part of the figure that axes have."""
    spec = ax.get_subplotspec()
    n_beside = 1 if spec is None else spec.get_gridspec().ncols
    return float(72 * ax.figure.bbox.width / ax.figure.dpi / n_beside)


def points_of(ax: Axes) -> tuple[float, float]:
    """Width and height of axes, when the figure has been laid out."""
    ax.figure.get_figure(root=True).draw_without_rendering()
    box = ax.get_window_extent()
    return float(72 * box.width / ax.figure.dpi), float(72 * box.height / ax.figure.dpi)
