"""The rows of a sparse matrix, as kernels read and write them."""

from typing import NamedTuple

import numpy as np

from fastsmote._kernels.jit import kernel


class CSR(NamedTuple):
    """Row i has data[indptr[i]:indptr[i + 1]] in ``columns``, which ascend, none twice."""

    data: np.ndarray
    columns: np.ndarray
    indptr: np.ndarray  # (n_rows + 1,)
    n_features: int


@kernel
def copy_rows(X, rows, out, lo, hi):
    """Row i of ``out`` = row rows[i] of X, both ``CSR``, for i in [lo, hi); out.indptr says where."""
    data, columns, indptr, _ = X
    out_data, out_columns, starts, _ = out
    for i in range(lo, hi):
        here = slice(indptr[rows[i]], indptr[rows[i] + 1])
        values, numbers = data[here], columns[here]
        to_values, to_numbers = out_data[starts[i] : starts[i + 1]], out_columns[starts[i] : starts[i + 1]]
        for p in range(values.shape[0]):
            to_values[p] = values[p]
        for p in range(numbers.shape[0]):
            to_numbers[p] = numbers[p]
