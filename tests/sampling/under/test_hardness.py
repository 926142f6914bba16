"""Instance hardness threshold against its definition and imbalanced-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imblearn.under_sampling import InstanceHardnessThreshold
from reference.sampling.under import under_sampling
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from strategies import fraud

from fastsmote._core.labels import check_labels
from fastsmote._sampling.strategy import under_targets
from fastsmote._sampling.under.hardness import decide_hardness


def random_probabilities(n, n_classes, levels, seed=0):
    shares = np.random.default_rng(seed).integers(1, levels + 1, (n, n_classes)).astype(float)
    return shares / shares.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("levels", [1, 2, 3, 10**6])
@pytest.mark.parametrize("targets", [[90, 40, 30], [210, 60, 30], [0, 1, 30], [209, 59, 29], [0, 0, 0]])
def test_is_the_definition(levels, targets):
    _, y = fraud(300)
    probabilities = random_probabilities(300, 3, levels)
    actual = decide_hardness(check_labels(y), np.array(targets), probabilities)
    assert actual.dtype == np.int64
    assert actual.tolist() == under_sampling.hardness(y, targets, probabilities)
    assert np.bincount(y[actual], minlength=3).tolist() == targets


@given(seed=st.integers(0, 10**6), levels=st.integers(1, 5), names=st.permutations(["x", "y", "z"]))
def test_any_small_set(seed, levels, names):
    rng = np.random.default_rng(seed)
    y = np.r_[0, 1, 2, rng.integers(0, 3, 20)]
    labels = check_labels(np.array(names)[y])
    targets = rng.integers(0, labels.counts + 1)
    probabilities = random_probabilities(23, 3, levels, seed)
    actual = decide_hardness(labels, targets, probabilities)
    assert actual.tolist() == under_sampling.hardness(labels.codes, targets, probabilities)


def test_is_imbalanced_learns_where_no_probabilities_tie():
    X, y = fraud(600, 4)
    sampler = InstanceHardnessThreshold(estimator=LogisticRegression(), random_state=3)
    sampler.fit_resample(X, y)
    folds = StratifiedKFold(5, shuffle=True, random_state=np.random.RandomState(3))
    folds.random_state.randint(np.iinfo(np.int32).max)  # what imbalanced-learn seeds the classifier with
    probabilities = cross_val_predict(LogisticRegression(), X, y, cv=folds, method="predict_proba")
    labels = check_labels(y)
    actual = decide_hardness(labels, under_targets("auto", labels, y), probabilities)
    assert actual.tolist() == sorted(sampler.sample_indices_.tolist())


@pytest.mark.parametrize("names", [np.array([-1, 1]), np.array(["no", "yes"])])
def test_columns_are_sorted_labels(names):
    labels = check_labels(names[[0, 0, 0, 1]])
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.5, 0.5]])
    assert decide_hardness(labels, np.array([2, 1]), probabilities).tolist() == [0, 2, 3]


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        (np.full((4, 3), 0.3), r"must be of shape \(4, 2\).*Got shape \(4, 3\)"),
        (np.full(4, 0.5), r"Got shape \(4,\)"),
        (np.array([[0.5, 0.5], [np.nan, 1], [1, 0], [1, 0]]), r"in \[0, 1\]. Got nan at row 1, column 0"),
        (np.array([[0.5, 0.5], [1, 0], [1, 0], [1, 1.5]]), r"Got 1.5 at row 3, column 1"),
    ],
)
def test_errors(probabilities, message):
    with pytest.raises(ValueError, match=message):
        decide_hardness(check_labels([0, 0, 0, 1]), np.array([1, 1]), probabilities)
