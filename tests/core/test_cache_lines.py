"""Arrays that begin on cache lines, and who needs them."""

import numpy as np
import pytest

from fastsmote._core.cache_lines import on_cache_lines
from fastsmote._neighbors.build import build_index
from fastsmote._neighbors.index import leaves_of


@pytest.mark.parametrize("shape", [0, 1, 63, (3, 32), (0, 5)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_array_on_a_line(shape, dtype):
    array = on_cache_lines(shape, dtype)
    assert array.shape == (shape if isinstance(shape, tuple) else (shape,))
    assert array.dtype == dtype
    assert array.flags.c_contiguous
    assert array.ctypes.data % 64 == 0 or array.size == 0
    array[...] = 1


def test_what_the_kernels_of_the_index_load_in_vectors():
    X = np.random.default_rng(0).normal(size=(3000, 30))
    for seed in range(20):  # of which one or the other would lie elsewhere by chance
        (leaves,) = leaves_of(build_index(X[seed:], lasting=True))
        panels = leaves.panels
        for array in (leaves.frame.basis, panels.panels, panels.norms, panels.tails):
            assert array.ctypes.data % 64 == 0
