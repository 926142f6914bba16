"""Damaged pickles of subsets: an error, never rows that no data have."""

import copy

import numpy as np
import pytest

import fastsmote

SUBSETS = fastsmote.balanced_subsets(np.array([0] * 9 + [1] * 3), 3, random_state=0)
ROWS = np.arange(9)


@pytest.mark.parametrize(
    "dealt",
    [
        [(ROWS[:0], 3, 0, 0, None)],
        [(ROWS, 3, (), 0, None)],
        [(ROWS, 3, 0, -1, None)],
        [(np.array([-50, 3, 10**9]), 2, 0, 0, None)],
        [(ROWS[::-1], 3, 0, 0, None)],
        [(ROWS.astype(float), 3, 0, 0, None)],
        [(ROWS, 100, 0, 0, None)],
        [(ROWS, 3)],
        [None],
        7,
    ],
)
def test_damaged_parts(dealt):
    state = SUBSETS.__getstate__() | {"dealt": dealt}
    with pytest.raises(ValueError, match=r"BalancedSubsets|must be"):
        object.__new__(type(SUBSETS)).__setstate__(state)


def test_a_copy_makes_the_same_subsets():
    for one, other in zip(SUBSETS, copy.deepcopy(SUBSETS), strict=True):
        np.testing.assert_array_equal(one, other)
