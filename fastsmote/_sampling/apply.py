"""Decisions of samplers, and what they make of the user's containers: decide, then apply.

A decision carries what was read of X and y (:class:`fastsmote._core.intake.Intake`), so that applying it asks
nothing again.
"""

from typing import Any, NamedTuple

import numpy as np

from fastsmote._core import growth
from fastsmote._core.check import check_flag
from fastsmote._core.intake import Intake
from fastsmote._core.typing import Matrix, RowIds
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.result import Resampled


class OverSampling:
    """New rows that are to follow the rows of X.

    Of rows that had to be converted it keeps those that the plan is made of, and lets the others go before
    there is an output.
    """

    def __init__(self, request: Request, plan: SyntheticPlan) -> None:
        self.request, self.plan = request, plan

    def resampled(self, return_weights: Any = False) -> Resampled:
        """X and y with the new rows, whose labels are those of their base rows; and weights, if asked for."""
        with_weights, plan = check_flag(return_weights, "return_weights"), self.plan
        source = materialize.parent_rows(self.request, plan)
        self.request = request = self.request.without_matrix()
        intake = request.intake
        parts: tuple[Any, ...] = (
            materialize.append(intake.X, source, plan, request.n_jobs, request.progress),
            intake.y.with_rows(plan.base),
        )
        if with_weights:
            parts = *parts, materialize.weights(plan, intake.labels, request.weight)
        counts = intake.labels.counts
        return Resampled.of(parts, intake.labels.classes, counts, counts + request.targets)


class Selection(NamedTuple):
    """Rows of X that stay."""

    intake: Intake
    rows: RowIds  # ascending

    def resampled(self) -> Resampled:
        """The rows of X and y that stay."""
        intake, rows = self
        return _counted((intake.X.take(rows), intake.y.take(rows)), intake, rows)


class Replacement(NamedTuple):
    """Rows of X that stay, and new ones in place of those that go, each of the class of some row."""

    intake: Intake
    rows: RowIds
    new: Matrix
    like: RowIds  # (len(new),) a row of the class of each new one

    def resampled(self) -> Resampled:
        """The rows that stay, then the new ones."""
        intake, rows, new, like = self

        def fill(out: Any, start: int) -> None:
            out[:] = new[start : start + len(out)]

        if not len(new):
            return Selection(intake, rows).resampled()
        X = growth.append_numbers(intake.X.rows(rows), len(new), fill, new.dtype)
        both = np.concatenate([rows, like])
        return _counted((X, intake.y.take_anew(both)), intake, both)


def _counted(parts: tuple[Any, ...], intake: Intake, rows: RowIds) -> Resampled:
    """``parts``, whose rows are of the classes of ``rows``."""
    labels = intake.labels
    after = np.bincount(labels.codes[rows], minlength=len(labels.classes))
    return Resampled.of(parts, labels.classes, labels.counts, after)
