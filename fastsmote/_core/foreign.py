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
_OF_DASK = "{name}.compute(), or call the sampler of that name in fastsmote.dask"
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
    for base in type(given).__mro__:
        package = base.__module__.partition(".")[0]
        call = _CALLS.get((package, base.__name__)) or _CALLS.get((package, _ANY))
        if call is not None:
            _refuse(given, name, f"pass {call.format(name=name)}")
    graph = getattr(given, "__dask_graph__", None)  # of what others keep in dask's arrays
    if callable(graph) and graph() is not None:
        _refuse(given, name, f"pass {_OF_DASK.format(name=name)}")
    if isinstance(given, os.PathLike):
        _refuse(given, name, _READ_FIRST)
    if isinstance(given, Iterator):
        _refuse(given, name, f"it can be read only once: pass list({name}), or join its chunks to one frame")


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
    raise TypeError(
        f"{name} must hold its rows in memory: an array, list, frame, column or sparse matrix. "
        f"Got {_kind(given)}; {advice}."
    )
