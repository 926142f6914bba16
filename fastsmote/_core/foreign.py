"""Objects that are no container known here: read once into an array, or refused before any work.

The rule for what is a table: frames and columns of pandas, polars and pyarrow, lists, sparse matrices, and
whatever NumPy or DLPack reads (``__array__``, ``__array_interface__``, buffers, ``__dlpack__``). What holds a
recipe instead of rows is refused with the call that gives the rows: an implicit call would compute as often
as somebody looks, where nobody asked for it. Libraries are known by the names of their classes, and none is
imported.
"""

import os
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import numpy as np

_ANY = "*"  # each class of a package
_OF_DASK = "{name}.compute()"
_CALLS = {  # (package, class or base class): the call that gives what is taken here
    ("cudf", _ANY): "{name}.to_pandas()",
    ("cupy", _ANY): "{name}.get()",
    ("dask", _ANY): _OF_DASK,
    ("dask_expr", _ANY): _OF_DASK,
    ("datasets", "Dataset"): "{name}.to_pandas()",
    ("duckdb", _ANY): "{name}.df()",
    ("_duckdb", _ANY): "{name}.df()",
    ("ibis", _ANY): "{name}.to_pandas()",
    ("narwhals", "LazyFrame"): "{name}.collect().to_native()",
    ("polars", "LazyFrame"): "{name}.collect()",
    ("pyarrow", "Dataset"): "{name}.to_table()",
    ("pyarrow", "ParquetDataset"): "{name}.read()",
    ("pyarrow", "ParquetFile"): "{name}.read()",
    ("pyarrow", "RecordBatchReader"): "{name}.read_all()",
    ("pyarrow", "Scanner"): "{name}.to_table()",
    ("pyspark", _ANY): "{name}.toPandas()",
    ("snowflake", _ANY): "{name}.to_pandas()",
    ("vaex", _ANY): "{name}.to_pandas_df()",
}
_AS_SOURCE = {  # what files.resample reads of a table with its labels: itself, or what is made of it
    ("duckdb", _ANY): "table",
    ("_duckdb", _ANY): "table",
    ("ibis", _ANY): "table.to_pyarrow_batches()",
    ("polars", "LazyFrame"): "table",
    ("pyarrow", "Dataset"): "table",
    ("pyarrow", "RecordBatchReader"): "table",
    ("pyarrow", "Scanner"): "table.to_reader()",
}
ON_BLOCKS = {  # samplers of tables that are not in memory
    "adasyn", "borderline_smote", "edited_nearest_neighbours", "near_miss", "neighbourhood_cleaning_rule",
    "random_over_sample", "random_under_sample", "smote", "smote_enn", "smote_tomek", "smotenc",
    "tomek_links",
}  # fmt: skip
_LABELS_AND_SCORES, _LABELS_AND_PROBABILITIES = ("y_true", "y_score"), ("y_true", "y_prob")
ON_PARTITIONS = {  # what else takes rows and has a function of its name in fastsmote.dask: what that takes
    **dict.fromkeys(
        ("average_precision_score", "confusion_sweep", "det_curve", "precision_recall_curve", "roc_auc_score",
         "roc_curve", "streaming_sweep"),
        _LABELS_AND_SCORES,
    ),
    **dict.fromkeys(
        ("brier_decomposition", "brier_score", "calibration_curve", "expected_calibration_error", "log_loss",
         "streaming_calibration"),
        _LABELS_AND_PROBABILITIES,
    ),
    "class_weights": ("y",),
    "estimate_prior": ("p",),
    "leakage_report": ("X_train", "X_test"),
}  # fmt: skip
ON_FILES = {  # the same of fastsmote.files
    "advise": 'target="..."',
    "confusion_sweep": 'y_true="...", y_score="..."',
    "streaming_sweep": 'y_true="...", y_score="..."',
}
_OF_STREAM = {"StreamingCalibration": "streaming_calibration", "StreamingSweep": "streaming_sweep"}
_DATA = {"X", "y", "X_train", "X_test", "y_train", "y_test", "y_true", "y_score", "y_prob", "p"}
_EXCHANGED = {  # protocol of frames: the call that makes one that is known
    "__arrow_c_stream__": "pyarrow.table({name})",
    "__dataframe__": "pandas.api.interchange.from_dataframe({name})",
}
_READ_FIRST = "read the file first, for example with pandas.read_csv or numpy.load"
_READS = ("__array__", "__array_interface__", "__array_struct__")


