"""What to do about an imbalanced data set, and why: counts and neighbours looked up in a table of rules."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastsmote._core.check import check_integer, check_labels, check_word
from fastsmote._core.containers import names_of
from fastsmote._core.threads import Progress
from fastsmote._diagnosis.findings import Findings, Surroundings, find
from fastsmote._diagnosis.rules import RULES, SOURCES, Rule
from fastsmote._diagnosis.scale import read_tables
from fastsmote._sampling.strategy import shown

__all__ = ["SOURCES", "Advice", "Findings", "Recommendation", "Surroundings", "advise"]

_WIDTH = 100
_FAMILIES = ("linear", "trees", "neural")


class Recommendation(NamedTuple):
    """One thing to do.

    Attributes
    ----------
    rule : str
        Name of the rule in the table.
    topic : str
        "action", "guides" (what the decision guides leave open or contradict), "data" or "evaluation".
    advice, reason : str
        What to do, and the evidence.
    sources : tuple of str
        Who says so: keys of ``fastsmote.advice.SOURCES``, which has the references.
    """

    rule: str
    topic: str
    advice: str
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Advice:
    """What to do about a data set; ``str(advice)`` is the text.

    Attributes
    ----------
    action : str
        "nothing" (but move the threshold), "weights", "smote", "under-sample" or "collect".
    recommendations : tuple of Recommendation
        The first one is the action.
    findings : Findings
        What was read from the data.
    """

    action: str
    recommendations: tuple[Recommendation, ...]
    findings: Findings

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from _wrap("", _shape_line(self.findings))
        for label, around in list(self.findings.surroundings.items())[:5]:
            k = self.findings.n_neighbors
            yield from _wrap(
                "",
                f"Of {around.n_asked:,} rows of class {label!r}, {around.noise:.1%} have none of their "
                f"class among their {k} nearest different rows (noise), {around.danger:.1%} up to half "
                f"(danger), {around.safe:.1%} more (safe).",
            )
        for item in self.recommendations:
            mark = "=> " if item.topic == "action" else "- "
            reason = "" if item.topic == "evaluation" else f" {item.reason}"  # they are known, or in the list
            yield from _wrap(mark, f"{item.advice}{reason} [{', '.join(item.sources)}]")


def _wrap(mark: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False
    )


def _shape_line(f: Findings) -> str:
    counts = sorted(f.counts.items(), key=lambda item: -item[1])
    some = counts if len(counts) <= 6 else [*counts[:3], *counts[-3:]]
    classes = ", ".join(f"{label!r} {count:,} ({100 * count / f.n_rows:.3g} %)" for label, count in some)
    cut = f" ({len(counts) - 6} more)" if len(counts) > 6 else ""
    return f"{f.n_rows:,} rows, {f.n_features} features, {len(counts)} classes: {classes}{cut}."


def advise(
    X: Any,
    y: Any,
    *,
    model: str | None = None,
    n_neighbors: int = 5,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Advice:
    """Read a data set and say what to do about its imbalance, with the evidence and the sources.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Rows to train on. Frames may hold text and categories; NaN and None are missing values.
    y : array-like of shape (n_samples,)
        Labels of two or more classes.
    model : {"linear", "trees", "neural"}, optional
        The model family, on which guides differ.
    n_neighbors : int, default 5
        Neighbours to look at around each row of the smaller classes.
    n_jobs : int, optional
        Threads; None is all usable cores. The advice is the same for any number.
    progress : callable, optional
        ``progress(done, total)``, called in the calling thread, for the search of neighbours.

    Returns
    -------
    Advice

    Raises
    ------
    ValueError
        X or y is refused as in :func:`fastsmote.smote`, but for missing values and text; y has a single
        class; another model family.
    TypeError
        X is sparse or masked; n_neighbors is no integer.

    Notes
    -----
    All is decided by a table of rules (``fastsmote._diagnosis.rules.RULES``), each with its condition, reason
    and sources; of those about the action, the first that holds. Of several classes the largest and the
    smallest with 10 rows or more are held against each other, and the share is that of the smaller among the
    two; classes of equal size go by the order of labels.

    Neighbours are exact, by the numeric columns of complete rows, each column multiplied by the power of two
    that brings its spread near 1. They are sought among the different rows, so repeats of a row are not its
    neighbours; equal rows of several classes are one neighbour that counts for each class by its share, and
    equal distances go by a hash of the values, never by row number. So the advice is the same for any order
    of rows. The majority is not asked. Of other classes all rows are, or evenly spaced ones in the order of
    the hashes, 20,000 in all but 200 at least of each; a share of m asked rows is uncertain by at most
    0.5 / sqrt(m).

    O(n log n) time for equal rows and a search per row asked: 1,000,000 rows of 30 features take 2 s on two
    cores. Memory is 2.5 copies of X.

    References
    ----------
    Each recommendation names its own. Safe, danger and noise are those of Borderline-SMOTE: Han, H., Wang,
    W.-Y. and Mao, B.-H. (2005), doi:10.1007/11538059_91.

    Examples
    --------
    >>> import numpy as np
    >>> from fastsmote.advice import advise
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(1000) < 150
    >>> advise(rng.normal(size=(1000, 4)) + 8 * y[:, np.newaxis], y).action
    'nothing'
    >>> advice = advise(rng.normal(size=(1000, 4)) + 1.5 * y[:, np.newaxis], y)
    >>> advice.action, round(advice.findings.surroundings[True].noise, 2)
    ('weights', 0.09)
    >>> [item.rule for item in advice.recommendations]
    ['moderate', 'balance-or-not', 'threshold', 'split-first', 'ranking', 'correct']
    """
    if model is not None:
        model = check_word(model, "model", _FAMILIES)
    n_neighbors = check_integer(n_neighbors, "n_neighbors")
    tables = read_tables([X], ["X"], n_jobs)
    labels = check_labels(y, len(tables.matrix))
    names = names_of(X) or list(range(len(tables.numeric) + len(tables.categorical)))
    findings = find(tables, names, labels, model, n_neighbors, n_jobs, progress)
    action = next(rule for rule in RULES if rule.topic == "action" and rule.when(findings, ""))
    others = [rule for rule in RULES if rule.topic != "action" and rule.when(findings, action.action)]
    told = tuple(_told(rule, findings) for rule in [action, *others])
    return Advice(action.action, told, findings)


def _told(rule: Rule, f: Findings) -> Recommendation:
    words = {name: getattr(f, name) for name in (*f._fields, "noise", "safe")} | {
        "repeated_share": f.n_repeated / f.n_rows,
        "minority_rate": f.n_minority / f.n_rows,
        "majority_rate": f.n_majority / f.n_rows,
    }
    for name in ("missing_columns", "categorical_columns", "small_classes", "noisy_classes"):
        words[name] = shown(getattr(f, name))
    return Recommendation(
        rule.name, rule.topic, rule.advice.format(**words), rule.reason.format(**words), rule.sources
    )
