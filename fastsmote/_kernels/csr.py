"""The rows of a sparse matrix, as kernels read and write them."""

from typing import NamedTuple

import numpy as np


class CSR(NamedTuple):
    """Row i has data[indptr[i]:indptr[i + 1]] in ``columns``, which ascend, none twice."""

    data: np.ndarray
    columns: np.ndarray
    indptr: np.ndarray  # (n_rows + 1,)
    n_features: int
