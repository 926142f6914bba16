"""The verdict of a comparison, in one or two sentences."""

from fastsmote._core.display import rounded
from fastsmote.sklearn._compare_methods import NONE
from fastsmote.sklearn._compare_result import Row
from fastsmote.sklearn._compare_scores import Metric


def verdict_of(rows: list[Row], metric: Metric) -> str:
    """What to do, by the first metric."""
    several = len({row.estimator for row in rows}) > 1
    better = [row for row in rows if row.values[metric.name].verdict > 0]
    if not better:
        best = _best([row for row in rows if row.method == NONE], metric)
        where = f"; the best of the estimators is {best.estimator}" if several else ""
        return f"Nothing is better than leaving the data as they are{where}; {_move(best)}."
    best = _best(better, metric)
    value = best.values[metric.name]
    where = f" with {best.estimator}" if several else ""
    before = value.value - value.difference
    difference, low, high = (rounded(number, "+", 2) for number in value[1:4])
    return (
        f"{best.method}{where} is better than leaving the data as they are: {metric.title} "
        f"{rounded(value.value)} against {rounded(before)}, a difference of {difference} "
        f"({low} to {high}). Correct its probabilities for the prior and "
        f"{_move(best)}."
    )


def _best(rows: list[Row], metric: Metric) -> Row:
    """The first of the best."""
    sign = 1 if metric.higher else -1
    return max(rows, key=lambda row: sign * row.values[metric.name].value)


def _move(row: Row) -> str:
    if row.threshold == float("inf"):
        return "call no row positive"
    return f"move the threshold to {_short(row.threshold)}"


def _short(p: float) -> str:
    """Two digits that differ from 0, and as many from 1."""
    return f"{p:.2g}" if p < 0.9 else f"1 - {1 - p:.2g}" if p > 0.99 else f"{p:.3g}"
