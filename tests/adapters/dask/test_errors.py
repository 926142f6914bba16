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
    frame = table(X, np.where(np.arange(100) == 75, np.nan, Y))
    with pytest.raises(ValueError, match=r"NaN \(a missing label\) at row 5\..* That is in partition 2\."):
        fastsmote.dask.smote(frame_in_partitions(frame, [40, 70]), target="label")


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
