"""The same bits for any number of threads, size of blocks and leaves, layout, container and order of rows."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from neighbors.answers import INDEX_CHANGES, assert_same
from strategies import fraud, lattice

import fastsmote
from fastsmote import plan, select
from fastsmote._core import draw
from fastsmote._neighbors import build, coordinates, distance, loose
from fastsmote._sampling.over import draft, materialize
from fastsmote._sampling.under import lloyd


def nearest_neighbors(X, y, **rest):
    return fastsmote.nearest_neighbors(X, 6, **rest)


def foreign_queries(X, y, **rest):
    Q = np.asarray(X)[::9].astype(np.float64)
    return fastsmote.nearest_neighbors(X, 3, queries=Q + Q[0], **rest)


def smote(X, y, **rest):
    return fastsmote.smote(X, y, random_state=11, **rest)


def adasyn(X, y, **rest):
    return fastsmote.adasyn(X, y, random_state=11, **rest)


def borderline_smote(X, y, **rest):
    return fastsmote.borderline_smote(X, y, random_state=11, **rest)


def borderline_smote_2(X, y, **rest):
    return fastsmote.borderline_smote(X, y, kind="borderline-2", random_state=11, **rest)


def svm_smote(X, y, **rest):
    return fastsmote.svm_smote(X, y, np.arange(0, len(X), 3), random_state=11, **rest)


def random_over_sample(X, y, **rest):
    return fastsmote.random_over_sample(X, y, random_state=11, **rest)


def smoothed_over_sample(X, y, **rest):
    return fastsmote.random_over_sample(X, y, shrinkage=0.5, random_state=11, **rest)


def random_under_sample(X, y, **rest):
    return fastsmote.random_under_sample(X, y, random_state=11, **rest)


def tomek_links(X, y, **rest):
    return fastsmote.tomek_links(X, y, **rest)


def edited_nearest_neighbours(X, y, **rest):
    return fastsmote.edited_nearest_neighbours(X, y, **rest)


def repeated_edited_nearest_neighbours(X, y, **rest):
    return fastsmote.repeated_edited_nearest_neighbours(X, y, kind_sel="mode", **rest)


def all_knn(X, y, **rest):
    return fastsmote.all_knn(X, y, sampling_strategy="all", **rest)


def neighbourhood_cleaning_rule(X, y, **rest):
    return fastsmote.neighbourhood_cleaning_rule(X, y, **rest)


def near_miss_1(X, y, **rest):
    return fastsmote.near_miss(X, y, version=1, **rest)


def near_miss_2(X, y, **rest):
    return fastsmote.near_miss(X, y, version=2, **rest)


def near_miss_3(X, y, **rest):
    return fastsmote.near_miss(X, y, version=3, n_neighbors_ver3=9, sampling_strategy={0: 20}, **rest)


def condensed_nearest_neighbour(X, y, **rest):
    return fastsmote.condensed_nearest_neighbour(X, y, random_state=11, **rest)


def one_sided_selection(X, y, **rest):
    return fastsmote.one_sided_selection(X, y, n_neighbors=3, n_seeds_S=40, random_state=11, **rest)


def cluster_centroids(X, y, **rest):
    return fastsmote.cluster_centroids(X, y, sampling_strategy={0: 30}, random_state=11, **rest)


def hard_cluster_centroids(X, y, **rest):
    return fastsmote.cluster_centroids(
        X, y, voting="hard", sampling_strategy={0: 30}, random_state=11, **rest
    )


def smote_tomek(X, y, **rest):
    return fastsmote.smote_tomek(X, y, random_state=11, **rest)


def smote_enn(X, y, **rest):
    return fastsmote.smote_enn(X, y, random_state=11, **rest)


SEARCHES = [nearest_neighbors, foreign_queries]
RESAMPLERS = [
    smote,
    adasyn,
    borderline_smote,
    borderline_smote_2,
    svm_smote,
    random_over_sample,
    smoothed_over_sample,
    random_under_sample,
    tomek_links,
    edited_nearest_neighbours,
    repeated_edited_nearest_neighbours,
    all_knn,
    neighbourhood_cleaning_rule,
    near_miss_1,
    near_miss_2,
    near_miss_3,
    condensed_nearest_neighbour,
    one_sided_selection,
    cluster_centroids,
    hard_cluster_centroids,
    smote_tomek,
    smote_enn,
]
WITHOUT_INDEX = [foreign_queries, random_over_sample, smoothed_over_sample, random_under_sample]
WITHOUT_INDEX += [cluster_centroids, hard_cluster_centroids]  # of up to 1,024 centres
calls = pytest.mark.parametrize("call", SEARCHES + RESAMPLERS, ids=lambda call: call.__name__)
searches = pytest.mark.parametrize("call", SEARCHES, ids=lambda call: call.__name__)
resamplers = pytest.mark.parametrize("call", RESAMPLERS, ids=lambda call: call.__name__)

X, Y = fraud(5000, 6)
TIES = lattice(5000, 4, 6)


@calls
@pytest.mark.parametrize("data", [X, TIES], ids=["normal", "ties"])
@pytest.mark.one_in(2)
def test_threads(call, data):
    expected = call(data, Y, n_jobs=1)
    for n_jobs in (2, 3, 7, -1, None):
        assert_same(call(data, Y, n_jobs=n_jobs), expected)


@calls
@pytest.mark.one_in(4)
def test_threads_by_environment(call, monkeypatch):
    expected = call(X, Y, n_jobs=1)
    monkeypatch.setenv("FASTSMOTE_NUM_THREADS", "5")
    assert_same(call(X, Y), expected)


@calls
@pytest.mark.parametrize("data", [X, TIES], ids=["normal", "ties"])
@pytest.mark.parametrize(
    "change",
    [
        *INDEX_CHANGES,
        {(distance, "ROWS_PER_BLOCK"): 5000, (build, "_LEAVES_PER_BLOCK"): 3},
        {(coordinates, "_SAMPLE"): 50},
        {(coordinates, "ROTATE_UP_TO"): 0},
        {(draft, "_DRAWS"): 13, (materialize, "_ROWS"): 17, (draw, "_DRAWS"): 11},
        {(draft, "_DRAWS"): 1 << 20, (materialize, "_ROWS"): 1 << 20, (draw, "_DRAWS"): 1 << 20},
        {(distance, "_PAIRS_PER_BLOCK"): 100, (lloyd, "_ROWS"): 7, (lloyd, "_GROUPS"): 2},
        {(lloyd, "_GROUPED"): 1},
    ],
    ids=lambda change: ",".join(f"{name}={getattr(v, '__name__', v)}" for (_, name), v in change.items()),
)
@pytest.mark.one_in(14)
def test_blocks_and_leaves(call, data, change, monkeypatch):
    data, y = data[:1500], Y[:1500]
    expected = call(data, y)
    for (module, name), value in change.items():
        monkeypatch.setattr(module, name, value)
    assert_same(call(data, y), expected)


@calls
@pytest.mark.parametrize("data", [X, TIES], ids=["normal", "ties"])
def test_rows_without_leaves(call, data, monkeypatch):
    data, y = data[:1500], Y[:1500]
    expected = call(data, y)
    monkeypatch.setattr(loose.allowance, "is_compiled", lambda dtype: False)
    monkeypatch.setattr(loose.allowance, "spent", 0.0)
    monkeypatch.setattr(loose.allowance, "are_open", True)
    assert_same(call(data, y), expected)
    assert (loose.allowance.spent > 0.0) == (call not in WITHOUT_INDEX)


def layouts(array, folder):
    wide = np.zeros((len(array), 2 * array.shape[1]), array.dtype)
    wide[:, ::2] = array
    tall = np.repeat(array, 2, axis=0)
    frozen = array.copy()
    frozen.flags.writeable = False
    path = folder / "rows.npy"
    np.save(path, array)
    packed = np.zeros(len(array), np.dtype([("flag", "i1"), ("x", array.dtype, array.shape[1])]))
    packed["x"] = array
    return {
        "F order": np.asfortranarray(array),
        "every second column": wide[:, ::2],
        "every second row": tall[::2],
        "reversed rows": np.ascontiguousarray(array[::-1])[::-1],
        "reversed columns": np.ascontiguousarray(array[:, ::-1])[:, ::-1],
        "read-only": frozen,
        "memory map": np.load(path, mmap_mode="r"),
        "other byte order": array.astype(array.dtype.newbyteorder()),
        "unaligned": packed["x"],
    }


@calls
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.one_in(2)
def test_layouts(call, dtype, tmp_path):
    data, y = X[:1500].astype(dtype), Y[:1500]
    expected = call(data, y)
    for name, other in layouts(data, tmp_path).items():
        before = other.copy()
        actual = call(other, y)
        np.testing.assert_array_equal(other, before)
        for a, e in zip(actual, expected, strict=True):
            np.testing.assert_array_equal(a, e, err_msg=name)


@searches
def test_float32_values_have_the_neighbors_of_their_float64(call):
    narrow = X.astype(np.float32)
    assert_same(call(narrow, Y), call(narrow.astype(np.float64), Y))


@pytest.mark.parametrize("decide", [plan.smote, plan.adasyn])
def test_float32_values_have_the_plan_of_their_float64(decide):
    narrow = X.astype(np.float32)
    made, wide = decide(narrow, Y, random_state=0), decide(narrow.astype(np.float64), Y, random_state=0)
    assert_same((made.base, made.neighbor, made.gap), (wide.base, wide.neighbor, wide.gap))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.float16, bool])
def test_small_whole_numbers_in_any_type(dtype):
    data = lattice(800, 9, 2)
    expected = fastsmote.nearest_neighbors(data, 6)
    assert_same(fastsmote.nearest_neighbors(data.astype(dtype), 6), expected)
    assert_same(fastsmote.nearest_neighbors(data.astype(dtype).tolist(), 6), expected)


def frames(array, y):
    pa = pytest.importorskip("pyarrow")
    names = [f"v{j}" for j in range(array.shape[1])]
    columns = dict(zip(names, array.T, strict=True))
    return {
        "pandas": (pd.DataFrame(array, columns=names), pd.Series(y)),
        "pandas by column": (pd.DataFrame({k: v.copy() for k, v in columns.items()}), pd.Series(y)),
        "pandas nullable": (pd.DataFrame(columns).astype("Float64"), pd.Series(y).astype("Int64")),
        "polars": (pl.DataFrame(columns), pl.Series("y", y)),
        "pyarrow": (pa.table(columns), pa.chunked_array([y])),
    }


@resamplers
def test_frames(call):
    data, y = X[:1500], Y[:1500]
    expected = call(data, y)
    for name, (frame, labels) in frames(data, y).items():
        X_resampled, y_resampled = call(frame, labels)
        assert type(X_resampled) is type(frame)
        assert type(y_resampled) is type(labels)
        values = X_resampled.to_pandas() if name == "pyarrow" else X_resampled
        np.testing.assert_array_equal(np.asarray(values, dtype=np.float64), expected[0], err_msg=name)
        np.testing.assert_array_equal(np.asarray(y_resampled, dtype=np.int64), expected[1], err_msg=name)


def test_frames_of_a_search():
    expected = fastsmote.nearest_neighbors(X[:1500], 4)
    for frame, _ in frames(X[:1500], Y[:1500]).values():
        assert_same(fastsmote.nearest_neighbors(frame, 4), expected)


@resamplers
def test_lists(call):
    data, y = X[:400], Y[:400]
    expected = call(data, y)
    X_resampled, y_resampled = call(data.tolist(), y.tolist())
    assert isinstance(X_resampled, list)
    assert isinstance(y_resampled, list)
    np.testing.assert_array_equal(X_resampled, expected[0])
    np.testing.assert_array_equal(y_resampled, expected[1])


def test_neighbors_move_with_the_rows():
    order = np.random.default_rng(0).permutation(len(X))
    expected = fastsmote.nearest_neighbors(X, 5)
    distances, indices = fastsmote.nearest_neighbors(X[order], 5)
    np.testing.assert_array_equal(distances, expected[0][order])
    np.testing.assert_array_equal(order[indices], expected[1][order])


def test_links_move_with_the_rows():
    order = np.random.default_rng(0).permutation(len(X))
    expected = {tuple(pair) for pair in select.tomek_link_pairs(X, Y).tolist()}
    moved = order[select.tomek_link_pairs(X[order], Y[order])]
    assert {tuple(pair) for pair in np.sort(moved, axis=1).tolist()} == expected


@pytest.mark.parametrize("call", [smote, adasyn, random_over_sample], ids=lambda call: call.__name__)
def test_synthetic_rows_do_not_depend_on_how_classes_are_mixed(call):
    together = np.argsort(Y, kind="stable")
    np.testing.assert_array_equal(call(X[together], Y[together])[0][len(X) :], call(X, Y)[0][len(X) :])


def test_columns_in_another_order_have_the_same_neighbors():
    data = np.round(X * 1024) / 1024
    np.testing.assert_array_equal(
        fastsmote.nearest_neighbors(data[:, ::-1], 5)[1], fastsmote.nearest_neighbors(data, 5)[1]
    )
