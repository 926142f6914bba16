"""Sparse matrices whose index arrays were edited: an error, or what the same numbers made dense give.

D1: SciPy and kernels follow indptr and indices without looking at bounds.
"""

import warnings

import numpy as np
import pytest
from fuzz import edits
from scipy import sparse

import fastsmote

RNG = np.random.default_rng(0)
X = np.where(RNG.random((80, 6)) < 0.5, RNG.normal(size=(80, 6)), 0.0)
y = np.repeat([0, 1], [60, 20])
ARRAYS = {
    "csr": ("data", "indices", "indptr"),
    "csc": ("data", "indices", "indptr"),
    "coo": ("data", "row", "col"),
}
USES = {
    "smote": lambda X: fastsmote.smote(X, y, random_state=0)[0],
    "rows": lambda X: fastsmote.plan.smote(sparse.csr_array(DENSE), y, random_state=0).rows(X),
    "repeats": lambda X: fastsmote.random_over_sample(X, y, random_state=0)[0],
    "cleaned": lambda X: fastsmote.tomek_links(X, y)[0],
    "nearest to the others": lambda X: fastsmote.near_miss(X, y, version=2)[0],
    "under": lambda X: fastsmote.random_under_sample(X, y, random_state=0)[0],
}
DENSE = X


def dense(matrix):
    """What the arrays say, summed in plain Python; None where they leave the matrix."""
    made = np.zeros(matrix.shape, matrix.dtype.newbyteorder("="))
    if matrix.format == "coo":
        places = list(zip(matrix.row.tolist(), matrix.col.tolist(), strict=True))
    else:
        starts = matrix.indptr.tolist()
        lines = [i for i in range(len(starts) - 1) for _ in range(starts[i], starts[i + 1])]
        places = list(zip(lines, matrix.indices.tolist()[: starts[-1]], strict=True))
        places = places if matrix.format == "csr" else [place[::-1] for place in places]
    for (row, column), value in zip(places, matrix.data.tolist(), strict=False):
        assert row >= 0
        assert column >= 0
        made[row, column] += value
    return made


def edited_sparse(seed):
    rng = np.random.default_rng(seed)
    kind = list(ARRAYS)[rng.integers(3)]
    matrix = sparse.csr_array(X).asformat(kind).copy()
    for _ in range(int(rng.integers(0, 3))):
        name = ARRAYS[kind][rng.integers(3)]
        array = getattr(matrix, name).copy()
        edits.element(array, rng)
        if rng.random() < 0.3:
            array = edits.another(array, rng)
            if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype.kind not in "iuf":
                continue
        setattr(matrix, name, array)
    use = USES[list(USES)[rng.integers(len(USES))]]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        made = edits.attempt(use, matrix)
        if made is not None:
            expected = use(sparse.csr_array(dense(matrix)))
            np.testing.assert_allclose(made.toarray(), expected.toarray(), 1e-12)


def test_edited_sparse_matrices__D1(fuzz):
    fuzz(edited_sparse, 250)


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array, sparse.bsr_array])
@pytest.mark.parametrize("number", [-1, 10**9, 2**31 - 1])
def test_rows_and_columns_that_a_sparse_matrix_has_not__D1(kind, number):
    matrix = kind(X)
    (matrix.row if matrix.format == "coo" else matrix.indices)[5] = number
    with pytest.raises(ValueError, match=r"A sparse X must have (rows|columns|indices) from 0 to"):
        fastsmote.random_under_sample(matrix, y, random_state=0)


@pytest.mark.parametrize("change", [lambda p: p[::-1], lambda p: p[:-1], lambda p: p + 1, lambda p: p * 1000])
def test_rows_of_a_sparse_matrix_that_do_not_follow_each_other__D1(change):
    matrix = sparse.csr_array(X)
    matrix.indptr = np.ascontiguousarray(change(matrix.indptr))
    with pytest.raises(ValueError, match="A sparse X must have indptr"):
        fastsmote.smote(matrix, y, random_state=0)
