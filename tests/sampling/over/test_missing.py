"""missing="nan-euclidean": neighbours and rows by definition, holes of every shape, frames with nulls."""

from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from reference.kernels import philox
from reference.neighbors import incomplete
from reference.sampling.over import adasyn as adasyn_reference
from sampling.over.plans import same_plan
from sklearn.metrics.pairwise import nan_euclidean_distances
from strategies import fraud, hostile, lattice

import fastsmote
from fastsmote import plan

X, Y = fraud(300, 7, (0.6, 0.25, 0.15), 3)
N_NEW = [0, 60, 90]
K = 4
TARGETS = {1: 75 + 60, 2: 45 + 90}
nan_smote = partial(plan.smote, k_neighbors=K, missing="nan-euclidean")

DECIDE = {
    "smote": nan_smote,
    "borderline-1": partial(plan.borderline_smote, missing="nan-euclidean"),
    "borderline-2": partial(plan.borderline_smote, kind="borderline-2", missing="nan-euclidean"),
    "adasyn": partial(plan.adasyn, n_neighbors=K, missing="nan-euclidean"),
}
each = pytest.mark.parametrize("name", DECIDE)


def holed(data, share=0.3, seed=0):
    """Holes at random, some rows and pairs of columns wholly missing."""
    rng = np.random.default_rng(seed)
    data = np.where(rng.random(data.shape) < share, np.nan, data).astype(data.dtype)
    half = data.shape[1] // 2
    data[rng.choice(len(data), 20, replace=False), :half] = np.nan
    data[rng.choice(len(data), 20, replace=False), half:] = np.nan
    data[rng.choice(len(data), 5, replace=False)] = np.nan
    return data


DATA = {
    "normal": holed(X),
    "float32": holed(X.astype(np.float32)),
    "few holes": holed(X, 0.01),
    "ties of 4": holed(lattice(300, 4, 3)),
    "ties of 7": holed(lattice(300, 7, 3), 0.4),
    "mostly missing": holed(X, 0.85),
}
each_data = pytest.mark.parametrize("data", DATA.values(), ids=list(DATA))


def smote_reference(data, y, n_new, k, seed):
    base, neighbor, gap = [], [], []
    for code, count in enumerate(n_new):
        rows = np.flatnonzero(y == code)
        near = rows[incomplete.nearest(data[rows], k)] if count else None
        for j in range(count):
            first, second = philox.draw(seed, code, j, 0)
            row, column = divmod(philox.below(first, len(rows) * k), k)
            base.append(rows[row])
            neighbor.append(near[row, column])
            gap.append(philox.unit(second))
    return np.array(base, int), np.array(neighbor, int), np.array(gap, float)


@each_data
@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_plan_of_smote_is_the_oracles(data, seed):
    made = nan_smote(data, Y, sampling_strategy=TARGETS, random_state=seed)
    expected = smote_reference(data, Y, N_NEW, K, seed)
    for actual, wanted in zip((made.base, made.neighbor, made.gap), expected, strict=True):
        np.testing.assert_array_equal(actual, wanted)


@each_data
def test_pairs_and_counts_of_adasyn_are_the_oracles(data):
    made = DECIDE["adasyn"](data, Y, sampling_strategy=TARGETS, random_state=1)
    everyone = incomplete.nearest(data, K)
    for code, n_new in enumerate(N_NEW):
        rows, own = np.flatnonzero(code == Y), made.label == code
        if n_new == 0:
            assert not own.any()
            continue
        shares = (Y[everyone[rows]] != code).sum(axis=1)
        expected = adasyn_reference.apportion(shares.tolist(), n_new)
        np.testing.assert_array_equal(np.bincount(made.base[own], minlength=len(Y))[rows], expected)
        near = rows[incomplete.nearest(data[rows], K)][np.searchsorted(rows, made.base[own])]
        columns = [philox.below(philox.draw(1, code, j, 2**32 - 1)[0], K) for j in range(n_new)]
        np.testing.assert_array_equal(made.neighbor[own], near[np.arange(n_new), columns])


