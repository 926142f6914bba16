"""What is a table, and what is refused before any work with the call to make: kinds C4 and D7."""

import pathlib
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest

import fastsmote
from fastsmote._core.foreign import read_foreign

X = np.arange(60.0).reshape(20, 3) % 7.3
Y = np.arange(20) % 5 // 3  # 12 and 8 rows
P = np.linspace(0, 1, 20)


def stand_in(module, name, **methods):
    """An object of a library that need not be installed; NumPy could read it, at a price."""

    def computed(self, dtype=None, copy=None):
        raise AssertionError("computed in silence")

    made = {"__array__": computed, "__len__": computed, "__module__": module, **methods}
    return type(name, (), made)()


LAZY = {
    "dask array": (lambda: stand_in("dask.array.core", "Array"), ".compute()"),
    "dask frame": (lambda: stand_in("dask.dataframe.dask_expr._collection", "DataFrame"), ".compute()"),
    "dask series": (lambda: stand_in("dask_expr._collection", "Series"), ".compute()"),
    "backed by dask": (
        lambda: stand_in("xarray.core.dataarray", "DataArray", __dask_graph__=lambda self: {}), ".compute()"
    ),
    "lazy frame of polars": (lambda: pl.DataFrame(X).lazy(), ".collect()"),
    "lazy frame of narwhals": (lambda: stand_in("narwhals.dataframe", "LazyFrame"), ".collect().to_native()"),
    "dataset": (lambda: pyarrow.dataset.dataset(pa.table({"a": P})), ".to_table()"),
    "scanner": (lambda: pyarrow.dataset.dataset(pa.table({"a": P})).scanner(), ".to_table()"),
    "reader": (lambda: pa.table({"a": P}).to_reader(), ".read_all()"),
    "relation": (lambda: stand_in("_duckdb", "DuckDBPyRelation"), ".df()"),
    "frame of spark": (lambda: stand_in("pyspark.sql.connect.dataframe", "DataFrame"), ".toPandas()"),
    "table of ibis": (lambda: stand_in("ibis.expr.types.relations", "Table"), ".to_pandas()"),
    "dataset of hugging face": (lambda: stand_in("datasets.arrow_dataset", "Dataset"), ".to_pandas()"),
    "array on a GPU": (lambda: stand_in("cupy", "ndarray"), ".get()"),
    "frame on a GPU": (lambda: stand_in("cudf.core.dataframe", "DataFrame"), ".to_pandas()"),
    "generator": (lambda: (row for row in X), "list({name})"),
    "iterator": (lambda: iter(X.tolist()), "list({name})"),
    "zip": (lambda: zip(P, P, strict=True), "list({name})"),
    "path": (lambda: pathlib.Path("rows.csv"), "read the file"),
}  # fmt: skip
NAMES = sorted(LAZY)
CALLS = {
    "X": lambda lazy: fastsmote.smote(lazy, Y),
    "y": lambda lazy: fastsmote.smote(X, lazy),
    "sample_weight": lambda lazy: fastsmote.smote(X, Y, sample_weight=lazy),
    "groups": lambda lazy: fastsmote.smote(X, Y, groups=lazy),
    "X of rows": lambda lazy: fastsmote.random_over_sample(lazy, Y),
    "X kept": lambda lazy: fastsmote.random_under_sample(lazy, Y),
    "X cleaned": lambda lazy: fastsmote.tomek_links(lazy, Y),
    "X with categories": lambda lazy: fastsmote.smoten(lazy, Y),
    "y with categories": lambda lazy: fastsmote.smoten(X, lazy),
    "X selected": lambda lazy: fastsmote.select.near_miss(lazy, Y),
    "X combined": lambda lazy: fastsmote.smote_tomek(lazy, Y),
    "X advised": lambda lazy: fastsmote.advise(lazy, Y),
    "X_train": lambda lazy: fastsmote.leakage_report(lazy, X),
    "X indexed": fastsmote.NeighborIndex,
    "Q": lambda lazy: fastsmote.NeighborIndex(X).query(lazy, n_neighbors=2),
    "rows": lambda lazy: fastsmote.NeighborIndex(X).query(n_neighbors=2, rows=lazy),
    "X planned": lambda lazy: fastsmote.plan.smote(X, Y, random_state=0).rows(lazy),
    "support": lambda lazy: fastsmote.svm_smote(X, Y, lazy),
    "probabilities": lambda lazy: fastsmote.instance_hardness_threshold(X, Y, lazy),
    "y_true": lambda lazy: fastsmote.roc_auc_score(lazy, P),
    "y_score": lambda lazy: fastsmote.confusion_sweep(Y, lazy),
    "sample_weight of scores": lambda lazy: fastsmote.roc_curve(Y, P, sample_weight=lazy),
    "y_score streamed": lambda lazy: fastsmote.StreamingSweep().update(Y, lazy),
    "y_prob": lambda lazy: fastsmote.log_loss(Y, lazy),
    "y_pred": lambda lazy: fastsmote.confusion_matrix(Y, lazy),
    "p": lambda lazy: fastsmote.correct_prior(lazy, 0.5, 0.1),
    "train_prior": lambda lazy: fastsmote.logit_offset(lazy, 0.1),
}


