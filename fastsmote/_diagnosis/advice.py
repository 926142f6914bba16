"""``fastsmote.advise``: what it returns, recommendations with reasons, and how it comes to them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastsmote._core.check import check_integer, check_word
from fastsmote._core.display import ShownTable, Summary
from fastsmote._core.equal_rows import read_tables
from fastsmote._core.labels import check_labels, shown
from fastsmote._core.public import public
from fastsmote._core.typing import Progress
from fastsmote._diagnosis.findings import Findings, read_findings
from fastsmote._diagnosis.rules import RULES, Rule

_WIDTH = 100
_FAMILIES = ("linear", "trees", "neural")


@public("fastsmote.advice")
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

    See Also
    --------
    Advice : Holds them, the action first.
    """

    rule: str
    topic: str
    advice: str
    reason: str
    sources: tuple[str, ...]


@public("fastsmote.advice")
@dataclass(frozen=True, eq=False, repr=False)
class Advice(ShownTable):
    """What to do about a data set; ``str(advice)`` is the text.

    Attributes
    ----------
    action : str
        "nothing" (but move the threshold), "weights", "smote", "under-sample" or "collect".
    recommendations : tuple of Recommendation
        The first one is the action.
    findings : Findings
        What was read from the data.

    See Also
    --------
    fastsmote.advice.advise : Returns it.
    """

    action: str
    recommendations: tuple[Recommendation, ...]
    findings: Findings

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _summary(self) -> Summary:
        facts = {item.rule: item.advice for item in self.recommendations}
        return Summary(self.action, {"data": _shape_line(self.findings), **facts})

    def _columns(self) -> dict[str, Any]:
        return {
            name: [str(getattr(item, name)) for item in self.recommendations]
            for name in ("rule", "topic", "advice", "reason")
        } | {"sources": [", ".join(item.sources) for item in self.recommendations]}

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
    X: Any, y: Any, model: Any, n_neighbors: Any, n_jobs: int | None, progress: Progress | None
) -> Advice:
    model, n_neighbors = check_options(model, n_neighbors)
    tables = read_tables([X], ["X"], n_jobs)
    labels = check_labels(y, len(tables.matrix))
    return advice_of(read_findings(tables, labels, model, n_neighbors, n_jobs, progress))


def check_options(model: Any, n_neighbors: Any) -> tuple[str | None, int]:
    """The family of models, and how many neighbours."""
    if model is not None:
        model = check_word(model, "model", _FAMILIES)
    return model, check_integer(n_neighbors, "n_neighbors")


def advice_of(findings: Findings) -> Advice:
    """What the rules say to what was found."""
    action = next(rule for rule in RULES if rule.topic == "action" and rule.when(findings, ""))
    others = [rule for rule in RULES if rule.topic != "action" and rule.when(findings, action.action)]
    return Advice(action.action, tuple(_recommend(rule, findings) for rule in [action, *others]), findings)


def _recommend(rule: Rule, f: Findings) -> Recommendation:
    words = {name: getattr(f, name) for name in (*f._fields, "noise", "safe")} | {
        "repeated_share": f.n_repeated / f.n_rows,
        "minority_rate": f.n_minority / f.n_rows,
        "majority_rate": f.n_majority / f.n_rows,
    }
    for name in ("missing_columns", "categorical_columns", "time_columns", "small_classes", "noisy_classes"):
        words[name] = shown(getattr(f, name))
    return Recommendation(
        rule.name, rule.topic, rule.advice.format(**words), rule.reason.format(**words), rule.sources
    )
