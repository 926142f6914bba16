"""``sample_weight`` of over-samplers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.scores import check_weights


def check_weight(sample_weight: Any, n: int) -> NDArray[np.float64] | None:
    """One finite weight per row, none negative."""
    weights = check_weights(sample_weight)
    if weights is None:
        return None
    if len(weights) != n:
        raise ValueError(f"sample_weight must hold one weight per row of X, {n}. Got {len(weights)}.")
    if weights.min() < 0:
        raise ValueError(
            f"sample_weight must not be negative. Got {weights.min()} in row {weights.argmin()}."
        )
    return weights


def to_unit(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Weights times a power of two, so that the largest is in [0.5, 1), and its exponent: sums are finite."""
    exponent = int(np.frexp(weights.max(initial=0.0))[1])
    return np.ldexp(weights, -exponent), exponent
