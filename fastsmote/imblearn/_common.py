"""What the classes of ``fastsmote.imblearn`` share: the record of what ran where, and checks done once.

A call runs compiled, or, with a reason, in the class of imbalanced-learn that ours inherits from. Either is
counted here with its time and told to the logger ``fastsmote.imblearn`` at level DEBUG. Counts are of this
process: those of worker processes stay there.
"""

import logging
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial, wraps
from numbers import Real
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
from imblearn.utils import check_sampling_strategy
from numpy.typing import NDArray
from sklearn import config_context, get_config
from sklearn.base import _fit_context
from sklearn.utils.validation import validate_data

from fastsmote._core.check import Labels, check_labels, first_gap
from fastsmote._core.containers import frame_columns, frame_names, is_instance, new_frame, take
from fastsmote._core.public import public

logger = logging.getLogger("fastsmote.imblearn")


@public("fastsmote.imblearn")
class Tally(NamedTuple):
    """Calls of a class that ran in one place for one reason."""

    name: str
    where: str  # "compiled" or "parent"
    reason: str  # why in the parent class, "raised" where the call failed; "" for compiled
    calls: int
    seconds: float


_lock = threading.Lock()


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # a thread that is not in the child may have held the lock
    os.register_at_fork(after_in_child=_renew_lock)
_tallies: dict[tuple[str, str, str], tuple[int, float]] = {}


def note(name: str, where: str, reason: str = "", seconds: float = 0.0) -> None:
    """Count a call of class ``name`` that ran "compiled", or in the "parent" class for a reason."""
    with _lock:
        calls, total = _tallies.get((name, where, reason), (0, 0.0))
        _tallies[name, where, reason] = calls + 1, total + seconds
    logger.debug("%s: %s%s, %.6f s", name, where, f" ({reason})" if reason else "", seconds)


def report() -> list[Tally]:
    """What ran where since the process began, by class."""
    with _lock:
        return [Tally(*key, *value) for key, value in sorted(_tallies.items())]


def run(
    sampler: Any, reason: str | None, compiled: Callable[..., Any], parent: Callable[..., Any], *args: Any
) -> Any:
    """``compiled(*args)``, or where a reason is given ``parent(*args)``; noted, a failure as "raised"."""
    start = time.perf_counter()
    where = "compiled" if reason is None else "parent"
    told = "raised" if reason is None else f"{reason}; raised"
    try:
        result = compiled(*args) if reason is None else parent(*args)
        told = reason or ""
        return result
    finally:
        note(type(sampler).__name__, where, told, time.perf_counter() - start)


def _is_frame(container: Any) -> bool:
    """Frames that imbalanced-learn does not give back: those of polars and pyarrow."""
    return is_instance(container, "polars", "DataFrame") or is_instance(
        container, "pyarrow", "Table", "RecordBatch"
    )


def _is_column(container: Any) -> bool:
    return is_instance(container, "polars", "Series") or is_instance(
        container, "pyarrow", "Array", "ChunkedArray"
    )


def _known(container: Any) -> Any:
    """A container as imbalanced-learn knows it: frames as those of pandas, columns as arrays."""
    if _is_frame(container):
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(
                "Frames of polars and pyarrow need pandas here, which is not installed: pip install pandas. "
                "The functions of fastsmote take them without it."
            ) from error
        columns = frame_columns(container) or []
        values = [
            pd.Categorical(c.to_numpy()) if c.dtype in (nw.Categorical, nw.Enum) else c.to_numpy()
            for c in columns
        ]
        frame = pd.DataFrame(dict(enumerate(values)), index=range(len(container)))
        frame.columns = frame_names(container)
        return frame
    if is_instance(container, "pyarrow", "Array"):  # narwhals takes chunked ones
        container = sys.modules["pyarrow"].chunked_array([container])
    return nw.from_native(container, series_only=True).to_numpy() if _is_column(container) else container


