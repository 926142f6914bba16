"""Points between two rows: vectors of columns give the bits of one column after the other."""

import numpy as np
import pytest

from fastsmote._kernels.neighbors import lanes
from fastsmote._kernels.sampling import interpolate

HOSTILE = [0.0, -0.0, 1.0, -1.0, 1e-320, 1e200, -1e200, 1.7e308, -1.7e308, np.nan]


def rows_of(dtype, d, hostile):
    """300 rows, of which some hold a value that makes them rows for the slow way."""
    rng = np.random.default_rng(d)
    X = rng.normal(size=(300, d)) * 10.0 ** rng.integers(-4, 5, size=(300, d))
    if hostile:
        X[rng.integers(300, size=600), rng.integers(d, size=600)] = rng.choice(HOSTILE, 600)
    with np.errstate(over="ignore"):
        X = np.clip(X, *np.finfo(dtype).max * np.array([-1, 1])).astype(dtype)
    X[1] = X[0]
    X.setflags(write=False)
    return X


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("d", [1, 7, 8, 9, 15, 16, 17, 30, 64])
@pytest.mark.parametrize("hostile", [False, True])
def test_vectors_of_columns(dtype, d, hostile):
    X, rng = rows_of(dtype, d, hostile), np.random.default_rng(0)
    base, neighbor = rng.integers(300, size=(2, 500))
    gap = rng.choice([0.0, -0.0, 1.0, 1 - 2**-53, 5e-324, -0.5, *rng.random(20)], 500)
    base[:2], neighbor[:2] = 0, (0, 1)
    out = np.full((500, d), 7.0, dtype)
    interpolate.interpolate(X, base, neighbor, gap, out, 0, 300)
    interpolate.interpolate(X, base, neighbor, gap, out, 300, 500)
    with np.errstate(all="ignore"):
        expected = np.array([one_by_one(*row) for row in zip(X[base], X[neighbor], gap, strict=True)], dtype)
    np.testing.assert_array_equal(out, expected)
    finite = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(out)[finite], np.signbit(expected)[finite])


def one_by_one(x, y, g):
    """The definition, in the types that NumPy has."""
    points = []
    for a, b in zip(x, y, strict=True):
        step = b - a
        if abs(step) < np.inf:
            point = np.float64(a) + g * np.float64(step)
        elif np.isnan(a) or np.isnan(b):
            points.append(b if np.isnan(a) else a)
            continue
        else:
            point = np.float64(a) * (1.0 - g) + np.float64(b) * g
        if g >= 0.0:
            small, large = (a, b) if a < b else (b, a)
            point = point if point > small else small
            point = point if point < large else large
        with np.errstate(over="ignore"):
            kept = x.dtype.type(point)
        points.append(a if g < 0.0 and np.isinf(kept) else kept)
    return points


def test_interpreted_step():
    X, out = rows_of(np.float64, 30, hostile=True), np.empty((1, 30))
    told = []
    for a, b in ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9)):
        told.append(lanes.plainly_between(X, a, b, 0.25, out, 0))
        assert told[-1] == np.isfinite(X[a] - X[b]).all()
        if told[-1]:
            np.testing.assert_array_equal(out[0], one_by_one(X[a], X[b], 0.25))
    assert set(told) == {True, False}
