"""Tables of other shapes than those of frauds, for ``fastsmote bench``: wide, one-hot, sparse, small."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_LEVELS = 10  # columns of 0 and 1 that one category has
_WORDS = 50  # values of a sparse row
_BESIDE = (8, 24, 3)  # levels of the categorical columns beside numbers


class Shape(NamedTuple):
    """Rows and features of a table, and the share of the rare class."""

    rows: int
    features: int
    make: Callable[[np.random.Generator, NDArray[np.int64], int], Any]  # labels and features to X
    share: float = 0.2


def make_shape(shape: Shape, n: int) -> tuple[Any, NDArray[np.int64]]:
    """X and y of n rows."""
    rng = np.random.default_rng(0)
    y = np.zeros(n, np.int64)
    y[rng.choice(n, max(1, round(n * shape.share)), replace=False)] = 1
    return shape.make(rng, y, shape.features), y


def _noise(rng: np.random.Generator, y: NDArray[np.int64], d: int) -> Any:
    """Normal numbers; the classes lie two standard deviations apart."""
    X = rng.standard_normal((len(y), d))
    X += (2.0 / np.sqrt(d)) * y[:, np.newaxis]
    return X


def _single(rng: np.random.Generator, y: NDArray[np.int64], d: int) -> Any:
    return _noise(rng, y, d).astype(np.float32)


def categories(rng: np.random.Generator, y: NDArray[np.int64], levels: tuple[int, ...]) -> Any:
    """Codes of categories, of which the rare class prefers some."""
    return np.column_stack([np.floor(rng.random(len(y)) ** (1.0 + y) * n) for n in levels])


def _one_hot(rng: np.random.Generator, y: NDArray[np.int64], d: int) -> Any:
    codes = categories(rng, y, (_LEVELS,) * (d // _LEVELS)).astype(np.int64)
    X = np.zeros((len(y), d))
    np.put_along_axis(X, codes + np.arange(0, d, _LEVELS), 1.0, axis=1)
    return X


def _texts(rng: np.random.Generator, y: NDArray[np.int64], d: int) -> Any:
    """Weights of words: some words are common, and each class prefers some."""
    from scipy.sparse import csr_array

    words = np.floor(d * rng.random((len(y), _WORDS)) ** (2.0 + y[:, np.newaxis])).astype(np.int32)
    of_row = np.repeat(np.arange(len(y), dtype=np.int32), _WORDS)  # k-means of scikit-learn takes no others
    entries = rng.random(words.size) + 0.1, (of_row, words.ravel())
    return csr_array(entries, shape=(len(y), d))


def _mixed(rng: np.random.Generator, y: NDArray[np.int64], d: int) -> Any:
    numbers = _noise(rng, y, d - len(_BESIDE))
    return np.column_stack([numbers, categories(rng, y, _BESIDE)])


def _nominal(rng: np.random.Generator, y: NDArray[np.int64], d: int) -> Any:
    return categories(rng, y, tuple(3 + 2 * i for i in range(d)))


SHAPES = {
    "500 x 20,000": Shape(500, 20_000, _noise),
    "500 x 20,000, float32": Shape(500, 20_000, _single),
    "2,000 x 5,000": Shape(2_000, 5_000, _noise),
    "2,000 x 1,000": Shape(2_000, 1_000, _noise),
    "20,000 x 300": Shape(20_000, 300, _noise),
    "2,000 x 600": Shape(2_000, 600, _noise),
    "2,000 x 64": Shape(2_000, 64, _noise),
    "1,000 x 150": Shape(1_000, 150, _noise),
    "1,000 x 64": Shape(1_000, 64, _noise),
    "500 x 300": Shape(500, 300, _noise),
    "400 x 100": Shape(400, 100, _noise),
    "200 x 600": Shape(200, 600, _noise),
    "one-hot, 100,000 x 500": Shape(100_000, 500, _one_hot, 0.1),
    "one-hot, 30,000 x 500": Shape(30_000, 500, _one_hot, 0.1),
    "one-hot, 20,000 x 200": Shape(20_000, 200, _one_hot, 0.1),
    "3,000 x 5": Shape(3_000, 5, _noise, 1 / 3),
    "5,000 x 10": Shape(5_000, 10, _noise),
    "texts": Shape(100_000, 10_000, _texts, 0.01),
    "few texts": Shape(1_000, 10_000, _texts),
    "small": Shape(1_000, 10, _noise),
    "small, categories beside": Shape(1_000, 10, _mixed),
    "small, categories": Shape(1_000, 10, _nominal),
}
