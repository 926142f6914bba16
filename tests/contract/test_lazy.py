"""What holds no rows yet is refused by every function that wants rows, with the call to make (C4)."""

import inspect

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest
from contract.public import ADAPTERS, public_items

import fastsmote
from fastsmote._blocks.samplers import BLOCK_SAMPLERS
from fastsmote._core.foreign import ON_BLOCKS, ON_FILES, ON_PARTITIONS

Y = np.arange(40) % 5 // 3  # 24 and 16 rows
P = np.linspace(0.01, 0.99, 40)
X = np.column_stack([P, np.arange(40) % 7, np.arange(40) % 3])
GIVEN = {
    "X": X, "X_train": X, "X_test": X + 1, "queries": X, "y": Y, "y_train": Y, "y_test": Y,
    "y_true": Y, "y_score": P, "other_score": P[::-1], "y_prob": P, "y_pred": Y, "p": P, "logits": P,
    "score": P,
    "sample_weight": P, "groups": Y, "support": np.arange(40), "probabilities": np.column_stack([P, 1 - P]),
    "train_rows": np.arange(40), "test_rows": np.arange(40),
    "beta": 1.0, "n_subsets": 2, "train_prior": 0.5, "true_prior": 0.1, "sampling_strategy": {0: 20, 1: 10},
    "source": fastsmote.random_under_sample(X, Y, random_state=0),
    "sweep": Y, "thresholds": [0.5, 0.5], "cost_matrix": np.eye(2), "cost_fp": 1.0, "cost_fn": 5.0,
    "plan": fastsmote.plan.random_over_sample(X, Y, random_state=0), "categorical_features": [2],
}  # fmt: skip
TABLE = pa.table({"a": P})


def stand_in(module, name):
    """An object of a library that need not be installed, which must not be looked at."""

    def looked_at(self, *args, **options):
        raise AssertionError("computed in silence")

    hooks = dict.fromkeys(
        ("__array__", "__len__", "__iter__", "__getitem__", "__arrow_c_stream__"), looked_at
    )
    return type(name, (), {**hooks, "__module__": module})()


LAZY = {
    "dask array": (lambda: stand_in("dask.array.core", "Array"), "{}.compute()"),
    "dask frame": (lambda: stand_in("dask.dataframe.dask_expr._collection", "DataFrame"), "{}.compute()"),
    "lazy frame": (lambda: pl.DataFrame(X).lazy(), "{}.collect()"),
    "dataset": (lambda: pyarrow.dataset.dataset(TABLE), "{}.to_table()"),
    "scanner": (lambda: pyarrow.dataset.dataset(TABLE).scanner(), "{}.to_table()"),
    "reader": (TABLE.to_reader, "{}.read_all()"),
    "relation of duckdb": (lambda: stand_in("_duckdb", "DuckDBPyRelation"), "{}.df()"),
    "table of ibis": (lambda: stand_in("ibis.expr.types.relations", "Table"), "{}.to_pandas()"),
}


def wants_rows(one):
    return any(kind in str(one.annotation) for kind in ("MatrixLike", "VectorLike", "Several"))


FUNCTIONS = {
    name: item
    for name, item in public_items()
    if inspect.isfunction(item) and "." not in item.__qualname__ and name.split(".")[1] not in ADAPTERS
}


CALLS = {
    f"{name}({one.name})": (item, one.name)
    for name, item in FUNCTIONS.items()
    for one in inspect.signature(item).parameters.values()
    if wants_rows(one) and one.name in GIVEN
}
SAMPLING = sorted(name for name in FUNCTIONS if name.rpartition(".")[2] in ON_BLOCKS)


def arguments(function):
    """What a function needs."""
    parameters = inspect.signature(function).parameters.values()
    needed = {
        one.name: GIVEN[one.name] for one in parameters if one.default is one.empty and one.name in GIVEN
    }
    without_default = ("categorical_features", "y_prob", "y_score", "plan")  # for hints, or what others need
    needed |= {one.name: GIVEN[one.name] for one in parameters if one.name in without_default}
    if "y_prob" in needed and "MatrixLike" in str(
        inspect.signature(function).parameters["y_prob"].annotation
    ):
        needed["y_prob"] = GIVEN["probabilities"]
    return needed


def test_every_function_is_asked():
    asked = {name.partition("(")[0] for name in CALLS}
    wanting = {
        name
        for name, item in FUNCTIONS.items()
        if any(map(wants_rows, inspect.signature(item).parameters.values()))
    }
    assert wanting == asked
    assert len(CALLS) > 130


@pytest.mark.parametrize("call", CALLS)
def test_it_is_refused_with_the_call_to_make__C4(call):
    function, name = CALLS[call]
    for make, advice in LAZY.values():
        with pytest.raises(TypeError, match=f"^{name} must hold its rows in memory") as caught:
            function(**{**arguments(function), name: make()})
        assert f"pass {advice.format(name)}." in str(caught.value)


def test_samplers_on_blocks_are_known():
    assert set(BLOCK_SAMPLERS) == ON_BLOCKS


DASK = {"dask array": "X, y", "dask frame": 'frame, target="..."'}
FILES = {
    "lazy frame": "table",
    "dataset": "table",
    "scanner": "table.to_reader()",
    "reader": "table",
    "relation of duckdb": "table",
    "table of ibis": "table.to_pyarrow_batches()",
}


