"""The coordinates of an index: a scale, a centre and axes, chosen from a sample of rows.

Any choice gives exact answers; it decides what float32 can tell apart and how well boxes separate. So a few
values far from all others, such as 1e20 for "missing", must neither move the centre nor turn the axes.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.linalg import eigh

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._core.freeze import freeze
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix, RowIds
from fastsmote._kernels.neighbors import tree

ROTATE_UP_TO = 128  # features, of d^2 rows: a rotation costs n d^2 + d^3; else axes are columns of X
_SAMPLE = 8192  # rows that decide the axes
_COLUMNS_SAMPLE = 512  # where they are columns of X
_ROWS_SAMPLED = 512  # by one block
_FEW = 64, 8, 1024  # rows of these tell what is usual: at least, one in so many, at most
_USUAL = 16.0  # times the range of the middle half of the few: what lies farther off is cut to that
_FAR = 2.0**118  # squared norm of a query from which on float32 is not asked
_ROWS_COPIED = 64  # rows brought into cache together, before their coordinates are computed
_DIGITS = 40  # bits that the usual may be smaller than the largest; more, and float32 squares lose them

_columns = tree.columns.py_func  # run as Python, so that nothing is compiled


def choose_coordinates(
    X: Matrix, rows: RowIds | None, largest: float, n_jobs: int | None = None
) -> tuple[tree.Frame, int]:
    """Coordinates for some rows, or all, and how many the first pass looks at.

    The largest magnitude is given.
    """
    n, d = len(X) if rows is None else len(rows), X.shape[1]
    rotates = d <= ROTATE_UP_TO and n >= d * d
    scale = math.ldexp(1.0, max(min(-math.frexp(largest)[1], 1000), -1000))
    sample = _sampled(X, rows, scale, _SAMPLE if rotates else _COLUMNS_SAMPLE, n_jobs)
    few = np.sort(_few_of(sample), axis=0)
    centre = few[len(few) // 2].copy()
    reach = _USUAL * (few[3 * len(few) // 4] - few[len(few) // 4])
    widest = float(reach.max())
    if widest > 0.0:
        reach[reach == 0.0] = widest
        finite = 1024 - math.frexp(scale)[1]  # powers of two up to the largest
        wanted = max(-_DIGITS - math.frexp(widest)[1], 0)
        lift = math.ldexp(1.0, min(wanted, 55 - d.bit_length() // 2, finite))
        centre, reach, scale = centre * lift, reach * lift, scale * lift
        least, most = centre - reach, centre + reach

        def cut(lo: int, hi: int) -> None:
            part = sample[lo:hi]
            part *= lift
            np.clip(part, least, most, out=part)

        run_ranges(cut, len(sample), _ROWS_SAMPLED, n_jobs=n_jobs)
    centre = sample.mean(axis=0, dtype=np.float64)
    if rotates:
        variance, basis = eigh(_scatter(sample, centre, n_jobs), driver="evd", check_finite=False)
        variance, basis = variance[::-1], _padded(basis[:, ::-1])
        axes = np.arange(d)
    else:
        sample -= centre
        variance = np.einsum("ij,ij->j", sample, sample)
        axes = np.argsort(-variance, kind="stable")
        variance, basis = variance[axes], np.empty((0, 0))
    return tree.Frame(scale, freeze(centre), freeze(basis), freeze(axes), rounding_of(d)), _head(variance)


def _few_of(sample: Floats) -> Floats:
    """Some of the rows that were sampled: their columns are sorted."""
    least, one_in, most = _FEW
    return sample[:: max(1, len(sample) // min(most, max(least, len(sample) // one_in)))]


def _sampled(X: Matrix, rows: RowIds | None, scale: float, most: int, n_jobs: int | None) -> Floats:
    """Every so many-th of some rows, or of all, times the scale."""
    n, d = len(X) if rows is None else len(rows), X.shape[1]
    step = max(1, n // most)
    at = np.arange(0, n, step) if rows is None else rows[::step]
    sample = np.empty((len(at), d))

    def take(lo: int, hi: int) -> None:
        sample[lo:hi] = X[at[lo:hi]]
        sample[lo:hi] *= scale

    run_ranges(take, len(sample), _ROWS_SAMPLED, n_jobs=n_jobs)
    return sample


def _padded(basis: Floats) -> Floats:
    """The axes with columns of zeros, where kernels read them fastest.

    ``rotate`` loads all of them for each row: elsewhere an index of 100,000 x 30 takes 10 % more time
    (Zen 4).
    """
    d = len(basis)
    padded = on_cache_lines((d, _columns(d)), np.float64)
    padded[:, :d] = basis
    padded[:, d:] = 0.0
    return padded


def rounding_of(d: int) -> float:
    """Relative error of coordinates of d features, and of their axes as a rotation."""
    return (4 * d + 16) * 2.0**-53


def are_usable(frame: tree.Frame, largest: float) -> bool:
    """Whether answers are exact with coordinates that were stored, for rows of this largest magnitude.

    Axes are a rotation, the scale a power of two, and squares of coordinates stay within float32.
    """
    scale, centre, basis, axes, _ = frame
    d = len(centre)
    if not 0.0 < scale < math.inf or math.frexp(scale)[0] != 0.5:
        return False
    if largest * scale < 0.5 and scale < 1.0:  # radii would underflow; up to 2**1000 for the smallest rows
        return False
    reach = largest * scale + float(np.abs(centre).max())
    if not d * reach * reach <= _FAR or len(np.unique(axes)) < d:
        return False
    if not len(basis):
        return True
    with np.errstate(over="ignore", invalid="ignore"):
        off = basis[:, :d].T @ basis[:, :d] - np.eye(d)
    return bool(np.abs(off).max() <= rounding_of(d)) and not basis[:, d:].any()


def compute_coordinates(X: Matrix, rows: RowIds, frame: tree.Frame, out: Floats, lo: int, hi: int) -> None:
    """out[i - lo] = coordinates of row rows[i] of X, for i in [lo, hi)."""
    raw = np.empty((_ROWS_COPIED, X.shape[1]), X.dtype)
    # read-only: one kind of array, so that the kernel is compiled once
    tree.coordinates(freeze(X), freeze(np.ascontiguousarray(rows)), frame, raw, out, lo, hi)


def compute_leading(X: Matrix, rows: RowIds, frame: tree.Frame, out: Any, lo: int, hi: int) -> None:
    """out[j, i] = coordinate j of row rows[i] of X on the first axes, float32, for i in [lo, hi)."""
    d, n_axes = X.shape[1], len(out)
    basis = np.zeros((d, tree.LEADING))
    if len(frame.basis):
        basis[:, :n_axes] = frame.basis[:, :n_axes]
    else:
        basis[frame.axes[:n_axes], np.arange(n_axes)] = 1.0
    raw, turned = np.zeros((_ROWS_COPIED, d), X.dtype), np.empty((4, tree.LEADING))
    tree.lead(freeze(X), freeze(rows), frame, basis, raw, turned, out, lo, hi)


def coordinate_blocks(
    X: Matrix, rows: RowIds, frame: tree.Frame, lo: int, hi: int, step: int = 1024
) -> Iterator[tuple[int, int, Floats]]:
    """Start, stop and coordinates of the rows rows[start:stop] of X, ``step`` at a time, from lo to hi.

    The coordinates (stop - start, columns(d)) are for use until the next ones are asked for.
    """
    room = np.empty((min(step, hi - lo), _columns(X.shape[1])))
    for start in range(lo, hi, step):
        stop = min(start + step, hi)
        z = room[: stop - start]
        compute_coordinates(X, rows, frame, z, start, stop)
        yield start, stop, z


def _scatter(sample: Floats, centre: Floats, n_jobs: int | None) -> Floats:
    """centred.T @ centred in products too small for BLAS to share out, added up block by block.

    BLAS threads spin for 0.1 s after their work, on the cores that the next steps want. For the same reason
    the axes come from SciPy's eigh, which wakes none at 30 and 64 features; NumPy's does.
    """
    d = sample.shape[1]
    step = max(1, 2**17 // d**2)
    totals = np.zeros((split(len(sample), _ROWS_SAMPLED), d, d))

    def add(lo: int, hi: int) -> None:
        total = totals[lo // _ROWS_SAMPLED]
        for start in range(lo, hi, step):
            part = sample[start : min(start + step, hi)] - centre
            total += part.T @ part

    run_ranges(add, len(sample), _ROWS_SAMPLED, n_jobs=n_jobs)
    return totals.sum(axis=0)


def _head(variance: Floats) -> int:
    """Leading dimensions for the first pass: those with 80 % of the variance, in fours, at least 12."""
    d = len(variance)
    total = variance.sum()
    needed = int(np.searchsorted(np.cumsum(variance), 0.8 * total)) + 1 if total > 0 else d
    head = max(12, 4 * split(needed, 4))
    return head if head < d - 3 else d
