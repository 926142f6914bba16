"""SMOTE: base rows and one of the nearest of their class."""

from collections.abc import Callable
from typing import Any, TypeAlias, Unpack

from fastsmote._core.check import check_integer
from fastsmote._core.typing import RowIds
from fastsmote._neighbors.spaces import CandidatePool
from fastsmote._sampling.apply import OverSampling
from fastsmote._sampling.over.draft import Draft, require_class_size
from fastsmote._sampling.over.neighborhood import KnownNeighbors
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Options, Request, read_request

# who answers for neighbours among the rows of a class
Among: TypeAlias = Callable[[RowIds], CandidatePool | KnownNeighbors]


def plan_smote(X: Any, y: Any, *, k_neighbors: int, **options: Unpack[Options]) -> OverSampling:
    """The decision of :func:`fastsmote.smote`."""
    request = read_request(X, y, may_be_sparse=True, **options)
    return OverSampling(request, decide_smote(request, k_neighbors))


def decide_smote(request: Request, k_neighbors: int) -> SyntheticPlan:
    """Base rows, neighbour columns and gaps are drawn first, and only rows that were drawn are searched."""
    k = check_integer(k_neighbors, "k_neighbors")
    require_class_size(request, k, "k_neighbors")
    return draft_smote(Draft(request), request.among, k)


def draft_smote(draft: Draft, among: Among, k: int) -> SyntheticPlan:
    """The plan of all or some new rows."""
    for code, rows, new in draft.classes():
        draft.make(code, new, rows, among(rows), k)
    return draft.finish()
