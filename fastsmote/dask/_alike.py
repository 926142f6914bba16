"""Blocks of a train and a test part as numbers, categories and classes that mean the same in all of them.

A pass looks at everything once (``facts_of``): which values and labels there are, how large numbers are. What
it finds, merged, makes the reader of all later passes.
"""

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._blocks.block import Block, ClassCounts, codes_of, count, counted_from, merged
from fastsmote._blocks.shared_rows import TEST, TRAIN
from fastsmote._core.equal_rows import Tables, read_tables
from fastsmote._core.freeze import freeze
from fastsmote._core.typing import RowIds
from fastsmote._core.values import is_missing_or_nan, objects
from fastsmote._diagnosis.scale import largest_of
from fastsmote._diagnosis.split import shared_codes
from fastsmote.dask._parts import LABELS


class PartFacts(NamedTuple):
    """What there is in some blocks of a part."""

    n_rows: int
    n_incomplete: int  # rows that miss a number
    dtype: np.dtype  # of all numbers
    largest: NDArray[np.float64]  # magnitude of each column of numbers
    largest_complete: NDArray[np.float64]  # the same of complete rows
    values: dict[int, dict[Any, int]]  # by column that is not numeric; what is missing aside
    labels: ClassCounts | None

    def merged(self, other: "PartFacts") -> "PartFacts":
        return PartFacts(
            self.n_rows + other.n_rows,
            self.n_incomplete + other.n_incomplete,
            max(self.dtype, other.dtype),
            np.maximum(self.largest, other.largest),
            np.maximum(self.largest_complete, other.largest_complete),
            _united(self.values, other.values),
            merged(self.labels, other.labels),
        )


def _united(one: dict[int, dict[Any, int]], other: dict[int, dict[Any, int]]) -> dict[int, dict[Any, int]]:
    """Different values of each column, numbered anew."""
    return {j: {value: i for i, value in enumerate({**values, **other[j]})} for j, values in one.items()}


def facts_of(are_numeric: list[bool], block: Block) -> dict[str, PartFacts]:
    """Of a block, by the name of its part; nothing where it has no rows."""
    if len(block.features) == 0:
        return {}
    known: defaultdict[int, dict[Any, int]] = defaultdict(dict)
    with counted_from(block.first):
        tables = read_tables([block.features], [block.name], 1, known, are_numeric)
    is_complete = _are_complete(tables)
    facts = PartFacts(
        len(is_complete),
        int(np.count_nonzero(~is_complete)),
        tables.matrix.dtype,
        largest_of(tables.matrix, 1).astype(np.float64),
        largest_of(tables.matrix[is_complete], 1).astype(np.float64),
        {
            j: {value: i for i, value in enumerate(values) if not is_missing_or_nan(value)}
            for j, values in known.items()
        },
        None if block.labels is None else count(_labelled(block)),
    )
    return {block.name: facts}


def merged_facts(one: dict[str, PartFacts], other: dict[str, PartFacts]) -> dict[str, PartFacts]:
    both = {**one, **other}
    return {
        name: one[name].merged(other[name]) if name in one and name in other else both[name] for name in both
    }


def _labelled(block: Block) -> Block:
    """The block under the name of its labels, for what is said of these."""
    return block._replace(name=LABELS[block.name])


def _are_complete(tables: Tables) -> NDArray[np.bool_]:
    return np.logical_not(np.isnan(tables.matrix).any(axis=1))


class AlikeRows(NamedTuple):
    """Rows of a block, by what they are in all blocks."""

    numbers: RowIds  # in their part
    matrix: NDArray[Any]  # (n, p) float32 or float64, NaN where missing
    codes: NDArray[np.int32]  # (n, c) of categories
    classes: RowIds  # (n,) of labels; empty where lines are looked for among rows of all classes
    is_complete: NDArray[np.bool_]  # (n,)

    def some(self, at: Any) -> "AlikeRows":
        classes = self.classes[at] if len(self.classes) else self.classes
        return AlikeRows(self.numbers[at], self.matrix[at], self.codes[at], classes, self.is_complete[at])


class AlikeReader(NamedTuple):
    """Reads blocks of both parts."""

    are_numeric: list[bool]
    values: dict[int, dict[Any, int]]  # of each column that is not numeric, and their codes
    dtype: np.dtype
    labels: dict[str, ClassCounts | None]  # by part
    codes: dict[str, RowIds]  # of these classes, the same for those of both parts; empty where unused

    @classmethod
    def of(cls, facts: dict[str, PartFacts], are_numeric: list[bool]) -> "AlikeReader":
        train, test = facts[TRAIN], facts[TEST]
        values = _united(train.values, test.values)
        _require_no_numbers(values)
        shared = None
        if train.labels is not None and test.labels is not None:
            shared = shared_codes(train.labels.classes, test.labels.classes)
        codes = {} if shared is None else dict(zip((TRAIN, TEST), shared, strict=True))
        dtype = min(train.dtype, test.dtype)  # what was rounded can only be compared with its like
        return cls(are_numeric, values, dtype, {TRAIN: train.labels, TEST: test.labels}, codes)

    @property
    def n_classes(self) -> int:
        """How many classes lines are looked for within; 1 without."""
        return 1 + max((int(codes.max()) for codes in self.codes.values()), default=0)

    def rows(self, block: Block) -> AlikeRows:
        """The rows of a block that has some."""
        known = {j: dict(values) for j, values in self.values.items()}  # copies, which get what is missing
        with counted_from(block.first):
            tables = read_tables([block.features], [block.name], 1, known, self.are_numeric)
        numbers, classes = block.first + np.arange(len(tables.matrix)), np.empty(0, np.int64)
        if self.codes:
            classes = self.codes[block.name][self.label_codes(block)]
        matrix = freeze(tables.matrix.astype(self.dtype, copy=False))
        return AlikeRows(numbers, matrix, tables.codes, classes, _are_complete(tables))

    def label_codes(self, block: Block) -> RowIds:
        """The labels of a block as codes of the classes of its part; empty where it has none."""
        known = self.labels[block.name]
        return np.empty(0, np.int64) if known is None else codes_of(_labelled(block), known)


def _require_no_numbers(values: dict[int, dict[Any, int]]) -> None:
    """Numbers in a column of objects are numbers in memory, which only all values together tell."""
    for j, different in values.items():
        if objects(different) is not None:
            what = f"{list(different)[:3]!r}" if different else "missing values alone"
            raise ValueError(
                f"Column {j} must have a type of numbers, or hold other values than these. Got {what} as "
                "objects or categories; pass both parts with .astype({column: float}), or without it."
            )
