"""Joining plans for the same X."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fastsmote._core.public import public
from fastsmote._sampling.over.checked import check_fields
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.records import Donors, Smoothing, equal, repeats_rows


@public("fastsmote.plan")
def concatenate(plans: Sequence[SyntheticPlan]) -> SyntheticPlan:
    """Join plans for the same X: the new rows of the first, then those of the second, and so on.

    Parameters
    ----------
    plans : sequence of SyntheticPlan
        At least one; all made for data of one shape, with the same ``columns=`` and categorical features.
        Plans that only repeat rows go with any; the rules for columns then hold for their rows too.

    Returns
    -------
    SyntheticPlan

    Raises
    ------
    ValueError
        If there is no plan, or the plans do not fit together.
    TypeError
        If something else is among them.

    See Also
    --------
    SyntheticPlan : What a plan holds.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X, y = np.arange(20.0).reshape(10, 2), [0] * 7 + [1] * 3
    >>> near = fastsmote.plan.smote(X, y, k_neighbors=2, random_state=0)
    >>> again = fastsmote.plan.random_over_sample(X, y, random_state=1)
    >>> len(fastsmote.plan.concatenate([near, again]))
    8
    """
    plans = list(plans)
    if not plans:
        raise ValueError("plans must hold at least one plan. Got none.")
    for plan in plans:
        if not isinstance(plan, SyntheticPlan):
            raise TypeError(f"plans must hold plans. Got {plan!r}; pass what fastsmote.plan.* return.")
        check_fields(plan)
    widths = {plan.n_features for plan in plans} - {None}
    if len({plan.n_rows for plan in plans}) > 1 or len(widths) > 1:
        shapes = ", ".join(f"({plan.n_rows}, {plan.n_features})" for plan in plans)
        raise ValueError(f"plans must be made for data of one shape. Got plans for shapes {shapes}.")
    if any(plan.counts_before != plans[0].counts_before for plan in plans):
        counts = "; ".join(str(plan.counts_before) for plan in plans)
        raise ValueError(f"plans must be made for the same labels. Got plans for classes of {counts} rows.")
    made_rows = [plan for plan in plans if not repeats_rows(plan)] or plans
    rules = made_rows[0].rules
    if not all(equal(plan.rules, rules) for plan in made_rows):
        raise ValueError(
            "plans must be made with the same columns=. Make them anew with the same, or make their rows one "
            "plan after the other."
        )
    return SyntheticPlan(
        np.concatenate([plan.base for plan in plans]),
        np.concatenate([plan.neighbor for plan in plans]),
        np.concatenate([plan.gap for plan in plans]),
        np.concatenate([plan.label for plan in plans]),
        plans[0].n_rows,
        widths.pop() if widths else None,
        _join_smoothing(plans),
        _join_donors(plans),
        rules,
        plans[0].counts_before,
    )


def _join_smoothing(plans: list[SyntheticPlan]) -> Smoothing | None:
    """Groups of all plans; a plan without noise is one group that does not deviate."""
    smooth = [plan.smoothing for plan in plans if plan.smoothing is not None]
    if not smooth:
        return None
    parts, n_new, n_groups = [], 0, 0
    for plan in plans:
        part = plan.smoothing or Smoothing(
            np.zeros(1, np.uint64),
            np.zeros(1, np.uint64),
            np.zeros(len(plan), np.int64),
            np.zeros(1, np.int64),
            np.zeros((1, smooth[0].deviation.shape[1])),
        )
        parts.append(part._replace(group=part.group + n_groups, first=part.first + n_new))
        n_new, n_groups = n_new + len(plan), n_groups + len(part.first)
    return Smoothing(*map(np.concatenate, zip(*parts, strict=True)))


def _join_donors(plans: list[SyntheticPlan]) -> Donors | None:
    """Donors of all plans; rows that are repeated keep their own categories."""
    known = [plan.donors for plan in plans if plan.donors is not None]
    if not known:
        return None
    columns = known[0].columns
    parts, n_asked = [], 0
    for plan in plans:
        donors = plan.donors
        if donors is None and repeats_rows(plan):
            own, place = np.unique(plan.base, return_inverse=True)
            donors = Donors(columns, np.repeat(own[:, np.newaxis], len(columns), axis=1), place)
        if donors is None or not np.array_equal(donors.columns, columns):
            raise ValueError("plans must be made with the same categorical features. Make them anew.")
        parts.append(donors._replace(place=donors.place + n_asked))
        n_asked += len(donors.rows)
    rows, places = [p.rows for p in parts], [p.place for p in parts]
    return Donors(columns, np.concatenate(rows), np.concatenate(places))
