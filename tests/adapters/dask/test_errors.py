"""What is refused, at the call where that can be, and what it says."""

import re
from operator import attrgetter

import dask
import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
import polars
import pytest
import scipy.sparse
from adapters.dask.partitions import GROWING, METHODS, arrays, drawing, frame_in_partitions, numbers, table

import fastsmote
import fastsmote.dask
import fastsmote.files
from fastsmote._core.foreign import ON_FILES, ON_PARTITIONS
from fastsmote._sampling.registry import SAMPLERS

X, Y = numbers(100)
DX, DY = arrays(X, Y, [40, 70])
FRAME = frame_in_partitions(table(X, Y), [40, 70])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("given", [X, pd.DataFrame(X), X.tolist()])
def test_what_is_in_memory_has_a_function(method, given):
    with pytest.raises(TypeError, match=rf"^X must be a dask array.* call fastsmote\.{method}, which"):
        getattr(fastsmote.dask, method)(given, DY)


@pytest.mark.parametrize(
    ("args", "options", "error", "words"),
    [
        ((DX, Y), {}, TypeError, r"y must be a dask array, as X is\. Got numpy\.ndarray; pass dask\.array"),
        ((DX,), {}, TypeError, "y must be a dask array"),
        ((DX, DY), {"target": "label"}, TypeError, r"pass smote\(X, y\)"),
        ((DX.rechunk({1: 2}), DY), {}, ValueError, r"Got 2 chunks of columns; pass X\.rechunk\(\{1: -1\}\)"),
        ((DX[DY == 1], DY[DY == 1]), {}, ValueError, r"call X\.compute_chunk_sizes\(\)"),
        ((DX, DY[DY == 1]), {}, ValueError, r"call y\.compute_chunk_sizes\(\)"),
        ((DX, DY[:50]), {}, ValueError, "inconsistent numbers of samples: 100 and 50"),
        ((DX[:, 0], DY), {}, ValueError, r"X must have 2 dimension\(s\)\. Got 1"),
        ((DX, DY[:, None]), {}, ValueError, r"y must have 1 dimension\(s\)\. Got 2\. Pass y\.ravel\(\)"),
        ((FRAME,), {}, TypeError, r'Got no target; pass smote\(frame, target="\.\.\."\)'),
        ((FRAME, DY), {"target": "label"}, TypeError, "y must be a column of the frame"),
        ((FRAME,), {"target": "labell"}, ValueError, "target must be one of the columns"),
        ((FRAME[["label"]],), {"target": "label"}, ValueError, "columns beside target"),
        ((FRAME["a"], DY), {}, TypeError, "X must be a dask array or a dask DataFrame"),
        ((DX, DY), {"sampling_strategy": lambda y: {}}, TypeError, "pass the dict that it returns"),
        ((DX, DY), {"sampling_strategy": {0: 5}}, ValueError, "sampling_strategy"),
        ((DX, DY), {"k_neighbors": 90}, ValueError, "k_neighbors=90 needs at least 91 rows"),
        ((DX, DY), {"random_state": -1}, ValueError, "random_state must be an integer >= 0"),
        ((DX, DY), {"neighbors": 3}, TypeError, r"Did you mean k_neighbors\?"),
        ((DX, da.zeros_like(DY)), {}, ValueError, "at least 2 classes"),
    ],
)
def test_refused_at_the_call(args, options, error, words):
    with pytest.raises(error, match=words):
        fastsmote.dask.smote(*args, **options)


def test_sparse_chunks():
    sparse = DX.map_blocks(scipy.sparse.csr_array, meta=scipy.sparse.csr_array((0, 0)))
    with pytest.raises(
        TypeError, match=r"X must have partitions of numpy\. Got scipy\.csr_array; .*X\.map_blocks"
    ):
        fastsmote.dask.smote(sparse, DY)


def test_labels_that_are_missing_are_named_by_partition():
    """Rows of arrays are counted as those of features are; how many of a frame come before is not known."""
    labels = np.where(np.arange(100) == 75, np.nan, Y)
    words = r"NaN \(a missing label\) at row 5\..*"
    end = r" That is in partition 2, whose rows are counted from 0\.$"
    with pytest.raises(ValueError, match=words + end):
        fastsmote.dask.smote(frame_in_partitions(table(X, labels), [40, 70]), target="label")
    end = r" Rows are counted from row 70 on\. That is in partition 2\.$"
    with pytest.raises(ValueError, match=words + end):
        fastsmote.dask.smote(*arrays(X, labels, [40, 70]))
    y_true, y_score = (da.from_array(column, ((40, 30, 30),)) for column in (labels, X[:, 0]))
    with pytest.raises(ValueError, match=r"at row 5\..* in partition 2, whose rows are counted from 0\.$"):
        fastsmote.dask.roc_auc_score(y_true, y_score)


