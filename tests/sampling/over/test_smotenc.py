"""SMOTE-NC: neighbours, votes and numbers against their definition, by an index and by brute force."""

import numpy as np
import pandas as pd
import pytest
from imblearn import over_sampling
from reference.sampling.over import nominal
from scipy import sparse
from strategies import lattice, normal

import fastsmote
from fastsmote import plan
from fastsmote._neighbors import spaces
from fastsmote._sampling.over import draft, materialize
from fastsmote._sampling.over import nominal as nominal_module


def levels(n, c, n_levels, seed=0):
    return np.random.default_rng(seed).integers(0, n_levels, size=(n, c))


def table(numbers, codes, seed=0):
    """A class 1 of these rows among rows of a class 0: X with categories in columns 0, 2, ..., y."""
    n = len(numbers)
    rng = np.random.default_rng(seed)
    own = np.column_stack([codes, numbers]).astype(numbers.dtype)
    other = own[rng.permutation(n)] * numbers.dtype.type(3)
    y = rng.permutation(np.repeat([0, 1], n))
    X = np.empty((2 * n, own.shape[1]), numbers.dtype)
    X[y == 1], X[y == 0] = own, other
    order = np.argsort([*range(0, 2 * codes.shape[1], 2), *range(1, 2 * numbers.shape[1], 2)], kind="stable")
    return X[:, order], y, np.flatnonzero(order < codes.shape[1])


LATTICE = lattice(90, 3, 3)
DATA = {
    "normal": (normal(90, 3), levels(90, 3, 4), 5),
    "one number": (normal(90, 1), levels(90, 4, 3), 7),
    "two numbers": (normal(90, 2) * [1.0, 9.0], levels(90, 2, 3), 5),
    "ties": (LATTICE, levels(90, 2, 3), 5),
    "duplicates": (np.repeat(LATTICE[:9], 10, axis=0), np.repeat(levels(9, 2, 3), 10, axis=0), 6),
    "median deviation 0": (LATTICE * [1.0, 0.0, 0.0] + [0.0, 7.0, 0.5], levels(90, 2, 3), 5),
    "all numbers equal": (np.full((70, 2), 0.5), levels(70, 2, 3), 4),
    "one category": (LATTICE, levels(90, 1, 1), 3),
    "hundreds of levels": (normal(400, 2), levels(400, 2, 300), 5),
    "many rows": (normal(700, 4), levels(700, 5, 5), 3),
    "many tied rows": (lattice(700, 2, 6), levels(700, 3, 2), 6),
    "all others": (normal(40, 2), levels(40, 3, 5), 39),
    "one neighbour": (LATTICE, levels(90, 3, 2), 1),
    "float32": (normal(90, 3, dtype=np.float32), levels(90, 3, 4), 5),
    "offset": (LATTICE + 1e8, levels(90, 3, 3), 5),
    "largest": (np.ldexp(LATTICE, 1020), levels(90, 2, 3), 5),
    "smallest": (np.ldexp(LATTICE, -1000), levels(90, 2, 3), 5),
}


def many_rows(X, y, categorical, k, **arguments):
    n = int((y == 1).sum())
    return plan.smotenc(
        X,
        y,
        categorical_features=categorical.tolist(),
        sampling_strategy={1: n * (k * 18 + 1)},
        k_neighbors=k,
        random_state=1,
        **arguments,
    )


def pairs_of(made):
    return set(zip(made.base.tolist(), made.neighbor.tolist(), strict=True))


def as_votes(values):
    return [None if value == -1 else value for value in values]


def require_votes(made, X, codes, rows, near, categorical):
    """Categories of new rows are those that win the votes of the neighbours of their base row."""
    first = np.unique(made.base, return_index=True)[1]
    new = np.where(np.isnan(taken := made.rows(X)[:, categorical]), -1, taken)
    for base, place in zip(made.base[first], first, strict=True):
        at = np.searchsorted(rows, base)
        for c in range(len(categorical)):
            expected = nominal.winner(as_votes(codes[near[at], c].tolist()))
            assert new[place, c] == (codes[at, c] if expected is None else expected)
    _, group = np.unique(made.base, return_inverse=True)
    np.testing.assert_array_equal(new, new[first][group])


