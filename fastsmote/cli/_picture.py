"""Pictures of commands: whether they can be drawn, before any work, and writing them."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

from fastsmote.cli._show import UserError, output


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
    if not plot.resolve().parent.is_dir():
        raise UserError(f"{plot}: the folder {plot.resolve().parent} does not exist; create it first.")


def new_figure(width: float, height: float) -> "Figure":
    """A figure that no window manager knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def save(figure: "Figure", plot: Path) -> None:
    try:
        figure.savefig(plot, dpi=150)
    except (OSError, ValueError) as error:
        raise UserError(f"{plot}: can not be written: {error}") from None
    output().print(f"picture: {plot}", soft_wrap=True)
