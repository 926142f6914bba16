"""Pictures of commands: whether they can be drawn, before any work, and writing them."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

from fastsmote.cli._show import UserError
from fastsmote.cli._write import check_place, replacing


def check_plot(plot: Path | None) -> None:
    """A place to write to, something to draw with, and a format that it knows."""
    if plot is None:
        return
    if find_spec("matplotlib") is None:
        raise UserError('--plot needs matplotlib: python -m pip install "fastsmote[plot]".')
    from matplotlib.backend_bases import FigureCanvasBase

    formats = sorted(FigureCanvasBase.get_supported_filetypes())
    if plot.suffix[1:].lower() not in formats:
        raise UserError(f"--plot must end in .{', .'.join(formats)}. Got {plot}; .png is a good choice.")
    check_place(plot)


def new_figure(width: float, height: float) -> "Figure":
    """A figure that no window manager knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def save(figure: "Figure", plot: Path) -> None:
    """Draw into the file; one that was there is replaced when all is drawn."""
    try:
        with replacing(plot) as file:
            figure.savefig(file, dpi=150, format=plot.suffix[1:].lower())
    except ValueError as error:
        raise UserError(f"{plot}: can not be drawn: {error}") from None
