"""What classes weigh in training, where a classifier was fitted with weights of classes or of rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fastsmote._core.labels import check_labels
from fastsmote._core.weights import check_weights, completed
from fastsmote._probability.prior_inputs import counts_of


def weighted_counts(source: Any, weights: Any) -> tuple[dict[Any, float], dict[Any, float]]:
    """Counts per class of the rows as they came, and weights per class of those in training."""
    is_pair = isinstance(source, tuple | list) and len(source) == 2 and not any(map(np.isscalar, source))
    is_resampled = hasattr(source, "counts_before")
    fitted = source[1] if is_pair or (is_resampled and isinstance(source, tuple)) else source
    if is_pair or is_resampled:
        before, after = counts_of(source)
    else:
        labels = check_labels(source, name="source", min_classes=1)
        before = after = dict(zip(labels.classes.tolist(), labels.counts.tolist(), strict=True))
    if isinstance(weights, str):
        if weights != "balanced":
            raise ValueError(
                "weights must be 'balanced', a dict of label to weight, or one weight per row. Got "
                f"{weights!r}."
            )
        return before, {label: float(count > 0) for label, count in after.items()}
    if isinstance(weights, Mapping):
        each = completed(weights, list(after), "weights")
        return before, {label: count * one for (label, count), one in zip(after.items(), each, strict=True)}
    if isinstance(fitted, Mapping) or hasattr(fitted, "counts_before"):
        raise TypeError(
            "source must hold labels, one for each of the weights. Got counts of classes; pass the labels "
            "that the classifier was fitted to, or a dict of label to weight."
        )
    return before, _sums(fitted, weights)


def _sums(y: Any, weights: Any) -> dict[Any, float]:
    labels = check_labels(y, name="labels of source", min_classes=1)
    rows = check_weights(weights)
    if rows is None or len(rows) != len(labels.codes):
        raise ValueError(
            f"weights must hold one weight for each of the {len(labels.codes)} rows that the classifier was "
            f"fitted to. Got {0 if rows is None else len(rows)}."
        )
    return dict(zip(labels.classes.tolist(), np.bincount(labels.codes, rows).tolist(), strict=True))