@pytest.mark.parametrize("name", DATA)
def test_pairs_votes_and_numbers_are_those_of_the_definition(name):
    numbers, codes, k = DATA[name]
    X, y, categorical = table(numbers, codes)
    squared = nominal.mixed_squared(numbers, codes)
    assert nominal.are_clear(squared, k).all()
    rows, near = np.flatnonzero(y == 1), nominal.nearest(squared, k)
    made = many_rows(X, y, categorical, k)
    expected = {(base, int(rows[j])) for base, line in zip(rows.tolist(), near, strict=True) for j in line}
    assert pairs_of(made) == expected
    require_votes(made, X, codes, rows, near, categorical)
    numeric = np.setdiff1d(np.arange(X.shape[1]), categorical)
    base, neighbor = (X[at][:, numeric].astype(np.longdouble) for at in (made.base, made.neighbor))
    line = base + made.gap[:, np.newaxis] * (neighbor - base)
    tolerance = 4 * np.finfo(X.dtype).eps * np.abs(numbers).max()
    assert (abs(made.rows(X)[:, numeric] - line) <= tolerance).all()


def test_constant_columns_do_not_deviate_whatever_the_rounding_of_their_mean():
    numbers, codes = np.full((70, 2), 0.1), levels(70, 2, 3)
    X, y, categorical = table(numbers, codes)
    rows, near = np.flatnonzero(y == 1), nominal.nearest(np.zeros((70, 70)), 4)
    expected = {(i, int(rows[j])) for i, line in zip(rows.tolist(), near, strict=True) for j in line}
    assert pairs_of(many_rows(X, y, categorical, 4)) == expected


def test_numbers_as_far_apart_as_categories_go_by_row_number():
    numbers = np.array([(a, b) for a in range(5) for b in range(5)] * 2, float)
    codes = np.repeat([[0], [1]], 25, axis=0)
    order = np.random.default_rng(0).permutation(50)
    numbers, codes = numbers[order], codes[order]
    np.testing.assert_array_equal(numbers.var(axis=0), [2.0, 2.0])
    squared = ((numbers[:, np.newaxis] - numbers) ** 2).sum(axis=2) + 2 * (codes != codes.T)
    X, y, categorical = table(numbers, codes)
    rows, near = np.flatnonzero(y == 1), nominal.nearest(squared, 6)
    expected = {(i, int(rows[j])) for i, line in zip(rows.tolist(), near, strict=True) for j in line}
    assert pairs_of(many_rows(X, y, categorical, 6)) == expected


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ties", [False, True])
def test_missing_values(seed, ties):
    numbers = lattice(80, 3, 4, seed) if ties else normal(80, 3, seed)
    rng, k = np.random.default_rng(seed), 4
    codes = levels(80, 3, 4, seed)
    numbers[rng.random(numbers.shape) < 0.3] = np.nan
    codes[rng.random(codes.shape) < 0.4] = -1
    numbers[7], codes[7] = np.nan, -1
    squared = nominal.mixed_squared(numbers, codes)
    clear = nominal.are_clear(squared, k)  # the same distance over other columns may be rounded otherwise
    assert clear.sum() > 50
    X, y, categorical = table(numbers, np.where(codes == -1, np.nan, codes))
    rows, near = np.flatnonzero(y == 1), nominal.nearest(squared, k)
    weight = np.zeros(len(X))
    weight[rows[clear]] = 1.0
    made = many_rows(X, y, categorical, k, missing="nan-euclidean", sample_weight=weight)
    expected = {
        (i, int(rows[j])) for i, line in zip(rows, near, strict=True) for j in line if i in rows[clear]
    }
    assert pairs_of(made) == expected
    require_votes(made, X, codes, rows, near, categorical)
    numeric = np.setdiff1d(np.arange(X.shape[1]), categorical)
    base, neighbor = X[made.base][:, numeric], X[made.neighbor][:, numeric]
    expected = base + made.gap[:, np.newaxis] * (neighbor - base)
    expected = np.where(np.isnan(base), neighbor, np.where(np.isnan(neighbor), base, expected))
    np.testing.assert_allclose(made.rows(X)[:, numeric], expected, rtol=1e-14, atol=1e-14)


