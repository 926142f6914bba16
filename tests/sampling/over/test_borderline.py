"""Borderline-SMOTE against its definition and imbalanced-learn."""

import numpy as np
import pytest
from imblearn import over_sampling
from reference.sampling.over import borderline
from strategies import fraud, lattice

import fastsmote
from fastsmote import plan

KINDS = ["borderline-1", "borderline-2"]
kinds = pytest.mark.parametrize("kind", KINDS)
_, Y = fraud(600, 3, (0.6, 0.25, 0.15), 4)
DATA = {"normal": fraud(600, 3, (0.6, 0.25, 0.15), 4)[0], "ties": lattice(600, 3, 5)}


@kinds
@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize(("k", "m"), [(5, 10), (3, 7), (1, 2), (12, 25)])
@pytest.mark.one_in(4)
def test_pairs_are_those_of_the_definition(kind, data, k, m):
    X, counts = DATA[data], np.bincount(Y)
    many = {1: int(counts[1]) + 40_000, 2: int(counts[2]) + 40_000}
    made = plan.borderline_smote(
        X, Y, sampling_strategy=many, k_neighbors=k, m_neighbors=m, kind=kind, random_state=1
    )
    assert len(made) == 80_000
    for code in (1, 2):
        own = made.label == code
        assert own.sum() == 40_000
        pairs = set(zip(made.base[own].tolist(), made.neighbor[own].tolist(), strict=True))
        assert pairs == borderline.candidates(X, Y, code, m, k, kind)
        foreign = Y[made.neighbor[own]] != code
        gaps = made.gap[own]
        assert foreign.any() == (kind == "borderline-2")
        assert 0.99 < gaps[~foreign].max() < 1.0
        if kind == "borderline-2":
            assert 0.49 < gaps[foreign].max() < 0.5
        shares = np.bincount(made.base[own], minlength=len(Y))
        expected = 40_000 / len(borderline.in_danger(X, Y, code, m))
        assert abs(shares[shares > 0] - expected).max() < 6 * np.sqrt(expected)


@pytest.mark.parametrize("m", [4, 10])
def test_rows_in_danger_are_those_of_imbalanced_learn(m):
    X = DATA["normal"]
    sampler = over_sampling.BorderlineSMOTE(m_neighbors=m, random_state=0)
    sampler.fit_resample(X, Y)
    for code, expected in sampler.in_danger_indices.items():
        assert borderline.in_danger(X, Y, code, m) == expected.tolist()


@kinds
def test_counts_and_original_rows(kind):
    X = DATA["normal"]
    X_resampled, y_resampled = fastsmote.borderline_smote(X, Y, kind=kind, random_state=2)
    np.testing.assert_array_equal(np.bincount(y_resampled), [np.bincount(Y).max()] * 3)
    np.testing.assert_array_equal(X_resampled[: len(X)], X)
    made = plan.borderline_smote(X, Y, kind=kind, random_state=2)
    np.testing.assert_array_equal(X_resampled[len(X) :], made.rows(X))
    nothing = plan.borderline_smote(X, Y, kind=kind, sampling_strategy={1: int((Y == 1).sum())})
    assert len(nothing) == 0


def test_a_class_without_rows_in_danger_names_the_way_out():
    apart = np.concatenate([np.arange(20.0), 1e3 + np.arange(12.0)]).reshape(-1, 1)
    y = ["a"] * 20 + ["b"] * 12
    with pytest.raises(RuntimeError, match=r"no row of class 'b' .*; 0 of 12 have all\. Use smote"):
        fastsmote.borderline_smote(apart, y)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"kind": "borderline"}, ValueError, 'kind must be "borderline-1" or "borderline-2". Got'),
        ({"m_neighbors": 0}, ValueError, "m_neighbors must be an integer >= 1. Got 0"),
        ({"m_neighbors": 600}, ValueError, "m_neighbors must be at most 599"),
        ({"k_neighbors": 600, "kind": "borderline-2"}, ValueError, "k_neighbors must be at most 599"),
        ({"k_neighbors": 90}, ValueError, "k_neighbors=90 needs at least 91 rows of every class"),
        ({"k_neighbors": 2.0}, TypeError, "k_neighbors must be an integer"),
    ],
)
def test_errors(arguments, error, words):
    with pytest.raises(error, match=words):
        plan.borderline_smote(DATA["normal"], Y, **arguments)
