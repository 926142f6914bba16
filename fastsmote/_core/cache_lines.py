"""Arrays that begin on a cache line.

An array of NumPy begins at any multiple of 16 bytes. A vector of 64 bytes that is loaded from it then lies in
two cache lines, as chance has it from process to process.
"""

import math
from ctypes import addressof, c_char
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)
_LINE = 64  # bytes


def on_cache_lines(shape: int | tuple[int, ...], dtype: type[Scalar]) -> NDArray[Scalar]:
    """An array that is not filled. Rows as long as some lines begin on one too."""
    n_bytes = (shape if isinstance(shape, int) else math.prod(shape)) * np.dtype(dtype).itemsize
    memory = np.empty(n_bytes + _LINE, np.uint8)
    start = -addressof(c_char.from_buffer(memory.data)) % _LINE  # 1 us less than by memory.ctypes
    return np.ndarray(shape, dtype, memory, start)
