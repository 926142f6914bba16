"""Rows before and after a resampling on two principal components, as places with the rows that they hold."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from fastsmote._core.check import check_matrix, check_seed
from fastsmote._core.draw import draw_distinct
from fastsmote._core.equal_rows import group_equal_rows, read_tables
from fastsmote._core.labels import check_labels
from fastsmote._core.threads import run_ranges
from fastsmote.plot._axes import MARKERS, legible, put_legend
from fastsmote.plot._colours import colour_of, faded, paper_of
from fastsmote.plot._figure import are_stacked, axes_for

SAMPLE = 20_000  # rows that the components are fitted to
PLACES = 2_000  # of a class that are drawn, and of its new rows: more are a blot
_AREAS = 12, 30  # of a marker of one row, in square points: of the largest class, of others
_GRID = 1 << 20  # steps of an axis; rows that share a step of both are at one place
_ROWS = 1 << 15  # projected at a time


class Components(NamedTuple):
    """Coordinates are ((X / largest) - mean) @ weights; the largest keeps sums of squares finite."""

    largest: NDArray[np.float64]  # (n_features,)
    mean: NDArray[np.float64]
    weights: NDArray[np.float64]  # (n_features, 2)
    shares: NDArray[np.float64]  # (2,) of the variance


class ClassPoints(NamedTuple):
    """Points of one class in one picture: rows of the original data, or new ones."""

    label: Any
    is_new: bool
    n_rows: int
    x: NDArray[np.float64]  # (n_places,)
    y: NDArray[np.float64]
    counts: NDArray[np.int64]  # rows at each place


def principal_components(X: np.ndarray, seed: int) -> Components:
    """First two right singular vectors of the centred and scaled rows, of a sample where there are many.

    The largest weight of each is positive, since singular vectors have no sign. Constant features count as
    0; a second component that there is not is 0.
    """
    rows = np.asarray(X[draw_distinct(np.uint64(seed), 0, len(X), min(SAMPLE, len(X)), None)], np.float64)
    largest = np.abs(rows).max(axis=0)
    largest[largest == 0] = 1.0
    rows = rows / largest
    mean = rows.mean(axis=0)
    rows -= mean
    deviation = np.sqrt(np.mean(rows**2, axis=0))
    varies = deviation > 1e-12  # of the largest value; below, rounding of the mean
    scale = np.divide(1.0, deviation, out=np.zeros(len(mean)), where=varies)
    _, strengths, vectors = np.linalg.svd(rows * scale, full_matrices=False)
    weights, shares = np.zeros((len(mean), 2)), np.zeros(2)
    n = min(2, len(strengths))
    weights[:, :n] = vectors[:n].T * np.sign(vectors[np.arange(n), np.abs(vectors[:n]).argmax(axis=1)])
    total = float(strengths @ strengths)
    shares[:n] = strengths[:n] ** 2 / total if total else 0.0
    return Components(largest, mean, weights * scale[:, None], shares)


def project(X: np.ndarray, components: Components) -> NDArray[np.float64]:
    """Coordinates of shape (2, n); equal rows have equal bits, which a matrix product does not promise."""
    places = np.zeros((2, len(X)))

    def work(lo: int, hi: int) -> None:
        for j in range(X.shape[1]):
            feature = X[lo:hi, j] / components.largest[j] - components.mean[j]
            places[0, lo:hi] += feature * components.weights[j, 0]
            places[1, lo:hi] += feature * components.weights[j, 1]

    run_ranges(work, len(X), _ROWS)
    return places


def draw_resampling(
    X: Any, y: Any, X_resampled: Any, y_resampled: Any, random_state: Any, ax: Any
) -> NDArray[Any]:
    before, after, components = _read_classes(X, y, X_resampled, y_resampled, check_seed(random_state))
    with axes_for(ax, (10.0, 5.4), 2, sharex=True, sharey=True) as pair:
        for axes, classes, title in zip(pair, (before, after), ("before", "after"), strict=True):
            # side by side the longer legend, of new rows too, decides the height
            grow = ax is None and (title == "after" or are_stacked(pair))
            _draw_classes(axes, classes, [*before, *after], components, title, grow)
    return np.asarray(pair)


def _read_classes(
    X: Any, y: Any, X_resampled: Any, y_resampled: Any, seed: int
) -> tuple[list[ClassPoints], list[ClassPoints], Components]:
    """Points before and after, the largest class first, which is drawn beneath the others."""
    before = check_matrix(X)
    after = check_matrix(X_resampled, name="X_resampled")
    if before.shape[1] != after.shape[1]:
        raise ValueError(
            f"X_resampled must have the {before.shape[1]} features of X. Got {after.shape[1]}; pass X as it "
            "was given to the resampling."
        )
    labels = [
        check_labels(y, len(before), min_classes=1),
        check_labels(y_resampled, len(after), name="y_resampled", min_classes=1),
    ]
    names = list(dict.fromkeys(label for _, classes, _ in labels for label in classes.tolist()))
    shared = [
        np.array([names.index(label) for label in part.classes.tolist()])[part.codes] for part in labels
    ]
    added = _is_new(before, after, shared)
    components = principal_components(before, seed)
    places = [project(X, components) for X in (before, after)]
    lowest = np.minimum(*(part.min(axis=1) for part in places))
    span = np.maximum(*(part.max(axis=1) for part in places)) - lowest
    span[span == 0] = 1.0
    steps = [((part - lowest[:, None]) / span[:, None] * _GRID).astype(np.int64) for part in places]
    cells = [x * (2 * _GRID) + y for x, y in steps]
    parts = []
    for part, cell, (codes, classes, _), is_new in zip(
        places, cells, labels, (np.zeros(len(before), bool), added), strict=True
    ):
        drawn = []
        for code, label in enumerate(classes.tolist()):
            for new in (False, True):
                rows = np.flatnonzero((codes == code) & (is_new == new))
                if len(rows):
                    drawn.append(_points_of(label, new, rows, part, cell, seed))
        parts.append(sorted(drawn, key=lambda points: -points.n_rows))
    return parts[0], parts[1], components


def _is_new(before: np.ndarray, after: np.ndarray, codes: list[np.ndarray]) -> NDArray[np.bool_]:
    """Which rows of ``after`` are beyond those of ``before`` that are equal and have the same class.

    Of equal rows the first are the old ones: a new row may equal an old one, as between two that are equal.
    """
    n = len(before)
    if np.array_equal(before, after[:n]) and np.array_equal(codes[0], codes[1][:n]):
        return np.arange(len(after)) >= n  # as over-samplers give them
    groups = group_equal_rows(read_tables((before, after), ("X", "X_resampled"), None), None)
    keys = groups * (1 + max(int(part.max()) for part in codes)) + np.concatenate(codes)
    distinct, keys = np.unique(keys, return_inverse=True)
    new = keys[n:]
    known = np.bincount(keys[:n], minlength=len(distinct))
    order = np.argsort(new, kind="stable")
    ordered = new[order]
    place = np.arange(len(new)) - np.searchsorted(ordered, ordered)  # among equal rows
    is_new = np.empty(len(new), bool)
    is_new[order] = place >= known[ordered]
    return is_new


def _points_of(
    label: Any, is_new: bool, rows: np.ndarray, places: np.ndarray, cells: np.ndarray, seed: int
) -> ClassPoints:
    _, first, counts = np.unique(cells[rows], return_index=True, return_counts=True)
    drawn = draw_distinct(np.uint64(seed), 1, len(first), min(PLACES, len(first)), None)
    at = rows[first[drawn]]
    return ClassPoints(label, is_new, len(rows), places[0, at], places[1, at], counts[drawn])


def _draw_classes(
    ax: Axes,
    classes: list[ClassPoints],
    in_both: list[ClassPoints],
    components: Components,
    title: str,
    grow: bool,
) -> None:
    """One picture: a marker for each class, hollow for new rows, larger where more rows are at one place.

    Styles and limits are by the classes ``in_both`` pictures.
    """
    names = list(dict.fromkeys(points.label for points in in_both))
    for points in classes:
        i = names.index(points.label)
        colour, marker = colour_of(i), MARKERS[i % len(MARKERS)]
        area = _AREAS[min(i, 1)]
        style: dict[str, Any] = {
            "marker": marker,
            "edgecolors": paper_of(ax),
            "facecolors": colour,
            "linewidths": 0.3,
        }
        if points.is_new:
            style |= {"edgecolors": colour, "facecolors": "none", "linewidths": 0.8}
        ax.scatter(points.x, points.y, area * (1 + np.log2(points.counts)), **style)
        drawn = f", {len(points.x):,} drawn" if len(points.x) == PLACES else ""
        words = f"{points.label}{', new' * points.is_new}: {points.n_rows:,} rows{drawn}"
        ax.scatter([], [], area, label=legible(words), **style)
    most = max(int(points.counts.max()) for points in classes)
    if most > 1:
        style = {"marker": "o", "edgecolors": faded(ax, 0.55), "facecolors": "none"}
        ax.scatter([], [], _AREAS[1] * (1 + np.log2(most)), label=f"{most:,} rows at one place", **style)
    axes = [f"component {i + 1} ({share:.0%} of the variance)" for i, share in enumerate(components.shares)]
    n_rows = sum(points.n_rows for points in classes)
    ax.set(xlabel=axes[0], ylabel=axes[1], title=f"{title}: {n_rows:,} rows")
    for set_limits, parts in (
        (ax.set_xlim, [points.x for points in in_both]),
        (ax.set_ylim, [points.y for points in in_both]),
    ):
        low, high = min(part.min() for part in parts), max(part.max() for part in parts)
        room = 0.04 * (high - low) or 0.5
        set_limits(low - room, high + room)
    put_legend(ax, grow=grow)
