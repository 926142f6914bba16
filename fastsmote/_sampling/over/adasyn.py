"""ADASYN: more new rows where a row has more neighbours of other classes."""

from typing import Any, Unpack

from fastsmote._core.check import check_integer
from fastsmote._sampling.apply import OverSampling
from fastsmote._sampling.over.draft import Draft, require_class_size
from fastsmote._sampling.over.neighborhood import Neighborhood, OthersCounter
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Options, Request, read_request


def plan_adasyn(X: Any, y: Any, *, n_neighbors: int, **options: Unpack[Options]) -> OverSampling:
    """The decision of :func:`fastsmote.adasyn`."""
    request = read_request(X, y, may_be_sparse=True, **options)
    return OverSampling(request, decide_adasyn(request, n_neighbors))


def decide_adasyn(request: Request, n_neighbors: int) -> SyntheticPlan:
    """Counts per base row follow the share of other classes among its k nearest, by largest remainder."""
    k = check_integer(n_neighbors, "n_neighbors")
    require_class_size(request, k, "n_neighbors")
    draft = Draft(request)
    if not request.targets.any():
        return draft.finish()
    return draft_adasyn(draft, Neighborhood(request), k)


def draft_adasyn(draft: Draft, surroundings: OthersCounter, k: int) -> SyntheticPlan:
    """The plan of all or some new rows."""
    for code, rows, new in draft.classes():
        n_other, own = surroundings.count_others(code, rows, k, k)
        if not n_other.any():
            raise RuntimeError(
                f"ADASYN makes new rows where classes meet, but none of the {k} nearest neighbours of any "
                f"row of class {draft.name_of(code)} belongs to another class. Use "
                "smote, or a larger n_neighbors."
            )
        draft.make(code, new, rows, own, k, shares=n_other)
    return draft.finish()
