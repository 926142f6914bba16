"""scikit-learn's accuracy and report of predicted labels, which ``fastsmote.classification`` makes public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, overload

import numpy as np

from fastsmote._core.check import check_flag
from fastsmote._core.public import public
from fastsmote._core.typing import VectorLike
from fastsmote._core.warn import warn_user
from fastsmote._metrics.confusion import check_digits, count_labels, named_labels
from fastsmote._metrics.label_scores import check_zero_division, fscores_of

_COLUMNS = ("precision", "recall", "f1-score", "support")
_LONGEST = "weighted avg"


@public("fastsmote.classification")
def accuracy_score(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    normalize: bool = True,
    sample_weight: VectorLike | None = None,
) -> float:
    """Share of the rows whose label was predicted.

    Where one class is rare, calling every row the other one scores high: look at
    :func:`balanced_accuracy_score` or :func:`matthews_corrcoef` too.

    Parameters
    ----------
    y_true, y_pred, sample_weight
        As in :func:`confusion_matrix`.
    normalize : bool, default=True
        False returns the number of these rows, or the sum of their weights.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        As in :func:`confusion_matrix`; TypeError for ``normalize`` that is no bool.

    See Also
    --------
    balanced_accuracy_score : The mean of the shares of the classes.
    classification_report : Precision and recall of each class beside it.

    Notes
    -----
    O(n) time; memory as in ``fastsmote.classification``.

    Examples
    --------
    >>> from fastsmote.classification import accuracy_score
    >>> accuracy_score([0, 0, 0, 1], [0, 0, 0, 0]), accuracy_score([0, 0, 1], [0, 1, 1], normalize=False)
    (0.75, 2.0)
    """
    normalize = check_flag(normalize, "normalize")
    confusion = count_labels(y_true, y_pred, sample_weight)
    right = confusion.counts[confusion.true == confusion.pred].sum()
    return float(right / confusion.counts.sum()) if normalize else float(right)


@overload
def classification_report(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    target_names: Sequence[str] | None = ...,
    sample_weight: VectorLike | None = ...,
    digits: int = ...,
    output_dict: Literal[True],
    zero_division: Literal["warn"] | float = ...,
) -> dict[str, Any]: ...
@overload
def classification_report(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    target_names: Sequence[str] | None = ...,
    sample_weight: VectorLike | None = ...,
    digits: int = ...,
    output_dict: Literal[False] = ...,
    zero_division: Literal["warn"] | float = ...,
) -> str: ...
@public("fastsmote.classification")
def classification_report(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    target_names: Sequence[str] | None = None,
    sample_weight: VectorLike | None = None,
    digits: int = 2,
    output_dict: bool = False,
    zero_division: Literal["warn"] | float = "warn",
) -> str | dict[str, Any]:
    """scikit-learn's table of precision, recall, F1 and support, and their means.

    Parameters
    ----------
    y_true, y_pred, labels, sample_weight, zero_division
        As in :func:`fastsmote.classification.precision_recall_fscore_support`.
    target_names : array-like of shape (n_labels,), default=None
        Names to show in place of the labels.
    digits : int, default=2
        Decimals of the text.
    output_dict : bool, default=False
        Return a dict of unrounded numbers.

    Returns
    -------
    str or dict
        A line for each label, one of accuracy ("micro avg" where ``labels`` leave some out), one of plain
        means and one of means weighted by support. The text and the dict are those of scikit-learn 1.9; with
        weights whose sums are rounded, supports can differ in the last of their 16 digits.

    Raises
    ------
    ValueError, TypeError
        As in :func:`fastsmote.classification.precision_recall_fscore_support`; and ValueError for another
        number of ``target_names`` than labels where ``labels`` are not given, and ``digits`` that is no
        integer of at least 0.

    Warns
    -----
    UndefinedMetricWarning
        A label has no predicted or no true rows, and zero_division is "warn".
    UserWarning
        Another number of ``target_names`` than ``labels``: the shorter ends the table.

    See Also
    --------
    classification_report_imbalanced : With specificity, geometric mean and index balanced accuracy.
    precision_recall_fscore_support : The numbers of the table.

    Notes
    -----
    O(n) time, one count; memory as in ``fastsmote.classification``.

    Examples
    --------
    >>> from fastsmote.classification import classification_report
    >>> print(classification_report([0, 0, 0, 1, 1], [0, 0, 1, 1, 1]))
                  precision    recall  f1-score   support
    <BLANKLINE>
               0       1.00      0.67      0.80         3
               1       0.67      1.00      0.80         2
    <BLANKLINE>
        accuracy                           0.80         5
       macro avg       0.83      0.83      0.80         5
    weighted avg       0.87      0.80      0.80         5
    <BLANKLINE>
    """
    digits = check_digits(digits)
    rows, averages = _table(y_true, y_pred, labels, target_names, sample_weight, zero_division)
    if output_dict:
        whole = {name: dict(zip(_COLUMNS, map(float, row), strict=True)) for name, *row in (*rows, *averages)}
        return {name: row["precision"] if name == "accuracy" else row for name, row in whole.items()}
    width = max(*(len(name) for name, *_ in rows), len(_LONGEST), digits)
    return "\n".join(
        [
            _line(width, "", _COLUMNS),
            "",
            *(_line(width, name, _texts(row, digits)) for name, *row in rows),
            "",
            *(_line(width, name, _texts(row, digits, name)) for name, *row in averages),
            "",
        ]
    )


_Row = list[Any]  # a name and four numbers


def _table(
    y_true: Any, y_pred: Any, labels: Any, target_names: Any, sample_weight: Any, zero_division: Any
) -> tuple[list[_Row], list[_Row]]:
    """Rows of the labels, and those of means."""
    check_zero_division(zero_division)
    confusion = count_labels(y_true, y_pred, sample_weight)
    wanted, names = named_labels(confusion, labels, target_names)
    if len(names) != len(wanted):
        if labels is None:
            raise ValueError(
                f"target_names must hold one name for each of {len(wanted)} labels. Got {len(names)}; pass "
                "labels too."
            )
        warn_user(f"labels size, {len(wanted)}, does not match size of target_names, {len(names)}")

    def scores(average: str | None) -> tuple[Any, ...]:
        warned = ("precision", "recall", "f-score")
        return fscores_of(confusion, 1.0, labels, None, average, warned, zero_division)

    *columns, support = scores(None)
    if sample_weight is not None or not (confusion.true == confusion.pred).any():
        support = support.astype(
            np.float64
        )  # scikit-learn's are floats with weights, and without a right row
    rows = [[name, *row] for name, *row in zip(names, *columns, support.tolist(), strict=False)]
    accuracy = "accuracy" if labels is None or set(wanted) >= set(confusion.classes) else "micro avg"
    means = {accuracy: "micro", "macro avg": "macro", "weighted avg": "weighted"}
    total = np.sum(support).item()
    return rows, [[name, *scores(average)[:3], total] for name, average in means.items()]


def _texts(row: _Row, digits: int, name: str = "") -> Iterator[str]:
    *numbers, support = row
    for place, number in enumerate(numbers):
        yield "" if name == "accuracy" and place < 2 else f"{number:.{digits}f}"
    yield f"{support}"


def _line(width: int, name: str, cells: Any) -> str:
    return f"{name:>{width}} " + "".join(f" {cell:>9}" for cell in cells)
