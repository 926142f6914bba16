"""Checks of labels, probabilities, scores and class weights for the losses, and the blocks they run in.

Ten million rows take 56 ms of CPU time for a value and 121 for gradient and hessian, shared by the threads,
where two copies of the scores into new arrays take 21. exp and log are 25 of the 121.
"""

import math
from collections.abc import Mapping
from functools import partial
from numbers import Real
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from fastsmote._core import scores
from fastsmote._core.check import check_number, check_word
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import check_labels
from fastsmote._core.threads import run_blocks, run_ranges, split
from fastsmote._core.typing import Floats, Matrix
from fastsmote._core.weights import check_weight, completed, to_unit
from fastsmote._kernels.probability import losses as kernels
from fastsmote._probability.inputs import SUM_TOLERANCE, read_numbers

_MOST_GAMMA = 1000
_NUMBERS = 1 << 16  # probabilities or scores per block


class Targets(NamedTuple):
    """Labels as the kernels read them."""

    codes: NDArray[Any]  # (n,): uint8 beside a column of scores, int64 beside n_classes of them
    classes: list  # label of each code; None for a negative label that does not occur
    one_by_one: bool = True  # False: code 0 stands for several labels, of which classes has one


def check_targets(y_true: Any, table: Matrix, pos_label: Any, labels: Any) -> Targets:
    """Which column each row belongs to: of (not positive, positive), or of the columns of the table."""
    if table.ndim == 1:
        if labels is not None:
            raise ValueError(f"labels name the columns of several. Got {labels!r} beside one column.")
        return _binary_targets(y_true, table, pos_label)
    if pos_label is not None:
        raise ValueError(f"pos_label is for one column of scores. Got {pos_label!r} beside {table.shape[1]}.")
    return _class_targets(y_true, table, labels)


def _binary_targets(y_true: Any, table: Matrix, pos_label: Any) -> Targets:
    column = scores.read_column(y_true, "y_true")
    scores.check_lengths(y_true=column, scores=table)
    two = scores.two_classes(column)
    binary = two or scores.check_binary(column, pos_label)
    positive = scores.infer_pos_label(binary.classes, pos_label)
    codes, n_positive = scores.positives(binary, positive)
    if not n_positive:
        scores.check_occurs(column, positive)
    others = [label for label in binary.classes if label != positive]
    return Targets(codes, [*(others or [None]), positive], one_by_one=two is not None)


def _class_targets(y_true: Any, table: Matrix, labels: Any) -> Targets:
    found = check_labels(y_true, name="y_true", min_classes=1)
    scores.check_lengths(y_true=found.codes, scores=table)
    classes = found.classes.tolist()
    if labels is None:
        if len(classes) != table.shape[1]:
            raise ValueError(
                f"y_true has {len(classes)} classes and there are {table.shape[1]} columns. Pass labels, the "
                "class of each column."
            )
        return Targets(found.codes, classes)
    named = list(labels)
    if len(named) != table.shape[1] or len(set(named)) < len(named) or not set(classes) <= set(named):
        raise ValueError(
            f"labels must name the class of each of the {table.shape[1]} columns once, all of y_true among "
            f"them. Got {named!r}."
        )
    return Targets(np.array([named.index(label) for label in classes])[found.codes], named)


def check_gamma(gamma: Any) -> float:
    return check_number(gamma, "gamma", _MOST_GAMMA)


def check_alpha(alpha: Any, targets: Targets, name: str = "alpha") -> Floats:
    """Weights of the classes: a number stands for the positive class of two, or for every class of more."""
    classes = targets.classes
    n_classes = len(classes)
    if alpha is None:
        return np.ones(n_classes)
    if isinstance(alpha, Mapping):
        if not targets.one_by_one:
            raise ValueError(
                f"{name} must not be a mapping where all labels but pos_label count as one class. Got "
                f"{dict(alpha)!r}; pass (negative, positive), or weigh rows with sample_weight."
            )
        known = [label for label in classes if label is not None]
        return np.concatenate([np.ones(n_classes - len(known)), completed(alpha, known, name)])
    if isinstance(alpha, Real):
        number = check_number(alpha, name, 1 if n_classes == 2 else math.inf)
        return np.array([1 - number, number]) if n_classes == 2 else np.full(n_classes, number)
    values = scores.read_column(alpha, name)
    if len(values) != n_classes:
        raise ValueError(f"{name} must have one weight per class, {n_classes}. Got {len(values)}.")
    return np.array([check_number(value, f"{name}[{i}]") for i, value in enumerate(values.tolist())])


def focal_loss(
    y_true: Any,
    p: Any,
    gamma: Any,
    alpha: Any,
    pos_label: Any,
    labels: Any,
    sample_weight: Any,
    n_jobs: int | None,
    name: str = "alpha",
    reduction: Any = "mean",
) -> Any:
    """Cross-entropy for gamma = 0; ``name`` is what the caller's users know alpha by."""
    reduction = check_word(reduction, "reduction", ("mean", "none"))
    gamma, p = check_gamma(gamma), read_numbers(p, "p")
    targets = check_targets(y_true, p, pos_label, labels)
    weights = check_alpha(alpha, targets, name)
    reduce = _row_losses if reduction == "none" else _mean_loss
    return reduce(targets, p, gamma, weights, sample_weight, n_jobs)


