"""SMOTE: base rows and one of the nearest of their class."""

from fastsmote._core.check import check_integer
from fastsmote._sampling.over.draft import Draft, require_class_size
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Request


def decide_smote(task: Request, k_neighbors: int) -> SyntheticPlan:
    """Base rows, neighbour columns and gaps are drawn first, and only rows that were drawn are searched."""
    k = check_integer(k_neighbors, "k_neighbors")
    require_class_size(task, k, "k_neighbors")
    draft = Draft(task)
    for code, rows, new in draft.classes():
        draft.make(code, new, rows, task.among(rows), k)
    return draft.finish()