@pytest.mark.parametrize("method", [m for m in METHODS if not m.startswith("random")])
def test_numbers_are_looked_at_when_it_is_computed(method):
    missing = X.copy()
    missing[75, 1] = np.nan
    lazy = getattr(fastsmote.dask, method)(*arrays(missing, Y, [40, 70]), **drawing(method, {}))
    with pytest.raises(ValueError, match=r"NaN \(a missing value\) at row 5.* from row 70 on"):
        dask.compute(lazy)


def test_functions_for_memory_name_these():
    for given, data in ((DX, "X, y"), (FRAME, 'frame, target="..."')):
        call = re.escape(f"pass X.compute(). Or call fastsmote.dask.smote({data}).")
        with pytest.raises(TypeError, match=f"{call}$"):
            fastsmote.smote(given, Y)
    with pytest.raises(TypeError, match=r'Or call fastsmote\.dask\.smote\(frame, target="\.\.\."\)'):
        fastsmote.smote(X, dd.from_pandas(pd.Series(Y), npartitions=2))


@pytest.mark.parametrize(
    ("args", "options", "words"),
    [
        ((DX, DY), {"k_neighbors": 1.5}, r"k_neighbors must be an integer >= 1\. Got 1\.5 of type float\.$"),
        ((DX, Y), {}, r"pass dask\.array\.from_array\(y, chunks=\(X\.chunks\[0\],\)\)\.$"),
        ((FRAME,), {}, r'pass [a-z.]*smote\(frame, target="\.\.\."\)\.$'),
    ],
)
@pytest.mark.parametrize("home", ["dask", "dask.plan"])
def test_functions_of_dask_name_no_other_one(home, args, options, words):
    with pytest.raises(TypeError, match=words) as caught:
        attrgetter(home)(fastsmote).smote(*args, **options)
    assert "Or call" not in str(caught.value)


def test_functions_of_dask_name_those_of_files():
    lazy = polars.DataFrame({"a": [1.0], "label": [1]}).lazy()
    with pytest.raises(
        TypeError, match=r"^X must be a dask.*; call fastsmote\.files\.resample\(table, out, "
    ):
        fastsmote.dask.smote(lazy, target="label")


def test_names_of_functions_that_take_partitions_are_known():
    others = {"equal_rows", "plan", "select"}
    assert set(ON_PARTITIONS) == set(fastsmote.dask.__all__) - set(METHODS) - others
    assert set(ON_FILES) == set(fastsmote.files.__all__) - {"ResampledFile", "resample"}


@pytest.mark.parametrize("method", METHODS)
def test_decisions_in_memory_name_these(method):
    home = "plan" if method in GROWING else "select"
    with pytest.raises(TypeError, match=rf"Or call fastsmote\.dask\.{home}\.{method}\(X, y\)\.$"):
        getattr(getattr(fastsmote, home), method)(DX, DY)


def test_labels_cut_otherwise_are_cut_alike():
    made = dask.compute(*fastsmote.dask.smote(DX, DY.rechunk(9), random_state=0))
    assert all(np.array_equal(a, e) for a, e in zip(made, fastsmote.smote(X, Y, random_state=0), strict=True))


def with_column(values):
    """A frame of Dask with another column, of its type, and the same in one piece."""
    parts = frame_in_partitions(table(X, Y).assign(more=values), [40, 70])
    return parts, parts.compute()


@pytest.fixture
def objects():
    """Objects stay what they are, which Dask takes for text."""
    with dask.config.set({"dataframe.convert-string": False}):
        yield


TEXT = ["x", "y"] * 50
TYPES = {
    "text": pd.Series(TEXT, dtype="str"),
    "category": pd.Series(TEXT, dtype="category"),
    "numbers as categories": pd.Series([1, 2] * 50, dtype="category"),
    "dates": pd.Series(pd.date_range("2026-01-01", periods=100)),
    "durations": pd.Series(pd.to_timedelta(np.arange(100), "D")),
    "complex": pd.Series(X[:, 0] + 1j),
    "intervals": pd.Series(pd.interval_range(0.0, 100.0)),
}
NUMBERS = {
    "objects": pd.Series([1.5] * 100, dtype=object),
    "bools": pd.Series([True, False] * 50),
    "nullable": pd.Series([1, 2] * 50, dtype="Int64"),
    "nullable bools": pd.Series([True, False] * 50, dtype="boolean"),
    "float16": pd.Series(np.ones(100, np.float16)),
    "sparse": pd.Series(pd.arrays.SparseArray(np.ones(100))),
}
MEASURING = [method for method in METHODS if not method.startswith("random")]


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("method", MEASURING)
def test_types_that_hold_no_numbers_are_refused_at_the_call(method, kind):
    """In the words for one piece, before a row is computed."""
    if method == "smotenc" and kind in ("text", "category", "numbers as categories"):
        return
    parts, frame = with_column(TYPES[kind])
    options = {"categorical_features": ["a"]} if method == "smotenc" else {}
    with pytest.raises(ValueError, match=r"column 'more'|Complex") as expected:
        getattr(fastsmote, method)(frame.drop(columns="label"), Y, **options)
    with pytest.raises(ValueError, match=re.escape(str(expected.value))):
        getattr(fastsmote.dask, method)(parts, target="label", **options)


