"""Warnings for measures that the labels leave undefined."""

from __future__ import annotations

import sys

from fastsmote._core.public import public
from fastsmote._core.warn import warn_user


class _Replaceable(UserWarning):
    """Stands where scikit-learn's class may come: Python swaps only bases that are laid out alike."""


@public("fastsmote.metrics")
class UndefinedMetricWarning(_Replaceable):
    """A metric is not defined for these labels, for example because only one class is present.

    Where scikit-learn is imported it is a subclass of ``sklearn.exceptions.UndefinedMetricWarning``, so that
    filters and tests for that one see it.
    """


def adopt() -> None:
    """Make the class a subclass of scikit-learn's of the same name, if that is loaded by now.

    Its bases are set, so that there is one class, whose name pickles know, whichever is imported first.
    """
    theirs = getattr(sys.modules.get("sklearn.exceptions"), "UndefinedMetricWarning", None)
    if theirs is not None and not issubclass(UndefinedMetricWarning, theirs):
        UndefinedMetricWarning.__bases__ = (theirs,)


def warn_undefined(message: str) -> None:
    adopt()
    warn_user(message, UndefinedMetricWarning)


def warn_no_positive() -> None:
    warn_undefined("No positive class found in y_true, recall is set to one for all thresholds.")


def warn_one_class() -> None:
    warn_undefined("Only one class is present in y_true. ROC AUC score is not defined in that case.")


adopt()