def test_rows_that_miss_nothing_have_the_neighbours_they_have_without_missing():
    X, y, categorical = table(*DATA["many tied rows"][:2])
    expected = many_rows(X, y, categorical, 3)
    again = many_rows(X, y, categorical, 3, missing="nan-euclidean")
    X[np.flatnonzero(y == 0)[3], 1] = np.nan
    other_class = many_rows(X, y, categorical, 3, missing="nan-euclidean")
    for made in (again, other_class):
        np.testing.assert_array_equal(made.neighbor, expected.neighbor)
        np.testing.assert_array_equal(made.donors.rows, expected.donors.rows)


def test_base_rows_and_gaps_are_drawn_as_by_smote():
    numbers, codes, k = DATA["normal"]
    X, y, categorical = table(numbers, codes)
    actual = many_rows(X, y, categorical, k)
    expected = plan.smote(X, y, sampling_strategy={1: 90 + len(actual)}, k_neighbors=k, random_state=1)
    np.testing.assert_array_equal(actual.base, expected.base)
    np.testing.assert_array_equal(actual.gap, expected.gap)


def test_groups_and_weights():
    numbers, codes, _ = DATA["many tied rows"]
    X, y, categorical = table(numbers, codes)
    rows, k = np.flatnonzero(y == 1), 4
    rng = np.random.default_rng(0)
    groups = rng.choice(["a", "b", "c", "d", "e"], len(X), p=[0.5, 0.3, 0.188, 0.006, 0.006])
    groups[rows[10]] = "alone"
    weight = np.where(np.arange(len(X)) % 3 == 0, 0.0, 1.0)
    squared = nominal.mixed_squared(numbers, codes)
    squared[groups[rows][:, np.newaxis] != groups[rows]] = np.inf
    near = nominal.nearest(squared, k)
    made = many_rows(X, y, categorical, k, groups=groups, sample_weight=weight)
    own = [[j for j in line if np.isfinite(squared[i, j])] for i, line in enumerate(near)]
    expected = {(int(rows[i]), int(rows[j])) for i, line in enumerate(own) for j in line if weight[rows[i]]}
    assert pairs_of(made) == expected
    require_votes(made, X, codes, rows, own, categorical)


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (nominal_module, "_VOTES", 7),
        (draft, "_DRAWS", 13),
        (spaces, "_QUERIES_PER_BLOCK", 1),
        (spaces, "_SMALL_GROUP", 3),
        (spaces, "_SMALL_GROUP", 10**9),
        (materialize, "_ROWS", 5),
    ],
)
@pytest.mark.parametrize("missing", ["error", "nan-euclidean"])
def test_blocks_and_threads_change_nothing(monkeypatch, module, name, value, n_jobs, missing):
    X, y, categorical = table(*DATA["many tied rows"][:2])
    groups = np.arange(len(X)) % 2
    if missing != "error":
        X[::9, :3] = np.nan
    arguments = {"categorical_features": categorical.tolist(), "missing": missing, "random_state": 5}
    arguments |= {"groups": groups, "sampling_strategy": {1: 1400}}
    expected = fastsmote.smotenc(X, y, **arguments)[0]
    monkeypatch.setattr(module, name, value)
    np.testing.assert_array_equal(fastsmote.smotenc(X, y, n_jobs=n_jobs, **arguments)[0], expected)


