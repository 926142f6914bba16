"""The plan of an over-sampler: what each new row is made of, and how the rows are made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._check import check_integer, check_matrix
from fastsmote._kernels import interpolate as kernels
from fastsmote._threads import Progress, run_ranges

_ROWS = 8192  # new rows per block when writing


class Smoothing(NamedTuple):
    """Normal noise of the smoothed bootstrap, as ``_kernels.interpolate.add_noise`` takes it."""

    seed: np.uint64
    group: NDArray[np.int64]  # class code of each new row
    first: NDArray[np.int64]  # (K,) first new row of each class
    deviation: NDArray[np.float64]  # (K, n_features)


@dataclass(frozen=True)
class SyntheticPlan:
    """Over-sampling as a decision: ``x_new = x_base + gap * (x_neighbor - x_base)``.

    A plan answers "which real rows made this synthetic row?", pickles, and can be applied lazily, in
    blocks, into a memory map or on another machine. New rows are grouped by class, in the order of the
    sorted labels.

    Attributes
    ----------
    base, neighbor : ndarray of int64 of shape (n_new,)
        Row numbers in X. They are equal where a row is repeated.
    gap : ndarray of float64 of shape (n_new,)
        Place on the way from base to neighbour, in [0, 1); negative where ``svm_smote`` goes the other way.
    label : ndarray of shape (n_new,)
        Labels of the new rows, the labels of their base rows.
    n_rows, n_features : int
        Shape of the X that the plan was made for; n_features is None where only labels were looked at.
    smoothing : Smoothing or None
        Noise on top, for ``random_over_sample(shrinkage=...)``.
    """

    base: NDArray[np.int64]
    neighbor: NDArray[np.int64]
    gap: NDArray[np.float64]
    label: NDArray[Any]
    n_rows: int
    n_features: int | None = None
    smoothing: Smoothing | None = None

    def __len__(self) -> int:
        return len(self.base)

    def rows(
        self,
        X: Any,
        start: int = 0,
        stop: int | None = None,
        out: NDArray[Any] | None = None,
        *,
        n_jobs: int | None = None,
    ) -> NDArray[Any]:
        """Make the synthetic rows [start, stop).

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The data that the plan was made for. Not searched for missing values again.
        start, stop : int
            Range of new rows, all by default; as in a slice, but negative numbers are refused.
        out : ndarray of shape (stop - start, n_features), optional
            C-contiguous array of the dtype of the result, written to and returned; a memory map, say.
        n_jobs : int, optional
            Threads; None is all usable cores.

        Returns
        -------
        ndarray of shape (stop - start, n_features)
            float32 for float32 (or float16) X, float64 otherwise.

        Raises
        ------
        ValueError
            If X has another shape than the plan was made for, the range is outside the plan, or
            ``out`` does not fit.

        Examples
        --------
        >>> import numpy as np, fastsmote
        >>> X = np.arange(20.0).reshape(10, 2)
        >>> made = fastsmote.plan.smote(X, [0] * 7 + [1] * 3, k_neighbors=2, random_state=0)
        >>> made.rows(X, 0, 2).shape
        (2, 2)
        """
        matrix = check_matrix(X, finite=False)
        if matrix.shape != (self.n_rows, self.n_features or matrix.shape[1]):
            raise ValueError(
                f"X must have the {self.n_rows} rows and {self.n_features or 'any number of'} features "
                f"that the plan was made for. Got {matrix.shape[0]} rows and {matrix.shape[1]} features."
            )
        stop = len(self) if stop is None else stop
        if not 0 <= start <= stop <= len(self):
            raise ValueError(f"start and stop must be in 0..{len(self)}, in order. Got {start} and {stop}.")
        shape = (stop - start, matrix.shape[1])
        if out is None:
            out = np.empty(shape, matrix.dtype)
        elif not isinstance(out, np.ndarray) or (out.shape, out.dtype) != (shape, matrix.dtype):
            got = f"{type(out).__name__} of shape {np.shape(out)}, dtype {getattr(out, 'dtype', 'none')}"
            raise ValueError(f"out must be an array of shape {shape} and dtype {matrix.dtype}. Got {got}.")
        elif not (out.flags.c_contiguous and out.flags.writeable):
            raise ValueError("out must be C-contiguous and writeable. Pass np.empty(shape, dtype).")
        elif np.may_share_memory(out, matrix):
            raise ValueError("out must not share memory with X: X is read while out is written.")
        self._fill(matrix, out, start, n_jobs=n_jobs)
        return out

    def blocks(self, X: Any, size: int = 65536, *, n_jobs: int | None = None) -> Iterator[NDArray[Any]]:
        """Yield the synthetic rows in order, block by block; only one block is in memory.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The data that the plan was made for, as for :meth:`rows`.
        size : int, default 65536
            Rows per block; the last block may have fewer.
        n_jobs : int, optional
            Threads; None is all usable cores.

        Yields
        ------
        ndarray of shape (size, n_features)

        Raises
        ------
        ValueError
            If X has another shape than the plan was made for, or ``size`` is not positive.
        TypeError
            If ``size`` is not an integer.

        Examples
        --------
        >>> import numpy as np, fastsmote
        >>> X = np.arange(20.0).reshape(10, 2)
        >>> made = fastsmote.plan.smote(X, [0] * 7 + [1] * 3, k_neighbors=2, random_state=0)
        >>> [len(block) for block in made.blocks(X, 3)]
        [3, 1]
        """
        size = check_integer(size, "size")
        matrix = check_matrix(X, finite=False)
        for start in range(0, len(self), size):
            yield self.rows(matrix, start, min(start + size, len(self)), n_jobs=n_jobs)

    def _fill(
        self,
        matrix: NDArray[Any],
        out: NDArray[Any],
        start: int = 0,
        *,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write the rows from ``start`` on into all of ``out``."""
        smoothing = self.smoothing

        def make(lo: int, hi: int) -> None:
            kernels.interpolate(matrix, self.base, self.neighbor, self.gap, start, out, lo, hi)
            if smoothing is not None:
                kernels.add_noise(*smoothing, start, out, lo, hi)

        run_ranges(make, len(out), _ROWS, n_jobs=n_jobs, progress=progress)
