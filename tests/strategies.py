"""Data to test with: hostile matrices for neighbours, labelled sets, and hypothesis strategies."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst


def normal(n, d, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(dtype)


def lattice(n, d, side, seed=0):
    """Small whole numbers: many exact ties and duplicates."""
    return np.random.default_rng(seed).integers(0, side, size=(n, d)).astype(np.float64)


def with_columns(X, columns):
    X = X.copy()
    X[:, : columns.shape[1]] = columns
    return X


def hostile():
    """Name -> matrix on which a neighbour search may go wrong. Nearly equal distances are exactly equal."""
    rng = np.random.default_rng(5)
    n, d = 301, 6
    X = normal(n, d)
    centres = np.round(normal(12, d, 1) * 2**20) / 2**20
    clusters = centres[rng.integers(0, 12, n)] + rng.integers(-5, 6, (n, d)) / 2**27
    mixed = X * np.array([1e200, 1e200, 1e-200, 1.0, 1e-200, 1.0])
    return {
        "plain": X,
        "duplicates": X[rng.integers(0, 40, n)],
        "all equal": np.full((200, 3), 0.1),
        "constant columns": with_columns(X, np.full((n, 3), 7.7)),
        "lattice 2": lattice(n, 5, 2),
        "lattice 4": lattice(n, 3, 4),
        "lattice line": lattice(n, 1, 30),
        "offset 1e6": np.round(X * 2**20) / 2**20 + 1e6,
        "offset 1e8": np.round(X * 2**20) / 2**20 + 1e8,
        "offset 1e8 lattice": lattice(n, 4, 3) + 1e8,
        "offset 1e15": np.round(X * 8) + 1e15,
        "tight clusters": clusters,
        "1e200 beside 1e-200": mixed,
        "1e-300": X * 1e-300,
        "subnormal": np.round(X * 50) * 5e-324,
        "largest": X / np.abs(X).max() * 1.7e308,
        "largest signs": rng.choice([-1.7e308, 1.7e308], size=(64, 3)),
        "signed zeros": rng.choice([-0.0, 0.0, 1.0], size=(n, 3)),
        "outlier": with_columns(X, np.where(np.arange(n) == 17, 1e30, 0.0)[:, np.newaxis]),
        "float32": normal(n, d, 3, np.float32),
        "float32 offset": (np.round(X * 2**6) / 2**6 + 1e5).astype(np.float32),
        "float32 largest": (X / np.abs(X).max() * 3.4e38).astype(np.float32),
        "float32 subnormal": (np.round(X * 50) * 1e-45).astype(np.float32),
    }


def fraud(n=1200, d=6, shares=(0.7, 0.2, 0.1), seed=0, dtype=np.float64):
    """Overlapping normal classes in random order: X, y with labels 0, 1, ... of the given shares."""
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(len(shares)), np.round(np.array(shares) * n).astype(int))
    y = rng.permutation(y)
    X = rng.normal(size=(len(y), d)) + 0.8 * y[:, np.newaxis]
    return X.astype(dtype), y


few_values = st.sampled_from([-2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0])
any_values = st.integers(-8000, 8000).map(lambda i: i / 8)


@st.composite
def matrices(draw, min_rows=2, max_rows=40, max_features=5, elements=few_values | any_values):
    """Small matrices, many of them full of ties, whose squared distances are exact in float64."""
    n, d = draw(st.integers(min_rows, max_rows)), draw(st.integers(1, max_features))
    X = draw(npst.arrays(np.float64, (n, d), elements=elements))
    offset, power = draw(st.sampled_from([0.0, 2.0**30])), draw(st.sampled_from([0, 700, -1000]))
    return np.ldexp(np.ascontiguousarray(X) + offset, power)


@st.composite
def labelled(draw, max_rows=40, max_classes=3):
    """Such a matrix, and labels of at least two classes."""
    X = draw(matrices(min_rows=4, max_rows=max_rows))
    n_classes = draw(st.integers(2, max_classes))
    y = draw(npst.arrays(np.int64, len(X), elements=st.integers(0, n_classes - 1)))
    y[:2] = [0, 1]
    return X, y
