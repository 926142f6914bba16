"""How often fastsmote.compare claims that something is better where no method differs."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

import fastsmote


def most_rows(number):
    """A method that trains on nine rows of ten: other training rows, and else no difference."""

    def method(X, y):
        kept = np.random.default_rng([number, int(1e6 * abs(X[0, 0]))]).random(len(y)) < 0.9
        return X[kept], y[kept]

    return method


def claims(n_sets):
    """Data sets in which a method is called better, by metric."""
    found = {"average_precision": 0, "f1": 0}
    methods = {f"most {number}": most_rows(number) for number in range(6)}
    for seed in range(n_sets):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(1000, 5))
        y = rng.random(1000) < 1 / (1 + np.exp(3 - X[:, :3] @ [1.0, 0.7, 0.5]))
        compared = fastsmote.compare(X, y, samplers=methods, metrics=list(found), random_state=seed)
        for name in found:
            found[name] += any(row.values[name].verdict > 0 for row in compared.rows)
    return found


def test_no_method_is_better_in_some_sets_where_none_differs():
    assert max(claims(3).values()) <= 1


@pytest.mark.slow
def test_no_method_is_better_in_95_percent_of_sets_where_none_differs():
    assert max(claims(100).values()) <= 5
