"""Folds for cross-validation that are alike in how hard their rows are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import cross_val_predict
from sklearn.utils import indexable

from fastsmote._core.check import check_integer
from fastsmote._core.foreign import refuse_unread
from fastsmote._core.labels import check_labels
from fastsmote._core.public import public
from fastsmote._core.typing import Label, MatrixLike, RowIds, VectorLike
from fastsmote._core.warn import warn_user
from fastsmote.sklearn._bases import BaseCrossValidator
from fastsmote.sklearn._resampled import require_probabilities


@public("fastsmote.sklearn")
class InstanceHardnessCV(BaseCrossValidator):
    """Folds into which the rows of each of two classes are dealt out in the order of their hardness.

    Where positives are few, chance puts the hard ones into one fold and the scores of folds differ by it. A
    classifier that has not seen a row says how hard it is; the folds then get one of each next few rows.

    Parameters
    ----------
    estimator : classifier with predict_proba
        Clones of it say how hard the rows are, in cross-validation with as many folds.
    n_splits : int, default 5
        Folds, at least 2.
    pos_label : label, optional
        The class whose probability the rows are ordered by; None is the second of the sorted labels.

    See Also
    --------
    fastsmote.instance_hardness_threshold : Leaves the hardest rows out, of the larger classes.
    fastsmote.sklearn.ResampledClassifier : Resamples within each fold.

    Notes
    -----
    The folds of ``imblearn.model_selection.InstanceHardnessCV``, with its order of ties: by row number. No
    seed is needed. All rows are used to decide on the folds, so scores are slightly alike across folds by
    design. Time is that of ``n_splits`` fits, and of a sort.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.sklearn import InstanceHardnessCV
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = fastsmote.make_fraud(500, 4, fraud_rate=0.1, random_state=0)
    >>> folds = InstanceHardnessCV(LogisticRegression(), n_splits=5)
    >>> [int(y[test].sum()) for _, test in folds.split(X, y)]
    [10, 10, 10, 10, 10]
    """

    def __init__(self, estimator: Any, *, n_splits: int = 5, pos_label: Label | None = None) -> None:
        self.estimator = estimator
        self.n_splits = n_splits
        self.pos_label = pos_label

    def split(
        self, X: MatrixLike, y: VectorLike, groups: VectorLike | None = None
    ) -> Iterator[tuple[RowIds, RowIds]]:
        """Rows to train on and to test, for each fold.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            What the estimator takes.
        y : array-like of shape (n_samples,)
            Labels of two classes.
        groups : object
            Not used.

        Yields
        ------
        train, test : ndarray of int64
            Row numbers, ascending.

        Raises
        ------
        ValueError
            If y does not have two classes or lacks ``pos_label``, or ``n_splits`` is below 2 or more than the
            rows of a class.
        TypeError
            If the estimator has no ``predict_proba``.

        Warns
        -----
        UserWarning
            If there are groups.

        See Also
        --------
        get_n_splits : How many.
        """
        if groups is not None:
            warn_user("The groups parameter is ignored by InstanceHardnessCV.")
        n_splits = check_integer(self.n_splits, "n_splits", minimum=2)
        require_probabilities(self.estimator)
        refuse_unread(X, "X")
        labels = check_labels(y)
        classes = labels.classes.tolist()
        if len(classes) != 2:
            raise ValueError(
                f"InstanceHardnessCV only supports binary classification: y must have two classes. Got "
                f"{len(classes)}; StratifiedKFold takes more."
            )
        if self.pos_label is not None and self.pos_label not in classes:
            raise ValueError(f"pos_label must be one of {classes}. Got {self.pos_label!r}.")
        if n_splits > labels.counts.min():
            raise ValueError(
                f"n_splits must be at most {labels.counts.min()}, the rows of the smallest class. Got "
                f"{n_splits}; pass fewer."
            )
        X, y = indexable(X, y)
        model = clone(self.estimator)
        p = cross_val_predict(model, X, labels.codes, cv=n_splits, method="predict_proba")
        column = 1 if self.pos_label is None else classes.index(self.pos_label)
        fold = np.empty(len(labels.codes), np.int64)
        fold[np.lexsort((p[:, column], labels.codes))] = np.arange(len(fold)) % n_splits
        for number in range(n_splits):
            yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """The number of folds; parameters are not used.

        See Also
        --------
        split : The folds.
        """
        return self.n_splits
