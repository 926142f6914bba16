"""Arrays and frames in partitions, and whether they give what the function for the whole table does."""

import inspect
from itertools import pairwise

import dask
import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd

import fastsmote
import fastsmote.dask

GROWING = ("random_over_sample", "smote", "smotenc", "adasyn", "borderline_smote")
CLEANING = ("tomek_links", "edited_nearest_neighbours", "neighbourhood_cleaning_rule")
COMBINED = ("smote_tomek", "smote_enn")
METHODS = (*GROWING, "random_under_sample", "near_miss", *CLEANING, *COMBINED)


def numbers(n, dtype=np.float32, seed=0, labels=(0, 1), share=0.2):
    """Rows of small whole numbers, so that distances tie and rows repeat; the first labels are rare ones."""
    rng = np.random.default_rng(seed)
    y = np.array(labels)[(rng.random(n) < share).astype(int) * rng.integers(1, len(labels), n)]
    y[: 8 * len(labels)] = np.repeat(labels, 8)
    return rng.integers(0, 4, (n, 3)).astype(dtype), y[rng.permutation(n)]


def chunks(n, ends):
    """Sizes of chunks that end before these rows; equal ends make empty ones."""
    return tuple(hi - lo for lo, hi in pairwise([0, *sorted(min(end, n) for end in ends), n]))


def arrays(X, y, ends):
    sizes = chunks(len(y), ends)
    return da.from_array(X, (sizes, -1)), da.from_array(y, (sizes,))


def table(X, y):
    """The labels between the features."""
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    frame.insert(1, "label", y)
    return frame


def frame_in_partitions(frame, ends):
    sizes = chunks(len(frame), ends)
    firsts = np.cumsum([0, *sizes])
    parts = [frame.iloc[lo:hi] for lo, hi in pairwise(firsts)]
    return dd.from_map(lambda i: parts[i], range(len(parts)), meta=frame.iloc[:0])


def drawing(method, options):
    """Without the seed, for a method that draws nothing; with categories, for one that needs some."""
    takes = inspect.signature(getattr(fastsmote, method)).parameters
    own = {"categorical_features": [1]} if method == "smotenc" else {}
    return own | {name: value for name, value in options.items() if name != "random_state" or name in takes}


def computed_by(function, *args, **keywords):
    """What a function gives, or how it refuses, at the call or later."""
    try:
        return dask.compute(function(*args, **keywords))[0]
    except RuntimeError as error:
        return str(error)


def same(actual, expected):
    if isinstance(expected, str):
        return actual == expected
    parts = zip(actual, expected, strict=True)
    return all(a.dtype == e.dtype and a.tobytes() == e.tobytes() for a, e in parts)


def agree(method, X, y, ends, **options):
    """Whether arrays in chunks give the same bits, or the same refusal, as whole ones."""
    options = drawing(method, options)
    expected = computed_by(getattr(fastsmote, method), X, y, **options)
    return same(computed_by(getattr(fastsmote.dask, method), *arrays(X, y, ends), **options), expected)


def whole_frame(method, frame, **options):
    """The function for whole tables on a frame with the labels in it."""
    X, y = getattr(fastsmote, method)(
        frame.drop(columns=["label"]), frame["label"], **drawing(method, options)
    )
    X = X.copy()
    X.insert(frame.columns.get_loc("label"), "label", y.set_axis(X.index))
    return X
