"""What subclasses and neighbours of another make hand to the drop-ins' kernel is checked (D1)."""

import numpy as np
import pytest

pytest.importorskip("imblearn")

import fastsmote.imblearn

X = np.random.default_rng(0).normal(size=(30, 3))


@pytest.mark.parametrize(("rows", "found"), [([0, -1], 3), ([0, 1], 30), ([0, 1], -1), ([0, 1], 10**9)])
def test_rows_and_neighbors_beyond_the_data__D1(rows, found):
    sampler = fastsmote.imblearn.SMOTE()
    neighbors = np.full((30, 2), found)
    with pytest.raises(ValueError, match=r"must be row numbers of X, in \[0, 29\]"):
        sampler._generate_samples(X, X, neighbors, np.array(rows), np.array([0, 1]), np.zeros((2, 1)))
