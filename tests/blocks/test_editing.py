"""Editing on blocks whose rows without a proof are put beside each other before all blocks were seen."""

from itertools import pairwise

import numpy as np
import pytest

import fastsmote
from fastsmote._blocks import editing
from fastsmote._blocks.block import Block, count, merged
from fastsmote._blocks.passes import InOrder
from fastsmote._blocks.samplers import BLOCK_SAMPLERS

METHODS = {
    "edited_nearest_neighbours": [{}, {"n_neighbors": 1}, {"kind_sel": "mode", "n_neighbors": 4}],
    "neighbourhood_cleaning_rule": [{}, {"n_neighbors": 7, "min_count": 60}],
}
CASES = [(method, options) for method, several in METHODS.items() for options in several]


def overlapping(n, dtype, side, seed):
    """Common rows around rare ones; with ``side`` small whole numbers, whose distances tie."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.15).astype(int)
    y[: n // 50] = 2
    X = rng.normal(size=(n, 3)) + 0.5 * y[:, np.newaxis]
    return (np.round(X * side) if side else X).astype(dtype), y


def in_blocks(X, y, ends):
    firsts = [0, *sorted(ends), len(y)]
    return [Block(X[lo:hi], y[lo:hi], lo, "y") for lo, hi in pairwise(firsts)]


def kept_of(blocks, method, options):
    known = None
    for block in blocks:
        known = merged(known, count(block))

    def each(work):
        for block in blocks:
            work(block)
            yield

    decision = BLOCK_SAMPLERS[method].decide(known, InOrder(each), 10**12, n_jobs=1, **options)
    before, rows = np.zeros(len(known.counts), np.int64), []
    for block in blocks:
        kept, before = decision.keep(block, before)
        rows.append(block.first + kept)
    return np.concatenate(rows)


@pytest.fixture
def condensing(monkeypatch):
    """Beside each other at each merge; counts how many rows that has proven."""
    proven = []
    beside = editing.Editor._beside_each_other

    def counted(self, asked):
        left = beside(self, asked)
        proven.append(len(asked.rows) - len(left.rows))
        return left

    at_once = editing.Editor._condensed
    monkeypatch.setattr(editing.Editor, "_beside_each_other", counted)
    monkeypatch.setattr(editing.Editor, "_condensed", lambda self, room, *two: at_once(self, 1, *two))
    monkeypatch.setattr(editing, "_within", lambda room, n_bytes, parts: (n_bytes, parts))
    return proven


@pytest.mark.parametrize(("method", "options"), CASES)
@pytest.mark.parametrize(("dtype", "side"), [(np.float64, 0), (np.float32, 0), (np.float64, 2)])
@pytest.mark.filterwarnings("ignore:All rows:UserWarning")
def test_rows_are_those_of_the_whole_table(condensing, method, options, dtype, side):
    X, y = overlapping(700, dtype, side, seed=len(method) + side)
    expected = getattr(fastsmote.select, method)(X, y, **options)
    for ends in ([100, 101, 300, 300, 520], range(50, 700, 50), [699]):
        np.testing.assert_array_equal(kept_of(in_blocks(X, y, ends), method, options), expected)
    assert sum(condensing) > 50


def test_what_fills_the_room_is_condensed_before_it_is_refused(monkeypatch):
    X, y = overlapping(4_000, np.float64, 0, seed=1)
    blocks = in_blocks(X, y, range(200, 4_000, 200))
    sizes = []
    within = editing._within
    monkeypatch.setattr(editing, "_within", lambda room, n, parts: sizes.append(n) or within(None, n, parts))
    expected = kept_of(blocks, "edited_nearest_neighbours", {})
    most = max(sizes)

    at_once = editing.Editor._condensed
    monkeypatch.setattr(editing, "_within", within)
    monkeypatch.setattr(
        editing.Editor, "_condensed", lambda self, room, *two: at_once(self, most * 3 // 4, *two)
    )
    np.testing.assert_array_equal(kept_of(blocks, "edited_nearest_neighbours", {}), expected)
    monkeypatch.setattr(editing.Editor, "_condensed", lambda self, room, *two: at_once(self, 1000, *two))
    with pytest.raises(ValueError, match="memory_limit must hold the rows of the largest class that lie"):
        kept_of(blocks, "edited_nearest_neighbours", {})
