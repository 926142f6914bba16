"""The confusion matrix of hard labels, counted once, and what is read off it.

Rows are counted per pair of labels in one compiled pass over blocks of both columns, without codes of
the rows in between where labels are integers or bools. The record keeps only the pairs that occur, so that
everything read off it costs O(pairs), also with very many classes. No count is a difference of larger
ones: weighted ratios stay within [0, 1] and keep their relative accuracy however unequal the weights are.
"""

from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from fastsmote._core import scores
from fastsmote._core.check import check_word
from fastsmote._core.freeze import freeze
from fastsmote._core.labels import check_labels, shown
from fastsmote._core.threads import run_blocks, split
from fastsmote._core.warn import warn_user
from fastsmote._core.weights import countable
from fastsmote._kernels.metrics import confusion as kernels

_MOST_CELLS = 1 << 20  # of a dense table: 1024 classes, 32 MiB with its lanes
_FEW_CELLS = 1 << 12  # dense for any number of rows
_SPARE = 4  # labels on either side of those in the first block that the table has room for
_ROWS_PER_CELL = 4  # a block has at least so many rows for each cell that it has to clear and add up

_AVERAGES = ("binary", "micro", "macro", "weighted", None)


def ratio_or(numerator: np.ndarray, denominator: np.ndarray, empty: float) -> np.ndarray:
    """numerator / denominator in float64, ``empty`` at 0/0 and x/0."""
    result = np.full(numerator.shape, empty)
    return np.divide(numerator, denominator, out=result, where=denominator != 0)


class Confusion(NamedTuple):
    """Rows per pair of labels, for the pairs that occur."""

    classes: list  # labels of y_true and y_pred, sorted
    true: np.ndarray  # (n_pairs,) codes into classes
    pred: np.ndarray
    counts: np.ndarray  # (n_pairs,) rows, or sums of their weights


class OneVsRest(NamedTuple):
    """Counts of each label against all others."""

    tps: np.ndarray
    fps: np.ndarray
    fns: np.ndarray
    tns: np.ndarray

    def of(self, labels: np.ndarray) -> "OneVsRest":
        return OneVsRest(*(count[labels] for count in self))

    def pooled(self) -> "OneVsRest":
        return OneVsRest(*(count.sum(keepdims=True) for count in self))


class _Column(NamedTuple):
    values: np.ndarray  # (n,) integers within [low, low + width)
    low: int
    width: int
    classes: list  # label of each of the values low, low + 1, ...


def count_labels(y_true: Any, y_pred: Any, sample_weight: Any = None) -> Confusion:
    """Check labels and weights, and count.

    Raises
    ------
    ValueError
        No rows; lengths differ; labels continuous, missing, or strings in one column and numbers in the
        other; more than one column; weights negative, NaN, infinite, all 0, or with a sum beyond float64, of
        integers beyond 2**53.
    TypeError
        Labels are bytes, or an array is masked.
    """
    true, pred = _read_labels(y_true, "y_true"), _read_labels(y_pred, "y_pred")
    given = None if sample_weight is None else scores.read_column(sample_weight, "sample_weight")
    weights = None if given is None else countable(given)
    scores.check_lengths(y_true=true, y_pred=pred, sample_weight=weights)
    left, right, rows, cols, counts = _count(true, pred, weights)
    if given is not None and given.dtype.kind in "biu":
        counts = counts.astype(np.int64)
    classes = sorted({left.classes[i] for i in np.unique(rows)} | {right.classes[i] for i in np.unique(cols)})
    code_of = {label: code for code, label in enumerate(classes)}
    return Confusion(classes, _recode(rows, left, code_of), _recode(cols, right, code_of), counts)


def _read_labels(values: Any, name: str) -> np.ndarray:
    labels = scores.read_columns(values, name)
    if labels.ndim == 2:
        raise ValueError(
            f"{name} must hold one label a row: multilabel indicators are not supported. Got shape "
            f"{labels.shape}; score each column by itself, or take scikit-learn's function of this name."
        )
    return labels


def _count(
    true: np.ndarray, pred: np.ndarray, weights: np.ndarray | None
) -> tuple[_Column, _Column, np.ndarray, np.ndarray, np.ndarray]:
    """Both columns, and codes and counts of the pairs.

    The range of integer labels is taken from the first block: to find it first would read everything
    twice, half of the time. Should a label lie outside, the range is found, and all is counted again.
    """
    left, right = _columns(true, pred, exact=False)
    found = _count_dense(left, right, weights)
    if found is None and len(true) > scores.BLOCK:
        left, right = _columns(true, pred, exact=True)
        found = _count_dense(left, right, weights)
    return left, right, *(found or _count_sparse(left, right, weights))


def _columns(true: np.ndarray, pred: np.ndarray, exact: bool) -> tuple[_Column, _Column]:
    left, right = _column(true, "y_true", exact), _column(pred, "y_pred", exact)
    if isinstance(left.classes[0], str) != isinstance(right.classes[0], str):
        # the first of each column: a range holds labels that do not occur
        examples = [column[:1].tolist()[0] for column in (true, pred)]
        raise ValueError(
            "y_true and y_pred must hold labels of one kind: mix of strings and numbers, "
            f"e.g. {examples[0]!r} in y_true and {examples[1]!r} in y_pred. Convert one of them."
        )
    return left, right


