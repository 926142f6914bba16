"""Calibration curves as they are given, and a diagram of them above the counts of their bins."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from fastsmote._core.check import check_flag
from fastsmote._core.typing import VectorLike
from fastsmote.calibration import CalibrationCurve, StreamingCalibration, calibration_curve
from fastsmote.plot._axes import Look, draw, draw_once, finish
from fastsmote.plot._curves import named_data, of_positive, share_words
from fastsmote.plot._figure import axes_for, make_room

CalibrationLike: TypeAlias = CalibrationCurve | StreamingCalibration | tuple[VectorLike, VectorLike]
CalibrationsLike: TypeAlias = CalibrationLike | VectorLike | Mapping[Any, CalibrationLike]

_COUNTS = "fastsmote.counts"  # the gid of the axes of counts
_LOG_FROM = 50  # times the smallest count: with a linear axis, smaller ones could not be seen


def draw_reliability(
    data: Any,
    y_prob: Any,
    n_bins: int,
    strategy: str,
    log: bool,
    pos_label: Any,
    ax: Axes | None,
    look: Look,
    with_error: bool = True,
) -> Axes:
    log = check_flag(log, "log")
    options = {"n_bins": n_bins, "strategy": strategy, "pos_label": pos_label}
    curves = [
        (name, _read(one if y_prob is None else (one, y_prob), where, options))
        for name, where, one in named_data(data, y_prob, look.label, "y_prob")
    ]
    with axes_for(ax, (5.6, 6.0)) as axes:
        counts = _counts_axes(axes)
        for name, curve in curves:
            label = name if name is not None and not with_error else _label(name, curve)
            _draw_curve(axes, counts, label, curve, log, look)
        draw_once(axes, [1e-9, 1], [1e-9, 1], "calibrated")
        _set_limits(axes, [curve for _, curve in curves], log)
        axes.set_ylabel("share of positives")
        finish(axes, look, under=counts, grow=ax is None)
    return axes


def _read(data: Any, where: str, options: dict[str, Any]) -> CalibrationCurve:
    if isinstance(data, StreamingCalibration):
        data = data.compute()
    elif isinstance(data, tuple) and len(data) == 2 and not isinstance(data, CalibrationCurve):
        y_true, p = data
        data = calibration_curve(y_true, of_positive(y_true, p, options["pos_label"], "y_prob"), **options)
    if not isinstance(data, CalibrationCurve):
        raise TypeError(
            f"{where} must be a CalibrationCurve, a StreamingCalibration or a tuple (y_true, y_prob). Got "
            f"{type(data).__name__}; see fastsmote.calibration.calibration_curve."
        )
    if not len(data.counts):
        raise ValueError(f"{where} must hold a bin with rows. Got none; update the stream first.")
    return data


def _counts_axes(ax: Axes) -> Any:
    """Axes below ``ax`` with the same x, made by the first call."""
    for child in ax.child_axes:
        if child.get_gid() == _COUNTS:
            return child
    make_room(ax, 0.27 / 1.27 * ax.get_window_extent().height / ax.figure.dpi)
    counts = ax.inset_axes((0.0, -0.27, 1.0, 0.22), sharex=ax)
    counts.set_gid(_COUNTS)
    counts.set(ylabel="rows", xlabel="predicted probability")
    ax.tick_params(labelbottom=False)
    return counts


def _label(name: str | None, curve: CalibrationCurve) -> str:
    """With the expected calibration error of the bins that are drawn."""
    error = float(np.average(np.abs(curve.prob_true - curve.prob_pred), weights=curve.counts))
    words = f"ECE {share_words(error, error)}"
    return words if name is None else f"{name} ({words})"


def _draw_curve(ax: Axes, counts: Axes, label: str, curve: CalibrationCurve, log: bool, look: Look) -> None:
    """Shares with their intervals, and the rows of each bin in the same style."""
    shown = (curve.prob_true > 0) & (curve.prob_pred > 0) if log else True
    share = np.where(shown, curve.prob_true, np.nan)
    style = {"linewidth": 0.7 * rcParams["lines.linewidth"], "markersize": 5} | look.line
    line = draw(ax, curve.prob_pred, share, label, markers=True, **style)
    colour = line.get_color()
    ax.vlines(curve.prob_pred, curve.low, curve.high, color=colour, linewidth=1.4, zorder=2)
    counts.vlines(curve.prob_pred, 0, curve.counts, color=colour, linewidth=1.4)
    counts.plot(
        curve.prob_pred, curve.counts, linestyle="none", color=colour, marker=line.get_marker(), markersize=4
    )
    drawn = np.concatenate([dots.get_ydata() for dots in counts.lines])
    if drawn.max() > _LOG_FROM * drawn.min():
        counts.set_yscale("log")
        counts.set_ylim(drawn.min() / 3, drawn.max() * 3)
    else:
        counts.set_ylim(0, drawn.max() * 1.2)
        counts.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _set_limits(ax: Axes, curves: list[CalibrationCurve], log: bool) -> None:
    """The unit square, or on logarithmic axes a square of all rates above 0."""
    if not log:
        ax.set(xscale="linear", yscale="linear", xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
        return
    rates = np.concatenate(
        [part for curve in curves for part in (curve.prob_pred, curve.prob_true, curve.high)]
    )
    shown = rates[rates > 0]  # some: an interval never ends at 0
    ends = float(shown.min()) / 2, min(2 * float(shown.max()), 1.2)
    ax.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
