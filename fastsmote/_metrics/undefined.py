"""Warnings for measures that the labels leave undefined."""

from __future__ import annotations

from fastsmote._core.public import public
from fastsmote._core.warn import warn_user


@public("fastsmote.metrics")
class UndefinedMetricWarning(UserWarning):
    """A metric is not defined for these labels, for example because only one class is present."""


def warn_undefined(message: str) -> None:
    warn_user(message, UndefinedMetricWarning)


def warn_no_positive() -> None:
    warn_undefined("No positive class found in y_true, recall is set to one for all thresholds.")


def warn_one_class() -> None:
    warn_undefined("Only one class is present in y_true. ROC AUC score is not defined in that case.")