def _column(values: np.ndarray, name: str, exact: bool) -> _Column:
    """Integers of a limited range as they are, other labels as codes."""
    if values.dtype.kind in "biu":
        numbers = values.view(np.uint8) if values.dtype == bool else values
        low, high = _range(numbers) if exact else _likely_range(numbers)
        if high < 2**63 and high - low < min(_MOST_CELLS, max(_FEW_CELLS, len(values))):
            span = range(low, high + 1)
            labels = [value == 1 for value in span] if values.dtype == bool else [*span]
            return _Column(numbers, low, len(span), labels)
    codes, classes, _ = check_labels(values, name=name, min_classes=1)
    return _Column(codes, 0, len(classes), classes.tolist())


def _likely_range(values: np.ndarray) -> tuple[int, int]:
    """Range of the first block with room on either side, within the dtype: uint64 does not wrap into it."""
    first, limits = values[: scores.BLOCK], np.iinfo(values.dtype)
    return max(int(first.min()) - _SPARE, limits.min), min(int(first.max()) + _SPARE, limits.max)


def _range(values: np.ndarray) -> tuple[int, int]:
    n_blocks = split(len(values), scores.BLOCK)
    lows, highs = np.empty(n_blocks, values.dtype), np.empty(n_blocks, values.dtype)

    def body(block: int) -> None:
        part = values[block * scores.BLOCK : (block + 1) * scores.BLOCK]
        lows[block], highs[block] = part.min(), part.max()

    run_blocks(body, n_blocks)
    return int(lows.min()), int(highs.max())


