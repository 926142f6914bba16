"""What a sampler returns: a tuple that carries counts of classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastsmote._core.public import public


@public("fastsmote.resample")
class Resampled(tuple[Any, ...]):
    """What a sampler returns: the tuple (X_resampled, y_resampled[, weights]), and counts of classes.

    It unpacks, compares and pickles as that tuple. Kept whole it says how resampling changed the class
    prior, which is what :func:`fastsmote.priors.correct_prior_from` takes to give probabilities back.

    Attributes
    ----------
    counts_before, counts_after : dict of label to int
        Rows of each class of y and of y_resampled, in the order of the labels; 0 for a class that lost all.

    See Also
    --------
    fastsmote.correct_prior_from : Probabilities of a model of resampled rows, for the rows as they were.

    Examples
    --------
    >>> import fastsmote
    >>> resampled = fastsmote.random_under_sample([[0], [1], [2], [3]], list("aaab"), random_state=0)
    >>> X, y = resampled
    >>> resampled.counts_before, resampled.counts_after
    ({'a': 3, 'b': 1}, {'a': 1, 'b': 1})
    """

    counts_before: dict[Any, int]
    counts_after: dict[Any, int]

    @classmethod
    def of(
        cls, parts: tuple[Any, ...], classes: np.ndarray, before: np.ndarray, after: np.ndarray
    ) -> Resampled:
        """``parts`` with the counts of ``classes``.

        Parameters
        ----------
        parts : tuple
            X_resampled, y_resampled and, where they were asked for, weights.
        classes : ndarray of shape (n_classes,)
            Labels, ascending.
        before, after : ndarray of int64 of shape (n_classes,)
            Rows of each class.

        Returns
        -------
        Resampled

        See Also
        --------
        fastsmote.SyntheticPlan : New rows before they are made.
        """
        resampled = cls(parts)
        resampled.counts_before, resampled.counts_after = by_label(classes, before), by_label(classes, after)
        return resampled


def by_label(classes: np.ndarray, counts: np.ndarray) -> dict[Any, int]:
    """Counts as a dict from the user's labels."""
    return dict(zip(classes.tolist(), counts.tolist(), strict=True))
