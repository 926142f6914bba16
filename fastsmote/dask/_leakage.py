"""Rows that a train and a test part in partitions share."""

from functools import partial
from typing import Any

import dask.array as da
import numpy as np

from fastsmote._blocks.shared_rows import find_equal_rows
from fastsmote._core.public import public
from fastsmote._core.typing import RowIds, VectorLike
from fastsmote._diagnosis.report import LeakageReport, check_tolerance, make_report
from fastsmote._diagnosis.split import Split, SyntheticPlan, check_plan, raise_without_test_labels
from fastsmote.dask._leaks import N_PASSES, find_leaks
from fastsmote.dask._parts import opened


@public("fastsmote.dask")
def equal_rows(X_train: Any, X_test: Any) -> tuple[RowIds, RowIds]:
    """Test rows that equal a train row, of parts in partitions: the exact part of a leakage report.

    Parameters
    ----------
    X_train, X_test : dask arrays of shape (n_train, n_features) and (n_test, n_features), or dask DataFrames
        The two parts, of the same columns and dtypes. Frames may hold text, categories and dates beside one
        column of numbers at least: they are compared by equality. NaN and None are missing values, equal to
        each other.

    Returns
    -------
    pairs : ndarray of int64 of shape (n_equal, 2)
        Each test row that equals a train row value for value, and the first such train row, by numbers from 0
        over all partitions: ``exact_pairs`` of :func:`fastsmote.leakage.leakage_report`.
    counts : ndarray of int64 of shape (n_equal,)
        How many train rows it equals: ``exact_counts`` there.

    Raises
    ------
    ValueError
        A part has no rows, or infinite values; columns or dtypes differ; arrays are cut by columns; no column
        holds numbers.
    TypeError
        A part is no Dask array or DataFrame, or the parts are of two kinds.

    See Also
    --------
    fastsmote.dask.leakage_report : Near rows, rows on lines and what plans know too.
    fastsmote.leakage.leakage_report : In memory.

    Notes
    -----
    Computed at the call. Near rows and lines are not looked for: where nothing is equal, copies with noise
    and synthetic rows may still be there. Of each test row a hash of its numbers is sent, 8 bytes. Train and
    test rows whose hashes meet come together in one task, where their values are compared: there must be
    memory for the rows that are shared, and for those that differ in no number, only in text. Each
    partition is computed once and kept by its worker in between. O(n log n) time.

    Examples
    --------
    >>> import dask.array as da
    >>> from fastsmote.dask import equal_rows
    >>> X_train = da.from_array([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]], (2, 2))
    >>> X_test = da.from_array([[5.0, 6.0], [1.0, 2.0]], (1, 2))
    >>> equal_rows(X_train, X_test)
    (array([[1, 0]]), array([2]))
    """
    parts = opened(X_train, X_test)
    pairs, counts = parts.found(partial(find_equal_rows, numeric=parts.numeric), 3)
    return pairs, counts


