"""SMOTE at the border of a class: by danger, or by support vectors."""

import numbers
from typing import Any, Unpack

import numpy as np

from fastsmote._core.check import check_integer, check_row_numbers, check_word
from fastsmote._core.extras import adapter
from fastsmote._core.typing import RowIds
from fastsmote._neighbors.spaces import CandidatePool
from fastsmote._sampling.apply import OverSampling
from fastsmote._sampling.over.draft import Draft, check_neighbors, require_class_size
from fastsmote._sampling.over.neighborhood import KnownNeighbors, Neighborhood, OthersCounter
from fastsmote._sampling.over.plan import SyntheticPlan
from fastsmote._sampling.over.request import Options, Request, read_request


def plan_borderline(
    X: Any, y: Any, *, k_neighbors: int, m_neighbors: int, kind: str, **options: Unpack[Options]
) -> OverSampling:
    """The decision of :func:`fastsmote.borderline_smote`."""
    request = read_request(X, y, may_be_sparse=True, **options)
    return OverSampling(request, decide_borderline(request, k_neighbors, m_neighbors, kind))


def plan_svm(
    X: Any,
    y: Any,
    support: Any,
    *,
    k_neighbors: int,
    m_neighbors: int,
    out_step: float,
    **options: Unpack[Options],
) -> OverSampling:
    """The decision of :func:`fastsmote.svm_smote`."""
    request = read_request(X, y, may_be_sparse=True, **options)
    return OverSampling(request, decide_svm(request, support, k_neighbors, m_neighbors, out_step))


def decide_borderline(request: Request, k_neighbors: int, m_neighbors: int, kind: str) -> SyntheticPlan:
    """SMOTE from rows in danger: of their m nearest rows at least half, but not all, are of other classes.

    Neighbours are of the own class, or with "borderline-2" of any, and then the gap to a row of another class
    is halved.
    """
    check_word(kind, "kind", ("borderline-1", "borderline-2"))
    k = check_neighbors(request, k_neighbors, "k_neighbors")
    m = check_neighbors(request, m_neighbors, "m_neighbors")
    if kind == "borderline-1":
        require_class_size(request, k, "k_neighbors")
    draft = Draft(request)
    if not request.targets.any():
        return draft.finish()
    neighborhood = Neighborhood(request)
    if kind == "borderline-1":
        return draft_borderline(draft, neighborhood, k, m)
    for code, rows, new in draft.classes():
        danger, _ = _in_danger(draft, neighborhood, code, rows, k, m)
        draft.make(code, new, danger, neighborhood.everyone(), k)
        draft.gap[new][request.labels.codes[draft.neighbor[new]] != code] *= 0.5
    return draft.finish()


def draft_borderline(draft: Draft, surroundings: OthersCounter, k: int, m: int) -> SyntheticPlan:
    """The plan of all or some new rows of kind "borderline-1"."""
    for code, rows, new in draft.classes():
        danger, own = _in_danger(draft, surroundings, code, rows, k, m)
        draft.make(code, new, danger, own, k)
    return draft.finish()


def _in_danger(
    draft: Draft, surroundings: OthersCounter, code: int, rows: RowIds, k: int, m: int
) -> tuple[RowIds, KnownNeighbors | CandidatePool]:
    """The rows of a class that are in danger, and who answers for their neighbours in the class."""
    n_other, own = surroundings.count_others(code, rows, m, k)
    danger = rows[(2 * n_other >= m) & (n_other < m)]
    if not len(danger):
        raise RuntimeError(
            f"Borderline-SMOTE makes new rows from rows in danger, but no row of class {draft.name_of(code)} "
            f"has at least half, and not all, of its {m} nearest neighbours in other classes; "
            f"{np.count_nonzero(n_other == m)} of {len(rows)} have all. Use smote, or another m_neighbors."
        )
    return danger, own


def decide_svm(
    request: Request, support: Any, k_neighbors: int, m_neighbors: int, out_step: float
) -> SyntheticPlan:
    """SMOTE from support vectors: towards neighbours of the class from those in danger, away from safe ones.

    Support vectors whose m nearest rows are all of other classes are noise, and left out. ``support`` are
    their rows, or a classifier that is fitted, or None for the default one.
    """
    k = check_integer(k_neighbors, "k_neighbors")
    m = check_neighbors(request, m_neighbors, "m_neighbors")
    if isinstance(out_step, bool) or not isinstance(out_step, numbers.Real):
        raise TypeError(f"out_step must be a number in [0, 1]. Got {out_step!r}.")
    if not 0 <= out_step <= 1:
        raise ValueError(f"out_step must be a number in [0, 1]. Got {out_step!r}.")
    require_class_size(request, k, "k_neighbors")
    if support is None or hasattr(support, "fit"):
        support = adapter("sklearn._samplers").support_rows(request.matrix, request.labels.codes, support)
    support = np.unique(check_row_numbers(support, len(request.labels.codes), "support"))
    draft = Draft(request)
    if not request.targets.any():
        return draft.finish()
    neighborhood = Neighborhood(request)
    is_safe = np.zeros(len(request.labels.codes), bool)
    for code, _, new in draft.classes():
        vectors = support[request.labels.codes[support] == code]
        n_other, own = neighborhood.count_others(code, vectors, m, k)
        is_safe[vectors] = 2 * n_other < m
        vectors = vectors[n_other < m]
        if not len(vectors):
            raise RuntimeError(
                f"SVM-SMOTE makes new rows from support vectors, but class "
                f"{request.labels.classes.tolist()[code]!r} has none with a row of its class among its {m} "
                "nearest neighbours. Use smote, or a larger m_neighbors."
            )
        draft.make(code, new, vectors, own, k)
        draft.gap[new][is_safe[draft.base[new]]] *= -out_step
    return draft.finish()
