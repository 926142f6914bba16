"""A record of what fastsmote does today: its public names, and the bits of the results of many calls.

``python tests/contract/record.py --write`` writes the record anew from the fastsmote that is imported. Data
are rounded or made of uniform numbers, so that they are the same bits on any processor; where a result passes
through arithmetic that is not (see the reasons in ``ROUNDED``), it is recorded to 9 significant digits.
"""

import dataclasses
import functools
import hashlib
import importlib
import inspect
import json
import re
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import scipy.sparse
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

sys.path.insert(0, str(Path(__file__).parents[1]))

from contract.public import NAMES

import fastsmote
from fastsmote import (
    advice,
    bootstrap,
    calibration,
    classification,
    leakage,
    losses,
    metrics,
    plan,
    priors,
    select,
    streaming,
    thresholds,
)
from fastsmote import imblearn as dropin
from fastsmote import sklearn as estimators
from fastsmote import weights as weighting

FOLDER = Path(__file__).parent / "recorded"
SURFACE, BITS = FOLDER / "surface.json", FOLDER / "bits.json"
DIGITS = 9

# ---------------------------------------------------------------------------------------------- public names

_REQUEST = re.compile(r"set_\w+_request$")  # made by scikit-learn
_CALLED = ("__call__", "__getitem__", "__iter__", "__len__")


def public_surface() -> dict[str, Any]:
    """Public names of fastsmote and of each public module, with kinds, parameters and members."""
    surface = {f"fastsmote.{name}": _names_of(importlib.import_module(f"fastsmote.{name}")) for name in NAMES}
    top = {name: _described(getattr(fastsmote, name)) for name in dir(fastsmote) if not _is_module(name)}
    return {
        "fastsmote": top,
        "__all__": dict.fromkeys(sorted(fastsmote.__all__), True),
        "__dir__": dict.fromkeys(dir(fastsmote), True),
        "modules": surface,
    }


def _is_module(name: str) -> bool:
    return inspect.ismodule(getattr(fastsmote, name))


def _names_of(module: Any) -> dict[str, Any]:
    defined = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]
    return {name: _described(getattr(module, name)) for name in sorted(getattr(module, "__all__", defined))}


def _described(value: Any) -> dict[str, Any]:
    if inspect.isclass(value):
        described = {"kind": "class", "parameters": _parameters(value), "members": _members(value)}
    elif callable(value):
        described = {"kind": "function", "parameters": _parameters(value)}
    else:
        return {"kind": "value", "type": type(value).__name__}
    return {**described, "module_today": value.__module__}


def _parameters(value: Any) -> list[list[str | None]] | None:
    """Name, kind and default of each parameter; None where Python knows no signature."""
    try:
        signature = inspect.signature(value)
    except ValueError:
        return None
    return [
        [p.name, p.kind.name, None if p.default is p.empty else repr(p.default)]
        for p in signature.parameters.values()
    ]


def _members(value: type) -> dict[str, Any]:
    """Public members that classes of fastsmote add, and how objects are called, counted and indexed."""
    own = [base for base in value.__mro__ if base.__module__.split(".")[0] == "fastsmote"]
    names = {name for base in own for name in vars(base) if not name.startswith("_") or name in _CALLED}
    described = {}
    for name in sorted(name for name in names if not _REQUEST.match(name)):
        member = inspect.getattr_static(value, name)
        if isinstance(member, property):
            described[name] = {"kind": "property"}
        elif callable(getattr(value, name)):
            described[name] = {"kind": "method", "parameters": _parameters(getattr(value, name))}
        else:
            described[name] = {"kind": "attribute"}
    return described


def differences(stored: Any, current: Any, path: str = "") -> list[str]:
    """What a stored surface has and the current one lacks or has differently; further names do not count."""
    if isinstance(stored, dict) and isinstance(current, dict):
        lost = [f"{path}/{key} is gone" for key in stored if key not in current]
        return lost + [
            line
            for key in stored.keys() & current.keys() - {"module_today"}
            for line in differences(stored[key], current[key], f"{path}/{key}")
        ]
    return [] if stored == current else [f"{path}: {stored!r} is now {current!r}"]


# --------------------------------------------------------------------------------------------------- digests

_ATTRIBUTES = {
    "SyntheticPlan": (
        "base",
        "neighbor",
        "gap",
        "label",
        "n_rows",
        "n_features",
        "counts_before",
        "counts_after",
    ),
    "Resampled": ("counts_before", "counts_after"),
}
# what holds more than the tuple that it unpacks as
_RECORDS = {"CalibrationCurve": ("prob_true", "prob_pred", "low", "high", "counts", "edges")}


def digest(value: Any, digits: int | None = None) -> str:
    """SHA-256 of all bits of a value, or with ``digits`` of its numbers rounded to so many significant ones.

    Types of containers, names, dtypes and shapes count. Classes of fastsmote count by name, not by module.
    """
    hasher = hashlib.sha256()
    _feed(hasher.update, value, digits)
    return hasher.hexdigest()


def _feed(update: Callable[[bytes], None], value: Any, digits: int | None) -> None:
    def tell(*words: Any) -> None:
        update(("|".join(map(str, words)) + ";").encode())

    def feed(*parts: Any) -> None:
        for part in parts:
            _feed(update, part, digits)

    name = type(value).__name__
    if value is None or isinstance(value, bool | int | str):
        tell(name, repr(value))
    elif isinstance(value, float) and not isinstance(value, np.generic):
        tell(name, _rounded(value, digits).hex())
    elif isinstance(value, bytes):
        tell(name, hashlib.sha256(value).hexdigest())
    elif isinstance(value, BaseException):
        tell("exception", name, value)
    elif isinstance(value, np.ndarray | np.generic):
        tell(name, value.dtype, value.shape)
        _feed_array(feed, update, np.asarray(value), digits)
    elif scipy.sparse.issparse(value):
        tell(name, value.shape)
        places = (value.row, value.col) if value.format == "coo" else (value.indices, value.indptr)
        feed(value.data, *(part.astype(np.int64) for part in places))  # SciPy's versions choose their types
    elif isinstance(value, pd.DataFrame):
        tell("pandas frame", value.shape)
        feed(list(value.columns), *(value.iloc[:, place] for place in range(value.shape[1])))
    elif isinstance(value, pd.Series | pd.Index):
        tell("pandas", name, value.name, "str" if _is_old_text(value) else value.dtype)
        if isinstance(value, pd.Series):
            feed(value.index)
        if isinstance(value.dtype, pd.CategoricalDtype):
            feed(value.dtype.categories.tolist(), value.dtype.ordered)
        feed(value.to_numpy() if isinstance(value.dtype, np.dtype) else value.to_numpy(object, na_value=None))
    elif isinstance(value, pl.DataFrame):
        tell("polars frame", value.shape)
        feed(*value.get_columns())
    elif isinstance(value, pl.Series):
        tell("polars", value.name, value.dtype)
        feed(value.to_list())
    elif isinstance(value, pa.Table | pa.RecordBatch):
        tell("pyarrow", name, value.schema.to_string(), value.shape)
        feed(*(column.to_pylist() for column in value.columns))
    elif isinstance(value, pa.ChunkedArray | pa.Array):
        tell("pyarrow", name, value.type)
        feed(value.to_pylist())
    elif isinstance(value, Mapping):
        tell(name, len(value))
        feed(*(part for item in value.items() for part in item))
    elif name in _ATTRIBUTES or dataclasses.is_dataclass(value):
        fields = _ATTRIBUTES.get(name) or [field.name for field in dataclasses.fields(value)]
        tell(name, *fields)
        feed(*(getattr(value, field) for field in fields), *(value if isinstance(value, tuple) else ()))
    elif name in _RECORDS:
        tell(name, len(_RECORDS[name]), *_RECORDS[name])
        feed(*(getattr(value, field) for field in _RECORDS[name]))
    elif isinstance(value, tuple | list):
        tell(name, len(value), *getattr(value, "_fields", ()))
        feed(*value)
    else:
        raise TypeError(f"There is no digest of {name}.")


def _is_old_text(value: Any) -> bool:
    """Text of pandas before version 3, which had objects for it."""
    return int(pd.__version__.split(".")[0]) < 3 and pd.api.types.infer_dtype(value) == "string"


