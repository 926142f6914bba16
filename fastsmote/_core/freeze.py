"""Arrays that nobody writes to: what users own, what several threads read, what a record holds."""

from typing import Any, TypeVar

import numpy as np

Array = TypeVar("Array", bound=np.ndarray[Any, Any])


def freeze(array: Array) -> Array:
    """A read-only view; the array itself stays as it is.

    Kernels are compiled for one kind of array, and a read-only one is another kind than one that may be
    written to.
    """
    view = array.view()
    view.setflags(write=False)
    return view


def all_frozen(*arrays: Array | None) -> tuple[Array | None, ...]:
    """Read-only views; what is None stays None."""
    return tuple(None if array is None else freeze(array) for array in arrays)