@pytest.mark.parametrize("kind", ["borderline-1", "borderline-2"])
@pytest.mark.parametrize("data", ["normal", "ties of 4"])
def test_pairs_of_borderline_are_the_oracles(kind, data):
    made = plan.borderline_smote(
        DATA[data],
        Y,
        sampling_strategy={2: 20_000},
        k_neighbors=K,
        m_neighbors=9,
        kind=kind,
        missing="nan-euclidean",
        random_state=0,
    )
    n_other = (Y[incomplete.nearest(DATA[data], 9)] != 2).sum(axis=1)
    danger = np.flatnonzero((Y == 2) & (2 * n_other >= 9) & (n_other < 9))
    pool = np.flatnonzero(Y == 2) if kind == "borderline-1" else np.arange(len(Y))
    near = pool[incomplete.nearest(DATA[data][pool], K)][np.searchsorted(pool, danger)]
    expected = {(i, j) for i, found in zip(danger.tolist(), near.tolist(), strict=True) for j in found}
    assert set(zip(made.base.tolist(), made.neighbor.tolist(), strict=True)) == expected


@pytest.mark.parametrize("data", ["normal", "float32", "few holes", "mostly missing"])
def test_order_of_neighbors_is_that_of_scikit_learn(data):
    rows = DATA[data][Y == 2].astype(np.float64)
    distances = nan_euclidean_distances(rows)
    np.fill_diagonal(distances, np.inf)
    distances[np.isnan(distances)] = np.inf
    made = nan_smote(DATA[data], Y, sampling_strategy={2: 5_000}, random_state=0)
    own = np.flatnonzero(Y == 2)
    farthest = np.sort(distances, axis=1)[:, K - 1]
    actual = distances[np.searchsorted(own, made.base), np.searchsorted(own, made.neighbor)]
    limit = farthest[np.searchsorted(own, made.base)]
    assert (actual <= limit * (1 + 1e-6)).all()


@given(
    data=npst.arrays(
        np.float64,
        st.tuples(st.integers(6, 14), st.integers(1, 4)),
        elements=st.sampled_from([np.nan, -1.0, 0.0, 0.5, 1.0, 3.0]),
    ),
    k=st.integers(1, 2),
    seed=st.integers(0, 2**64 - 1),
)
def test_smote_of_any_small_set(data, k, seed):
    y = np.arange(len(data)) % 2
    counts = np.bincount(y)
    targets = {0: counts[0] + 6, 1: counts[1] + 6}
    made = nan_smote(data, y, sampling_strategy=targets, k_neighbors=k, random_state=seed)
    expected = smote_reference(data, y, [6, 6], k, seed)
    for actual, wanted in zip((made.base, made.neighbor, made.gap), expected, strict=True):
        np.testing.assert_array_equal(actual, wanted)


@each
@each_data
def test_a_value_is_missing_only_where_both_parents_lack_it(name, data):
    made = DECIDE[name](data, Y, sampling_strategy=TARGETS, random_state=2)
    actual, base, neighbor = made.rows(data), data[made.base], data[made.neighbor]
    assert actual.dtype == data.dtype
    np.testing.assert_array_equal(np.isnan(actual), np.isnan(base) & np.isnan(neighbor))
    only_base, only_neighbor = np.isnan(neighbor) & ~np.isnan(base), np.isnan(base) & ~np.isnan(neighbor)
    np.testing.assert_array_equal(actual[only_base], base[only_base])
    np.testing.assert_array_equal(actual[only_neighbor], neighbor[only_neighbor])
    assert only_base.any()
    expected = incomplete.rows(data, made.base, made.neighbor, made.gap).astype(np.float64)
    unit = np.finfo(data.dtype).eps * np.fmax(abs(base), abs(neighbor))
    known = ~np.isnan(actual)
    assert (abs(actual - expected)[known] <= 2 * unit[known]).all()


@each
@pytest.mark.parametrize("data", ["normal", "float32", "ties"])
def test_nothing_missing_is_the_default_to_the_bit(name, data):
    data = {"normal": X, "float32": X.astype(np.float32), "ties": lattice(300, 3, 4)}[data]
    made = DECIDE[name](data, Y, random_state=3)
    default = DECIDE[name](data, Y, random_state=3, missing="error")
    same_plan(made, default)
    assert made.rows(data).tobytes() == default.rows(data).tobytes()