def _feed_array(feed: Callable, update: Callable, array: np.ndarray, digits: int | None) -> None:
    if array.dtype.kind == "O":
        feed(array.ravel().tolist())
    elif array.dtype.kind == "f":
        flat = array.ravel()
        if digits is not None:
            flat = np.array([_rounded(number, digits) for number in flat.tolist()], array.dtype)
        update(np.where(np.isnan(flat), np.array(np.nan, flat.dtype), flat).tobytes())
    else:
        update(np.ascontiguousarray(array).tobytes())


def _rounded(number: float, digits: int | None) -> float:
    return number if digits is None else float(f"{number:.{digits - 1}e}") + 0.0


# ------------------------------------------------------------------------------------------------------ data


@functools.cache
def fraud(n_samples: int = 3000, n_features: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """5 % frauds, of six digits: the other records do not hang on the last bits of ``make_fraud``."""
    X, y = fastsmote.make_fraud(n_samples, n_features, fraud_rate=0.05, random_state=1)
    return _frozen(np.round(X, 6)), _frozen(y)


@functools.cache
def blobs(n_classes: int = 4, n_samples: int = 1200, n_features: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping classes of falling sizes, on a grid, so with ties and repeated rows."""
    rng = np.random.default_rng(n_classes)
    share = 0.6 ** np.arange(n_classes)
    y = np.repeat(np.arange(n_classes), np.maximum(n_samples * share / share.sum(), 16).astype(int))
    rng.shuffle(y)
    centres = rng.integers(-2, 3, (n_classes, n_features)) / 2
    X = np.round(centres[y] + rng.random((3, len(y), n_features)).sum(axis=0) - 1.5, 1)
    X[-60:] = X[:60]
    return _frozen(X), _frozen(y)


@functools.cache
def small() -> tuple[np.ndarray, np.ndarray]:
    """Three classes for the drop-ins."""
    return blobs(3, 700, 4)


@functools.cache
def apart() -> tuple[np.ndarray, np.ndarray]:
    """Three classes without ties, whose order NumPy's sorts leave open, as scikit-learn's neighbours do."""
    rng = np.random.default_rng(16)
    y = np.minimum(rng.integers(0, 8, 500), 2)
    return _frozen(rng.random((500, 4)) + rng.integers(0, 2, (3, 4))[y] / 4), _frozen(y)


def holed() -> tuple[np.ndarray, np.ndarray]:
    """Three classes with missing values."""
    X, y = blobs(3, 900, 5)
    return np.where(np.random.default_rng(5).random(X.shape) < 0.15, np.nan, X), y


def mixed() -> tuple[pd.DataFrame, pd.Series]:
    """Numbers, a category and a text."""
    X, y = blobs(3, 900, 3)
    rng = np.random.default_rng(9)
    colour = pd.Categorical.from_codes((rng.integers(0, 3, len(y)) + y) % 4, ["red", "green", "blue", "grey"])
    size = np.array(["S", "M", "L"])[(rng.integers(0, 5, len(y)) // 2 + y) % 3]
    columns = {"a": X[:, 0], "colour": colour, "b": X[:, 1].astype(np.float32), "size": size}
    index = pd.Index(np.arange(len(y)) * 2 + 7, name="row")
    return pd.DataFrame(columns, index=index), pd.Series(
        np.array(["x", "y", "z"])[y], index=index, name="kind"
    )


def nominal() -> tuple[np.ndarray, np.ndarray]:
    """Categories only."""
    X, y = blobs(3, 700, 4)
    return np.array(list("abcdefgh"), object)[np.abs(np.rint(2 * X).astype(int)) % 8], y


@functools.cache
def scored() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Labels, scores with ties, those of another model, and weights."""
    rng = np.random.default_rng(11)
    y = (rng.random(4000) < 0.06).astype(np.int64)
    score = np.round(rng.random(4000) + 0.7 * y * rng.random(4000), 3)
    return y, score, rng.random(4000) + 0.5 * y, rng.integers(0, 9, 4000) / 4


@functools.cache
def probable() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, probabilities of the positive class, weights."""
    rng = np.random.default_rng(12)
    p = np.round(rng.random(3000) * rng.random(3000), 4)
    return (rng.random(3000) < 0.8 * p).astype(np.int64), p, rng.integers(1, 9, 3000) / 4


@functools.cache
def graded(n_classes: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, probabilities of each class, weights."""
    rng = np.random.default_rng(13)
    y = np.minimum(rng.integers(0, 2 * n_classes, 2000), n_classes - 1)
    p = rng.integers(1, 100, (2000, n_classes)) + 60 * (y[:, np.newaxis] == np.arange(n_classes))
    return y, p / p.sum(axis=1, keepdims=True), rng.integers(1, 9, 2000) / 4


@functools.cache
def predicted() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels of four classes, predictions, weights."""
    rng = np.random.default_rng(14)
    y = np.minimum(rng.integers(0, 9, 2500), 3)
    return y, np.where(rng.random(2500) < 0.7, y, rng.integers(0, 4, 2500)), rng.integers(1, 9, 2500) / 4


def numbers(n: int, kind: str) -> np.ndarray:
    """Weights or groups of n rows."""
    rng = np.random.default_rng(15)
    return rng.integers(1, 9, n) / 4 if kind == "weights" else rng.integers(0, 6, n)


def _frozen(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def _strided(X: np.ndarray) -> np.ndarray:
    wide = np.zeros((2 * X.shape[0], 2 * X.shape[1]))
    wide[::2, ::2] = X
    return wide[::2, ::2]


def _frame(X: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(X, columns=[f"c{i}" for i in range(X.shape[1])], index=np.arange(len(X)) + 100)


def _named(X: np.ndarray) -> dict[str, np.ndarray]:
    return {f"c{i}": X[:, i] for i in range(X.shape[1])}


WORDS = np.array(["one", "two", "three", "four"])
CONTAINERS: dict[str, Callable[[np.ndarray, np.ndarray], tuple[Any, Any]]] = {
    "float32": lambda X, y: (X.astype(np.float32), y.astype(np.int8)),
    "float16": lambda X, y: (X.astype(np.float16), y.astype(np.float64)),
    "int64": lambda X, y: (np.rint(10 * X).astype(np.int64), y.astype(np.uint8)),
    "int32": lambda X, y: (np.rint(10 * X).astype(np.int32), y > 0),
    "fortran": lambda X, y: (np.asfortranarray(X), y[::-1][::-1]),
    "strided": lambda X, y: (_strided(X), np.repeat(y, 2)[::2]),
    "writable": lambda X, y: (X.copy(), y.copy()),
    "object": lambda X, y: (X.astype(object), WORDS[y].astype(object)),
    "list": lambda X, y: (X.tolist(), y.tolist()),
    "words": lambda X, y: (X, WORDS[y]),
    "pandas": lambda X, y: (_frame(X), pd.Series(WORDS[y], name="kind", index=np.arange(len(y)) + 100)),
    "pandas category": lambda X, y: (
        _frame(X).astype({"c1": "float32"}),
        pd.Series(WORDS[y], dtype="category"),
    ),
    "polars": lambda X, y: (pl.DataFrame(_named(X)), pl.Series("kind", WORDS[y])),
    "polars float32": lambda X, y: (pl.DataFrame(_named(X)).cast(pl.Float32), pl.Series("kind", y)),
    "pyarrow table": lambda X, y: (pa.table(_named(X)), pa.array(WORDS[y])),
    "pyarrow batch": lambda X, y: (pa.RecordBatch.from_pydict(_named(X)), pa.chunked_array([y[:9], y[9:]])),
    "csr": lambda X, y: (scipy.sparse.csr_array(X), y),
    "csr matrix": lambda X, y: (scipy.sparse.csr_matrix(X), y),
    "csc": lambda X, y: (scipy.sparse.csc_array(X), y),
}

# ----------------------------------------------------------------------------------------------------- calls

CALLS: dict[str, Callable[[], Any]] = {}
ROUNDED: dict[str, str] = {}
LOGS = "logarithms, exponentials or powers, whose last bits depend on NumPy's and the C library's dispatch"
BLAS = "sums of products by BLAS or LAPACK, in an order that depends on the processor"


def put(name: str, function: Callable, *args: Any, rounded: str | None = None, **options: Any) -> None:
    """Add a call of a function with arguments, and why its numbers are rounded, if they are."""
    if name in CALLS:
        raise ValueError(f"{name} is there already.")
    CALLS[name] = functools.partial(function, *args, **options)
    if rounded is not None:
        ROUNDED[name] = rounded


def on(
    function: Callable, data: Callable[[], tuple[Any, ...]], *more: Any, **options: Any
) -> Callable[[], Any]:
    """A call of a function with data, which are made when it is called."""
    return lambda: function(*data(), *more, **options)


def outcome(name: str) -> Any:
    """The result of a call, or the exception that it raises; warnings are left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return CALLS[name]()
        except Exception as error:
            return error


def digest_of(name: str) -> str:
    """The digest of a call, of the rounded numbers where the name is in ``ROUNDED``."""
    return digest(outcome(name), DIGITS if name in ROUNDED else None)


def told(call: Callable[[], Any]) -> tuple[Any, list[str]]:
    """A result and its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    return result, [f"{warning.category.__name__}: {warning.message}" for warning in caught]


SEEDED = {"random_state": 3, "n_jobs": 2}
OVER: dict[str, dict[str, Any]] = {
    "random_over_sample": {},
    "smote": {},
    "borderline_smote": {},
    "svm_smote": {},
    "kmeans_smote": {},
    "adasyn": {},
}
UNDER: dict[str, dict[str, Any]] = {
    "random_under_sample": {"random_state": 3},
    "tomek_links": {},
    "edited_nearest_neighbours": {},
    "repeated_edited_nearest_neighbours": {},
    "all_knn": {},
    "neighbourhood_cleaning_rule": {},
    "condensed_nearest_neighbour": {"random_state": 3},
    "one_sided_selection": {"random_state": 3},
    "near_miss": {},
    "cluster_centroids": {"random_state": 3},
    "smote_tomek": {"random_state": 3},
    "smote_enn": {"random_state": 3},
}
DATA = {"fraud": fraud, "blobs3": functools.partial(blobs, 3), "blobs8": functools.partial(blobs, 8)}


def over(module: Any, name: str, data: Callable, **options: Any) -> Any:
    """An over-sampler; SVM-SMOTE gets every third row for a support vector."""
    X, y = data()
    support = {"support": np.arange(0, len(y), 3)} if name == "svm_smote" else {}
    return getattr(module, name)(X, y, **support, **{**SEEDED, **options})


def made(name: str, data: Callable, **options: Any) -> Any:
    """A plan, its rows, and a part of them."""
    X, _ = data()
    decided = over(plan, name, data, **options)
    part = decided.rows(X, 3, 11, n_jobs=1)
    return decided, len(decided), decided.rows(X, n_jobs=2), part


def weighed(name: str, data: Callable, kind: str, **options: Any) -> Any:
    """An over-sampler with weights or groups."""
    n = len(data()[1])
    given = {"sample_weight": numbers(n, "weights"), "return_weights": True} if "weights" in kind else {}
    given |= {"groups": numbers(n, "groups")} if "groups" in kind else {}
    return over(fastsmote, name, data, **given, **options)


for _data, _make in DATA.items():
    for _name in OVER:
        put(f"{_name} {_data}", over, fastsmote, _name, _make)
        put(f"plan.{_name} {_data}", made, _name, _make)
    for _name, _options in UNDER.items():
        put(f"{_name} {_data}", on(getattr(fastsmote, _name), _make, n_jobs=2, **_options))
        put(f"select.{_name} {_data}", on(getattr(select, _name), _make, n_jobs=2, **_options))
    put(f"select.tomek_link_pairs {_data}", on(select.tomek_link_pairs, _make, n_jobs=2))
for _data in ("fraud", "blobs3", "blobs8"):
    for _module in (fastsmote, plan):
        for _name, _options in {
            "borderline_smote": {"kind": "borderline-2", "k_neighbors": 3, "m_neighbors": 7},
            "kmeans_smote": {"clusters": 5, "density_exponent": 1.5, "cluster_balance_threshold": 0.05},
            "svm_smote": {"out_step": 0.25, "k_neighbors": 3},
            "adasyn": {"n_neighbors": 9},
        }.items():
            _where = _module.__name__.removeprefix("fastsmote").removeprefix(".") or "top"
            put(f"{_name} options {_data} {_where}", over, _module, _name, DATA[_data], **_options)


# SMOTE-NC and SMOTE-N
def _mixed_as(kind: str) -> tuple[Any, Any]:
    X, y = mixed()
    if kind == "polars":
        frame = pl.DataFrame(
            {name: X[name].to_numpy() if name in ("a", "b") else X[name].tolist() for name in X.columns}
        )
        categories = {"colour": pl.Enum(["red", "green", "blue", "grey"]), "size": pl.String}
        return frame.cast(categories), pl.Series("kind", y.tolist())
    if kind == "pyarrow":
        columns = {name: X[name].tolist() if X[name].dtype == object else X[name].to_numpy() for name in "ab"}
        columns["colour"] = pa.array(X["colour"].tolist()).dictionary_encode()
        return pa.table(columns), pa.array(y.tolist())
    return (X, y) if kind == "pandas" else (X.astype(object).to_numpy(), y.to_numpy(object))


for _kind in ("pandas", "polars", "pyarrow", "object"):
    _given = {} if _kind != "object" else {"categorical_features": [1, 3]}
    put(f"smotenc {_kind}", on(fastsmote.smotenc, functools.partial(_mixed_as, _kind), **_given, **SEEDED))
    put(f"plan.smotenc {_kind}", made, "smotenc", functools.partial(_mixed_as, _kind), **_given)
put("smotenc weights groups", weighed, "smotenc", mixed, "weights groups", columns={"a": "immutable"})
put(
    "smotenc names",
    on(fastsmote.smotenc, mixed, categorical_features=["colour", "size"], k_neighbors=3, **SEEDED),
)
put("smoten object", on(fastsmote.smoten, nominal, **SEEDED))
put("smoten blobs8", on(fastsmote.smoten, lambda: (np.rint(blobs(8)[0]).astype(int), blobs(8)[1]), **SEEDED))
put("smoten weights groups", weighed, "smoten", nominal, "weights groups", k_neighbors=3)
put("plan.smoten object", made, "smoten", nominal)

# containers
_binary = functools.partial(blobs, 2, 600, 4)
for _kind, _convert in CONTAINERS.items():
    _as = functools.partial(lambda convert: convert(*_binary()), _convert)
    put(f"smote {_kind}", over, fastsmote, "smote", _as)
    put(f"random_over_sample {_kind}", over, fastsmote, "random_over_sample", _as)
    put(f"random_under_sample {_kind}", on(fastsmote.random_under_sample, _as, random_state=3, n_jobs=2))
    put(f"adasyn {_kind}", over, fastsmote, "adasyn", _as)
    put(f"edited_nearest_neighbours {_kind}", on(fastsmote.edited_nearest_neighbours, _as, n_jobs=2))
    put(f"smote_tomek {_kind}", on(fastsmote.smote_tomek, _as, random_state=3, n_jobs=2))
    put(f"near_miss {_kind}", on(fastsmote.near_miss, _as, n_jobs=2))
for _kind in ("pandas", "polars", "pyarrow table", "csr", "float32"):
    _as = functools.partial(lambda convert: convert(*_binary()), CONTAINERS[_kind])
    put(f"plan.smote {_kind}", made, "smote", _as)
    if _kind != "csr":
        put(f"cluster_centroids {_kind}", on(fastsmote.cluster_centroids, _as, random_state=3, n_jobs=2))

# options
for _name in ("smote", "adasyn", "borderline_smote", "kmeans_smote", "svm_smote"):
    put(f"{_name} weights", weighed, _name, fraud, "weights")
    put(f"{_name} weights groups", weighed, _name, functools.partial(blobs, 3), "weights groups")
    _rules = {0: "immutable", 1: ["integer", (-1, 2)], 2: (None, 0.5)}
    put(f"{_name} columns", over, fastsmote, _name, functools.partial(blobs, 3), columns=_rules)
    if _name not in ("kmeans_smote", "svm_smote"):
        put(f"{_name} missing", over, fastsmote, _name, holed, missing="nan-euclidean")
        put(f"plan.{_name} missing", made, _name, holed, missing="nan-euclidean")
put("random_over_sample weights", weighed, "random_over_sample", fraud, "weights")
for _shrinkage in (0.5, {1: 0.2, 2: 1.5}):
    put(
        f"random_over_sample shrinkage {_shrinkage}", over, fastsmote, "random_over_sample",
        functools.partial(blobs, 3), shrinkage=_shrinkage, rounded=LOGS,
    )  # fmt: skip
put("plan.random_over_sample shrinkage", made, "random_over_sample", fraud, shrinkage=0.3, rounded=LOGS)
put(
    "plan.random_over_sample shrinkage columns", made, "random_over_sample", functools.partial(blobs, 3),
    shrinkage=0.3, columns={0: "integer", 1: (0, 1)}, rounded=LOGS,
)  # fmt: skip
STRATEGIES: dict[str, tuple[Callable, Any, Any]] = {  # data, for over-samplers, for under-samplers
    "float": (fraud, 0.4, 0.2),
    "share": (fraud, fastsmote.Share(0.3), fastsmote.Share(0.25)),
    "share of 4": (blobs, fastsmote.Share(0.2), fastsmote.Share(0.22)),
    "dict": (blobs, {1: 500, 3: 350}, {0: 250, 1: 200}),
    "callable": (blobs, lambda y: {2: 400, 3: int((y == 0).sum())}, lambda y: {0: int((y == 1).sum())}),
    "all": (blobs, "all", "all"),
    "minority": (blobs, "minority", "majority"),
    "not minority": (blobs, "not minority", "not majority"),
}
for _kind, (_make, _up, _down) in STRATEGIES.items():
    for _name in ("smote", "random_over_sample", "adasyn"):
        put(f"{_name} strategy {_kind}", over, fastsmote, _name, _make, sampling_strategy=_up)
    for _name in ("random_under_sample", "near_miss", "cluster_centroids"):
        put(
            f"{_name} strategy {_kind}",
            on(getattr(fastsmote, _name), _make, sampling_strategy=_down, n_jobs=2, **UNDER[_name]),
        )
for _name, _options in UNDER.items():
    if _name not in ("random_under_sample", "near_miss", "cluster_centroids", "smote_tomek", "smote_enn"):
        put(
            f"{_name} strategy list",
            on(getattr(fastsmote, _name), blobs, sampling_strategy=[0, 2], n_jobs=2, **_options),
        )
for _name in ("edited_nearest_neighbours", "repeated_edited_nearest_neighbours", "all_knn", "smote_enn"):
    _options = {"kind_sel": "mode", "min_count": 60, "n_jobs": 2, **UNDER[_name]}
    put(f"{_name} mode", on(getattr(fastsmote, _name), functools.partial(blobs, 5), **_options))
    put(f"select.{_name} mode", on(getattr(select, _name), functools.partial(blobs, 5), **_options))
for _name in ("tomek_links", "neighbourhood_cleaning_rule", "edited_nearest_neighbours", "smote_tomek"):
    for _least in (150, "balanced"):
        _options = {"min_count": _least, "n_jobs": 2, **UNDER[_name]}
        put(
            f"{_name} min_count {_least}",
            on(getattr(fastsmote, _name), functools.partial(blobs, 3), **_options),
        )
put("all_knn minority", on(fastsmote.all_knn, blobs, n_neighbors=4, allow_minority=True, n_jobs=2))
put("repeated two rounds", on(fastsmote.repeated_edited_nearest_neighbours, blobs, n_neighbors=4, max_iter=2))
put(
    "cleaning rule 0.2",
    on(fastsmote.neighbourhood_cleaning_rule, blobs, threshold_cleaning=0.2, n_neighbors=5),
)
put(
    "random_under_sample replacement",
    on(fastsmote.random_under_sample, fraud, replacement=True, random_state=3),
)
put(
    "condensed seeds",
    on(fastsmote.condensed_nearest_neighbour, blobs, n_neighbors=3, n_seeds_S=9, random_state=1),
)
put("one_sided seeds", on(fastsmote.one_sided_selection, blobs, n_seeds_S=40, n_neighbors=3, random_state=1))
put("cluster_centroids hard", on(fastsmote.cluster_centroids, blobs, voting="hard", random_state=1, n_jobs=2))
for _version in (1, 2, 3):
    for _data, _make in DATA.items():
        _options = {"version": _version, "n_neighbors": 4, "n_neighbors_ver3": 5, "n_jobs": 2}
        put(f"near_miss {_version} {_data}", on(fastsmote.near_miss, _make, **_options))
        put(f"select.near_miss {_version} {_data}", on(select.near_miss, _make, **_options))
for _module in (fastsmote, select):
    for _options in ({}, {"sampling_strategy": {0: 200, 3: 500}}):
        put(
            f"{_module.__name__}.instance_hardness_threshold {_options}",
            lambda module=_module, options=_options: module.instance_hardness_threshold(
                np.arange(4000.0).reshape(-1, 2), *graded()[:2], n_jobs=2, **options
            ),
        )


# plans
def _joined() -> Any:
    X, y = blobs(3)
    joined = plan.concatenate([plan.smote(X, y, **SEEDED), plan.adasyn(X, y, **SEEDED)])
    return joined, joined.rows(X), list(joined.blocks(X, 100, n_jobs=2))


def _plan_weights() -> Any:
    X, y = blobs(3)
    given = numbers(len(y), "weights")
    decided = plan.smote(X, y, sample_weight=given, **SEEDED)
    return decided.weights(y), decided.weights(y, given)


def _plan_out() -> Any:
    X, y = fraud()
    decided = plan.borderline_smote(X, y, **SEEDED)
    out = np.full((50, X.shape[1]), -1.0)
    return decided.rows(X, 10, 60, out) is out, out, decided.rows(X.astype(np.float32), 5, 25)


put("plan.concatenate", _joined)
put("plan weights", _plan_weights)
put("plan rows out", _plan_out)
put("plan smote 30 features", made, "smote", functools.partial(fraud, 2000, 30))


# neighbours
def _index(dtype: Any = np.float64, n_features: int = 8) -> tuple[fastsmote.NeighborIndex, np.ndarray]:
    X, y = blobs(5, 1500, n_features)
    return fastsmote.NeighborIndex(X.astype(dtype), y, n_jobs=2), X.astype(dtype)


def _appended() -> Any:
    X, y = blobs(5, 1500, 3)
    index = fastsmote.NeighborIndex(X[:900], y[:900], n_jobs=2)
    longer = index.append(X[900:1000], y[900:1000]).append(X[1000:], y[1000:], n_jobs=2)
    alone = fastsmote.NeighborIndex(X[:50]).append(X[50:300])
    return longer.query(None, 4), longer.own_class_first(3), index.query(None, 2), alone.query(X[:9], 3)


for _dtype in (np.float64, np.float32):
    for _d in (3, 20):
        _key, _one = f"{np.dtype(_dtype)} {_d}", functools.partial(_index, _dtype, _d)
        put(f"index query {_key}", lambda one=_one: one()[0].query(n_jobs=2))
        put(f"index rows {_key}", lambda one=_one: one()[0].query(None, 3, rows=[5, 1, 5, 900], n_jobs=2))
        put(f"index Q {_key}", lambda one=_one: one()[0].query(one()[1][::7] + 0.25, 4))
        put(f"index among {_key}", lambda one=_one: one()[0].query(None, 4, among=[1, 3], n_jobs=2))
        put(f"index farthest {_key}", lambda one=_one: one()[0].farthest(None, 4, among=2, n_jobs=2))
        put(f"index others {_key}", lambda one=_one: one()[0].count_other_classes(6, n_jobs=2))
        put(f"index own {_key}", lambda one=_one: one()[0].own_class_first(3, n_jobs=2))
        put(f"index own second {_key}", lambda one=_one: one()[0].own_class_first(2, 2, rows=range(50, 400)))
        put(
            f"index nearest {_key}", lambda one=_one: one()[0].is_nearest(np.arange(300), np.arange(300, 600))
        )
put("index append", _appended)
put("nearest_neighbors fraud", lambda: fastsmote.nearest_neighbors(fraud(3000, 30)[0], 7, n_jobs=2))
put(
    "nearest_neighbors queries",
    lambda: fastsmote.nearest_neighbors(blobs()[0], 3, queries=blobs()[0][:99] + 0.05),
)
put(
    "nearest_neighbors float32",
    lambda: fastsmote.nearest_neighbors(fraud()[0].astype(np.float32), 5, n_jobs=2),
)
put("nearest_neighbors polars", lambda: fastsmote.nearest_neighbors(pl.DataFrame(_named(blobs()[0])), 4))

# sweeps and curves
for _weighted in (False, True):
    _w, _tag = (lambda: {"sample_weight": scored()[3]}) if _weighted else dict, " weighted" * _weighted
    for _name in ("confusion_sweep", "confusion_matrix_at_thresholds"):
        put(f"{_name}{_tag}", lambda name=_name, w=_w: getattr(metrics, name)(*scored()[:2], **w()))
    for _name in ("precision_recall_curve", "roc_curve", "det_curve"):
        for _drop in (False, True):
            put(
                f"{_name} drop {_drop}{_tag}",
                lambda name=_name, w=_w, drop=_drop: getattr(metrics, name)(
                    *scored()[:2], drop_intermediate=drop, **w()
                ),
            )
    for _name in ("average_precision_score", "roc_auc_score"):
        put(f"{_name}{_tag}", lambda name=_name, w=_w: getattr(metrics, name)(*scored()[:2], **w()))
    put(f"roc_auc_score max_fpr{_tag}", lambda w=_w: metrics.roc_auc_score(*scored()[:2], max_fpr=0.1, **w()))
    for _multi in ("ovr", "ovo"):
        for _average in ("macro", "weighted"):
            put(
                f"roc_auc_score {_multi} {_average}{_tag}",
                lambda multi=_multi, average=_average, weighted=_weighted: metrics.roc_auc_score(
                    *graded()[:2], multi_class=multi, average=average,
                    sample_weight=graded()[2] if weighted and multi == "ovr" else None,
                ),
                rounded=BLAS,
            )  # fmt: skip
    for _average in ("macro", "micro", "weighted", None):
        put(
            f"average_precision_score classes {_average}{_tag}",
            lambda average=_average, weighted=_weighted: metrics.average_precision_score(
                *graded()[:2], average=average, sample_weight=graded()[2] if weighted else None
            ),
            rounded=BLAS,
        )
        put(
            f"roc_auc_score labels {_average}{_tag}",
            lambda average=_average, weighted=_weighted: metrics.roc_auc_score(
                graded()[0][:, np.newaxis] == np.arange(4), graded()[1], average=average,
                sample_weight=graded()[2] if weighted else None,
            ),
            rounded=BLAS,
        )  # fmt: skip
    for _property in [
        "precision",
        "recall",
        "specificity",
        "fpr",
        "balanced_accuracy",
        "geometric_mean",
        "matthews_corrcoef",
        "alerts",
        "prevalence",
        "average_precision",
        "roc_auc",
    ]:
        put(
            f"sweep {_property}{_tag}",
            lambda name=_property, w=_w: getattr(metrics.confusion_sweep(*scored()[:2], **w()), name),
        )
    put(f"sweep methods{_tag}", lambda w=_w: _sweep_methods(metrics.confusion_sweep(*scored()[:2], **w())))
    for _metric in ("f1", "f_beta", "mcc", "balanced_accuracy", "geometric_mean", "youden"):
        put(
            f"best_threshold {_metric}{_tag}",
            lambda metric=_metric, w=_w: thresholds.best_threshold(
                metrics.confusion_sweep(*scored()[:2], **w()),
                metric,
                beta=2.0 if metric == "f_beta" else None,
            ),
        )
    for _bounds in (
        {"min_recall": 0.8}, {"min_precision": 0.3}, {"max_alerts": 150}, {"max_fpr": 0.05},
        {"min_recall": 0.2, "max_alerts": 900, "max_fpr": 0.5},
    ):  # fmt: skip
        put(
            f"threshold_at {_bounds}{_tag}",
            lambda bounds=_bounds, w=_w: thresholds.threshold_at(
                metrics.confusion_sweep(*scored()[:2], **w()), **bounds
            ),
        )
    put(f"cost_threshold{_tag}", lambda w=_w: thresholds.cost_threshold(
        metrics.confusion_sweep(*scored()[:2], **w()), 1.5, 20, amounts=None
    ))  # fmt: skip


def _sweep_methods(sweep: metrics.Sweep) -> Any:
    other = sweep.at_prevalence(0.01)
    return sweep.f_beta(), sweep.f_beta(0.5), sweep.cost(1, 7.5), other, sweep.at_prevalence(0.3, 500)


def _by_amount() -> Any:
    y, score, _, weight = scored()
    sweep, amounts = (
        metrics.confusion_sweep(y, score),
        metrics.confusion_sweep(y, score, sample_weight=weight),
    )
    return thresholds.cost_threshold(sweep, 1, 4, amounts=amounts)


put("cost_threshold amounts", _by_amount)
put("best_threshold function", lambda: thresholds.best_threshold(
    metrics.confusion_sweep(*scored()[:2]), lambda sweep: sweep.tps - 0.3 * sweep.fps
))  # fmt: skip
put("calibrated_threshold", lambda: (
    thresholds.calibrated_threshold(2, 9), thresholds.calibrated_threshold([1.0, 3.0], [[5], [7]])
))  # fmt: skip
put("precision_at", lambda: metrics.precision_at([0.2, 0.9], [0.01, 0.2], 0.003))
put("confusion_sweep words", lambda: metrics.confusion_sweep(
    np.array(["no", "yes"])[scored()[0]], scored()[1].astype(np.float32), pos_label="yes"
))  # fmt: skip
put("confusion_sweep polars", lambda: metrics.confusion_sweep(pl.Series(scored()[0]), pl.Series(scored()[2])))
put("roc_auc_score one class", lambda: told(lambda: metrics.roc_auc_score([0, 0, 0], [0.1, 0.2, 0.3])))

# classification
for _name in ("f1_score", "precision_score", "recall_score", "sensitivity_score", "specificity_score"):
    for _average in ("macro", "micro", "weighted", None):
        for _weighted in (False, True):
            put(
                f"{_name} {_average}{' weighted' * _weighted}",
                lambda name=_name, average=_average, weighted=_weighted: getattr(classification, name)(
                    *predicted()[:2], average=average, sample_weight=predicted()[2] if weighted else None
                ),
                rounded=BLAS,
            )
    put(
        f"{_name} binary",
        lambda name=_name: getattr(classification, name)(*(p == 1 for p in predicted()[:2])),
    )
    put(f"{_name} one label", lambda name=_name: getattr(classification, name)(
        *predicted()[:2], labels=[3, 1], average="macro"
    ), rounded=BLAS)  # fmt: skip
for _average in ("multiclass", "macro", "micro", "weighted", None):
    put(f"geometric_mean_score {_average}", lambda average=_average: classification.geometric_mean_score(
        *predicted()[:2], average=average, correction=0.001
    ), rounded=LOGS)  # fmt: skip
for _name in ("balanced_accuracy_score", "matthews_corrcoef", "macro_averaged_mean_absolute_error"):
    for _weighted in (False, True):
        put(f"{_name}{' weighted' * _weighted}", lambda name=_name, weighted=_weighted: getattr(
            classification, name
        )(*predicted()[:2], sample_weight=predicted()[2] if weighted else None), rounded=BLAS)  # fmt: skip
for _normalize in (None, "true", "pred", "all"):
    put(f"confusion_matrix {_normalize}", lambda normalize=_normalize: classification.confusion_matrix(
        *predicted()[:2], normalize=normalize, sample_weight=predicted()[2] if normalize == "all" else None
    ))  # fmt: skip
put(
    "fbeta_score",
    lambda: classification.fbeta_score(*predicted()[:2], beta=0.5, average="macro"),
    rounded=BLAS,
)
put(
    "balanced accuracy adjusted",
    lambda: classification.balanced_accuracy_score(*predicted()[:2], adjusted=True),
)
put(
    "precision_recall_fscore_support",
    lambda: classification.precision_recall_fscore_support(*predicted()[:2]),
)
put(
    "sensitivity_specificity_support",
    lambda: classification.sensitivity_specificity_support(*predicted()[:2]),
)
put("report text", lambda: classification.classification_report_imbalanced(
    *predicted()[:2], target_names=list("abcd"), digits=3
))  # fmt: skip
put("report dict", lambda: classification.classification_report_imbalanced(
    *predicted()[:2], sample_weight=predicted()[2], output_dict=True, alpha=0.2
), rounded=LOGS)  # fmt: skip
put("index balanced accuracy", lambda: classification.make_index_balanced_accuracy(alpha=0.2)(
    classification.geometric_mean_score
)(*predicted()[:2]), rounded=LOGS)  # fmt: skip
put("precision undefined", lambda: told(lambda: classification.precision_score([0, 1, 1], [0, 0, 0])))


# streams
def _stream(weighted: bool = False) -> streaming.StreamingSweep:
    y, score, _, weight = scored()
    parts = [streaming.StreamingSweep(), streaming.StreamingSweep()]
    for i, start in enumerate(range(0, 4000, 900)):
        rows = slice(start, start + 900)
        parts[i % 2].update(y[rows], score[rows], weight[rows] if weighted else None)
    return parts[0].merge(parts[1])


def _streamed(stream: streaming.StreamingSweep, weighted: bool) -> Any:
    y, score, _, weight = scored()
    refined = stream.refine().update(y, score, weight if weighted else None)
    data = stream.to_bytes()
    again = streaming.StreamingSweep.from_bytes(data)
    reverted = again.revert(y[:500], score[:500], weight[:500] if weighted else None)
    return [
        stream.compute(), stream.roc_auc_bounds(), stream.average_precision_bounds(),
        refined.compute(), refined.roc_auc_bounds(), refined.average_precision_bounds(),
        data, reverted.to_bytes(),
    ]  # fmt: skip


def _ranked() -> Any:
    y, score = scored()[:2]
    first, second = (streaming.PositiveRanking(score[y == 1]) for _ in range(2))
    both = first.update(y[:1500], score[:1500]).merge(second.update(y[1500:], score[1500:]))
    return both.compute(), both.roc_auc_score(), both.average_precision_score()


for _weighted in (False, True):
    put(
        f"streaming sweep{' weighted' * _weighted}",
        lambda weighted=_weighted: _streamed(_stream(weighted), weighted),
    )
put("positive ranking", _ranked)

# bootstrap
_few = {"n_resamples": 60, "random_state": 5, "n_jobs": 2}
for _metric, _at in {
    "average_precision": None, "roc_auc": None, "precision": [0.5, 1.0], "recall": 0.9, "f1": [0.8],
    "mcc": [0.8, 1.1], "precision_at_recall": [0.2, 0.9], "recall_at_fpr": [0.01, 0.2], "youden": 0.7,
}.items():  # fmt: skip
    put(f"bootstrap {_metric}", lambda metric=_metric, at=_at: bootstrap.bootstrap_interval(
        *scored()[:2], metric=metric, at=at, **_few
    ), rounded=LOGS)  # fmt: skip
put("bootstrap models stratified", lambda: bootstrap.bootstrap_interval(
    scored()[0], np.stack(scored()[1:3], axis=1), stratified=True, confidence_level=0.8, **_few
), rounded=LOGS)  # fmt: skip
put("bootstrap function", lambda: bootstrap.bootstrap_interval(
    *scored()[:2], metric=lambda sweep: sweep.f_beta(1).max(), **_few
), rounded=LOGS)  # fmt: skip
for _metric, _at in {"average_precision": None, "roc_auc": None, "recall": [0.5, 1.0]}.items():
    put(f"bootstrap difference {_metric}", lambda metric=_metric, at=_at: bootstrap.bootstrap_difference(
        *scored()[:3], metric=metric, at=at, **_few
    ), rounded=LOGS)  # fmt: skip

# calibration
for _weighted in (False, True):
    _w, _tag = (lambda: {"sample_weight": probable()[2]}) if _weighted else dict, " weighted" * _weighted
    for _strategy in ("uniform", "quantile"):
        for _name in ("calibration_curve", "expected_calibration_error", "brier_decomposition"):
            put(
                f"{_name} {_strategy}{_tag}",
                lambda name=_name, strategy=_strategy, w=_w: getattr(calibration, name)(
                    *probable()[:2], strategy=strategy, n_bins=12, **w()
                ),
                rounded=LOGS if _name == "calibration_curve" else None,
            )
    put(f"ece debiased{_tag}", lambda w=_w: calibration.expected_calibration_error(
        *probable()[:2], debiased=True, **w()
    ))  # fmt: skip
    put(f"brier_score{_tag}", lambda w=_w: calibration.brier_score(*probable()[:2], **w()))
    put(f"log_loss{_tag}", lambda w=_w: calibration.log_loss(*probable()[:2], **w()), rounded=LOGS)
    for _name in ("fit_platt", "fit_isotonic", "fit_beta", "fit_temperature"):
        put(f"{_name}{_tag}", lambda name=_name, w=_w: _fitted(name, **w()),
            rounded=None if _name == "fit_isotonic" else LOGS)  # fmt: skip
    put(f"streaming calibration{_tag}", lambda w=_w: _calibrated(**w()), rounded=LOGS)


def _fitted_classes() -> Any:
    y, p, weight = graded()
    calibrator = calibration.fit_temperature(y, 6 * p, weight)
    return calibrator, calibrator(6 * p[:500])


put("brier_score classes", lambda: calibration.brier_score(*graded()[:2]))
put("log_loss classes", lambda: calibration.log_loss(*graded()[:2], sample_weight=graded()[2]), rounded=LOGS)
put("fit_temperature classes", _fitted_classes, rounded=LOGS)
put("streaming calibration bytes", lambda: calibration.StreamingCalibration(n_bins=7).update(
    *probable()[:2]
).to_bytes())  # fmt: skip


def _fitted(name: str, **options: Any) -> Any:
    y, p = probable()[:2]
    scores = 8 * p - 3 if name in ("fit_platt", "fit_temperature") else p
    calibrator = getattr(calibration, name)(y, scores, **options)
    return calibrator, calibrator(scores[:500])


def _calibrated(sample_weight: Any = None) -> Any:
    y, p = probable()[:2]
    first, second = (calibration.StreamingCalibration(n_bins=15) for _ in range(2))
    for part, rows in ((first, slice(0, 1100)), (second, slice(1100, None))):
        part.update(y[rows], p[rows], None if sample_weight is None else sample_weight[rows])
    both = calibration.StreamingCalibration.from_bytes(first.merge(second).to_bytes())
    errors = both.expected_calibration_error(), both.expected_calibration_error(True)
    return both.compute(0.9), both.brier_score(), both.log_loss(), both.brier_decomposition(), errors


# priors and weights
put("correct_prior", lambda: priors.correct_prior(probable()[1], 0.3, 0.02, n_jobs=2))
put("correct_prior float", lambda: priors.correct_prior(0.25, 0.5, 0.01))
put("correct_prior float32", lambda: priors.correct_prior(probable()[1].astype(np.float32), 0.3, 0.02))
put(
    "correct_prior classes",
    lambda: priors.correct_prior(graded()[1], [0.25] * 4, [0.7, 0.1, 0.1, 0.1], n_jobs=2),
)
put("correct_prior dict", lambda: priors.correct_prior(
    graded(2)[1], {"a": 0.5, "b": 0.5}, {"a": 0.9, "b": 0.1}, classes=["b", "a"]
))  # fmt: skip
put("correct_prior_from resampled", lambda: priors.correct_prior_from(
    fastsmote.smote(*fraud(), **SEEDED), probable()[1]
))  # fmt: skip
put("correct_prior_from plan", lambda: priors.correct_prior_from(plan.smote(*blobs(), **SEEDED), graded()[1]))
put("correct_prior_from counts", lambda: priors.correct_prior_from(
    ({"a": 90, "b": 10}, {"a": 20, "b": 10}), probable()[1], pos_label="b", true_prior=0.02
))  # fmt: skip
put("logit_offset", lambda: (
    priors.logit_offset(0.5, 0.01), priors.logit_offset({"b": 0.5, "a": 0.5}, {"a": 0.9, "b": 0.1})
), rounded=LOGS)  # fmt: skip
put("estimate_prior", lambda: priors.estimate_prior(probable()[1], 0.3, n_jobs=2), rounded=BLAS)
put("estimate_prior classes", lambda: priors.estimate_prior(graded()[1], [0.25] * 4, n_jobs=2), rounded=BLAS)
for _scheme in ("balanced", "effective", {0: 0.5, 2: 3.0}):
    _why = LOGS if _scheme == "effective" else None
    for _name in ("class_weights", "sample_weights"):
        put(f"{_name} {_scheme}", lambda name=_name, scheme=_scheme: getattr(weighting, name)(
            blobs()[1], scheme=scheme, beta=0.99
        ), rounded=_why)  # fmt: skip
        put(f"{_name} {_scheme} weighted", lambda name=_name, scheme=_scheme: getattr(weighting, name)(
            WORDS[blobs()[1]], scheme="balanced" if isinstance(scheme, dict) else scheme,
            sample_weight=numbers(len(blobs()[1]), "weights"),
        ), rounded=_why)  # fmt: skip
for _strategy in ("auto", 0.5, {0: 100, 1: 60}):
    put(f"balanced_subsets {_strategy}", lambda strategy=_strategy: _subsets(strategy))


def _subsets(strategy: Any) -> Any:
    y = blobs(3)[1] if isinstance(strategy, dict) else fraud()[1]
    subsets = weighting.balanced_subsets(y, 12, sampling_strategy=strategy, random_state=4, n_jobs=2)
    return len(subsets), repr(subsets), subsets[-1], subsets[2:9:3], list(subsets)


# losses
for _gamma, _alpha in ((2.0, 0.25), (0.5, None), (1.0, [0.3, 2.0])):
    put(f"focal_loss {_gamma} {_alpha}", lambda gamma=_gamma, alpha=_alpha: losses.focal_loss(
        *probable()[:2], gamma, alpha, sample_weight=probable()[2], n_jobs=2
    ), rounded=LOGS)  # fmt: skip
    put(
        f"focal_loss_derivatives {_gamma} {_alpha}",
        lambda gamma=_gamma, alpha=_alpha: losses.focal_loss_derivatives(
            probable()[0], 9 * probable()[1] - 4, gamma, alpha, n_jobs=2
        ),
        rounded=LOGS,
    )
    put(f"focal objective {_gamma} {_alpha}", lambda gamma=_gamma, alpha=_alpha: _objective(
        losses.FocalObjective(gamma, alpha, 2)
    ), rounded=LOGS)  # fmt: skip
put(
    "focal_loss classes", lambda: losses.focal_loss(*graded()[:2], alpha=[1, 2, 3, 4], n_jobs=2), rounded=LOGS
)
put("focal derivatives classes", lambda: losses.focal_loss_derivatives(
    graded()[0], 5 * graded()[1], alpha=None, sample_weight=graded()[2], n_jobs=2
), rounded=LOGS)  # fmt: skip
put("focal objective classes", lambda: (
    losses.FocalObjective(alpha=None)(graded()[0], 5 * graded()[1]),
    losses.FocalObjective(alpha=None).initial_score(graded()[0], 4),
), rounded=LOGS)  # fmt: skip
put("weighted_cross_entropy", lambda: losses.weighted_cross_entropy(*probable()[:2], {1: 5.0}), rounded=LOGS)
put("cross entropy derivatives", lambda: losses.weighted_cross_entropy_derivatives(
    probable()[0], 9 * probable()[1] - 4, 3.0 / 4
), rounded=LOGS)  # fmt: skip
put(
    "cross entropy objective",
    lambda: _objective(losses.cross_entropy_objective({0: 1.0, 1: 5.0})),
    rounded=LOGS,
)


def _objective(objective: losses.FocalObjective) -> Any:
    y, p, weight = probable()
    start = objective.initial_score(y), objective.initial_score(y, sample_weight=weight)
    return objective, objective(y, 9 * p - 4), objective(y, 9 * p - 4, weight), start


# advice, leaks and data
for _model in (None, "linear", "trees", "neural"):
    put(f"advise {_model}", lambda model=_model: _advised(*fraud(), model=model), rounded=BLAS)
put("advise mixed", lambda: _advised(*mixed(), n_neighbors=4), rounded=BLAS)
put("advise holed", lambda: _advised(*holed()), rounded=BLAS)
put("advise blobs8", lambda: _advised(*blobs(8)), rounded=BLAS)


def _leaks_of_plan() -> Any:
    X, y = fraud()
    decided = plan.smote(X, y, **SEEDED)
    everything = np.concatenate([X, decided.rows(X)])
    order = np.random.default_rng(6).permutation(len(everything))
    train, test = order[:4000], order[4000:]
    return _leaks(everything[train], everything[test], plan=decided, train_rows=train, test_rows=test)


put("leakage copies", lambda: _leaks(fraud()[0][:2000], fraud()[0][1900:]), rounded=LOGS)
put("leakage mixed", lambda: _leaks(mixed()[0][:600], mixed()[0][500:]), rounded=LOGS)
put("leakage labels", lambda: _leaks(
    fraud()[0][:2000], fraud()[0][1990:] + 1e-7, y_train=fraud()[1][:2000], y_test=fraud()[1][1990:]
), rounded=LOGS)  # fmt: skip
put("leakage plan", _leaks_of_plan, rounded=LOGS)
put("make_fraud", lambda: fastsmote.make_fraud(2000, 9, fraud_rate=0.05, random_state=7, n_jobs=2))
put("make_fraud float32", lambda: fastsmote.make_fraud(500, 31, random_state=7, dtype="float32")[1])
put("make_fraud, all published columns", lambda: fastsmote.make_fraud(500, random_state=7))


def _advised(X: Any, y: Any, **options: Any) -> Any:
    advised = advice.advise(X, y, n_jobs=2, **options)
    return (
        advised,
        str(advised),
        advised.findings.noise,
        advised.findings.safe,
        advised.findings.small_classes,
    )


def _leaks(train: Any, test: Any, **options: Any) -> Any:
    report = leakage.leakage_report(train, test, n_jobs=2, **options)
    return report, str(report), report.leaking_rows, report.clean


# drop-ins
def _resampled(name: str, data: Callable, **options: Any) -> Any:
    sampler = getattr(dropin, name)(**options)
    X, y = sampler.fit_resample(*data())
    kept = getattr(sampler, "sample_indices_", None)
    return X, y, kept, sampler.sampling_strategy_


def _small_as(kind: str) -> tuple[Any, Any]:
    return CONTAINERS[kind](*(apart() if kind == "csr" else small()))


def _mixed_apart() -> tuple[pd.DataFrame, pd.Series]:
    X, y = mixed()
    return X.assign(**dict(zip("ab", np.random.default_rng(17).random((2, len(y))), strict=True))), y


_TREE = DecisionTreeClassifier(max_depth=4, random_state=0)
_DROPINS: dict[str, dict[str, Any]] = {
    "ADASYN": {"random_state": 2}, "SMOTE": {"random_state": 2}, "SMOTEENN": {"random_state": 2},
    "SVMSMOTE": {"random_state": 2}, "AllKNN": {}, "BorderlineSMOTE": {"random_state": 2},
    "ClusterCentroids": {"random_state": 2}, "CondensedNearestNeighbour": {"random_state": 2},
    "EditedNearestNeighbours": {}, "InstanceHardnessThreshold": {"random_state": 2, "estimator": _TREE},
    "KMeansSMOTE": {"random_state": 2, "cluster_balance_threshold": 0.05}, "NearMiss": {},
    "NeighbourhoodCleaningRule": {}, "OneSidedSelection": {"random_state": 2},
    "RandomOverSampler": {"random_state": 2}, "RandomUnderSampler": {"random_state": 2},
    "RepeatedEditedNearestNeighbours": {}, "SMOTETomek": {"random_state": 2}, "TomekLinks": {},
}  # fmt: skip
_SKLEARN = {
    "ClusterCentroids": "k-means of scikit-learn, whose sums depend on BLAS and threads",
    "KMeansSMOTE": "k-means of scikit-learn, whose sums depend on BLAS and threads",
    "SVMSMOTE": "support vectors of libsvm, whose products depend on BLAS",
}
for _name, _options in _DROPINS.items():
    _make = apart if _name in _SKLEARN else small
    put(f"imblearn {_name}", _resampled, _name, _make, rounded=_SKLEARN.get(_name), **_options)
for _name in ("SMOTE", "RandomUnderSampler", "TomekLinks", "RandomOverSampler"):
    for _kind in ("pandas", "polars", "pyarrow table", "csr", "float32"):
        put(
            f"imblearn {_name} {_kind}",
            _resampled,
            _name,
            functools.partial(_small_as, _kind),
            **_DROPINS[_name],
        )
put("imblearn SMOTENC", _resampled, "SMOTENC", _mixed_apart, categorical_features=[1, 3], random_state=2)
put("imblearn SMOTEN", _resampled, "SMOTEN", nominal, random_state=2)
put("imblearn BorderlineSMOTE 2", _resampled, "BorderlineSMOTE", small, kind="borderline-2", random_state=2)
put("imblearn EditedNearestNeighbours mode", _resampled, "EditedNearestNeighbours", small, kind_sel="mode")
put("imblearn NearMiss 2", _resampled, "NearMiss", small, version=2)
put("imblearn NearMiss 3", _resampled, "NearMiss", small, version=3)
put(
    "imblearn RandomOverSampler shrinkage",
    _resampled,
    "RandomOverSampler",
    small,
    shrinkage=0.3,
    random_state=2,
    rounded=LOGS,
)
put(
    "imblearn names",
    lambda: list(dropin.SMOTE(random_state=0).fit(*_small_as("pandas")).get_feature_names_out()),
)


def _kneighbors(estimator: Any) -> Any:
    X = small()[0]
    fitted = estimator.fit(X)
    graphs = fitted.kneighbors_graph(), fitted.kneighbors_graph(X[:40] + 0.01, 2, "distance")
    return (
        fitted.kneighbors(),
        fitted.kneighbors(X[::9] + 0.05, 3),
        fitted.kneighbors(None, 2, False),
        *graphs,
    )


def _prior_corrected() -> Any:
    X, y = small()
    sampler = functools.partial(fastsmote.smote, random_state=0)
    model = estimators.PriorCorrectedClassifier(_TREE, sampler).fit(X, y)
    return model.predict_proba(X), model.predict(X), model.score(X, y), model.prior_, model.train_prior_


def _thresholded(**options: Any) -> Any:
    X, y = fraud()
    model = estimators.ThresholdClassifier(_TREE, cv=3, **options).fit(X, y)
    return model.predict(X), model.predict_proba(X), model.classes_, model.threshold_, model.score(X, y)


put("sklearn NearestNeighbors", lambda: _kneighbors(estimators.NearestNeighbors(4, n_jobs=2)))
put("sklearn KNeighborsTransformer", lambda: (
    _kneighbors(estimators.KNeighborsTransformer(n_neighbors=4)),
    estimators.KNeighborsTransformer(mode="connectivity", n_neighbors=3).fit_transform(small()[0]),
    estimators.KNeighborsTransformer(n_neighbors=3).fit(small()[0]).transform(small()[0][:90] + 0.01),
))  # fmt: skip
put("sklearn PriorCorrectedClassifier", _prior_corrected)
put("sklearn ThresholdClassifier", _thresholded)
put("sklearn ThresholdClassifier cost", _thresholded, cost_fp=1, cost_fn=12)
put("sklearn ThresholdClassifier f_beta", _thresholded, metric="f_beta", beta=2.0)
put("sklearn instance_hardness_threshold", on(
    estimators.instance_hardness_threshold, small, KNeighborsClassifier(3), cv=3, random_state=1
))  # fmt: skip
put("sklearn svm_smote", on(estimators.svm_smote, apart, **SEEDED), rounded=_SKLEARN["SVMSMOTE"])

# what is refused
ERRORS: dict[str, Callable[[], Any]] = {
    "NaN": lambda: fastsmote.smote([[np.nan], [1.0], [2.0]], [0, 0, 1]),
    "lengths": lambda: fastsmote.smote(blobs()[0], blobs()[1][:-1]),
    "one class": lambda: fastsmote.smote(blobs()[0], np.zeros(len(blobs()[0]))),
    "too few": lambda: fastsmote.smote(*blobs(), k_neighbors=5000),
    "strategy word": lambda: fastsmote.smote(*blobs(), sampling_strategy="some"),
    "strategy count": lambda: fastsmote.smote(*blobs(), sampling_strategy={0: 3}),
    "strategy under": lambda: fastsmote.random_under_sample(*blobs(), sampling_strategy={0: 10**6}),
    "strategy label": lambda: fastsmote.smote(*blobs(), sampling_strategy={9: 3}),
    "share": lambda: fastsmote.Share(1.5),
    "column": lambda: fastsmote.smote(*blobs(), columns={7: "integer"}),
    "rule": lambda: fastsmote.smote(*blobs(), columns={0: "whole"}),
    "missing": lambda: fastsmote.smote(*blobs(), missing="drop"),
    "n_jobs": lambda: fastsmote.smote(*blobs(), n_jobs=0),
    "k type": lambda: fastsmote.smote(*blobs(), k_neighbors=2.5),
    "sparse": lambda: fastsmote.random_over_sample(
        scipy.sparse.csr_array(blobs()[0]), blobs()[1], shrinkage=1.0
    ),
    "sparse cleaning": lambda: fastsmote.tomek_links(scipy.sparse.coo_array(blobs()[0]), blobs()[1]),
    "masked": lambda: fastsmote.smote(np.ma.masked_equal(blobs()[0], 0), blobs()[1]),
    "continuous": lambda: fastsmote.smote(blobs()[0], blobs()[0][:, 0]),
    "kind": lambda: fastsmote.borderline_smote(*blobs(), kind="borderline-3"),
    "version": lambda: fastsmote.near_miss(*blobs(), version=4),
    "index columns": lambda: fastsmote.NeighborIndex(blobs()[0]).query([[1.0]]),
    "index classes": lambda: fastsmote.NeighborIndex(blobs()[0]).own_class_first(),
    "pos_label": lambda: metrics.confusion_sweep([2, 3], [0.1, 0.2]),
    "score": lambda: metrics.roc_auc_score([0, 1], [0.1, np.inf]),
    "multi_class": lambda: metrics.roc_auc_score(*graded()[:2]),
    "nothing feasible": lambda: thresholds.threshold_at(
        metrics.confusion_sweep(*scored()[:2]), min_recall=1.0, max_fpr=0.1
    ),
    "stream": lambda: streaming.StreamingSweep.from_bytes(b"FSSWEEP\0 damaged"),
    "bootstrap": lambda: bootstrap.bootstrap_interval(*scored()[:2], metric="recall"),
    "probability": lambda: calibration.brier_score([0, 1], [0.5, 1.5]),
    "prior": lambda: priors.correct_prior([0.5], 0.0, 0.5),
    "scheme": lambda: weighting.class_weights([0, 1], scheme="equal"),
    "gamma": lambda: losses.focal_loss([0, 1], [0.5, 0.5], gamma=-1),
    "model": lambda: advice.advise(*blobs(), model="forest"),
    "leakage": lambda: leakage.leakage_report(blobs()[0], blobs()[0][:, :2]),
    "attribute": lambda: fastsmote.nothing,
}
for _name, _call in ERRORS.items():
    put(f"error {_name}", _call)


def main() -> None:
    """Write the record."""
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: python {sys.argv[0]} --write")
    FOLDER.mkdir(exist_ok=True)
    for path, content in ((SURFACE, public_surface()), (BITS, {name: digest_of(name) for name in CALLS})):
        path.write_text(json.dumps(content, indent=1, sort_keys=path == SURFACE) + "\n")


if __name__ == "__main__":
    main()
