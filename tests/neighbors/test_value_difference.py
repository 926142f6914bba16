"""The value difference metric: against its definition and imbalanced-learn's numbers (issue 22, item 6)."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from fastsmote.neighbors import ValueDifferenceMetric


def data(n=60, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, [2, 5, 9], (n, 3)), rng.integers(0, 3, n)


def by_definition(X, y, r):
    """With k = 1, in fractions."""

    def share(feature, category, label):
        labels = [b for row, b in zip(X.tolist(), y.tolist(), strict=True) if row[feature] == category]
        return Fraction(labels.count(label), len(labels))

    def distance(one, other):
        return sum(
            sum(abs(share(f, a, label) - share(f, b, label)) for label in (0, 1, 2)) ** r
            for f, (a, b) in enumerate(zip(one, other, strict=True))
        )

    return [[float(distance(one, other)) for other in X.tolist()] for one in X.tolist()]


def test_by_definition():
    X, y = data(15)
    for r in (1, 2):
        ours = ValueDifferenceMetric(r=r).fit(X, y).pairwise(X)
        np.testing.assert_allclose(ours, by_definition(X, y, r), rtol=1e-14, atol=1e-15)


@pytest.mark.filterwarnings(
    "ignore:.*(distance_matrix|minkowski_distance).*:DeprecationWarning"
)  # of the peer
@pytest.mark.parametrize("n_categories", ["auto", [2, 6, 12]])
@pytest.mark.parametrize(("k", "r"), [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)])
def test_the_numbers_of_imbalanced_learn(n_categories, k, r):
    theirs = pytest.importorskip("imblearn.metrics.pairwise").ValueDifferenceMetric
    X, y = data()
    words = np.array(["ant", "bee", "cat"])[y]
    options = {"n_categories": n_categories, "k": k, "r": r}
    ours, expected = ValueDifferenceMetric(**options).fit(X, words), theirs(**options).fit(X, words)
    assert ours.n_categories_.tolist() == expected.n_categories_.tolist()
    for shares, others in zip(ours.proba_per_class_, expected.proba_per_class_, strict=True):
        np.testing.assert_array_equal(shares, others)
    np.testing.assert_array_equal(ours.pairwise(X), expected.pairwise(X))
    np.testing.assert_array_equal(ours.pairwise(X[:7], X[5:]), expected.pairwise(X[:7], X[5:]))
    np.testing.assert_array_equal(ours.pairwise(pd.DataFrame(X)), expected.pairwise(X))


def test_what_is_refused():
    X, y = data()
    with pytest.raises(ValueError, match=r"whole numbers from 0 on\. Got .*1\.5"):
        ValueDifferenceMetric().fit([[0], [1.5]], [0, 1])
    with pytest.raises(ValueError, match=r"whole numbers from 0 on\. Got .*-1"):
        ValueDifferenceMetric().fit([[0], [-1]], [0, 1])
    with pytest.raises(ValueError, match="one integer for each of 3 features"):
        ValueDifferenceMetric(n_categories=[2, 5]).fit(X, y)
    with pytest.raises(ValueError, match="X must hold codes below 2 in feature 2"):
        ValueDifferenceMetric(n_categories=[2, 5, 2]).fit(X, y)
    fitted = ValueDifferenceMetric().fit(X, y)
    with pytest.raises(
        ValueError, match=r"Y must hold codes below 2 in feature 0, as many as were fitted\. Got 2"
    ):
        fitted.pairwise(X, [[2, 0, 0]])
    with pytest.raises(ValueError, match="X must have 3 features"):
        fitted.pairwise(X[:, :2])
    with pytest.raises(AttributeError, match="must be fitted first"):
        ValueDifferenceMetric().pairwise(X)
    for name in ("k", "r"):
        with pytest.raises(ValueError, match=f"{name} must be an integer >= 1"):
            ValueDifferenceMetric(**{name: 0})
