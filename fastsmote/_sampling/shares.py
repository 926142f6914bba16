"""Shares of classes as a ``sampling_strategy``: of the smallest class at least, or of any class, known."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastsmote._core.public import public


@public("fastsmote.resample")
@dataclass(frozen=True)
class Share:
    """A ``sampling_strategy``: the share that the smallest class has of all rows afterwards.

    Where a float is imbalanced-learn's *ratio* of the smallest class to the largest, ``Share(0.3)`` is 30 %
    of all rows, or just above it (0.3 is taken as 3 / 10). Over-samplers add to the smallest class,
    under-samplers cut the largest classes to one common size; cleaners take no share. A share below the one
    that there is already is refused with the counts that lead to it.

    Parameters
    ----------
    share : float
        In (0, 1).

    Raises
    ------
    ValueError, TypeError
        If the share is not a number between 0 and 1.

    See Also
    --------
    Prior : The share of any class, raised or lowered.
    fastsmote.random_over_sample, fastsmote.random_under_sample : The forms of a ``sampling_strategy``.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> share = fastsmote.Share(0.3)
    >>> X_resampled, y_resampled = fastsmote.smote(X, y, sampling_strategy=share, random_state=0)
    >>> len(y_resampled), int(y_resampled.sum())
    (1358, 408)
    """

    share: float

    def __post_init__(self) -> None:
        _check(self.share)


@public("fastsmote.resample")
@dataclass(frozen=True)
class Prior:
    """A ``sampling_strategy``: the shares that classes have of all rows afterwards, whichever way that is.

    Where :class:`Share` only raises the share of the smallest class, a prior may also be below the one that
    there is: over-samplers add rows to the classes whose share is too small, under-samplers cut those whose
    share is too large. Of 1,000 patients, 400 of them malignant, ``Prior({"malignant": 0.2})`` keeps 150 and
    600 with an under-sampler, 20 % of 750; an over-sampler makes 1,600 benign ones beside the 400.

    Parameters
    ----------
    share : float or dict of label to float
        The share of the smallest class, which must be the only one of its size; or those of the classes
        named. All other classes have the rest, in the proportions among each other that they have now.

    Raises
    ------
    ValueError, TypeError
        If a share is not a number between 0 and 1, or a dict names no class. When it is
        used: if a label is unknown; shares of all classes do not add up to 1 (within 1e-9), or those of some
        leave nothing to the others; a number is given and several classes are the smallest; a class would
        have no row.

    See Also
    --------
    Share : At least a share, for the smallest class.
    fastsmote.correct_prior_from : Probabilities of a model of the resampled rows, for the rows as they were.

    Notes
    -----
    The classes that change do so to the nearest whole number of rows (halves to the even one) beside one that
    keeps all its rows, in exact arithmetic; 0.2 is taken as 1 / 5. Cleaners take no prior, and in
    combinations it holds for the rows before cleaning.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = [[i] for i in range(1000)], ["benign"] * 600 + ["malignant"] * 400
    >>> prior = fastsmote.Prior({"malignant": 0.2})
    >>> fastsmote.random_under_sample(X, y, sampling_strategy=prior, random_state=0).counts_after
    {'benign': 600, 'malignant': 150}
    >>> fastsmote.random_over_sample(X, y, sampling_strategy=prior, random_state=0).counts_after
    {'benign': 1600, 'malignant': 400}
    """

    share: float | Mapping[Any, float]

    def __post_init__(self) -> None:
        if not isinstance(self.share, Mapping):
            _check(self.share)
            return
        object.__setattr__(self, "share", dict(self.share))  # not one that changes elsewhere
        if not self.share:
            raise ValueError("share must name a class at least, such as {'malignant': 0.2}. Got {}.")
        for share in self.share.values():
            _check(share)


def _check(share: Any) -> None:
    if isinstance(share, bool) or not isinstance(share, numbers.Real):
        raise TypeError(f"share must be a number between 0 and 1. Got {share!r}.")
    if not 0 < float(share) < 1:
        raise ValueError(f"share must be a number between 0 and 1. Got {share!r}.")