@pytest.mark.parametrize("name", ["X", "y"])
@pytest.mark.parametrize("sampler", SAMPLING)
def test_samplers_name_the_function_that_takes_it__C4(sampler, name):
    function, short = FUNCTIONS[sampler], sampler.removeprefix("fastsmote.")
    for kind, (make, advice) in LAZY.items():
        with pytest.raises(TypeError) as caught:
            function(**{**arguments(function), name: make()})
        end = f"pass {advice.format(name)}."
        if kind in DASK:
            end += f" Or call fastsmote.dask.{short}({DASK[kind]})."
        elif "." not in short:
            end += f' Or call fastsmote.files.resample({FILES[kind]}, out, target="...", method="{short}").'
        assert str(caught.value).endswith(end)


SCORING = [
    (name, parameter)
    for name in ON_PARTITIONS
    if hasattr(fastsmote, name)
    for parameter in (*ON_PARTITIONS[name], "sample_weight")
    if parameter in inspect.signature(getattr(fastsmote, name)).parameters
]


@pytest.mark.parametrize(("name", "parameter"), SCORING)
def test_scores_and_reports_name_the_function_that_takes_it__C4(name, parameter):
    function = getattr(fastsmote, name)
    own = [*ON_PARTITIONS[name], *(["train_prior"] if name == "estimate_prior" else [])]
    of_frame = [f'"{one}"' if one in ON_PARTITIONS[name] else one for one in own] + ["frame=frame"]
    for kind, (make, advice) in LAZY.items():
        with pytest.raises(TypeError) as caught:
            function(**{**arguments(function), parameter: make()})
        end = f"pass {advice.format(parameter)}."
        if kind in DASK:
            data = of_frame if kind == "dask frame" and name != "leakage_report" else own
            end += f" Or call fastsmote.dask.{name}({', '.join(data)})."
        elif name in ON_FILES:
            end += f" Or call fastsmote.files.{name}({FILES[kind]}, {ON_FILES[name]})."
        assert str(caught.value).endswith(end)


def test_streams_and_advice_name_it_too__C4():
    array, lazy = LAZY["dask array"][0], LAZY["lazy frame"][0]
    with pytest.raises(TypeError, match=r"Or call fastsmote\.dask\.streaming_sweep\(y_true, y_score\)\.$"):
        fastsmote.StreamingSweep().update(Y, array())
    with pytest.raises(TypeError, match=r"Or call fastsmote\.files\.streaming_sweep\(table, y_true="):
        fastsmote.StreamingSweep().update(lazy(), P)
    with pytest.raises(TypeError, match=r"Or call fastsmote\.dask\.streaming_calibration\(y_true, y_prob\)"):
        fastsmote.StreamingCalibration().update(array(), P)
    for labels in (Y, lazy()):
        with pytest.raises(TypeError, match=r'Or call fastsmote\.files\.advise\(table, target="\.\.\."\)\.$'):
            fastsmote.advise(lazy(), labels)


def test_a_call_without_labels_names_it_too__C4():
    """As they are a column of the frame where tables are not in memory."""
    frame, lazy = LAZY["dask frame"][0], LAZY["lazy frame"][0]
    with pytest.raises(TypeError, match=r"'y'\. Or call fastsmote\.dask\.plan\.smote\(frame, target="):
        fastsmote.plan.smote(frame())
    with pytest.raises(TypeError, match=r"'y'\. Or call fastsmote\.files\.advise\(table, target="):
        fastsmote.advise(lazy())
    with pytest.raises(TypeError, match=r"'y'$"):
        fastsmote.smote(X)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"k_neighbors": 1.5}, "k_neighbors must be an integer"),
        (
            {"sample_weight": LAZY["dask array"][0]()},
            r"sample_weight must .* pass sample_weight\.compute\(\)",
        ),
    ],
)
def test_other_errors_end_where_they_end__C4(options, words):
    """They are not about data that another function takes."""
    with pytest.raises(TypeError, match=rf"^{words}[^;]*\.$") as caught:
        fastsmote.smote(X, Y, **options)
    assert "Or call" not in str(caught.value)


def test_other_functions_name_none__C4():
    for function in (fastsmote.kmeans_smote, fastsmote.advise, fastsmote.select.tomek_link_pairs):
        with pytest.raises(TypeError) as caught:
            function(LAZY["dask array"][0](), Y)
        assert str(caught.value).endswith("pass X.compute().")


def test_drop_in_classes_refuse_it_too__C4():
    dropin = pytest.importorskip("fastsmote.imblearn")
    for name in dropin.__all__:
        options = {"categorical_features": [2]} if name == "SMOTENC" else {}
        for make, advice in LAZY.values():
            for place, given in (("X", (make(), Y)), ("y", (X, make()))):
                made = getattr(dropin, name)(**options)
                use = made.fit if name.endswith("Classifier") else made.fit_resample
                with pytest.raises(TypeError, match=f"^{place} must hold its rows in memory") as caught:
                    use(*given)
                assert str(caught.value).endswith(f"pass {advice.format(place)}.")
