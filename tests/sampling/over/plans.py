"""Whether two plans are the same."""

import numpy as np


def same_plan(actual, expected):
    for name in ("base", "neighbor", "gap", "label"):
        np.testing.assert_array_equal(getattr(actual, name), getattr(expected, name))
