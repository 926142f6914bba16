"""What a comparison gives back: a table with a verdict, pictures, and the forms in which it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsmote._core.display import ShownTable, Summary, brief, briefly, rounded
from fastsmote._core.extras import adapter
from fastsmote._core.public import public
from fastsmote._core.typing import Floats, Mask, RowIds
from fastsmote.sklearn._compare_html import WORDS, page, table
from fastsmote.sklearn._compare_scores import Metric


class Value(NamedTuple):
    """A metric of a method, and its difference to the data as they are, between two bounds."""

    value: float
    difference: float
    low: float
    high: float
    verdict: int  # 1 better, -1 worse, 0 neither


class Row(NamedTuple):
    """One method with one estimator."""

    estimator: str
    method: str
    values: dict[str, Value]
    threshold: float
    n_rows: float
    sampling_seconds: float
    fitting_seconds: float


@public("fastsmote.sklearn")
@dataclass(frozen=True, eq=False, repr=False)
class Comparison(ShownTable):
    """What :func:`fastsmote.compare` found: ``print`` shows the verdict and all methods.

    Attributes
    ----------
    rows : list
        One entry for each method of each estimator, "none" first: ``estimator``, ``method``, ``values``,
        ``threshold`` (the best on the corrected probabilities of all folds; infinity calls no row positive),
        ``n_rows`` (fitted to, on average over the folds), ``sampling_seconds`` and ``fitting_seconds`` (of
        all folds). ``values`` has, by the name of the metric, ``value``, ``difference`` (to "none" of the
        same estimator), ``low``, ``high``, and ``verdict`` (1 better, -1 worse, 0 neither).
    metrics : tuple
        The metrics in their order, each with ``name``, ``title`` and ``higher`` (whether more is better).
    verdict : str
        One or two sentences by the first metric.
    notes : tuple of str
        Methods that were left out and why, and what else makes results doubtful.
    positive : label
        The positive class: that of fewer rows.
    y : ndarray of bool of shape (n_samples,)
        Whether a row is positive.
    fold : ndarray of int64 of shape (n_samples,)
        The fold in which a row was tested.
    raw, corrected : ndarray of shape (n_rows, n_samples)
        Out-of-fold probabilities in the order of ``rows``: as the models gave them, and for the prior of the
        rows as they came.
    called : ndarray of bool of shape (n_rows, n_samples)
        Whether a row is called positive, at the threshold that is best on the other folds.
    costs : (cost_fp, cost_fn) or None
        As they were given.

    See Also
    --------
    fastsmote.compare : Makes it.

    Examples
    --------
    >>> import fastsmote
    >>> X, y = fastsmote.make_fraud(2000, 5, fraud_rate=0.05, random_state=0)
    >>> found = fastsmote.compare(X, y, samplers=["random_under_sample"], random_state=0)
    >>> [row.method for row in found.rows]
    ['none', 'random_under_sample']
    """

    rows: list[Row]
    metrics: tuple[Metric, ...]
    verdict: str
    notes: tuple[str, ...]
    positive: Any
    y: Mask = field(repr=False)
    fold: RowIds = field(repr=False)
    raw: Floats = field(repr=False)
    corrected: Floats = field(repr=False)
    called: Mask = field(repr=False)
    costs: tuple[float, float] | None

    def __getstate__(self) -> dict[str, Any]:
        """With plain tuples, so that what is stored names no private module."""
        state = vars(self).copy()
        if state:  # else made by ``object.__new__``
            state["rows"] = [
                (*row[:2], {name: tuple(value) for name, value in row.values.items()}, *row[3:])
                for row in self.rows
            ]
            state["metrics"] = [tuple(metric) for metric in self.metrics]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        rows = [
            Row._make([*row[:2], {name: Value(*value) for name, value in row[2].items()}, *row[3:]])
            for row in state["rows"]
        ]
        metrics = tuple(Metric(*metric) for metric in state["metrics"])
        vars(self).update(state, rows=rows, metrics=metrics)

    @property
    def names(self) -> list[str]:
        """The names of the rows: the method, behind the estimator where there are several."""
        several = len({row.estimator for row in self.rows}) > 1
        return [f"{row.estimator}, {row.method}" if several else row.method for row in self.rows]

    def __repr__(self) -> str:
        first, *facts = super().__repr__().splitlines()
        if first.startswith("<"):
            return first
        return "\n".join([*wrap(f"Comparison: {self.verdict}", 100, subsequent_indent="  "), *facts])

    def __str__(self) -> str:
        first = self.metrics[0]
        width = max(map(len, self.names))
        lines = [self.verdict, f"{'':{width}}  {first.title}, difference to none (95 % for all together)"]
        for name, row in zip(self.names, self.rows, strict=True):
            value = row.values[first.name]
            mark = f" {WORDS[value.verdict]}" if value.verdict else ""
            difference, low, high = (rounded(number, "+") for number in value[1:4])
            apart = "" if row.method == "none" else f"{difference} ({low} to {high})"
            lines.append(f"{name:{width}}  {rounded(value.value)}  {apart}{mark}")
        told = [row.values[first.name] for row in self.rows]
        if any(not value.verdict and (value.low > 0 or value.high < 0) for value in told):
            lines.append("Beside 0 but neither better nor worse: other training rows could turn it.")
        return "\n".join([*(line.rstrip() for line in lines), *self.notes])

    def _summary(self) -> Summary:
        first = self.metrics[0].name
        marks = [row.values[first].verdict for row in self.rows]
        facts = briefly(rows=len(self.y), positive_rows=int(np.count_nonzero(self.y)))
        facts["methods"] = (
            f"{len(self.rows)}, by {self.metrics[0].title} {marks.count(1)} better and {marks.count(-1)} "
            "worse than none; print shows them"
        )
        return Summary(self.verdict, facts | ({"notes": brief(len(self.notes))} if self.notes else {}))

    def _contents(self) -> Any:
        return {
            "verdict": self.verdict,
            "notes": self.notes,
            "positive": self.positive.item() if hasattr(self.positive, "item") else self.positive,
            "n_samples": len(self.y),
            "n_positive": int(np.count_nonzero(self.y)),
            "n_folds": int(self.fold.max()) + 1,
            "costs": self.costs,
            "metrics": [metric.name for metric in self.metrics],
            "rows": self.rows,
        }

    def _columns(self) -> dict[str, Any]:
        """A row for each method of each estimator; of each metric its value, and what ``Value`` has more."""
        columns = {"estimator": [row.estimator for row in self.rows]}
        columns["method"] = [row.method for row in self.rows]
        for metric in self.metrics:
            values = [row.values[metric.name] for row in self.rows]
            for part, numbers in zip(Value._fields, zip(*values, strict=True), strict=True):
                columns[f"{metric.name}_{part}".removesuffix("_value")] = list(numbers)
        for name in ("threshold", "n_rows", "sampling_seconds", "fitting_seconds"):
            columns[name] = [getattr(row, name) for row in self.rows]
        return columns

    def plot(self, ax: Any = None) -> NDArray[Any]:
        """Precision against recall, calibration, and the differences with their intervals, side by side.

        Parameters
        ----------
        ax : sequence of three matplotlib Axes, optional
            Where to draw; None makes a figure.

        Returns
        -------
        ndarray of Axes of shape (3,)

        Raises
        ------
        ModuleNotFoundError
            matplotlib is not installed.
        TypeError
            ``ax`` is something else.

        See Also
        --------
        fastsmote.plot.precision_recall, fastsmote.plot.reliability : The first two for data of your own.
        """
        first = self.metrics[0]
        drawn: NDArray[Any] = adapter("plot._comparison").draw_comparison(
            dict(zip(self.names, self.corrected, strict=True)),
            self.y,
            first.title,
            [(name, *row.values[first.name][1:]) for name, row in zip(self.names, self.rows, strict=True)],
            ax,
        )
        return drawn

    def to_html(self) -> str:
        """A page that can be sent on: the verdict, the pictures (inside, as PNG) and the table.

        Returns
        -------
        str
            HTML that needs no other file. Without matplotlib there are no pictures.

        See Also
        --------
        plot : The pictures.
        """
        return page(self)

    def _repr_html_(self) -> str:
        try:
            return table(self)
        except Exception:  # made by hand of anything
            return super()._repr_html_()
