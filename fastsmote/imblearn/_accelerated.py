"""What all drop-in classes share: which calls the engine takes, and checks that are done once.

A class of imbalanced-learn checks labels seven times and copies frames; for arrays and sparse matrices that
need no conversion, and frames of pandas that hold such, ``Accelerated.fit_resample`` checks once.
"""

import sys
from collections import OrderedDict
from functools import partial
from numbers import Real
from typing import Any

import numpy as np
from imblearn.utils import check_sampling_strategy
from numpy.typing import NDArray
from sklearn.base import _fit_context
from sklearn.utils.validation import validate_data

from fastsmote._core.check import first_gap
from fastsmote._core.labels import Labels, check_labels
from fastsmote._core.typing import RowIds
from fastsmote.imblearn._frames import in_containers
from fastsmote.imblearn._tally import run_and_count


def is_common(X: Any, y: Any) -> bool:
    """Whether X and y are arrays of floats and of whole numbers that need no conversion."""
    return type(X) is np.ndarray and _is_of_floats(X) and is_column(y, len(X))


def _is_csr(X: Any) -> bool:
    """Whether X is SciPy's own CSR of floats."""
    loaded = sys.modules.get("scipy.sparse")
    return loaded is not None and type(X) in (loaded.csr_matrix, loaded.csr_array) and _is_of_floats(X)


def _is_of_floats(X: Any) -> bool:
    return X.ndim == 2 and X.dtype in (np.float64, np.float32) and 0 not in X.shape


def is_column(y: Any, n: int) -> bool:
    """Whether y is an array of n whole numbers."""
    return type(y) is np.ndarray and y.shape == (n,) and y.dtype.kind in "biu"


def _unconverted(X: Any, y: Any, frame_as: str | None) -> tuple[Any, Any] | None:
    """X and y that need no conversion: arrays as ``is_common``, CSR, or frames and series of pandas of such.

    A frame of floats of one type is its "matrix"; with ``frame_as`` "rows" any frame is left as it is.
    """
    labels = y.to_numpy() if _is_pandas(y, "Series") and isinstance(y.dtype, np.dtype) else y
    if not _is_pandas(X, "DataFrame"):
        is_right = is_common(X, labels) or (_is_csr(X) and is_column(labels, X.shape[0]))
        return (X, labels) if is_right else None
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
    """The result for ``_unconverted(X, y)`` in the kind of X and y, without a copy."""
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


def has_gaps(X: Any) -> bool:
    """Whether NaN or infinity is in X, where scikit-learn looks for them."""
    if not isinstance(X, np.ndarray):
        return has_gaps(X.data[np.newaxis])
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
    """Mixin before a class of imbalanced-learn: its checks, the work of the engine, the record of both.

    ``_why_parent(X)`` says why imbalanced-learn must do a call, None where the engine takes it;
    ``_resample_fast(X, y)`` does with the engine what ``_fit_resample`` does. (The parent is reached by
    ``super()``: while imbalanced-learn is patched, its name stands for the drop-in class.)
    """

    _takes_arrays = True  # whether common arrays need none of the checks of imbalanced-learn
    _frame_as: str | None = "matrix"  # of common frames; "rows": they stay as they are, None: all checks
    _checks_finite = True  # whether NaN and infinity are errors

    _keeps_integers = True  # see ``_originals``

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds | None:
        """The row of X that each resampled row is, -1 for new ones; None where nobody knows."""
        rows = np.arange(n_resampled)
        rows[len(y) :] = -1
        return rows

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

        See Also
        --------
        fastsmote.patch_report : What ran here, and what in the class of imbalanced-learn.
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
            return run_and_count(
                self, "parameters of fit_resample", self._resample_fast, partial(parent, **params), X, y
            )
        return run_and_count(self, self._why_parent(X), self._resample_fast, parent, X, y)

    def _resample_fast(self, X: Any, y: Any) -> Any:
        """The work of the parent, which calls steps that the engine does."""
        return super()._fit_resample(X, y)  # type: ignore[misc]
