"""The answers of an index to queries of every kind, and whether those of two are the same."""

import numpy as np


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