@each
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_threads_do_not_matter(name, n_jobs):
    decide = partial(DECIDE[name], DATA["normal"], Y, random_state=3)
    same_plan(decide(n_jobs=n_jobs), decide())


def test_a_column_that_is_missing_throughout_stays_so_and_does_not_count():
    data = DATA["normal"].copy()
    data[:, 2] = np.nan
    made = nan_smote(data, Y, random_state=0)
    rest = np.delete(data, 2, axis=1)
    same_plan(made, nan_smote(rest, Y, random_state=0))
    actual = made.rows(data)
    assert np.isnan(actual[:, 2]).all()
    np.testing.assert_array_equal(np.delete(actual, 2, axis=1), nan_smote(rest, Y, random_state=0).rows(rest))


def test_rows_that_share_no_column_are_farthest_by_row_number():
    few = np.array(
        [[0, 9, 9], [0, 9, 9], [1, np.nan, np.nan], [np.nan, 1, np.nan], [np.nan] * 3, [7, np.nan, np.nan]]
    )
    data = np.concatenate([np.full((20, 3), 50.0), few])
    y = [0] * 20 + [1] * 6
    squared = incomplete.squared_distances(few)
    assert np.isinf(squared[4]).all()
    assert np.isinf(squared[2, 3])
    near = 20 + incomplete.nearest(few, 3)
    expected = {20 + i: set(near[i].tolist()) for i in range(6)}
    assert expected[24] == {20, 21, 22}
    made = nan_smote(data, y, sampling_strategy={1: 1_000}, k_neighbors=3, random_state=0)
    for i, found in expected.items():
        assert set(made.neighbor[made.base == i].tolist()) == found


@pytest.mark.parametrize("first", [0, 1])
def test_equal_distances_over_different_numbers_of_columns_go_by_row_number(first):
    """27 over 3 of 7 columns is 63 over all."""
    query, partly, wholly = np.zeros(7), np.array([3.0] * 3 + [np.nan] * 4), np.array([7.0, 3, 2, 1, 0, 0, 0])
    pair = [partly, wholly] if first == 0 else [wholly, partly]
    data = np.stack([*[np.full(7, 500.0)] * 6, *pair, query])
    assert incomplete.squared_distances(data)[8, 6:8].tolist() == [63.0, 63.0]
    made = nan_smote(data, [0] * 6 + [1] * 3, sampling_strategy={1: 103}, k_neighbors=1, random_state=0)
    assert set(made.neighbor[made.base == 8].tolist()) == {6}


def test_everything_missing():
    actual = fastsmote.smote(np.full((40, 2), np.nan), Y[:40] > 0, missing="nan-euclidean", random_state=0)[0]
    assert np.isnan(actual).all()


@pytest.mark.parametrize("name", hostile())
def test_hostile_data_with_holes(name):
    data = hostile()[name].copy()
    holes = np.random.default_rng(0).random(data.shape) < 0.2
    data[holes] = np.nan
    made = nan_smote(data, (np.arange(len(data)) % 5 == 0).astype(int), random_state=0)
    actual, base, neighbor = made.rows(data), data[made.base], data[made.neighbor]
    known = ~np.isnan(actual)
    assert np.isfinite(actual[known]).all()
    assert (actual >= np.fmin(base, neighbor))[known].all()
    assert (actual <= np.fmax(base, neighbor))[known].all()


@each
@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_is_refused(name, value):
    data = DATA["normal"].copy()
    data[31, 4] = value
    with pytest.raises(ValueError, match=r"infinity \(inf\) at row 31, column 4"):
        DECIDE[name](data, Y)


@each
def test_by_default_a_missing_value_is_named_with_the_way_out(name):
    data = X.copy()
    data[31, 4] = np.nan
    with pytest.raises(ValueError, match=r"NaN .* at row 31, column 4\. .*missing='nan-euclidean'"):
        DECIDE[name](data, Y, missing="error")
    frame = pd.DataFrame(data, columns=list("abcdefg"))
    with pytest.raises(ValueError, match="row 31, column 'e'"):
        DECIDE[name](frame, Y, missing="error")


