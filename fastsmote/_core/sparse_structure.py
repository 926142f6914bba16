"""Whether the index arrays of a sparse matrix stay within it: SciPy and kernels follow them without looking.

SciPy checks a matrix when it is made, in part; its arrays can be written to, replaced, and loaded from files.
"""

from typing import Any, NoReturn

import numpy as np


def check_structure(X: Any, name: str = "X") -> None:
    """ValueError unless the rows and columns that a sparse matrix names are its own. O(stored values)."""
    if len(X.shape) != 2:
        return
    if X.format == "coo":
        for numbers, size, what in zip(X.coords, X.shape, ("rows", "columns"), strict=True):
            _check_places(numbers, len(X.data), size, what, name)
    elif X.format in ("csr", "csc", "bsr"):
        lines, places = X.shape[::-1] if X.format == "csc" else X.shape
        if X.format == "bsr":
            lines, places = lines // X.blocksize[0], places // X.blocksize[1]
        _check_starts(X.indptr, lines, min(len(X.indices), len(X.data)), name)
        used = X.indices[: X.indptr[-1]]
        _check_places(used, len(used), places, "columns" if X.format == "csr" else "indices", name)


def _check_starts(indptr: Any, lines: int, n_stored: int, name: str) -> None:
    if not _are_integers(indptr) or len(indptr) != lines + 1:
        _refuse(name, f"indptr of {lines + 1} integers", f"{indptr.dtype} of shape {indptr.shape}")
    if indptr[0] != 0 or indptr[-1] > n_stored or (indptr[1:] < indptr[:-1]).any():
        _refuse(name, f"indptr from 0 to at most {n_stored}, ascending", f"{indptr.min()} to {indptr.max()}")


def _check_places(numbers: Any, n: int, size: int, what: str, name: str) -> None:
    if not _are_integers(numbers) or len(numbers) != n:
        _refuse(name, f"{what} as {n} integers", f"{numbers.dtype} of shape {numbers.shape}")
    if n and not 0 <= numbers.min() <= numbers.max() < size:
        _refuse(name, f"{what} from 0 to {size - 1}", f"{numbers.min()} to {numbers.max()}")


def _are_integers(array: Any) -> bool:
    return isinstance(array, np.ndarray) and array.ndim == 1 and array.dtype.kind in "iu"


def _refuse(name: str, wanted: str, got: str) -> NoReturn:
    raise ValueError(f"A sparse {name} must have {wanted}. Got {got}; make the matrix anew.")
