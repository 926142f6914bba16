"""Labels and scores in partitions, and whether they give what the function for rows in memory does."""

import warnings

import dask.array as da
import numpy as np
import pandas as pd
from adapters.dask.partitions import chunks, frame_in_partitions

import fastsmote
import fastsmote.dask

SWEPT = ("confusion_sweep", "precision_recall_curve", "roc_curve", "det_curve")
AREAS = ("roc_auc_score", "average_precision_score")
CALIBRATED = (
    "calibration_curve", "expected_calibration_error", "brier_score", "brier_decomposition", "log_loss",
)  # fmt: skip
SCORED = (*SWEPT, *AREAS, *CALIBRATED)
OTHERS = ("estimate_prior", "class_weights", "streaming_sweep", "streaming_calibration")
FUNCTIONS = (*SCORED, *OTHERS)


def rows(n, seed=0, dtype=np.float64, labels=(0, 1), share=0.3, ties=True):
    """Labels, scores in [0, 1] that tie, and weights, some of them 0."""
    rng = np.random.default_rng(seed)
    y = np.array(labels)[(rng.random(n) < share).astype(int) * rng.integers(1, max(len(labels), 2), n)]
    scores = np.clip(0.3 * (y != labels[0]) + 0.7 * rng.random(n), 0, 1)
    scores = np.round(scores, 1 if ties else 12)
    scores = scores.astype(dtype) if np.dtype(dtype).kind == "f" else np.round(9 * scores).astype(dtype)
    return y, scores, np.where(rng.random(n) < 0.2, 0.0, rng.random(n))


def partitioned(ends, *arrays):
    sizes = chunks(len(arrays[0]), ends)
    return [da.from_array(a, (sizes, *a.shape[1:])) for a in arrays]


def frame_of(ends, **columns):
    return frame_in_partitions(pd.DataFrame(columns), ends)


def bits(result):
    """A result as something that is equal if all bits are."""
    if isinstance(result, np.ndarray):
        return result.dtype, result.shape, result.tobytes()
    if isinstance(result, float):
        return "float", np.float64(result).tobytes()
    if isinstance(result, dict):
        return {key: bits(value) for key, value in result.items()}
    if isinstance(result, tuple):
        extra = [
            bits(getattr(result, name))
            for name in ("low", "high", "counts", "edges")
            if hasattr(result, name)
        ]
        return type(result), [bits(one) for one in result], extra
    return type(result), result


def outcome(function, *args, **options):
    """The bits of what a function gives and the warnings on the way, or the kind of its error."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = bits(function(*args, **options))
        except (TypeError, ValueError) as error:
            return type(error)
    return result, sorted({str(one.message) for one in caught if issubclass(one.category, UserWarning)})


def agree(name, ends, y, scores, weights=None, **options):
    """Whether partitions give the bits, the warnings or the refusal of rows in memory."""
    arrays = [y, scores] if weights is None else [y, scores, weights]
    parts = partitioned(ends, *arrays)
    given, whole = dict(options), dict(options)
    if weights is not None:
        given["sample_weight"], whole["sample_weight"] = parts[2], weights
    actual = outcome(getattr(fastsmote.dask, name), *parts[:2], **given)
    expected = outcome(getattr(fastsmote, name), y, scores, **whole)
    assert actual == expected, (actual, expected)
    return True
