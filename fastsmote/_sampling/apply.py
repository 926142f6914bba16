"""Decisions of samplers, and what they make of the user's containers: decide, then apply.

A decision carries what was read of X and y (:class:`fastsmote._core.intake.Intake`), so that applying it asks
nothing again.
"""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core import growth
from fastsmote._core.check import check_flag
from fastsmote._core.intake import Intake
from fastsmote._core.labels import Labels
from fastsmote._core.sparse_matrix import SparseMatrix
from fastsmote._core.typing import RowIds
from fastsmote._sampling.over import materialize
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.records import some_of
from fastsmote._sampling.over.request import Request
from fastsmote._sampling.over.sparse import as_class_of
from fastsmote._sampling.places import draw_places
from fastsmote._sampling.result import Resampled


class OverSampling:
    """New rows that are to follow the rows of X.

    Where the request says how many rows of each class stay, old and new, the others are never made. Of rows
    that had to be converted it keeps those that the plan is made of, and lets the others go before there is
    an output.
    """

    def __init__(self, request: Request, plan: SyntheticPlan) -> None:
        self.request, self.plan = request, plan

    def resampled(self, return_weights: Any = False) -> Resampled:
        """X and y with the new rows, whose labels are those of their base rows; and weights, if asked for."""
        with_weights = check_flag(return_weights, "return_weights")
        kept, plan = self._that_stay()
        source = materialize.parent_rows(self.request, plan)
        if source.is_own:
            self.request = self.request.without_matrix()
        request = self.request
        X, y, labels, _ = request.intake
        parts: tuple[Any, ...] = (
            materialize.append(X, source, plan, request.n_jobs, request.progress, kept),
            y.with_rows(plan.base) if kept is None else y.take_anew(np.concatenate([kept, plan.base])),
        )
        if with_weights:
            parts = *parts, materialize.weights(plan, labels, request.weight, kept)
        after = labels.counts + request.targets if request.final is None else request.final
        return Resampled.of(parts, labels.classes, labels.counts, after)

    def _that_stay(self) -> tuple[RowIds | None, SyntheticPlan]:
        """Rows of X, None for all, and the plan of the new rows: those that random under-sampling leaves."""
        request, plan = self.request, self.plan
        codes, classes, counts = request.labels
        if request.final is None:
            return None, plan
        grown = Labels(codes, classes, counts + request.targets)
        old, new = np.ones(len(codes), bool), np.ones(len(plan), bool)
        first = np.cumsum(request.targets) - request.targets
        for code, places in draw_places(grown, request.final, False, request.seed, request.n_jobs).items():
            n_old = np.searchsorted(places, counts[code])
            rows = np.flatnonzero(codes == code)
            old[rows] = False
            old[rows[places[:n_old]]] = True
            new[first[code] : first[code] + request.targets[code]] = False
            new[first[code] + places[n_old:] - counts[code]] = True
        made = plan if new.all() else replace(plan, **some_of(plan, np.flatnonzero(new)))
        return np.flatnonzero(old), made


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
    new: Any  # (n_new, n_features), sparse where X is
    like: RowIds  # (len(new),) a row of the class of each new one

    def resampled(self) -> Resampled:
        """The rows that stay, then the new ones."""
        intake, rows, new, like = self

        def fill(out: Any, start: int) -> None:
            out[:] = new[start : start + len(out)]

        if not len(new):
            return Selection(intake, rows).resampled()
        kept = intake.X.rows(rows)
        if isinstance(new, SparseMatrix):
            X = kept.with_sparse(as_class_of(kept.given, new.csr))
        else:
            X = growth.append_numbers(kept, len(new), fill, new.dtype)
        both = np.concatenate([rows, like])
        return _counted((X, intake.y.take_anew(both)), intake, both)


def _counted(parts: tuple[Any, ...], intake: Intake, rows: RowIds) -> Resampled:
    """``parts``, whose rows are of the classes of ``rows``."""
    labels = intake.labels
    return Resampled.of(parts, labels.classes, labels.counts, labels.counts_of(rows))
