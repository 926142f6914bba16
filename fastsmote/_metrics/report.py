"""imbalanced-learn's report of predicted labels, which ``fastsmote.classification`` makes public."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any, Literal, overload

import numpy as np

from fastsmote._core.public import public
from fastsmote._core.typing import VectorLike
from fastsmote._metrics.confusion import (
    check_digits,
    codes_to_report,
    count_labels,
    named_labels,
    one_vs_rest,
)
from fastsmote._metrics.label_scores import average_of, both_rates, check_zero_division, rates, warn_empty


@overload
def classification_report_imbalanced(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    target_names: Sequence[str] | None = ...,
    sample_weight: VectorLike | None = ...,
    digits: int = ...,
    alpha: float = ...,
    output_dict: Literal[True],
    zero_division: Literal["warn"] | float = ...,
) -> dict[str, Any]: ...
@overload
def classification_report_imbalanced(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = ...,
    target_names: Sequence[str] | None = ...,
    sample_weight: VectorLike | None = ...,
    digits: int = ...,
    alpha: float = ...,
    output_dict: Literal[False] = ...,
    zero_division: Literal["warn"] | float = ...,
) -> str: ...
@public("fastsmote.classification")
def classification_report_imbalanced(
    y_true: VectorLike,
    y_pred: VectorLike,
    *,
    labels: VectorLike | None = None,
    target_names: Sequence[str] | None = None,
    sample_weight: VectorLike | None = None,
    digits: int = 2,
    alpha: float = 0.1,
    output_dict: bool = False,
    zero_division: Literal["warn"] | float = "warn",
) -> str | dict[str, Any]:
    """Table of precision, recall, specificity, F1, geometric mean, index balanced accuracy and support.

    Parameters
    ----------
    y_true, y_pred, labels, sample_weight, zero_division
        As in :func:`fastsmote.classification.precision_recall_fscore_support`; zero_division is for
        precision, recall and F1.
    target_names : array-like of shape (n_labels,), default=None
        Names to show in place of the labels.
    digits : int, default=2
        Decimals of the text.
    alpha : float, default=0.1
        As in :func:`make_index_balanced_accuracy`.
    output_dict : bool, default=False
        Return a dict of unrounded numbers.

    Returns
    -------
    str or dict
        A line per label and one of means weighted by support; or, per label name, a dict with "pre", "rec",
        "spe", "f1", "geo", "iba" and "sup", and the means as "avg_pre", ..., and "total_support".

    Raises
    ------
    ValueError, TypeError
        As in :func:`fastsmote.classification.precision_recall_fscore_support`; and ValueError for another
        number of ``target_names`` than labels, ``digits`` that is no integer of at least 0, and ``alpha``
        that is no number.

    Warns
    -----
    UndefinedMetricWarning
        A label has no predicted, no true, or no other rows.

    See Also
    --------
    precision_recall_fscore_support, sensitivity_specificity_support : The numbers of the table.
    fastsmote.confusion_sweep : Counts at every threshold, where there are scores.

    Notes
    -----
    O(n) time, one count; memory as in ``fastsmote.classification``. Means are plain where no label
    has support.

    Examples
    --------
    >>> from fastsmote.classification import classification_report_imbalanced
    >>> report = classification_report_imbalanced([0, 1, 2, 2, 2], [0, 0, 2, 1, 2], output_dict=True)
    >>> report["2"]["spe"], report["avg_rec"], report["total_support"]
    (1.0, 0.6, 5)
    """
    digits = check_digits(digits)
    if not isinstance(alpha, Real):
        raise ValueError(f"alpha must be a number. Got {alpha!r}.")
    names, table = _report(y_true, y_pred, labels, target_names, sample_weight, float(alpha), zero_division)
    return _as_dict(names, table) if output_dict else _as_text(names, table, digits)


def _report(
    y_true: Any,
    y_pred: Any,
    labels: Any,
    target_names: Any,
    sample_weight: Any,
    alpha: float,
    zero_division: Any,
) -> tuple[list[str], dict[str, np.ndarray]]:
    """Names of the rows and columns of the table: labels, and last the means and the total support."""
    empty = check_zero_division(zero_division)
    confusion = count_labels(y_true, y_pred, sample_weight)
    wanted, names = named_labels(confusion, labels, target_names)
    if len(names) != len(wanted):
        raise ValueError(
            f"target_names must hold one name for each of {len(wanted)} labels. Got {len(names)}."
        )
    counts = one_vs_rest(confusion).of(codes_to_report(confusion, labels, None, None))
    called, support = counts.tps + counts.fps, counts.tps + counts.fns
    if zero_division == "warn":
        warn_empty("Precision", "predicted", called == 0)
        warn_empty("Recall", "true", support == 0)
    warn_empty("Specificity", "negative", counts.tns + counts.fps == 0)
    precision, recall, f1 = rates(counts, 1.0, empty)
    sensitivity, specificity = both_rates(counts)
    gmean = np.sqrt(sensitivity * specificity)
    scores = {
        "pre": precision,
        "rec": recall,
        "spe": specificity,
        "f1": f1,
        "geo": gmean,
        "iba": (1 + alpha * (sensitivity - specificity)) * gmean**2,
    }
    table = {
        key: np.append(values, average_of(values, "weighted", support)) for key, values in scores.items()
    }
    return names, {**table, "sup": np.append(support, support.sum())}


def _as_dict(names: list[str], table: dict[str, np.ndarray]) -> dict:
    columns = {key: values.tolist() for key, values in table.items()}
    result: dict = {name: {key: columns[key][i] for key in columns} for i, name in enumerate(names)}
    result.update((f"avg_{key}", values[-1]) for key, values in columns.items() if key != "sup")
    return {**result, "total_support": columns["sup"][-1]}


def _as_text(names: list[str], table: dict[str, np.ndarray], digits: int) -> str:
    heading = "avg / total"
    width = max(len(heading), digits, *map(len, names))
    columns = [[f"{v:.{digits}f}" if key != "sup" else f"{v}" for v in table[key]] for key in table]
    lines = [["", *table], *map(list, zip([*names, heading], *columns, strict=True))]
    text = [f"{line[0]:>{width}}  " + " ".join(f"{cell:>9}" for cell in line[1:]) + "\n" for line in lines]
    return "\n".join([text[0], "".join(text[1:-1]), text[-1]])
