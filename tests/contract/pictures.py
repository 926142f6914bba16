"""What the scripts of the gallery show, as plain data.

``python tests/contract/pictures.py --write [name ...]`` keeps what they show now.

Pixels, and hashes of them, differ from one release of matplotlib or of its fonts to the next, and where a
model rounds its last digit otherwise. The record holds what a reader takes from a picture: words, scales, and
where lines, bars and points lie, as parts of their axes, so that a tolerance means "so far on paper".
"""

import contextlib
import io
import json
import os
import re
import runpy
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from places import REPOSITORY

GALLERY = REPOSITORY / "docs" / "gallery"
RECORD = Path(__file__).parent / "recorded" / "gallery.json"
SCRIPTS = sorted(path.stem for path in GALLERY.glob("plot_*.py"))
FRACTIONS = np.linspace(0, 1, 9)  # of long lines: their quantiles in x and y
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*")
FAR = 0.03  # of the width or height of the axes


def figures_of(name):
    """Run a script where the site runs it, and take its figures."""
    import matplotlib.pyplot as plt

    before, backend = os.getcwd(), plt.get_backend()
    plt.switch_backend("agg")
    show, plt.show = plt.show, lambda: None
    os.chdir(GALLERY)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            runpy.run_path(f"{name}.py")
        yield from map(plt.figure, plt.get_fignums())
    finally:
        os.chdir(before)
        plt.close("all")
        plt.show = show
        plt.switch_backend(backend)


def shown(figure):
    """The axes of a figure: their words, and where lines, bars, bars of errors and points lie."""
    figure.draw_without_rendering()
    legends = [_words(legend.get_texts()) for legend in figure.legends]
    return {"legends": legends, "axes": [_axes(axes) for axes in figure.axes]}


def _axes(axes):
    legend = axes.get_legend()
    boxes = [bar.get_bbox().get_points() for bar in axes.patches]
    segments = [found for group in axes.collections if (found := _segments(group)) is not None]
    return {
        "title": axes.get_title(),
        "x": [axes.get_xlabel(), axes.get_xscale()],
        "y": [axes.get_ylabel(), axes.get_yscale()],
        "legend": _words(legend.get_texts()) if legend else [],
        "texts": _words(axes.texts),
        "lines": [
            _places(axes, line.get_xydata()) for line in axes.lines if line.get_transform() == axes.transData
        ],
        "bars": [_places(axes, box) for box in boxes],
        "segments": [_places(axes, found) for found in segments],
    }


def _words(texts):
    return [text.get_text() for text in texts]


def _segments(group):
    return np.concatenate(group.get_segments()) if hasattr(group, "get_segments") else None


def _places(axes, points):
    """Points that are drawn, as parts of the axes' width and height."""
    points = np.asarray(points, dtype=float)
    points = points[np.isfinite(points).all(axis=1)]
    places = axes.transAxes.inverted().transform(axes.transData.transform(points))
    if len(places) > 2 * len(FRACTIONS):
        places = np.quantile(places, FRACTIONS, axis=0)
    return np.round(places, 3).tolist()


def differences(old, new, place=""):
    """Where two records differ: in words and shapes, numbers in words by 5 %, places by ``FAR``."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return [found for key in old for found in differences(old[key], new[key], f"{place}/{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [found for i, pair in pairs for found in differences(*pair, f"{place}/{i}")]
    same = type(old) is type(new)
    if same and isinstance(old, str):
        numbers = [[float(found.replace(",", "")) for found in NUMBER.findall(words)] for words in (old, new)]
        same = NUMBER.sub("#", old) == NUMBER.sub("#", new) and np.allclose(*numbers, rtol=0.05, atol=0.02)
    elif same:
        same = isinstance(old, float) and abs(old - new) <= FAR
    return [] if same else [f"{place}: {new!r}, recorded {old!r}"]


def alike(figure):
    """Pairs of names in a legend whose samples can not be told apart without colour.

    The samples are drawn, and their greys compared: dashes, markers, hatches and luminance all count.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    grey = np.asarray(canvas.buffer_rgba())[..., :3] @ [0.299, 0.587, 0.114] / 255
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
    found = []
    for legend in legends:
        samples = [_sample(grey, legend, text) for text in legend.texts]
        names = _words(legend.texts)
        for i, sample in enumerate(samples):
            found += [(names[j], names[i]) for j in range(i) if _apart(sample, samples[j]) < 0.2]
    return found


def _sample(grey, legend, text):
    """What stands before a name in a legend, as wide as its samples and one size of the font high."""
    size = text.get_fontsize() * text.get_figure().dpi / 72
    around = int(size)
    grey = np.pad(grey, around, mode="edge")
    box = text.get_window_extent()
    left = around + int(box.x0 - (legend.handlelength + legend.handletextpad) * size)
    middle = grey.shape[0] - around - int((box.y0 + box.y1) / 2)
    half = int(0.6 * size)
    return grey[middle - half : middle + half, left : left + int(legend.handlelength * size)]


def _apart(one, other):
    """By how much of their ink two samples differ."""
    inks = [abs(sample - sample[0, 0]).sum() for sample in (one, other)]
    return abs(one - other).sum() / max(inks)


def smallest(figure, width=380):
    """The size in pixels of the smallest letters, where the figure is as wide as a telephone."""
    texts = [text for text in figure.findobj(lambda item: hasattr(item, "get_fontsize")) if text.get_text()]
    return min(text.get_fontsize() for text in texts) / 72 * width / figure.get_figwidth()


def write(names):
    kept = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    for name in names:
        kept[name] = [shown(figure) for figure in figures_of(name)]
    texts = {name: json.dumps(kept[name], ensure_ascii=False) for name in SCRIPTS if name in kept}
    lines = ",\n".join(f'"{name}": {text}' for name, text in texts.items())
    RECORD.write_text(f"{{\n{lines}\n}}\n", "utf-8")


if __name__ == "__main__" and "--write" in sys.argv:
    write(sys.argv[sys.argv.index("--write") + 1 :] or SCRIPTS)