def _labels_back(y: Any, known: NDArray[Any], resampled: NDArray[Any]) -> Any:
    """Labels in the container of y, each as the first row of y that has it."""
    classes, first = np.unique(known, return_index=True)
    return take(y, first[np.searchsorted(classes, resampled)])


def in_containers(fit_resample: Callable[..., Any]) -> Callable[..., Any]:
    """``fit_resample`` for frames and columns of polars and pyarrow too, given back as such.

    Rows that are kept or repeated are taken from the container itself; others get the values that
    imbalanced-learn gives for the same frame of pandas. NaN and infinity are looked for under scikit-learn's
    ``assume_finite`` too: neighbours among them are not defined, and the pass over X is cheap.
    """

    @wraps(fit_resample)
    def wrapped(self: Any, X: Any, y: Any, **params: Any) -> Any:
        if get_config()["assume_finite"]:
            with config_context(assume_finite=False):
                return wrapped(self, X, y, **params)
        given = X, y
        foreign = [_is_frame(container) or _is_column(container) for container in given]
        if not any(foreign):
            return fit_resample(self, X, y, **params)
        known = [_known(container) for container in given]
        resampled = list(fit_resample(self, *known, **params))
        rows = getattr(self, "sample_indices_", None) if getattr(self, "shrinkage", None) is None else None
        for i, container in enumerate(given):
            if foreign[i] and rows is not None:
                resampled[i] = take(container, rows)
            elif _is_frame(container):
                columns = [resampled[i].iloc[:, j].to_numpy() for j in range(resampled[i].shape[1])]
                resampled[i] = new_frame(container, columns)
            elif foreign[i]:
                resampled[i] = _labels_back(container, known[i], resampled[i])
        return tuple(resampled)

    return wrapped


def is_common(X: Any, y: Any) -> bool:
    """Whether X and y are arrays of floats and of whole numbers that need no conversion."""
    return (
        type(X) is np.ndarray
        and X.ndim == 2
        and X.dtype in (np.float64, np.float32)
        and X.size > 0
        and is_column(y, len(X))
    )


def is_column(y: Any, n: int) -> bool:
    """Whether y is an array of n whole numbers."""
    return type(y) is np.ndarray and y.shape == (n,) and y.dtype.kind in "biu"


def _unconverted(X: Any, y: Any, frame_as: str | None) -> tuple[Any, Any] | None:
    """X and y where they need no conversion: arrays as ``is_common``, or frames and series of pandas of such.

    A frame of floats of one type is its "matrix"; with ``frame_as`` "rows" any frame is left as it is.
    """
    labels = y.to_numpy() if _is_pandas(y, "Series") and isinstance(y.dtype, np.dtype) else y
    if not _is_pandas(X, "DataFrame"):
        return (X, labels) if is_common(X, labels) else None
    if frame_as is None or not X.columns.is_unique or not X.size:
        return None
    if frame_as == "rows":
        return (X, labels) if is_column(labels, len(X)) else None
    kinds = set(X.dtypes)
    matrix = X.to_numpy() if kinds == {np.dtype("f8")} or kinds == {np.dtype("f4")} else None
    return (matrix, labels) if is_common(matrix, labels) else None


def _is_pandas(container: Any, name: str) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and type(container) is getattr(pandas, name)


def _in_kind(X: Any, y: Any, X_resampled: Any, y_resampled: Any) -> tuple[Any, Any]:
    """The result for ``_unconverted(X, y)`` in the kind of X and y, without a copy; frames without attrs."""
    pandas: Any = sys.modules.get("pandas")
    framed = _is_pandas(X, "DataFrame")
    if framed and isinstance(X_resampled, np.ndarray):
        X_resampled = pandas.DataFrame(X_resampled, columns=X.columns, copy=False)
    if framed:
        X_resampled.attrs = {}
    if _is_pandas(y, "Series"):
        index = X_resampled.index if framed else None
        y_resampled = pandas.Series(y_resampled, index, y.dtype, y.name, copy=False)
    return X_resampled, y_resampled


