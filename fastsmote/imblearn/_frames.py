"""What comes into a drop-in class and goes out: containers that imbalanced-learn does not know, and old rows.

Frames and columns of polars and pyarrow and subclasses of pandas' frames are put into words that
imbalanced-learn knows, and back. What holds no rows in memory is refused.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import narwhals as nw
import numpy as np
from sklearn import config_context, get_config

from fastsmote._core.containers import FRAMES, Container, Kind, in_numpy, kind_of, take
from fastsmote._core.tables import Table, like_frame
from fastsmote._core.typing import RowIds
from fastsmote.imblearn._originals import foreign_frame, is_kept, restored

# what imbalanced-learn does not give back: those of polars and pyarrow
_FRAMES = FRAMES - {Kind.PANDAS}
_COLUMNS = frozenset({Kind.POLARS_COLUMN, Kind.ARROW_COLUMN})


def _is_frame(container: Any) -> bool:
    return kind_of(container) in _FRAMES


def _is_foreign(container: Any) -> bool:
    return kind_of(container) in _FRAMES | _COLUMNS


def _is_subclass(container: Any) -> bool:
    """Whether this is a frame or a series of pandas' that imbalanced-learn does not know, as geopandas'."""
    kinds = _of_pandas(container)
    return bool(kinds) and type(container) not in kinds


def _of_pandas(container: Any) -> tuple[Any, ...]:
    """pandas' own classes, where this is of one of them."""
    pandas = sys.modules.get("pandas")
    kinds = () if pandas is None else (pandas.DataFrame, pandas.Series)
    return kinds if isinstance(container, kinds) else ()


def _plain(container: Any) -> Any:
    """A frame or series of pandas in pandas' own class."""
    return next(kind for kind in _of_pandas(container) if isinstance(container, kind))(container)


def _as_given(container: Any, resampled: Any) -> Any:
    """The result in the class of what was given, with its attrs, which imbalanced-learn drops."""
    is_other = _of_pandas(container) and (_is_subclass(container) or container.attrs)
    return like_frame(container, resampled) if is_other else resampled


def _for_imblearn(container: Any) -> Any:
    """A container that imbalanced-learn takes: frames become those of pandas, columns arrays."""
    if _is_subclass(container):
        return _plain(container)
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
            pd.Categorical(values) if c.dtype in (nw.Categorical, nw.Enum) else values
            for c in table.series_by_column
            for values in [in_numpy(c).to_numpy()]
        ]
        frame = pd.DataFrame(dict(enumerate(values)), index=range(len(container)))
        frame.columns = table.names
        return frame
    column = Container(container).series if kind_of(container) in _COLUMNS else None
    return container if column is None else in_numpy(column).to_numpy()


def _labels_back(y: Any, values: Any, resampled: Any, rows: RowIds | None) -> Any:
    """Labels in the container of y, whose values are given; new ones as the first row of y that has them."""
    if not _is_foreign(y):
        return resampled
    if rows is not None and (rows >= 0).all():
        return take(y, rows)
    classes, first = np.unique(values, return_index=True)
    return take(y, first[np.searchsorted(classes, resampled)])


def in_containers(fit_resample: Callable[..., Any]) -> Callable[..., Any]:
    """``fit_resample`` for frames and columns of polars and pyarrow too, given back as such.

    Rows of X are taken from X itself (``_originals``); new ones get the values that imbalanced-learn gives
    for the same frame of pandas. NaN and infinity are looked for under scikit-learn's
    ``assume_finite`` too: neighbours among them are not defined, and the pass over X is cheap.
    """

    @wraps(fit_resample)
    def wrapped(self: Any, X: Any, y: Any, **params: Any) -> Any:
        if get_config()["assume_finite"]:
            with config_context(assume_finite=False):
                return wrapped(self, X, y, **params)
        X, y = Container(X, "X").given, Container(y, "y").given
        converted = _for_imblearn(X), _for_imblearn(y)
        resampled = fit_resample(self, *converted, **params)
        keeps = _keeps_values(self, converted[0])
        X_resampled, y_resampled = resampled[:2]
        if not keeps or any(map(_is_foreign, (X, y))):
            rows = self._find_rows(converted[1], len(y_resampled))
            if _is_frame(X) or not keeps:
                X_resampled = _rows_back(X, converted[0], X_resampled, rows)
            y_resampled = _labels_back(y, converted[1], y_resampled, rows)
        return (_as_given(X, X_resampled), _as_given(y, y_resampled), *resampled[2:])

    return wrapped


def _keeps_values(sampler: Any, X: Any) -> bool:
    """Whether imbalanced-learn gives the values of X back as they are: it takes rows, or floats hold all."""
    takes_rows = getattr(sampler, "_frame_as", None) == "rows" and kind_of(X) is Kind.PANDAS
    return takes_rows or is_kept(X, sampler._keeps_integers)


def _rows_back(X: Any, converted: Any, resampled: Any, rows: RowIds | None) -> Any:
    """Resampled rows with those of X as they are in X; without ``rows``, of frames only."""
    if _is_frame(X):
        unknown = np.full(len(resampled), -1)
        return foreign_frame(X, resampled, unknown if rows is None else rows)
    return resampled if rows is None else restored(converted, resampled, rows)
