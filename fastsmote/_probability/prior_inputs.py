"""Class priors and counts as users pass them: numbers, arrays or mappings to one share per column of p."""

import math
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import numpy as np

from fastsmote._core.check import is_number
from fastsmote._core.foreign import refuse_unread
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import check_labels
from fastsmote._core.scores import infer_pos_label
from fastsmote._core.tables import frame_names
from fastsmote._core.typing import Floats, Matrix
from fastsmote._probability.inputs import read_numbers

LEAST = 1e-75  # of a prior, so that products of four quotients of priors are normal numbers
_PRIOR_TOLERANCE = 1e-6  # of the sum of priors, which may come as float32


def read_p(p: Any) -> Matrix:
    """p as C-contiguous float32 or float64 of shape (n,) or (n, n_classes), of whatever values."""
    return freeze(read_numbers(p, "p"))


def n_columns(p: Matrix) -> int:
    return 2 if p.ndim == 1 else p.shape[1]


def unboxed(value: Any) -> Any:
    """A 0-d array as the number in it, anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def sorted_labels(labels: Iterable[Any]) -> list[Any]:
    try:
        return sorted(labels)
    except TypeError:
        raise ValueError(
            f"Labels must be all numbers or all strings. Got {list(labels)!r}; convert some of them."
        ) from None


def in_order(prior: Any, name: str, labels: list[Any]) -> Any:
    """The priors of ``labels`` if they come by label, anything else as it is."""
    if not isinstance(prior, Mapping):
        return prior
    if len(prior) != len(labels) or set(prior) != set(labels):
        raise ValueError(f"{name} must have the labels {labels!r}. Got {list(prior)!r}.")
    return [prior[label] for label in labels]


def check_prior(prior: Any, name: str, p: Matrix, labels: list[Any]) -> Floats:
    """Priors of the columns of p from a number, one number per column, or a mapping from ``labels``."""
    if isinstance(prior, Mapping) and p.ndim == 1:
        raise ValueError(
            f"{name} must be the prior of the positive class, a number, for p of shape (n_samples,). Got "
            f"{prior!r}; or pass p with a column per class."
        )
    prior = in_order(unboxed(prior), name, labels)
    if isinstance(prior, Real):
        if n_columns(p) != 2:
            raise ValueError(
                f"{name} must hold one prior per column of p, {p.shape[1]}. Got the number {prior!r}."
            )
        share = _share(prior, name)
        return np.array([1 - share, share])
    refuse_unread(prior, name)
    values = np.asarray(prior)
    if p.ndim == 1 or values.shape != (p.shape[1],):
        allowed = "a number" if p.ndim == 1 else f"of shape ({p.shape[1]},)"
        raise ValueError(
            f"{name} must be {allowed} for p of shape {p.shape}. Got {prior!r} of shape {values.shape}."
        )
    return check_prior_values(values, name)


def check_prior_values(values: Matrix, name: str) -> Floats:
    """One prior per class, which add up to 1."""
    shares = np.array([_share(value, name) for value in values.tolist()])
    total = math.fsum(shares)
    if abs(total - 1) > _PRIOR_TOLERANCE:
        raise ValueError(f"{name} must hold numbers that add up to 1. Got a sum of {total!r}.")
    return shares / total


def check_share(prior: Any, name: str) -> float:
    """One number in (0, 1)."""
    if not isinstance(prior, Real):
        raise ValueError(f"{name} must be a number, or one number per class. Got {prior!r}.")
    return _share(prior, name)


def _share(prior: Any, name: str) -> float:
    if not is_number(prior) or not LEAST <= float(prior) < 1:
        raise ValueError(
            f"{name} must hold numbers between 0 and 1, both excluded, {LEAST} at least. Got {prior!r}."
        )
    return float(prior)


def check_classes(p: Any, values: Matrix, classes: Any, *priors: Any) -> list[Any]:
    """Labels of the columns ``values`` of p: ``classes``, names of a frame, or of a mapping, sorted.

    Empty where nothing has labels.
    """
    known = next((prior for prior in priors if isinstance(prior, Mapping)), None)
    names = frame_names(p)
    if classes is not None:
        labels = _column_labels(classes, values)
        if known is not None and set(labels) != set(known):
            raise ValueError(f"classes must hold the labels {list(known)!r}, once each. Got {labels!r}.")
        if names is not None and set(names) == set(labels) and names != labels:
            raise ValueError(
                f"classes must be in the order of the columns of p, {names!r}. Got {labels!r}; leave it out."
            )
        return labels
    if known is None or values.ndim == 1:
        return []
    labels = sorted_labels(known)
    if len(labels) != values.shape[1]:
        raise ValueError(
            f"p must have one column per class, {len(labels)} for {labels!r}. Got {values.shape[1]} columns."
        )
    if names is None:
        return labels
    if set(names) != set(labels):
        raise ValueError(
            f"p must have columns that are named as the classes, {labels!r}. Got {names!r}; pass the labels "
            "in the order of the columns as classes."
        )
    return names


def _column_labels(classes: Any, values: Matrix) -> list[Any]:
    if values.ndim == 1:
        raise ValueError(
            f"classes is for p with a column per class. Got {classes!r} and p of shape {values.shape}; leave "
            "it out."
        )
    labels = np.asarray(classes, object)
    if labels.shape != values.shape[1:] or len(set(labels.tolist())) != len(labels):
        raise ValueError(
            f"classes must hold the labels of the {values.shape[1]} columns of p, once each. Got {classes!r}."
        )
    return labels.tolist()


def counts_of(source: Any) -> tuple[dict[Any, float], dict[Any, float]]:
    """Counts per class before and after resampling."""
    if hasattr(source, "counts_before"):
        return source.counts_before, source.counts_after
    if not isinstance(source, tuple | list) or len(source) != 2:
        raise TypeError(
            "source must be what a sampler returned, a SyntheticPlan, or a pair (before, after) of labels or "
            f"counts. Got {type(source).__name__}."
        )
    before, after = (_count(part, name) for part, name in zip(source, ("before", "after"), strict=True))
    return before, after


def _count(labels: Any, name: str) -> dict[Any, float]:
    if not isinstance(labels, Mapping):
        found = check_labels(labels, name=f"labels {name}", min_classes=1)
        return dict(zip(found.classes.tolist(), found.counts.tolist(), strict=True))
    sorted_labels(labels)
    for label, count in labels.items():
        if not is_number(count) or not 0 <= float(count) < math.inf:
            raise ValueError(
                f"counts {name} must be numbers of at least 0. Got {count!r} for class {label!r}."
            )
    return dict(labels)


def shares_of(counts: Mapping[Any, float], labels: list[Any], when: str) -> Floats:
    """Counts as priors, in the order of ``labels``."""
    missing = [label for label in labels if not counts.get(label)]
    unknown = [label for label in counts if label not in labels]
    if missing or unknown:
        raise ValueError(
            f"source must have rows of the same classes before and after. Got {when} resampling none of "
            f"{missing!r}, and unknown {unknown!r}: a class without rows has no odds to correct."
        )
    values = np.array([counts[label] for label in labels], np.float64)
    return values / values.sum()


def positive_last(counts: dict[Any, float], pos_label: Any) -> list[Any]:
    if len(counts) != 2:
        raise ValueError(
            f"p must have one column per class for {len(counts)} classes, {sorted(counts)!r}. Got p of shape "
            "(n_samples,)."
        )
    positive = infer_pos_label(list(counts), pos_label)
    if positive not in counts:
        raise ValueError(f"pos_label must be one of {sorted(counts)!r}. Got {positive!r}.")
    return sorted(counts, key=lambda label: bool(label == positive))
