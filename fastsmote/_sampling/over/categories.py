"""Categorical columns of a table: which they are, and their values as codes."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.categories import places_of_words
from fastsmote._core.tables import Table, column_number
from fastsmote._core.typing import RowIds


def check_categorical(features: Any, table: Table) -> RowIds:
    """The places of the categorical columns, ascending: from numbers, names, a mask or "auto".

    "auto" are the columns of a frame that hold categories or text.
    """
    n_features = table.shape[1]
    if isinstance(features, str) and features == "auto":
        if not table.is_frame:
            raise ValueError(
                'categorical_features="auto" needs a frame with categorical or text columns. Got '
                f"{type(table.given).__name__}; pass the numbers of the categorical columns, or a mask."
            )
        return places_of_words(table)
    if isinstance(features, str) or not isinstance(features, Iterable):
        raise TypeError(
            'categorical_features must be "auto", or a list of numbers, names or a mask of columns. Got '
            f"{features!r}."
        )
    items = list(features)
    if items and all(isinstance(item, bool | np.bool_) for item in items):
        if len(items) != n_features:
            raise ValueError(
                f"categorical_features as a mask must have one value per column, {n_features}. "
                f"Got {len(items)}."
            )
        return np.flatnonzero(items)
    return np.unique(
        [column_number(item, n_features, table.names, "categorical_features") for item in items]
    ).astype(np.int64)


def class_shares(
    codes: NDArray[np.int32], labels: RowIds, n_classes: int, rows: RowIds
) -> NDArray[np.float64]:
    """Share of each class among the rows with the category that a row has (m, n_features * n_classes)."""
    shares = np.empty((len(rows), codes.shape[1] * n_classes))
    for j in range(codes.shape[1]):
        cells = np.bincount(codes[:, j] * np.int64(n_classes) + labels)
        counts = np.pad(cells, (0, -len(cells) % n_classes)).reshape(-1, n_classes)
        place = slice(j * n_classes, (j + 1) * n_classes)
        own = counts[codes[rows, j]]
        shares[:, place] = own / own.sum(axis=1, keepdims=True)
    return shares