def focal_loss_derivatives(
    y_true: Any,
    score: Any,
    gamma: Any,
    alpha: Any,
    pos_label: Any,
    labels: Any,
    sample_weight: Any,
    n_jobs: int | None,
    name: str = "alpha",
) -> tuple[Floats, Floats]:
    """As ``focal_loss``, for raw scores."""
    gamma, score = check_gamma(gamma), read_numbers(score, "score")
    targets = check_targets(y_true, score, pos_label, labels)
    weights = check_alpha(alpha, targets, name)
    return derivatives(targets, score, gamma, weights, sample_weight, n_jobs)


def _mean_loss(
    targets: Targets,
    p: Matrix,
    gamma: float,
    class_weight: Floats,
    sample_weight: Any,
    n_jobs: int | None,
) -> float:
    """Mean loss of probabilities: sums of fixed blocks, added exactly."""
    weight = check_weight(sample_weight, len(p))
    if weight is not None:
        weight = to_unit(weight)[0]
    rows = _rows_per_block(p)
    sums = np.zeros(split(len(p), rows))
    n_wrong = np.zeros(len(sums), np.int64)
    frozen = map(_frozen, (p, targets.codes, class_weight, weight))
    work = partial(kernels.sum_losses, *frozen, gamma, SUM_TOLERANCE)

    def body(block: int) -> None:
        lo = block * rows
        sums[block], n_wrong[block] = work(_registers(p), lo, min(len(p), lo + rows))

    run_blocks(body, len(sums), n_jobs=n_jobs)
    if n_wrong.any():
        _raise_not_probabilities(p)
    try:
        total = math.fsum(sums)
    except OverflowError:  # as within a block, where the sum is infinite
        total = math.inf
    return total / (len(p) if weight is None else math.fsum(weight))


def _row_losses(
    targets: Targets,
    p: Matrix,
    gamma: float,
    class_weight: Floats,
    sample_weight: Any,
    n_jobs: int | None,
) -> Floats:
    """The loss of each row, with the bits that it has where it is the only one."""
    weight = check_weight(sample_weight, len(p))
    losses, n_wrong = np.empty(len(p)), np.empty(len(p), np.int64)
    frozen = map(_frozen, (p, targets.codes, class_weight, None))
    work = partial(kernels.sum_losses, *frozen, gamma, SUM_TOLERANCE)

    def fill(lo: int, hi: int) -> None:
        registers = _registers(p)
        for row in range(lo, hi):
            losses[row], n_wrong[row] = work(registers, row, row + 1)

    run_ranges(fill, len(p), _rows_per_block(p), n_jobs=n_jobs)
    if n_wrong.any():
        _raise_not_probabilities(p)
    return losses if weight is None else losses * weight


def derivatives(
    targets: Targets,
    score: Matrix,
    gamma: float,
    class_weight: Floats,
    sample_weight: Any,
    n_jobs: int | None,
    *,
    floored: bool = False,
) -> tuple[Floats, Floats]:
    """Gradient and hessian of each row's loss, in the shape of ``score``."""
    weight = check_weight(sample_weight, len(score))
    kernel = kernels.differentiate if score.ndim == 1 else kernels.differentiate_rows
    out = np.empty((2, *score.shape))
    rows = _rows_per_block(score)
    n_wrong = np.zeros(split(len(score), rows), np.int64)
    work = partial(kernel, *map(_frozen, (score, targets.codes, class_weight, weight)), gamma, floored, out)

    def body(lo: int, hi: int) -> None:
        n_wrong[lo // rows] = work(_registers(score), lo, hi)

    run_ranges(body, len(score), rows, n_jobs=n_jobs)
    if n_wrong.any():
        scores.check_finite(score.ravel(), "score")
    return out[0], out[1]


def _frozen(array: NDArray[Any] | None) -> NDArray[Any]:
    """A read-only view, of nothing for None: kernels are compiled for one kind of array."""
    return freeze(np.empty(0) if array is None else array)


def _rows_per_block(table: Matrix) -> int:
    return _NUMBERS if table.ndim == 1 else max(1, _NUMBERS // table.shape[1])


def _registers(table: Matrix) -> tuple[np.ndarray, np.ndarray]:
    return kernels.new_registers(1 if table.ndim == 1 else table.shape[1])


def _raise_not_probabilities(p: Matrix) -> NoReturn:
    within = (p >= 0) & (p <= 1)
    if not within.all():
        row = np.unravel_index(int(np.argmin(within)), p.shape)
        raise ValueError(
            f"p must hold probabilities within [0, 1]. Got {p[row]} in row {row[0]}; turn raw scores into "
            "probabilities with scipy.special.expit or softmax."
        )
    sums = p.sum(axis=1, dtype=np.float64)
    worst = int(np.argmax(np.abs(sums - 1)))
    raise ValueError(
        f"The probabilities of a row of p must add up to 1. Got {sums[worst]} in row {worst}; divide "
        "each row by its sum, or take the softmax of raw scores."
    )