@each
@pytest.mark.parametrize("missing", ["nan", None, True])
def test_other_words(name, missing):
    with pytest.raises(ValueError, match='missing must be "error" or "nan-euclidean"'):
        DECIDE[name](X, Y, missing=missing)


WHOLE = [None if np.isnan(v) else int(v) for v in np.rint(3 * holed(X)[:, 0])]
TRUTH = [None if np.isnan(v) else bool(v > 0) for v in holed(X)[:, 1]]
REAL = [None if np.isnan(v) else float(v) for v in holed(X)[:, 2]]
FRAMES = {
    "pandas NumPy": pd.DataFrame(holed(X)),
    "pandas float32": pd.DataFrame(holed(X.astype(np.float32))),
    "pandas nullable": pd.DataFrame(
        {
            "i": pd.array(WHOLE, dtype="Int64"),
            "s": pd.array(WHOLE, dtype="Int8"),
            "b": pd.array(TRUTH, dtype="boolean"),
            "f": pd.array(REAL, dtype="Float64"),
            "n": np.arange(300),
        }
    ),
    "pandas arrow": pd.DataFrame(
        {
            "i": pd.Series(WHOLE, dtype="int64[pyarrow]"),
            "b": pd.Series(TRUTH, dtype="bool[pyarrow]"),
            "f": pd.Series(REAL, dtype="double[pyarrow]"),
        }
    ),
    "polars": pl.DataFrame(
        {"i": WHOLE, "u": WHOLE, "b": TRUTH, "f": REAL, "n": range(300)},
        schema_overrides={"i": pl.Int64, "u": pl.Int8, "f": pl.Float32},
    ),
    "arrow": pa.table(
        {"i": pa.array(WHOLE, pa.int32()), "b": TRUTH, "f": pa.array(REAL, pa.float32()), "n": range(300)}
    ),
}
FRAMES["arrow batch"] = FRAMES["arrow"].to_batches()[0]


def column(frame, j):
    """A column as Python values, missing ones as None."""
    if isinstance(frame, pd.DataFrame):
        return [None if pd.isna(v) else v for v in frame.iloc[:, j].tolist()]
    return frame[:, j].to_list() if isinstance(frame, pl.DataFrame) else frame.column(j).to_pylist()


def dtypes(frame):
    return frame.dtypes.tolist() if isinstance(frame, pd.DataFrame) else frame.schema


@pytest.mark.parametrize("name", FRAMES)
def test_frames_come_back_with_nulls_and_the_same_types(name):
    frame = FRAMES[name]
    actual, y = fastsmote.smote(
        frame, Y, k_neighbors=K, sampling_strategy=TARGETS, missing="nan-euclidean", random_state=0
    )
    assert type(actual) is type(frame)
    assert dtypes(actual) == dtypes(frame)
    columns = [column(frame, j) for j in range(frame.shape[1])]
    matrix = np.array(columns, dtype=float).T
    made = nan_smote(matrix, Y, sampling_strategy=TARGETS, random_state=0)
    expected = made.rows(matrix)
    assert len(y) == 450
    for j in range(frame.shape[1]):
        values = column(actual, j)
        assert values[:300] == columns[j]
        nulls = [value is None for value in values[300:]]
        assert nulls == np.isnan(expected[:, j]).tolist()
        numbers = np.array([v for v in values[300:] if v is not None], dtype=float)
        wanted = expected[~np.isnan(expected[:, j]), j]
        whole = isinstance(next(v for v in columns[j] if v is not None), bool | int)
        np.testing.assert_allclose(numbers, np.rint(wanted) if whole else wanted, rtol=1e-5, atol=1e-6)
    assert np.isnan(expected).any()


def test_lists_with_none():
    rows = [[None if np.isnan(v) else v for v in row] for row in DATA["normal"].tolist()]
    actual, _ = fastsmote.smote(rows, Y, k_neighbors=K, missing="nan-euclidean", random_state=0)
    assert actual[:300] == rows
    made = nan_smote(DATA["normal"], Y, random_state=0)
    np.testing.assert_array_equal(np.array(actual[300:], dtype=float), made.rows(DATA["normal"]))
