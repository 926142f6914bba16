"""The answers of an index to queries of every kind, and whether those of two are the same."""

import math

import numpy as np

from fastsmote._neighbors import batches, build, distance, few, search, spread

INDEX_CHANGES = [  # of sizes that must change no answer
    {(distance, "ROWS_PER_BLOCK"): 96, (build, "_LEAVES_PER_BLOCK"): 1},
    {(batches, "batch_sizes"): lambda *shape: (1, 1)},
    {(batches, "batch_sizes"): lambda *shape: (7, 5)},
    {(batches, "batch_sizes"): lambda *shape: (128, 1000)},
    {(spread, "MANY_ROWS"): 1, (spread, "_FEWEST"): 1, (spread, "LARGE_BATCH"): 33, (spread, "_MERGED"): 7},
    {(spread, "MANY_ROWS"): 1, (spread, "_BLOCKS"): 3},
    {(search, "_FEW_ROWS"): 0},
    {(search, "_FEW_ROWS"): 1 << 20},
    {(few, "STEPS"): math.inf},
    {(few, "STEPS"): math.inf, (few, "_BLOCK"): 1.0},
    {(build, "_DEALT"): 600, (build, "_DEALT_TOGETHER"): 50, (build, "_PIVOTS"): 9},
    {(build, "LEAF_ROWS"): 32},
    {(build, "LEAF_ROWS"): 96},
    {(build, "LEAF_ROWS"): 8192},
    {(build, "SPLIT_AXES"): 1},
]


def assert_same(actual, expected):
    for a, e in zip(actual, expected, strict=True):
        assert a.dtype == e.dtype
        np.testing.assert_array_equal(a, e)


def answers(index, rows=None, **rest):
    """The answers of an index of at least two classes with more than three rows each."""
    nearest = index.query(rows=rows, n_neighbors=4, **rest)
    labelled = index._labelled
    pairs_of = np.arange(len(labelled.index.X)) if rows is None else np.asarray(rows, int)
    first, second = sorted(labelled.classes)[:2]
    return [
        *nearest,
        *index.query(rows=rows, n_neighbors=3, among=second, **rest),
        *index.farthest(rows=rows, n_neighbors=3, among=[second, first], **rest),
        *index.farthest(rows=rows, n_neighbors=2, **rest),
        index.count_other_classes(3, rows=rows, **rest),
        index.own_class_first(3, rows=rows, **rest),
        index.own_class_first(2, 2, rows=rows, **rest),
        index.is_nearest(pairs_of, nearest[1][:, 0], **rest),
        index.is_nearest(pairs_of, nearest[1][:, 1], **rest),
    ]


# What resamplers make of the answers
