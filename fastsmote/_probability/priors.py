"""Probabilities under other priors: their odds, times the odds of the classes now by those in training.

Inside, priors are of shape (n_classes,), in the order of the columns of p; p of shape (n,) stands for the two
columns 1 - p and p.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import scipy.special

from fastsmote._core.foreign import refuse_unread
from fastsmote._core.threads import run_ranges, split
from fastsmote._core.typing import Floats, Matrix
from fastsmote._kernels import scan
from fastsmote._kernels.probability import priors as kernels
from fastsmote._probability.inputs import SUM_TOLERANCE
from fastsmote._probability.prior_inputs import (
    check_classes,
    check_prior,
    check_prior_values,
    check_share,
    counts_of,
    in_order,
    positive_last,
    read_p,
    shares_of,
    sorted_labels,
    unboxed,
)
from fastsmote._probability.training_weights import weighted_counts

Work = Callable[[int, int], object]

_ROWS = 1 << 17  # rows per block: 1 MiB of float64, and smaller problems run without threads


def run_checked(p: Matrix, work: Work | None, n_jobs: int | None) -> None:
    """``work`` on ranges of rows whose values are probabilities; ValueError if some are not."""
    find = (
        partial(scan.first_outside, p) if p.ndim == 1 else partial(scan.first_off_simplex, p, SUM_TOLERANCE)
    )
    first = np.full(split(len(p), _ROWS), -1, np.int64)

    def check(lo: int, hi: int) -> None:
        first[lo // _ROWS] = find(lo, hi)
        if work is not None and first[lo // _ROWS] < 0:
            work(lo, hi)

    run_ranges(check, len(p), _ROWS, n_jobs=n_jobs)
    found = first[first >= 0]
    if len(found):
        allowed = "probabilities in [0, 1]" + (", rows of which add up to 1" if p.ndim == 2 else "")
        raise ValueError(
            f"p must hold {allowed}. Got {p[found[0]]} in row {found[0]}; pass what predict_proba gives."
        )


def rescale(p: Matrix, train: Floats, true: Floats, n_jobs: int | None) -> Matrix:
    """p under the priors ``true`` instead of ``train``; ValueError if p are no probabilities."""
    weights = true / train  # the largest is at least 1, as both add up to 1
    out = np.empty_like(p)
    work: Work = (
        partial(kernels.rescale, p, *weights, out)
        if p.ndim == 1
        else partial(kernels.rescale_rows, p, weights, out)
    )
    run_checked(p, work, n_jobs)
    return out


def correct_prior(p: Any, train_prior: Any, true_prior: Any, classes: Any, n_jobs: int | None) -> Any:
    p = unboxed(p)
    alone = isinstance(p, float | int | np.number)
    values = read_p([p] if alone else p)
    labels = check_classes(p, values, classes, train_prior, true_prior)
    train = check_prior(train_prior, "train_prior", values, labels)
    true = check_prior(true_prior, "true_prior", values, labels)
    corrected = rescale(values, train, true, n_jobs)
    return float(corrected[0]) if alone else corrected


def correct_prior_from(
    source: Any, p: Any, weights: Any, true_prior: Any, classes: Any, pos_label: Any, n_jobs: int | None
) -> Matrix:
    before, after = counts_of(source) if weights is None else weighted_counts(source, weights)
    values = read_p(p)
    if values.ndim == 2:
        if pos_label is not None:
            raise ValueError(
                f"pos_label is for p of shape (n_samples,). Got {pos_label!r} and p of shape {values.shape}; "
                "leave it out, or pass one column."
            )
        labels = check_classes(p, values, classes, before)
    else:
        check_classes(p, values, classes)
        labels = positive_last(before, pos_label)
    train = shares_of(after, labels, "after")
    true = shares_of(before, labels, "before")
    if true_prior is not None:
        true = check_prior(true_prior, "true_prior", values, labels)
    return rescale(values, train, true, n_jobs)


def logit_offset(train_prior: Any, true_prior: Any) -> float | Floats:
    named = {"train_prior": unboxed(train_prior), "true_prior": unboxed(true_prior)}
    for name, prior in named.items():
        refuse_unread(prior, name)
    by_label = [prior for prior in named.values() if isinstance(prior, Mapping)]
    if not by_label and not any(map(np.ndim, named.values())):
        train, true = (check_share(prior, name) for name, prior in named.items())
        return float(scipy.special.logit(true) - scipy.special.logit(train))
    labels = sorted_labels(by_label[0]) if by_label else []
    priors = [np.asarray(in_order(prior, name, labels)) for name, prior in named.items()]
    if priors[0].shape != priors[1].shape or priors[0].ndim != 1:
        raise ValueError(
            "train_prior and true_prior must be two numbers or have one number per class. Got shapes "
            f"{priors[0].shape} and {priors[1].shape}."
        )
    shares = [check_prior_values(prior, name) for prior, name in zip(priors, named, strict=True)]
    return np.log(shares[1] / shares[0])