@pytest.mark.parametrize("kind", NAMES)
def test_what_holds_no_rows_is_refused_with_the_call_to_make__C4(kind):
    make, call = LAZY[kind]
    with pytest.raises(TypeError, match="X must hold its rows in memory") as caught:
        fastsmote.smote(make(), Y)
    assert call.format(name="X") in str(caught.value)
    assert ("fastsmote.dask" in str(caught.value)) == ("dask" in kind)


@pytest.mark.parametrize("place", sorted(CALLS))
def test_lazy_arrays_are_refused_everywhere__C4(place):
    name = place.partition(" ")[0]
    with pytest.raises(TypeError, match=rf"^{name} must hold.*{name}\.compute\(\)"):
        CALLS[place](LAZY["dask array"][0]())


def test_real_dask_is_refused__C4():
    da = pytest.importorskip("dask.array")
    dd = pytest.importorskip("dask.dataframe")
    computed = []
    lazy = da.from_array(X, chunks=5).map_blocks(lambda block: computed.append(1) or block, dtype=float)
    computed.clear()  # dask tries the function on nothing
    for given in (lazy, dd.from_pandas(pd.DataFrame(X), npartitions=2)):
        for function in (fastsmote.smote, fastsmote.random_under_sample, fastsmote.tomek_links):
            with pytest.raises(TypeError, match=r"X\.compute\(\)"):
                function(given, Y)
    assert computed == []


class Interface:
    """Nothing but ``__array_interface__``."""

    def __init__(self, array):
        self.array, self.read = array, 0

    @property
    def __array_interface__(self):
        self.read += 1
        return self.array.__array_interface__


class Struct:
    def __init__(self, array):
        self.array = array

    @property
    def __array_struct__(self):
        return self.array.__array_struct__


class DLPack:
    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class ArrayMethod:
    def __init__(self, array):
        self.array, self.read = array, 0

    def __array__(self, dtype=None, copy=None):
        self.read += 1
        return self.array


READABLE = {
    "interface": Interface,
    "struct": Struct,
    "dlpack": DLPack,
    "method": ArrayMethod,
    "buffer": memoryview,
}


@pytest.mark.parametrize("kind", sorted(READABLE))
@pytest.mark.parametrize(
    "function",
    [
        fastsmote.random_over_sample, fastsmote.random_under_sample, fastsmote.smote, fastsmote.tomek_links,
        fastsmote.smoten, fastsmote.near_miss, fastsmote.cluster_centroids,
    ],
)  # fmt: skip
def test_whatever_numpy_reads_is_a_table__D7(kind, function):
    options = (
        {} if function is fastsmote.tomek_links or function is fastsmote.near_miss else {"random_state": 0}
    )
    expected = function(X, Y, **options)
    made = function(READABLE[kind](X), READABLE[kind](Y), **options)
    for one, other in zip(made, expected, strict=True):
        assert type(one) is np.ndarray
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", sorted(READABLE))
def test_scores_of_whatever_numpy_reads__D7(kind):
    wrap = READABLE[kind]
    assert fastsmote.roc_auc_score(wrap(Y), wrap(P)) == fastsmote.roc_auc_score(Y, P)
    assert fastsmote.log_loss(wrap(Y), wrap(P)) == fastsmote.log_loss(Y, P)


@pytest.mark.parametrize("kind", [Interface, ArrayMethod])
def test_what_numpy_reads_is_read_once__C4(kind):
    given = kind(X)
    fastsmote.random_over_sample(given, Y)
    fastsmote.smote(given, Y, random_state=0)
    assert given.read == 2


def test_frames_of_other_libraries_are_told_how_to_come__D7():
    for protocol, call in (
        ("__arrow_c_stream__", r"pyarrow\.table\(X\)"),
        ("__dataframe__", "from_dataframe"),
    ):
        given = type("Frame", (), {protocol: lambda self: None})()
        with pytest.raises(TypeError, match=call):
            fastsmote.random_over_sample(given, Y)


def test_arrays_that_can_not_be_read_from_here_say_why__D7():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("Use tensor.detach().numpy() instead.")

    with pytest.raises(TypeError, match=r"X must be readable.*Tensor: Use tensor\.detach"):
        fastsmote.smote(Tensor(), Y)


@pytest.mark.parametrize("given", [{0: Y}, set(range(20)), {0: 1}.values()])
def test_iterables_without_rows_are_refused__C4(given):
    with pytest.raises(TypeError, match="X must hold its rows in memory"):
        fastsmote.random_over_sample(given, Y)


def test_arrays_backed_by_numpy_are_read_though_they_know_dask__C4():
    given = stand_in(
        "xarray.core.dataarray", "DataArray", __dask_graph__=lambda self: None, __array__=lambda *a, **k: X
    )
    assert read_foreign(given, "X") is X


def test_no_library_is_imported_to_be_known__C4():
    before = set(sys.modules)
    with pytest.raises(TypeError):
        read_foreign(stand_in("duckdb.duckdb", "DuckDBPyRelation"), "X")
    assert not {name.partition(".")[0] for name in set(sys.modules) - before} & {"duckdb", "pyspark", "cupy"}
