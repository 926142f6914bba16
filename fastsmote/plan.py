"""Over-sampling decisions: which rows a synthetic row is made of, before any row is made.

Every function here returns a :class:`SyntheticPlan`. Making the rows is :meth:`SyntheticPlan.rows` (some of
them), :meth:`SyntheticPlan.blocks` (one block after the other) or the function of the same name at top
level (all of them, behind the original rows, in the container that X came in).
"""

import numbers
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsmote._asking import check_rows
from fastsmote._check import (
    Labels,
    check_integer,
    check_labels,
    check_matrix,
    check_seed,
    check_table,
    check_word,
    check_X_y,
)
from fastsmote._over_sampling import (
    decide_adasyn,
    decide_borderline,
    decide_random,
    decide_smote,
    decide_svm,
)
from fastsmote._synthetic import SyntheticPlan
from fastsmote._targets import over_targets
from fastsmote._threads import Progress

__all__ = ["SyntheticPlan", "adasyn", "borderline_smote", "random_over_sample", "smote", "svm_smote"]


def _check_shrinkage(
    shrinkage: Any, labels: Labels, targets: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """Shrinkage per class from a number or a mapping."""
    if shrinkage is None:
        return None
    classes = labels.classes.tolist()
    if hasattr(shrinkage, "keys"):
        missing = [classes[code] for code in np.flatnonzero(targets) if classes[code] not in shrinkage]
        if missing:
            raise ValueError(
                "shrinkage as a mapping must have a factor for each class that gets new rows. "
                f"Missing: {missing}. Add them, or give one number for all."
            )
        values = [shrinkage.get(label, 0.0) for label in classes]
    else:
        values = [shrinkage] * len(classes)
    try:
        factors = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(
            f"shrinkage must be None, a number or a mapping of label to number. Got {shrinkage!r}."
        ) from None
    if not (factors >= 0).all() or not np.isfinite(factors).all():
        raise ValueError(
            f"shrinkage must be finite and not negative. Got {shrinkage!r}; 0 repeats rows exactly."
        )
    return factors


def plan_random(
    X: Any, y: Any, sampling_strategy: Any, shrinkage: Any, random_state: Any, n_jobs: int | None
) -> tuple[NDArray[Any] | None, SyntheticPlan]:
    """Check and decide, for both faces of a function: the canonical matrix, if needed, and the plan."""
    seed = np.uint64(check_seed(random_state))
    matrix = None if shrinkage is None else check_matrix(X, n_jobs=n_jobs)
    labels = check_labels(y, check_table(X))
    targets = over_targets(sampling_strategy, labels, y)
    return matrix, decide_random(
        labels, targets, matrix, _check_shrinkage(shrinkage, labels, targets), seed, n_jobs
    )


def plan_smote(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    k_neighbors: int,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[NDArray[Any], SyntheticPlan]:
    """Check and decide: the canonical matrix and the plan."""
    k = check_integer(k_neighbors, "k_neighbors")
    seed = np.uint64(check_seed(random_state))
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    targets = over_targets(sampling_strategy, labels, y)
    return matrix, decide_smote(matrix, labels, targets, k, seed, n_jobs, progress)


def plan_borderline(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    k_neighbors: int,
    m_neighbors: int,
    kind: str,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[NDArray[Any], SyntheticPlan]:
    """Check and decide: the canonical matrix and the plan."""
    k, m = check_integer(k_neighbors, "k_neighbors"), check_integer(m_neighbors, "m_neighbors")
    check_word(kind, "kind", ("borderline-1", "borderline-2"))
    seed = np.uint64(check_seed(random_state))
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    targets = over_targets(sampling_strategy, labels, y)
    _require_rows(m, "m_neighbors", len(matrix))
    _require_rows(k, "k_neighbors", len(matrix))
    return matrix, decide_borderline(matrix, labels, targets, k, m, kind, seed, n_jobs, progress)


def _require_rows(k: int, name: str, n: int) -> None:
    if k >= n:
        raise ValueError(
            f"{name} must be at most {n - 1}, the number of rows other than the row itself. Got {k}; pass "
            "fewer neighbours."
        )


def plan_svm(
    X: Any,
    y: Any,
    support: Any,
    sampling_strategy: Any,
    k_neighbors: int,
    m_neighbors: int,
    out_step: float,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[NDArray[Any], SyntheticPlan]:
    """Check and decide: the canonical matrix and the plan."""
    k, m = check_integer(k_neighbors, "k_neighbors"), check_integer(m_neighbors, "m_neighbors")
    if isinstance(out_step, bool) or not isinstance(out_step, numbers.Real):
        raise TypeError(f"out_step must be a number in [0, 1]. Got {out_step!r}.")
    if not 0 <= out_step <= 1:
        raise ValueError(f"out_step must be a number in [0, 1]. Got {out_step!r}.")
    seed = np.uint64(check_seed(random_state))
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    targets = over_targets(sampling_strategy, labels, y)
    vectors = np.unique(check_rows(support, len(matrix), "support"))
    _require_rows(m, "m_neighbors", len(matrix))
    made = decide_svm(matrix, labels, targets, vectors, k, m, float(out_step), seed, n_jobs, progress)
    return matrix, made


def plan_adasyn(
    X: Any,
    y: Any,
    sampling_strategy: Any,
    n_neighbors: int,
    random_state: Any,
    n_jobs: int | None,
    progress: Progress | None,
) -> tuple[NDArray[Any], SyntheticPlan]:
    """Check and decide: the canonical matrix and the plan."""
    k = check_integer(n_neighbors, "n_neighbors")
    seed = np.uint64(check_seed(random_state))
    matrix, labels = check_X_y(X, y, n_jobs=n_jobs)
    targets = over_targets(sampling_strategy, labels, y)
    return matrix, decide_adasyn(matrix, labels, targets, k, seed, n_jobs, progress)


def random_over_sample(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    shrinkage: Any = None,
    random_state: Any = None,
    n_jobs: int | None = None,
) -> SyntheticPlan:
    """Decide which rows to repeat: rows of each class drawn uniformly with replacement.

    Parameters, errors and sources are those of :func:`fastsmote.random_over_sample`.

    Returns
    -------
    SyntheticPlan
        With ``neighbor`` equal to ``base`` and ``gap`` 0.

    Examples
    --------
    >>> import fastsmote
    >>> made = fastsmote.plan.random_over_sample([[0.0], [1.0], [2.0]], ["a", "a", "b"], random_state=0)
    >>> made.base.tolist(), made.label.tolist()
    ([2], ['b'])
    """
    return plan_random(X, y, sampling_strategy, shrinkage, random_state, n_jobs)[1]


def smote(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide SMOTE's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.smote`.

    Returns
    -------
    SyntheticPlan

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.arange(20.0).reshape(10, 2)
    >>> made = fastsmote.plan.smote(X, [0] * 7 + [1] * 3, k_neighbors=2, random_state=0)
    >>> len(made), set(made.base.tolist()) <= {7, 8, 9}
    (4, True)
    """
    return plan_smote(X, y, sampling_strategy, k_neighbors, random_state, n_jobs, progress)[1]


def borderline_smote(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    kind: str = "borderline-1",
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide Borderline-SMOTE's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.borderline_smote`.

    Returns
    -------
    SyntheticPlan
        ``base`` are rows in danger.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.5, 2.4, 3.4, 9.0, 9.1, 9.2, 9.3]).reshape(-1, 1)
    >>> made = fastsmote.plan.borderline_smote(
    ...     X, [0] * 7 + [1] * 6, k_neighbors=2, m_neighbors=3, random_state=0
    ... )
    >>> set(made.base.tolist()) <= {7, 8}
    True
    """
    return plan_borderline(
        X, y, sampling_strategy, k_neighbors, m_neighbors, kind, random_state, n_jobs, progress
    )[1]


def svm_smote(
    X: Any,
    y: Any,
    support: Any,
    *,
    sampling_strategy: Any = "auto",
    k_neighbors: int = 5,
    m_neighbors: int = 10,
    out_step: float = 0.5,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide SVM-SMOTE's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.svm_smote`.

    Returns
    -------
    SyntheticPlan
        ``base`` are support vectors; ``gap`` is negative where a new row lies beyond its base row.

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.5, 2.4, 3.4, 9.0, 9.1, 9.2, 9.3]).reshape(-1, 1)
    >>> made = fastsmote.plan.svm_smote(
    ...     X, [0] * 7 + [1] * 6, [6, 9, 10], k_neighbors=2, m_neighbors=3, random_state=0
    ... )
    >>> len(made), set(made.base.tolist()) <= {9, 10}, bool((made.gap <= 0).all())
    (1, True, True)
    """
    return plan_svm(
        X,
        y,
        support,
        sampling_strategy,
        k_neighbors,
        m_neighbors,
        out_step,
        random_state,
        n_jobs,
        progress,
    )[1]


def adasyn(
    X: Any,
    y: Any,
    *,
    sampling_strategy: Any = "auto",
    n_neighbors: int = 5,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> SyntheticPlan:
    """Decide ADASYN's synthetic rows without making them.

    Parameters, errors, complexity and sources are those of :func:`fastsmote.adasyn`.

    Returns
    -------
    SyntheticPlan

    Examples
    --------
    >>> import numpy as np, fastsmote
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0], [2.5], [3.5], [9.0]])
    >>> made = fastsmote.plan.adasyn(X, [0] * 6 + [1] * 3, n_neighbors=2, random_state=0)
    >>> made.base.tolist()
    [6, 7, 8]
    """
    return plan_adasyn(X, y, sampling_strategy, n_neighbors, random_state, n_jobs, progress)[1]
