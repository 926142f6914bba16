"""The rows of some classes, gathered from all blocks: what decisions are made on."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of
from fastsmote._blocks.passes import Passes
from fastsmote._core.containers import Kind, kind_of, take
from fastsmote._core.typing import RowIds

_COPIES = 4  # of the bytes of the few: as columns, as rows, and in an index with its float32 coordinates


class Few(NamedTuple):
    """Rows of some classes, in the order of the table."""

    features: Any
    labels: Any
    codes: RowIds
    rows: RowIds  # their numbers in the table


class _Gathered(NamedTuple):
    parts: tuple[Few, ...]
    n_bytes: int
    scale: float


def gather_few(
    passes: Passes,
    wanted: NDArray[np.bool_],
    known: ClassCounts,
    room: int | None,
    scale_of: Callable[[Block], float] | None = None,
) -> tuple[Few, float]:
    """One pass: the rows of the classes ``wanted`` (n_classes,), and the least scale of a block."""
    work = partial(_gather, wanted, known, scale_of)
    found = passes.found(work, partial(_together, room))
    _require_fit(found.n_bytes, room)
    return Few(*(stacked(column) for column in zip(*found.parts, strict=True))), found.scale


def _gather(
    wanted: NDArray[np.bool_], known: ClassCounts, scale_of: Callable[[Block], float] | None, block: Block
) -> _Gathered:
    scale = np.inf if scale_of is None or len(block.labels) == 0 else scale_of(block)
    codes = codes_of(block, known)
    rows = np.flatnonzero(wanted[codes])
    few = Few(take(block.features, rows), take(block.labels, rows), codes[rows], block.first + rows)
    return _Gathered((few,), _nbytes(few), scale)


def _together(room: int | None, one: _Gathered, other: _Gathered) -> _Gathered:
    n_bytes = one.n_bytes + other.n_bytes
    _require_fit(n_bytes, room)
    return _Gathered(one.parts + other.parts, n_bytes, min(one.scale, other.scale))


def pick(block: Block, numbers: RowIds) -> Any:
    """The features of the rows of a block that have these numbers, ascending, in the table."""
    start, stop = np.searchsorted(numbers, [block.first, block.first + len(block.labels)])
    return take(block.features, numbers[start:stop] - block.first)


def stacked(parts: Sequence[Any]) -> Any:
    """Tables or columns of one kind, one below the other; pandas objects get a fresh RangeIndex.

    Categories that differ are united in their order, as Dask does: text would come of them otherwise.
    """
    kind = kind_of(parts[0])
    if kind is Kind.ARROW:
        return sys.modules["pyarrow"].concat_tables(parts).combine_chunks()
    if kind is Kind.ARROW_COLUMN:
        pa = sys.modules["pyarrow"]
        return stacked([pa.table({"labels": part}) for part in parts]).column(0)
    if kind in (Kind.PANDAS, Kind.PANDAS_COLUMN):
        return _stacked_pandas(parts)
    return np.concatenate(parts)


def _stacked_pandas(parts: Sequence[Any]) -> Any:
    pd = sys.modules["pandas"]
    whole = pd.concat(parts, ignore_index=True)
    if whole.ndim == 1:
        united = _united_categories([part.array for part in parts], whole.name)
        return whole if united is None else pd.Series(united, name=whole.name)
    for j, name in enumerate(whole.columns):
        united = _united_categories([part.iloc[:, j].array for part in parts], name)
        if united is not None:
            whole.isetitem(j, united)
    return whole


def _united_categories(parts: list[Any], name: Any) -> Any:
    """Columns of different categories as one; None of others, which pandas puts together as they are."""
    pd = sys.modules["pandas"]
    kinds = [part.dtype for part in parts]
    if not all(isinstance(kind, pd.CategoricalDtype) for kind in kinds) or all(k == kinds[0] for k in kinds):
        return None
    known = next((part.categories for part in parts if len(part.categories)), parts[0].categories)
    typed = [part if len(part.categories) else part.set_categories(known[:0]) for part in parts]
    try:
        return pd.api.types.union_categoricals(typed)
    except TypeError as error:
        raise ValueError(
            f"Column {name!r} must have categories that can be united: of one type, and the same ones where "
            f"they are ordered. Got others in some partitions ({error}); pass "
            f"frame.categorize([{name!r}]), whose partitions have the categories of all."
        ) from error


def _require_fit(n_bytes: int, room: int | None) -> None:
    if room is not None and _COPIES * n_bytes > room:
        raise ValueError(
            f"memory_limit must hold the rows of the classes that get new rows, {_COPIES} times over. "
            f"Those of the first blocks are {n_bytes:,} bytes already, and there is room for "
            f"{room // _COPIES:,}; pass a larger memory_limit, or leave a class out of sampling_strategy."
        )


def _nbytes(few: Few) -> int:
    return sum(
        int(rows.memory_usage().sum() if kind_of(rows) is Kind.PANDAS else rows.nbytes)
        for rows in (few.features, few.labels)
    )
