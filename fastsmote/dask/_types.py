"""What the types of columns tell at the call: what can not be numbers is refused before rows are computed."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from fastsmote._core.check import check_matrix
from fastsmote._core.tables import Table
from fastsmote._sampling.over.nominal import read_mixed
from fastsmote._sampling.registry import SAMPLERS

_HELD = (0, "text")  # by objects, which may be either


def require_types(method: str, meta: Any, options: dict[str, Any]) -> None:
    """Refuse a table without rows whose types no rows can be right for, in the words for one in memory."""
    columns = SAMPLERS[method].columns
    if columns == "any":
        return
    refusals: list[Exception] = []
    for row in _possible_rows(meta):
        try:
            if columns == "mixed":
                read_mixed(Table(row), options["categorical_features"], True, 1)
            else:
                check_matrix(row, finite=False, n_jobs=1)
        except (TypeError, ValueError) as error:
            refusals.append(error)
        else:
            return
    raise refusals[0]


def _possible_rows(meta: Any) -> Iterator[Any]:
    """A row of these types, whose values are missing but for those of objects."""
    for held in _HELD:
        if isinstance(meta, np.ndarray):
            yield np.full((1, meta.shape[1]), held if meta.dtype.kind == "O" else 0, meta.dtype)
            continue
        row = meta.reset_index(drop=True).reindex([0])
        for j, dtype in enumerate(meta.dtypes):
            if dtype == np.dtype(object):
                row.isetitem(j, pd.Series([held], dtype=object))
        yield row
