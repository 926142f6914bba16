"""Over-sampling decisions on partitions: which rows a synthetic row is made of, when it is computed.

Every function returns a :class:`LazyPlan`: the plan that :mod:`fastsmote.plan` gives for the same rows in one
piece, as arrays of Dask.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from fastsmote._core.public import sampler
from fastsmote._core.typing import ColumnChoice, RandomState
from fastsmote._sampling.strategy import OverStrategy
from fastsmote.dask._absent import absent
from fastsmote.dask._lazy_plan import LazyPlan
from fastsmote.dask._results import planned

__all__ = [
    "LazyPlan",
    "adasyn",
    "borderline_smote",
    "random_over_sample",
    "smote",
    "smotenc",
]


@sampler
def random_over_sample(
    X: Any,
    y: Any = None,
    *,
    target: Any = None,
    sampling_strategy: OverStrategy = "auto",
    random_state: RandomState = None,
) -> LazyPlan:
    """Decide which rows to repeat: rows of each class drawn uniformly with replacement.

    Parameters, errors and passes are those of :func:`fastsmote.dask.random_over_sample`.

    Returns
    -------
    LazyPlan
        With ``neighbor`` equal to ``base`` and ``gap`` 0.

    See Also
    --------
    fastsmote.dask.random_over_sample : The new rows behind those of X.
    fastsmote.plan.random_over_sample : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> made = fastsmote.dask.plan.random_over_sample(X, y, random_state=0)
    >>> len(made), made.counts_after
    (900, {0: 950, 1: 950})
    """
    return planned(
        "random_over_sample",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        random_state=random_state,
    )


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
) -> LazyPlan:
    """Decide SMOTE's synthetic rows without making them.

    Parameters, errors and passes are those of :func:`fastsmote.dask.smote`.

    Returns
    -------
    LazyPlan

    See Also
    --------
    fastsmote.dask.smote : The new rows behind those of X.
    fastsmote.plan.smote : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> made = fastsmote.dask.plan.smote(X, y, random_state=0)
    >>> len(made), made.counts_after
    (900, {0: 950, 1: 950})
    """
    return planned(
        "smote",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        k_neighbors=k_neighbors,
        columns=columns,
        random_state=random_state,
    )


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
) -> LazyPlan:
    """Decide the synthetic rows of SMOTE for numbers and categories.

    Parameters, errors and passes are those of :func:`fastsmote.dask.smotenc`.

    Returns
    -------
    LazyPlan
        What is computed has ``donors``, the rows that categories come from.

    See Also
    --------
    fastsmote.dask.smotenc : The new rows behind those of X.
    fastsmote.plan.smotenc : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> made = fastsmote.dask.plan.smotenc(X, y, categorical_features=[0], random_state=0)
    >>> len(made), made.counts_after
    (900, {0: 950, 1: 950})
    """
    return planned(
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
) -> LazyPlan:
    """Decide ADASYN's synthetic rows without making them.

    Parameters, errors and passes are those of :func:`fastsmote.dask.adasyn`.

    Returns
    -------
    LazyPlan

    See Also
    --------
    fastsmote.dask.adasyn : The new rows behind those of X.
    fastsmote.plan.adasyn : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> made = fastsmote.dask.plan.adasyn(X, y, random_state=0)
    >>> len(made), made.counts_after
    (900, {0: 950, 1: 950})
    """
    return planned(
        "adasyn",
        X,
        y,
        target,
        sampling_strategy=sampling_strategy,
        n_neighbors=n_neighbors,
        columns=columns,
        random_state=random_state,
    )


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
) -> LazyPlan:
    """Decide the synthetic rows of Borderline-SMOTE, the first kind.

    Parameters, errors and passes are those of :func:`fastsmote.dask.borderline_smote`.

    Returns
    -------
    LazyPlan

    See Also
    --------
    fastsmote.dask.borderline_smote : The new rows behind those of X.
    fastsmote.plan.borderline_smote : The same in memory.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> made = fastsmote.dask.plan.borderline_smote(X, y, random_state=0)
    >>> len(made), made.counts_after
    (900, {0: 950, 1: 950})
    """
    return planned(
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


if not TYPE_CHECKING:  # a type checker would take any name

    def __getattr__(name: str) -> object:
        raise absent(__name__, name)
