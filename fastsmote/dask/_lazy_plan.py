"""A plan whose parts are Dask's."""

from collections.abc import Callable
from typing import Any

import dask.array as da

from fastsmote._core.check import check_integer
from fastsmote._core.public import public


@public("fastsmote.dask.plan")
class LazyPlan:
    """Over-sampling as a decision on partitions, which is made when it is computed.

    The functions of :mod:`fastsmote.dask.plan` make it. What its rows are made of are arrays of Dask; the
    plan in one piece, for what takes plans, is :meth:`compute`. New rows come from :meth:`rows`.

    Attributes
    ----------
    base, neighbor : dask arrays of int64 of shape (n_new,)
        Row numbers in X, counted over all partitions.
    gap : dask array of float64 of shape (n_new,)
        Place on the way from base to neighbour.
    label : dask array of shape (n_new,)
        Labels of the new rows.
    n_rows, n_features : int
        Shape of X; n_features is None where only labels were looked at.
    counts_before, counts_after : dict of label to int
        Rows of each class in y, and with the new rows.

    See Also
    --------
    fastsmote.plan.SyntheticPlan : A plan in memory, with all that its fields mean.
    fastsmote.dask.smote : The new rows behind those of X.

    Notes
    -----
    Arrays are cut as the partitions of new rows are. Each part is decided by itself, from the rows that one
    task gathered and the neighbours that it found.

    Examples
    --------
    >>> import dask.array, fastsmote.dask
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
    >>> made = fastsmote.dask.plan.smote(X, y, random_state=0)
    >>> len(made), made.base.chunks
    (900, ((300, 300, 300),))
    >>> made.rows(0, 2)[0].shape
    (2, 30)
    """

    def __init__(
        self,
        base: da.Array,
        neighbor: da.Array,
        gap: da.Array,
        label: da.Array,
        n_rows: int,
        n_features: int | None,
        counts_before: dict[Any, int],
        counts_after: dict[Any, int],
        delayed: Any,
        make_rows: Callable[[int, int], Any],
    ) -> None:
        self.base: da.Array = base
        self.neighbor: da.Array = neighbor
        self.gap: da.Array = gap
        self.label: da.Array = label
        self.n_rows: int = n_rows
        self.n_features: int | None = n_features
        self.counts_before: dict[Any, int] = counts_before
        self.counts_after: dict[Any, int] = counts_after
        self._delayed, self._make_rows = delayed, make_rows

    def __len__(self) -> int:
        return len(self.base)

    def __repr__(self) -> str:
        return f"LazyPlan({len(self)} new rows for {self.n_rows}, counts_after={self.counts_after})"

    def to_delayed(self) -> Any:
        """The plan in one piece, when it is computed.

        Returns
        -------
        dask.delayed.Delayed
            Of a :class:`fastsmote.plan.SyntheticPlan`, equal to that of the function in memory.

        See Also
        --------
        compute : The plan now.

        Examples
        --------
        >>> import dask.array, fastsmote.dask
        >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
        >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
        >>> made = fastsmote.dask.plan.smote(X, y, random_state=0)
        >>> len(made.to_delayed().compute())
        900
        """
        return self._delayed

    def compute(self, **options: Any) -> Any:
        """The plan in one piece, now.

        Parameters
        ----------
        **options
            Those of ``compute`` of Dask, such as ``scheduler``.

        Returns
        -------
        fastsmote.plan.SyntheticPlan
            Some 32 bytes for each new row.

        See Also
        --------
        to_delayed : To be computed with other things.

        Examples
        --------
        >>> import dask.array, fastsmote.dask
        >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
        >>> lazy = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
        >>> made = fastsmote.dask.plan.smote(*lazy, random_state=0)
        >>> made.compute() == fastsmote.plan.smote(X, y, random_state=0)
        True
        """
        return self._delayed.compute(**options)

    def rows(self, start: int = 0, stop: int | None = None) -> Any:
        """The new rows [start, stop), which are made where they are needed.

        Parameters
        ----------
        start : int, default 0
            First row of a range.
        stop : int, optional
            End of a range, by default of the plan.

        Returns
        -------
        X_new, y_new : dask arrays
            Or one dask DataFrame for a frame: the rows that the sampler of :mod:`fastsmote.dask` puts behind
            those of X, in partitions as large as the largest of X.

        Raises
        ------
        ValueError
            If the range is outside the plan.
        TypeError
            If start or stop is no integer.

        See Also
        --------
        fastsmote.SyntheticPlan.rows : Of a plan in memory.

        Examples
        --------
        >>> import dask.array, fastsmote.dask
        >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
        >>> X, y = dask.array.from_array(X, (300, -1)), dask.array.from_array(y, 300)
        >>> X_new, y_new = fastsmote.dask.plan.smote(X, y, random_state=0).rows(100)
        >>> X_new.chunks[0]
        (300, 300, 200)
        """
        stop = check_integer(len(self) if stop is None else stop, "stop", minimum=0, maximum=len(self))
        return self._make_rows(check_integer(start, "start", minimum=0, maximum=stop), stop)