def three_classes(n=300, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.repeat([0, 1, 2], [n * 2 // 3, n // 5, n - n * 2 // 3 - n // 5]))
    return np.column_stack([rng.normal(size=n) + y, rng.integers(0, 4, n), rng.normal(size=n)]), y


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", [200, 200, 200]),
        ("not majority", [200, 200, 200]),
        ("all", [200, 200, 200]),
        ("minority", [200, 60, 200]),
        ("not minority", [200, 200, 40]),
        (0.5, [200, 100, 100]),
        (fastsmote.Share(0.25), [200, 60, 87]),
        ({0: 211, 2: 41}, [211, 60, 41]),
        ({1: 60}, [200, 60, 40]),
        (lambda y: {2: 3 * int((y == 2).sum())}, [200, 60, 120]),
    ],
)
def test_counts_and_original_rows(strategy, expected):
    X, y = three_classes()
    before = X.copy()
    X_resampled, y_resampled = fastsmote.smotenc(
        X, y, categorical_features=[1], sampling_strategy=strategy, random_state=0
    )
    np.testing.assert_array_equal(np.bincount(y_resampled), expected)
    np.testing.assert_array_equal(X_resampled[:300], before)
    np.testing.assert_array_equal(y_resampled[:300], y)
    assert (np.diff(y_resampled[300:]) >= 0).all()
    np.testing.assert_array_equal(X, before)
    assert not np.shares_memory(X_resampled, X)


def test_a_class_takes_categories_and_neighbours_of_its_own():
    X, y = three_classes()
    X[:, 1] += 10 * y
    made = plan.smotenc(X, y, categorical_features=[1], random_state=0)
    for rows in (made.base, made.neighbor, made.donors.of(0, len(made))[:, 0]):
        np.testing.assert_array_equal(y[rows], made.label)
    np.testing.assert_array_equal(made.rows(X)[:, 1] // 10, made.label)


def test_immutable_columns_keep_the_category_of_the_base_row():
    numbers, codes, k = DATA["normal"]
    X, y, categorical = table(numbers, codes)
    first, second = categorical[:2].tolist()
    free = many_rows(X, y, categorical, k)
    made = many_rows(X, y, categorical, k, columns={first: "immutable", 1: (-0.25, 0.25), 3: "integer"})
    new = made.rows(X)
    np.testing.assert_array_equal(new[:, first], X[made.base, first])
    assert (free.rows(X)[:, first] != X[free.base, first]).any()
    np.testing.assert_array_equal(new[:, second], free.rows(X)[:, second])
    np.testing.assert_array_equal(new[:, 1], free.rows(X)[:, 1].clip(-0.25, 0.25))
    np.testing.assert_array_equal(new[:, 3], np.rint(free.rows(X)[:, 3]))


def test_weights_keep_what_each_class_weighs():
    X, y = three_classes()
    weight = np.random.default_rng(0).random(300) + 0.1
    _, y_resampled, actual = fastsmote.smotenc(
        X, y, categorical_features=[1], sample_weight=weight, return_weights=True, random_state=0
    )
    np.testing.assert_allclose(np.bincount(y_resampled, actual), np.bincount(y, weight))


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_are_those_of_imbalanced_learn(seed):
    numbers, codes = normal(100, 3, seed), levels(100, 2, 4, seed)
    X, y, categorical = table(numbers, codes)
    X = np.concatenate([X, X[y == 0] + 0.5 * ~np.isin(np.arange(5), categorical)])
    y = np.concatenate([y, np.zeros(100, int)])
    sampler = over_sampling.SMOTENC(categorical.tolist(), random_state=0)
    expected_y = sampler.fit_resample(X, y)[1]
    near = sampler.nn_k_.kneighbors(sampler.nn_k_._fit_X, return_distance=False)[:, 1:]
    rows = np.flatnonzero(y == 1)
    made = many_rows(X, y, categorical, 5)
    assert pairs_of(made) == {(i, int(rows[j])) for i, line in zip(rows, near, strict=True) for j in line}
    actual_y = fastsmote.smotenc(X, y, categorical_features=categorical, random_state=0)[1]
    np.testing.assert_array_equal(np.bincount(actual_y), np.bincount(expected_y))


_RNG = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "n": _RNG.normal(size=120),
        "i": _RNG.integers(-50, 50, 120),
        "c": pd.Categorical(_RNG.choice(["red", "green"], 120)),
        "w": _RNG.choice(["x", "y", "z"], 120),
    }
)
LABELS = _RNG.permutation(np.repeat([0, 1], [80, 40]))


