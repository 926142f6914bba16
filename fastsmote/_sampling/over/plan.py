"""The plan of an over-sampler: what each new row is made of, and how the rows are made."""

from __future__ import annotations

import numbers
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, TypeGuard, overload

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.check import check_integer, check_row_numbers
from fastsmote._core.display import ShownTable, Summary
from fastsmote._core.labels import Labels, check_labels
from fastsmote._core.public import public
from fastsmote._core.tables import Table
from fastsmote._core.weights import check_weight
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.checked import check_fields, check_parents
from fastsmote._sampling.over.records import ColumnRules, Donors, Smoothing, equal, some_of
from fastsmote._sampling.over.state import from_state, to_state


@public("fastsmote.plan")
@dataclass(frozen=True, eq=False, repr=False)
class SyntheticPlan(ShownTable):
    """Over-sampling as a decision: ``x_new = x_base + gap * (x_neighbor - x_base)``.

    A plan answers "which real rows made this synthetic row?", pickles, and can be applied lazily, in
    blocks, into a memory map or on another machine. New rows are grouped by class, in the order of the
    sorted labels; plans for the same X are joined by :func:`fastsmote.plan.concatenate`.

    Attributes
    ----------
    base, neighbor : ndarray of int64 of shape (n_new,)
        Row numbers in X. They are equal where a row is repeated.
    gap : ndarray of float64 of shape (n_new,)
        Place on the way from base to neighbour, in [0, 1); negative where ``svm_smote`` goes the other way.
    label : ndarray of shape (n_new,)
        Labels of the new rows, the labels of their base rows.
    n_rows, n_features : int
        Shape of the X that the plan was made for; n_features is None where only labels were looked at.
    smoothing : Smoothing or None
        Noise on top, for ``random_over_sample(shrinkage=...)``.
    donors : Donors or None
        Rows of X that categories come from, for ``smotenc`` and ``smoten``.
    rules : Rules or None
        What ``columns=`` declared.
    counts_before, counts_after : dict of label to int
        Rows of each class in the y that the plan was made for, and with the new rows, in label order.

    Raises
    ------
    ValueError
        A field has not the type, the length or the range that stand above. All are looked at when a plan is
        made of them or unpickled, and those of the rows that are made once more before they are.

    See Also
    --------
    fastsmote.plan.smote, fastsmote.plan.adasyn, fastsmote.plan.smotenc : Make plans.
    fastsmote.plan.concatenate : Joins plans for the same X.
    fastsmote.leakage_report : Whether a split separates new rows from the rows that they are made of.
    """

    base: NDArray[np.int64]
    neighbor: NDArray[np.int64]
    gap: NDArray[np.float64]
    label: NDArray[Any]
    n_rows: int
    n_features: int | None = None
    smoothing: Smoothing | None = None
    donors: Donors | None = None
    rules: ColumnRules | None = None
    counts_before: dict[Any, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(self)

    def _summary(self) -> Summary:
        columns = "" if self.n_features is None else f", {self.n_features} features"
        title = f"{len(self):,} new rows for {self.n_rows:,} rows{columns}"
        before, after = self.counts_before, self.counts_after
        facts = {f"class {label!r}": f"{n:,} to {after[label]:,}" for label, n in before.items()}
        parts = {"noise": self.smoothing, "categories": self.donors, "rules for columns": self.rules}
        more = ", ".join(name for name, part in parts.items() if part is not None)
        return Summary(title, {**facts, **({"with": more} if more else {})})

    def _contents(self) -> dict[str, Any]:
        held = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**held, "counts_after": self.counts_after}

    def _columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("label", "base", "neighbor", "gap")}

    @property
    def counts_after(self) -> dict[Any, int]:
        check_fields(self)
        found = np.unique(self.label, return_counts=True)
        new = dict(zip(*(part.tolist() for part in found), strict=True))
        return {label: count + new.get(label, 0) for label, count in self.counts_before.items()}

    def __len__(self) -> int:
        return len(self.base)

    def __getstate__(self) -> dict[str, Any]:
        return to_state(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(from_state(state))

    @overload
    def rows(
        self,
        X: Any,
        start: int = 0,
        stop: int | None = None,
        out: NDArray[Any] | None = None,
        *,
        n_jobs: int | None = None,
    ) -> Any: ...
    @overload
    def rows(
        self,
        X: Any,
        start: Sequence[int] | NDArray[np.integer[Any]],
        stop: None = None,
        out: NDArray[Any] | None = None,
        *,
        n_jobs: int | None = None,
    ) -> Any: ...
    def rows(
        self,
        X: Any,
        start: int | Sequence[int] | NDArray[np.integer[Any]] = 0,
        stop: int | None = None,
        out: NDArray[Any] | None = None,
        *,
        n_jobs: int | None = None,
    ) -> Any:
        """Make the synthetic rows [start, stop), or those of some numbers.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The data that the plan was made for. Not searched for missing values again. Of other data than
            C-contiguous arrays of floats, the rows that are needed are converted; numbers come unrounded.
        start : int, or array-like of int of shape (m,)
            First row of a range; or the numbers of new rows, from 0 to n_new - 1 in any order and with
            repeats, as loaders that shuffle ask for them. Each row has the bits that it has in a range.
        stop : int, optional
            End of a range, by default of the plan; as in a slice, but negative numbers are refused.
        out : ndarray of shape (stop - start, n_features) or (m, n_features), optional
            C-contiguous array of the dtype of the result, written to and returned; a memory map, say. For
            rows that are numbers in a dense array.
        n_jobs : int, optional
            Threads; None is all usable cores.

        Returns
        -------
        ndarray of shape (stop - start, n_features) or (m, n_features)
            float32 for float32 (or float16) X, float64 otherwise. Of a sparse X sparse rows; with categories,
            of a frame or an array of objects or text rows of the same kind.

        Raises
        ------
        ValueError
            If X has another shape than the plan was made for, the range or a number is outside the plan,
            ``out`` does not fit or is given for rows that are no dense numbers, or an array of the plan was
            written to, so that it is none any more.
        TypeError
            If X is sparse and the plan has noise, categories or rules for columns, or numbers of rows are no
            integers.

        See Also
        --------
        blocks : All rows, one block after the other.

        Notes
        -----
        For numbers of rows the plan's arrays of these rows are copied; those of noise take the memory of the
        rows once more.

        Examples
        --------
        >>> import numpy as np, fastsmote
        >>> X = np.arange(20.0).reshape(10, 2)
        >>> made = fastsmote.plan.smote(X, [0] * 7 + [1] * 3, k_neighbors=2, random_state=0)
        >>> made.rows(X, 0, 2).shape
        (2, 2)
        >>> bool((made.rows(X, [3, 0, 3]) == made.rows(X)[[3, 0, 3]]).all())
        True
        """
        if not _is_place(start):
            some = self._some(start, stop)
            return some._made(X, 0, len(some), out, n_jobs)
        check_parents(self, slice(0))
        start, stop = self._range(start, stop)
        check_parents(self, slice(start, stop))
        return self._made(X, start, stop, out, n_jobs)

    def _made(self, X: Any, start: int, stop: int, out: Any, n_jobs: int | None) -> Any:
        """Rows [start, stop) of a plan that was looked at."""
        table = Table(X)
        if materialize.makes_table(table, self):
            self._require_shape(X.shape if table.is_sparse else table.shape)
            if out is not None:
                raise ValueError("out is for rows that are numbers in a dense array. Leave it out.")
            return materialize.make_table(table, self, start, stop, n_jobs=n_jobs)
        self._require_shape(table.shape)
        part = materialize.parents(table, self, start, stop, n_jobs=n_jobs)
        shape, dtype = (stop - start, part.matrix.shape[1]), part.matrix.dtype
        out = np.empty(shape, dtype) if out is None else _check_out(out, shape, dtype, table)
        materialize.fill(self, part, out, start, n_jobs=n_jobs)
        return out

    def _some(self, rows: Any, stop: Any) -> SyntheticPlan:
        """The plan of these new rows alone."""
        if rows is None or stop is not None:
            raise TypeError(
                "start and stop must be integers, or start the numbers of new rows and stop left out. "
                f"Got {type(rows).__name__} and {stop!r}."
            )
        check_parents(self, slice(0))
        rows = check_row_numbers(rows, len(self), "start", "the plan")
        check_parents(self, rows)
        return replace(self, **some_of(self, rows))

    def _require_shape(self, shape: tuple[int, ...]) -> None:
        if shape != (self.n_rows, self.n_features or shape[1]):
            raise ValueError(
                f"X must have the {self.n_rows} rows and {self.n_features or 'any number of'} features "
                f"that the plan was made for. Got {shape[0]} rows and {shape[1]} features."
            )

    def _range(self, start: Any, stop: Any) -> tuple[int, int]:
        stop = len(self) if stop is None else stop
        if not all(map(_is_place, (start, stop))):
            raise TypeError(f"start and stop must be integers. Got {start!r} and {stop!r}.")
        if not 0 <= start <= stop <= len(self):
            raise ValueError(f"start and stop must be in 0..{len(self)}, in order. Got {start} and {stop}.")
        return int(start), int(stop)

    def blocks(self, X: Any, size: int = 65536, *, n_jobs: int | None = None) -> Iterator[Any]:
        """Yield the synthetic rows in order, block by block; only one block is in memory.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The data that the plan was made for, as for :meth:`rows`.
        size : int, default 65536
            Rows per block; the last block may have fewer.
        n_jobs : int, optional
            Threads; None is all usable cores.

        Yields
        ------
        ndarray of shape (size, n_features)
            Or what else :meth:`rows` makes of X.

        Raises
        ------
        ValueError
            If X has another shape than the plan was made for, or ``size`` is not positive.
        TypeError
            If ``size`` is not an integer.

        See Also
        --------
        rows : Rows of a range.

        Examples
        --------
        >>> import numpy as np, fastsmote
        >>> X = np.arange(20.0).reshape(10, 2)
        >>> made = fastsmote.plan.smote(X, [0] * 7 + [1] * 3, k_neighbors=2, random_state=0)
        >>> [len(block) for block in made.blocks(X, 3)]
        [3, 1]
        """
        size = check_integer(size, "size")
        check_parents(self, slice(0))
        table = Table(X)
        self._require_shape(X.shape if table.is_sparse else table.shape)
        starts = range(0, len(self), size)
        return (self.rows(X, start, min(start + size, len(self)), n_jobs=n_jobs) for start in starts)

    def weights(self, y: Any, sample_weight: Any = None) -> NDArray[np.float64]:
        """Weights for the rows of X and then the new rows, with which each class weighs what it did in X.

        A new row takes the weight of its base row; then all weights of a class are multiplied by what it
        weighed before and weighs with the new rows. So a model that is fitted with them sees more rows of a
        rare class, but not more weight.

        Parameters
        ----------
        y : array-like of shape (n_rows,)
            The labels that the plan was made for.
        sample_weight : array-like of shape (n_rows,), optional
            Weights of the rows of X, not negative; None is 1 for each.

        Returns
        -------
        ndarray of float64 of shape (n_rows + n_new,)

        Raises
        ------
        ValueError
            If the lengths differ, y are other labels, or a weight is negative, NaN or infinite.

        See Also
        --------
        fastsmote.sample_weights : Weights without new rows.

        Examples
        --------
        >>> import fastsmote
        >>> made = fastsmote.plan.random_over_sample([[0.0], [1.0], [2.0]], ["a", "a", "b"], random_state=0)
        >>> made.weights(["a", "a", "b"]).tolist()
        [1.0, 1.0, 0.5, 0.5]
        """
        return materialize.weights(self, labels_of(self, y), check_weight(sample_weight, self.n_rows))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SyntheticPlan) and equal(to_state(self).values(), to_state(other).values())

    __hash__: ClassVar[None]  # type: ignore[assignment]