@public("fastsmote.dask")
def leakage_report(
    X_train: Any,
    X_test: Any,
    *,
    plan: SyntheticPlan | None = None,
    train_rows: VectorLike | None = None,
    test_rows: VectorLike | None = None,
    y_train: Any = None,
    y_test: Any = None,
    tolerance: float | None = None,
) -> LeakageReport:
    """Find test rows that the train part gives away, of parts in partitions.

    Parameters
    ----------
    X_train, X_test : dask arrays of shape (n_train, n_features) and (n_test, n_features), or dask DataFrames
        The two parts, of the same columns and dtypes. Frames may hold text, categories and dates beside one
        column of numbers at least: they are compared by equality. NaN and None are missing values, equal to
        each other.
    plan : SyntheticPlan, optional
        The plan of an over-sampler, in memory: which rows are synthetic, and made of which.
    train_rows, test_rows : array-like of int of shape (n_train,) and (n_test,), optional
        Where the rows stand in the array that the plan speaks of, as for
        :func:`fastsmote.leakage.leakage_report`.
    y_train, y_test : dask arrays of shape (n_train,) and (n_test,), or Series beside DataFrames, optional
        Labels. With y_test the leaks of each class are counted; with both, lines are looked for within each
        class. Arrays are cut as the rows are; a Series has the partitions of its frame.
    tolerance : float in (0, 1], optional
        Share of the typical distance between train rows up to which a test row is near a train row. By
        default 0.001, or less where rows lie in few dimensions.

    Returns
    -------
    LeakageReport
        Computed at the call: that of :func:`fastsmote.leakage.leakage_report` for all rows, bit for bit,
        however they are parted.

    Raises
    ------
    ValueError
        A part has no rows, or infinite values; columns or dtypes differ; arrays are cut by columns; no column
        has a type of numbers, or one of objects holds numbers alone; labels of other partitions, or refused;
        y_train without y_test; what is wrong with a plan or its rows; tolerance out of range.
    TypeError
        A part or its labels are not of Dask, or of two kinds; a plan of another type; row numbers that are no
        integers.

    See Also
    --------
    fastsmote.leakage.leakage_report : In memory; what near rows and lines are.
    fastsmote.dask.equal_rows : Equal rows alone, in three passes and less memory.

    Notes
    -----
    Up to nine passes: each partition is computed once and kept by its worker in between. The test part comes
    together in one task and is sent to all partitions, and there must be memory for it: its complete rows,
    in each worker some three times while it compares them with a partition. The train part stays where it
    is. Of each of its rows 9 bytes are sent, a hash of 64 bits, and sorting them takes some 40 bytes for each
    row in one task; then a bit for each row goes to all workers. Train rows of equal hash are taken for
    equal ones, which chance makes of two different ones among 10,000,000 rows with a probability of 3e-6.
    What is shared must fit as for :func:`fastsmote.dask.equal_rows`, and so must the different values of
    columns of text and categories. Each partition is indexed and searched for all test rows:
    O(n log n) time for the train part, and a bounded search for each test row in each partition.

    With a plan, rows of unknown number are counted first, which computes them once more.

    Examples
    --------
    >>> import dask.array as da, numpy as np, fastsmote, fastsmote.dask
    >>> X = np.random.default_rng(0).normal(size=(100, 3))
    >>> y = np.arange(100) < 20
    >>> X_resampled, y_resampled = fastsmote.smote(X, y, random_state=0)
    >>> order = np.random.default_rng(1).permutation(160)  # split after resampling: the mistake
    >>> X_train, X_test = (da.from_array(X_resampled[part], (30, -1)) for part in np.split(order, [120]))
    >>> y_test = da.from_array(y_resampled[order[120:]], 30)
    >>> report = fastsmote.dask.leakage_report(X_train, X_test, y_test=y_test)
    >>> report.clean, len(report.exact_pairs), report.class_counts
    (False, 0, {False: (0, 19), True: (13, 21)})
    """
    tolerance = check_tolerance(tolerance)
    if y_train is not None and y_test is None:
        raise_without_test_labels()
    parts = opened(X_train, X_test, y_train, y_test)
    links = None
    if plan is not None or train_rows is not None or test_rows is not None:
        sizes = [_n_rows(X) for X in (X_train, X_test)]
        links = check_plan(Split(plan, train_rows, test_rows, None, None), *sizes)
    decide = partial(find_leaks, numeric=parts.numeric, are_numeric=parts.are_numeric, tolerance=tolerance)
    leaks = parts.found(decide, N_PASSES)
    n_numeric = len(parts.numeric)
    n_columns = n_numeric, len(parts.are_numeric) - n_numeric
    return make_report(
        leaks.sizes, leaks.exact, leaks.near, leaks.lines, links, leaks.n_incomplete, n_columns, leaks.labels
    )


def _n_rows(X: Any) -> int:
    """Rows of a part, which are counted where that is not known."""
    is_unknown = isinstance(X, da.Array) and np.isnan(X.shape[0])
    return len(X.compute_chunk_sizes() if is_unknown else X)