@pytest.mark.parametrize(
    "features",
    [
        [3, 2],
        ["w", "c"],
        ("c", 3),
        [False, False, True, True],
        np.array([0, 0, 1, 1], bool),
        np.array([2, 3]),
    ],
)
def test_forms_of_categorical_features(features):
    expected = plan.smotenc(FRAME, LABELS, random_state=0)
    made = plan.smotenc(FRAME, LABELS, categorical_features=features, random_state=0)
    np.testing.assert_array_equal(made.donors.columns, [2, 3])
    np.testing.assert_array_equal(made.donors.rows, expected.donors.rows)


def without(name):
    return FRAME.drop(columns=name)


@pytest.mark.parametrize(
    ("X", "arguments", "error", "words"),
    [
        (FRAME.to_numpy(), {}, ValueError, '="auto" needs a frame .* Got ndarray; pass the numbers'),
        (without(["c", "w"]), {}, ValueError, "only with numerical features. Got 2 columns.* use smote"),
        (without(["n", "i"]), {}, ValueError, "only with categorical features. Got 2 columns.* use smoten"),
        (FRAME, {"categorical_features": ["z"]}, ValueError, r"\['n', 'i', 'c', 'w'\].* Got 'z'"),
        (FRAME, {"categorical_features": [4]}, ValueError, r"number in \[0, 3\]. Got 4"),
        (FRAME, {"categorical_features": [-1]}, ValueError, r"number in \[0, 3\]. Got -1"),
        (FRAME, {"categorical_features": [True]}, ValueError, "one value per column, 4. Got 1"),
        (FRAME, {"categorical_features": "c"}, TypeError, "list of numbers, names or a mask.*'c'"),
        (FRAME, {"categorical_features": ["w"]}, ValueError, "column 'c' of X must hold numbers"),
        (FRAME.to_numpy(), {"categorical_features": [3]}, ValueError, "column 2 of X must hold numbers"),
        (FRAME, {"k_neighbors": 40}, ValueError, "needs at least 41 rows of every class"),
        (FRAME, {"k_neighbors": 0}, ValueError, "k_neighbors must be an integer >= 1"),
        (FRAME, {"k_neighbors": 2.0}, TypeError, "k_neighbors must be an integer"),
        (FRAME, {"missing": "mean"}, ValueError, 'missing must be "error" or "nan-euclidean"'),
        (
            FRAME,
            {"columns": {"c": "integer"}},
            ValueError,
            'must be "immutable", as the column is categorical',
        ),
        (FRAME, {"columns": {2: (0, 1)}}, ValueError, 'must be "immutable", as the column is categorical'),
        (FRAME, {"columns": {"z": "integer"}}, ValueError, "columns must name columns of X"),
        (FRAME, {"groups": np.arange(120)}, ValueError, "no two rows of class 1 in one group"),
        (
            FRAME,
            {"sample_weight": 1.0 - LABELS},
            ValueError,
            "sample_weight is 0 for all 40 rows",
        ),
        (FRAME, {"sampling_strategy": {1: 39}}, ValueError, "40 samples and 39"),
        (FRAME.assign(n=np.nan), {}, ValueError, "NaN .* at row 0, column 'n'"),
        (FRAME.iloc[:-1], {}, ValueError, "inconsistent numbers of samples: 119 and 120"),
        (sparse.eye_array(120).tocsr(), {}, TypeError, "smotenc takes no sparse matrix"),
        (np.arange(120.0), {"categorical_features": [0]}, ValueError, "two dimensions"),
    ],
)
def test_errors(X, arguments, error, words):
    with pytest.raises(error, match=words):
        plan.smotenc(X, LABELS, **arguments)