_NAMES = tuple(one.name for one in fields(SyntheticPlan))


def drafted(*values: Any) -> SyntheticPlan:
    """A plan of the values of all fields, as a draft made them: they are not looked at once more."""
    plan = object.__new__(SyntheticPlan)
    plan.__dict__.update(zip(_NAMES, values, strict=True))
    return plan


def labels_of(plan: SyntheticPlan, y: Any) -> Labels:
    """``y`` as labels, which must be those that the plan was made for."""
    check_fields(plan)
    labels = check_labels(y, plan.n_rows)
    if not np.array_equal(labels.classes[labels.codes[plan.base]], plan.label):
        raise ValueError(
            "y must be the labels that the plan was made for. Got others for its base rows; pass those."
        )
    return labels


def _is_place(value: Any) -> TypeGuard[int]:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _check_out(out: Any, shape: tuple[int, int], dtype: np.dtype[Any], table: Table) -> NDArray[Any]:
    """``out`` if rows of this shape and type can be written to it while X is read."""
    if not isinstance(out, np.ndarray) or (out.shape, out.dtype) != (shape, dtype):
        got = f"{type(out).__name__} of shape {np.shape(out)}, dtype {getattr(out, 'dtype', 'none')}"
        raise ValueError(f"out must be an array of shape {shape} and dtype {dtype}. Got {got}.")
    if not (out.flags.c_contiguous and out.flags.writeable):
        raise ValueError("out must be C-contiguous and writeable. Pass np.empty(shape, dtype).")
    if table.may_share_memory(out):
        raise ValueError("out must not share memory with X: X is read while out is written.")
    return out