def has_gaps(X: NDArray[Any]) -> bool:
    """Whether NaN or infinity is in X, where scikit-learn looks for them."""
    for matrix in (X, X.T):
        if matrix.flags.c_contiguous and matrix.flags.aligned:
            return first_gap(matrix) is not None
    return not bool(np.isfinite(X).all())


def _class_targets(strategy: Any, labels: Labels, y: NDArray[Any], sampling_type: str) -> Any:
    """``check_sampling_strategy``, from counts that are known where a word or a share asks for new rows."""
    counts = dict(zip(labels.classes.astype(y.dtype), labels.counts, strict=True))
    largest = max(counts, key=counts.__getitem__)
    targets = {}
    if sampling_type == "over-sampling" and isinstance(strategy, str):
        smallest = min(counts, key=counts.__getitem__)
        chosen = {
            "auto": counts.keys() - {largest},
            "not majority": counts.keys() - {largest},
            "not minority": counts.keys() - {smallest},
            "minority": {smallest},
            "all": counts.keys(),
        }.get(strategy, set())
        targets = {label: counts[largest] - n for label, n in counts.items() if label in chosen}
    elif sampling_type == "over-sampling" and isinstance(strategy, Real) and len(counts) == 2:
        targets = {
            label: int(counts[largest] * strategy - n) for label, n in counts.items() if label != largest
        }
        targets = targets if min(targets.values()) > 0 else {}
    return OrderedDict(targets) if targets else check_sampling_strategy(strategy, y, sampling_type)


class Accelerated:
    """Mixin before a class of imbalanced-learn: its checks, our work, the record of both.

    ``_reason(X)`` says why a call is not covered, None where it is; ``_compiled(X, y)`` does what
    ``_fit_resample`` does. (The parent is reached by ``super()``: its name stands for ours while patched.)
    """

    _takes_arrays = True  # whether common arrays need none of the checks of imbalanced-learn
    _frame_as: str | None = "matrix"  # of common frames; "rows": they stay as they are, None: all checks
    _checks_finite = True  # whether NaN and infinity are errors

    @in_containers
    def fit_resample(self, X: Any, y: Any, **params: Any) -> Any:
        """Resample X and y.

        Parameters
        ----------
        X : {array-like, dataframe, sparse matrix} of shape (n_samples, n_features)
            Rows to resample.
        y : array-like of shape (n_samples,)
            Their labels.
        **params : dict
            As in imbalanced-learn.

        Returns
        -------
        X_resampled, y_resampled
            In the containers of X and y: those of imbalanced-learn, and with pandas installed
            those of polars and pyarrow.
        """
        common = _unconverted(X, y, self._frame_as) if self._takes_arrays and not params else None
        if common is not None:
            labels = check_labels(common[1], min_classes=1)
            n_classes = len(labels.classes)
            if 1 < n_classes <= len(y) // 4 and not (self._checks_finite and has_gaps(common[0])):
                return _in_kind(X, y, *self._resample_arrays(X, *common, labels))
        return super().fit_resample(X, y, **params)  # type: ignore[misc]

    @_fit_context(prefer_skip_nested_validation=True)
    def _resample_arrays(self: Any, given: Any, X: Any, y: NDArray[Any], labels: Labels) -> Any:
        """``fit_resample`` of checked arrays: labels are counted once, not by each of seven checks."""
        validate_data(self, X=given, y=y, reset=True, skip_check_array=True)
        self.sampling_strategy_ = _class_targets(self.sampling_strategy, labels, y, self._sampling_type)
        return self._fit_resample(X, y)

    def _fit_resample(self: Any, X: Any, y: Any, **params: Any) -> Any:
        parent = super()._fit_resample  # type: ignore[misc]
        if params:
            return run(self, "parameters of fit_resample", self._compiled, partial(parent, **params), X, y)
        return run(self, self._reason(X), self._compiled, parent, X, y)

    def _compiled(self, X: Any, y: Any) -> Any:
        """The work of the parent, with steps of ours that it calls."""
        return super()._fit_resample(X, y)  # type: ignore[misc]