def read_foreign(given: Any, name: str) -> Any:
    """``given`` as an array where it is one in another library's words, else as it is.

    TypeError for what holds no rows yet (lazy frames, readers, iterators, paths), for iterables that NumPy
    does not read as rows (sets, mappings), and for arrays that can not be read from here, as on a GPU.
    """
    refuse_unread(given, name)
    if isinstance(given, str | bytes):
        _refuse(given, name, _READ_FIRST)
    try:
        array = np.asarray(given)
    except ValueError:
        return given  # ragged: whoever needs an array says so
    except (TypeError, RuntimeError) as error:
        raise TypeError(f"{name} must be readable as an array. Got {_kind(given)}: {error}") from error
    if array.ndim or any(hasattr(given, protocol) for protocol in _READS):
        return array
    if hasattr(given, "__dlpack__"):
        return _from_dlpack(given, name)
    for protocol, call in _EXCHANGED.items():
        if hasattr(given, protocol):
            _refuse(given, name, f"pass {call.format(name=name)}")
    if isinstance(given, Iterable):
        _refuse(given, name, f"its items are no rows to NumPy: pass a list, such as list({name})")
    return given


def refuse_unread(given: Any, name: str) -> None:
    """TypeError for what holds no rows yet, with the call that reads them."""
    if given is None or isinstance(given, np.ndarray):  # most are: what follows takes 3 us
        return
    call = _of_class(given, _CALLS) or (_OF_DASK if _is_of_dask(given) else None)
    if call is not None:
        _refuse(given, name, f"pass {call.format(name=name)}")
    if isinstance(given, os.PathLike):
        _refuse(given, name, _READ_FIRST)
    if isinstance(given, Iterator):
        _refuse(given, name, f"it can be read only once: pass list({name}), or join its chunks to one frame")


def unread(error: Exception) -> tuple[str, Any] | None:
    """The parameter and the object that :func:`refuse_unread` has refused, where that is the error."""
    return getattr(error, "unread", None)


def elsewhere(function: str, name: str, given: Any) -> str:
    """The call that takes what a function refuses as its parameter ``name``; "" where there is none.

    ``function`` is a name, of a sampler with "plan." or "select." in front where it gives the decision alone,
    of a method with its class.
    """
    function = _OF_STREAM.get(function.removesuffix(".update"), function)
    home, _, sampler = function.rpartition(".")
    is_sampler = sampler in ON_BLOCKS
    if given is None or isinstance(given, np.ndarray) or not (name in _DATA or _is_weight(name, is_sampler)):
        return ""
    if _of_class(given, _CALLS) == _OF_DASK or _is_of_dask(given):
        data = _data_of_sampler(given) if is_sampler else _data_of(function, given)
        return f"fastsmote.dask.{function}({data})" if data else ""
    source = _of_class(given, _AS_SOURCE)
    if source is None:
        return ""
    if is_sampler and not home:
        return f'fastsmote.files.resample({source}, out, target="...", method="{sampler}")'
    return f"fastsmote.files.{function}({source}, {ON_FILES[function]})" if function in ON_FILES else ""


def _is_weight(name: str, is_sampler: bool) -> bool:
    """Whether a parameter holds weights that go with rows in partitions, too: scores take them there."""
    return name == "sample_weight" and not is_sampler


def _data_of_sampler(given: Any) -> str:
    """What the sampler of Dask is called with."""
    if _of_class(given, _CALLS) != _OF_DASK:
        return "X.data, y.data"
    return "X, y" if type(given).__name__ == "Array" else 'frame, target="..."'


def _data_of(function: str, given: Any) -> str:
    """What another function of Dask is called with; "" where there is none."""
    names = ON_PARTITIONS.get(function, ())
    more = ["train_prior"] if function == "estimate_prior" else []
    if _of_class(given, _CALLS) != _OF_DASK:
        names = tuple(f"{name}.data" for name in names)
    elif type(given).__name__ != "Array" and function != "leakage_report":
        return ", ".join([*(f'"{name}"' for name in names), *more, "frame=frame"]) if names else ""
    return ", ".join([*names, *more]) if names else ""


def _of_class(given: Any, table: dict[tuple[str, str], str]) -> str | None:
    """What a table has for the class of an object, or for one that it is derived from."""
    for base in type(given).__mro__:
        package = base.__module__.partition(".")[0]
        found = table.get((package, base.__name__)) or table.get((package, _ANY))
        if found is not None:
            return found
    return None


def _is_of_dask(given: Any) -> bool:
    """Whether others keep Dask's arrays in it."""
    graph = getattr(given, "__dask_graph__", None)
    return callable(graph) and graph() is not None


def _from_dlpack(given: Any, name: str) -> Any:
    try:
        return np.from_dlpack(given)
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        raise TypeError(
            f"{name} must be readable from the CPU. Got {_kind(given)}: {error}. Copy it there first."
        ) from error


def _kind(given: Any) -> str:
    """The class of an object as users know it."""
    kind = type(given)
    package = kind.__module__.partition(".")[0]
    return kind.__qualname__ if package == "builtins" else f"{package}.{kind.__qualname__}"


def _refuse(given: Any, name: str, advice: str) -> NoReturn:
    error: Any = TypeError(
        f"{name} must hold its rows in memory: an array, list, frame, column or sparse matrix. "
        f"Got {_kind(given)}; {advice}."
    )
    error.unread = name, given  # for whoever knows another function that takes it
    raise error
