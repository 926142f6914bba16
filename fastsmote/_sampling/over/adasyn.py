"""ADASYN: more new rows where a row has more neighbours of other classes."""

from fastsmote._core.check import check_integer
from fastsmote._sampling.over.draft import Draft, require_class_size
from fastsmote._sampling.over.neighborhood import Neighborhood
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Request


def decide_adasyn(task: Request, n_neighbors: int) -> SyntheticPlan:
    """Counts per base row follow the share of other classes among its k nearest, by largest remainder."""
    k = check_integer(n_neighbors, "n_neighbors")
    require_class_size(task, k, "n_neighbors")
    draft = Draft(task)
    if not task.targets.any():
        return draft.finish()
    surroundings = Neighborhood(task)
    for code, rows, new in draft.classes():
        n_other, own = surroundings.count_others(code, rows, k, k)
        if not n_other.any():
            raise RuntimeError(
                f"ADASYN makes new rows where classes meet, but none of the {k} nearest neighbours of any "
                f"row of class {task.labels.classes.tolist()[code]!r} belongs to another class. Use smote, "
                "or a larger n_neighbors."
            )
        draft.make(code, new, rows, own, k, shares=n_other)
    return draft.finish()
