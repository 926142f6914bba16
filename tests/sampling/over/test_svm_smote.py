"""SVM-SMOTE against its definition, and with support vectors of scikit-learn."""

import numpy as np
import pytest
from imblearn import over_sampling
from reference.neighbors import knn
from reference.sampling.over import borderline
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from strategies import fraud, lattice

import fastsmote
import fastsmote.sklearn
from fastsmote import plan

_, Y = fraud(600, 3, (0.6, 0.25, 0.15), 4)
DATA = {"normal": fraud(600, 3, (0.6, 0.25, 0.15), 4)[0], "ties": lattice(600, 3, 5)}
SUPPORT = np.random.default_rng(0).choice(600, 300, replace=False)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize(("k", "m"), [(5, 10), (3, 7), (1, 2), (12, 25)])
def test_pairs_and_gaps_are_those_of_the_definition(data, k, m):
    X, counts = DATA[data], np.bincount(Y)
    many = {code: int(counts[code]) + 40_000 for code in (1, 2)}
    made = plan.svm_smote(
        X, Y, SUPPORT, sampling_strategy=many, k_neighbors=k, m_neighbors=m, out_step=0.3, random_state=1
    )
    assert len(made) == 80_000
    nearest = knn.nearest(X, m)[1]
    for code in (1, 2):
        own, n_other = made.label == code, (Y[nearest] != code).sum(axis=1)
        vectors = [i for i in SUPPORT.tolist() if Y[i] == code and n_other[i] < m]
        rows = np.flatnonzero(code == Y)
        near = rows[knn.nearest(X[rows], k)[1]]
        expected = {(i, int(j)) for i in vectors for j in near[np.searchsorted(rows, i)]}
        base, gap = made.base[own], made.gap[own]
        assert set(zip(base.tolist(), made.neighbor[own].tolist(), strict=True)) == expected
        danger = np.isin(base, borderline.in_danger(X, Y, code, m))
        assert (gap[danger] >= 0).all()
        assert 0.99 < gap[danger].max() < 1.0
        assert (gap[~danger] <= 0).all()
        if data == "normal":  # rows of the lattice are all in danger: their classes know nothing of it
            assert -0.3 < gap[~danger].min() < -0.29
        share = 40_000 / len(vectors)
        assert abs(np.bincount(base, minlength=600)[vectors] - share).max() < 6 * np.sqrt(share)


def test_rows_lie_on_their_lines_and_may_leave_the_class():
    X = DATA["normal"]
    made = plan.svm_smote(X, Y, SUPPORT, random_state=2, sampling_strategy={2: 5_000})
    actual = made.rows(X)
    expected = X[made.base] + made.gap[:, None] * (X[made.neighbor] - X[made.base])
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-12)
    assert (actual.max(axis=0) > X[Y == 2].max(axis=0)).any()
    X_resampled, y_resampled = fastsmote.svm_smote(
        X, Y, SUPPORT, random_state=2, sampling_strategy={2: 5_000}
    )
    np.testing.assert_array_equal(X_resampled, np.concatenate([X, actual]))
    assert (y_resampled[600:] == 2).all()


def test_order_and_repetition_of_support_vectors_do_not_matter():
    expected = plan.svm_smote(DATA["normal"], Y, SUPPORT, random_state=3)
    again = plan.svm_smote(DATA["normal"], Y, np.r_[SUPPORT[::-1], SUPPORT[:9]], random_state=3)
    for name in ("base", "neighbor", "gap"):
        np.testing.assert_array_equal(getattr(again, name), getattr(expected, name))


@pytest.mark.parametrize("names", [["a", "b", "c"], [3, 1, 2]])
def test_support_vectors_of_scikit_learn(names):
    X, y = DATA["normal"], np.array(names)[Y]
    expected = over_sampling.SVMSMOTE(random_state=0).fit_resample(X, y)[1]
    X_resampled, y_resampled = fastsmote.sklearn.svm_smote(X, y, random_state=0)
    assert len(set(np.unique(y_resampled, return_counts=True)[1].tolist())) == 1
    assert abs(len(y_resampled) - len(expected)) <= 2
    codes = np.unique(y, return_inverse=True)[1]
    support = SVC().fit(X, codes).support_
    np.testing.assert_array_equal(X_resampled, fastsmote.svm_smote(X, y, support, random_state=0)[0])


def test_an_estimator_without_support_vectors():
    with pytest.raises(TypeError, match=r"svm_estimator must have support_ .* Got LogisticRegression"):
        fastsmote.sklearn.svm_smote(DATA["normal"], Y, LogisticRegression())


def test_only_noise_names_the_way_out():
    X = np.concatenate([np.arange(20.0), [5.1, 9.1, 13.1]]).reshape(-1, 1)
    with pytest.raises(RuntimeError, match=r"class 'few' has none with a row .* 2 nearest .* Use smote"):
        fastsmote.svm_smote(X, ["many"] * 20 + ["few"] * 3, [20, 21, 3], k_neighbors=2, m_neighbors=2)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"support": [0, 600]}, ValueError, r"support must be row numbers of X, in \[0, 599\]"),
        ({"support": [0.5]}, TypeError, "support must be row numbers"),
        ({"out_step": 1.5}, ValueError, r"out_step must be a number in \[0, 1\]. Got 1.5"),
        ({"out_step": "far"}, TypeError, r"out_step must be a number in \[0, 1\]"),
        ({"m_neighbors": 600}, ValueError, "m_neighbors must be at most 599"),
        ({"k_neighbors": 90}, ValueError, "k_neighbors=90 needs at least 91 rows of every class"),
    ],
)
def test_errors(arguments, error, words):
    with pytest.raises(error, match=words):
        plan.svm_smote(DATA["normal"], Y, **{"support": SUPPORT} | arguments)


def test_steps_beyond_the_largest_float32_are_not_made():
    X, y = fraud(300, 3)
    X = (X / np.abs(X).max() * np.finfo(np.float32).max).astype(np.float32)
    support = np.flatnonzero(y > 0)
    actual = fastsmote.svm_smote(X, y, support, out_step=1.0, random_state=0)[0]
    assert np.isfinite(actual).all()