def test_types_are_looked_at_before_labels_are_computed():
    def never(part):
        raise AssertionError("computed")

    parts, _ = with_column(TYPES["text"])
    parts = parts.map_partitions(never, meta=parts._meta)
    for home in (fastsmote.dask, fastsmote.dask.select):
        with pytest.raises(ValueError, match=r"column 'more' of X must hold numbers\. Got str"):
            home.tomek_links(parts, target="label")
    with pytest.raises(ValueError, match="column 'more' of X must hold numbers"):
        fastsmote.dask.select.tomek_link_pairs(parts, target="label")
    with pytest.raises(ValueError, match="column 'more' of X must hold numbers"):
        fastsmote.dask.plan.smote(parts, target="label")


@pytest.mark.usefixtures("objects")
@pytest.mark.parametrize("kind", NUMBERS)
def test_types_that_may_hold_numbers_are_taken(kind):
    parts, frame = with_column(NUMBERS[kind])
    made = fastsmote.dask.smote(parts, target="label", random_state=0).compute()
    expected, _ = fastsmote.smote(frame.drop(columns="label"), frame["label"], random_state=0)
    pd.testing.assert_frame_equal(made.drop(columns="label"), expected)


@pytest.mark.usefixtures("objects")
def test_objects_that_hold_no_numbers_are_refused_when_they_are_looked_at():
    parts, frame = with_column(pd.Series(TEXT, dtype=object))
    lazy = fastsmote.dask.smote(parts, target="label", random_state=0)
    with pytest.raises(ValueError, match=r"Got 'x' of type str in row 0"):
        lazy.compute()
    made = fastsmote.dask.smotenc(parts, target="label", random_state=0).compute()
    expected, _ = fastsmote.smotenc(frame.drop(columns="label"), frame["label"], random_state=0)
    pd.testing.assert_frame_equal(made.drop(columns="label"), expected)


@pytest.mark.parametrize("dtype", ["M8[D]", "U3", "S3", "c16"])
def test_types_of_arrays(dtype):
    given = X.astype(np.int64).astype(dtype)
    with pytest.raises(ValueError, match=r".") as expected:
        fastsmote.near_miss(given, Y)
    with pytest.raises(ValueError, match=re.escape(str(expected.value)) + "$"):
        fastsmote.dask.near_miss(*arrays(given, Y, [40, 70]))


@pytest.mark.parametrize("chosen", [[], "auto", [0, 1, 2], [99], [False] * 3, 3, ["a"]])
@pytest.mark.parametrize("strategy", ["auto", {1: int((Y == 1).sum())}])
def test_categorical_features_are_refused_at_the_call(chosen, strategy):
    """Whether new rows are asked for or not."""
    options = {"categorical_features": chosen, "sampling_strategy": strategy, "random_state": 0}
    with pytest.raises((TypeError, ValueError), match=r".") as expected:
        fastsmote.smotenc(X, Y, **options)
    with pytest.raises(expected.type, match=re.escape(str(expected.value)) + "$"):
        fastsmote.dask.smotenc(DX, DY, **options)


@pytest.mark.parametrize("method", [method for method in GROWING if method != "random_over_sample"])
def test_rows_are_refused_where_no_new_ones_are_asked_for(method):
    missing = X.copy()
    missing[75, 1] = np.nan
    options = drawing(method, {}) | {"sampling_strategy": {1: int((Y == 1).sum())}}
    if method == "smotenc":
        options["categorical_features"] = [0]
    lazy = getattr(fastsmote.dask, method)(*arrays(missing, Y, [40, 70]), **options)
    with pytest.raises(ValueError, match=r"NaN \(a missing value\) at row 5.* from row 70 on"):
        dask.compute(*lazy)
    same = getattr(fastsmote.dask, method)(DX, DY, **options)
    assert all(np.array_equal(a, e) for a, e in zip(dask.compute(*same), (X, Y), strict=True))


@pytest.mark.parametrize("name", sorted(set(SAMPLERS) - set(METHODS)))
def test_samplers_that_are_not_here_say_what_to_do(name):
    words = rf"'fastsmote\.dask' has no attribute '{name}': it needs .* Call fastsmote\.{name} on .*adasyn, "
    with pytest.raises(AttributeError, match=words):
        getattr(fastsmote.dask, name)
    home = SAMPLERS[name].decision
    with pytest.raises(AttributeError, match=rf"Call fastsmote\.{home}\.{name} on .*here: [a-z_, ]*\.$"):
        getattr(getattr(fastsmote.dask, home), name)


def test_other_names_that_are_not_here():
    with pytest.raises(AttributeError, match=r"it works in memory\. Call fastsmote\.fit_beta on"):
        _ = fastsmote.dask.fit_beta
    for home, name in (
        (fastsmote.dask, "smoat"),
        (fastsmote.dask.plan, "smoat"),
        (fastsmote.dask, "metrics"),
    ):
        with pytest.raises(AttributeError, match=rf"has no attribute '{name}'$"):
            getattr(home, name)
    assert not hasattr(fastsmote.dask.plan, "tomek_links")
