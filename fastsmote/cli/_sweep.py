"""``fastsmote sweep``: a file of labels and scores, larger than memory if need be, to a threshold."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

import fastsmote
from fastsmote import thresholds
from fastsmote._core.typing import Progress
from fastsmote._metrics.measures import measures_of
from fastsmote.cli._picture import check_plot, new_figure, save
from fastsmote.cli._print import Grid, Report
from fastsmote.cli._read import positive_label, read_scores
from fastsmote.cli._show import StepBar, UserError, mistakes
from fastsmote.cli._source import Dialect, Source, open_source
from fastsmote.files._paths import SUFFIXES, found, is_pattern
from fastsmote.metrics import CutPoint, Sweep
from fastsmote.streaming import RefinedSweep, StreamingSweep
from fastsmote.thresholds import ThresholdChoice


def sweep_files(
    sources: Sequence[Path],
    *,
    label: str,
    score: str,
    positive: str | None,
    cost_fn: float | None,
    cost_fp: float | None,
    threshold: float | None,
    exact: bool,
    plot: Path | None,
    dialect: Dialect,
    report: Report,
) -> None:
    """Count the files in parts, choose thresholds, and print what happens at them."""
    check_plot(plot)
    if (cost_fn is None) != (cost_fp is None):
        raise UserError("--cost-fn and --cost-fp go together: what a missed positive and a false alarm cost.")
    if threshold is not None and math.isnan(threshold):
        raise UserError("--threshold must be a number, such as 0.5.")
    with StepBar(report.quiet) as steps, mistakes():
        places = [open_source(path, dialect) for source in sources for path in _files(source)]
        pos_label = _positive_label(places, label, score, positive)
        stream, called = StreamingSweep(pos_label=pos_label), StreamingSweep(pos_label=pos_label)
        columns, name = (label, score, positive), _name(sources)
        counted: list[StreamingSweep | RefinedSweep | _Called] = [stream]
        if threshold is not None:
            counted.append(_Called(called, threshold))
        _update(counted, places, columns, steps.start(f"reading {name}"))
        sweep = stream.compute()
        _check_both_classes(sweep, label, positive)
        areas: StreamingSweep | RefinedSweep = stream
        if exact:
            areas = stream.refine()
            _update([areas], places, columns, steps.start(f"reading {name} again"))
            sweep = areas.compute()
        choices = _choices(sweep, cost_fp, cost_fn)
        at = None if threshold is None else called.compute().at(1)._replace(threshold=threshold)
        bounds = {"ROC AUC": areas.roc_auc_bounds(), "average precision": areas.average_precision_bounds()}
    if plot is not None:
        _draw(plot, areas, sweep, choices[0][1])
    facts = _facts(choices, bounds, sweep) | ({} if at is None else {"at": at._asdict()})
    asked = [] if at is None else [("asked for", at)]
    report.say(facts, _grid([*asked, *choices]), *_lines(sweep, bounds, choices[0][1], plot))


class _Called(NamedTuple):
    """Counts which rows a threshold calls positive: exact, whatever the bins of a sweep are."""

    sweep: StreamingSweep
    threshold: float

    def update(self, labels: Any, scores: Any) -> None:
        self.sweep.update(labels, np.asarray(scores, np.float64) >= self.threshold)


def _files(source: Path) -> list[Path]:
    """The files of a folder, or of a pattern that the shell has left as it is, by name."""
    if not source.is_dir() and not is_pattern(str(source)):
        return [source]
    files = found(str(source), SUFFIXES)
    if not files and source.is_dir():
        raise UserError(
            f"{source}: there is no .csv or .parquet file in this folder; names that begin with . or _ are "
            "left out."
        )
    return files or [source]


def _name(sources: Sequence[Path]) -> str:
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    return f"{sources[0].name}{more}"


def _positive_label(sources: Sequence[Source], label: str, score: str, positive: str | None) -> Any:
    """The positive label, of one type in all files."""
    found = [positive_label(source, label, score, positive) for source in sources]
    for source, other in zip(sources, found, strict=True):
        if (type(other), source.is_parquet) != (type(found[0]), sources[0].is_parquet):
            raise UserError(
                f"{source.name}: labels must be of one type in all files. Column {label!r} is of another one "
                f"in {sources[0].name}; convert one of them."
            )
    return found[0]


def _update(
    sweeps: Sequence[StreamingSweep | RefinedSweep | _Called],
    sources: Sequence[Source],
    columns: tuple[str, str, str | None],
    progress: Progress,
) -> None:
    """Count the rows of the files, part by part."""
    total = 0
    for source in sources:
        n = 0
        for batch in read_scores(source, *columns):
            for sweep in sweeps:
                sweep.update(batch.column(0), batch.column(1))
            n += batch.num_rows
            progress(total + n, total + n)
        if n == 0:
            raise UserError(f"{source.name}: the file has no rows.")
        total += n


def _check_both_classes(sweep: Sweep, label: str, positive: str | None) -> None:
    for count, kind in ((sweep.tps[-1], "positive"), (sweep.fps[-1], "negative")):
        if count == 0:
            raise UserError(
                f"no row is {kind}: column {label!r} was compared with "
                f"{'1' if positive is None else repr(positive)}; pass the positive label as --positive."
            )


def _choices(sweep: Sweep, cost_fp: float | None, cost_fn: float | None) -> list[tuple[str, ThresholdChoice]]:
    """Thresholds and the rules that chose them, the one to take first."""
    choices = [
        (f"best {measure.title}", thresholds.best_threshold(sweep, cast(Any, measure.name)))
        for measure in measures_of("fastsmote sweep").values()
    ]
    if cost_fp is not None and cost_fn is not None:
        cheapest = thresholds.cost_threshold(sweep, cost_fp, cost_fn)
        choices.insert(0, (f"least cost ({cheapest.value:,.6g})", cheapest))
    return choices


def _grid(choices: Sequence[tuple[str, ThresholdChoice | CutPoint]]) -> Grid:
    grid = Grid(
        "rule", "score from", "alerts", "hits", "false alarms", "missed", "precision", "recall", "F1", "MCC"
    )
    for words, choice in choices:
        counts = (f"{count:,}" for count in (choice.alerts, choice.tp, choice.fp, choice.fn))
        rates = (choice.precision, choice.recall, choice.f1, choice.matthews_corrcoef)
        grid.add(words, repr(choice.threshold), *counts, *(f"{rate:.4f}" for rate in rates))
    return grid


def _lines(
    sweep: Sweep, bounds: dict[str, tuple[float, float]], chosen: ThresholdChoice, plot: Path | None
) -> list[str]:
    areas = "; ".join(f"{name} {_interval(*interval)}" for name, interval in bounds.items())
    lines = [
        f"{int(sweep.tps[-1] + sweep.fps[-1]):,} rows, {int(sweep.tps[-1]):,} positive "
        f"({sweep.prevalence:.4%}); {areas}."
    ]
    if chosen.calibrated is not None:
        lines.append(
            f"If the scores are calibrated probabilities, {chosen.calibrated:.6g} costs least on average."
        )
    return lines if plot is None else [*lines, f"picture: {plot}"]


def _facts(
    choices: list[tuple[str, ThresholdChoice]], bounds: dict[str, tuple[float, float]], sweep: Sweep
) -> dict[str, Any]:
    """The result for programs; the thresholds in the order of the table."""
    fields = [name for name in ThresholdChoice._fields if name != "plateau"]
    return {
        "rows": sweep.tps[-1] + sweep.fps[-1],
        "positives": sweep.tps[-1],
        "roc_auc": bounds["ROC AUC"],
        "average_precision": bounds["average precision"],
        "choices": [
            {"rule": words} | {name: getattr(choice, name) for name in fields} for words, choice in choices
        ],
    }


def _interval(low: float, high: float) -> str:
    same = f"{low:.6f}" == f"{high:.6f}"
    return f"{low:.6f}" if same else f"between {low:.6f} and {high:.6f} (--exact reads the file twice)"


def _draw(place: Path, areas: StreamingSweep | RefinedSweep, sweep: Sweep, chosen: ThresholdChoice) -> None:
    """Precision and recall against each other, and against the threshold."""
    figure = new_figure(11, 5.4)
    left, right = figure.subplots(1, 2)
    fastsmote.plot.precision_recall(areas, choice=chosen, ax=left)
    fastsmote.plot.thresholds(sweep, choice=chosen, ax=right)
    save(figure, place)