def _count_dense(
    true: _Column, pred: _Column, weights: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Codes and counts of the pairs, through a table of all pairs per block of rows.

    None where that table is too large, or a label lies outside its column's range.
    """
    n, n_cells = len(true.values), true.width * pred.width
    if n_cells > min(_MOST_CELLS, max(_FEW_CELLS, n)):
        return None
    size = max(scores.BLOCK, _ROWS_PER_CELL * n_cells)
    n_blocks = split(n, size)
    counts = np.empty((n_blocks, n_cells), np.int64)
    sums = None if weights is None else np.empty((n_blocks, n_cells))
    outside = np.zeros(n_blocks, np.int64)
    shape = true.low, pred.low, true.width, pred.width

    def body(block: int) -> None:
        part = slice(block * size, (block + 1) * size)
        labels = [freeze(np.ascontiguousarray(c.values[part], np.int64)) for c in (true, pred)]
        block_counts = np.zeros(n_cells * kernels.LANES, np.int64)
        if weights is None or sums is None:
            outside[block] = kernels.count_pairs(*labels, None, *shape, block_counts, None)
        else:
            block_sums = np.zeros(n_cells * kernels.LANES)
            outside[block] = kernels.count_pairs(*labels, weights[part], *shape, block_counts, block_sums)
            block_sums.reshape(n_cells, -1).sum(axis=1, out=sums[block])
        block_counts.reshape(n_cells, -1).sum(axis=1, out=counts[block])

    run_blocks(body, n_blocks)
    if outside.any():
        return None
    total = counts.sum(axis=0)
    cells = np.flatnonzero(total)
    found = total[cells] if sums is None else sums.sum(axis=0)[cells]
    return *np.divmod(cells, pred.width), found


def _count_sparse(
    true: _Column, pred: _Column, weights: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As ``_count_dense``, by sorting the pairs: many classes, few rows for each pair."""
    cells = (true.values.astype(np.int64) - true.low) * pred.width
    cells += pred.values.astype(np.int64) - pred.low
    if weights is None:
        cells, found = np.unique(cells, return_counts=True)
    else:
        cells, place = np.unique(cells, return_inverse=True)
        found = np.bincount(place, weights)
    return *np.divmod(cells, pred.width), found


def _recode(values: np.ndarray, column: _Column, code_of: dict) -> np.ndarray:
    lookup = np.array([code_of.get(label, -1) for label in column.classes], np.int64)
    return lookup[values]


def one_vs_rest(confusion: Confusion) -> OneVsRest:
    """Counts of each class, and last those of a label that does not occur. O(n_pairs log n_classes)."""
    n = len(confusion.classes) + 1
    same = confusion.true == confusion.pred

    def total(codes: np.ndarray, rows: np.ndarray) -> np.ndarray:
        result = np.zeros(n, confusion.counts.dtype)
        np.add.at(result, codes[rows], confusion.counts[rows])
        return result

    return OneVsRest(
        total(confusion.true, same),
        total(confusion.pred, ~same),
        total(confusion.true, ~same),
        _elsewhere(confusion, n),
    )


def _elsewhere(confusion: Confusion, n: int) -> np.ndarray:
    """For each of n classes, the rows that have it in neither column.

    A pair counts for the classes before, between and after its two: ranges that are added to a segment tree
    over the classes, because the total less the others would round away what is left beside heavy rows.
    """
    size = 1 << (n - 1).bit_length()
    tree = np.zeros(2 * size, confusion.counts.dtype)
    first, second = np.minimum(confusion.true, confusion.pred), np.maximum(confusion.true, confusion.pred)
    for start, stop in [(first * 0, first), (first + 1, second), (second + 1, first * 0 + n)]:
        lo, hi = start + size, stop + size
        while (lo < hi).any():
            from_lo, from_hi = (lo < hi) & (lo & 1 == 1), (lo < hi) & (hi & 1 == 1)
            np.add.at(tree, lo[from_lo], confusion.counts[from_lo])
            np.add.at(tree, hi[from_hi] - 1, confusion.counts[from_hi])
            lo, hi = (lo + from_lo) >> 1, (hi - from_hi) >> 1
    level = 1
    while level < size:
        tree[2 * level : 4 * level] += np.repeat(tree[level : 2 * level], 2)
        level *= 2
    return tree[size : size + n]


def codes_to_report(confusion: Confusion, labels: Any, pos_label: Any, average: str | None) -> np.ndarray:
    """Codes of the labels to report; that of a label that does not occur is the number of classes."""
    check_word(average, "average", _AVERAGES)
    if not isinstance(pos_label, (Real, str, np.bool_, type(None))):
        raise ValueError(f"pos_label must be a number, a string, a bool or None. Got {pos_label!r}.")
    classes = confusion.classes
    if average == "binary":
        if len(classes) > 2:
            raise ValueError(
                f"Target is multiclass but average='binary': got {len(classes)} labels. Please choose "
                "another average setting, one of 'micro', 'macro', 'weighted', None."
            )
        if len(classes) == 2 and pos_label not in classes:
            raise ValueError(
                f"pos_label={pos_label!r} is not a valid label. It should be one of {shown(classes)}."
            )
        wanted = [pos_label]
    else:
        if pos_label not in (None, 1):
            warn_user(
                f"Note that pos_label (set to {pos_label!r}) is ignored when average != 'binary' (got "
                f"{average!r}). You may use labels=[pos_label] to specify a single positive class."
            )
        wanted = classes if labels is None else check_label_list(labels, classes)
    code_of = {label: code for code, label in enumerate(classes)}
    return np.array([code_of.get(label, len(classes)) for label in wanted], np.int64)


def check_label_list(labels: Any, classes: list) -> list:
    """``labels`` as a list of Python values of the kind that ``classes`` are."""
    wanted: list = scores.read_column(labels, "labels").tolist()
    if any(isinstance(label, str) != isinstance(classes[0], str) for label in wanted):
        raise ValueError(
            f"labels must be of the kind of y_true and y_pred, e.g. {classes[0]!r}. Got {shown(wanted)}."
        )
    return wanted


def named_labels(confusion: Confusion, labels: Any, target_names: Any) -> tuple[list, list[str]]:
    """The labels of a report, all where ``labels`` is None, and the names of its lines."""
    wanted = confusion.classes if labels is None else check_label_list(labels, confusion.classes)
    return wanted, [f"{label}" for label in wanted] if target_names is None else list(target_names)


def check_digits(digits: Any) -> int:
    """``digits`` of a report."""
    if not isinstance(digits, Integral) or digits < 0:
        raise ValueError(f"digits must be an integer of at least 0. Got {digits!r}.")
    return int(digits)


def confusion_matrix(
    y_true: Any, y_pred: Any, labels: Any, sample_weight: Any, normalize: str | None
) -> np.ndarray:
    """Dense matrix with a row per true and a column per predicted label."""
    confusion = count_labels(y_true, y_pred, sample_weight)
    check_word(normalize, "normalize", ("true", "pred", "all", None))
    classes = confusion.classes
    wanted = classes if labels is None else check_label_list(labels, classes)
    place_of = {label: place for place, label in enumerate(wanted)}
    places = np.array([place_of.get(label, -1) for label in classes], np.int64)
    if (places[confusion.true] < 0).all():
        raise ValueError(
            f"At least one label specified must be in y_true. Got labels={shown(wanted)}, but y_true "
            f"holds others, e.g. {classes[confusion.true[0]]!r}."
        )
    cells = np.zeros((len(wanted), len(wanted)), confusion.counts.dtype)
    inside = (places[confusion.true] >= 0) & (places[confusion.pred] >= 0)
    cells[places[confusion.true[inside]], places[confusion.pred[inside]]] = confusion.counts[inside]
    if len(wanted) == 1:
        warn_user(
            "A single label was found in 'y_true' and 'y_pred'. For the confusion matrix to have the correct "
            "shape, use the 'labels' parameter to pass all known labels."
        )
    if normalize is None:
        return cells
    axis = {"true": 1, "pred": 0, "all": None}[normalize]
    return ratio_or(cells, np.broadcast_to(cells.sum(axis=axis, keepdims=True), cells.shape), 0.0)
