"""Over-samplers of Dask's containers."""

from collections.abc import Mapping
from typing import Any, Literal

from fastsmote._core.public import public, sampler
from fastsmote._core.typing import ColumnChoice, RandomState
from fastsmote._sampling.strategy import OverStrategy
from fastsmote.dask._results import resampled


@public("fastsmote.dask")
@sampler
def random_over_sample(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: OverStrategy = "auto",
    random_state: RandomState = None,
) -> Any:
    """Repeat random rows of the smaller classes.

    The rows are those of :func:`fastsmote.random_over_sample` for the same rows in one piece, however they
    are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, Prior, list or dict, default "auto"
        As in memory, but no function of y.
    random_state : None, int, Generator, RandomState or SeedSequence
        Seed; the same rows for the same seed. It is drawn at the call.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.random_over_sample` refuses, at the call where counts or types tell, else when
        it is computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.random_over_sample : The same in memory, with all that the parameters mean.
    fastsmote.dask.plan.random_over_sample : The decision alone.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Columns may
    hold anything. The rows of the classes that grow are gathered by one task, which each partition of new
    rows reads.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.random_over_sample(X, y, random_state=0)
    >>> X_res.chunks[0]
    (300, 300, 300, 100, 300, 300, 300)
    """
    return resampled(
        "random_over_sample",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        random_state=random_state,
    )


@public("fastsmote.dask")
@sampler
def smote(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    columns: Mapping[Any, Any] | None = None,
    random_state: RandomState = None,
) -> Any:
    """New rows between a row and one of its nearest neighbours in the class.

    The rows are those of :func:`fastsmote.smote` for the same rows in one piece, however they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, Prior, list or dict, default "auto"
        As in memory, but no function of y.
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with.
    columns : mapping, optional
        Rules for values of columns.
    random_state : None, int, Generator, RandomState or SeedSequence
        Seed; the same rows for the same seed. It is drawn at the call.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.smote` refuses, at the call where counts or types tell, else when it is
        computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.smote : The same in memory, with all that the parameters mean.
    fastsmote.dask.plan.smote : The decision alone.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. All numbers
    are checked and the rows of the classes that grow gathered; one task finds their neighbours.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.smote(X, y, random_state=0)
    >>> X_res.chunks[0]
    (300, 300, 300, 100, 300, 300, 300)
    """
    return resampled(
        "smote",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        columns=columns,
        random_state=random_state,
    )


@public("fastsmote.dask")
@sampler
def smotenc(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: OverStrategy = "auto",
    categorical_features: ColumnChoice = "auto",
    k_neighbors: int = 5,
    columns: Mapping[Any, Any] | None = None,
    random_state: RandomState = None,
) -> Any:
    """SMOTE for numbers and categories.

    The rows are those of :func:`fastsmote.smotenc` for the same rows in one piece, however they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, Prior, list or dict, default "auto"
        As in memory, but no function of y.
    categorical_features : "auto" or columns, default "auto"
        The columns of categories, as in memory.
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with.
    columns : mapping, optional
        Rules for values of columns.
    random_state : None, int, Generator, RandomState or SeedSequence
        Seed; the same rows for the same seed. It is drawn at the call.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.smotenc` refuses, at the call where counts or types tell, else when it is
        computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.smotenc : The same in memory, with all that the parameters mean.
    fastsmote.dask.plan.smotenc : The decision alone.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. All numbers
    are checked and the rows of the classes that grow gathered; one task finds their neighbours.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.smotenc(X, y, categorical_features=[0], random_state=0)
    >>> X_res.chunks[0]
    (300, 300, 300, 100, 300, 300, 300)
    """
    return resampled(
        "smotenc",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        categorical_features=categorical_features,
        k_neighbors=k_neighbors,
        columns=columns,
        random_state=random_state,
    )


@public("fastsmote.dask")
@sampler
def adasyn(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: OverStrategy = "auto",
    n_neighbors: int = 5,
    columns: Mapping[Any, Any] | None = None,
    random_state: RandomState = None,
) -> Any:
    """SMOTE with more new rows where classes meet.

    The rows are those of :func:`fastsmote.adasyn` for the same rows in one piece, however they are cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, Prior, list or dict, default "auto"
        As in memory, but no function of y.
    n_neighbors : int, default 5
        Neighbours, of all classes and within the class.
    columns : mapping, optional
        Rules for values of columns.
    random_state : None, int, Generator, RandomState or SeedSequence
        Seed; the same rows for the same seed. It is drawn at the call.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.adasyn` refuses, at the call where counts or types tell, else when it is
        computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.adasyn : The same in memory, with all that the parameters mean.
    fastsmote.dask.plan.adasyn : The decision alone.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Two passes:
    the rows of all classes but the largest are gathered; each partition of the others tells which of its
    rows are near them.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.adasyn(X, y, random_state=0)
    >>> X_res.chunks[0]
    (300, 300, 300, 100, 300, 300, 300)
    """
    return resampled(
        "adasyn",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        columns=columns,
        random_state=random_state,
    )


@public("fastsmote.dask")
@sampler
def borderline_smote(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: OverStrategy = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    kind: Literal["borderline-1"] = "borderline-1",
    columns: Mapping[Any, Any] | None = None,
    random_state: RandomState = None,
) -> Any:
    """SMOTE from rows that have many neighbours of other classes.

    The rows are those of :func:`fastsmote.borderline_smote` for the same rows in one piece, however they are
    cut.

    Parameters
    ----------
    X : dask array of shape (n_samples, n_features), or dask DataFrame
        An array is cut by rows alone, into chunks of known sizes. A frame holds the labels as well.
    y : dask array of shape (n_samples,), optional
        Labels beside an array.
    target : column, optional
        The name of the labels in a frame.
    sampling_strategy : "auto", str, float, Share, Prior, list or dict, default "auto"
        As in memory, but no function of y.
    k_neighbors : int, default 5
        Neighbours within the class to interpolate with.
    m_neighbors : int, default 10
        Neighbours of all classes that tell whether a row is in danger.
    kind : "borderline-1"
        The other kind needs all rows.
    columns : mapping, optional
        Rules for values of columns.
    random_state : None, int, Generator, RandomState or SeedSequence
        Seed; the same rows for the same seed. It is drawn at the call.

    Returns
    -------
    X_resampled, y_resampled : dask arrays
        Or one dask DataFrame for a frame. Nothing but the labels was computed yet.

    Raises
    ------
    ValueError
        What :func:`fastsmote.borderline_smote` refuses, at the call where counts or types tell, else when it
        is computed; chunks of columns or of unknown sizes; a target that is no column.
    TypeError
        If X or y is no container of Dask.

    See Also
    --------
    fastsmote.borderline_smote : The same in memory, with all that the parameters mean.
    fastsmote.dask.plan.borderline_smote : The decision alone.

    Notes
    -----
    The labels are computed at the call to count them; counts are all that comes to the caller. Two passes,
    as those of :func:`fastsmote.dask.adasyn`.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> X_res, y_res = fastsmote.dask.borderline_smote(X, y, random_state=0)
    >>> X_res.chunks[0]
    (300, 300, 300, 100, 300, 300, 300)
    """
    return resampled(
        "borderline_smote",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        m_neighbors=m_neighbors,
        kind=kind,
        columns=columns,
        random_state=random_state,
    )
