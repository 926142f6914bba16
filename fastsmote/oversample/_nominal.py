"""Over-sampling of rows that hold categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import ColumnChoice, MatrixLike, Progress, RandomState, VectorLike
from fastsmote._sampling.over.nominal import plan_smoten, plan_smotenc
from fastsmote._sampling.result import Resampled
from fastsmote._sampling.strategy import OverStrategy, UnderStrategy


@public("fastsmote.oversample")
@sampler
def smotenc(
    X: MatrixLike,
    y: VectorLike,
    *,
    categorical_features: ColumnChoice = "auto",
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    missing: Literal["error", "nan-euclidean"] = "error",
    under_strategy: UnderStrategy | None = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """SMOTE-NC: SMOTE for numbers beside categories.

    One seed gives other rows here than in :class:`fastsmote.imblearn.SMOTENC`.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Array, list, or pandas, polars or pyarrow frame, with numeric and categorical columns.
    categorical_features : "auto", list of int, list of names or mask, default "auto"
        The categorical columns. "auto": those of a frame that hold categories or text.
    y, sampling_strategy, k_neighbors, sample_weight, groups
        As for :func:`fastsmote.smote`.
    under_strategy, return_weights, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    columns : mapping of column to rule, optional
        As for :func:`fastsmote.smote`; a categorical column can be "immutable" only.
    missing : {"error", "nan-euclidean"}, default "error"
        As for :func:`fastsmote.smote`. A category can be missing too: it has no vote, and a column that two
        rows do not share counts as for numbers.

    Returns
    -------
    X_resampled, y_resampled[, weights]
        As for :func:`fastsmote.smote`; categorical columns keep their type and categories.

    Raises
    ------
    ValueError
        As for :func:`fastsmote.smote`; if no column is numeric or none categorical, "auto" without a frame,
        unknown columns, or a missing category with ``missing="error"``.
    TypeError
        As for :func:`fastsmote.smote`; X is sparse.

    See Also
    --------
    fastsmote.plan.smotenc : The decision alone.
    fastsmote.smoten : Categories alone.
    fastsmote.smote : Numbers alone.

    Notes
    -----
    The squared distance of two rows of a class is that of their numbers plus, for each category in which they
    differ, the square of the median of the class's standard deviations of the numeric columns. A new row is
    interpolated as by :func:`fastsmote.smote`; each category is that of most of the k neighbours of its base
    row, of equally frequent ones that of the nearest neighbour with one of them (of the base row, if all
    neighbours lack one). imbalanced-learn draws among equals.

    Categories are never one-hot encoded: memory is the output, 4 bytes per category of X and, per base row,
    8 bytes per neighbour and category. Time is the search within the class, by an index unless values are
    missing. A date in a column that ``categorical_features`` names is carried along, and else refused.

    References
    ----------
    Chawla et al. (2002), section 6.1. doi:10.1613/jair.953

    Examples
    --------
    >>> import fastsmote
    >>> X = [[1.0, "a"], [2.0, "a"], [3.0, "b"], [4.0, "a"], [5.0, "b"], [6.0, "c"], [2.5, "c"]]
    >>> X_resampled, y_resampled = fastsmote.smotenc(
    ...     X, [0, 0, 0, 0, 1, 1, 1], categorical_features=[1], k_neighbors=2, random_state=0
    ... )
    >>> X_resampled[7][1]
    'b'
    """
    return plan_smotenc(
        X,
        y,
        categorical_features=categorical_features,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        missing=missing,
        under_strategy=under_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled(return_weights)


@public("fastsmote.oversample")
@sampler
def smoten(
    X: MatrixLike,
    y: VectorLike,
    *,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    sample_weight: VectorLike | None = None,
    groups: VectorLike | None = None,
    columns: Mapping[Any, Any] | None = None,
    under_strategy: UnderStrategy | None = None,
    return_weights: bool = False,
    random_state: RandomState = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Resampled:
    """SMOTE-N: new rows of categories, by the votes of a row and its nearest neighbours.

    One seed gives other rows here than in :class:`fastsmote.imblearn.SMOTEN`.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Array, list, or pandas, polars or pyarrow frame; every column is taken as categorical.
    y, sampling_strategy, k_neighbors, sample_weight, groups, under_strategy
        As for :func:`fastsmote.smote`; with ``groups``, a row that is alone in its group is repeated.
    return_weights, random_state, n_jobs, progress
        As for :func:`fastsmote.smote`.
    columns : mapping of column to rule, optional
        "immutable" columns keep the category of the base row.

    Returns
    -------
    X_resampled, y_resampled[, weights]
        As for :func:`fastsmote.smote`; columns keep their type and categories.

    Raises
    ------
    ValueError
        As for :func:`fastsmote.smote`; if a category is missing.
    TypeError
        As for :func:`fastsmote.smote`; X is sparse.

    See Also
    --------
    fastsmote.plan.smoten : The decision alone.
    fastsmote.smotenc : Numbers beside categories.

    Notes
    -----
    Two rows of a class are sum_columns (sum_classes abs(p(class; category) - p(class; other category)))**2
    apart, squared: the value difference metric, with shares p counted in all of X. A new row is drawn from a
    base row and takes in each column the category of most of the base row and its k neighbours, of equally
    frequent ones that of the base row or else of the nearest neighbour with one of them. Equal distances go
    by row number; shares are float64, so distances of thirds, say, can differ by their rounding.

    With two classes the metric is Euclidean, and the search uses an index; with more it compares all rows of
    the class, O(n_class^2 n_features n_classes). Memory is the output, O(n_samples n_features) and
    O(n_class n_features n_classes), never a matrix of distances.

    References
    ----------
    Chawla et al. (2002), section 6.2. doi:10.1613/jair.953, with the metric of Cost, S. and Salzberg, S.
    (1993). A weighted nearest neighbor algorithm for learning with symbolic features. Machine Learning 10,
    57-78. doi:10.1007/BF00993481 (k = 1, r = 2, no weights)

    Examples
    --------
    >>> import fastsmote
    >>> X = [["a", "x"], ["a", "y"], ["b", "y"], ["a", "x"], ["b", "x"], ["c", "x"], ["c", "x"]]
    >>> X_resampled, y_resampled = fastsmote.smoten(X, [0, 0, 0, 0, 1, 1, 1], k_neighbors=2, random_state=0)
    >>> X_resampled[7]
    ['c', 'x']
    """
    return plan_smoten(
        X,
        y,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        sample_weight=sample_weight,
        groups=groups,
        columns=columns,
        under_strategy=under_strategy,
        random_state=random_state,
        n_jobs=n_jobs,
        progress=progress,
    ).resampled(return_weights)
