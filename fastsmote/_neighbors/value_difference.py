"""Distances of categories by how classes are shared out in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np

from fastsmote._core.check import check_integer, check_matrix
from fastsmote._core.labels import check_labels
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, MatrixLike, RowIds, VectorLike


@public("fastsmote.neighbors")
class ValueDifferenceMetric:
    """Value difference metric: categories are near where they hold the classes in like shares.

    The distance of two rows is sum over features of (sum over classes of abs(p - q) ** k) ** (r / k), for the
    shares p and q of a class in the category of the one row and of the other.

    Parameters
    ----------
    n_categories : "auto" or array-like of shape (n_features,), default="auto"
        Number of categories of each feature. "auto": the largest code that is fitted, plus 1.
    k : int, default=1
        Exponent of the differences of shares, at least 1.
    r : int, default=2
        Exponent of the distance of a feature, at least 1.

    Attributes
    ----------
    n_categories_ : ndarray of int64 of shape (n_features,)
        Number of categories of each feature.
    proba_per_class_ : list of ndarray of shape (n_categories, n_classes)
        For each feature the shares of the classes in each category, 0 in a category without rows.

    Raises
    ------
    TypeError, ValueError
        k or r is no integer, or below 1.

    See Also
    --------
    fastsmote.smoten : SMOTE in this distance.
    NeighborIndex : Neighbours among numbers.

    Notes
    -----
    imbalanced-learn's class of this name gives the same numbers. Distances of categories are computed once
    for each feature and looked up for rows: O(n_categories**2 n_classes) for each feature, then O(1) for each
    pair of rows and feature; 8 bytes for each pair. References: Stanfill and Waltz (1986),
    doi:10.1145/7902.7906; Wilson and Martinez (1997), doi:10.1613/jair.346.

    Examples
    --------
    >>> from fastsmote.neighbors import ValueDifferenceMetric
    >>> X, y = [[0], [0], [0], [1], [1], [2]], [0, 0, 0, 0, 1, 1]
    >>> ValueDifferenceMetric().fit(X, y).pairwise([[0], [1], [2]])
    array([[0., 1., 4.],
           [1., 0., 1.],
           [4., 1., 0.]])
    """

    n_categories_: RowIds
    proba_per_class_: list[Floats]

    def __init__(
        self, *, n_categories: Literal["auto"] | Sequence[int] = "auto", k: int = 1, r: int = 2
    ) -> None:
        self.n_categories = n_categories
        self.k: int = check_integer(k, "k")
        self.r: int = check_integer(r, "r")

    def fit(self, X: MatrixLike, y: VectorLike) -> Self:
        """Learn the shares of the classes.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Codes of categories: whole numbers from 0 on, as of scikit-learn's OrdinalEncoder.
        y : array-like of shape (n_samples,)
            Labels.

        Returns
        -------
        ValueDifferenceMetric
            Itself.

        Raises
        ------
        ValueError
            A code is negative or no whole number; lengths differ; n_categories are not one number for each
            feature, or a code has none.
        TypeError
            X is sparse, masked or of extended precision.

        See Also
        --------
        pairwise : Distances by these shares.
        """
        codes = _codes(X, "X")
        labels = check_labels(y, len(codes), min_classes=1)
        n_classes = len(labels.classes)
        if isinstance(self.n_categories, str) and self.n_categories == "auto":
            sizes = codes.max(axis=0) + 1
        else:
            sizes = np.asarray(self.n_categories)
        if sizes.shape != codes.shape[1:] or sizes.dtype.kind not in "iu":
            raise ValueError(
                f"n_categories must be 'auto' or one integer for each of {codes.shape[1]} features. "
                f"Got {self.n_categories!r}."
            )
        self.n_categories_ = sizes.astype(np.int64)
        _check_known(codes, self.n_categories_, "X")
        self.proba_per_class_ = []
        for column, size in zip(codes.T, self.n_categories_.tolist(), strict=True):
            places = column * n_classes + labels.codes
            counts = np.bincount(places, minlength=size * n_classes).reshape(size, n_classes)
            totals = counts.sum(axis=1, keepdims=True)
            self.proba_per_class_.append(
                np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
            )
        return self

    def pairwise(self, X: MatrixLike, Y: MatrixLike | None = None) -> Floats:
        """Distances of all rows of X to all rows of Y.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Codes, as they were fitted.
        Y : array-like of shape (n_others, n_features), default=None
            Codes of other rows. None takes X.

        Returns
        -------
        ndarray of float64 of shape (n_samples, n_others)

        Raises
        ------
        ValueError
            A code is negative, no whole number, or beyond the categories that were fitted; the numbers of
            features differ.
        AttributeError
            Nothing was fitted.
        TypeError
            As in :meth:`fit`.

        See Also
        --------
        fit : Learns shares.
        """
        if not hasattr(self, "proba_per_class_"):
            raise AttributeError("ValueDifferenceMetric must be fitted first. Call fit(X, y).")
        rows = _codes(X, "X")
        others = rows if Y is None else _codes(Y, "Y")
        for name, codes in (("X", rows), ("Y", others)):
            _check_known(codes, self.n_categories_, name)
        distance = np.zeros((len(rows), len(others)))
        for feature, shares in enumerate(self.proba_per_class_):
            between = [np.linalg.norm(shares - share, ord=self.k, axis=1) for share in shares]
            table = np.array(between) ** self.r
            distance += table[rows[:, feature, None], others[:, feature]]
        return distance


def _codes(X: Any, name: str) -> RowIds:
    """Codes (n_samples, n_features)."""
    matrix = check_matrix(X, name=name)
    codes = matrix.astype(np.int64)
    wrong = (codes != matrix) | (matrix < 0)
    if wrong.any():
        raise ValueError(
            f"{name} must hold codes of categories, whole numbers from 0 on. Got {matrix[wrong][0]:g}; "
            "encode words by scikit-learn's OrdinalEncoder."
        )
    return codes


def _check_known(codes: RowIds, sizes: RowIds, name: str) -> None:
    """ValueError for codes that no category has."""
    if codes.shape[1:] != sizes.shape:
        raise ValueError(f"{name} must have {len(sizes)} features. Got {codes.shape[1]}.")
    beyond = codes >= sizes
    if beyond.any():
        row, feature = np.argwhere(beyond)[0].tolist()
        raise ValueError(
            f"{name} must hold codes below {sizes[feature]} in feature {feature}, as many as were fitted. "
            f"Got {codes[row, feature]}; pass n_categories."
        )
