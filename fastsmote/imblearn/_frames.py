"""Frames and columns of polars and pyarrow, which imbalanced-learn does not know: on the way in and back."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray
from sklearn import config_context, get_config

from fastsmote._core.containers import is_instance, take
from fastsmote._core.tables import Table


def _is_frame(container: Any) -> bool:
    """Frames that imbalanced-learn does not give back: those of polars and pyarrow."""
    return is_instance(container, "polars", "DataFrame") or is_instance(
        container, "pyarrow", "Table", "RecordBatch"
    )


def _is_column(container: Any) -> bool:
    return is_instance(container, "polars", "Series") or is_instance(
        container, "pyarrow", "Array", "ChunkedArray"
    )


def _for_imblearn(container: Any) -> Any:
    """A container that imbalanced-learn takes: frames become those of pandas, columns arrays."""
    if _is_frame(container):
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(
                "Frames of polars and pyarrow need pandas here, which is not installed: pip install pandas. "
                "The functions of fastsmote take them without it."
            ) from error
        table = Table(container)
        values = [
            pd.Categorical(c.to_numpy()) if c.dtype in (nw.Categorical, nw.Enum) else c.to_numpy()
            for c in table.series_by_column
        ]
        frame = pd.DataFrame(dict(enumerate(values)), index=range(len(container)))
        frame.columns = table.names
        return frame
    if is_instance(container, "pyarrow", "Array"):  # narwhals takes chunked ones
        container = sys.modules["pyarrow"].chunked_array([container])
    return nw.from_native(container, series_only=True).to_numpy() if _is_column(container) else container


def _labels_back(y: Any, values: NDArray[Any], resampled: NDArray[Any]) -> Any:
    """Labels in the container of y, whose values are given, each as the first row of y that has it."""
    classes, first = np.unique(values, return_index=True)
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
        converted = [_for_imblearn(container) for container in given]
        resampled = list(fit_resample(self, *converted, **params))
        rows = getattr(self, "sample_indices_", None) if getattr(self, "shrinkage", None) is None else None
        for i, container in enumerate(given):
            if foreign[i] and rows is not None:
                resampled[i] = take(container, rows)
            elif _is_frame(container):
                columns = [resampled[i].iloc[:, j].to_numpy() for j in range(resampled[i].shape[1])]
                resampled[i] = Table(container).of_columns(columns, len(resampled[i]))
            elif foreign[i]:
                resampled[i] = _labels_back(container, converted[i], resampled[i])
        return tuple(resampled)

    return wrapped
